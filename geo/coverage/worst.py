"""The list of worst gaps: gap lines that all but touch are shown as one, and only there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.coords import geodesic_m
from geo.coverage.lines import take_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.coverage.lines import Lines

    Ints = NDArray[np.int64]

MOST: Final = 20
_NEAR_M: Final = 30.0
_NEAR_MS: Final = 60_000
_OF_LONGEST: Final = ("route", "workers", "shift", "found", "nearest", "area")
_OF_ALL: Final = ("start_ms", "end_ms", "duration_ms", "length_mm", "worst_walk_m", "pieces")


def worst_gaps(gaps: Lines, *, most: int = MOST) -> pd.DataFrame:
    """Return the worst gaps, those of the longest time first.

    Parameters
    ----------
    gaps : Lines
        All gap lines of a run.
    most : int
        So many at most.

    Returns
    -------
    DataFrame
        Columns as the fields of `Lines` that are no points, and ``pieces``, the number of lines
        joined. Lines of one trip are joined where less than 30 m or 1 min lies between; durations
        and lengths are those of the lines alone; cause, area, nearest station, shift and route are
        those of the line of the longest time, of equal ones the first.
    """
    lines = take_lines(gaps, np.lexsort((gaps.start_ms, gaps.trip)))
    starts = np.flatnonzero(~_continues(lines))
    if not len(starts):
        starts = np.empty(0, dtype=np.int64)
        return pd.DataFrame(dict.fromkeys((*_OF_LONGEST, *_OF_ALL), starts))
    duration_ms, length_mm = (
        np.add.reduceat(values, starts) for values in (lines.duration_ms, lines.length_mm)
    )
    begin_ms, route = lines.start_ms[starts], lines.route[starts]
    worst = np.lexsort((route, begin_ms, -length_mm, -duration_ms))[:most]
    stops = np.append(starts[1:], len(lines))
    rows = [
        _as_row(take_lines(lines, np.arange(starts[gap], stops[gap]))) for gap in worst.tolist()
    ]
    return pd.DataFrame(rows)


def _as_row(lines: Lines) -> dict[str, Any]:
    """Return lines that are shown as one, in order of start, as one row."""
    longest = int(np.argmax(lines.duration_ms))  # the first of equals
    row: dict[str, Any] = {name: getattr(lines, name)[longest] for name in _OF_LONGEST}
    whole = {
        "start_ms": lines.start_ms[0],
        "end_ms": lines.end_ms.max(),
        "duration_ms": lines.duration_ms.sum(),
        "length_mm": lines.length_mm.sum(),
        "worst_walk_m": lines.worst_walk_m.max(),
        "pieces": len(lines),
    }
    return row | whole


def _continues(lines: Lines) -> NDArray[np.bool_]:
    """Return which lines, in order of trip and start, go on from the one before, shape (g,)."""
    found = np.zeros(len(lines), dtype=np.bool_)
    same = np.flatnonzero(lines.trip[1:] == lines.trip[:-1]) + 1
    last, first = (lines.first + lines.size - 1)[same - 1], lines.first[same]
    apart_m = geodesic_m(lines.lon[last], lines.lat[last], lines.lon[first], lines.lat[first])
    apart_ms = lines.start_ms[same] - lines.end_ms[same - 1]
    found[same] = (apart_m < _NEAR_M) | (apart_ms < _NEAR_MS)
    return found
