"""Lines: runs of steps of one trip, cut where class or area changes; gap lines are such."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.coverage.classes import CLASS_NAMES, UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.tracks import Steps

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Lines:
    """Lines in columns, arrays of shape (g,); line i has ``size[i]`` points from ``first[i]`` on.

    Durations and lengths are those of one person, however many walk there.
    """

    route: Ints
    trip: Ints
    start_ms: Ints  # epoch ms
    end_ms: Ints
    duration_ms: Ints
    length_mm: Ints
    workers: Ints  # how many people walk it
    shift: Ints  # row among the run's shifts, of its first step; -1: none
    found: NDArray[np.uint8]  # class; of a gap line its cause
    worst_walk_m: Floats  # greatest walk to a usable station; inf: none to be walked to
    nearest: Ints  # row of the station nearest to the line, whatever its hours; -1: none
    nearest_ms: Ints  # when it was nearest
    area: Ints  # row in the first layer of areas, -1: none
    first: Ints
    size: Ints
    lon: Floats  # (points,)
    lat: Floats
    is_hidden: Flags  # (points,) near the ends of a worker's day, not to be shown

    def __len__(self) -> int:
        return len(self.route)


_PER_POINT: Final = ("lon", "lat", "is_hidden")
_PER_LINE: Final = tuple(
    name for name in Lines.__dataclass_fields__ if name not in {"first", "size", *_PER_POINT}
)


@dataclass(frozen=True)
class Judged:
    """What lines need to know of fixes, arrays of shape (n,)."""

    found: NDArray[np.uint8]  # class, the effective one
    nominal: NDArray[np.uint8]
    straight: NDArray[np.uint8]
    hour: Ints  # of the week
    area: Ints
    shift: Ints
    walk_usable_m: Floats
    walk_any_m: Floats
    nearest: Ints
    is_hidden: Flags


@dataclass(frozen=True)
class Runs:
    """Consecutive steps that make a line each, arrays of shape (g,)."""

    rows: Ints  # (steps,) of all runs, one run after the other
    starts: Ints  # where each run begins in them
    first: Ints  # its first fix
    count: Ints  # its steps

    def __len__(self) -> int:
        return len(self.first)


def gap_lines(steps: Steps, judged: Judged) -> Lines:
    """Return the gap lines of whole trips: runs of gap steps of one cause and area."""
    cut = judged.area * len(CLASS_NAMES) + judged.found
    return lines_of(steps, judged, find_runs(steps, judged.found > UNKNOWN, cut))


def find_runs(steps: Steps, wanted: Flags, cut: Ints) -> Runs:
    """Return the runs of some of the steps of whole trips.

    Parameters
    ----------
    steps : Steps, n fixes
        Whole trips, in order of trip and time.
    wanted : ndarray of bool, shape (n,)
        Which steps count; the last fix of a trip begins none, whatever is said of it.
    cut : ndarray of int, shape (n,)
        Consecutive wanted steps of one trip are one run as long as this stays the same.

    Returns
    -------
    Runs
        In the order of the steps; perhaps none.
    """
    n = len(steps.trip)
    counts = np.zeros(n, dtype=bool)
    counts[:-1] = steps.trip[1:] == steps.trip[:-1]
    counts &= wanted
    joins = np.zeros(n, dtype=bool)
    joins[1:] = counts[1:] & counts[:-1] & (steps.trip[1:] == steps.trip[:-1])
    joins[1:] &= cut[1:] == cut[:-1]
    first = np.flatnonzero(counts & ~joins)
    rows = np.flatnonzero(counts)
    starts = np.searchsorted(rows, first)
    return Runs(rows, starts, first, np.diff(np.append(starts, len(rows))))


def lines_of(steps: Steps, judged: Judged, runs: Runs) -> Lines:
    """Return each run of steps as a line; class, area and shift are those of its first step."""
    rows, starts, first, count = runs.rows, runs.starts, runs.first, runs.count
    if not len(first):
        return join_lines([])
    least = _first_least(judged.walk_any_m[rows], starts, count, rows)
    size = count + 1
    begins = np.cumsum(size) - size
    points = np.repeat(first - begins, size) + np.arange(size.sum())
    return Lines(
        route=steps.route[first].astype(np.int64),
        trip=steps.trip[first],
        start_ms=steps.t_ms[first],
        end_ms=steps.t_ms[first + count],
        duration_ms=np.add.reduceat(steps.duration_ms[rows], starts),
        length_mm=np.add.reduceat(steps.length_mm[rows], starts),
        workers=steps.workers[first].astype(np.int64),
        shift=judged.shift[first],
        found=judged.found[first],
        worst_walk_m=np.maximum.reduceat(judged.walk_usable_m[rows], starts),
        nearest=judged.nearest[least],
        nearest_ms=steps.t_ms[least],
        area=judged.area[first],
        first=begins,
        size=size,
        lon=steps.lon[points],
        lat=steps.lat[points],
        is_hidden=judged.is_hidden[points],
    )


def join_lines(parts: list[Lines]) -> Lines:
    """Return all lines in one, ordered by route, start and end; an empty one for no parts."""
    return pack_lines(order_lines(concatenate_lines(parts)))


def order_lines(lines: Lines) -> Lines:
    """Return the lines ordered by route, start and end, their points where they are."""
    order = np.lexsort(
        (lines.found, lines.area, lines.end_ms, lines.trip, lines.start_ms, lines.route)
    )
    return take_lines(lines, order)


def take_lines(lines: Lines, rows: Ints) -> Lines:
    """Return the lines at these rows, in their order; the points stay where they are."""
    columns = {name: getattr(lines, name)[rows] for name in (*_PER_LINE, "first", "size")}
    return replace(lines, **columns)


def pack_lines(lines: Lines) -> Lines:
    """Return the same lines with their own points only, in the order of the lines."""
    first = np.cumsum(lines.size) - lines.size
    _, point = points_of(lines)
    return replace(lines, first=first, **{name: getattr(lines, name)[point] for name in _PER_POINT})


def points_of(lines: Lines) -> tuple[Ints, Ints]:
    """Return the points of all lines one after the other: the line of each, and its place."""
    line = np.repeat(np.arange(len(lines)), lines.size)
    before = np.cumsum(lines.size) - lines.size
    return line, (lines.first - before)[line] + np.arange(len(line))


def shapes_of(lines: Lines) -> NDArray[np.object_]:
    """Return lines as LineStrings without hidden points, shape (g,); None of fewer than two."""
    shapes = np.full(len(lines), None, dtype=object)
    line, point = points_of(lines)
    shown = ~lines.is_hidden[point]
    line, point = line[shown], point[shown]
    enough = np.bincount(line, minlength=len(lines)) >= 2  # noqa: PLR2004
    used = enough[line]
    if enough.any():
        index, at = (np.cumsum(enough) - 1)[line[used]], point[used]
        shapes[enough] = shapely.linestrings(lines.lon[at], lines.lat[at], indices=index)
    return shapes


def concatenate_lines(parts: list[Lines]) -> Lines:
    """Return all lines in one, in their order; an empty one for no parts."""
    parts = parts or [_empty()]
    points = np.cumsum([0, *(len(part.lon) for part in parts)])
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in (*_PER_LINE, "size", *_PER_POINT)
    }
    first = [part.first + before for part, before in zip(parts, points, strict=False)]
    return Lines(**columns, first=np.concatenate(first))


def _first_least(values: Floats, starts: Ints, count: Ints, rows: Ints) -> Ints:
    """Return, per run, the row where its values are least, the first of equals."""
    run = np.repeat(np.arange(len(starts)), count)
    least = np.minimum.reduceat(values, starts)
    is_least = np.flatnonzero(values == least[run])
    _, first = np.unique(run[is_least], return_index=True)
    return np.asarray(rows[is_least[first]])


def _empty() -> Lines:
    types: dict[str, type[np.generic]] = {
        "found": np.uint8, "worst_walk_m": np.float64, "lon": np.float64, "lat": np.float64,
        "is_hidden": np.bool_,
    }  # fmt: skip
    names = Lines.__dataclass_fields__
    return Lines(**{name: np.array([], dtype=types.get(name, np.int64)) for name in names})
