"""What an editor hears in single results: tails, loops, repeated takes, levels, clicks."""

import itertools

import numpy as np
from scipy.signal import butter, sosfiltfilt
from scipy.stats import rankdata

from vsg_tf.audio.reading import Sound
from vsg_tf.events import EventTrack
from vsg_tf.grains.bands import brightness_of, spectrum_of
from vsg_tf.grains.kinds import Kind
from vsg_tf.grains.levels import level_curve
from vsg_tf.grains.material import Material
from vsg_tf.grains.options import GrainOptions
from vsg_tf.grains.performance import perform
from vsg_tf.timing.timing import LevelCurve, Timing

HIT = 0.15  # s of a hit that are compared
_LAGS = (0.1, 5.0)  # s
_FEWEST = 4  # takes, of which a guide's brightness can choose
_HELD = 8.0  # s of an event of a sound that lasts
_CLICK_WINDOW, _CLICK_TIMES = 0.002, 12.0  # s, and times of what neighbours do
PROBES = {
    "tail20": "tail within 20 dB, times the recording's",
    "tail40": "tail within 40 dB",
    "level": "held 8 s: level error, dB",
    "evenness": "held 8 s: largest level error of a second, dB",
    "loop": "held 8 s: loop autocorrelation above the recording's own",
    "alike": "likeness of successive hits, highest",
    "spread": "13 equal events: spread of level, dB",
    "colour": "a guide's brightness: rank correlation",
    "clicks": "clicks a minute above the recording's",
    "peak": "one strong event: true peak, dB",
    "lufs": "13 events: loudness, LUFS",
    "rtf": "real-time factor",
}


def played(
    material: Material,
    times,
    durations=None,
    seconds: float = 10.0,
    options: GrainOptions = GrainOptions(),
) -> np.ndarray:
    """`[samples, channels]` of equal events at `times` s."""
    times = np.asarray(times, float)
    durations = np.full(len(times), np.nan) if durations is None else np.asarray(durations, float)
    track = EventTrack(times, np.ones(len(times)), durations)
    made = perform(material, Timing(seconds, track), options)
    return np.concatenate(list(made.blocks()))


def within(waveform: np.ndarray, rate: int, decibels: float) -> float:
    """Seconds within so many dB of the loudest 10 ms."""
    level = level_curve(waveform, rate, 0.01)
    return 0.005 * float(np.sum(level > level.max() - decibels))


