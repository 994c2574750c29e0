"""The renderers by name, importable without any of them."""

from enum import Enum


class RendererName(str, Enum):
    """Values of `vsg generate --renderer`."""

    GRAINS = "grains"
    VOCODER = "vocoder"
    GRIFFIN_LIM = "griffin-lim"


# Ahead in timbre and texture for every kind of reference: docs/renderers.md.
DEFAULT_RENDERER = RendererName.GRAINS
