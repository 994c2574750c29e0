"""Stored sounds give the samples and peaks of what was stored."""

import numpy as np
import pytest

from vsg_tf.studio.stored_sound import PEAK_SAMPLES, StoredSound


@pytest.fixture
def waveform():
    return np.random.default_rng(0).uniform(-1, 1, (10_000, 2)).astype(np.float32)


def _stored(folder, waveform):
    return StoredSound.write(folder / "a.f32", np.array_split(waveform, 7), 22050, 2)


def test_samples_are_those_that_were_stored(tmp_path, waveform):
    sound = _stored(tmp_path, waveform)
    assert (sound.samples, sound.sample_rate, sound.channels) == (10_000, 22050, 2)
    np.testing.assert_array_equal(sound.read(123, 456), waveform[123 : 123 + 456])
    assert len(sound.read(9_990, 100)) == 10 and len(sound.read(20_000, 5)) == 0
    np.testing.assert_array_equal(sound.read(-5, 3), waveform[:3])
    assert [path.name for path in tmp_path.iterdir()] == ["a.f32"]


@pytest.mark.parametrize(
    ("first", "count", "bins"), [(100, 200, 10), (0, 10_000, 7), (512, 2048, 2)]
)
def test_peaks_are_the_lowest_and_highest_values(tmp_path, waveform, first, count, bins):
    sound = _stored(tmp_path, waveform)
    found = sound.peaks_between(first, count, bins)
    assert found.shape == (bins, 2)
    for index, (low, high) in enumerate(found):
        begin, end = (first + count * edge // bins for edge in (index, index + 1))
        if count // bins >= PEAK_SAMPLES:  # windows that are touched
            begin = begin // PEAK_SAMPLES * PEAK_SAMPLES
            end = max(end // PEAK_SAMPLES, begin // PEAK_SAMPLES + 1) * PEAK_SAMPLES
        part = waveform[begin:end]
        assert (low, high) == (part.min(), part.max())


def test_beyond_a_sound_there_is_nothing(tmp_path, waveform):
    found = _stored(tmp_path, waveform).peaks_between(-1000, 1000, 4)
    assert not found.any()
    assert not _stored(tmp_path, waveform).peaks_between(1 << 20, 1 << 20, 4).any()


def test_what_fails_leaves_no_file(tmp_path):
    def blocks():
        yield np.zeros((5, 1), np.float32)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        StoredSound.write(tmp_path / "a.f32", blocks(), 22050, 1)
    assert not list(tmp_path.iterdir())
