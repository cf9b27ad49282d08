"""Opening hours minute by minute: slow, plain, and written without a look at the engine.

It reads a plain dialect of OSM hours: `24/7`, dates (months, days, years, ranges over New Year),
weekdays (lists, ranges, `Mo[1]`) and `PH`, times (past midnight, beyond 24:00), `off`, `closed`,
`unknown`, comments, rules joined by `;` (the later replaces), `, ` (the later adds) and `||`.

A day is a list of 2,880 states: its own minutes and those of the next day that its nights reach.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import chinese_calendar

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY: Final = dt.timedelta(days=1)
MINUTES: Final = 1440
WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LOOK_BACK_YEARS: Final = 5

EITHER: Final = {  # the state of a door of which two timetables speak
    ("open", "open"): "open",
    ("open", "unknown"): "open",
    ("open", "closed"): "open",
    ("unknown", "open"): "open",
    ("unknown", "unknown"): "unknown",
    ("unknown", "closed"): "unknown",
    ("closed", "open"): "open",
    ("closed", "unknown"): "unknown",
    ("closed", "closed"): "closed",
}

_BEYOND = re.compile(r"sunrise|sunset|dawn|dusk|SH\b|easter|\+|(?<!24)/|/(?!7)", re.IGNORECASE)
_COMMENT = re.compile(r'"[^"]*"')
_PLACE = rf"(?:\d{{4}} )?(?:{'|'.join(MONTHS)})(?: \d\d)?"
_DATES = rf"{_PLACE}(?:-(?:{_PLACE}|\d\d))?"
_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
_DAYS = rf"(?:PH|{_WEEKDAY}(?:-{_WEEKDAY})?(?:\[-?\d\])?)"
_TIMES = r"\d\d:\d\d-\d\d:\d\d"
_RULE = re.compile(
    rf"(?P<always>24/7)?\s*(?P<dates>{_DATES}(?:,{_DATES})*)?\s*(?P<days>{_DAYS}(?:,{_DAYS})*)?"
    rf"\s*(?P<times>{_TIMES}(?:,{_TIMES})*)?\s*(?P<state>off|closed|open|unknown)?\s*(?P<note>~)?"
)

Place = tuple[int, int, int]  # year (0: any), month, day


@dataclass(frozen=True)
class Rule:
    """One rule of a text."""

    dates: tuple[tuple[Place, Place], ...]  # none: every date
    days: tuple[tuple[int, int], ...] | None  # weekday and which of the month (0: each); None: all
    on_holidays: bool
    spans: tuple[tuple[int, int], ...]
    state: str
    adds: bool
    is_cut: bool  # closed for some hours of a day

    @property
    def is_dated(self) -> bool:
        """Return True for a rule with year and month and without a weekday."""
        return self.days is None and not self.on_holidays and any(a[0] for a, _ in self.dates)

    def holds_on(self, date: dt.date) -> bool:
        """Return True if the date lies in one of the rule's ranges."""
        return not self.dates or any(_is_between(date, *both) for both in self.dates)

    def has_weekday(self, date: dt.date, weekday: int) -> bool:
        """Return True if the rule holds on such a weekday, were the date one."""
        if self.days is None:
            return not self.on_holidays
        following = (date + DAY * 7).month != date.month
        return any(
            weekday == day and which in {0, (date.day + 6) // 7, -1 if following else 0}
            for day, which in self.days
        )


def state_of(hours: str, self_hours: str, moment: dt.datetime) -> str:
    """Return open, closed or unknown at a local moment, for both timetables together."""
    minute = moment.hour * 60 + moment.minute
    return day_states(hours, self_hours, moment.date())[minute]


@lru_cache(maxsize=200_000)
def day_states(hours: str, self_hours: str, date: dt.date) -> tuple[str, ...]:
    """Return the state in each of the 1,440 minutes of a date, for both timetables together."""
    staffed = _states(hours, date) if hours else ["unknown"] * MINUTES
    if not self_hours:
        return tuple(staffed)
    return tuple(_either(staffed, _states(self_hours, date)))


def next_change_of(
    hours: str, self_hours: str, moment: dt.datetime, days: int = 8
) -> tuple[dt.datetime, str] | None:
    """Return the first later minute with another state, and that state; None beyond the days."""
    now = state_of(hours, self_hours, moment)
    midnight = dt.datetime.combine(moment.date(), dt.time())
    for shift in range(days + 1):
        day = day_states(hours, self_hours, moment.date() + DAY * shift)
        if day.count(now) == MINUTES:
            continue
        for minute, state in enumerate(day):
            if state != now:
                later = midnight + DAY * shift + dt.timedelta(minutes=minute)
                if moment < later <= moment + DAY * days:
                    return later, state
    return None


def _either(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Return the states of both together, minute by minute; a door that is shut adds nothing."""
    for states, others in ((one, other), (other, one)):
        if states.count("closed") == len(states) == len(others):
            return list(others)
    return [EITHER[both] for both in zip(one, other, strict=True)]


def kind_of(date: dt.date) -> str:
    """Return plain, holiday, worked, or guess (may be a holiday of a year not yet published)."""
    try:
        off, name = chinese_calendar.get_holiday_detail(date)
    except NotImplementedError:
        years = range(date.year - LOOK_BACK_YEARS, date.year)
        return "guess" if any(_was_holiday(date, year) for year in years) else "plain"
    if off and name:
        return "holiday"
    return "worked" if date.weekday() >= WEEKDAYS.index("Sa") and not off else "plain"


def _was_holiday(date: dt.date, year: int) -> bool:
    try:
        off, name = chinese_calendar.get_holiday_detail(date.replace(year=year))
    except (NotImplementedError, ValueError):  # a year not published, a 29 February
        return False
    return bool(off and name)


def _states(text: str, date: dt.date) -> list[str]:
    """Return the state of a text in each minute of a date."""
    if _BEYOND.search(_COMMENT.sub("", text)):
        return ["unknown"] * MINUTES
    main, _, fallback = _COMMENT.sub("~", text).partition("||")
    rules = _read(main)
    today, is_said = _day(rules, date)
    before, _ = _day(rules, date - DAY)
    states = list(today[:MINUTES])
    if is_said:
        states = _either(before[MINUTES:], states)
    if not fallback:
        return states
    return ["unknown" if state == "closed" else state for state in states]


@lru_cache(maxsize=50_000)
def _day(rules: tuple[Rule, ...], date: dt.date) -> tuple[tuple[str, ...], bool]:
    """Return the 2,880 states that begin on a date, and whether the text says them."""
    dated = tuple(rule for rule in rules if rule.is_dated and rule.holds_on(date))
    undated = tuple(rule for rule in rules if not rule.is_dated and rule.holds_on(date))
    if any(not rule.is_cut for rule in dated):
        return tuple(_paint(dated)), True
    knows_work_days = any(rule.on_holidays and rule.state != "unknown" for rule in rules)
    states, is_said = _day_by_kind(undated, date, knows_work_days=knows_work_days)
    return tuple(_paint(dated, states)), is_said


def _day_by_kind(
    rules: tuple[Rule, ...], date: dt.date, *, knows_work_days: bool
) -> tuple[list[str], bool]:
    """Judge a date by its kind; the rules are those of its season."""
    kind = kind_of(date)
    if kind == "plain":
        return _as_weekday(rules, date, date.weekday()), True
    week = [_as_weekday(rules, date, day) for day in range(7)]
    of_holidays = tuple(rule for rule in rules if rule.on_holidays)
    if kind == "holiday" and of_holidays:
        return _paint(of_holidays), True
    possible = week
    if kind == "worked" and knows_work_days:
        possible = week[:5]
    elif kind == "guess" and of_holidays:
        possible = [*week, _paint(of_holidays)]
    if all(day == possible[0] for day in possible):
        return possible[0], True
    return _not_said([*week, _paint(of_holidays)]), False


def _as_weekday(rules: tuple[Rule, ...], date: dt.date, weekday: int) -> list[str]:
    """Return the day if the date were a plain one and had this weekday."""
    return _paint(tuple(rule for rule in rules if rule.has_weekday(date, weekday)))


def _not_said(days: list[list[str]]) -> list[str]:
    """Return a day unknown from 0 to 24 h, and after it as far as any night of the text reaches."""
    nights = {tuple(day[MINUTES:]) for day in days}
    reach = max(
        (at + 1 for night in nights for at, state in enumerate(night) if state != "closed"),
        default=0,
    )
    return ["unknown"] * (MINUTES + reach) + ["closed"] * (MINUTES - reach)


def _paint(rules: tuple[Rule, ...], states: list[str] | None = None) -> list[str]:
    """Draw rules over each other in their order; a rule that does not add wipes first."""
    states = ["closed"] * (2 * MINUTES) if states is None else list(states)
    for rule in rules:
        if not rule.adds and not rule.is_cut:
            states = ["closed"] * (2 * MINUTES)
        for start, end in rule.spans:
            states[start:end] = [rule.state] * (end - start)
    return states


@lru_cache(maxsize=20_000)
def _read(text: str) -> tuple[Rule, ...]:
    """Read the rules of a text whose comments are a tilde each."""
    rules = []
    for block in text.split(";"):
        pieces = re.split(r",\s+", block.strip())
        rules += [_rule(piece, adds=at > 0) for at, piece in enumerate(pieces)]
    nights = [end - MINUTES for rule in rules if not rule.is_dated for _, end in rule.spans]
    return tuple(_with_night(rule, max([0, *nights])) for rule in rules)


def _with_night(rule: Rule, reach: int) -> Rule:
    """Let a day of which nothing is known have a night of which nothing is known."""
    if rule.state == "unknown" and rule.spans == ((0, MINUTES),):
        return replace(rule, spans=((0, MINUTES + reach),))
    return rule


def _rule(text: str, *, adds: bool) -> Rule:
    found = _RULE.fullmatch(text)
    if not found or not text:
        msg = f"not in the plain dialect: {text!r}"
        raise ValueError(msg)
    said = found["state"] or "open"
    times = tuple(_span(piece) for piece in (found["times"] or "").split(",") if piece)
    only_comment = found["note"] and not (times or found["state"] or found["always"])
    state = "unknown" if only_comment else "closed" if said == "off" else said
    days = (found["days"] or "").split(",") if found["days"] else []
    weekdays = tuple(one for piece in days if piece != "PH" for one in _weekdays(piece))
    return Rule(
        dates=tuple(_dates(piece) for piece in (found["dates"] or "").split(",") if piece),
        days=weekdays or None,
        on_holidays="PH" in days,
        spans=times or ((0, MINUTES),),
        state=state,
        adds=adds,
        is_cut=bool(times) and state == "closed",
    )


def _span(text: str) -> tuple[int, int]:
    start, end = (int(piece[:2]) * 60 + int(piece[3:]) for piece in text.split("-"))
    return start, end if end > start else end + MINUTES


def _weekdays(text: str) -> list[tuple[int, int]]:
    names, _, which = text.rstrip("]").partition("[")
    first, _, last = names.partition("-")
    at, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return [((at + step) % 7, int(which or 0)) for step in range((end - at) % 7 + 1)]


def _dates(text: str) -> tuple[Place, Place]:
    first, _, last = text.partition("-")
    start = _place(first, day=1)
    if not last:
        return start, _place(first, day=31)
    if last.isdigit():
        return start, (start[0], start[1], int(last))
    year, month, day = _place(last, day=31)
    return start, (year or start[0], month, day)


def _place(text: str, *, day: int) -> Place:
    """Read a year, month and day, of which only the month must be there."""
    words = text.split()
    year = int(words.pop(0)) if words[0].isdigit() else 0
    return year, MONTHS.index(words[0]) + 1, int(words[1]) if len(words) > 1 else day


def _is_between(date: dt.date, start: Place, end: Place) -> bool:
    if start[0]:
        return start <= (date.year, date.month, date.day) <= end
    place, first, last = (date.month, date.day), start[1:], end[1:]
    if first <= last:
        return first <= place <= last
    return place >= first or place <= last
