"""The finder's states: one station's hours judged at the moment the worker arrives."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from geo.hours import CLOSED, OPEN, UNKNOWN, Interval, intervals
from geo.zones import LOCAL_ZONE

State = Literal["open", "opens_soon", "closes_before_arrival", "closed", "unknown"]

STAY: Final = dt.timedelta(minutes=3)  # definitions.md: open from arrival to arrival + 3 min
SOON: Final = dt.timedelta(minutes=15)
HORIZON: Final = dt.timedelta(days=8)  # a week and a day: the next opening of weekly hours


@dataclass(frozen=True)
class Arrival:
    """A station's state for one arrival; times are aware, in the stations' zone."""

    at: dt.datetime
    state: State
    opens_at: dt.datetime | None  # next opening, within 8 days; none while open, but if opens_soon
    closes_at: dt.datetime | None  # end of the open time at arrival, if within 8 days


def judge_arrival(
    hours: str, now: dt.datetime, arrive: dt.datetime, *, until: dt.datetime | None = None
) -> Arrival:
    """Judge a station's hours for a worker who sets out now, in the order of definitions.md.

    Parameters
    ----------
    hours : str
        OSM ``opening_hours`` text; "" = not known.
    now, arrive : datetime
        Aware, now <= arrive.
    until : datetime, optional
        Aware; how far to look for the next opening and closing, at least 20 minutes after
        ``arrive``; 8 days after it by default. One for many stations saves time.

    Returns
    -------
    Arrival
        State and times.

    Raises
    ------
    InvalidHoursError
        The text is not valid syntax.
    """
    zone = ZoneInfo(LOCAL_ZONE)
    here = arrive.astimezone(zone)
    start, wall = now.astimezone(zone).replace(tzinfo=None), here.replace(tzinfo=None)
    end = (until or arrive + HORIZON).astimezone(zone).replace(tzinfo=None)
    spans = _spans(hours, start, end)
    first_inside = next(place for place, span in enumerate(spans) if span.end > wall)
    rest = spans[first_inside:]
    opens = next((span.start for span in rest if span.state == OPEN and span.start > wall), None)
    closes = rest[0].end if len(rest) > 1 and rest[1].state == CLOSED else None
    is_open = rest[0].state == OPEN
    state = _state(spans[0], rest, wall, opens)
    waits = state == "opens_soon" or not is_open
    return Arrival(
        at=here,
        state=state,
        opens_at=opens.replace(tzinfo=zone) if opens and waits else None,
        closes_at=closes.replace(tzinfo=zone) if closes and is_open else None,
    )


@lru_cache(maxsize=4096)  # many stations keep the same hours
def _spans(hours: str, start: dt.datetime, end: dt.datetime) -> tuple[Interval, ...]:
    return intervals(hours, start, end)


def _state(
    first: Interval, rest: tuple[Interval, ...], wall: dt.datetime, opens: dt.datetime | None
) -> State:
    """Return the state: ``first`` holds now, ``rest`` from the arrival ``wall`` on."""
    stay = {span.state for span in rest if span.start <= wall + STAY}
    if rest[0].state == UNKNOWN or (rest[0].state == OPEN and UNKNOWN in stay):
        return "unknown"
    if stay == {OPEN}:
        return "open"
    if opens is not None and opens <= wall + SOON:  # also a station about to shut for minutes
        return "opens_soon"
    return "closes_before_arrival" if first.state == OPEN else "closed"
