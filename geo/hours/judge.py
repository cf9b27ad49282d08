"""Judge one ``opening_hours`` text over a span of local time: open, closed or unknown.

Weekly hours are exact on plain days. On a special day (public holiday, weekend worked in exchange)
a text is judged only if it gives the seven days around it alike and does not speak of holidays;
everything else is ``unknown`` there, never a guess.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from opening_hours import State

from geo.hours.calendar import is_special_day
from geo.hours.syntax import depends_on_sun, split_fallback

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOSED: Final = 0
OPEN: Final = 1
UNKNOWN: Final = 2

_CODE: Final = {State.CLOSED: CLOSED, State.OPEN: OPEN, State.UNKNOWN: UNKNOWN}
_CODE_BEFORE_FALLBACK: Final = {**_CODE, State.CLOSED: UNKNOWN}
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Interval:
    """A span of local wall-clock time with one state; the end belongs to the next interval."""

    start: dt.datetime  # naive, local
    end: dt.datetime
    state: int  # CLOSED, OPEN or UNKNOWN


def intervals(text: str, start: dt.datetime, end: dt.datetime) -> tuple[Interval, ...]:
    """Return the states of a text from ``start`` to ``end``, without holes, neighbours differing.

    Parameters
    ----------
    text : str
        OSM ``opening_hours`` text; "" is unknown throughout, and so is one that follows the sun.
    start, end : datetime
        Naive local wall-clock times, start < end.

    Returns
    -------
    tuple of Interval
        The first starts at ``start``, the last ends at ``end``.

    Raises
    ------
    InvalidHoursError
        The text is not valid syntax.
    """
    if not text or depends_on_sun(text):
        return (Interval(start, end, UNKNOWN),)
    pieces: list[Interval] = []
    for first, last, special in _runs(start, end):
        if special and not _holds_every_day(text, first.date()):
            piece = [Interval(first, last, UNKNOWN)]
        else:
            piece = [Interval(a, b, state) for a, b, state in _plain(text, first, last)]
        pieces.extend(piece)
    return _merged(pieces)


def _plain(
    text: str, start: dt.datetime, end: dt.datetime
) -> Iterator[tuple[dt.datetime, dt.datetime, int]]:
    """Return what the library says, cut to the span; unknown where a ``||`` rule would decide."""
    hours, has_fallback = split_fallback(text)
    code = _CODE_BEFORE_FALLBACK if has_fallback else _CODE
    return (
        (max(first, start), min(last, end), code[state])
        for first, last, state, _ in hours.intervals(start, end)
    )


def _runs(start: dt.datetime, end: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime, bool]]:
    """Cut a span at the midnights around special days, each special day on its own.

    Yields
    ------
    tuple of datetime, datetime, bool
        Start, end, and whether it is a special day.
    """
    run = start
    day = dt.datetime.combine(start.date(), dt.time())
    while day < end:
        if is_special_day(day.date()):
            if run < day:
                yield run, day, False
            stop = min(day + _DAY, end)
            yield max(run, day), stop, True
            run = stop
        day += _DAY
    if run < end:
        yield run, end, False


@lru_cache(maxsize=65_536)
def _holds_every_day(text: str, date: dt.date) -> bool:
    """Return True if a week of days up to or from a date is alike, and holidays are not spoken of.

    Either week will do: seasonal hours often change on a holiday.
    """
    if "PH" in text or "SH" in text:
        return False
    middle = dt.datetime.combine(date, dt.time())
    patterns = [
        tuple((a - day, b - day, state) for a, b, state in _plain(text, day, day + _DAY))
        for day in (middle + _DAY * shift for shift in range(-6, 7))
    ]
    return len(set(patterns[:7])) == 1 or len(set(patterns[6:])) == 1


def _merged(pieces: list[Interval]) -> tuple[Interval, ...]:
    """Join neighbours of one state."""
    merged: list[Interval] = []
    for piece in pieces:
        if merged and merged[-1].state == piece.state:
            merged[-1] = Interval(merged[-1].start, piece.end, piece.state)
        else:
            merged.append(piece)
    return tuple(merged)
