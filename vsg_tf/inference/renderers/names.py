"""The renderers by name, importable without any of them."""

from enum import Enum


class RendererName(str, Enum):
    """Values of `vsg generate --renderer`."""

    GRIFFIN_LIM = "griffin-lim"
