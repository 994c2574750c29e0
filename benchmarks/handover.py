"""How long a hand-over takes, and how much memory: one layer with as many events as told.

python benchmarks/handover.py --minutes 30 --events 3000
"""

import resource
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from vsg_tf.events import EventTrack
from vsg_tf.handover.description import Item, Layer, Session
from vsg_tf.handover.formats import FORMATS
from vsg_tf.handover.writing import write_handover
from vsg_tf.timecode import TimecodeRate

RATE = 48_000
_BLOCK = 1 << 16
_SOUND = 0.4  # s of each event


def _layer(seconds: float, count: int) -> Layer:
    times = np.sort(np.random.default_rng(0).uniform(0, seconds - 1, count))
    events = EventTrack(times, np.linspace(0, 1, count), np.full(count, _SOUND))
    length = round(_SOUND * RATE)
    sound = (
        0.1
        * np.random.default_rng(1).standard_normal((2 * length, 2))
        * np.exp(-np.arange(2 * length) / 9000)[:, None]
    ).astype(np.float32)

    def items():
        for event, at in enumerate(times):
            yield Item(round(at * RATE), sound, event, 0, length, 0, 960)

    def stem():
        """The sum of the items in constant memory."""
        coming = items()
        following, active = next(coming, None), []
        for start in range(0, round(seconds * RATE), _BLOCK):
            stop = min(start + _BLOCK, round(seconds * RATE))
            while following is not None and following.start < stop:
                active.append((following.start, following.heard()))
                following = next(coming, None)
            block = np.zeros((stop - start, 2))
            for at, heard in active:
                first, last = max(at, start), min(at + len(heard), stop)
                block[first - start : last - start] += heard[first - at : last - at]
            active = [(at, heard) for at, heard in active if at + len(heard) > stop]
            yield block.astype(np.float32)

    return Layer("steps", events, 2, stem, items)


def main(
    minutes: Annotated[float, typer.Option(help="Length of the clip.")] = 30.0,
    events: Annotated[int, typer.Option(help="How many sounds.")] = 3000,
    formats: Annotated[list[str] | None, typer.Option(help="Some of them; default: all.")] = None,
) -> None:
    """Write hand-overs into a temporary folder, one format at a time."""
    seconds = minutes * 60
    session = Session(
        "long",
        None,
        Fraction(seconds),
        TimecodeRate(Fraction(30000, 1001), True),
        107_892,
        RATE,
        (_layer(seconds, events),),
    )
    for name in formats or FORMATS:
        with tempfile.TemporaryDirectory() as scratch:
            before = time.monotonic()
            write_handover(Path(scratch) / "out", session, [name])
            took = time.monotonic() - before
            files = [path for path in Path(scratch).rglob("*") if path.is_file()]
            size = sum(path.stat().st_size for path in files) / 2**20
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
        print(f"{name:9} {took:6.1f} s  {size:7.0f} MiB in {len(files)} files, peak {peak:.0f} MiB")


if __name__ == "__main__":
    typer.run(main)
