"""When sounds begin in a recording of any kind: strikes, voices, and sounds that swell.

Two kinds of beginnings are looked for. An attack is a rise in many frequency bands at once (the
spectral flux of a log spectrum, with the maximum of neighbouring bands as in Boeck and Widmer,
"Maximum filter vibrato suppression for onset detection", DAFx 2013). A sound that swells too slowly
for that begins where the level leaves a valley that is deep enough. Each band counts from its own
noise on, so that steady wind or machines hide few attacks and are none.
"""

from dataclasses import dataclass

import numpy as np

from vsg_tf.audio.filters import find_peaks, gaussian_smooth, running_maximum
from vsg_tf.audio.mel import band_magnitudes, mel_filters

RATE = 22050  # samples per second of what is analysed
HOP, FFT, BANDS, LOWEST_HZ = 128, 512, 32, 60.0  # of the flux: 5.8 ms, 23 ms
FLUX_RATE = RATE / HOP
FEW_BANDS = 0.25
CLEAR = 2.0  # the clearer an attack is in the flux, the less the level has to rise
LAG = 3  # spectra over which a rise is measured
NOISE_SHARE, OVER_NOISE_DB = 10, 6.0  # percentile that is a band's noise, and what counts above it
RANGE_DB = 60.0  # below the loudest there is silence
AROUND_S, NEAR_S = 0.12, 0.03  # of the local mean of the flux, and between its peaks
MEAN_SHARE = 0.5  # of the local mean, above which a peak has to rise
LEVEL_HOP, LEVEL_WINDOW = 64, 256  # samples: 2.9 ms, 11.6 ms
LEVEL_RATE = RATE / LEVEL_HOP
BEFORE_S, AFTER_S = 0.06, 0.05  # around a peak of the flux, where foot and top of an attack lie
ATTACK_DB = 20.0  # an attack begins where the level is this far below its top
FOOT_DB = 6.0  # and this far above its foot
TOP_S, LOUDER_DB = 0.03, 15.0  # a beginning much louder than the one just before it is the real one
QUIET = 4  # values of the level, 12 ms
EARLY_S = 0.0045  # by which the window of the level sees a sudden attack before it begins
SMOOTH_S = 0.02  # of the level in which swelling sounds are looked for
SMOOTH_STEP = 4  # values of the level
RUN_UP_S = 0.15  # before an attack, what swells is the run-up to it
DIP_DB = 6.0  # a sound has to fall by this much before it can begin again by swelling
START_DB, START_S = 18.0, 0.1  # a sound no further below the loudest is on from the beginning
OWN_RANGE_DB = 30.0  # below its peak a sound is not heard yet
END_S = 0.05  # before the end there is nothing to be heard of a sound but a codec's edge
STEADY_RANGE_DB = 15.0  # between noise and loudest: less is no background with sounds over it
SILENT_DB = -100.0
_SMALLEST = 1e-9


@dataclass(frozen=True)
class Beginnings:
    """What begins in a recording.

    Args:
        times: s, ascending, `[events]` float64.
        peaks_db: largest level until the next one begins, `[events]`, dB relative to full scale.
        level_db: fine level of the recording, every 64 samples at 22,050 Hz, dB.
    """

    times: np.ndarray
    peaks_db: np.ndarray
    level_db: np.ndarray


@dataclass(frozen=True)
class Thresholds:
    """How clearly something has to begin.

    Args:
        flux_db: mean rise over all bands.
        rise_db: of the level at an attack.
        swell_db: of the level where a sound swells.
        audible_db: what is further below the loudest does not count.
        gap_s: of two beginnings that are closer, the first counts.
    """

    flux_db: float = 2.5
    rise_db: float = 5.0
    swell_db: float = 10.0
    audible_db: float = 30.0
    gap_s: float = 0.08


