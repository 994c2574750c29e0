"""In which form a result is wanted, and what an editor takes along of it."""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from fractions import Fraction
from pathlib import Path

import numpy as np

from vsg_tf.audio.levels import PEAK_CEILING_DB
from vsg_tf.errors import InputError
from vsg_tf.grains.performance import EventSound
from vsg_tf.handover.clock import SessionClock, session_clock
from vsg_tf.handover.description import Item, Layer, Session
from vsg_tf.handover.runs import Run, items_of_runs
from vsg_tf.handover.samples import FLOAT, check_bit_depth, check_sample_rate
from vsg_tf.handover.wav_chunks import BroadcastInfo
from vsg_tf.inference.raw_sound import RawSound
from vsg_tf.inference.sound_files import SoundFormat
from vsg_tf.inference.synthesizer import Rendering
from vsg_tf.video.clip import Clip

FILE_DEPTH, HANDOVER_DEPTH = 16, 24  # bits where none are asked for
_NO_CLIP_RATE = Fraction(25)
_SAID_DB = 0.1  # less is not worth a word


@dataclass(frozen=True)
class Delivery:
    """In which form results are wanted.

    Args:
        formats: what is handed over, names of `handover.formats.FORMATS`; empty: all that can be
            written here.
        bit_depth: 16, 24, or 32 for floating point; None: 16 for sound files, 24 for what is
            handed over.
        sample_rate: Hz; None: the renderer's.
        start_timecode: of the first picture; None: the clip's own, else 00:00:00:00.

    Raises:
        InputError: a depth or a rate does not exist.
    """

    formats: tuple[str, ...] = ()
    bit_depth: int | None = None
    sample_rate: int | None = None
    start_timecode: str | None = None

    def __post_init__(self):
        if self.bit_depth is not None:
            check_bit_depth(self.bit_depth)
        if self.sample_rate is not None:
            check_sample_rate(self.sample_rate)

    @property
    def handed(self) -> tuple[str, ...]:
        """Names of the formats that are handed over."""
        from vsg_tf.handover.formats import installed_formats

        return self.formats or installed_formats()

    @property
    def handed_depth(self) -> int:
        """Bit depth of what is handed over."""
        return self.bit_depth or HANDOVER_DEPTH

    def check_folder(self, folder: Path, overwrite: bool) -> None:
        """Find out in no time whether something can be handed over; raises as `check_handover`."""
        from vsg_tf.handover.writing import check_handover

        check_handover(folder, self.handed, self.handed_depth, self.sample_rate, overwrite)

    def clock(self, clip: Clip | None) -> SessionClock:
        """How the clip's pictures are counted.

        Raises:
            InputError: the start timecode does not exist at the clip's rate, or there is no clip.
        """
        if clip is not None:
            return session_clock(clip.frame_rate, clip.timecode, self.start_timecode)
        if self.start_timecode is not None:
            raise InputError(
                "--start-timecode is that of the first picture, and there is no clip; give --video."
            )
        return session_clock(_NO_CLIP_RATE)

    def sound_format(self, clip: Clip | None) -> Callable[[Rendering], SoundFormat]:
        """How sound files of a rendering are written; those of a clip say at which timecode they
        begin.

        Raises:
            InputError: as `clock`, before anything is rendered.
        """
        depth, clock = self.bit_depth or FILE_DEPTH, self.clock(clip)
        if clip is None:
            return lambda rendering: SoundFormat(depth)

        def form(rendering: Rendering) -> SoundFormat:
            session = _session(rendering, clip, clock)
            events = rendering.timing.events
            layer = Layer(session.name, events, rendering.channels, lambda: ())
            info = BroadcastInfo(
                session.name,
                session.start_sample,
                session.rate,
                project=session.name,
                created=session.created,
            )
            return SoundFormat(depth, info, session.markers(layer))

        return form


AS_MADE = Delivery()


@dataclass(frozen=True)
class GuideSound:
    """The sound that decided sync.

    Args:
        path: of a sound, or of a video with one.
        track: counted from 1.
        offset_s: by which what it tells was moved later.
    """

    path: Path
    track: int = 1
    offset_s: float = 0.0


@contextlib.contextmanager
def handed_over(
    folder: str | os.PathLike,
    raw: RawSound,
    rendering: Rendering,
    gain_db: float,
    clip: Clip | None,
    name: str,
    guide: GuideSound | None,
    delivery: Delivery,
    overwrite: bool = False,
) -> Iterator[tuple[str, ...]]:
    """Write what an editor takes along; the folder appears when the block ends well.

    Nothing in the stems is limited: where the result was, they are turned down instead, unless
    they are floating point.

    Args:
        folder: new, or an earlier hand-over that is replaced.
        raw: what was made.
        rendering: its events and runs.
        gain_db: that the result was given.
        clip: the video; None without.
        name: of the layer.
        guide: None without.
        delivery: in which form.
        overwrite: replace an earlier hand-over.

    Yields:
        Sentences for the user.

    Raises:
        InputError: as `handover.writing.write_handover`.
    """
    from vsg_tf.handover.writing import open_handover

    clock = delivery.clock(clip)
    notes = clock.notes
    if delivery.handed_depth != FLOAT:
        room = PEAK_CEILING_DB - 20 * np.log10(max(raw.peak, 1e-10))
        if gain_db - room > _SAID_DB:
            notes += (
                f"Stems and items are {gain_db - room:.1f} dB lower than the result, so that "
                "nothing in them is limited.",
            )
        gain_db = min(gain_db, room)
    session = _session(rendering, clip, clock, guide, notes)

    def items() -> Iterator[Item]:
        runs = (_run(sound) for sound in rendering.runs())
        rate = rendering.runs_rate or rendering.sample_rate
        gains = rendering.timing.events.gains
        return items_of_runs(runs, session.samples, rate, session.sample_rate, gain_db, gains)

    layer = Layer(
        name,
        rendering.timing.events,
        rendering.channels,
        lambda: raw.blocks(gain_db),
        None if rendering.runs is None else items,
    )
    session = session.with_layers((layer,))
    with open_handover(
        folder, session, delivery.handed, delivery.handed_depth, overwrite
    ) as written:
        yield written


def _session(
    rendering: Rendering,
    clip: Clip | None,
    clock: SessionClock,
    guide: GuideSound | None = None,
    notes: tuple[str, ...] = (),
) -> Session:
    path = None if clip is None else clip.path
    created = None
    if path is not None:  # the same for the same file, unlike the clock on the wall
        created = datetime.fromtimestamp(int(path.stat().st_mtime), timezone.utc)
    return Session(
        "sound" if path is None else path.stem,
        path,
        Fraction(rendering.samples, rendering.sample_rate),
        clock.rate,
        clock.start_frame,
        rendering.sample_rate,
        (),
        None if guide is None else guide.path,
        1 if guide is None else guide.track,
        0.0 if guide is None else guide.offset_s,
        created,
        notes,
    )


def _run(sound: EventSound) -> Run:
    part = sound.part
    fades = part.fade_in, part.fade_out
    return Run(sound.start, part.waveform, sound.event, part.before, part.after, *fades)
