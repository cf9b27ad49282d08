"""When hours hold: days of the week, holidays, seasons and dates, and their OSM selectors."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from geo.hours.plain_rules import DAY_CODES, MONTH_CODES

_LEAP_YEAR: Final = 2028
_YEAR_DAYS: Final = 366
ALL_DAYS: Final = frozenset(range(7))
WORK_DAYS: Final = frozenset(range(5))
WEEKEND: Final = frozenset({5, 6})


_NO_DAYS: Final[dict[str, Any]] = {
    "days": frozenset(),
    "work": False,
    "plain": False,
    "holidays": False,
    "festival": False,
}


class YearDay(NamedTuple):
    """A day of the year, or a month of it where ``day`` is 0; ``year`` 0 is every year."""

    year: int
    month: int
    day: int

    def exists(self) -> bool:
        """Return True if the calendar has it."""
        try:
            dt.date(self.year or _LEAP_YEAR, self.month, self.day or 1)
        except ValueError:
            return False
        return True


class DateSpan(NamedTuple):
    """From one day (or month) of the year to another, both included; it may pass New Year."""

    first: YearDay
    last: YearDay

    def selector(self) -> str:
        """Return the OSM selector: ``Jul-Sep``, ``Oct 01-Apr 30``, ``2026 Oct 01-2026 Oct 07``."""
        names = [_say_day(day) for day in self]
        return names[0] if self.first == self.last else "-".join(names)

    def days(self) -> frozenset[int]:
        """Return the days of a leap year in it, 0 = 1 January."""
        first = _day_of_year(self.first, last=False)
        last = _day_of_year(self.last, last=True)
        if first <= last:
            return frozenset(range(first, last + 1))
        return frozenset(range(first, _YEAR_DAYS)) | frozenset(range(last + 1))


@dataclass(frozen=True, slots=True)
class Period:
    """What stands before or after hours to say when they hold; empty: nothing was said."""

    days: frozenset[int] = frozenset()
    every: bool = False  # 每天, 全年
    work: bool = False  # 工作日
    plain: bool = False  # 平日
    holidays: bool = False
    festival: bool = False
    season: frozenset[str] = frozenset()  # 春夏秋冬旺淡
    special: bool = False  # 暑期 and the like: no dates are known
    rest: bool = False  # 其他时间
    dates: tuple[DateSpan, ...] = ()
    yearly: bool = False
    named: bool = False  # 夏季（5月-9月）
    days_come_first: bool = False  # 周一至周五 夏季…: the days hold for the next season too

    @property
    def has_days(self) -> bool:
        """True if it says which days."""
        return bool(self.days or self.work or self.plain or self.holidays or self.festival)

    @property
    def has_season(self) -> bool:
        """True if it says which part of the year."""
        return bool(self.season or self.special or self.rest or self.dates)

    @property
    def is_dated(self) -> bool:
        """True if it names a year."""
        return any(span.first.year for span in self.dates)

    def weekdays(self) -> frozenset[int]:
        """Return the days of the week in it, the plain and the working ones included."""
        return self.days | (WORK_DAYS if self.work or self.plain else frozenset())


def also(one: Period, other: Period) -> Period | None:
    """Return the period of two in a list (周六、节假日), None if that makes no sense."""
    if one.every and one.has_days:  # 全年 周六、周日
        listed = also(replace(one, every=False), other)
        return replace(listed, every=True) if listed else None
    if one.every or other.every or one.rest or other.rest:
        return None
    if one.has_days and one.has_season and not one.days_come_first:
        return _more_days(one, other)
    both_days = one.has_days and other.has_days and not (one.has_season or other.has_season)
    both_seasons = one.has_season and other.has_season and not (one.has_days or other.has_days)
    if both_seasons and (bool(one.dates) != bool(other.dates) or one.is_dated != other.is_dated):
        return None
    if not (both_days or both_seasons):
        return None
    listed = Period(
        days=one.days | other.days,
        work=one.work or other.work,
        plain=one.plain or other.plain,
        holidays=one.holidays or other.holidays,
        festival=one.festival or other.festival,
        season=one.season | other.season,
        special=one.special or other.special,
        dates=one.dates + other.dates,
        yearly=one.yearly or other.yearly,
    )
    is_same = listed == Period(days=WORK_DAYS, work=True)  # 周一至周五 工作日
    return Period(work=True) if is_same else listed


def _more_days(one: Period, other: Period) -> Period | None:
    """Return a season's days with more of them: 夏季 周六、周日."""
    days = replace(one, season=frozenset(), special=False, dates=(), named=False, yearly=False)
    listed = also(days, other)
    return within(replace(one, **_NO_DAYS), listed) if listed else None


