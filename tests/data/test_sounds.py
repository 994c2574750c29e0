"""Recordings into waveforms for the vocoder, and batches of them."""

import numpy as np
import pytest
import tensorflow as tf

from tests.data.corpora import prepare_numbers
from tests.data.corpora import tiny_config as clip_config
from tests.vocoder_cases import RATE, tiny_vocoder_config, write_recordings
from vsg_tf.audio.mel import LogMel
from vsg_tf.data.dataset import make_dataset
from vsg_tf.data.sound_dataset import disturb_mel, make_sound_dataset
from vsg_tf.data.sounds import prepare_sounds
from vsg_tf.data.synthetic.sources import find_recordings, is_validation
from vsg_tf.errors import ConfigError, InputError

CONFIG = tiny_vocoder_config()
SAMPLES = round(0.2 * RATE) // 64 * 64


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    place = tmp_path_factory.mktemp("sounds")
    folder = write_recordings(place / "things")
    options = {"valid_match": "thing[ab]_", "valid_fraction": 0.0}
    return folder, place / "data", prepare_sounds(CONFIG, [folder], place / "data", **options)


def _batches(data, epoch=0, split="train", **options):
    dataset = make_sound_dataset(data, split, CONFIG, batch_size=2, epoch=epoch, **options)
    return list(dataset.as_numpy_iterator())


def test_recordings_are_cut_and_split_by_family(prepared):
    folder, data, manifest = prepared
    # Of 0.8 s each: a piece of 0.5 and one of 0.3.
    assert manifest.count("train") == 12 and manifest.count("valid") == 4
    (failure,) = [f for failures in manifest.failures.values() for f in failures]
    assert "silent" in failure["reason"]
    records = []
    for shard in manifest.of_split("valid"):
        for raw in tf.data.TFRecordDataset(str(data / shard.name)).as_numpy_iterator():
            records.append(tf.train.Example.FromString(raw).features.feature)
    waveforms = [np.frombuffer(r["waveform"].bytes_list.value[0], "<i2") for r in records]
    assert [len(w) for w in waveforms] == 2 * [round(0.5 * RATE), round(0.3 * RATE)]
    assert max(np.abs(w).max() for w in waveforms) == pytest.approx(0.9 * 32767, abs=1)
    found = {r["source"].bytes_list.value[0].decode() for r in records}
    # The same rule as the synthetic corpus, so that one held-out set serves both.
    assert found == is_validation(find_recordings([folder]), "thing[ab]_", 0.0)


def test_batches_hold_crops_and_their_mels(prepared):
    batches = _batches(prepared[1], split="valid", training=False)
    assert sum(len(b["index"]) for b in batches) == 4
    log_mel = LogMel(CONFIG.audio)
    for batch in batches:
        assert batch["waveform"].shape[1] == SAMPLES
        expected = np.stack([log_mel(waveform) for waveform in batch["waveform"]])
        np.testing.assert_allclose(batch["mel"], expected, atol=2e-5)


def test_training_batches_are_reproducible_resumable_and_vary(prepared):
    first, again, other = (_batches(prepared[1], epoch) for epoch in (0, 0, 1))
    assert len(first) == 6
    for a, b in zip(first, again, strict=True):
        assert all(np.array_equal(a[name], b[name]) for name in a)
    rest = _batches(prepared[1], skip_batches=4)
    assert np.array_equal(rest[0]["waveform"], first[4]["waveform"])
    assert not np.array_equal(first[0]["waveform"], other[0]["waveform"])
    peaks = np.concatenate([np.abs(b["waveform"]).max(axis=1) for b in first + other])
    assert peaks.max() / peaks.min() > 3


def test_disturbed_mels_are_a_little_different_and_silence_stays():
    mel = np.random.default_rng(0).uniform(0.2, 0.9, (40, 16)).astype("float32")
    mel[20:] = 0
    made = np.stack([disturb_mel(mel, [number, 0]) for number in range(16)])
    assert made.min() >= 0 and made.max() <= 1
    assert np.array_equal(made[:, 22:], np.zeros_like(made[:, 22:]))
    changes = np.abs(made - mel)[:, :19].mean(axis=(1, 2))
    assert changes.max() > 0.01 and (changes == 0).any()
    assert np.array_equal(disturb_mel(mel, [5, 0]), made[5])


def test_one_kind_of_data_is_not_taken_for_the_other(prepared, tmp_path):
    with pytest.raises(ConfigError, match="vsg prepare audio"):
        prepare_numbers(tmp_path / "clips", clip_config())
        make_sound_dataset(tmp_path / "clips", "train", clip_config(), batch_size=2, epoch=0)
    with pytest.raises(ConfigError, match="recordings"):
        make_dataset(prepared[1], "train", CONFIG, batch_size=2, epoch=0)


def test_nothing_left_to_train_on_is_told(prepared, tmp_path):
    with pytest.raises(InputError, match="No recording is left"):
        prepare_sounds(CONFIG, [prepared[0]], tmp_path / "out", valid_match=".")
    assert not (tmp_path / "out").exists()