def find_beginnings(
    waveform: np.ndarray,
    thresholds: Thresholds = Thresholds(),
    band: tuple[float | None, float | None] = (None, None),
) -> Beginnings:
    """Find where sounds begin.

    Args:
        waveform: `[samples]` at 22,050 Hz, finite, at least one sample.
        thresholds: see there.
        band: edges in Hz of what was kept of the waveform.

    Returns:
        Beginnings; none for digital silence.
    """
    level = fine_level(waveform)
    loudest = level.max()
    if loudest < SILENT_DB:
        return Beginnings(np.zeros(0), np.zeros(0), level)
    found = np.sort(_attacks(flux(waveform, band), level, thresholds))
    on_at_start = _on_at_start(level)
    swells = _swells(level, found, on_at_start, thresholds)
    found = np.sort(np.concatenate([found, swells]))
    if on_at_start and (not len(found) or found[0] > START_S):
        found = np.concatenate([[0.0], found])
    times = _apart(found, level, thresholds.gap_s)
    at = _index(times, level)
    peaks = _peaks(level, at)
    times = _heard(times, at, peaks, level)
    kept = peaks > loudest - thresholds.audible_db
    kept &= times < max(len(waveform) / RATE - END_S, END_S)
    return Beginnings(times[kept], peaks[kept], level)


