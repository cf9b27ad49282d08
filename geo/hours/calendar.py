"""Special days of the national calendar: public holidays, and weekends worked in exchange.

From ``chinesecalendar`` alone (2004 to the last published year). It calls every plain Sunday a
holiday; a special day is one that it gives a festival's name.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Final

import chinese_calendar

_LOOK_BACK_YEARS: Final = 5


@lru_cache(maxsize=8192)
def is_special_day(day: dt.date) -> bool:
    """Return True if weekly hours cannot be taken for granted on ``day``.

    A year that the calendar does not know: True where the same month and day was a holiday in any
    of the five years before; weekends worked in exchange are not guessed.
    """
    if _is_published(day.year):
        return _festival(day) is not None
    return any(
        _was_holiday(day, year)
        for year in range(day.year - _LOOK_BACK_YEARS, day.year)
        if _is_published(year)
    )


@lru_cache(maxsize=64)
def _is_published(year: int) -> bool:
    try:
        chinese_calendar.get_holiday_detail(dt.date(year, 6, 15))
    except NotImplementedError:
        return False
    return True


def _festival(day: dt.date) -> str | None:
    name: str | None = chinese_calendar.get_holiday_detail(day)[1]
    return name


def _was_holiday(day: dt.date, year: int) -> bool:
    try:
        then = day.replace(year=year)
    except ValueError:  # 29 February
        return False
    off, name = chinese_calendar.get_holiday_detail(then)
    return bool(off) and name is not None
