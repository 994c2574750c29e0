"""Where pretrained weights that the user has imported lie."""

import os
from pathlib import Path

VARIABLE = "VSG_WEIGHTS"


def weights_folder() -> Path:
    """The folder that the environment variable `VSG_WEIGHTS` names, else one in the user's data."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "vsg-tf" / "weights"
