"""Timing from a guide sound: what begins in it when, how strongly, how long, and how loud it is.

A guide is the clip's own sound, or something performed to the picture: a sketch with the voice, a
drum pad, a temporary effect. It is not heard in the result.
"""

from dataclasses import dataclass, replace

import numpy as np

from vsg_tf.audio.attacks import LEVEL_RATE, RATE, Beginnings, Thresholds, find_beginnings
from vsg_tf.audio.channels import without_offset
from vsg_tf.audio.filters import band_pass, gaussian_smooth
from vsg_tf.audio.levels import peak_db
from vsg_tf.audio.reading import SILENCE_DB, Sound
from vsg_tf.errors import InputError
from vsg_tf.events import STRENGTH_RANGE_DB, EventTrack
from vsg_tf.timing.guide_level import level_curve
from vsg_tf.timing.timing import FLOOR_DB, LevelCurve, Timing

DECIMALS = 4  # of an event's values: the list is short to read and played as it is written
SHORTEST_S = 0.03  # of an event
SMOOTH_S = 0.01  # of the level in which the end of a sound is looked for
NEXT = 14  # values of the level, 40 ms, in which the next sound is seen before it begins
QUIET_S = 0.12  # a sound that is gone for longer has ended
OVER_NOISE_DB = 5.0  # a sound has died away when it is no louder than the background and this
NOISE_SHARE = 10  # percentile of the level that is the background's
STEADY_DB = 1.0  # a sound whose level varies less tells nothing of time
STEADY_SMOOTH_S, STEADY_EDGE_S = 0.05, 0.1
CONFIRMED_WITHIN_S = 0.15  # of a guide's event, in which the picture has one, too
NOTED_S = 0.25  # a guide that is shorter or longer by less is not worth a word
OUTSIDE_DB = 60.0  # a band this far below the whole holds nothing
HIGHEST_HZ = 10_000.0  # of a band's edges
LOWEST_HZ = 20.0


def _check_range(name: str, value: float, low: float, high: float, unit: str = "") -> None:
    if not low <= value <= high:
        raise InputError(
            f"The guide's {name} must be from {low:g} to {high:g}{unit}, not {value:g}."
        )


@dataclass(frozen=True)
class GuideOptions:
    """How a guide is listened to.

    Args:
        sensitivity: 0 (only what begins very clearly) to 1 (the faintest beginnings).
        low_hz, high_hz: frequency band that is listened to, 20 to 10,000 Hz; None: no edge.
        least_gap_s: of two beginnings that are closer, the first counts, 0.01 to 10 s.
        offset_ms: moves everything later (negative: earlier, for a performer who is late), -10,000
            to 10,000.
        track: audio track of the file, counted from 1; None: the first that sounds.
        confirm: keep only events near which the picture has one, too.

    Raises:
        InputError: a value is out of its range.
    """

    sensitivity: float = 0.5
    low_hz: float | None = None
    high_hz: float | None = None
    least_gap_s: float = 0.08
    offset_ms: float = 0.0
    track: int | None = None
    confirm: bool = False

    def __post_init__(self):
        _check_range("sensitivity", self.sensitivity, 0, 1)
        _check_range("least gap", self.least_gap_s, 0.01, 10, " s")
        _check_range("offset", self.offset_ms, -10_000, 10_000, " ms")
        for edge in (self.low_hz, self.high_hz):
            if edge is not None:
                _check_range("frequency band", edge, LOWEST_HZ, HIGHEST_HZ, " Hz")
        if None not in (self.low_hz, self.high_hz) and self.high_hz < 1.2 * self.low_hz:
            raise InputError(
                f"The guide's frequency band from {self.low_hz:g} to {self.high_hz:g} Hz is too "
                "narrow; its upper edge must be at least 1.2 times the lower one."
            )
        if self.track is not None and self.track < 1:
            raise InputError(f"The guide's tracks count from 1; there is no track {self.track}.")

    @property
    def thresholds(self) -> Thresholds:
        """How clearly something has to begin at this sensitivity."""
        stricter = 4 ** (1 - 2 * self.sensitivity)  # 1 in the middle
        usual = Thresholds()
        return Thresholds(
            usual.flux_db * stricter,
            usual.rise_db * stricter**0.5,
            usual.swell_db * stricter**0.5,
            usual.audible_db * (0.5 + self.sensitivity),
            self.least_gap_s,
        )


def guide_timing(
    sound: Sound,
    duration_s: float | None = None,
    options: GuideOptions = GuideOptions(),
    picture: Timing | None = None,
    name: str = "The guide",
) -> Timing:
    """The timing that a guide gives.

    Args:
        sound: any rate, mono or stereo; its first sample is heard with the clip's first picture.
        duration_s: length of the clip; None: that of the guide.
        options: see there.
        picture: what the picture tells; looked at where `options.confirm` is set.
        name: of the guide, which begins the sentences of errors and notes.

    Returns:
        Events until each has died away or the next begins, with the level curve and notes.

    Raises:
        InputError: the guide is silent, holds NaN or infinity, or nothing begins in it.
    """
    length = len(sound.waveform) / sound.sample_rate
    duration_s = length if duration_s is None else duration_s
    waveform = _listened(sound, duration_s, options, name)
    band = options.low_hz, options.high_hz
    events = _events(find_beginnings(waveform, options.thresholds, band))
    if len(events) == 0:
        raise InputError(
            f"{name} holds nothing that begins: raise its sensitivity (now "
            f"{options.sensitivity:g}), widen its frequency band, or give a list by --events-in."
        )
    timing = Timing(duration_s, events, level_curve(waveform, RATE))
    if options.confirm and picture is not None:
        timing = confirmed(timing, picture.events, name)
    timing = timing.moved(options.offset_ms / 1000)
    if len(timing.events) == 0:
        raise InputError(f"{name} has no event left in the clip; its offset is too large.")
    return _noted(timing, length, name)


