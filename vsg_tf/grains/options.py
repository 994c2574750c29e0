"""What can be asked of a performance."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GrainOptions:
    """How a timing is performed; the fields of `inference.options.RenderOptions` of these names.

    Args:
        background: how much of the recordings' background is heard, 0 to 1.
        follow: how far the loudness follows the timing's level curve, 0 to 1; None: 1 where the
            curve was performed, 0 where it is only estimated from a picture.
        variation: how far the playing of one take varies, 0 (not) to 1.
        dynamics: how far strengths spread, 0 (all alike) to 1 (over 30 dB); None: what suits the
            source of the timing.
        overlap: whether sounds go on under those that follow; None: those that ring do.
        seed: of everything that is drawn at random.
    """

    background: float = 0.0
    follow: float | None = None
    variation: float = 1.0
    dynamics: float | None = None
    overlap: bool | None = None
    seed: int = 0
