"""Gap lines: runs of gap steps of one trip, cut where cause or area changes."""

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
class GapLines:
    """Gap lines in columns, arrays of shape (g,); line i has the points offset[i]:offset[i+1]."""

    route: Ints
    start_ms: Ints  # epoch ms
    end_ms: Ints
    duration_ms: Ints
    length_mm: Ints
    cause: NDArray[np.uint8]  # class
    worst_walk_m: Floats  # greatest walk to a station known open; inf: none to be walked to
    nearest: Ints  # row of the station nearest to the line, whatever its hours; -1: none
    area: Ints  # row in the first layer of areas, -1: none
    offset: Ints  # (g + 1,)
    lon: Floats  # (points,)
    lat: Floats

    def __len__(self) -> int:
        return len(self.route)


_PER_LINE: Final = tuple(
    name for name in GapLines.__dataclass_fields__ if name not in {"offset", "lon", "lat"}
)


@dataclass(frozen=True)
class Judged:
    """What gap lines need to know of fixes, arrays of shape (n,)."""

    found: NDArray[np.uint8]  # class
    area: Ints
    walk_open_m: Floats
    walk_any_m: Floats
    nearest: Ints


def gap_lines(steps: Steps, judged: Judged) -> GapLines:
    """Return the gap lines of whole trips.

    Parameters
    ----------
    steps : Steps, n fixes
        Whole trips, in order of trip and time.
    judged : Judged
        Of the same fixes.
    """
    n = len(steps.trip)
    is_step = np.zeros(n, dtype=bool)
    is_step[:-1] = steps.trip[1:] == steps.trip[:-1]
    is_gap = is_step & (judged.found > UNKNOWN)
    joins = np.zeros(n, dtype=bool)
    joins[1:] = (
        is_gap[1:]
        & is_gap[:-1]
        & (steps.trip[1:] == steps.trip[:-1])
        & (judged.found[1:] == judged.found[:-1])
        & (judged.area[1:] == judged.area[:-1])
    )
    first = np.flatnonzero(is_gap & ~joins)
    rows = np.flatnonzero(is_gap)
    if not len(first):
        return join_lines([])
    starts = np.searchsorted(rows, first)
    count = np.diff(np.append(starts, len(rows)))
    nearest = judged.nearest[_first_least(judged.walk_any_m[rows], starts, count, rows)]
    offset = np.concatenate([[0], np.cumsum(count + 1)])
    points = np.repeat(first - offset[:-1], count + 1) + np.arange(offset[-1])
    return GapLines(
        route=steps.route[first].astype(np.int64),
        start_ms=steps.t_ms[first],
        end_ms=steps.t_ms[first + count],
        duration_ms=np.add.reduceat(steps.duration_ms[rows], starts),
        length_mm=np.add.reduceat(steps.length_mm[rows], starts),
        cause=judged.found[first],
        worst_walk_m=np.maximum.reduceat(judged.walk_open_m[rows], starts),
        nearest=nearest,
        area=judged.area[first],
        offset=offset,
        lon=steps.lon[points],
        lat=steps.lat[points],
    )


def join_lines(parts: list[GapLines]) -> GapLines:
    """Return all lines in one, ordered by route, start and end; an empty one for no parts."""
    whole = _concatenated(parts or [_empty()])
    order = np.lexsort((whole.area, whole.end_ms, whole.start_ms, whole.route))
    size = np.diff(whole.offset)[order]
    offset = np.concatenate([[0], np.cumsum(size)])
    point = np.repeat(whole.offset[:-1][order] - offset[:-1], size) + np.arange(offset[-1])
    columns = {name: getattr(whole, name)[order] for name in _PER_LINE}
    return GapLines(**columns, offset=offset, lon=whole.lon[point], lat=whole.lat[point])


def _first_least(values: Floats, starts: Ints, count: Ints, rows: Ints) -> Ints:
    """Return, per run, the row where its values are least, the first of equals."""
    run = np.repeat(np.arange(len(starts)), count)
    order = np.lexsort((rows, values, run))
    return np.asarray(rows[order[starts]])


def _concatenated(parts: list[GapLines]) -> GapLines:
    sizes = np.concatenate([np.diff(part.offset) for part in parts])
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in (*_PER_LINE, "lon", "lat")
    }
    return GapLines(**columns, offset=np.concatenate([[0], np.cumsum(sizes)]))


def _empty() -> GapLines:
    types = {"cause": np.uint8, "worst_walk_m": np.float64}
    columns = {name: np.array([], dtype=types.get(name, np.int64)) for name in _PER_LINE}
    none = np.array([], dtype=np.float64)
    return GapLines(**columns, offset=np.zeros(1, dtype=np.int64), lon=none, lat=none)
