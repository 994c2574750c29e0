"""What is named on the command line, into systems with names of their own."""

import functools
from collections.abc import Sequence

import numpy as np

from vsg_tf.baselines import System, load_system
from vsg_tf.baselines.system import clip_samples, fit_samples
from vsg_tf.errors import InputError
from vsg_tf.evaluation import scoring
from vsg_tf.inference.renderers.names import RendererName


class Rendered:
    """A trained model heard through another renderer than its default.

    Args:
        system: one with a synthesizer.
        renderer: how its waveform is made.
    """

    sample_rate = scoring.RATE

    def __init__(self, system: System, renderer: RendererName):
        self.name = f"{system.name}@{renderer.value}"
        self.synthesizer = functools.partial(system.synthesizer, renderer=renderer)

    def __call__(self, video, reference, *, seed: int = 0) -> np.ndarray:
        """As `System`."""
        samples = clip_samples(video, self.sample_rate)
        return fit_samples(scoring.at_rate(*self.synthesizer(video, reference, seed=seed)), samples)


def split_name(text: str) -> tuple[str | None, str]:
    """`NAME=PLACE` into both; a text without `=` has no name of its own."""
    name, separator, place = text.partition("=")
    return (name, place) if separator and name and "/" not in name else (None, text)


def load_one(place: str) -> System:
    """What `baselines.load_system` takes; `@` and a renderer's name may follow.

    Raises:
        InputError: it cannot be loaded, it has no renderer that could be chosen, or not this one.
    """
    renderers = {renderer.value: renderer for renderer in RendererName}
    rest, separator, renderer = place.rpartition("@")
    if not separator or renderer not in renderers:
        return load_system(place)
    system = load_system(rest)
    if getattr(system, "synthesizer", None) is None:
        raise InputError(f"The system {rest} has no renderer to choose; leave out @{renderer}.")
    system.synthesizer.check_renderer(renderers[renderer])
    return Rendered(system, renderers[renderer])


def load_systems(texts: Sequence[str]) -> dict[str, System]:
    """Systems by the names they are listed under, in order.

    Args:
        texts: what `load_one` takes, or `NAME=` and that.

    Raises:
        InputError: one cannot be loaded, or two have one name.
    """
    systems: dict[str, System] = {}
    for text in texts:
        name, place = split_name(text)
        system = load_one(place)
        name = name or system.name
        if name in systems:
            raise InputError(
                f"Two systems are called {name!r}; write one as NAME={place} with another name."
            )
        systems[name] = system
    return systems
