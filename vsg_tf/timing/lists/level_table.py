"""The level curve as a table of our CSV."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.timing.lists.clock import number
from vsg_tf.timing.timing import FLOOR_DB, LevelCurve

LEVEL_TIME = "level_time_s"
LEVEL_COLUMNS = (LEVEL_TIME, "level_db", "brightness")
EVEN_RATE = 100.0  # values a second of a curve whose times are not evenly spaced
_MOST_VALUES = 10_000_000


def level_rows(level: LevelCurve) -> Iterator[list[str]]:
    """Header and rows of a level curve, each number in the shortest digits that read back."""
    columns = [np.arange(len(level.db)) / level.rate, level.db]
    columns += [] if level.brightness is None else [level.brightness]
    yield list(LEVEL_COLUMNS[: len(columns)])
    for row in zip(*columns, strict=True):
        yield [repr(float(value)) for value in row]


def curve_from_rows(path: Path, rows: list[tuple[int, list[str]]]) -> LevelCurve:
    """The curve that a table's header and rows tell.

    Args:
        path: of the file, for errors.
        rows: line numbers and cells, the header first.

    Returns:
        The curve that was written, or, where times are not evenly spaced because somebody edited
        them, straight lines between them at 100 values a second. Levels are brought to 0 dB at
        most and -80 dB at least.

    Raises:
        InputError: a cell is no number, times do not ascend, or there is no value at all.
    """
    header = [name.strip().lower() for name in rows[0][1]]
    if "level_db" not in header:
        raise InputError(f"{path} line {rows[0][0]}: the level curve lacks the column level_db.")
    wanted = [name for name in LEVEL_COLUMNS if name in header]
    places = [header.index(name) for name in wanted]
    values = []
    for line, row in rows[1:]:
        place = f"{path} line {line}"
        values.append([number(row[i] if i < len(row) else "", place) for i in places])
        if values[-1][0] < 0 or (len(values) > 1 and values[-1][0] <= values[-2][0]):
            raise InputError(f"{place}: the times of a level curve must ascend from 0.")
    if not values:
        raise InputError(f"{path} line {rows[0][0]}: the level curve has no values.")
    columns = np.array(values).T
    times, db = columns[0], np.clip(columns[1], FLOOR_DB, 0.0)
    brightness = np.clip(columns[2], 0.0, 1.0) if len(columns) > 2 else None
    rate = _rate_of(times)
    if rate is not None:
        return LevelCurve(rate, db, brightness)
    count = int(times[-1] * EVEN_RATE) + 1
    if count > _MOST_VALUES:
        raise InputError(f"{path}: the level curve ends at {times[-1]:g} s; correct its times.")
    even = np.arange(count) / EVEN_RATE
    curve = LevelCurve(EVEN_RATE, np.interp(even, times, db, left=FLOOR_DB))
    if brightness is None:
        return curve
    return LevelCurve(EVEN_RATE, curve.db, np.interp(even, times, brightness))


def _rate_of(times: np.ndarray) -> float | None:
    """The rate at which value `i` has the time `i / rate`, exactly; None if there is none."""
    steps = np.arange(len(times))
    if times[0] != 0:
        return None
    if len(times) == 1:
        return EVEN_RATE
    rough = float(steps[-1] / times[-1])
    # Of the rates that give these very digits the simplest fraction is the one that was meant.
    candidates = [float(Fraction(rough).limit_denominator(10**k)) for k in range(6)]
    candidates += [rough, float(1 / times[1])]
    candidates += [np.nextafter(rough, 0.0), np.nextafter(rough, np.inf)]
    for rate in candidates:
        if rate > 0 and np.array_equal(steps / rate, times):
            return float(rate)
    return None
