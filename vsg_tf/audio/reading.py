"""Sound files of any kind as float32 arrays."""

import itertools
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from vsg_tf.audio.channels import as_pair, in_phase, without_offset
from vsg_tf.audio.levels import peak_db
from vsg_tf.audio.resampling import resample, resampled_blocks
from vsg_tf.audio.sound_files import open_sound
from vsg_tf.audio.tracks import count_tracks, iterate_track, no_track
from vsg_tf.containers import check_input
from vsg_tf.errors import InputError

SILENCE_DB = -80.0  # a peak below this is practically digital silence
SHORTEST_REFERENCE = 0.05  # s; about four mel frames
LONGEST_REFERENCE = 60.0  # s; more adds nothing to a timbre
LEADING_SILENCE = 10.0  # s of it that are kept of a reference
_BLOCK = 1 << 16


def load_audio(
    path: str | os.PathLike,
    sample_rate: int,
    max_seconds: float | None = None,
    align: bool = True,
    track: int | None = None,
) -> np.ndarray:
    """Read the sound of an audio or video file.

    Args:
        path: wav, flac, ogg, opus, mp3, m4a or anything else that FFmpeg decodes.
        sample_rate: wanted samples per second.
        max_seconds: read no more than this much from the start.
        align: for a video, sample 0 is the first video frame.
        track: which audio track of several, counted from 1; None: the first that sounds.

    Returns:
        Waveform `[samples]` float32, mono (the mean of all channels; of two in opposite phase, half
        their difference). Full scale is -1..1, which a decoder may exceed.

    Raises:
        InputError: the file is missing, unreadable, without sound or without such a track, or
            holds NaN or infinity.
    """
    return load_sound(path, max_seconds, align, track).mono(sample_rate)


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
        return resample(self.waveform.mean(axis=1), self.sample_rate, sample_rate)

    def within(self, lowest: int, highest: int) -> "Sound":
        """The same with its rate brought into a range; unchanged where it lies in it."""
        rate = min(max(self.sample_rate, lowest), highest)
        return Sound(resample(self.waveform, self.sample_rate, rate), rate)

    @property
    def is_silent(self) -> bool:
        """Whether the mean of its channels is practically digital silence."""
        return peak_db(self.waveform.mean(axis=1)) < SILENCE_DB


def load_reference(
    path: str | os.PathLike,
    max_seconds: float | None = LONGEST_REFERENCE,
    track: int | None = None,
    span: tuple[float, float] | None = None,
) -> Sound:
    """Read a sound whose timbre is to be copied, at its own rate.

    Args:
        path: as `load_audio`.
        max_seconds: read no more than this much, beginning some 10 s before the first sound.
        track: as `load_audio`.
        span: s between which the recording is used; None: from its first sound on.

    Returns:
        Mono or stereo, of more channels their mean; a constant offset is removed.

    Raises:
        InputError: as `load_audio`, or the sound is silent or shorter than 0.05 s.
    """
    if span is None:
        sound = load_sound(path, max_seconds, align=False, track=track, skip_silence=True)
    else:
        sound = _between(path, load_sound(path, span[1], align=False, track=track), span)
    if len(sound.waveform) < SHORTEST_REFERENCE * sound.sample_rate:
        raise InputError(
            f"The reference {path} is shorter than {SHORTEST_REFERENCE} s; give a longer sound."
        )
    sound = Sound(without_offset(sound.waveform), sound.sample_rate)
    if sound.is_silent:
        raise InputError(f"The reference {path} is silent; give a recording with a sound in it.")
    return sound


def _between(path: str | os.PathLike, sound: Sound, span: tuple[float, float]) -> Sound:
    first, last = (round(time * sound.sample_rate) for time in span)
    if first >= len(sound.waveform):
        raise InputError(
            f"The range {span[0]:g}-{span[1]:g} s is not in the reference {path}, which is "
            f"{len(sound.waveform) / sound.sample_rate:.2f} s long."
        )
    return Sound(sound.waveform[first:last], sound.sample_rate)


