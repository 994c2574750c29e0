"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest

# Processes that compile librosa's functions at the same time damage numba's cache for each other,
# for good: each process of a parallel run has one of its own. Before anything imports numba.
if "PYTEST_XDIST_WORKER" in os.environ:
    _cache = Path(__file__).parents[1] / ".pytest_cache" / os.environ["PYTEST_XDIST_WORKER"]
    os.environ.setdefault("NUMBA_CACHE_DIR", str(_cache / "numba"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder with real recordings and clips, from VSG_SHARED; the test is skipped without it."""
    place = os.environ.get("VSG_SHARED")
    if not place:
        pytest.skip("VSG_SHARED is not set: no real recordings to test with")
    root = Path(place)
    root = root / "data" if (root / "data").is_dir() else root
    if not (root / "vas_samples").is_dir():
        pytest.skip(f"VSG_SHARED={place} holds no vas_samples")
    return root