def loop_autocorrelation(waveform: np.ndarray, rate: int) -> float:
    """Highest autocorrelation of the envelope above 500 Hz between 0.1 and 5 s."""
    sections = butter(4, 500, "high", fs=rate, output="sos")
    high = sosfiltfilt(sections, waveform.mean(axis=1))
    step = round(0.005 * rate)
    count = len(high) // step
    envelope = np.sqrt(np.square(high[: count * step].reshape(count, step)).mean(axis=1))
    envelope -= envelope.mean()
    match = np.fft.irfft(np.abs(np.fft.rfft(envelope, 2 * count)) ** 2)[:count]
    first, last = (round(lag / 0.005) for lag in _LAGS)
    return float((match / max(match[0], 1e-20))[first : min(last, count - 1)].max())


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Highest correlation of two sounds `[samples]` at any lag."""
    size = len(one) + len(other)
    match = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
    return float(match.max() / np.sqrt(max((one @ one) * (other @ other), 1e-20)))


def clicks(waveform: np.ndarray, rate: int) -> int:
    """Moments at which a waveform bends far more than in the 2 ms on both sides."""
    bend = np.abs(np.diff(waveform, n=2, axis=0)).max(axis=1)
    size = round(_CLICK_WINDOW * rate)
    sums = np.concatenate([[0.0], np.cumsum(np.square(bend, dtype=np.float64))])
    mean = np.sqrt(np.maximum(sums[2 * size :] - sums[: -2 * size], 0) / (2 * size))
    middle = bend[size : size + len(mean)]
    # One sample alone gives sqrt(2 * size) times the mean at most.
    found = np.flatnonzero(middle > min(_CLICK_TIMES, 0.8 * np.sqrt(size)) * (mean + 1e-4))
    return int(np.sum(np.diff(found, prepend=-size) > size))


def colour(material: Material) -> float:
    """Rank correlation of the brightness with that of a guide that gets brighter and darker.

    NaN where the material has one sound that ends by itself, and so nothing to choose from.
    """
    rate, seconds = material.sample_rate, 10.0
    at = np.arange(0, seconds, 0.01)
    wanted = 0.5 + 0.5 * np.sin(2 * np.pi * at / 3.3)
    whole = [take for take in material.takes if take.part_of < 0]
    if whole[0].kind is Kind.LASTING:
        events, moments = EventTrack.empty(), np.arange(0.3, seconds - 0.3, 0.15)
    elif len(whole) < _FEWEST:
        return np.nan
    else:
        moments = np.arange(0.3, seconds - 0.4, 0.6)
        events = EventTrack(moments, np.ones(len(moments)), np.full(len(moments), 0.5))
    timing = Timing(seconds, events, LevelCurve(100.0, np.zeros(len(at)), wanted))
    made = np.concatenate(list(perform(material, timing).blocks()))
    parts = [made[round(m * rate) : round((m + 0.15) * rate)] for m in moments]
    found = [brightness_of(spectrum_of(part, rate), rate) for part in parts]
    ranks = [rankdata(found), rankdata(np.interp(moments + 0.075, at, wanted))]
    return float(np.corrcoef(*ranks)[0, 1])


def probe(material: Material, sound: Sound) -> dict[str, float]:
    """All of `PROBES` but the real-time factor; NaN for what a recording cannot show.

    Args:
        material: made of `sound`.
        sound: the recording.
    """
    from vsg_tf.audio.loudness import integrated_loudness
    from vsg_tf.audio.true_peak import true_peak_db

    rate, gain = material.sample_rate, 10 ** (material.gain_db / 20)
    found = dict.fromkeys(PROBES, np.nan)
    kinds = {take.kind for take in material.takes}
    recorded = sound.waveform * np.float32(gain)
    one = played(material, [0.5], [8.0])
    found["peak"] = true_peak_db(one)
    if len(material.takes) == 1 and kinds == {Kind.SINGLE}:
        for decibels in (20, 40):
            own = within(recorded, rate, decibels)
            found[f"tail{decibels}"] = within(one, rate, decibels) / own
    if kinds == {Kind.LASTING}:
        inside = one[round(0.9 * rate) : round((0.1 + _HELD) * rate)]
        seconds = level_curve(inside, rate, 1.0)[100:-100:40]
        own = 10 * np.log10(np.mean(np.square(recorded, dtype=np.float64)))
        courses = level_curve(recorded, rate, 1.0)[100:-100]
        high, low = (courses.max(), courses.min()) if len(courses) else (own, own)
        mean = 10 * np.log10(np.mean(np.square(inside, dtype=np.float64)))
        found["level"] = abs(mean - own)
        found["evenness"] = float(max((seconds - high).max(), (low - seconds).max(), 0))
        found["loop"] = loop_autocorrelation(inside, rate) - loop_autocorrelation(recorded, rate)
    found["colour"] = colour(material)
    times = np.arange(0.5, 9.5, 0.7)
    made = played(material, times, np.full(len(times), 0.6))
    found["lufs"] = integrated_loudness(made, rate)
    # A strike, or the crackling of a fire, may bend like one.
    own = clicks(recorded, rate)
    whole = sum(take.part_of < 0 for take in material.takes)
    own = max(own * len(times) / whole, own * 10 * rate / len(recorded))
    found["clicks"] = max(0.0, 6.0 * (clicks(made, rate) - own))
    if Kind.LASTING not in kinds:
        first = [round(time * rate) - round(0.005 * rate) for time in times]
        hits = [made[f : f + round(HIT * rate)].mean(axis=1) for f in first]
        found["alike"] = max(likeness(a, b) for a, b in itertools.pairwise(hits))
        levels = [level_curve(hit[:, None], rate, 0.02).max() for hit in hits]
        found["spread"] = float(np.ptp(levels))
    return found
