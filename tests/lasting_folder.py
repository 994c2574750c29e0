"""A folder for what tests make once and share; gone when the process ends."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path


@functools.cache
def lasting_folder(name: str) -> Path:
    """The folder of a name, made at its first use."""
    place = Path(tempfile.mkdtemp(prefix=f"vsg-{name}-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place
