"""The renderers by name, importable without any of them."""

from enum import Enum


class RendererName(str, Enum):
    """Values of `vsg generate --renderer`."""

    GRAINS = "grains"
    GRIFFIN_LIM = "griffin-lim"


# It wins the table of docs/renderers.md, for single sounds and for sounds that go on.
DEFAULT_RENDERER = RendererName.GRAINS
