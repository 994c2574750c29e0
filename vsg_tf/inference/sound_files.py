"""Renderings as sound files, in memory that does not grow."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile

from vsg_tf.audio.limiter import Limiter
from vsg_tf.audio.sound_files import create_sound
from vsg_tf.errors import InputError
from vsg_tf.handover.samples import BitDepth
from vsg_tf.handover.wav import WavWriter
from vsg_tf.handover.wav_chunks import BroadcastInfo, Marker
from vsg_tf.inference.raw_sound import RawSound, stored, unwritable
from vsg_tf.inference.synthesizer import Rendering

SUFFIXES = (".wav", ".flac")
_SUBTYPES = {16: "PCM_16", 24: "PCM_24", 32: "FLOAT"}
_HEARD_DB = 0.5  # less is not worth a word


@dataclass(frozen=True)
class SoundFormat:
    """How sound files are written.

    Args:
        bit_depth: 16, 24, or 32 for floating point, which FLAC does not have.
        info: what WAV files say of themselves; None: nothing.
        markers: places in them.
    """

    bit_depth: BitDepth = 16
    info: BroadcastInfo | None = None
    markers: tuple[Marker, ...] = ()


def is_sound(path: str | os.PathLike) -> bool:
    """Whether a name is that of a sound file that can be written."""
    return Path(path).suffix.lower() in SUFFIXES


def check_suffix(path: str | os.PathLike) -> None:
    """Raise an `InputError` unless a name ends like a sound file that can be written."""
    if not is_sound(path):
        raise InputError(f"Cannot write the sound {path}; end its name in {' or '.join(SUFFIXES)}.")


def write_sound(
    paths: Sequence[Path],
    rendering: Rendering,
    gain_db: float,
    loudness: float | None = None,
    form: SoundFormat = SoundFormat(),
) -> tuple[str, ...]:
    """Make a sound and write it; arguments as `write_raw`.

    Args:
        paths: written in place.
        rendering: read to its end.
        gain_db: gain before limiting.
        loudness: LUFS that the sound is brought to before the gain; None: its own level.
        form: of the files.
    """
    with stored(rendering, paths[0], measured=loudness is not None) as raw:
        return write_raw(paths, raw, raw.gain_to(gain_db, loudness), form)


def write_raw(
    paths: Sequence[Path], raw: RawSound, gain_db: float, form: SoundFormat = SoundFormat()
) -> tuple[str, ...]:
    """Write a sound as WAV or FLAC whose true peak stays below full scale.

    Args:
        paths: written in place, each by its suffix; the caller makes them atomic.
        raw: what was made.
        gain_db: gain before limiting.
        form: of the files.

    Returns:
        Sentences for the user: what was limited.

    Raises:
        InputError: it cannot be written, for example because the disk is full.
    """
    for path in paths:
        limiter = Limiter(raw.sample_rate, raw.channels)
        try:
            with _opened(path, raw, form) as target:
                for block in raw.blocks(gain_db):
                    target.write(limiter.process(block))
                target.write(limiter.flush())
        except (soundfile.LibsndfileError, AssertionError) as error:  # it asserts full writes
            raise unwritable(paths[0].parent) from error
    return limited(limiter)


@contextlib.contextmanager
def _opened(
    path: Path, raw: RawSound, form: SoundFormat
) -> Iterator[WavWriter | soundfile.SoundFile]:
    kind = path.suffix.lower().lstrip(".").upper()
    if kind == "WAV" and form.info is not None:
        shape = raw.sample_rate, raw.channels, form.bit_depth
        with WavWriter(path, *shape, form.info, form.markers) as writer:
            yield writer
        return
    subtype = _SUBTYPES[form.bit_depth]
    with create_sound(path, raw.sample_rate, raw.channels, kind, subtype) as file:
        yield file


def limited(limiter: Limiter) -> tuple[str, ...]:
    """A sentence for the user where a limiter did something that can be heard."""
    if limiter.most_db < _HEARD_DB:
        return ()
    return (
        f"Peaks were limited by up to {limiter.most_db:.1f} dB, for {limiter.limited_s:.1f} s in "
        "all; a lower --gain or --loudness leaves them as they are.",
    )