def within(one: Period, other: Period) -> Period | None:
    """Return the period of two that narrow each other (夏季 周一至周五, 夏季（5月-9月））."""
    for bare, full in ((one, other), (other, one)):
        if not (bare.has_days or bare.has_season):  # 每天, 每年
            return replace(full, yearly=full.yearly or bare.yearly, every=full.every or bare.every)
    if one.has_days and other.has_days:
        return _narrow_days(one, other)
    if one.has_season and other.has_season:
        return _narrow_season(one, other)
    days, season = (one, other) if one.has_days else (other, one)
    return replace(
        season,
        days=days.days,
        work=days.work,
        plain=days.plain,
        holidays=days.holidays,
        festival=days.festival,
        days_come_first=days is one,
    )


def say_days(days: frozenset[int], *, holidays: bool = False) -> str:
    """Return the OSM selector of days of the week, "" for all of them."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = [_say_run(run) for run in runs] + ["PH"] * holidays
    return "" if days == ALL_DAYS and not holidays else ",".join(names)


def say_year_days(days: frozenset[int], *, by_month: bool) -> str:
    """Return the OSM selector of days of the year, in whole months if ``by_month``."""
    starts = sorted(day for day in days if (day - 1) % _YEAR_DAYS not in days)
    spans = []
    for start in starts:
        end = start
        while (end + 1) % _YEAR_DAYS in days:
            end = (end + 1) % _YEAR_DAYS
        ends = (_year_day(start), _year_day(end))
        span = DateSpan(*(day._replace(day=0) if by_month else day for day in ends))
        spans.append(span.selector())
    return ",".join(spans)


def _narrow_days(one: Period, other: Period) -> Period | None:
    """Return the days if both name the same ones: 工作日（周一至周五）."""
    same = one.weekdays() == other.weekdays() and one.holidays == other.holidays
    if not same or other.festival or (other.has_season and one.has_season):
        return None
    days = one if one.work or not other.work else other
    season = one if one.has_season else other
    return replace(season, days=days.days, work=days.work, plain=days.plain)


def _narrow_season(one: Period, other: Period) -> Period | None:
    """Return the season with its dates: 夏季（5月-9月）."""
    words, dated = (one, other) if other.dates else (other, one)
    if words.dates or words.rest or not (words.season or words.special) or not dated.dates:
        return None
    if words.special and words is other:  # 6月-9月高温期间: in all of these months?
        return None
    merged = replace(dated, yearly=True, named=bool(words.season))
    bare = replace(words, season=frozenset(), special=False)
    return within(merged, bare) if bare.has_days else merged


def _say_run(run: list[int]) -> str:
    first, last = DAY_CODES[run[0]], DAY_CODES[run[-1]]
    return first if len(run) == 1 else f"{first}-{last}"


def _say_day(day: YearDay) -> str:
    year = f"{day.year} " if day.year else ""
    return f"{year}{MONTH_CODES[day.month - 1]}" + (f" {day.day:02d}" if day.day else "")


def _day_of_year(day: YearDay, *, last: bool) -> int:
    if day.day:
        date = dt.date(_LEAP_YEAR, day.month, day.day)
    elif last:
        date = dt.date(_LEAP_YEAR, day.month, 28) + dt.timedelta(days=4)
        date = date.replace(day=1) - dt.timedelta(days=1)
    else:
        date = dt.date(_LEAP_YEAR, day.month, 1)
    return date.timetuple().tm_yday - 1


def _year_day(number: int) -> YearDay:
    date = dt.date(_LEAP_YEAR, 1, 1) + dt.timedelta(days=number)
    return YearDay(0, date.month, date.day)
