"""The curve of a training: what is scored, against whom, and how it is told."""

import dataclasses
import sys

import numpy as np
import pytest
import tensorflow as tf

from tests.training_cases import tiny_config
from vsg_tf import command, evaluate
from vsg_tf.audio.mel import LogMel
from vsg_tf.config import Config, config_to_yaml
from vsg_tf.data.records import Example, clip_frames
from vsg_tf.data.shards import open_output, write_shards
from vsg_tf.errors import InputError
from vsg_tf.evaluation import curve
from vsg_tf.evaluation.curve_material import read_curve_material
from vsg_tf.models.build import build_generator
from vsg_tf.training.checkpoints import CheckpointState, CheckpointStore
from vsg_tf.training.variables import collect_arrays

TONES = (300, 700, 1500, 3000, 6000)


def _config(**changes) -> Config:
    config = tiny_config(model__events__enabled=False, loss__events=0.0, **changes)
    audio = config.audio.model_copy(update={"n_mels": 80, "griffin_lim_iterations": 8})
    data = config.data.model_copy(update={"clip_seconds": 2.0})
    return config.model_copy(update={"audio": audio, "data": data})


class ToneBuilder:
    """Clip n is of source n // 2: a tone that strikes at other times than its reference does."""

    def __init__(self, config: Config):
        self.config = config

    def _mel(self, number: int, times) -> np.ndarray:
        rate = self.config.audio.sample_rate
        frames = clip_frames(self.config) * self.config.video.mel_per_feature
        place = np.arange(frames * self.config.audio.hop_length) / rate
        sound = np.zeros(len(place), np.float32)
        for time in times:
            since = np.maximum(place - time, 0)
            strike = np.exp(-12 * since) * np.sin(2 * np.pi * TONES[number // 2] * since)
            sound += (0.5 * strike * (place >= time)).astype(np.float32)
        return np.asarray(LogMel(self.config.audio)(sound))[:frames]

    def __call__(self, number: int) -> list[Example]:
        mel = self._mel(number, (0.3, 1.1))
        frames = clip_frames(self.config)
        return [
            Example(
                identity=f"n{number}",
                source=f"s{number // 2}",
                category="tone",
                features=np.zeros((frames, self.config.video.feature_width), np.float32),
                mel=mel,
                envelope=np.zeros(frames, np.float32),
                events=np.array([[0.3, 1.0, 0.1], [1.1, 1.0, 0.1]], np.float32),
                reference_mel=self._mel(number, (0.1, 0.6, 1.5)),
            )
        ]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tones")
    config = _config()
    manifest = open_output(folder, config, "tones", {}, False)
    write_shards(
        folder, manifest, {"train": [0], "valid": list(range(10))}, ToneBuilder(config), workers=1
    )
    return folder


@pytest.fixture(scope="module")
def material(data):
    return read_curve_material(data, _config(), clips=8, candidates=4)


def test_references_are_of_other_sources(material):
    # Five sources, each twice: one clip of each comes first.
    assert material.sources == 5 and len(material.mel) == 8
    source = np.array([0, 1, 2, 3, 4, 0, 1, 2])
    assert np.all(source[material.swap] != source)
    assert material.candidates.shape == (8, 4)
    np.testing.assert_array_equal(material.candidates[:, 0], material.swap)
    assert all(len(set(source[row])) == 4 for row in material.candidates)


def _scores(material, monkeypatch, system):
    monkeypatch.setattr(curve, "rebuilder", lambda config, generator: system)
    return curve.CurveScorer(material, _config()).score(_config(), None)


def test_a_system_that_plays_the_reference_has_its_timbre_and_its_timing(material, monkeypatch):
    scores = _scores(material, monkeypatch, lambda inputs: inputs["reference_mel"])
    assert scores["top1"].mean() == 1.0 and np.nanmean(scores["follows"]) == 1.0
    assert scores["cosine"].mean() > 0.98 and scores["leak_r"].mean() > 0.98
    assert scores["envelope_r"].mean() < 0.5
    assert scores["mel_l1"].max() == 0.0  # given its own sound


def test_a_system_that_plays_the_clip_has_its_timing_alone(material, monkeypatch):
    monkeypatch.setattr(curve, "_BATCH", len(material.mel))
    scores = _scores(material, monkeypatch, lambda inputs: material.mel)
    assert scores["envelope_r"].mean() > 0.98 and scores["f1_gain"].mean() > 0.4
    assert np.nanmean(scores["follows"]) == 0.0
    assert scores["top1"].mean() < 0.5


def test_own_background_holds_an_ideal_system_back(material):
    scorer = curve.CurveScorer(material, _config())
    assert scorer.ceiling() == 1.0  # here the clips have no background
    noisy = np.maximum(material.mel, np.random.default_rng(0).uniform(0.6, 0.9, 80))
    loud = dataclasses.replace(material, mel=noisy.astype(np.float32))
    assert curve.CurveScorer(loud, _config()).ceiling() < 0.5


def _write_run(folder, config, steps):
    generator = build_generator(config)
    folder.mkdir()
    (folder / "config.yaml").write_text(config_to_yaml(config))
    store = CheckpointStore(folder / "checkpoints", 9)
    for step in steps:
        for variable in generator.trainable_variables:
            variable.assign(tf.fill(variable.shape, float(step)))
        state = CheckpointState(step=step, epoch=0, batch=0)
        store.save(collect_arrays({"averaged": generator.variables}), state)


def test_the_command_prints_a_row_a_checkpoint(tmp_path, data, monkeypatch, capsys):
    seen = []

    class Scorer(curve.CurveScorer):
        def __init__(self, material, config):
            self.material = material

        def ceiling(self):
            return 0.8

        def score(self, config, generator):
            seen.append(float(np.ravel(generator.trainable_variables[0])[0]))
            return {key: np.array([0.0, 1.0]) for key, *_ in curve.COLUMNS}

    monkeypatch.setattr(curve, "CurveScorer", Scorer)
    run = tmp_path / "run"
    _write_run(run, _config(), (2, 5))
    arguments = ["vsg", "curve", "--run", run, "--data", data, "--out", tmp_path / "c.md"]

    def vsg(*more):
        monkeypatch.setattr(sys, "argv", [str(part) for part in (*arguments, *more)])
        with pytest.raises(SystemExit) as end:
            command.run(evaluate.app)
        return end.value.code

    assert vsg() == 0
    assert seen == [2.0, 5.0]
    page = (tmp_path / "c.md").read_text()
    assert [line[:4] for line in page.splitlines()[-2:]] == ["| 2 ", "| 5 "]
    assert "tiny, seed 3" in page and page in capsys.readouterr().out
    assert vsg("--step", 3) == 2
    assert "no checkpoint of step [3] (there: 2, 5)" in capsys.readouterr().err


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(InputError, match="not the folder of a run"):
        next(curve.checkpoint_generators(tmp_path))
