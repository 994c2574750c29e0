"""The resampler against librosa's way of calling it."""

import librosa
import numpy as np
import pytest

from vsg_tf.audio.resampling import resample


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
