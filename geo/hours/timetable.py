"""The one or two timetables of a station, and its states minute by minute."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from geo.hours.calendar import day_kind
from geo.hours.program import CLOSED, OPEN, UNKNOWN, Span, program
from geo.hours.rules import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.hours.program import DayHours

Changes = tuple[tuple[int, ...], tuple[int, ...]]  # minutes of a day, the first 0, and the states

_PLAIN_DAYS_KEPT: Final = 800  # per text: two years


class Timetable(NamedTuple):
    """When a station is open: with its staff, and by itself."""

    hours: str  # OSM text; "" = not known
    self_hours: str = ""  # OSM text of the hours without staff; "" = there are none

    @classmethod
    def of(cls, station: Mapping[str, str]) -> Timetable:
        """Return the timetable in a station's cells."""
        return cls(station["hours"], station["self_hours"])


class Schedule:
    """The states of a timetable day by day; minutes are those of the stations' clock."""

    def __init__(self, table: Timetable) -> None:
        """Read both texts."""
        own = [program(table.hours)]
        self._programs = [*own, program(table.self_hours)] if table.self_hours else own
        self.is_weekly = all(one.is_weekly for one in self._programs)
        self._of_weekday: list[Changes | None] = [None] * 7
        self._of_day: dict[int, Changes] = {}

    def changes(self, ordinal: int) -> Changes:
        """Return when a day's state changes, and to what, from its midnight on.

        Parameters
        ----------
        ordinal : int
            The day, as ``date.toordinal()``.
        """
        if self.is_weekly and _is_plain(ordinal):
            weekday = (ordinal - 1) % 7
            found = self._of_weekday[weekday]
            if found is None:
                found = self._of_weekday[weekday] = self._make(ordinal)
            return found
        kept = self._of_day.get(ordinal)
        if kept is None:
            kept = self._make(ordinal)
            if len(self._of_day) >= _PLAIN_DAYS_KEPT:
                self._of_day.clear()
            self._of_day[ordinal] = kept
        return kept

    def state(self, ordinal: int, minute: float) -> int:
        """Return the state at a minute of a day."""
        starts, states = self.changes(ordinal)
        return states[bisect_right(starts, minute) - 1]

    def _make(self, ordinal: int) -> Changes:
        day, before = dt.date.fromordinal(ordinal), dt.date.fromordinal(ordinal - 1)
        parts = [_changes(one.on(day), one.on(before)) for one in self._programs]
        return parts[0] if len(parts) == 1 else _either(*parts)


@lru_cache(maxsize=32_768)
def schedule(table: Timetable) -> Schedule:
    """Return the schedule of a timetable, read once."""
    return Schedule(table)


def to_timetable(table: Timetable | str) -> Timetable:
    """Return a timetable as it is, a text as one without self-service."""
    return Timetable(table) if isinstance(table, str) else table


@lru_cache(maxsize=8192)
def _is_plain(ordinal: int) -> bool:
    """Return whether neither a day nor the night before it is special."""
    return all(day_kind(dt.date.fromordinal(ordinal - back)) == "plain" for back in (0, 1))


def _changes(today: DayHours, before: DayHours) -> Changes:
    """Return a day's states: its own hours and the night before."""
    if today.is_unknown:
        return (0,), (UNKNOWN,)
    night = [
        Span(max(start - DAY_MIN, 0), end - DAY_MIN, state)
        for start, end, state in before.spans
        if end > DAY_MIN
    ]
    spans = [Span(start, min(end, DAY_MIN), state) for start, end, state in today.spans]
    return _swept([*night, *(span for span in spans if span.start < DAY_MIN)])


def _swept(spans: list[Span]) -> Changes:
    """Return the states of spans that may overlap: open goes before unknown, that before closed."""
    edges = sorted({0, *(span.start for span in spans), *(span.end for span in spans)} - {DAY_MIN})
    return _merged((edge, _best(spans, edge)) for edge in edges)


def _best(spans: list[Span], minute: int) -> int:
    states = {span.state for span in spans if span.start <= minute < span.end}
    return OPEN if OPEN in states else UNKNOWN if UNKNOWN in states else CLOSED


def _either(one: Changes, other: Changes) -> Changes:
    """Return the states of a station that is open by either of two timetables."""
    edges = sorted({*one[0], *other[0]})
    return _merged(
        (edge, _join(*(part[1][bisect_right(part[0], edge) - 1] for part in (one, other))))
        for edge in edges
    )


def _join(one: int, other: int) -> int:
    return OPEN if OPEN in {one, other} else max(one, other)


def _merged(changes: Iterable[tuple[int, int]]) -> Changes:
    """Return changes without those to the same state."""
    starts: list[int] = []
    states: list[int] = []
    for start, state in changes:
        if not states or states[-1] != state:
            starts.append(start)
            states.append(state)
    return tuple(starts), tuple(states)
