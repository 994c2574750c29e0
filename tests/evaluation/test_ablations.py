"""The ablation table on a stand-in network whose inputs are seen in its output, and by command."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.data.corpora import NumberBuilder
from tests.training_cases import tiny_config
from vsg_tf import command, evaluate
from vsg_tf.config import config_to_yaml, load_config, shortened
from vsg_tf.data.shards import open_output, write_shards
from vsg_tf.evaluation import ablations, training_runs
from vsg_tf.evaluation.ablations import FULL, Table, replaced
from vsg_tf.model_files import save_model_dir
from vsg_tf.models.build import build_generator


def test_replacements():
    rng = np.random.default_rng(0)
    mel = rng.uniform(0.2, 0.8, (2, 400, 16)).astype(np.float32)
    assert not replaced(mel, "zeros", rng).any()
    noise = replaced(mel, "noise", rng)
    assert noise.shape == mel.shape and noise.dtype == np.float32 and noise.min() >= 0
    assert noise.mean() == pytest.approx(mel.mean(), abs=0.02)
    features = rng.normal(size=mel.shape)
    assert replaced(features, "noise", rng).min() < -1


def test_scores_of_known_mels():
    table = Table()
    target = np.full((3, 20, 80), 0.5, np.float32)
    ripple = 0.05 * np.cos(2 * np.pi * (np.arange(80) + 0.5) / 80)
    table.add("level", target + 0.1, target)
    table.add("ripple", target + ripple, target)
    assert table.scores["level"]["mcd"] == pytest.approx([0] * 3, abs=1e-4)
    assert table.scores["level"]["mcd_level"] == pytest.approx([10 / np.sqrt(2)] * 3, rel=1e-4)
    assert table.scores["level"]["mel_l1"] == pytest.approx([0.1] * 3, rel=1e-4)
    assert table.scores["level"]["loudness_r"] == [0] * 3, "nothing is louder than the rest"
    rising = target * np.linspace(0.5, 1, 20, dtype=np.float32)[:, None]
    table.add("rising", rising, rising[:, ::-1])
    assert table.scores["rising"]["loudness_r"] == pytest.approx([-1] * 3)
    assert table.scores["rising"]["texture"] == pytest.approx([1] * 3, rel=0.1)
    assert table.scores["ripple"]["mcd"] == pytest.approx([5 / np.sqrt(2)] * 3, rel=1e-4)


class Sum:
    """Rebuilds the first band from the background, the others from what else it hears."""

    def rebuild(self, batch):
        mel = batch["reference_mel"].copy()
        mel[..., 0] = batch["background_mel"][..., 0]
        mel[..., 1] = batch["features"][..., :1].repeat(4, axis=1)[..., 0] / 1000
        return mel


def test_each_row_lacks_one_input(monkeypatch):
    rng = np.random.default_rng(1)
    mel = rng.uniform(0.3, 0.6, (4, 40, 80)).astype(np.float32)
    features = np.repeat(mel[:, ::4, 1:2] * 1000, 5, axis=2)
    mel[..., 1] = features[..., :1].repeat(4, axis=1)[..., 0] / 1000
    batch = {"features": features, "mel": mel, "reference_mel": mel.copy()}
    monkeypatch.setattr(ablations, "load_model_dir", lambda path: (tiny_paper(), None))
    monkeypatch.setattr(ablations, "rebuilder", lambda *network: Sum().rebuild)
    monkeypatch.setattr(ablations, "_batches", lambda *arguments: iter([batch]))
    table = ablations.ablate_encoders(Path("m"), Path("d"))
    means = {name: np.mean(scores["mel_l1"]) for name, scores in table.scores.items()}
    assert means[FULL] == 0 and len(means) == 7
    for how in ("zeros", "noise"):
        timbre, background, temporal = (
            means[f"without {encoder}, {how}"] for encoder in ("timbre", "background", "temporal")
        )
        assert timbre > 10 * background > 0 and temporal > 0


def tiny_paper():
    config = tiny_config(loss__events=0.0, model__events={"enabled": False})
    assert not config.model.events.enabled
    return config


def test_shorter_runs_keep_their_phases():
    full = load_config(Path(__file__).parents[2] / "configs" / "default.yaml")
    short = shortened(full, 400)
    assert short.training.steps == 400 and short.training.adversarial_start == 320
    assert short.training.learning_rate_warmup == 15
    assert shortened(full, None) == full


class BandBuilder(NumberBuilder):
    """Examples with as many mel bands as the configuration wants."""

    def __call__(self, number):
        (example,) = super().__call__(number)
        bands = self.config.audio.n_mels
        example.mel = np.repeat(example.mel[:, :1], bands, axis=1)
        example.reference_mel = np.repeat(example.reference_mel[:, :1], bands, axis=1)
        return [example]


def _vsg(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["vsg", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        command.run(evaluate.app)
    return end.value.code


def _untrained(config, data, run):
    """Stands for training, which has its own tests: the model as it begins."""
    save_model_dir(run / "model", build_generator(config), config, "card")
    return run / "model"


def test_one_command_trains_and_prints_the_table(tmp_path, monkeypatch, capsys):
    # Without LSTMs where they can be left out: tracing them is what takes long here.
    config = tiny_config()
    temporal = config.model.temporal.model_copy(update={"lstm_layers": 0})
    model = config.model.model_copy(update={"temporal": temporal})
    config = config.model_copy(update={"model": model})
    monkeypatch.setattr(training_runs, "train_one", _untrained)
    data, configs = tmp_path / "data", tmp_path / "configs"
    manifest = open_output(data, config, "numbers", {}, False)
    splits = {"train": [0, 1, 2, 4], "valid": [5, 6]}
    write_shards(data, manifest, splits, BandBuilder(config), workers=1)
    configs.mkdir()
    (configs / "full.yaml").write_text(config_to_yaml(config))
    (configs / "no_mel.yaml").write_text(
        "base: full.yaml\nname: no_mel\nmodel: {discriminators: {mel_enabled: false}}\n"
    )
    arguments = ["ablations", "--configs", configs, "--runs", tmp_path / "runs", "--data", data]
    arguments += ["--set", "training.steps=2", "--clips", 2]
    assert _vsg(monkeypatch, *arguments, "--out", tmp_path / "R") == 0
    text = capsys.readouterr().out
    rows = ("full", "full, true events", "without timbre, noise", "no_mel", "no_mel, true events")
    for row in rows:
        assert f"| {row} |" in text
    assert (tmp_path / "R" / "mels.png").stat().st_size > 3000
    # Runs that are there are not trained again.
    monkeypatch.setattr(training_runs, "train_one", None)
    assert list(training_runs.train_missing(configs, tmp_path / "runs", data)) == ["full", "no_mel"]


def test_each_run_has_a_table_of_its_own(tmp_path, monkeypatch):
    """By a stand-in for the networks, which says whose table it is."""

    def ablate_encoders(model, data, *, clips, seed):
        table = Table()
        target = np.full((2, 20, 80), 0.5, np.float32)
        table.add(FULL, target + (0.2 if model.parent.name == "other" else 0.1), target)
        return table

    def train_one(config, data, run):
        trained.append(config.training.steps)
        return run / "model"

    trained = []
    monkeypatch.setattr(ablations, "ablate_encoders", ablate_encoders)
    monkeypatch.setattr(training_runs, "train_one", train_one)
    configs = tmp_path / "configs"
    configs.mkdir()
    for name in ("full", "other"):
        (configs / f"{name}.yaml").write_text(config_to_yaml(tiny_config()))
    arguments = ["ablations", "--configs", configs, "--runs", tmp_path / "runs", "--each"]
    arguments += ["--steps", 7, "--data", tmp_path, "--out", tmp_path / "R"]
    assert _vsg(monkeypatch, *arguments) == 0
    assert trained == [7, 7]
    page = (tmp_path / "R" / "ablations.md").read_text()
    first, second = page.split("## full")[1].split("## other")
    assert "| 0.100 |" in first and "| 0.200 |" in second
    assert all((tmp_path / "R" / f"mels_{name}.png").is_file() for name in ("full", "other"))


def test_bad_arguments(tmp_path, monkeypatch, capsys):
    basic = ["ablations", "--data", tmp_path, "--out", tmp_path / "R"]
    for extra, sentence in (
        ([], "Name a model folder with --model"),
        (["--configs", tmp_path], "--configs and --runs need each other"),
        (["--model", tmp_path, "--each"], "--each is for the runs of --configs"),
        (["--configs", tmp_path, "--runs", tmp_path], "holds no configuration"),
        (["--model", tmp_path], "is not a model folder"),
    ):
        assert _vsg(monkeypatch, *basic, *extra) == 2
        assert sentence in capsys.readouterr().err
