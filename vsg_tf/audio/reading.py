"""Sound files of any kind as float32 arrays."""

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
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
    return _read(path, max_seconds, align).mono(sample_rate)


@dataclass(frozen=True)
class Sound:
    """A recording.

    Args:
        waveform: `[samples, channels]` float32; full scale is -1..1.
        sample_rate: samples per second.
    """

    waveform: np.ndarray
    sample_rate: int

    def mono(self, sample_rate: int) -> np.ndarray:
        """The mean of all channels at another rate, `[samples]` float32."""
        return self._resampled(self.waveform.mean(axis=1), sample_rate)

    def within(self, lowest: int, highest: int) -> "Sound":
        """The same with its rate brought into a range; unchanged where it lies in it."""
        rate = min(max(self.sample_rate, lowest), highest)
        return Sound(self._resampled(self.waveform, rate), rate)

    def _resampled(self, waveform: np.ndarray, rate: int) -> np.ndarray:
        if rate != self.sample_rate:
            waveform = librosa.resample(waveform, orig_sr=self.sample_rate, target_sr=rate, axis=0)
        return np.ascontiguousarray(waveform, dtype=np.float32)


def load_reference(path: str | os.PathLike, max_seconds: float | None = LONGEST_REFERENCE) -> Sound:
    """Read a sound whose timbre is to be copied, at its own rate.

    Args:
        path: as `load_audio`.
        max_seconds: read no more than this much from the start.

    Returns:
        Mono or stereo; of more channels their mean.

    Raises:
        InputError: as `load_audio`, or the sound is silent or shorter than 0.05 s.
    """
    sound = _read(path, max_seconds, align=False)
    if len(sound.waveform) < SHORTEST_REFERENCE * sound.sample_rate:
        raise InputError(
            f"The reference {path} is shorter than {SHORTEST_REFERENCE} s; give a longer sound."
        )
    if peak_db(sound.waveform.mean(axis=1)) < SILENCE_DB:
        raise InputError(f"The reference {path} is silent; give a recording with a sound in it.")
    return sound


def _read(path: str | os.PathLike, max_seconds: float | None, align: bool) -> Sound:
    path = check_input(path)
    try:
        sound = _collect(_sound_file_blocks(path), max_seconds)
    except (soundfile.LibsndfileError, TypeError):  # TypeError: headerless .raw
        # Not a format of libsndfile, or damaged, where FFmpeg finds its way better.
        sound = _collect(_stream_blocks(path, align), max_seconds)
    if not len(sound.waveform):
        raise InputError(f"{path} holds no sound samples; export or download it again.")
    if not np.isfinite(sound.waveform).all():
        raise InputError(f"{path} holds values that are not finite (NaN or inf); export it again.")
    return sound


def _collect(blocks: Iterator[tuple[np.ndarray, int]], max_seconds: float | None) -> Sound:
    """Join blocks `[samples, channels]`; more than two channels become their mean."""
    pieces, total, rate = [], 0, 0
    wanted = math.inf
    for block, rate in blocks:
        pieces.append(block if block.shape[1] <= 2 else block.mean(axis=1, keepdims=True))
        total += len(block)
        wanted = math.inf if max_seconds is None else max(1, round(max_seconds * rate))
        if total >= wanted:
            break
    waveform = np.concatenate(pieces) if pieces else np.zeros((0, 1), np.float32)
    return Sound(waveform[: min(total, wanted)], rate)


def _sound_file_blocks(path: Path) -> Iterator[tuple[np.ndarray, int]]:
    with soundfile.SoundFile(path) as file:
        while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
            yield block, file.samplerate


def _stream_blocks(path: Path, align: bool) -> Iterator[tuple[np.ndarray, int]]:
    for block, rate in iterate_track(path, align=align):
        yield block.T, rate
