"""Stretches: lines of every class for drawing, few enough for a browser, without anybody's door.

Tracks are persons: what lies before somebody is first 100 m away from where the day began, and
after the last time they are 100 m away from where it ends, is neither drawn nor written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.coverage.classes import COVERED
from geo.coverage.lines import (
    Judged,
    Lines,
    class_lines,
    join_lines,
    pack_lines,
    points_of,
    take_lines,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    """What is drawn of a run, and what is not."""

    lines: Lines  # simplified; by route and start
    not_drawn: int  # lines beyond the limit of points: those of the shortest time
    not_drawn_ms: int
    hidden_ms: int  # near the ends of workers' days
    drawing: Drawing


class Drawer:
    """Gathers the stretches of a run, in memory that does not grow with the number of fixes.

    The answer depends on neither the order nor the size of the pieces it is given.
    """

    def __init__(self, drawing: Drawing, *, lat: float) -> None:
        self._drawing = drawing
        self._narrow = float(np.cos(np.radians(lat)))  # degrees of longitude in those of latitude
        self._kept: dict[bool, list[Lines]] = {False: [], True: []}  # by whether it is covered
        self._points = {False: 0, True: 0}
        self._lines = 0
        self._drawn_ms = self._all_ms = 0

    def add(self, steps: Steps, judged: Judged) -> None:
        """Take whole trips; arguments as of `geo.coverage.lines.class_lines`."""
        shown = ~judged.is_hidden
        shown[:-1] &= ~judged.is_hidden[1:]
        whole = replace(judged, area=np.zeros(len(shown), dtype=np.int64))
        lines = class_lines(steps, whole, shown)
        self._lines += len(lines)
        self._drawn_ms += int(lines.duration_ms.sum())
        self._all_ms += int(steps.duration_ms.sum())
        lines = self._simplified(lines)
        for is_covered, kept in self._kept.items():
            rows = np.flatnonzero((lines.found == COVERED) == is_covered)
            some = pack_lines(take_lines(lines, rows))
            kept.append(some)
            self._points[is_covered] += len(some.lon)
            if self._points[is_covered] > 2 * self._drawing.max_points:
                self._thin(is_covered=is_covered)

    def finish(self) -> Stretches:
        """Return what is drawn; of the points what is not covered gets half, or more if it can."""
        most = self._drawing.max_points
        covered = len(self._fitting(most, is_covered=True).lon)
        bare = self._fitting(max(most // 2, most - covered), is_covered=False)
        lines = join_lines([bare, self._fitting(most - len(bare.lon), is_covered=True)])
        return Stretches(
            lines=lines,
            not_drawn=self._lines - len(lines),
            not_drawn_ms=self._drawn_ms - int(lines.duration_ms.sum()),
            hidden_ms=self._all_ms - self._drawn_ms,
            drawing=self._drawing,
        )

    def _fitting(self, most: int, *, is_covered: bool) -> Lines:
        """Return the lines of the longest time that have at most ``most`` points together."""
        lines, points = self._ranked(is_covered=is_covered)
        return pack_lines(take_lines(lines, np.flatnonzero(np.cumsum(points) <= most)))

    def _thin(self, *, is_covered: bool) -> None:
        """Forget lines that cannot be drawn any more.

        The first one too many stays: it bars those after it, whatever comes.
        """
        lines, points = self._ranked(is_covered=is_covered)
        some = np.cumsum(points) - points <= self._drawing.max_points
        lines = pack_lines(take_lines(lines, np.flatnonzero(some)))
        self._kept[is_covered] = [lines]
        self._points[is_covered] = len(lines.lon)

    def _ranked(self, *, is_covered: bool) -> tuple[Lines, NDArray[np.int64]]:
        """Return the lines kept, those of the longest time first, and their numbers of points."""
        lines = join_lines(self._kept[is_covered])
        lines = take_lines(lines, np.argsort(-lines.duration_ms, kind="stable"))
        return lines, lines.size

    def _simplified(self, lines: Lines) -> Lines:
        """Leave out points that lie within the tolerance of the line without them."""
        if not len(lines):
            return lines
        index, point = points_of(lines)
        drawn = shapely.linestrings(
            lines.lon[point] * self._narrow, lines.lat[point], indices=index
        )
        simple = shapely.simplify(
            drawn, self._drawing.tolerance_m / _M_PER_DEG, preserve_topology=False
        )
        points = shapely.get_coordinates(simple)
        size = np.asarray(shapely.get_num_coordinates(simple), dtype=np.int64)
        return replace(
            lines,
            first=np.cumsum(size) - size,
            size=size,
            lon=points[:, 0] / self._narrow,
            lat=points[:, 1],
            is_hidden=np.zeros(len(points), dtype=np.bool_),
        )


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
