"""All measures of one sound against its reference and, where it is known, the true sound."""

from dataclasses import dataclass

import numpy as np

from vsg_tf.audio.levels import peak_db
from vsg_tf.audio.mel import LogMel, level_db
from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
from vsg_tf.audio.reading import SILENCE_DB
from vsg_tf.audio.resampling import resample
from vsg_tf.config import AudioConfig
from vsg_tf.evaluation.measures import WINDOWS
from vsg_tf.metrics import alignment, reconstruction
from vsg_tf.metrics.background import background_leak, noise_floor
from vsg_tf.metrics.similarity import correlation, cosine
from vsg_tf.metrics.speaker import PREPROCESSINGS, speaker_embedding
from vsg_tf.metrics.texture import relative_texture
from vsg_tf.metrics.timbre import PEAK, mean_spectrum, mfcc_statistics, statistics_distance
from vsg_tf.timebase import TimeBase

GRID = AudioConfig()  # REGNET's, on which the field's mels are published
TIMEBASE = TimeBase(GRID.sample_rate, GRID.hop_length)
RATE = GRID.sample_rate  # everything is brought to this rate before it is measured
LONGEST_WARP = 30.0  # s; time warping needs memory with the square of the length


def at_rate(waveform: np.ndarray, rate: int) -> np.ndarray:
    """A waveform `[samples]` or `[samples, channels]` as mono float32 at the measures' rate."""
    waveform = np.asarray(waveform, np.float32)
    if waveform.ndim == 2:
        waveform = waveform.mean(axis=1)
    if rate != RATE and len(waveform):
        waveform = resample(waveform, rate, RATE)
    return waveform


def _scaled(waveform: np.ndarray) -> np.ndarray:
    peak = np.abs(waveform).max(initial=0.0)
    return waveform * np.float32(PEAK / peak) if peak > 0 else waveform


class Timbre:
    """What the timbre measures need of a sound, computed once.

    Args:
        waveform: `[samples]` at 22,050 Hz.
    """

    def __init__(self, waveform: np.ndarray):
        self.embeddings = {name: speaker_embedding(waveform, RATE, name) for name in PREPROCESSINGS}
        self.statistics = mfcc_statistics(waveform, RATE)
        self.spectrum = mean_spectrum(waveform, RATE)
        self.levels = level_db(LogMel(GRID)(_scaled(waveform)))
        self.floor = noise_floor(waveform)
        self.silent = peak_db(waveform) < SILENCE_DB

    def similarity(self, other: "Timbre") -> dict[str, float]:
        """Likeness by each measure that retrieval uses; larger is more alike."""
        if self.silent or other.silent:
            return dict.fromkeys((*PREPROCESSINGS, "mfcc", "mel"), 0.0)
        values = {name: cosine(vector, other.embeddings[name])
                  for name, vector in self.embeddings.items()}  # fmt: skip
        values["mfcc"] = -statistics_distance(self.statistics, other.statistics)
        values["mel"] = correlation(self.spectrum, other.spectrum)
        return values


@dataclass(frozen=True)
class Truth:
    """What the timing measures need of a true sound.

    Args:
        waveform: `[samples]` at 22,050 Hz.
        onsets: s.
    """

    waveform: np.ndarray
    onsets: np.ndarray

    @classmethod
    def of(cls, waveform: np.ndarray) -> "Truth":
        """Listen to a true sound."""
        return cls(waveform, events_from_audio(waveform, TIMEBASE)[0])


def envelope(waveform: np.ndarray) -> np.ndarray:
    """Loudness curve of a sound, 21.5 values a second, 0..1."""
    return envelope_from_audio(
        waveform, TIMEBASE, TIMEBASE.feature_frames_for(len(waveform) / RATE)
    )


def timbre_scores(made: Timbre, reference: Timbre) -> dict[str, float]:
    """Timbre, noise floor and texture against the reference."""
    alike = made.similarity(reference)
    distance = statistics_distance(made.statistics, reference.statistics)
    return {
        **{f"speaker_{name}": alike[name] for name in PREPROCESSINGS},
        "mfcc_distance": distance,
        "mel_correlation": alike["mel"],
        "noise_floor": made.floor,
        "noise_floor_reference": reference.floor,
        "texture": relative_texture(made.levels, reference.levels),
    }


def alignment_scores(made: np.ndarray, truth: Truth) -> dict[str, float]:
    """Onsets and loudness of `[samples]` against the true sound."""
    duration = max(len(made), len(truth.waveform)) / RATE
    found = events_from_audio(made, TIMEBASE)[0]
    scores: dict[str, float] = {}
    for name, window in WINDOWS.items():
        onsets = alignment.onset_scores(truth.onsets, found, window)
        chance = alignment.onset_chance(truth.onsets, found, window, duration)["f1"]
        scores |= {f"{key}_{name}": value for key, value in onsets.items()}
        scores |= {f"f1_chance_{name}": chance, f"f1_gain_{name}": onsets["f1"] - chance}
    error = alignment.count_error(truth.onsets, found)
    scores |= {"count_error": error, "count_error_abs": abs(error)}
    curves = envelope(made), envelope(truth.waveform)
    values = alignment.envelope_correlation(*curves, TIMEBASE.feature_rate)
    chance = alignment.envelope_chance(*curves, TIMEBASE.feature_rate)
    for key in ("r", "best"):
        scores |= {
            f"envelope_{key}": values[key],
            f"envelope_{key}_chance": chance[key],
            f"envelope_{key}_gain": values[key] - chance[key],
        }
    scores["envelope_lag"] = values["lag"] if values["best"] else float("nan")
    return scores


def reconstruction_scores(made: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Differences of `[samples]` from the true sound, both brought to one peak level."""
    count = min(len(made), len(truth))
    made, truth = _scaled(made[:count]), _scaled(truth[:count])
    log_mel = LogMel(GRID)
    mels = log_mel(made), log_mel(truth)
    levels = [level_db(mel) for mel in mels]
    warps = (False, True) if count <= LONGEST_WARP * RATE else (False,)
    scores = {
        "mcd" + "_level" * level + "_warp" * warp: reconstruction.mel_cepstral_distortion(
            *levels, level=level, warp=warp
        )
        for level in (False, True)
        for warp in warps
    }
    scores["mel_l1"] = reconstruction.mel_l1(*mels)
    scores["lsd"] = reconstruction.log_spectral_distance(made, truth)
    return scores


def leak_scores(
    made: np.ndarray, reference: np.ndarray, background: np.ndarray
) -> dict[str, float]:
    """Leak of the reference's known background into `[samples]`."""
    count = min(len(reference), len(background))
    events = reference[:count] - background[:count]
    return {"leak": background_leak(made, events, background[:count], RATE)}
