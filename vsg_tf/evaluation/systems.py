"""What is named on the command line, into systems with names of their own."""

from collections.abc import Sequence

from vsg_tf.baselines import System, load_system
from vsg_tf.baselines.loading import ModelSystem
from vsg_tf.errors import InputError
from vsg_tf.inference.renderers.names import RendererName


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
    if not isinstance(system, ModelSystem):
        raise InputError(f"The system {rest} has no renderer to choose; leave out @{renderer}.")
    system.synthesizer.check_renderer(renderers[renderer])
    name = f"{system.name}@{renderer}"
    return ModelSystem(name, system.synthesizer, renderers[renderer])


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