def load_sound(
    path: str | os.PathLike,
    max_seconds: float | None = None,
    align: bool = True,
    track: int | None = None,
    skip_silence: bool = False,
    sample_rate: int | None = None,
) -> Sound:
    """Read a sound.

    Args:
        path, max_seconds, align, track: as `load_audio`.
        skip_silence: leave out silence at the start but for the last 10 s or so.
        sample_rate: to which it is brought while it is read, which takes less memory; None: its
            own.

    Returns:
        Mono or stereo, of more channels their mean. Two channels are in phase.

    Raises:
        InputError: as `load_audio`.
    """
    path = check_input(path)
    try:
        blocks = _at_rate(_sound_file_blocks(path), sample_rate)
        sound = _collect(blocks, max_seconds, skip_silence)
        if track is not None and track != 1:
            raise no_track(path, track, 1)
    except soundfile.LibsndfileError:
        sound = None
    if sound is None or not len(sound.waveform):
        # Not a format of libsndfile, or damaged, or its length was never filled in, where FFmpeg
        # finds its way better.
        sound = _from_container(path, max_seconds, align, track, skip_silence, sample_rate)
    if not len(sound.waveform):
        raise InputError(f"{path} holds no sound samples; export or download it again.")
    if not np.isfinite(sound.waveform).all():
        raise InputError(f"{path} holds values that are not finite (NaN or inf); export it again.")
    return sound


def _from_container(
    path: Path,
    max_seconds: float | None,
    align: bool,
    track: int | None,
    skip_silence: bool,
    sample_rate: int | None,
) -> Sound:
    def blocks(number: int) -> Iterator[tuple[np.ndarray, int]]:
        return iterate_track(path, align, number)

    count = count_tracks(path) if track is None else 1
    return collect_track(blocks, count, track, max_seconds, skip_silence, sample_rate)


def collect_track(
    blocks: Callable[[int], Iterator[tuple[np.ndarray, int]]],
    count: int,
    track: int | None,
    max_seconds: float | None = None,
    skip_silence: bool = False,
    sample_rate: int | None = None,
) -> Sound:
    """Join the blocks of one of several audio tracks.

    Args:
        blocks: gives those of a track, counted from 1: `[channels, samples]` and their rate.
        count: how many tracks there are.
        track: the one wanted; None: the first that sounds, or, if none does, the first.
        max_seconds, skip_silence, sample_rate: as `load_sound`.

    Returns:
        Mono or stereo in phase; of more channels their mean.
    """

    def read(number: int) -> Sound:
        return _collect(_at_rate(_turned(blocks(number)), sample_rate), max_seconds, skip_silence)

    if track is not None:
        return read(track)
    first = read(1)
    if len(first.waveform) and not first.is_silent:
        return first
    for number in range(2, count + 1):
        other = read(number)
        if len(other.waveform) and not other.is_silent:
            return other
    return first


def _collect(
    blocks: Iterator[tuple[np.ndarray, int]], max_seconds: float | None, skip_silence: bool
) -> Sound:
    """Join blocks `[samples, channels]` to mono or stereo in phase."""
    pieces, total, rate, channels = [], 0, 0, 1
    wanted, sounds = math.inf, not skip_silence
    lead = LEADING_SILENCE if max_seconds is None else min(LEADING_SILENCE, max_seconds / 2)
    for block, rate in blocks:
        channels = block.shape[1]
        pieces.append(as_pair(block))
        total += len(block)
        if not sounds:
            sounds = not _is_still(block)
            while not sounds and total - len(pieces[0]) >= lead * rate:
                total -= len(pieces.pop(0))
        wanted = math.inf if max_seconds is None else max(1, round(max_seconds * rate))
        if total >= wanted:
            break
    if not pieces:
        return Sound(np.zeros((0, 1), np.float32), rate)
    waveform = in_phase(np.concatenate(pieces)[: min(total, wanted)])
    return Sound(waveform if channels <= 2 else waveform.mean(axis=1, keepdims=True), rate)


def _is_still(block: np.ndarray) -> bool:
    """Whether a block holds nothing but a constant, up to practically digital silence."""
    return bool(np.isfinite(block).all()) and peak_db(np.ptp(block, axis=0) / 2) < SILENCE_DB


def _sound_file_blocks(path: Path) -> Iterator[tuple[np.ndarray, int]]:
    with open_sound(path) as file:
        while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
            yield block, file.samplerate


def _at_rate(
    blocks: Iterator[tuple[np.ndarray, int]], wanted: int | None
) -> Iterator[tuple[np.ndarray, int]]:
    """Blocks `[samples, channels]` at another rate; None leaves them as they are."""
    first = next(blocks, None)
    if first is None:
        return
    joined = itertools.chain([first], blocks)
    if wanted is None:
        yield from joined
        return
    for block in resampled_blocks((block for block, _ in joined), first[1], wanted):
        yield block, wanted


def _turned(blocks: Iterator[tuple[np.ndarray, int]]) -> Iterator[tuple[np.ndarray, int]]:
    for block, rate in blocks:
        for first in range(0, block.shape[1], _BLOCK):  # a packet of sound may be a whole song
            yield block[:, first : first + _BLOCK].T, rate
