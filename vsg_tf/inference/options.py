"""What a person can ask of a rendering: shared by command line, batch, server and studio."""

from dataclasses import dataclass

from vsg_tf.errors import InputError
from vsg_tf.inference.renderers.names import DEFAULT_RENDERER, RendererName

GAIN_RANGE_DB = (-60.0, 40.0)


@dataclass(frozen=True)
class RenderOptions:
    """How a timing is rendered with a voice.

    Args:
        background: how much of the reference's background is heard, 0 (none) to 1 (as recorded).
        follow: 0: each event at its own loudness; 1: the level curve of the timing, as far as
            the reference allows. None: 1 where a guide gave the level, else 0.
        gain_db: added to the level, -60 to 40, before the peak is limited.
        seed: of everything that is drawn at random; the same seed gives the same samples.
        renderer: how the waveform is made.

    Raises:
        InputError: a value is out of its range.
    """

    background: float = 0.0
    follow: float | None = None
    gain_db: float = 0.0
    seed: int = 0
    renderer: RendererName = DEFAULT_RENDERER

    def __post_init__(self):
        object.__setattr__(self, "renderer", RendererName(self.renderer))
        check_range("The background", self.background, 0, 1)
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
