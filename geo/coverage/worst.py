"""The list of worst gaps: gap lines that all but touch are shown as one, and only there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo import zones
from geo.coords import geodesic_m
from geo.coverage.lines import take_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.coverage.lines import Lines

    Ints = NDArray[np.int64]

MOST: Final = 100
_NEAR_M: Final = 30.0
_NEAR_MS: Final = 60_000
_OF_LONGEST: Final = ("route", "workers", "shift", "found", "nearest", "nearest_ms", "area")
_OF_PASS: Final = ("start_ms", "end_ms", "length_mm", "pieces", "rows")
_OF_ALL: Final = ("duration_ms", "worst_walk_m", "passes", "hours")


@dataclass(frozen=True)
class _Passes:
    """Gap lines that are shown as one, in order of trip and start; arrays of shape (p,)."""

    start: Ints  # the first of its lines
    stop: Ints  # behind its last
    route: Ints
    begin_ms: Ints
    end_ms: Ints
    duration_ms: Ints
    length_mm: Ints

    @classmethod
    def of(cls, lines: Lines) -> _Passes:
        """Gather some lines at least, in order of trip and start."""
        start = np.flatnonzero(~_continues(lines))
        duration_ms, length_mm = (
            np.add.reduceat(values, start) for values in (lines.duration_ms, lines.length_mm)
        )
        return cls(
            start=start,
            stop=np.append(start[1:], len(lines)),
            route=lines.route[start],
            begin_ms=lines.start_ms[start],
            end_ms=np.maximum.reduceat(lines.end_ms, start),
            duration_ms=duration_ms,
            length_mm=length_mm,
        )

    def places(self, slot_ms: int) -> Ints:
        """Return a number per place, (p,); without slots each pass has a place of its own."""
        if not slot_ms:
            return np.arange(len(self.start))
        key = np.column_stack([self.route, self.begin_ms % slot_ms, self.end_ms - self.begin_ms])
        _, place = np.unique(key, axis=0, return_inverse=True)
        return np.asarray(place.ravel(), dtype=np.int64)


def worst_gaps(gaps: Lines, *, most: int = MOST, slot_ms: int = 0) -> pd.DataFrame:
    """Return the worst gaps, those of the longest time first.

    Parameters
    ----------
    gaps : Lines
        All gap lines of a run.
    most : int
        So many at most.
    slot_ms : int
        The time of one walk of a planned line, whose passes of one place are one row; 0 of tracks.

    Returns
    -------
    DataFrame
        Columns as the fields of `Lines` that are no points, and ``pieces``, the number of lines
        joined. Lines of one trip are joined where less than 30 m or 1 min lies between; durations
        and lengths are those of the lines alone; cause, area, nearest station, shift and route are
        those of the line of the longest time, of equal ones the first. Of several passes of one
        place ``duration_ms`` and ``worst_walk_m`` are those of all, the cause is the one that most
        of the time has, and the rest that of the first pass that has it. ``passes`` is their
        number, ``hours`` the hours of the week of all, ``rows`` the lines of that pass in ``gaps``.
    """
    order = np.lexsort((gaps.start_ms, gaps.trip))
    lines = take_lines(gaps, order)
    if not len(lines):
        nothing = np.empty(0, dtype=np.int64)
        return pd.DataFrame(dict.fromkeys((*_OF_LONGEST, *_OF_PASS, *_OF_ALL), nothing))
    passes = _Passes.of(lines)
    place = passes.places(slot_ms)
    first = np.lexsort((passes.begin_ms, place))  # of each place, with the others behind it
    starts = np.flatnonzero(np.diff(place[first], prepend=-1))
    total_ms = np.add.reduceat(passes.duration_ms[first], starts)
    at = first[starts]
    worst = np.lexsort((passes.route[at], passes.begin_ms[at], -passes.length_mm[at], -total_ms))
    stops = np.append(starts[1:], len(first))
    return pd.DataFrame(
        [_as_row(lines, order, passes, first[starts[n] : stops[n]]) for n in worst[:most].tolist()]
    )


def _as_row(lines: Lines, order: Ints, passes: _Passes, some: Ints) -> dict[str, Any]:
    """Return some passes of one place, in order of start, as one row."""
    spans = [np.arange(passes.start[one], passes.stop[one]) for one in some.tolist()]
    longest = [int(span[np.argmax(lines.duration_ms[span])]) for span in spans]  # first of equals
    time_ms: dict[int, int] = {}
    for one, line in zip(some.tolist(), longest, strict=True):
        cause = int(lines.found[line])
        time_ms[cause] = time_ms.get(cause, 0) + int(passes.duration_ms[one])
    main_cause = max(time_ms, key=lambda cause: time_ms[cause])  # of equals the first met
    main = next(n for n, line in enumerate(longest) if lines.found[line] == main_cause)
    every = np.concatenate(spans)
    row: dict[str, Any] = {name: getattr(lines, name)[longest[main]] for name in _OF_LONGEST}
    one = some[main]
    return row | {
        "start_ms": passes.begin_ms[one],
        "end_ms": passes.end_ms[one],
        "length_mm": passes.length_mm[one],
        "pieces": len(spans[main]),
        "rows": order[spans[main]],
        "duration_ms": passes.duration_ms[some].sum(),
        "worst_walk_m": lines.worst_walk_m[every].max(),
        "passes": len(some),
        "hours": _hours(lines.start_ms[every], lines.end_ms[every]),
    }


def _hours(start_ms: Ints, end_ms: Ints) -> list[int]:
    """Return the hours of the week between some starts and ends, sorted."""
    first = zones.to_local_ms(start_ms) // zones.HOUR_MS
    last = (zones.to_local_ms(end_ms) - 1) // zones.HOUR_MS
    longest = int((last - first).max())
    every = np.minimum(first[:, np.newaxis] + np.arange(max(longest, 0) + 1), last[:, np.newaxis])
    hours: list[int] = np.unique(zones.hour_of_week(every * zones.HOUR_MS)).tolist()
    return hours


def _continues(lines: Lines) -> NDArray[np.bool_]:
    """Return which lines, in order of trip and start, go on from the one before, shape (g,)."""
    found = np.zeros(len(lines), dtype=np.bool_)
    same = np.flatnonzero(lines.trip[1:] == lines.trip[:-1]) + 1
    last, first = (lines.first + lines.size - 1)[same - 1], lines.first[same]
    apart_m = geodesic_m(lines.lon[last], lines.lat[last], lines.lon[first], lines.lat[first])
    apart_ms = lines.start_ms[same] - lines.end_ms[same - 1]
    found[same] = (apart_m < _NEAR_M) | (apart_ms < _NEAR_MS)
    return found
