"""What sounds between the events."""

import librosa
import numpy as np

from vsg_tf.audio.mel import LogMel
from vsg_tf.metrics.timbre import full_band

FRAME, HOP = 1024, 256
QUIET = 10.0  # percentile
LOWEST_DB = -120.0  # stands for digital silence
_QUIETEST = 0.2  # share of the frames in which a background shows
_LOUD = 95.0  # percentile that stands for the events' level
_BAND_RANGE_DB = 20.0


def noise_floor(waveform: np.ndarray) -> float:
    """10th percentile of the frame level relative to the loudest frame, dB, -120 to 0.

    Frames are the RMS of 1024 samples at a hop of 256. A sound of pauses has a low floor, a steady
    one is at 0; digital silence gives -120.
    """
    waveform = np.asarray(waveform, np.float32)
    if len(waveform) < FRAME or not np.any(waveform):
        return LOWEST_DB
    rms = librosa.feature.rms(y=waveform, frame_length=FRAME, hop_length=HOP, center=False)[0]
    ratio = np.percentile(rms, QUIET) / rms.max()
    return max(LOWEST_DB, 20 * float(np.log10(max(ratio, 1e-10))))


def background_leak(
    made: np.ndarray, events: np.ndarray, background: np.ndarray, sample_rate: int
) -> float:
    """How much of a known background is in a sound, dB; 0 where all of it was copied.

    The mean spectrum of the sound's quietest fifth of frames is compared with that of the
    background, each relative to the level (95th percentile of frame power) of its events: the
    median ratio over the bands in which the background is within 20 dB of its loudest band. What
    the sound has of its own in a few bands is not leak; what is as broad as the background is.

    Args:
        made: `[samples]`, the sound that should have no background.
        events: `[samples]`, the reference's events without its background.
        background: `[samples]`, the background alone, at its level in the reference.
        sample_rate: Hz.

    Returns:
        At least -120. NaN where there is no background that could leak.
    """
    mel = LogMel(full_band(sample_rate))

    def power(waveform: np.ndarray) -> np.ndarray:
        waveform = np.asarray(waveform, np.float32)
        return np.square(mel.to_magnitude(mel(waveform)).astype(np.float64))

    if not np.any(background) or not np.any(events):
        return float("nan")
    if not np.any(made):
        return LOWEST_DB
    frames = power(made)
    loudness = frames.sum(axis=1)
    count = max(1, round(_QUIETEST * len(frames)))
    quiet = frames[np.argsort(loudness, kind="stable")[:count]].mean(axis=0)
    shape = power(background).mean(axis=0)
    bands = shape > shape.max() * 10 ** (-_BAND_RANGE_DB / 10)
    level = np.percentile(power(events).sum(axis=1), _LOUD) / np.percentile(loudness, _LOUD)
    share = np.median(quiet[bands] / shape[bands]) * level
    return max(LOWEST_DB, 10 * float(np.log10(max(share, 1e-20))))
