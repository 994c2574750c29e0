"""What is named on the command line, into systems with names of their own."""

from collections.abc import Sequence

from vsg_tf.baselines import System, load_system
from vsg_tf.errors import InputError


def split_name(text: str) -> tuple[str | None, str]:
    """`NAME=PATH` into both; a text without `=` has no name of its own."""
    name, separator, place = text.partition("=")
    return (name, place) if separator and name and "/" not in name else (None, text)


def load_systems(texts: Sequence[str]) -> dict[str, System]:
    """Systems by the names they are listed under, in order.

    Args:
        texts: what `baselines.load_system` takes, or `NAME=` and that.

    Raises:
        InputError: one cannot be loaded, or two have one name.
    """
    systems: dict[str, System] = {}
    for text in texts:
        name, place = split_name(text)
        system = load_system(place)
        name = name or system.name
        if name in systems:
            raise InputError(
                f"Two systems are called {name!r}; write one as NAME={place} with another name."
            )
        systems[name] = system
    return systems
