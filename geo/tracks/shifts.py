"""Shifts: hours in which people work, as OSM ``opening_hours`` texts, and the week they stand for.

A shift is judged on the stations' clock, by the national calendar, as hours of opening are.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.errors import InvalidHoursError, InvalidOptionError
from geo.hours import OPEN, UNKNOWN, Timetable, check_hours, read_hours, states
from geo.hours.calendar import day_kind
from geo.zones import from_local_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SLOT_MS: Final = 15 * 60_000
_SLOTS_PER_WEEK: Final = 7 * 24 * 4
_SLOT: Final = dt.timedelta(milliseconds=SLOT_MS)
_DAY: Final = dt.timedelta(days=1)
_WEEKS_BACK: Final = 104  # two years
_FIRST_WEEK, _LAST_WEEK = dt.date(1980, 1, 7), dt.date(2099, 12, 21)  # as moments of tracks
_MOST_CHARS: Final = 1000
_CJK: Final = "\u3400"  # letters from here on are of no OSM text


def read_shift(text: str, *, source: str = "") -> str:
    """Return the OSM text of a shift.

    Parameters
    ----------
    text : str
        OSM ``opening_hours``, such as ``Mo-Fr 04:00-11:00`` or ``22:00-06:00``, or hours in
        Chinese words, of which all must be understood.
    source : str
        Where it stands, for messages.

    Returns
    -------
    str
        Valid OSM text: as it was given, without blanks around it, or what the words mean.

    Raises
    ------
    InvalidHoursError
        Neither; says from which character on.

    Examples
    --------
    >>> read_shift("周一至周五 早上4点至11点")
    'Mo-Fr 04:00-11:00'
    """
    text = text.strip()
    head = f"{source}: " if source else ""
    if not 0 < len(text) <= _MOST_CHARS:
        what = "longer than 1,000 characters" if text else "without hours"
        msg = f"{head}a shift {what}; write it like Mo-Fr 04:00-11:00"
        raise InvalidHoursError(msg)
    try:
        check_hours(text)
    except InvalidHoursError as error:
        found = read_hours(text)
        if found.status == "ok":
            return found.osm
        msg = f"{head}shift: {error}"
        if max(text) >= _CJK:
            msg = (
                f"{head}of the shift {text!r} this is not understood: {found.rest}; "
                "write it like Mo-Fr 04:00-11:00"
            )
        raise InvalidHoursError(msg, error.position, error.suggestion) from error
    return text


def plain_week(date: dt.date) -> dt.date:
    """Return the Monday of the last week, that of ``date`` or before, without special days.

    Parameters
    ----------
    date : date
        Local.

    Returns
    -------
    date
        None of its week's seven days is a holiday, worked in exchange for one, or, in a year
        whose calendar is not known, perhaps a holiday.

    Raises
    ------
    InvalidOptionError
        There is no such week within two years, or the date is not of 1980 to 2099.
    """
    monday = dt.date.fromordinal(date.toordinal() - date.weekday())
    _require_known(monday)
    for back in range(_WEEKS_BACK):
        first = monday - 7 * back * _DAY
        if all(day_kind(first + ahead * _DAY) == "plain" for ahead in range(7)):
            return first
    msg = f"no week of the two years up to {date} is without holidays; name a week to walk in"
    raise InvalidOptionError(msg)


class ShiftSlots(NamedTuple):
    """The quarters of an hour of a week that belong to one shift."""

    start_ms: NDArray[np.int64]  # epoch ms at which they begin, rising
    unknown: int  # how many more may belong to it: its text does not say


def shift_slots(shifts: Sequence[str], monday: dt.date) -> tuple[ShiftSlots, ...]:
    """Return the quarters of an hour of a week that belong to shifts.

    Parameters
    ----------
    shifts : sequence of str, k
        Valid OSM texts.
    monday : date
        Of the week, local.

    Returns
    -------
    tuple of ShiftSlots, k
        Those that begin while the shift is known to be on; slots begin at 0, 15, 30 and 45 minutes
        past each hour from Monday 00:00.

    Raises
    ------
    InvalidOptionError
        ``monday`` is none, or not of 1980 to 2099.
    """
    if monday.weekday() != 0:
        near = dt.date.fromordinal(monday.toordinal() - monday.weekday())
        msg = f"{monday} is no Monday; a week of shifts begins on one, such as {near}"
        raise InvalidOptionError(msg)
    _require_known(monday)
    midnight = dt.datetime.combine(monday, dt.time())
    moments = [midnight + nth * _SLOT for nth in range(_SLOTS_PER_WEEK)]
    local_ms = np.array(moments, dtype="datetime64[ms]").astype(np.int64)
    start_ms = from_local_ms(local_ms)
    found = states([Timetable(shift) for shift in shifts], moments)
    return tuple(ShiftSlots(start_ms[row == OPEN], int(np.sum(row == UNKNOWN))) for row in found)


def _require_known(monday: dt.date) -> None:
    if not _FIRST_WEEK <= monday <= _LAST_WEEK:
        msg = f"the week of {monday} is not of the years 1980 to 2099; name another"
        raise InvalidOptionError(msg)
