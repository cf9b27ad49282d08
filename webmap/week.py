"""The coming week of one station, day by day, and the holidays after it: bars and words."""

from __future__ import annotations

import datetime as dt
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext

from geo.hours import CLOSED, OPEN, UNKNOWN, Timetable, intervals
from geo.hours.calendar import day_kind, special_days
from geo.hours.rules import DAY_MIN
from webmap.festivals import say_festival
from webmap.moments import say_days, say_weekday
from webmap.words import say_list

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS: Final = 7
AHEAD: Final = dt.timedelta(weeks=6)  # for which holidays are named
_KINDS: Final = ("staff", "self", "unknown")
_DAY: Final = dt.timedelta(days=1)
_MINUTE: Final = dt.timedelta(minutes=1)


class Span(NamedTuple):
    """Part of a day in which a station is, or may be, open; minutes from midnight."""

    start: int
    end: int
    kind: str  # staff | self | unknown


class Day(NamedTuple):
    """One day of the week that is shown."""

    date: dt.date
    name: str  # 今天, 明天, or ""
    weekday: str
    said: str  # 11 月 22 日
    special: str  # what the national calendar makes of it; "" of a plain day
    spans: tuple[Span, ...]
    words: tuple[str, ...]  # one for each part of the day, or one for all of it
    now_min: int | None  # of today


class SpecialDays(NamedTuple):
    """Days off or worked in exchange, ahead: which, when, and what is known of the station then."""

    name: str
    days: str
    words: tuple[str, ...]  # one for each stretch of days with the same hours


class Week(NamedTuple):
    """What the page of a station says of its hours, in the visitor's language."""

    days: tuple[Day, ...]  # today first
    ahead: tuple[SpecialDays, ...]
    unpublished: int | None  # a year among those days whose holidays are not published
    kinds: frozenset[str]  # of all spans: what the legend has to explain

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of any day."""
        return all(day.spans == (Span(0, DAY_MIN, "unknown"),) for day in self.days)


def make_week(table: Timetable, now: dt.datetime, *, closed_until: dt.datetime | None) -> Week:
    """Return the week from today on, and the holidays of the next six weeks.

    Parameters
    ----------
    table : Timetable
        OSM texts.
    now : datetime
        Naive, on the stations' clock.
    closed_until : datetime or None
        Naive; the station is shut before it whatever the hours.

    Returns
    -------
    Week
        Nights are shown on the days on which they fall.

    Raises
    ------
    InvalidHoursError
        A text is not valid syntax.
    """
    today = now.date()
    days = tuple(_day(table, today + ahead * _DAY, now, closed_until) for ahead in range(DAYS))
    last = today + AHEAD
    guessed = [day for day in _dates(today, last) if day_kind(day) == "guess"]
    return Week(
        days=days,
        ahead=tuple(_ahead(table, today, last, closed_until)),
        unpublished=guessed[0].year if guessed else None,
        kinds=frozenset(span.kind for day in days for span in day.spans),
    )


def _day(
    table: Timetable, date: dt.date, now: dt.datetime, closed_until: dt.datetime | None
) -> Day:
    ahead = (date - now.date()).days
    return Day(
        date=date,
        name={0: gettext("今天"), 1: gettext("明天")}.get(ahead, ""),
        weekday=say_weekday(date),
        said=say_days(date, date),
        special=_special(date),
        spans=_spans(table, date, closed_until),
        words=_words(table, date, closed_until),
        now_min=now.hour * 60 + now.minute if ahead == 0 else None,
    )


def _spans(table: Timetable, date: dt.date, closed_until: dt.datetime | None) -> tuple[Span, ...]:
    """Return when a station is or may be open on a day; staff goes before self, that before ?."""
    midnight = dt.datetime.combine(date, dt.time())
    staff = _states(table.hours, midnight)
    alone = _states(table.self_hours, midnight) if table.self_hours else [(0, CLOSED)]
    first = min(DAY_MIN, max(0, _minutes(closed_until, midnight))) if closed_until else 0
    edges = sorted({first, DAY_MIN, *(minute for minute, _ in (*staff, *alone) if minute > first)})
    found: list[Span] = []
    for start, end in pairwise(edges):
        kind = _kind(_at(staff, start), _at(alone, start))
        if not kind:
            continue
        if found and found[-1].end == start and found[-1].kind == kind:
            start = found.pop().start  # noqa: PLW2901 - the one before goes on
        found.append(Span(start, end, kind))
    return tuple(found)


def _states(text: str, midnight: dt.datetime) -> list[tuple[int, int]]:
    """Return the minutes at which one timetable's state changes on a day, and the states."""
    found = intervals(text, midnight, midnight + _DAY)
    return [(_minutes(one.start, midnight), one.state) for one in found]


