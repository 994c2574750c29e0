"""Timbre as the paper measures it: cosine of Resemblyzer's embeddings, 1 where equal.

The network was trained to tell speakers apart, and its speech detector throws away what is not
speech; both are reasons to look at more than its library default.
"""

import functools
import warnings
from typing import Literal, get_args

import librosa
import numpy as np

from vsg_tf.audio.levels import peak_db
from vsg_tf.audio.reading import SILENCE_DB
from vsg_tf.extras import require
from vsg_tf.metrics.similarity import cosine

Preprocessing = Literal["speech", "none", "energy"]
PREPROCESSINGS: tuple[str, ...] = get_args(Preprocessing)
SIZE = 256
RATE = 16_000  # Resemblyzer's
_TRIM_DB = 40.0
_LEVEL_DB = -30.0  # Resemblyzer's least level
_SHORTEST = 400  # samples; one window of its spectrum


@functools.lru_cache(maxsize=1)
def load_encoder():
    """Resemblyzer's module and its network; the first call takes seconds.

    Raises:
        MissingExtraError: they are not installed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = require("resemblyzer", extra="eval")
    # Its small steps gain nothing from threads, and lose a lot where the cores are busy.
    require("torch", extra="eval").set_num_threads(1)
    return module, module.VoiceEncoder("cpu", verbose=False)


def speaker_embedding(
    waveform: np.ndarray, sample_rate: int, preprocessing: Preprocessing = "speech"
) -> np.ndarray:
    """Resemblyzer's embedding of a sound.

    Args:
        waveform: `[samples]` float.
        sample_rate: Hz.
        preprocessing: `speech`: the library's default, which lifts the level to -30 dB and cuts
            out what its voice detector takes for silence (a sound in which it hears no voice at
            all is used whole). `none`: the sound as it is. `energy`: the same level, frames more
            than 40 dB below the loudest cut out.

    Returns:
        `[256]` float32 of length 1; all zeros for silence.

    Raises:
        MissingExtraError: Resemblyzer is not installed.
    """
    if preprocessing not in PREPROCESSINGS:
        raise ValueError(f"preprocessing must be one of {PREPROCESSINGS}, not {preprocessing!r}")
    module, encoder = load_encoder()
    waveform = np.asarray(waveform, np.float32)
    if peak_db(waveform) < SILENCE_DB:
        return np.zeros(SIZE, np.float32)
    if sample_rate != RATE:
        waveform = librosa.resample(waveform, orig_sr=sample_rate, target_sr=RATE)
    if preprocessing != "none":
        waveform = np.clip(
            module.normalize_volume(waveform, _LEVEL_DB, increase_only=True), -1.0, 1.0
        )
    if preprocessing == "speech":
        kept = module.trim_long_silences(waveform)
    elif preprocessing == "energy":
        parts = librosa.effects.split(waveform, top_db=_TRIM_DB, frame_length=800, hop_length=160)
        kept = np.concatenate([waveform[start:stop] for start, stop in parts])
    else:
        kept = waveform
    kept = kept if len(kept) >= _SHORTEST else waveform
    with np.errstate(all="ignore"):
        embedding = encoder.embed_utterance(kept.astype(np.float32))
    return embedding if np.isfinite(embedding).all() else np.zeros(SIZE, np.float32)


def speaker_cosine(
    first: np.ndarray,
    second: np.ndarray,
    sample_rate: int,
    preprocessing: Preprocessing = "speech",
) -> float:
    """Cosine of the embeddings of two sounds, 0..1; 0 where either is silent."""
    embeddings = [speaker_embedding(w, sample_rate, preprocessing) for w in (first, second)]
    return cosine(*embeddings)
