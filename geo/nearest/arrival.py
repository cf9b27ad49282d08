"""The finder's states: one station's hours judged at the moment the worker arrives."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from geo.hours import CLOSED, OPEN, UNKNOWN, Timetable, intervals, state_at
from geo.hours.timetable import to_timetable
from geo.zones import LOCAL_ZONE

State = Literal[
    "open", "opens_soon", "closes_before_arrival", "closed", "unknown", "reported_locked"
]

STAY: Final = dt.timedelta(minutes=3)  # definitions.md: open from arrival to arrival + 3 min
SOON: Final = dt.timedelta(minutes=15)
HORIZON: Final = dt.timedelta(days=8)  # a week and a day: the next opening of weekly hours
ZONE: Final = ZoneInfo(LOCAL_ZONE)

_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True)
class Arrival:
    """A station's state for one arrival; times are aware, in the stations' zone."""

    arrive_at: dt.datetime
    state: State
    opens_at: dt.datetime | None  # next opening, within 8 days; none while open, but if opens_soon
    closes_at: dt.datetime | None  # end of the open time at arrival, if within 8 days


def judge_arrival(
    hours: Timetable | str, now: dt.datetime, arrive: dt.datetime, *, is_locked: bool = False
) -> Arrival:
    """Judge a station's hours for a worker who sets out now, in the order of definitions.md.

    Parameters
    ----------
    hours : Timetable or str
        OSM ``opening_hours`` texts; "" = not known.
    now, arrive : datetime
        Aware, now <= arrive.
    is_locked : bool
        Whether workers reported it locked (`geo.stations.evidence`); goes before all hours.

    Returns
    -------
    Arrival
        State and times.
    """
    here = arrive.astimezone(ZONE)
    state: State = "reported_locked"
    if not is_locked:
        state, _ = judge_state(hours, wall_time(now), here.replace(tzinfo=None))
    return Arrival(here, state, *coming_changes(hours, here, state))


def coming_changes(
    hours: Timetable | str, arrive: dt.datetime, state: State
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return ``opens_at`` and ``closes_at`` of an `Arrival` with this state.

    Parameters
    ----------
    hours : Timetable or str
        OSM ``opening_hours`` texts; "" = not known.
    arrive : datetime
        Aware, in the stations' zone.
    state : str
        As judged.
    """
    wall = arrive.replace(tzinfo=None)
    spans = _spans(to_timetable(hours), wall.date(), HORIZON.days + 1)
    here, last = spans.at(wall), len(spans.start) - 1
    opens = closes = None
    if spans.state[here] == OPEN and here < last and spans.state[here + 1] == CLOSED:
        closes = spans.start[here + 1]
    if spans.state[here] != OPEN or state == "opens_soon":
        opening = (place for place in range(here + 1, last + 1) if spans.state[place] == OPEN)
        opens = spans.start[place] if (place := next(opening, None)) is not None else None
    end = wall + HORIZON
    return (
        opens.replace(tzinfo=ZONE) if opens and opens < end else None,
        closes.replace(tzinfo=ZONE) if closes and closes < end else None,
    )


def judge_state(
    hours: Timetable | str, now: dt.datetime, arrive: dt.datetime
) -> tuple[State, dt.datetime | None]:
    """Return the state on arrival, and when it opens if that is soon.

    Parameters
    ----------
    hours : Timetable or str
        OSM ``opening_hours`` texts; "" = not known.
    now, arrive : datetime
        Naive, on the stations' clock (`wall_time`), now <= arrive.
    """
    table = to_timetable(hours)
    spans = _spans(table, arrive.date(), 2)
    state, here, last = spans.state, spans.at(arrive), spans.at(arrive + STAY)
    is_open = state[here] == OPEN
    if state[here] == UNKNOWN or (is_open and UNKNOWN in state[here : last + 1]):
        return "unknown", None
    if is_open and here == last:
        return "open", None
    for place in range(here + 1, spans.at(arrive + SOON) + 1):
        if state[place] == OPEN:  # also a station about to shut for minutes
            return "opens_soon", spans.start[place]
    return ("closes_before_arrival" if state_at(table, now) == OPEN else "closed"), None


def state_now(hours: Timetable | str, at: dt.datetime) -> State:
    """Return the state for somebody who stands before the door.

    Parameters
    ----------
    hours : Timetable or str
        OSM ``opening_hours`` texts; "" = not known.
    at : datetime
        Aware.
    """
    wall = wall_time(at)
    return judge_state(hours, wall, wall)[0]


def is_shut_throughout(hours: Timetable | str, start: dt.datetime, end: dt.datetime) -> bool:
    """Return True if it is known closed from ``start`` to ``end``, both naive and included."""
    spans = _spans(to_timetable(hours), start.date(), (end.date() - start.date()).days + 1)
    place = spans.at(start)
    return spans.state[place] == CLOSED and place == spans.at(end)


def wall_time(moment: dt.datetime) -> dt.datetime:
    """Return an aware moment as the naive time on the stations' clock."""
    return moment.astimezone(ZONE).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class _Spans:
    """The states of a station over some days; neighbours differ."""

    start: list[dt.datetime]
    state: list[int]

    def at(self, wall: dt.datetime) -> int:
        """Return the span that holds a moment."""
        return bisect_right(self.start, wall) - 1


@lru_cache(maxsize=16_384)  # many stations keep the same hours; whole days, so that moments share
def _spans(hours: Timetable, first: dt.date, days: int) -> _Spans:
    start = dt.datetime.combine(first, dt.time())
    found = intervals(hours, start, start + days * _DAY)
    return _Spans([span.start for span in found], [span.state for span in found])