def fine_level(waveform: np.ndarray) -> np.ndarray:
    """RMS level in dB over 11.6 ms, every 2.9 ms; value i is centred on sample `64 i`."""
    count, half = 1 + len(waveform) // LEVEL_HOP, LEVEL_WINDOW // 2
    padded = np.zeros((count - 1) * LEVEL_HOP + LEVEL_WINDOW, np.float32)
    part = waveform[: len(padded) - half]
    padded[half : half + len(part)] = part
    power = np.square(padded).reshape(-1, LEVEL_HOP).sum(axis=1)
    power = np.lib.stride_tricks.sliding_window_view(power, LEVEL_WINDOW // LEVEL_HOP).sum(axis=1)
    return 10 * np.log10(np.maximum(power / LEVEL_WINDOW, 1e-20))


def flux(
    waveform: np.ndarray, band: tuple[float | None, float | None] = (None, None)
) -> np.ndarray:
    """Mean rise of the bands over 17 ms in dB, `[1 + samples // 128]`; see `find_beginnings`."""
    filters = _filters(*band)
    bands = band_magnitudes(waveform, filters, FFT, HOP, 1 + len(waveform) // HOP)
    decibels = 20 * np.log10(np.maximum(bands, _SMALLEST))
    noise = np.percentile(decibels, NOISE_SHARE, axis=0) + OVER_NOISE_DB
    decibels = np.maximum(decibels, np.maximum(noise, decibels.max() - RANGE_DB))
    before = running_maximum(decibels, 1, 1, axis=1)[:-LAG]
    rise = np.maximum(0, decibels[LAG:] - before).mean(axis=1)
    rise *= (len(filters) / BANDS) ** FEW_BANDS  # the mean of few varies more
    return np.pad(rise, (min(LAG, len(bands)), 0))[: len(bands)]


def _filters(low_hz: float | None, high_hz: float | None) -> np.ndarray:
    """The filters whose middles lie in a band, or the one that is nearest to it."""
    filters = mel_filters(RATE, FFT, BANDS, LOWEST_HZ, RATE / 2)
    middles = filters.argmax(axis=1) * (RATE / FFT)
    low, high = low_hz or 0.0, high_hz or RATE / 2
    outside = np.maximum(low - middles, middles - high)
    return filters[outside <= max(0.0, outside.min())]


def _attacks(curve: np.ndarray, level: np.ndarray, thresholds: Thresholds) -> np.ndarray:
    """Times in s at which the level goes up together with the flux `curve`."""
    mean = gaussian_smooth(curve, AROUND_S * FLUX_RATE)
    distance = max(1, int(NEAR_S * FLUX_RATE))
    peaks = find_peaks(np.pad(curve, 1), thresholds.flux_db, distance) - 1
    peaks = peaks[curve[peaks] > thresholds.flux_db + MEAN_SHARE * mean[peaks]]
    times = []
    clear = np.minimum(1.0, thresholds.flux_db / curve[peaks]) ** CLEAR
    for middle, share in zip((peaks - LAG / 2) / FLUX_RATE, clear, strict=True):
        first = max(0, int((middle - BEFORE_S) * LEVEL_RATE))
        part = level[first : int((middle + AFTER_S) * LEVEL_RATE) + 1]
        begin = max(0, int(middle * LEVEL_RATE) - first - 7)
        top = begin + int(part[begin:].argmax())
        foot = part[: top + 1].min()
        rise = part[top] - foot
        if rise < thresholds.rise_db * share:
            continue
        if rise < thresholds.rise_db:  # other sounds hide where the level goes up
            times.append(max(0.0, middle))
            continue
        low = max(part[top] - ATTACK_DB, foot + min(FOOT_DB, rise / 2))
        # The level of a voice dips between its pulses; quiet is what stays low.
        below = np.flatnonzero(running_maximum(part[: top + 1], QUIET, 0) < low)
        start = first + (below[-1] + 1 if len(below) else top)
        times.append(start / LEVEL_RATE + (EARLY_S if start else 0.0))
    return np.array(times)


def _index(times: np.ndarray, level: np.ndarray) -> np.ndarray:
    return np.minimum(np.round(times * LEVEL_RATE).astype(int), len(level) - 1)


def _apart(times: np.ndarray, level: np.ndarray, gap_s: float) -> np.ndarray:
    """Of beginnings closer than `gap_s` the first, unless one just after it is much louder."""
    kept: list[float] = []
    tops: list[float] = []
    for time, first in zip(times.tolist(), _index(times, level), strict=True):
        top = level[first : first + round(TOP_S * LEVEL_RATE)].max()
        if kept and time - kept[-1] < gap_s:
            if time - kept[-1] < Thresholds.gap_s and top > tops[-1] + LOUDER_DB:
                kept[-1], tops[-1] = time, top
            continue
        kept.append(time)
        tops.append(top)
    return np.array(kept)


def _heard(
    times: np.ndarray, starts: np.ndarray, peaks: np.ndarray, level: np.ndarray
) -> np.ndarray:
    """The same times, later where a sound is at first far below its own peak."""
    heard = times.copy()
    stops = [*starts[1:], len(level)][: len(starts)]
    for index, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        later = int(np.argmax(level[start : max(stop, start + 1)] >= peaks[index] - OWN_RANGE_DB))
        heard[index] += later / LEVEL_RATE
    return heard


def _peaks(level: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Largest level from each start to the next, whose first samples the window sees early."""
    if not len(starts):
        return np.zeros(0)
    until = level.copy()
    for start in starts[1:]:
        until[max(start - LEVEL_WINDOW // LEVEL_HOP, 0) : start] = -np.inf
    return np.maximum(np.maximum.reduceat(until, starts), level[starts])


def _swells(
    level: np.ndarray, attacks: np.ndarray, on_at_start: bool, thresholds: Thresholds
) -> np.ndarray:
    """Times in s at which the level leaves a valley without an attack."""
    smooth = gaussian_smooth(level, SMOOTH_S * LEVEL_RATE)[::SMOOTH_STEP]
    smooth = np.maximum(smooth, level.max() - RANGE_DB)
    rate = LEVEL_RATE / SMOOTH_STEP
    begun = iter([*(attacks * rate), np.inf])
    next_attack = next(begun)
    top, low, at = float(smooth[0]) if on_at_start else np.inf, float(smooth[0]), 0
    found = []
    for index, value in enumerate(smooth.tolist()):
        if value < low:
            low, at = value, index
        swelling = value - low >= thresholds.swell_db and top - low >= DIP_DB
        if swelling:
            valley = smooth[at : index + 1] < low + min(4.0, thresholds.swell_db / 2)
            time = (at + np.flatnonzero(valley)[-1]) / rate
            apart = max(thresholds.gap_s, Thresholds.gap_s)
            if not np.any((attacks > time - apart) & (attacks < time + max(apart, RUN_UP_S))):
                found.append(time)
        if value > top or swelling or next_attack <= index:
            top, low, at = value, value, index
            while next_attack <= index:
                next_attack = next(begun)
    return np.array(found)


def _on_at_start(level: np.ndarray) -> bool:
    """Whether something that is no background sounds from the first moment on."""
    loudest, noise = level.max(), np.percentile(level, NOISE_SHARE)
    start = level[: round(START_S * LEVEL_RATE)].mean()
    over_noise = start > noise + OVER_NOISE_DB or loudest - noise < STEADY_RANGE_DB
    return bool(start > loudest - START_DB and over_noise)
