"""The prepare command, from files to shards."""

import json

import numpy as np
import pytest
import soundfile
import tensorflow as tf
import yaml
from typer.testing import CliRunner

from vsg_tf.audio.reading import load_audio
from vsg_tf.config import parse_config
from vsg_tf.data.manifest import read_manifest
from vsg_tf.data.records import deserialize
from vsg_tf.data.synthetic.bank import Bank
from vsg_tf.data.synthetic.clip import make_clip
from vsg_tf.data.synthetic.clip_files import render_demo, write_clip
from vsg_tf.data.synthetic.procedural import render_strike
from vsg_tf.data.vas import VasBuilder, envelope_from_mel, load_mel, read_list
from vsg_tf.errors import ConfigError, InputError
from vsg_tf.prepare import app
from vsg_tf.timebase import TimeBase

RATE = 22050


def _config(folder, **video):
    path = folder / "config.yaml"
    video = video or {"front_end": "motion"}
    path.write_text(yaml.safe_dump({"video": video, "data": {"clip_seconds": 2.0}}))
    return str(path)


def _run(*arguments):
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def _examples(folder):
    shards = read_manifest(folder).shards
    records = tf.data.TFRecordDataset([str(folder / shard.name) for shard in shards])
    return [deserialize(record) for record in records.as_numpy_iterator()]


def _strikes(path, seed=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, render_strike("wood", np.random.default_rng(seed), RATE), RATE)


def test_synthetic_from_recordings(tmp_path):
    for name in ("hit/wood_1.wav", "hit/wood_2.wav", "tap/4-tap.wav"):
        _strikes(tmp_path / "sounds" / name)
    (tmp_path / "sounds" / "broken.wav").write_bytes(b"RIFF")
    out, clips = tmp_path / "out", tmp_path / "clips"
    result = _run(
        *("synthetic", "--events", tmp_path / "sounds", "-c", _config(tmp_path), "-o", out),
        *("--count", 3, "--valid-count", 2, "--valid-match", "/4-", "--valid-fraction", 0),
        *("--workers", 1, "--clips-out", clips, "--clips", 1),
    )
    assert "3 train, 2 valid" in result.output and "broken.wav" in result.output
    sources = [(e.identity.split("-")[1], e.source) for e in _examples(out)]
    assert sources == [("train", "sounds/hit/wood")] * 3 + [("valid", "sounds/tap/4-tap")] * 2
    example = _examples(out)[0]
    assert example.features.shape == (43, 282) and example.mel.shape == (172, 80)
    assert example.reference_mel is not None and len(example.events)
    np.testing.assert_allclose(example.events[:, 0], example.truth["audio_onsets_s"], atol=1e-3)
    truth = json.loads(next(clips.glob("*.json")).read_text())
    assert truth == example.truth and len(list(clips.glob("*.mp4"))) == 1


def test_synthetic_is_the_same_again(tmp_path):
    config = _config(tmp_path)
    for name in ("one", "two"):
        _run(
            *("synthetic", "--procedural", "-c", config, "-o", tmp_path / name, "--workers", 1),
            *("--count", 2, "--valid-count", 1, "--seed", 9),
        )
    one, two = read_manifest(tmp_path / "one"), read_manifest(tmp_path / "two")
    assert one.shards == two.shards


def test_synthetic_mistakes(tmp_path):
    config = _config(tmp_path)
    with pytest.raises(InputError, match="either --events DIR or --procedural"):
        _run("synthetic", "-c", config, "-o", tmp_path / "o")
    with pytest.raises(ConfigError, match="front_end: motion"):
        other = ("--set", "video.front_end=regnet")
        _run("synthetic", "--procedural", "-c", config, "-o", tmp_path / "o", *other)
    with pytest.raises(InputError, match="no regular expression"):
        bad = ("--valid-match", "(")
        _run("synthetic", "--procedural", "-c", config, "-o", tmp_path / "o", *bad)


