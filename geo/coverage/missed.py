"""By how many minutes somebody missed the nearest station's hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo import zones
from geo.hours import OPEN, Timetable, make_timeline

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

_DAYS: Final = 7  # how far a closing or an opening is looked for
_MS_PER_MIN: Final = 60_000


def missed_min(nearest: Ints, t_ms: Ints, stations: GeoDataFrame) -> Floats:
    """Return by how many minutes the hours of stations were missed, shape (g,).

    Parameters
    ----------
    nearest : ndarray of int, shape (g,)
        Rows of stations that are shut then; -1: none.
    t_ms : ndarray of int, shape (g,)
        When somebody was nearest to them, epoch ms.
    stations : GeoDataFrame, s rows
        That ``nearest`` counts in.

    Returns
    -------
    ndarray, shape (g,)
        Since the station shut, or until it opens, whichever is less; NaN where there is neither
        within 7 days.
    """
    found = np.full(len(nearest), np.inf)
    hours = stations["hours"].to_numpy(dtype=object), stations["self_hours"].to_numpy(dtype=object)
    tables: dict[Timetable, list[int]] = {}
    for station in np.unique(nearest[nearest >= 0]).tolist():
        tables.setdefault(Timetable(hours[0][station], hours[1][station]), []).append(station)
    for table, some in tables.items():
        at = np.flatnonzero(np.isin(nearest, some))
        found[at] = _missed_ms(table, t_ms[at])
    return np.where(found <= _DAYS * zones.DAY_MS, found / _MS_PER_MIN, np.nan)


def _missed_ms(table: Timetable, t_ms: Ints) -> Floats:
    """Return milliseconds between moments and the nearest time at which a timetable is open."""
    days = np.unique(zones.local_day(zones.to_local_ms(t_ms)))
    around = np.unique(days[:, np.newaxis] + np.arange(-_DAYS, _DAYS + 1))
    line = make_timeline([table], around)
    is_open = line.state[0] == OPEN
    opens, ends = line.start_ms[is_open], line.start_ms[1:][is_open[:-1]]
    return np.minimum(_since(ends, t_ms), _until(opens, t_ms))


def _since(moments: Ints, t_ms: Ints) -> Floats:
    """Return the time since the last of sorted moments, inf before the first, shape (n,)."""
    place = np.searchsorted(moments, t_ms, side="right") - 1
    known = np.append(moments, 0)[place]
    return np.where(place >= 0, (t_ms - known).astype(np.float64), np.inf)


def _until(moments: Ints, t_ms: Ints) -> Floats:
    """Return the time until the first of sorted moments, inf after the last, shape (n,)."""
    place = np.searchsorted(moments, t_ms, side="left")
    known = np.append(moments, 0)[place]
    return np.where(place < len(moments), (known - t_ms).astype(np.float64), np.inf)
