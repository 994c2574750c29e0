"""Sound files of any kind as mono float32 arrays."""

import math
import os
from collections.abc import Iterator
from pathlib import Path

import librosa
import numpy as np
import soundfile

from vsg_tf.audio.levels import peak_db
from vsg_tf.audio.tracks import iterate_track
from vsg_tf.containers import check_input
from vsg_tf.errors import InputError

SILENCE_DB = -80.0  # a peak below this is practically digital silence
SHORTEST_REFERENCE = 0.05  # s; about four mel frames
LONGEST_REFERENCE = 60.0  # s; more adds nothing to a timbre
_BLOCK = 1 << 16


def load_audio(
    path: str | os.PathLike,
    sample_rate: int,
    max_seconds: float | None = None,
    align: bool = True,
) -> np.ndarray:
    """Read the sound of an audio or video file.

    Args:
        path: wav, flac, ogg, opus, mp3, m4a or anything else that FFmpeg decodes.
        sample_rate: wanted samples per second.
        max_seconds: read no more than this much from the start.
        align: for a video, sample 0 is the first video frame.

    Returns:
        Waveform `[samples]` float32, mono (the mean of all channels). Full scale is -1..1, which
        a decoder may exceed.

    Raises:
        InputError: the file is missing, unreadable, without sound, or holds NaN or infinity.
    """
    path = check_input(path)
    try:
        waveform, rate = _collect(_sound_file_blocks(path), max_seconds)
    except (soundfile.LibsndfileError, TypeError):  # TypeError: headerless .raw
        # Not a format of libsndfile, or damaged, where FFmpeg finds its way better.
        waveform, rate = _collect(_stream_blocks(path, align), max_seconds)
    if not len(waveform):
        raise InputError(f"{path} holds no sound samples; export or download it again.")
    if not np.isfinite(waveform).all():
        raise InputError(f"{path} holds values that are not finite (NaN or inf); export it again.")
    if rate != sample_rate:
        waveform = librosa.resample(waveform, orig_sr=rate, target_sr=sample_rate)
    return np.ascontiguousarray(waveform, dtype=np.float32)


def load_reference(
    path: str | os.PathLike, sample_rate: int, max_seconds: float | None = LONGEST_REFERENCE
) -> np.ndarray:
    """Read a sound whose timbre is to be copied; as `load_audio`, without the time alignment.

    Raises:
        InputError: as `load_audio`, or the sound is silent or shorter than 0.05 s.
    """
    waveform = load_audio(path, sample_rate, max_seconds, align=False)
    if len(waveform) < SHORTEST_REFERENCE * sample_rate:
        raise InputError(
            f"The reference {path} is shorter than {SHORTEST_REFERENCE} s; give a longer sound."
        )
    if peak_db(waveform) < SILENCE_DB:
        raise InputError(f"The reference {path} is silent; give a recording with a sound in it.")
    return waveform


def _collect(
    blocks: Iterator[tuple[np.ndarray, int]], max_seconds: float | None
) -> tuple[np.ndarray, int]:
    """Join blocks of mono samples; their samples per second."""
    pieces, total, rate = [np.zeros(0, np.float32)], 0, 0
    wanted = math.inf
    for block, rate in blocks:
        pieces.append(block)
        total += len(block)
        wanted = math.inf if max_seconds is None else max(1, round(max_seconds * rate))
        if total >= wanted:
            break
    return np.concatenate(pieces)[: min(total, wanted)], rate


def _sound_file_blocks(path: Path) -> Iterator[tuple[np.ndarray, int]]:
    with soundfile.SoundFile(path) as file:
        while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
            yield block.mean(1), file.samplerate


def _stream_blocks(path: Path, align: bool) -> Iterator[tuple[np.ndarray, int]]:
    for block, rate in iterate_track(path, align=align):
        yield block.mean(0), rate
