"""Timbre of sounds of any kind, without a trained network: what the loud frames are made of."""

import librosa
import numpy as np

from vsg_tf.audio.mel import LogMel, level_db
from vsg_tf.config import AudioConfig
from vsg_tf.metrics.similarity import correlation

LOUDEST = 0.1  # share of the frames that show the timbre
COEFFICIENTS = 20  # the first, which is the level, is left out
PEAK = 0.6  # every sound is brought to this peak first


def full_band(sample_rate: int) -> AudioConfig:
    """Grid of the measures that look at all that is there: 80 mel bands up to half the rate."""
    return AudioConfig(sample_rate=sample_rate, f_min=0.0, f_max=None)


def loudest_frames(waveform: np.ndarray, sample_rate: int) -> np.ndarray:
    """Mel levels in dB of the loudest tenth of the frames, `[frames, 80]`.

    The sound's peak is brought to 0.6; frames are ranked by their power. A silent sound gives
    frames at the floor of the scale.
    """
    waveform = np.asarray(waveform, np.float32)
    peak = np.abs(waveform).max(initial=0.0)
    if peak > 0:
        waveform = waveform * (PEAK / peak)
    levels = level_db(LogMel(full_band(sample_rate))(waveform))
    power = (10 ** (levels / 10)).sum(axis=1)
    count = max(1, round(LOUDEST * len(levels)))
    return levels[np.sort(np.argsort(power, kind="stable")[-count:])]


def mfcc_statistics(waveform: np.ndarray, sample_rate: int) -> np.ndarray:
    """Means, then standard deviations, of MFCC 1..19 over the loudest tenth of the frames, `[38]`.

    MFCC are the orthonormal DCT of mel levels in dB. Level does not matter, order in time neither.
    """
    frames = loudest_frames(waveform, sample_rate)
    coefficients = librosa.feature.mfcc(S=frames.T, n_mfcc=COEFFICIENTS)[1:]
    return np.concatenate([coefficients.mean(axis=1), coefficients.std(axis=1)])


def statistics_distance(first: np.ndarray, second: np.ndarray) -> float:
    """Mean absolute difference of two `mfcc_statistics`, >= 0."""
    return float(np.abs(np.asarray(first) - np.asarray(second)).mean())


def mfcc_distance(first: np.ndarray, second: np.ndarray, sample_rate: int) -> float:
    """Distance of two sounds by `mfcc_statistics`: about 4 within a recording, 11 across kinds."""
    return statistics_distance(
        mfcc_statistics(first, sample_rate), mfcc_statistics(second, sample_rate)
    )


def mean_spectrum(waveform: np.ndarray, sample_rate: int) -> np.ndarray:
    """Mean level of the mel bands over the loudest tenth of the frames, `[80]`, in dB."""
    return loudest_frames(waveform, sample_rate).mean(axis=0)


def mean_mel_correlation(first: np.ndarray, second: np.ndarray, sample_rate: int) -> float:
    """Correlation over bands of two sounds' `mean_spectrum`, -1..1; 0 where either is silent."""
    return correlation(mean_spectrum(first, sample_rate), mean_spectrum(second, sample_rate))
