"""What a person can ask of a rendering: shared by command line, batch, server and studio."""

from dataclasses import dataclass

from vsg_tf.errors import InputError
from vsg_tf.grains.kinds import ReferenceKind
from vsg_tf.inference.renderers.names import DEFAULT_RENDERER, RendererName

GAIN_RANGE_DB = (-60.0, 40.0)
LOUDNESS_RANGE = (-70.0, 0.0)  # LUFS


@dataclass(frozen=True)
class RenderOptions:
    """How a timing is rendered with a voice.

    Args:
        background: how much of the reference's background is heard, 0 (none) to 1 (as recorded).
        follow: 0: each event at its own loudness; 1: the level curve of the timing, as far as
            the reference allows. None: 1 where a guide gave the level, else 0.
        variation: how far the playing of one take varies, 0 (not) to 1 (as a performer's).
        dynamics: how far strengths spread, 0 (all alike) to 1 (over 30 dB); None: what suits the
            source of the timing.
        overlap: whether sounds go on under those that follow; None: those that ring do.
        reference_kind: whether the reference's sounds are single ones, or last as long as their
            events; by default each is told by itself.
        gain_db: added to the level, -60 to 40; peaks are limited after it.
        loudness: LUFS that the result is brought to before the gain, -70 to 0; None: the level at
            which a single strong event just stays below full scale.
        seed: of everything that is drawn at random; the same seed gives the same samples.
        renderer: how the waveform is made.

    Raises:
        InputError: a value is out of its range.
    """

    background: float = 0.0
    follow: float | None = None
    variation: float = 1.0
    dynamics: float | None = None
    overlap: bool | None = None
    reference_kind: ReferenceKind = ReferenceKind.AUTO
    gain_db: float = 0.0
    loudness: float | None = None
    seed: int = 0
    renderer: RendererName = DEFAULT_RENDERER

    def __post_init__(self):
        object.__setattr__(self, "renderer", RendererName(self.renderer))
        object.__setattr__(self, "reference_kind", ReferenceKind(self.reference_kind))
        check_range("The background", self.background, 0, 1)
        check_range("The variation", self.variation, 0, 1)
        if self.dynamics is not None:
            check_range("The dynamics", self.dynamics, 0, 1)
        if self.loudness is not None:
            check_range("The loudness", self.loudness, *LOUDNESS_RANGE, " LUFS")
        if self.follow is not None:
            check_range("How far the level is followed (follow)", self.follow, 0, 1)
        check_range("The gain", self.gain_db, *GAIN_RANGE_DB, " dB")
        if self.seed < 0:
            raise InputError(f"The seed must be 0 or above, not {self.seed}.")


def check_range(name: str, value: float, low: float, high: float, unit: str = "") -> None:
    """Raise an `InputError` unless `low <= value <= high`."""
    if not low <= value <= high:
        raise InputError(f"{name} must be from {low:g} to {high:g}{unit}, not {value:g}.")


DEFAULTS = RenderOptions()
