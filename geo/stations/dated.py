"""Dated exceptions beside regular hours: closed in a holiday week, other hours on these days.

An exception is the last rule of an OSM text, so that it replaces the regular hours of its days
(https://wiki.openstreetmap.org/wiki/Key:opening_hours); in words it stands after them.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, NamedTuple

from geo.hours.plain_rules import MONTH_CODES

OFF: Final = "off"
_DAY: Final = rf"(\d{{4}}) ({'|'.join(MONTH_CODES)}) (\d\d)"
_TIMES: Final = r"\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*"
_RULE: Final = re.compile(rf"{_DAY}(?:-{_DAY})? (off|{_TIMES})", re.ASCII)
_PLAIN_TIMES: Final = re.compile(rf"(?:Mo-Su )?({_TIMES})", re.ASCII)


class DatedHours(NamedTuple):
    """The hours of some days, both ends included; ``times`` is ``off`` or OSM times."""

    first: dt.date
    last: dt.date
    times: str


class SplitHours(NamedTuple):
    """OSM hours, the regular ones apart from the dated."""

    regular: str
    dated: tuple[DatedHours, ...]


def split_hours(osm: str) -> SplitHours:
    """Return OSM hours with the dated exceptions at their end apart.

    Parameters
    ----------
    osm : str
        Canonical OSM text, "" for none. One with a comment or a fallback (``||``) is not split.

    Examples
    --------
    >>> split_hours("Mo-Fr 08:00-18:00; 2027 Feb 05-2027 Feb 12 off").regular
    'Mo-Fr 08:00-18:00'
    """
    if not can_split(osm):
        return SplitHours(osm, ())
    rules = osm.split("; ")
    dated: list[DatedHours] = []
    while rules and (one := _read(rules[-1])) is not None:
        dated.insert(0, one)
        rules.pop()
    return SplitHours("; ".join(rules), tuple(dated))


def can_split(osm: str) -> bool:
    """Return whether a rule can be put at the end of OSM hours and hold for its days."""
    return '"' not in osm and "||" not in osm


def join_hours(split: SplitHours) -> str:
    """Return regular and dated hours as one OSM text."""
    return "; ".join([split.regular, *map(say_osm, split.dated)])


def say_osm(one: DatedHours) -> str:
    """Return the OSM rule of an exception.

    Examples
    --------
    >>> day = dt.date(2027, 2, 5)
    >>> say_osm(DatedHours(day, day, OFF))
    '2027 Feb 05 off'
    """
    days = [_day(day) for day in dict.fromkeys((one.first, one.last))]
    return f"{'-'.join(days)} {one.times}"


def say_words(one: DatedHours) -> str:
    """Return an exception in Chinese words, which read back as the same.

    Examples
    --------
    >>> say_words(DatedHours(dt.date(2027, 2, 5), dt.date(2027, 2, 12), OFF))
    '2027年2月5日至2月12日休息'
    """
    first, last = (f"{day.month}月{day.day}日" for day in (one.first, one.last))
    days = f"{one.first.year}年{first}"
    if one.last != one.first:
        year = "" if one.last.year == one.first.year else f"{one.last.year}年"
        days += f"至{year}{last}"
    return f"{days}{'休息' if one.times == OFF else one.times}"


def plain_times(osm: str) -> str:
    """Return the times of OSM hours that are the same every day, "" of others.

    Examples
    --------
    >>> plain_times("Mo-Su 10:00-16:00"), plain_times("24/7"), plain_times("Mo 10:00-16:00")
    ('10:00-16:00', '00:00-24:00', '')
    """
    if osm == "24/7":
        return "00:00-24:00"
    found = _PLAIN_TIMES.fullmatch(osm)
    return found[1] if found else ""


def _day(day: dt.date) -> str:
    return f"{day.year} {MONTH_CODES[day.month - 1]} {day.day:02d}"


def _read(rule: str) -> DatedHours | None:
    """Return the exception of a rule; None if it is none, or a day that no calendar has."""
    found = _RULE.fullmatch(rule)
    if found is None:
        return None
    try:
        first = _date(found[1], found[2], found[3])
        last = _date(found[4], found[5], found[6]) if found[4] else first
    except ValueError:
        return None
    return DatedHours(first, last, found[7]) if first <= last else None


def _date(year: str, month: str, day: str) -> dt.date:
    return dt.date(int(year), MONTH_CODES.index(month) + 1, int(day))
