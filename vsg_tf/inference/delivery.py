"""In which form a result is wanted, and what an editor takes along of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from fractions import Fraction
from pathlib import Path

from vsg_tf.errors import InputError
from vsg_tf.handover.clock import SessionClock, session_clock
from vsg_tf.handover.description import Layer, Session
from vsg_tf.handover.samples import check_bit_depth, check_sample_rate
from vsg_tf.handover.wav_chunks import BroadcastInfo
from vsg_tf.inference.sound_files import SoundFormat
from vsg_tf.inference.synthesizer import Rendering
from vsg_tf.video.clip import Clip

FILE_DEPTH, HANDOVER_DEPTH = 16, 24  # bits where none are asked for
_NO_CLIP_RATE = Fraction(25)


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
            session = session_of(rendering, clip, clock)
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


def session_of(rendering: Rendering, clip: Clip | None, clock: SessionClock) -> Session:
    """A session without layers yet, as long as a rendering."""
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
        created=created,
    )
