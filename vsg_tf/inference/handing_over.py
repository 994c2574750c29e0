"""Renderings as stems, items and sessions for an editor."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vsg_tf.audio.levels import PEAK_CEILING_DB
from vsg_tf.grains.performance import EventSound
from vsg_tf.handover.description import Item, Layer, Session
from vsg_tf.handover.runs import Run, items_of_runs
from vsg_tf.handover.samples import FLOAT
from vsg_tf.handover.writing import open_handover
from vsg_tf.inference.delivery import Delivery, session_of
from vsg_tf.inference.raw_sound import RawSound
from vsg_tf.inference.synthesizer import Rendering
from vsg_tf.video.clip import Clip

_SAID_DB = 0.1  # less is not worth a word


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


@dataclass(frozen=True)
class MadeLayer:
    """A rendering that was made and kept.

    Args:
        name: of the layer.
        rendering: its events and runs.
        raw: its samples.
        factors: of its channels in the mix, 1 or 2; two make a mono sound stereo.
    """

    name: str
    rendering: Rendering
    raw: RawSound
    factors: tuple[float, ...] = (1.0,)

    @property
    def channels(self) -> int:
        """1 or 2."""
        return max(self.raw.channels, len(self.factors))

    @property
    def peak(self) -> float:
        """Largest absolute value."""
        return self.raw.peak * max(self.factors)

    def placed(self, waveform: np.ndarray) -> np.ndarray:
        """`[samples, channels]` of the raw sound, as it is in the mix."""
        return waveform * np.array(self.factors, np.float32)


@contextlib.contextmanager
def handed_over(
    folder: str | os.PathLike,
    made: Sequence[MadeLayer],
    gain_db: float,
    clip: Clip | None,
    guide: GuideSound | None,
    delivery: Delivery,
    overwrite: bool = False,
) -> Iterator[tuple[str, ...]]:
    """Write what an editor takes along; the folder appears when the block ends well.

    Nothing in the stems is limited: where that made them louder than full scale, all of them are
    turned down instead, unless they are floating point.

    Args:
        folder: new, or an earlier hand-over that is replaced.
        made: layers at one rate, at least one.
        gain_db: that the result was given.
        clip: the video; None without.
        guide: None without.
        delivery: in which form.
        overwrite: replace an earlier hand-over.

    Yields:
        Sentences for the user.

    Raises:
        InputError: as `handover.writing.write_handover`.
    """
    clock = delivery.clock(clip)
    notes = clock.notes
    if delivery.handed_depth != FLOAT:
        peak = max(layer.peak for layer in made)
        room = PEAK_CEILING_DB - 20 * np.log10(max(peak, 1e-10))
        if gain_db - room > _SAID_DB:
            notes += (
                f"Stems and items are {gain_db - room:.1f} dB lower than the result, so that "
                "nothing in them is limited.",
            )
        gain_db = min(gain_db, room)
    session = replace(session_of(made[0].rendering, clip, clock), notes=notes)
    if guide is not None:
        session = replace(
            session, guide=guide.path, guide_track=guide.track, guide_offset_s=guide.offset_s
        )
    layers = tuple(_layer(each, session, gain_db) for each in made)
    form = delivery.handed, delivery.handed_depth, overwrite
    with open_handover(folder, replace(session, layers=layers), *form) as written:
        yield written


def _layer(made: MadeLayer, session: Session, gain_db: float) -> Layer:
    rendering = made.rendering
    events = rendering.timing.events

    def stem() -> Iterator[np.ndarray]:
        return (made.placed(block) for block in made.raw.blocks(gain_db))

    def items() -> Iterator[Item]:
        runs = (_run(sound, made) for sound in rendering.runs())
        rate = rendering.runs_rate or rendering.sample_rate
        size = session.samples, rate, session.sample_rate
        return items_of_runs(runs, *size, gain_db, events.gains)

    return Layer(made.name, events, made.channels, stem, None if rendering.runs is None else items)


def _run(sound: EventSound, made: MadeLayer) -> Run:
    part = sound.part
    fades = part.fade_in, part.fade_out
    waveform = made.placed(part.waveform)
    return Run(sound.start, waveform, sound.event, part.before, part.after, *fades)
