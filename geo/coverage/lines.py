"""Lines: runs of steps of one trip, cut where class or area changes; gap lines are such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.coverage.classes import UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.tracks import Steps

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lines:
    """Lines in columns, arrays of shape (g,); line i has the points offset[i]:offset[i+1]."""

    route: Ints
    start_ms: Ints  # epoch ms
    end_ms: Ints
    duration_ms: Ints
    length_mm: Ints
    found: NDArray[np.uint8]  # class; of a gap line its cause
    worst_walk_m: Floats  # greatest walk to a station known open; inf: none to be walked to
    nearest: Ints  # row of the station nearest to the line, whatever its hours; -1: none
    area: Ints  # row in the first layer of areas, -1: none
    offset: Ints  # (g + 1,)
    lon: Floats  # (points,)
    lat: Floats
    is_hidden: NDArray[np.bool_]  # (points,) near the ends of a worker's day, not to be shown

    def __len__(self) -> int:
        return len(self.route)


_PER_POINT: Final = ("lon", "lat", "is_hidden")
_PER_LINE: Final = tuple(
    name for name in Lines.__dataclass_fields__ if name not in {"offset", *_PER_POINT}
)


@dataclass(frozen=True)
class Judged:
    """What lines need to know of fixes, arrays of shape (n,)."""

    found: NDArray[np.uint8]  # class
    area: Ints
    walk_open_m: Floats
    walk_any_m: Floats
    nearest: Ints
    is_hidden: NDArray[np.bool_]


def gap_lines(steps: Steps, judged: Judged) -> Lines:
    """Return the gap lines of whole trips; arguments as of `class_lines`."""
    return class_lines(steps, judged, judged.found > UNKNOWN)


def class_lines(steps: Steps, judged: Judged, wanted: NDArray[np.bool_]) -> Lines:
    """Return the lines of some of the steps of whole trips.

    Parameters
    ----------
    steps : Steps, n fixes
        Whole trips, in order of trip and time.
    judged : Judged
        Of the same fixes.
    wanted : ndarray of bool, shape (n,)
        Which steps count; the last fix of a trip begins none, whatever is said of it.

    Returns
    -------
    Lines
        Consecutive wanted steps of one trip, class and area are one line; perhaps none.
    """
    n = len(steps.trip)
    counts = np.zeros(n, dtype=bool)
    counts[:-1] = steps.trip[1:] == steps.trip[:-1]
    counts &= wanted
    joins = np.zeros(n, dtype=bool)
    joins[1:] = (
        counts[1:]
        & counts[:-1]
        & (steps.trip[1:] == steps.trip[:-1])
        & (judged.found[1:] == judged.found[:-1])
        & (judged.area[1:] == judged.area[:-1])
    )
    first = np.flatnonzero(counts & ~joins)
    rows = np.flatnonzero(counts)
    if not len(first):
        return join_lines([])
    starts = np.searchsorted(rows, first)
    count = np.diff(np.append(starts, len(rows)))
    nearest = judged.nearest[_first_least(judged.walk_any_m[rows], starts, count, rows)]
    offset = np.concatenate([[0], np.cumsum(count + 1)])
    points = np.repeat(first - offset[:-1], count + 1) + np.arange(offset[-1])
    return Lines(
        route=steps.route[first].astype(np.int64),
        start_ms=steps.t_ms[first],
        end_ms=steps.t_ms[first + count],
        duration_ms=np.add.reduceat(steps.duration_ms[rows], starts),
        length_mm=np.add.reduceat(steps.length_mm[rows], starts),
        found=judged.found[first],
        worst_walk_m=np.maximum.reduceat(judged.walk_open_m[rows], starts),
        nearest=nearest,
        area=judged.area[first],
        offset=offset,
        lon=steps.lon[points],
        lat=steps.lat[points],
        is_hidden=judged.is_hidden[points],
    )


def join_lines(parts: list[Lines]) -> Lines:
    """Return all lines in one, ordered by route, start and end; an empty one for no parts."""
    whole = _concatenated(parts or [_empty()])
    order = np.lexsort((whole.found, whole.area, whole.end_ms, whole.start_ms, whole.route))
    return take_lines(whole, order)


def take_lines(lines: Lines, rows: Ints) -> Lines:
    """Return the lines at these rows, in their order."""
    size = np.diff(lines.offset)[rows]
    offset = np.concatenate([[0], np.cumsum(size)])
    point = np.repeat(lines.offset[:-1][rows] - offset[:-1], size) + np.arange(offset[-1])
    columns = {name: getattr(lines, name)[rows] for name in _PER_LINE}
    points = {name: getattr(lines, name)[point] for name in _PER_POINT}
    return Lines(**columns, **points, offset=offset)


def _first_least(values: Floats, starts: Ints, count: Ints, rows: Ints) -> Ints:
    """Return, per run, the row where its values are least, the first of equals."""
    run = np.repeat(np.arange(len(starts)), count)
    order = np.lexsort((rows, values, run))
    return np.asarray(rows[order[starts]])


def _concatenated(parts: list[Lines]) -> Lines:
    sizes = np.concatenate([np.diff(part.offset) for part in parts])
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in (*_PER_LINE, *_PER_POINT)
    }
    return Lines(**columns, offset=np.concatenate([[0], np.cumsum(sizes)]))


def _empty() -> Lines:
    types: dict[str, type[np.generic]] = {
        "found": np.uint8, "worst_walk_m": np.float64, "lon": np.float64, "lat": np.float64,
        "is_hidden": np.bool_,
    }  # fmt: skip
    names = (*_PER_LINE, *_PER_POINT)
    columns = {name: np.array([], dtype=types.get(name, np.int64)) for name in names}
    return Lines(**columns, offset=np.zeros(1, dtype=np.int64))
