"""True peaks of a sound that comes in blocks are those of the whole."""

import numpy as np
import pytest

from vsg_tf.audio.true_peak import TruePeakMeter, true_peak


@pytest.mark.parametrize("sizes", [[20_000], [1, 0, 63, 64, 65, 9807, 10_000], [100] * 200])
@pytest.mark.parametrize("channels", [1, 2])
def test_blocks_give_the_peak_of_the_whole(sizes, channels):
    at = np.arange(20_000)[:, None] / 48_000
    sound = np.sin(2 * np.pi * 11_000 * at + [[0.3, 1.1]][0][:channels])
    sound = (sound * np.linspace(0.1, 0.8, 20_000)[:, None]).astype(np.float32)
    sound[-2000:] *= np.linspace(1, 0, 2000, dtype="f4")[:, None]
    meter = TruePeakMeter(channels)
    for block in np.split(sound, np.cumsum(sizes)[:-1]):
        meter.add(block)
    assert meter.peak == pytest.approx(true_peak(sound), rel=2e-3)


def test_a_sine_between_its_samples():
    """A quarter of the sample rate, sampled 45 degrees beside its peaks: 3.01 dB are hidden."""
    sound = np.sin(np.pi / 2 * np.arange(8000) + np.pi / 4)[:, None]
    sound *= np.minimum(1, np.arange(8000)[::-1] / 1000)[:, None]
    sound *= np.minimum(1, np.arange(8000) / 1000)[:, None]
    meter = TruePeakMeter(1)
    for block in np.array_split(sound, 9):
        meter.add(block)
    assert np.abs(sound).max() < 0.71
    assert meter.peak_db == pytest.approx(0, abs=0.05)


def test_silence():
    meter = TruePeakMeter(2)
    assert meter.peak_db == -200
    meter.add(np.zeros((1000, 2)))
    assert meter.peak_db == -200