def _at(states: Sequence[tuple[int, int]], minute: int) -> int:
    return [state for start, state in states if start <= minute][-1]


def _kind(staff: int, alone: int) -> str:
    if OPEN in (staff, alone):
        return "staff" if staff == OPEN else "self"
    return "unknown" if UNKNOWN in (staff, alone) else ""


def _words(table: Timetable, date: dt.date, closed_until: dt.datetime | None) -> tuple[str, ...]:
    """Say a day's spans: each kind with its times."""
    midnight = dt.datetime.combine(date, dt.time())
    if closed_until and closed_until >= midnight + _DAY:
        return (gettext("暂停开放"),)
    spans = _spans(table, date, closed_until)
    said = [_say_kind(kind, [span for span in spans if span.kind == kind]) for kind in _KINDS]
    words = [word for word in said if word]
    if closed_until and closed_until > midnight:
        clock = _clock(_minutes(closed_until, midnight))
        words.insert(0, gettext("%(clock)s 以前暂停开放", clock=clock))
    return tuple(words) or (gettext("休息"),)


def _say_kind(kind: str, spans: Sequence[Span]) -> str:
    """Say the spans of one kind; "" without any."""
    if not spans:
        return ""
    is_whole = spans[0].end - spans[0].start == DAY_MIN
    if kind == "unknown" and is_whole:
        return gettext("时间不详")
    times = say_list(f"{_clock(span.start)}–{_clock(span.end)}" for span in spans)
    if is_whole:
        times = gettext("24 小时")
    if kind == "self":
        return gettext("自助 %(times)s", times=times)
    return gettext("%(times)s 不一定开", times=times) if kind == "unknown" else times


def _special(date: dt.date) -> str:
    """Return what the national calendar makes of a day; "" of a plain one."""
    kind, festival = day_kind(date), say_festival(date)
    return {
        "holiday": gettext("%(festival)s放假", festival=festival),
        "worked": gettext("%(festival)s调休上班", festival=festival),
        "guess": gettext("可能放假"),
    }.get(kind, "")


def _ahead(
    table: Timetable, first: dt.date, last: dt.date, closed_until: dt.datetime | None
) -> list[SpecialDays]:
    """Return the special days from a day to another, by date, published and guessed."""
    runs = [(run.first, run.last) for run in special_days(first, last)]
    guessed = [day for day in _dates(first, last) if day_kind(day) == "guess"]
    for _, group in groupby(enumerate(guessed), key=lambda pair: pair[1].toordinal() - pair[0]):
        in_a_row = [day for _, day in group]
        runs.append((in_a_row[0], in_a_row[-1]))
    return [
        SpecialDays(
            _special(start), say_days(start, end), _say_days_of(table, start, end, closed_until)
        )
        for start, end in sorted(runs)
    ]


def _say_days_of(
    table: Timetable, first: dt.date, last: dt.date, closed_until: dt.datetime | None
) -> tuple[str, ...]:
    """Say what is known of the station on some days; once, if it is the same on all."""
    joint = gettext("，")
    said = [(day, joint.join(_words(table, day, closed_until))) for day in _dates(first, last)]
    parts = []
    for words, group in groupby(said, key=lambda pair: pair[1]):
        days = [day for day, _ in group]
        text = gettext("时间不详，先打电话问问") if words == gettext("时间不详") else words
        is_all = len(days) == len(said)
        parts.append(text if is_all else f"{say_days(days[0], days[-1])} {text}")
    return tuple(parts)


def _dates(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + ahead * _DAY for ahead in range((last - first).days + 1)]


def _minutes(moment: dt.datetime, midnight: dt.datetime) -> int:
    return (moment - midnight) // _MINUTE


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"
