"""Special days: festivals and worked weekends of published years, look-back in others."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import pytest

from geo.hours.calendar import SpecialDays, day_kind, holiday_name, special_days

DAY = dt.timedelta(days=1)


def is_special_day(day: dt.date) -> bool:
    """Return True if weekly hours cannot be taken for granted."""
    return day_kind(day) != "plain"


def last_published_year() -> int:
    """Return the last year the installed calendar knows."""
    year = 2026
    while True:
        try:
            chinese_calendar.get_holiday_detail(dt.date(year + 1, 6, 15))
        except NotImplementedError:
            return year
        year += 1


def was_holiday(day: dt.date, year: int) -> bool:
    """Return True if the day's month and day was a holiday with a name in another year."""
    if (day.month, day.day) == (2, 29):
        return False
    off, name = chinese_calendar.get_holiday_detail(day.replace(year=year))
    return bool(off and name)


@pytest.mark.parametrize(
    ("day", "special"),
    [
        ("2026-10-01", True),
        ("2026-10-07", True),
        ("2026-10-08", False),
        ("2026-02-18", True),
        ("2026-10-10", True),  # a Saturday worked
        ("2026-09-20", True),  # a Sunday worked
        ("2026-10-11", False),  # the calendar calls every plain Sunday a holiday
        ("2026-10-17", False),
        ("2026-03-02", False),
    ],
)
def test_days_of_a_published_year(day: str, special: object) -> None:
    assert is_special_day(dt.date.fromisoformat(day)) is special


@pytest.mark.parametrize("ahead", [1, 2])
def test_a_year_not_published_looks_back_five_years(ahead: int) -> None:
    last = last_published_year()
    year = last + ahead
    known = range(year - 5, last + 1)
    days = [dt.date(year, 1, 1) + DAY * shift for shift in range(366)]
    days = [day for day in days if day.year == year]
    expected = [any(was_holiday(day, then) for then in known) for day in days]
    assert [is_special_day(day) for day in days] == expected


def test_worked_weekends_are_not_guessed() -> None:
    last = last_published_year()
    worked = [
        day
        for day in (dt.date(last, 1, 1) + DAY * shift for shift in range(365))
        if chinese_calendar.is_in_lieu(day)
    ]
    next_year = [day.replace(year=last + 1) for day in worked if (day.month, day.day) != (2, 29)]
    guessed = [day for day in next_year if is_special_day(day)]
    assert all(any(was_holiday(day, last - back) for back in range(5)) for day in guessed)


def test_years_before_the_calendar_have_no_special_days() -> None:
    assert not is_special_day(dt.date(2003, 10, 1))


@pytest.mark.parametrize(
    ("day", "kind", "festival"),
    [
        ("2026-10-02", "holiday", "national_day"),
        ("2026-10-10", "worked", "national_day"),
        ("2026-02-18", "holiday", "spring_festival"),
        ("2026-02-28", "worked", "spring_festival"),
        ("2026-06-19", "holiday", "dragon_boat_festival"),
        ("2026-11-22", "plain", None),
        ("2003-10-01", "plain", None),
    ],
)
def test_a_day_has_a_kind_and_a_festival(day: str, kind: str, festival: str | None) -> None:
    date = dt.date.fromisoformat(day)
    assert (day_kind(date), holiday_name(date)) == (kind, festival)


def test_a_year_not_published_is_guessed_without_a_name() -> None:
    day = dt.date(last_published_year() + 1, 10, 1)
    assert (day_kind(day), holiday_name(day)) == ("guess", None)


def test_special_days_in_a_row_are_told_together() -> None:
    found = special_days(dt.date(2026, 9, 20), dt.date(2026, 10, 3))
    assert found == [
        SpecialDays(dt.date(2026, 9, 20), dt.date(2026, 9, 20), "worked", "national_day"),
        SpecialDays(dt.date(2026, 9, 25), dt.date(2026, 9, 27), "holiday", "mid_autumn_festival"),
        SpecialDays(dt.date(2026, 10, 1), dt.date(2026, 10, 3), "holiday", "national_day"),
    ]
