"""Events and loudness heard in a sound, for data that comes without their truth."""

import numpy as np

from vsg_tf.audio.mel import band_magnitudes, mel_filters
from vsg_tf.audio.peak_picking import pick_onsets
from vsg_tf.events import ENVELOPE_RANGE_DB, STRENGTH_RANGE_DB
from vsg_tf.timebase import TimeBase

MIN_GAP = 0.05  # s; onsets closer than this are one event
LEVEL_HOP = 64  # samples between the values of the fine level, about 3 ms
LEVEL_WINDOW = 256
BEFORE, AFTER = 0.06, 0.08  # s around a detected onset in which its attack and peak lie
ATTACK_DB = 12.0  # the attack begins where the level is this far below the peak
SHORTEST = 2048  # samples
SILENT = 1e-5
FLUX_FFT, FLUX_BANDS = 1024, 80  # of the spectra in which attacks are looked for
FLUX_RANGE_DB = 60.0
FLUX_FLOOR = 1e-10  # power
# librosa's onset strength comes later by half of this, whatever made the spectra.
SHIFT_SAMPLES = 2048


def events_from_audio(
    waveform: np.ndarray, timebase: TimeBase
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the attacks in a sound.

    Args:
        waveform: `[samples]` at the time base's sample rate.
        timebase: the grids.

    A sound that is already on at time 0 has no attack there.

    Returns:
        Times in s (ascending), strengths 0..1 (1 = the loudest event, 0 = 30 dB below it) and
        durations in s (until 30 dB below the event's peak, or the next event), each `[events]`
        float32; all empty for silence.
    """
    # Shorter than a spectrum's window there is nothing to compare an attack with.
    waveform = np.pad(waveform, (0, max(0, SHORTEST - len(waveform))))
    level = _fine_level(waveform)
    onsets = _detect(waveform, timebase) if level.max() > 20 * np.log10(SILENT) else []
    rate = timebase.sample_rate / LEVEL_HOP
    starts, peaks = [], []
    for onset in onsets:
        first = max(0, round((onset - BEFORE) * rate))
        window = level[first : round((onset + AFTER) * rate) + 1]
        peak = int(window.argmax())
        quiet = np.flatnonzero(window[: peak + 1] < window[peak] - ATTACK_DB)
        start = first + (quiet[-1] + 1 if len(quiet) else min(peak, round(BEFORE * rate)))
        if not starts or start - starts[-1] >= MIN_GAP * rate:
            starts.append(start)
            peaks.append(window[peak])
    starts, peaks = np.array(starts, int), np.array(peaks)
    if len(starts):
        audible = peaks > peaks.max() - STRENGTH_RANGE_DB
        starts, peaks = starts[audible], peaks[audible]
    strengths = 1 + (peaks - peaks.max(initial=-np.inf)) / STRENGTH_RANGE_DB
    return tuple(
        np.asarray(values, np.float32)
        for values in (starts / rate, strengths, _lengths(level, starts, peaks) / rate)
    )


def envelope_from_audio(waveform: np.ndarray, timebase: TimeBase, count: int) -> np.ndarray:
    """Loudness per feature frame.

    Args:
        waveform: `[samples]` at the time base's sample rate.
        timebase: the grids.
        count: feature frames wanted; beyond the sound there is silence.

    Returns:
        `[count]` float32 in 0..1: log RMS over one feature frame's samples, 1 at the clip's
        loudest frame, 0 at 45 dB below it; all 0 for silence.
    """
    hop = timebase.feature_hop
    padded = np.zeros(count * hop, np.float32)
    part = waveform[: len(padded)]
    padded[: len(part)] = part
    rms = np.sqrt(np.square(padded.reshape(count, hop)).mean(1))
    if rms.max(initial=0.0) < SILENT:
        return np.zeros(count, np.float32)
    decibels = 20 * np.log10(np.maximum(rms, 1e-10) / rms.max())
    return np.clip(1 + decibels / ENVELOPE_RANGE_DB, 0.0, 1.0).astype(np.float32)


def flux_fft(timebase: TimeBase) -> int:
    """Samples of the spectra in which attacks are looked for; they overlap by half at least."""
    return max(FLUX_FFT, 2 * timebase.hop_length)


def onset_strength(waveform: np.ndarray, timebase: TimeBase) -> np.ndarray:
    """Mean rise of the log-mel bands, the numbers of `librosa.onset.onset_strength`.

    Args:
        waveform: `[samples]`.
        timebase: the grids.

    Returns:
        `[1 + samples // hop_length]` float32 in dB, later than the sound by 1024 samples in whole
        frames.
    """
    n_fft, rate, hop = flux_fft(timebase), timebase.sample_rate, timebase.hop_length
    filters = mel_filters(rate, n_fft, FLUX_BANDS, 0.0, rate / 2)
    bands = band_magnitudes(waveform, filters, n_fft, hop, 1 + len(waveform) // hop)
    decibels = 10 * np.log10(np.maximum(FLUX_FLOOR, np.square(bands)))
    decibels = np.maximum(decibels, decibels.max() - FLUX_RANGE_DB)
    rise = np.maximum(0, np.diff(decibels, axis=0)).mean(axis=1)
    return np.pad(rise, (1 + SHIFT_SAMPLES // (2 * hop), 0))[: len(bands)]


def _fine_level(waveform: np.ndarray) -> np.ndarray:
    """Level in dB every `LEVEL_HOP` samples; value i is centred on sample i * LEVEL_HOP."""
    count, half = 1 + len(waveform) // LEVEL_HOP, LEVEL_WINDOW // 2
    padded = np.zeros((count - 1) * LEVEL_HOP + LEVEL_WINDOW, np.float32)
    part = waveform[: len(padded) - half]
    padded[half : half + len(part)] = part
    power = np.square(padded).reshape(-1, LEVEL_HOP).sum(axis=1)
    power = np.lib.stride_tricks.sliding_window_view(power, LEVEL_WINDOW // LEVEL_HOP).sum(axis=1)
    return 10 * np.log10(np.maximum(power / LEVEL_WINDOW, 1e-20))


def _detect(waveform: np.ndarray, timebase: TimeBase) -> np.ndarray:
    """Times in s at which the log-mel flux peaks."""
    flux = onset_strength(waveform, timebase)
    return timebase.mel_times(len(flux))[pick_onsets(flux, timebase.mel_rate)]


def _lengths(level: np.ndarray, starts: np.ndarray, peaks: np.ndarray) -> np.ndarray:
    """How many values of `level` each event lasts."""
    lengths = np.zeros(len(starts))
    for i, (start, peak) in enumerate(zip(starts, peaks, strict=True)):
        end = starts[i + 1] if i + 1 < len(starts) else len(level)
        rest = level[start:end]
        loudest = int(rest.argmax())
        faded = np.flatnonzero(rest[loudest:] < peak - STRENGTH_RANGE_DB)
        lengths[i] = loudest + faded[0] if len(faded) else len(rest)
    return lengths
