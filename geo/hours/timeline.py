"""Many timetables at many moments: their states as arrays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo import zones
from geo.hours.program import OPEN, UNKNOWN
from geo.hours.timetable import Timetable, schedule, to_timetable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_DAY: Final = dt.timedelta(days=1)
_EPOCH_ORDINAL: Final = dt.date(1970, 1, 1).toordinal()
_MINUTE_MS: Final = 60_000
_DAY_MS: Final = 86_400_000


@dataclass(frozen=True)
class Timeline:
    """The states of k timetables over m slots; slot j lasts from ``start_ms[j]`` to the next."""

    start_ms: NDArray[np.int64]  # (m,) epoch ms, rising
    state: NDArray[np.uint8]  # (k, m) CLOSED, OPEN or UNKNOWN

    def slot(self, t_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the slot of each moment, shape (n,); moments must lie on the timeline's days."""
        return np.searchsorted(self.start_ms, t_ms, side="right") - 1


def make_timeline(tables: Sequence[Timetable | str], days: NDArray[np.int64]) -> Timeline:
    """Evaluate timetables over local days.

    Parameters
    ----------
    tables : sequence of Timetable or str, k
        As for `geo.hours.intervals`.
    days : ndarray, shape (d,)
        Local days since 1970-01-01 (`geo.zones.local_day`), sorted, unique.

    Returns
    -------
    Timeline
        Slots cover the days given; between them the states are UNKNOWN.
    """
    last = days[np.append(np.diff(days) > 1, [True])[: len(days)]]
    gaps = (last + 1) * _DAY_MS  # from here on nothing is known until the next of the days
    rows = [_changes_ms(table, days, gaps) for table in tables]
    edges = [np.union1d(days * _DAY_MS, gaps), *(when for when, _ in rows)]
    start = np.unique(np.concatenate(edges)).astype(np.int64)
    state = np.full((len(rows), len(start)), UNKNOWN, dtype=np.uint8)
    for row, (when, what) in zip(state, rows, strict=True):
        if len(when):
            row[:] = what[np.maximum(np.searchsorted(when, start, side="right") - 1, 0)]
    return Timeline(zones.from_local_ms(start), state)


def states(tables: Sequence[Timetable | str], moments: Sequence[dt.datetime]) -> NDArray[np.uint8]:
    """Return the states of timetables at moments.

    Parameters
    ----------
    tables : sequence of Timetable or str, k
        As for `geo.hours.intervals`; each different one is judged once.
    moments : sequence of datetime, m
        Naive, local, in any order.

    Returns
    -------
    ndarray of uint8, shape (k, m)
        CLOSED, OPEN or UNKNOWN.
    """
    place = {table: row for row, table in enumerate(dict.fromkeys(tables))}
    found = _states_of(list(place), moments)
    if len(place) == len(tables):
        return found
    return found[np.fromiter(map(place.__getitem__, tables), dtype=np.int64, count=len(tables))]


def _states_of(
    tables: Sequence[Timetable | str], moments: Sequence[dt.datetime]
) -> NDArray[np.uint8]:
    """Judge each of some timetables, all different."""
    found = np.empty((len(tables), len(moments)), dtype=np.uint8)
    if len(moments) == 1:
        ordinal, minute = moments[0].toordinal(), _minute(moments[0])
        found[:, 0] = [schedule(to_timetable(table)).state(ordinal, minute) for table in tables]
        return found
    ordinals = np.array([moment.toordinal() for moment in moments], dtype=np.int64)
    minutes = np.array([_minute(moment) for moment in moments])
    days = [(int(day), np.flatnonzero(ordinals == day)) for day in np.unique(ordinals)]
    parts = [(day, columns, minutes[columns]) for day, columns in days]
    for row, table in zip(found, tables, strict=True):
        kept = schedule(to_timetable(table))
        for day, columns, at in parts:
            starts, of_start = kept.changes(day)
            if len(starts) == 1:
                row[columns] = of_start[0]
            else:
                row[columns] = np.take(of_start, np.searchsorted(starts, at, side="right") - 1)
    return found


def open_mask(
    tables: Sequence[Timetable | str], moments: Sequence[dt.datetime]
) -> NDArray[np.bool_]:
    """Return where timetables are known to be open, shape (k, m); see `states`."""
    return np.equal(states(tables, moments), OPEN)


def _minute(moment: dt.datetime) -> float:
    return moment.hour * 60 + moment.minute + (moment.second + moment.microsecond / 1e6) / 60


def _changes_ms(
    table: Timetable | str, days: NDArray[np.int64], gaps: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return when a timetable takes which state, local ms, rising; unknown between the days."""
    kept = schedule(to_timetable(table))
    following = set((gaps // _DAY_MS).tolist())
    when: list[int] = []
    what: list[int] = []
    for day in days.tolist():
        starts, of_start = kept.changes(day + _EPOCH_ORDINAL)
        when.extend(day * _DAY_MS + start * _MINUTE_MS for start in starts)
        what.extend(of_start)
        if day + 1 in following:
            when.append((day + 1) * _DAY_MS)
            what.append(UNKNOWN)
    return np.array(when, dtype=np.int64), np.array(what, dtype=np.uint8)
