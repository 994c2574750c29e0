"""From videos alone to a trained model of the paper's structure and its sound, by the commands."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import yaml
from typer.testing import CliRunner

from tests.media_writing import RATE, hits, write_video
from vsg_tf import prepare, train
from vsg_tf.config import load_config
from vsg_tf.data.manifest import read_manifest
from vsg_tf.errors import ConfigError, InputError
from vsg_tf.frontends import registry
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.video.clip import Clip

PAPER = Path(__file__).parents[3] / "configs" / "paper.yaml"
SMALL = {
    "base": str(PAPER),
    "name": "small",
    "audio": {"n_mels": 16},
    "video": {"settings": {"regnet": {"flow": "dis"}}},
    "model": {
        "temporal": {"conv_layers": 1, "filters": 8, "lstm_layers": 0},
        "acoustic": {"units": 1, "filters": 8, "norm_groups": 2, "lstm_layers": 0},
        "background": {"lstm_layers": 1, "lstm_units": 4},
        "decoder": {"upsampling_filters": 8, "blocks": 1, "hidden": 8, "conv_filters": 8},
        "discriminators": {"mel_enabled": False, "upsampling_filters": 8, "conv_filters": 8},
    },
    "training": {"steps": 1, "batch_size": 2, "learning_rate_warmup": 0},
    "data": {"clip_seconds": 2.0},
}


def _run(app, *arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None:
        raise result.exception
    return result.output


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """VAS's layout without features: two drums, and lists."""
    root = tmp_path_factory.mktemp("vas")
    (root / "videos" / "drum").mkdir(parents=True)
    for number, frames in enumerate((32, 60)):  # the first is short and goes round
        path = root / "videos" / "drum" / f"video_{number}.mp4"
        write_video(path, times=[i / 25 for i in range(frames)], size=(64, 48))
    (root / "train.txt").write_text("drum/video_0\ndrum/video_1\n")
    (root / "valid.txt").write_text("drum/video_9\n")
    (root / "small.yaml").write_text(yaml.safe_dump(SMALL))
    return root


def _prepare_vas(place, out, *options):
    lists = ("--train-list", place / "train.txt", "--valid-list", place / "valid.txt")
    settings = ("-c", place / "small.yaml", "-o", out, "--workers", 1)
    return _run(prepare.app, "vas", place, *lists, *settings, *options)


def test_train_and_generate_from_videos_alone(place, weights, tmp_path):
    data, run = tmp_path / "data", tmp_path / "run"
    with pytest.raises(InputError, match="with --from-videos it looks in videos/"):
        _prepare_vas(place, data)
    assert "2 train" in _prepare_vas(place, data, "--from-videos")
    manifest = read_manifest(data)
    assert manifest.front_ends[0]["settings"] == {"exact": True, "flow": "dis"}
    digest = manifest.weights["regnet"]
    assert len(digest) == 64
    _run(train.app, "-c", place / "small.yaml", "-d", data, "-o", run)
    config = load_config(run / "model" / "config.yaml")
    assert config.video.settings["regnet"]["weights"] == digest
    _run(
        *(train.app, "-c", place / "small.yaml", "-d", data, "-o", run),
        *("--resume", "--set", "training.steps=2"),
    )
    soundfile.write(tmp_path / "a.wav", hits(seconds=1.0), RATE)
    synthesizer = Synthesizer.load(run / "model")
    video = place / "videos" / "drum" / "video_1.mp4"
    waveform, rate = synthesizer(video, tmp_path / "a.wav")
    assert abs(len(waveform) / rate - 2.4) < 0.06 and np.isfinite(waveform).all()
    # Features in files give the same as the video that they were made of.
    _run(
        *(prepare.app, "features", place / "videos", "-c", place / "small.yaml"),
        *("-o", tmp_path / "features", "--workers", 1, "--set", "data.clip_seconds=2.4"),
    )
    folder = tmp_path / "features" / "drum"
    files = [next(folder.glob(f"feature_{kind}_*/video_1.pkl")) for kind in ("rgb", "flow")]
    stored = synthesizer.features(None, list(map(str, files)))
    with Clip.open(video) as clip:
        own = synthesizer.features(clip)
    np.testing.assert_allclose(stored[: len(own)], own, atol=1e-5)
    # Other weights are refused.
    other = load_config(place / "small.yaml", ["video.settings.regnet.weights=abc"])
    with pytest.raises(InputError, match="need BN-Inception's weights abc"):
        other.video.visual.weights()
    with pytest.raises(ConfigError, match="asks for abc; prepare the data again"):
        _run(
            *(train.app, "-c", place / "small.yaml", "-d", data, "-o", tmp_path / "other"),
            *("--set", "video.settings.regnet.weights=abc"),
        )


def test_feature_files_are_a_layout_that_vas_reads(place, weights, tmp_path):
    root = tmp_path / "vas"
    arguments = (
        *("features", place / "videos", "-c", place / "small.yaml"),
        *("-o", root / "features", "--workers", 1),
    )
    assert "features of 2 videos" in _run(prepare.app, *arguments)
    written = {path: path.stat().st_mtime_ns for path in root.rglob("*.pkl")}
    assert len(written) == 4
    _run(prepare.app, *arguments)
    assert written == {path: path.stat().st_mtime_ns for path in root.rglob("*.pkl")}
    for name in ("train.txt", "valid.txt", "small.yaml"):
        (root / name).write_bytes((place / name).read_bytes())
    assert "2 train" in _prepare_vas(root, tmp_path / "data")
    assert read_manifest(tmp_path / "data").weights == {}
    mel = np.load(next(root.rglob("video_0_mel.npy")))
    assert mel.shape == (16, 172) and mel.max() > 0.3


def test_a_folder_of_videos(place, weights, tmp_path):
    _run(
        *(prepare.app, "videos", place / "videos", "-c", place / "small.yaml"),
        *("-o", tmp_path / "data", "--workers", 1, "--valid-fraction", 0),
    )
    assert json.loads((tmp_path / "data" / "manifest.json").read_text())["counts"]["train"] == 2


def test_missing_weights_are_told_before_any_work(place, tmp_path, monkeypatch):
    monkeypatch.setenv("VSG_WEIGHTS", str(tmp_path))
    registry._build.cache_clear()
    for command in ("features", "videos"):
        with pytest.raises(InputError, match="vsg weights import bn_inception"):
            _run(
                *(prepare.app, command, place / "videos", "-c", place / "small.yaml"),
                *("-o", tmp_path / "out", "--workers", 1),
            )
    assert not (tmp_path / "out").exists()
    with pytest.raises(ConfigError, match="front end motion have no published layout"):
        _run(
            *(prepare.app, "features", place / "videos", "-c", PAPER.with_name("debug.yaml")),
            *("-o", tmp_path / "out", "--workers", 1),
        )
