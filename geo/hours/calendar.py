"""Days of the national calendar: public holidays, and weekends worked in exchange for them.

From ``chinesecalendar`` alone (2004 to the last published year). It calls every plain Sunday a
holiday; a special day is one that it gives a festival's name.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Final, Literal, NamedTuple

import chinese_calendar

DayKind = Literal["plain", "holiday", "worked", "guess"]

_LOOK_BACK_YEARS: Final = 5
_FIRST_YEAR: Final = 2004  # of chinesecalendar
_DAY: Final = dt.timedelta(days=1)
_CODES: Final = {
    "New Year's Day": "new_years_day",
    "Spring Festival": "spring_festival",
    "Tomb-sweeping Day": "tomb_sweeping_day",
    "Labour Day": "labour_day",
    "Dragon Boat Festival": "dragon_boat_festival",
    "Mid-autumn Festival": "mid_autumn_festival",
    "National Day": "national_day",
}


class SpecialDays(NamedTuple):
    """Days in a row of one kind and one festival."""

    first: dt.date
    last: dt.date
    kind: DayKind  # holiday | worked
    festival: str  # a code as of `festival`


@lru_cache(maxsize=8192)
def day_kind(day: dt.date) -> DayKind:
    """Return what kind of day a date is.

    Returns
    -------
    {"plain", "holiday", "worked", "guess"}
        ``worked``: a Saturday or Sunday worked in exchange. ``guess``: the calendar of that year
        is not known, and the same month and day was a holiday in one of the five years before.
    """
    if _is_published(day.year):
        off, name = _detail(day)
        return "plain" if name is None else "holiday" if off else "worked"
    return "guess" if any(_was_holiday(day, year) for year in _years_before(day.year)) else "plain"


def holiday_name(day: dt.date) -> str | None:
    """Return the festival that a special day belongs to; None of a plain day or unknown year.

    Returns
    -------
    str or None
        ``new_years_day``, ``spring_festival``, ``tomb_sweeping_day``, ``labour_day``,
        ``dragon_boat_festival``, ``mid_autumn_festival``, ``national_day``, or ``other``.
    """
    name = _detail(day)[1] if _is_published(day.year) else None
    return None if name is None else _CODES.get(name, "other")


def special_days(first: dt.date, last: dt.date) -> list[SpecialDays]:
    """Return the holidays and worked weekends of the published calendar from a day to another.

    Parameters
    ----------
    first, last : date
        Both included.

    Returns
    -------
    list of SpecialDays
        By date; days in a row of one kind and festival together.
    """
    runs: list[SpecialDays] = []
    for ahead in range((last - first).days + 1):
        day = first + ahead * _DAY
        kind, festival = day_kind(day), holiday_name(day)
        if festival is None:
            continue
        before = runs[-1] if runs else None
        if before and before.last == day - _DAY and before[2:] == (kind, festival):
            runs[-1] = before._replace(last=day)
        else:
            runs.append(SpecialDays(day, day, kind, festival))
    return runs


@lru_cache(maxsize=256)
def _is_published(year: int) -> bool:
    try:
        chinese_calendar.get_holiday_detail(dt.date(year, 6, 15))
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=256)
def _years_before(year: int) -> list[int]:
    """Return the published ones of the five years before; if there are none, the last five."""
    near = [one for one in range(year - _LOOK_BACK_YEARS, year) if _is_published(one)]
    if near or year < _FIRST_YEAR:
        return near
    return [one for one in range(_FIRST_YEAR, year) if _is_published(one)][-_LOOK_BACK_YEARS:]


def _detail(day: dt.date) -> tuple[bool, str | None]:
    """Return whether people are off, and the festival; the year must be published."""
    off, name = chinese_calendar.get_holiday_detail(day)
    return bool(off), name


def _was_holiday(day: dt.date, year: int) -> bool:
    try:
        then = day.replace(year=year)
    except ValueError:  # 29 February
        return False
    off, name = _detail(then)
    return off and name is not None
