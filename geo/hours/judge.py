"""Judge one timetable over local time: open, closed or unknown, and when that changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from geo.hours.program import OPEN
from geo.hours.timetable import Timetable, schedule, to_timetable

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY: Final = dt.timedelta(days=1)
_MINUTE: Final = dt.timedelta(minutes=1)
_WEEK: Final = dt.timedelta(days=8)  # a week and a day: the next opening of weekly hours
_OPEN_ALL_DAY: Final = (0,), (OPEN,)
_EACH_KIND: Final = (  # a plain week, a holiday after a holiday, a Saturday worked
    *range(dt.date(2026, 3, 2).toordinal(), dt.date(2026, 3, 9).toordinal()),
    dt.date(2026, 10, 2).toordinal(),
    dt.date(2026, 10, 10).toordinal(),
)


@dataclass(frozen=True, slots=True)
class Interval:
    """A span of local wall-clock time with one state; the end belongs to the next interval."""

    start: dt.datetime  # naive, local
    end: dt.datetime
    state: int  # CLOSED, OPEN or UNKNOWN


def intervals(table: Timetable | str, start: dt.datetime, end: dt.datetime) -> tuple[Interval, ...]:
    """Return the states of a timetable from ``start`` to ``end``.

    Parameters
    ----------
    table : Timetable or str
        OSM ``opening_hours`` texts; a text alone is one without self-service.
    start, end : datetime
        Naive local wall-clock times, start < end.

    Returns
    -------
    tuple of Interval
        Without holes, neighbours differing; the first starts at ``start``, the last ends at
        ``end``.
    """
    found: list[Interval] = []
    for moment, state in _changes(to_timetable(table), start.date(), end):
        if found and found[-1].state == state:
            continue
        if moment > start and found:
            found[-1] = Interval(found[-1].start, moment, found[-1].state)
        elif found:
            found.pop()
        found.append(Interval(max(moment, start), end, state))
    return tuple(found)


def state_at(table: Timetable | str, moment: dt.datetime) -> int:
    """Return the state of a timetable at a naive local moment."""
    minute = (moment - dt.datetime.combine(moment.date(), dt.time())) / _MINUTE
    return schedule(to_timetable(table)).state(moment.toordinal(), minute)


def next_change(
    table: Timetable | str, moment: dt.datetime, within: dt.timedelta = _WEEK
) -> tuple[dt.datetime, int] | None:
    """Return when the state next becomes another, and which.

    Parameters
    ----------
    table : Timetable or str
        As for `intervals`.
    moment : datetime
        Naive, local.
    within : timedelta
        How far to look.

    Returns
    -------
    tuple of datetime and int, or None
        The first later moment; None if there is none up to ``moment + within``, included.
    """
    state = state_at(table, moment)
    end = moment + within
    for when, other in _changes(to_timetable(table), moment.date(), end + _MINUTE):
        if moment < when <= end and other != state:
            return when, other
    return None


@lru_cache(maxsize=32_768)
def is_always_open(table: Timetable | str) -> bool:
    """Return whether a station is open 24 hours on every day, by one timetable or both together.

    A text that depends on the date is not looked through: False.
    """
    both = to_timetable(table)
    return any(map(_never_shuts, (both, Timetable(both.hours), Timetable(both.self_hours))))


def _never_shuts(table: Timetable) -> bool:
    kept = schedule(table)
    return kept.is_weekly and all(kept.changes(day) == _OPEN_ALL_DAY for day in _EACH_KIND)


def _changes(table: Timetable, day: dt.date, end: dt.datetime) -> Iterator[tuple[dt.datetime, int]]:
    """Return the changes of state from the midnight of a day until before ``end``.

    Yields
    ------
    tuple of datetime and int
        Moment and state, each midnight among them.
    """
    kept = schedule(table)
    midnight = dt.datetime.combine(day, dt.time())
    while midnight < end:
        for minute, state in zip(*kept.changes(midnight.toordinal()), strict=True):
            moment = midnight + minute * _MINUTE
            if moment >= end:
                return
            yield moment, state
        midnight += _DAY
