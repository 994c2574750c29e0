"""How loud and how bright a guide sound is from moment to moment."""

import numpy as np

from vsg_tf.audio.filters import gaussian_smooth
from vsg_tf.audio.mel import band_magnitudes, mel_filters
from vsg_tf.timing.timing import FLOOR_DB, LevelCurve

LEVEL_RATE = 100.0  # values a second
NOISE_SHARE = 20  # percentile of the level that is the background's, where there are gaps
GAPS_DB = 15.0  # below the loudest: a background that is louder is taken for the sound itself
OVER_NOISE, SMOOTH = 2.0, 3.0  # times the background's power; values
MOST_REMOVED_DB = 20.0  # by which what is no louder than the background is brought down
AUDIBLE_DB = -50.0  # moments that are ranked by their brightness
FFT, BANDS = 1024, 40
DECIMALS = 3  # of what is played and written
_QUIETEST = 1e-20  # power


def level_curve(waveform: np.ndarray, sample_rate: int) -> LevelCurve:
    """Level and brightness of a sound.

    Args:
        waveform: `[samples]` float32, finite and not silent.
        sample_rate: samples per second.

    Returns:
        100 values a second: the RMS level over 20 ms in dB relative to the loudest, without the
        power of a steady background, and the rank of the spectral centroid among the audible.
    """
    count = 1 + int(len(waveform) / sample_rate * LEVEL_RATE)
    power = _power(waveform, sample_rate, count)
    db = 10 * np.log10(np.maximum(_over_background(power), _QUIETEST))
    db = np.maximum(db - db.max(), FLOOR_DB)
    brightness = _brightness(waveform, sample_rate, db)
    return LevelCurve(LEVEL_RATE, np.round(db, DECIMALS), np.round(brightness, DECIMALS))


def _power(waveform: np.ndarray, sample_rate: int, count: int) -> np.ndarray:
    """Mean power over the 10 ms before and the 10 ms after each value's time, `[count]`."""
    edges = np.minimum(np.round(np.arange(count + 1) / LEVEL_RATE * sample_rate), len(waveform))
    edges = edges.astype(int)
    squares = np.square(waveform, dtype=np.float32)
    sums = np.add.reduceat(np.append(squares, np.float32(0)), edges)[:-1].astype(np.float64)
    sums[edges[1:] == edges[:-1]] = 0  # reduceat gives a value where there is no sample
    lengths = np.diff(edges)
    before = np.concatenate([[0.0], sums[:-1]])
    samples = np.concatenate([[0], lengths[:-1]]) + lengths
    return (before + sums) / np.maximum(samples, 1)


def _over_background(power: np.ndarray) -> np.ndarray:
    """Power without that of a steady background, as Wiener's filter would leave it."""
    noise = np.percentile(power, NOISE_SHARE)
    if noise > power.max() * 10 ** (-GAPS_DB / 10):
        return power
    around = gaussian_smooth(power, SMOOTH)  # so that the background's own ups and downs go, too
    least = 10 ** (-MOST_REMOVED_DB / 10)
    return power * np.clip(1 - OVER_NOISE * noise / np.maximum(around, _QUIETEST), least, 1.0)


def _brightness(waveform: np.ndarray, sample_rate: int, db: np.ndarray) -> np.ndarray:
    """Rank of the spectral centroid (on the mel scale) among audible moments, 0..1."""
    hop = round(sample_rate / LEVEL_RATE)
    filters = mel_filters(sample_rate, FFT, BANDS, 0.0, sample_rate / 2)
    bands = band_magnitudes(waveform, filters, FFT, hop, 1 + len(waveform) // hop)
    centroid = bands @ np.arange(BANDS) / np.maximum(bands.sum(axis=1), 1e-12)
    times = np.arange(len(db)) / LEVEL_RATE
    centroid = np.interp(times, np.arange(len(centroid)) * hop / sample_rate, centroid)
    audible = np.flatnonzero(db > AUDIBLE_DB)
    ranks = np.zeros(len(db))
    order = audible[np.argsort(centroid[audible], kind="stable")]
    ranks[order] = np.arange(len(order)) / max(1, len(order) - 1)
    return ranks
