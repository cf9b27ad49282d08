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
        those of the line of the longest time.
    """
    ordered = take_lines(gaps, np.lexsort((gaps.start_ms, gaps.trip)))
    names = ("route", "workers", "shift", "found", "nearest", "area")
    columns: dict[str, Any] = {name: getattr(ordered, name) for name in names}
    table = pd.DataFrame(
        {
            **columns,
            "start_ms": ordered.start_ms,
            "end_ms": ordered.end_ms,
            "duration_ms": ordered.duration_ms,
            "length_mm": ordered.length_mm,
            "worst_walk_m": ordered.worst_walk_m,
        }
    )
    table["gap"] = np.cumsum(~_continues(ordered))
    sums = table.groupby("gap", sort=True).agg(
        start_ms=("start_ms", "min"),
        end_ms=("end_ms", "max"),
        duration_ms=("duration_ms", "sum"),
        length_mm=("length_mm", "sum"),
        worst_walk_m=("worst_walk_m", "max"),
        pieces=("gap", "size"),
    )
    longest = table.sort_values(
        ["gap", "duration_ms", "start_ms"], ascending=[True, False, True]
    ).drop_duplicates("gap")
    whole = longest.set_index("gap")[list(names)].join(sums)
    worst = whole.sort_values(
        ["duration_ms", "length_mm", "start_ms", "route"], ascending=[False, False, True, True]
    )
    return worst.head(most).reset_index(drop=True)


def _continues(lines: Lines) -> NDArray[np.bool_]:
    """Return which lines, in order of trip and start, go on from the one before, shape (g,)."""
    found = np.zeros(len(lines), dtype=np.bool_)
    same = np.flatnonzero(lines.trip[1:] == lines.trip[:-1]) + 1
    last, first = (lines.first + lines.size - 1)[same - 1], lines.first[same]
    apart_m = geodesic_m(lines.lon[last], lines.lat[last], lines.lon[first], lines.lat[first])
    apart_ms = lines.start_ms[same] - lines.end_ms[same - 1]
    found[same] = (apart_m < _NEAR_M) | (apart_ms < _NEAR_MS)
    return found