def confirmed(timing: Timing, seen: EventTrack, name: str = "The guide") -> Timing:
    """Keep the events near which the picture has one, and silence the level curve elsewhere.

    Raises:
        InputError: the picture confirms none.
    """
    events = timing.events
    near = np.zeros(len(events), bool)
    if len(seen):
        distances = np.abs(events.times[:, None] - seen.times[None, :]).min(axis=1)
        near = distances <= CONFIRMED_WITHIN_S
    if not near.any():
        raise InputError(
            f"{name} has {len(events)} events, of which the picture confirms none; leave out "
            "--guide-confirm."
        )
    kept = events.select(near)
    times = np.arange(len(timing.level.db)) / timing.level.rate
    step = 1 / timing.level.rate
    inside = np.zeros(len(times), bool)
    for begin, lasts in zip(kept.times, kept.durations, strict=True):
        inside |= (times >= begin - step) & (times <= begin + lasts + step)
    level = LevelCurve(
        timing.level.rate, np.where(inside, timing.level.db, FLOOR_DB), timing.level.brightness
    )
    note = f"{name}: the picture confirms {len(kept)} of {len(events)} events."
    return replace(timing, events=kept, level=level, notes=(*timing.notes, note))


def _listened(sound: Sound, duration_s: float, options: GuideOptions, name: str) -> np.ndarray:
    """What is listened to: mono at 22,050 Hz, cut to the clip, without offset, in its band."""
    heard = sound.waveform[: max(1, round(duration_s * sound.sample_rate))]
    if not np.isfinite(heard).all():
        raise InputError(f"{name} holds values that are not finite (NaN or inf); export it again.")
    if len(heard):
        heard = without_offset(heard.mean(axis=1, keepdims=True))
    mono = Sound(heard, sound.sample_rate).mono(RATE)
    if peak_db(mono) < SILENCE_DB:
        raise InputError(
            f"{name} is silent; give a sound with something in it, or another of its tracks."
        )
    waveform = band_pass(mono, RATE, options.low_hz, options.high_hz)
    if peak_db(waveform) < max(SILENCE_DB, peak_db(mono) - OUTSIDE_DB):
        raise InputError(f"{name} is silent in its frequency band; widen or leave out the band.")
    if _is_steady(waveform):
        raise InputError(
            f"{name} is steady from beginning to end and tells nothing of time; give another "
            "sound, or a list by --events-in."
        )
    return waveform


def _is_steady(waveform: np.ndarray) -> bool:
    edge = round(STEADY_EDGE_S * RATE)
    inner = waveform[edge : len(waveform) - edge]
    if len(inner) < edge:
        return False
    width = round(STEADY_SMOOTH_S * RATE)
    blocks = np.square(inner[: len(inner) // width * width]).reshape(-1, width).mean(axis=1)
    low, high = np.percentile(blocks, [1, 99])
    return bool(high < low * 10 ** (STEADY_DB / 10))


def _events(found: Beginnings) -> EventTrack:
    if len(found.times) == 0:
        return EventTrack.empty()
    strengths = 1 + (found.peaks_db - found.peaks_db.max()) / STRENGTH_RANGE_DB
    columns = found.times, np.clip(strengths, 0, 1), _durations(found)
    return EventTrack(*(np.round(np.asarray(column, np.float64), DECIMALS) for column in columns))


def _durations(found: Beginnings) -> np.ndarray:
    """Seconds until a sound is 30 dB below its peak, in the background, or the next one begins."""
    smooth = gaussian_smooth(found.level_db, SMOOTH_S * LEVEL_RATE)
    noise = np.percentile(smooth, NOISE_SHARE)
    if noise > smooth.max() - STRENGTH_RANGE_DB / 2:
        noise = -np.inf  # a sound without gaps has no background that could be told from it
    starts = np.round(found.times * LEVEL_RATE).astype(int)
    quiet = round(QUIET_S * LEVEL_RATE)
    durations = []
    for start, end in zip(starts, [*starts[1:], len(smooth)], strict=True):
        own = smooth[start : max(end - NEXT, start + 1)]
        loudest = int(own.argmax())
        over = max(own[loudest] - STRENGTH_RANGE_DB, noise + OVER_NOISE_DB)
        sounding = np.flatnonzero(own[loudest:] >= over)
        ends = np.flatnonzero(np.diff(sounding) > quiet)  # what comes after that is something else
        last = sounding[ends[0] if len(ends) else -1] if len(sounding) else 0
        lasts = loudest + last + 1
        if lasts == len(own):
            lasts = end - start  # until the next one
        durations.append(max(lasts / LEVEL_RATE, SHORTEST_S))
    return np.array(durations)


def _noted(timing: Timing, length: float, name: str) -> Timing:
    shorter = timing.duration_s - length
    if abs(shorter) < NOTED_S:
        return timing
    if shorter > 0:
        note = f"{name} ends at {length:.2f} s; the rest of the clip stays silent."
    else:
        note = f"{name} is longer than the clip; what lies beyond the clip's end is not played."
    return replace(timing, notes=(*timing.notes, note))
