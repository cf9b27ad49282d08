"""Stretches: lines of every class for drawing, few enough for a browser, without anybody's door.

Tracks are persons: what lies before somebody is first 100 m away from where the day began, and
after the last time they are 100 m away from where it ends, is neither drawn nor written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.coverage.classes import CLASS_NAMES, COVERED
from geo.coverage.drawn import DECIMALS, HOURS, Drawn, merge, shape_of, take
from geo.coverage.lines import find_runs, lines_of, points_of, take_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.coverage.lines import Judged, Lines
    from geo.tracks import Steps

    Flags = NDArray[np.bool_]

HIDDEN_M: Final = 100.0
_M_PER_DEG: Final = 111_195.0  # of latitude, on the mean sphere: near enough for drawing


@dataclass(frozen=True)
class Drawing:
    """How finely stretches are drawn."""

    tolerance_m: float = 8.0  # how far a drawn line may leave the fixes: about their own error
    max_points: int = 60_000  # of all lines together


@dataclass(frozen=True)
class Stretches:
    """What is drawn of a run, and what is not; times are those of all people together."""

    drawn: Drawn  # simplified; by route and the start of the first pass
    not_drawn: int  # lines beyond the limit of points: those of the shortest time
    not_drawn_ms: int
    hidden_ms: int  # near the ends of workers' days
    drawing: Drawing


class Drawer:
    """Gathers the stretches of a run, in memory that does not grow with the number of fixes.

    A stretch is cut wherever its class, by any judgement, its hour of the week, area, shift or
    route changes. The answer depends on neither the order nor the size of the pieces it is given.
    """

    def __init__(self, drawing: Drawing, *, lat: float) -> None:
        self._drawing = drawing
        self._narrow = float(np.cos(np.radians(lat)))  # degrees of longitude in those of latitude
        self._kept: dict[bool, list[Drawn]] = {False: [], True: []}  # by whether it is covered
        self._points = {False: 0, True: 0}
        self._floor_ms = {False: 0, True: 0}  # shorter ones cannot be drawn any more
        self._lines = 0
        self._shown_ms = self._all_ms = 0

    def add(self, steps: Steps, judged: Judged) -> None:
        """Take whole trips; arguments as of `geo.coverage.lines.lines_of`."""
        shown = ~judged.is_hidden
        shown[:-1] &= ~judged.is_hidden[1:]
        runs = find_runs(steps, shown, _cut(steps, judged))
        lines = lines_of(steps, judged, runs)
        self._lines += len(lines)
        self._shown_ms += int(lines.duration_ms @ lines.workers)
        self._all_ms += int(steps.duration_ms @ steps.workers.astype(np.int64))
        for is_covered, kept in self._kept.items():
            wanted = (lines.found == COVERED) == is_covered
            rows = np.flatnonzero(wanted & (lines.duration_ms >= self._floor_ms[is_covered]))
            if not len(rows):
                continue
            some = self._simplified(take_lines(lines, rows), judged, runs.first[rows])
            kept.append(some)
            self._points[is_covered] += len(some.lon)
            if self._points[is_covered] > 2 * self._drawing.max_points:
                self._thin(is_covered=is_covered)

    def finish(self) -> Stretches:
        """Return what is drawn; of the points what is not covered gets half, or more if it can."""
        most = self._drawing.max_points
        covered = len(self._fitting(most, is_covered=True).lon)
        bare = self._fitting(max(most // 2, most - covered), is_covered=False)
        drawn = merge([bare, self._fitting(most - len(bare.lon), is_covered=True)])
        drawn = take(drawn, np.lexsort((drawn.start_ms, drawn.route)))  # of equals the longer first
        return Stretches(
            drawn=drawn,
            not_drawn=self._lines - int(drawn.passes.sum()),
            not_drawn_ms=self._shown_ms - int(drawn.ms.sum()),
            hidden_ms=self._all_ms - self._shown_ms,
            drawing=self._drawing,
        )

    def _fitting(self, most: int, *, is_covered: bool) -> Drawn:
        """Return the pieces of the longest time that have at most ``most`` points together."""
        drawn = merge(self._kept[is_covered])
        return take(drawn, np.flatnonzero(np.cumsum(drawn.size) <= most))

    def _thin(self, *, is_covered: bool) -> None:
        """Gather passes of one piece, and forget pieces that cannot be drawn any more.

        The first one too many stays: it bars those after it, whatever comes. Pieces are ranked by
        what all their passes have in common, so none comes back later.
        """
        drawn = merge(self._kept[is_covered])
        fits = np.cumsum(drawn.size) - drawn.size <= self._drawing.max_points
        drawn = take(drawn, np.flatnonzero(fits))
        self._kept[is_covered] = [drawn]
        self._points[is_covered] = len(drawn.lon)
        if len(drawn.lon) > self._drawing.max_points:
            self._floor_ms[is_covered] = int(drawn.duration_ms[-1])

    def _simplified(self, lines: Lines, judged: Judged, begin: NDArray[np.int64]) -> Drawn:
        """Return lines as pieces, without points that lie within the tolerance of the rest.

        ``begin`` is the first fix of each line.
        """
        index, point = points_of(lines)
        drawn = shapely.linestrings(
            lines.lon[point] * self._narrow, lines.lat[point], indices=index
        )
        simple = shapely.simplify(
            drawn, self._drawing.tolerance_m / _M_PER_DEG, preserve_topology=False
        )
        points = shapely.get_coordinates(simple) / (self._narrow, 1.0)
        lon, lat = points.round(DECIMALS).T
        size = np.asarray(shapely.get_num_coordinates(simple), dtype=np.int64)
        first = np.cumsum(size) - size
        return Drawn(
            route=lines.route,
            effective=lines.found,
            nominal=judged.nominal[begin],
            straight=judged.straight[begin],
            area=lines.area,
            shift=lines.shift,
            nearest=lines.nearest,
            duration_ms=lines.duration_ms,
            length_mm=lines.length_mm,
            shape=shape_of(lon, lat, first, size),
            workers=lines.workers,
            passes=np.ones(len(lines), dtype=np.int64),
            ms=lines.duration_ms * lines.workers,
            start_ms=lines.start_ms,
            walk_m=lines.worst_walk_m,
            first=first,
            size=size,
            lon=lon,
            lat=lat,
            piece=np.arange(len(lines)),
            hour=judged.hour[begin],
            nearest_ms=lines.nearest_ms,
        )


def _cut(steps: Steps, judged: Judged) -> NDArray[np.int64]:
    """Return a number per fix that changes with route, class, hour of week, area and shift."""
    classes = len(CLASS_NAMES)
    cut = steps.route.astype(np.int64) * classes + judged.found
    for values, count in (
        (judged.nominal, classes),
        (judged.straight, classes),
        (judged.hour, HOURS),
        (judged.area + 1, int(judged.area.max(initial=-1)) + 2),
        (judged.shift + 1, int(judged.shift.max(initial=-1)) + 2),
    ):
        cut = cut * count + values
    return cut


def hidden_ends(steps: Steps) -> Flags:
    """Return which fixes are not to be shown, shape (n,).

    Parameters
    ----------
    steps : Steps, n fixes
        Whole workers, in order of worker and time.

    Returns
    -------
    ndarray of bool, shape (n,)
        Of each worker and local day: the fixes before the first one that is more than 100 m from
        the day's first fix, and those after the last one that is more than 100 m from its last.
    """
    n = len(steps.trip)
    new = np.ones(n, dtype=np.bool_)
    new[1:] = (np.diff(steps.worker) != 0) | (np.diff(steps.day) != 0)
    starts = np.flatnonzero(new)
    sizes = np.diff(np.append(starts, n))
    begin, end = np.repeat(starts, sizes), np.repeat(starts + sizes - 1, sizes)
    row = np.arange(n)
    left = np.minimum.reduceat(np.where(_is_far(steps, begin), row, n), starts)
    back = np.maximum.reduceat(np.where(_is_far(steps, end), row, -1), starts)
    return np.asarray((row < np.repeat(left, sizes)) | (row > np.repeat(back, sizes)))


def _is_far(steps: Steps, other: NDArray[np.intp]) -> Flags:
    """Return which fixes are more than 100 m from another one each, shape (n,)."""
    north = (steps.lat - steps.lat[other]) * _M_PER_DEG
    east = (steps.lon - steps.lon[other]) * _M_PER_DEG * np.cos(np.radians(steps.lat))
    return np.asarray(np.hypot(north, east) > HIDDEN_M)
