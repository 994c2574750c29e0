"""Which front ends there are: the built-in ones, and those that other packages bring."""

import functools
import importlib
import importlib.metadata
import json
from collections.abc import Mapping, Sequence
from typing import Any

from vsg_tf.errors import ConfigError
from vsg_tf.frontends.front_end import FrontEnd
from vsg_tf.frontends.joined import JoinedFrontEnds

# Name to where the class is, which is imported when a configuration names it.
BUILT_IN = {
    "motion": "vsg_tf.frontends.motion:Motion",
    "regnet": "vsg_tf.frontends.regnet:Regnet",
    "onnx": "vsg_tf.frontends.encoders.onnx_file:OnnxFile",
    "keras_hub": "vsg_tf.frontends.encoders.keras_hub:KerasHub",
}
ENTRY_POINTS = "vsg_tf.front_ends"  # the group in which installed packages offer theirs

_registered: dict[str, type[FrontEnd]] = {}


def register(front_end: type[FrontEnd]) -> type[FrontEnd]:
    """Make a front end known by its name in this process; usable as a decorator.

    An installed package offers it to every process as an entry point of the group
    `vsg_tf.front_ends` instead.

    Raises:
        ConfigError: a built-in front end has that name.
    """
    if front_end.name in BUILT_IN:
        raise ConfigError(f"There is a built-in front end {front_end.name!r}; choose another name.")
    _registered[front_end.name] = front_end
    _build.cache_clear()
    return front_end


def front_end_names() -> list[str]:
    """The names of all front ends."""
    offered = {point.name for point in importlib.metadata.entry_points(group=ENTRY_POINTS)}
    return [*BUILT_IN, *sorted((offered | set(_registered)) - set(BUILT_IN))]


def find_front_end(name: str) -> type[FrontEnd]:
    """The class of a front end.

    Raises:
        ConfigError: there is none of that name.
    """
    if name in BUILT_IN:
        module, _, attribute = BUILT_IN[name].partition(":")
        return getattr(importlib.import_module(module), attribute)
    if name in _registered:
        return _registered[name]
    for point in importlib.metadata.entry_points(group=ENTRY_POINTS):
        if point.name == name:
            return point.load()
    raise ConfigError(
        f"There is no front end {name!r}; those known are {', '.join(front_end_names())}."
    )


def build_front_end(
    front_ends: Sequence[str], settings: Mapping[str, Mapping[str, Any]]
) -> FrontEnd:
    """The front end that a configuration describes, made once in a process.

    Args:
        front_ends: one name, or several to be joined in this order.
        settings: name to settings; the others get their defaults.

    Raises:
        ConfigError: a name is not known.
        pydantic.ValidationError: settings are wrong.
    """
    return _build(tuple(front_ends), json.dumps(settings, sort_keys=True))


@functools.lru_cache(maxsize=16)
def _build(front_ends: tuple[str, ...], settings: str) -> FrontEnd:
    values = json.loads(settings)
    made = []
    for name in front_ends:
        kind = find_front_end(name)
        made.append(kind(kind.Settings.model_validate(values.get(name, {}))))
    return made[0] if len(made) == 1 else JoinedFrontEnds(made)