def test_folder_of_videos(tmp_path):
    clip = make_clip(0, Bank(), [], [], duration=5.0, timebase=TimeBase(), size=(96, 64))
    write_clip(tmp_path / "videos" / "wood", clip, RATE)
    render_demo(tmp_path / "videos" / "silent")
    (tmp_path / "videos" / "broken.mp4").write_bytes(b"no video")
    out = tmp_path / "out"
    result = _run(
        *("videos", tmp_path / "videos", "-c", _config(tmp_path), "-o", out, "--workers", 1),
        *("--valid-fraction", 0),
    )
    assert "2 left out" in result.output
    examples = _examples(out)
    # 5 s make two pieces of 2 s; the rest is shorter than a piece.
    assert [e.identity for e in examples] == ["wood/strike-0.mp4/0", "wood/strike-0.mp4/1"]
    assert {e.category for e in examples} == {"wood"}
    heard = examples[0].events[:, 0]
    truth = clip.events.times[(clip.events.times < 1.9) & (clip.events.strengths > 0.7)]
    assert all(np.abs(heard - time).min() < 0.06 for time in truth)


def test_vas_samples(tmp_path, shared_data):
    root = shared_data / "vas_samples"
    lists = ("--train-list", root / "vas_train.txt", "--valid-list", root / "vas_valid.txt")
    config = tmp_path / "paper.yaml"
    config.write_text("name: paper\n")
    out = tmp_path / "out"
    result = _run("vas", root, *lists, "-c", config, "-o", out, "--workers", 1)
    examples = _examples(out)
    listed = len(read_list(root / "vas_train.txt")) + len(read_list(root / "vas_valid.txt"))
    missing = read_manifest(out).notes["missing"]
    assert len(examples) == listed - missing["train"]["count"] - missing["valid"]["count"] > 0
    assert "not there" in result.output
    for example in examples:
        assert example.features.shape == (215, 2048) and example.mel.shape == (860, 80)
        assert example.envelope.max() > 0.9
        # Sound and published mel are of the same clip.
        level = envelope_from_mel(example.mel, 4)
        assert np.corrcoef(level, example.envelope)[0, 1] > 0.6


def test_short_vas_clips_go_round_as_their_published_mels_do(tmp_path):
    clip = make_clip(0, Bank(), [], [], duration=2.0, timebase=TimeBase(), size=(96, 64))
    video = write_clip(tmp_path / "videos" / "drum", clip, RATE)
    builder = VasBuilder(parse_config({"data": {"clip_seconds": 4.0}}), tmp_path)
    events, envelope = builder._heard(f"drum/{video.stem}", 86)
    length = len(load_audio(video, RATE)) / RATE
    turn = round(length * RATE / 1024)
    assert envelope[:turn].max() > 0.9 and envelope[turn:].max() > 0.9
    assert np.corrcoef(envelope[: 86 - turn], envelope[turn:])[0, 1] > 0.8
    assert events[:, 0].max() > length


def test_lists_and_mels_are_checked(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("dog/video_1\n\ndog/video_1\ncat/video_2\n")
    assert read_list(path) == ["dog/video_1", "cat/video_2"]
    path.write_text("../secret/x\n")
    with pytest.raises(InputError, match="category/id"):
        read_list(path)
    np.save(tmp_path / "mel.npy", np.full((80, 30), 0.5, np.float32))
    assert load_mel(tmp_path / "mel.npy", 80).shape == (30, 80)
    np.save(tmp_path / "mel.npy", np.full((80, 30), 7.0))
    with pytest.raises(InputError, match=r"outside 0\.\.1"):
        load_mel(tmp_path / "mel.npy", 80)


def test_envelope_of_a_mel_follows_its_level():
    mel = np.repeat([0.2, 0.8, 0.575, 0.0], 4)[:, None] * np.ones(80)
    np.testing.assert_allclose(envelope_from_mel(mel, 4), [0, 1, 0.5, 0], atol=0.01)
    assert not envelope_from_mel(np.zeros((8, 80)), 4).any()
