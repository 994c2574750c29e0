"""Timing from the picture: the predicted curves as an event list and a level curve."""

import numpy as np

from vsg_tf.audio.filters import find_peaks, gaussian_smooth
from vsg_tf.config import EventsConfig
from vsg_tf.events import ENVELOPE_RANGE_DB, EventTrack
from vsg_tf.timebase import TimeBase
from vsg_tf.timing.timing import LevelCurve, Timing

# Below this onset probability nothing is an event: a still picture stays silent.
LEAST_ONSET = 0.08
# A sound counts as over when its envelope has fallen to this part of the clip's range.
OVER = 0.12
SHORTEST, LONGEST = 0.08, 2.5  # s
ONSET_SMOOTHING = 0.7  # frames
STRENGTH_SUM = 5  # frames; a sum under a bump does not depend on where its peak lies
LOUDEST_WITHIN = 4  # frames from a peak
DECIMALS = 4  # of the values of a picked event


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def _relative(values: np.ndarray) -> np.ndarray:
    """The curve between its clip's quiet level (0) and its peaks (1); training fixes no scale."""
    low, high = np.percentile(values, 20), np.percentile(values, 99)
    return np.clip((values - low) / max(high - low, 1e-6), 0, 1)


def _peak_offset(curve: np.ndarray, index: int) -> float:
    """Sub-frame position of a peak by a parabola through its neighbours, in frames."""
    if not 0 < index < len(curve) - 1:
        return 0.0
    before, at, after = curve[index - 1 : index + 2]
    bend = before - 2 * at + after
    return 0.0 if abs(bend) < 1e-9 else float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))


def timing_from_curves(
    logits: np.ndarray, timebase: TimeBase, config: EventsConfig, duration_s: float
) -> Timing:
    """The timing of a clip as its pictures tell it.

    Args:
        logits: `[feature_frames, 3]` envelope, onset and strength as the model predicts them.
        timebase: gives the times of the frames.
        config: of the event picker.
        duration_s: of the clip.

    Returns:
        A timing whose durations are guesses and whose level curve is the predicted envelope.
    """
    envelope = _sigmoid(np.asarray(logits, np.float64)[:, 0])
    count = len(envelope)
    # Values of a level curve begin at time 0, feature frames half a frame later.
    at = np.interp(
        np.arange(count) / timebase.feature_rate, timebase.feature_times(count), envelope
    )
    level = LevelCurve(timebase.feature_rate, (at - at.max()) * ENVELOPE_RANGE_DB)
    return Timing(duration_s, pick_events(logits, timebase, config), level, estimated=True)


def pick_events(logits: np.ndarray, timebase: TimeBase, config: EventsConfig) -> EventTrack:
    """Peaks of the onset curve that stand out of their clip, with strength and duration.

    Args:
        logits: `[feature_frames, 3]` envelope, onset and strength as the model predicts them.
        timebase: gives the times of the frames.
        config: threshold (standard deviations above the mean) and smallest gap (s).

    Returns:
        The event list; empty where nothing moves.
    """
    envelope, onset, strength = np.asarray(logits, np.float64).T
    onset = gaussian_smooth(_sigmoid(onset), ONSET_SMOOTHING, edges="reflect")
    height = max(onset.mean() + config.threshold * onset.std(), LEAST_ONSET)
    padded = np.concatenate([[onset.min() - 1], onset, [onset.min() - 1]])
    gap = max(1, round(config.min_gap * timebase.feature_rate))
    peaks = find_peaks(padded, height, gap) - 1
    if len(peaks) == 0:
        return EventTrack.empty()
    first, frame = timebase.feature_times(2)[0], 1 / timebase.feature_rate
    times = np.array([first + (peak + _peak_offset(onset, peak)) * frame for peak in peaks])
    summed = np.convolve(_sigmoid(strength), np.ones(STRENGTH_SUM))[STRENGTH_SUM // 2 :]
    levels = _relative(summed[: len(onset)])[peaks]
    envelope = _relative(envelope)
    durations = []
    for peak, end in zip(peaks, np.append(peaks[1:], len(envelope)), strict=True):
        loudest = peak + int(np.argmax(envelope[peak : min(end, peak + LOUDEST_WITHIN)]))
        below = np.nonzero(envelope[loudest:end] < OVER)[0]
        stop = loudest + below[0] if len(below) else end
        durations.append(np.clip((stop - peak) * frame, SHORTEST, LONGEST))
    # The weakest picked event still has to be heard: strengths start at a third. Rounded, so that
    # the list is short to read and played as it is written.
    values = (np.maximum(times, 0), 1 / 3 + 2 / 3 * levels, np.array(durations))
    return EventTrack(*(np.round(column, DECIMALS) for column in values))
