"""The resampler against librosa's way of calling it."""

import librosa
import numpy as np
import pytest

from vsg_tf.audio.resampling import resample, resampled_blocks


@pytest.mark.parametrize(
    "rates", [(48_000, 22_050), (22_050, 48_000), (8000, 22_050), (44_100, 44_100)]
)
@pytest.mark.parametrize("samples", [0, 1, 7, 10_001])
@pytest.mark.parametrize("channels", [None, 1, 2])
def test_the_numbers_are_librosas(channels, samples, rates):
    shape = (samples,) if channels is None else (samples, channels)
    waveform = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    found = resample(waveform, *rates)
    assert found.dtype == np.float32 and found.flags.c_contiguous
    assert len(found) == -(-samples * rates[1] // rates[0])
    if samples:
        expected = librosa.resample(waveform, orig_sr=rates[0], target_sr=rates[1], axis=0)
        np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("sizes", [[1000, 1, 0, 7000, 444], [8445], []])
@pytest.mark.parametrize(("rate", "wanted"), [(44_100, 48_000), (48_000, 22_050), (48_000, 48_000)])
def test_blocks_give_the_numbers_of_the_whole(sizes, rate, wanted):
    sound = np.random.default_rng(1).uniform(-1, 1, (sum(sizes), 2)).astype(np.float32)
    blocks = np.split(sound, np.cumsum(sizes)[:-1]) if sizes else []
    found = list(resampled_blocks(blocks, rate, wanted))
    joined = np.concatenate(found) if found else np.zeros((0, 2), np.float32)
    expected = resample(sound, rate, wanted)
    assert abs(len(joined) - len(expected)) <= 1
    shared = min(len(joined), len(expected))
    np.testing.assert_allclose(joined[:shared], expected[:shared], atol=1e-6)
