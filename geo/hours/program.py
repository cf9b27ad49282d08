"""What a text says of one day: the hours that begin on it, whatever the night before left open.

opening-hours-py judges every rule; here the day's own hours are told from the night's before it,
and the days of the national calendar get what `geo.hours.rules` found said of them.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from opening_hours import OpeningHours, State

from geo.errors import InvalidHoursError
from geo.hours.calendar import day_kind
from geo.hours.rules import DAY_MIN, SPAN, Rule, night_min, read_rules

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

CLOSED: Final = 0
OPEN: Final = 1
UNKNOWN: Final = 2

_DAY: Final = dt.timedelta(days=1)
_MINUTE: Final = dt.timedelta(minutes=1)
_CODE: Final = {State.CLOSED: CLOSED, State.OPEN: OPEN, State.UNKNOWN: UNKNOWN}
_MONDAY: Final = dt.date(2001, 1, 1)  # of a plain week: weekly rules know no calendar
_YEARS: Final = range(1972, 2028)  # in which any month and day falls on each weekday


class Span(NamedTuple):
    """Part of a day's hours, in minutes from its midnight; may reach into the next day."""

    start: int
    end: int
    state: int  # OPEN or UNKNOWN


class DayHours(NamedTuple):
    """The hours that begin on a day; ``is_unknown``: nothing is known of the whole day."""

    spans: tuple[Span, ...]
    is_unknown: bool = False


_NOT_KNOWN: Final = DayHours((Span(0, DAY_MIN, UNKNOWN),), is_unknown=True)


class Program:
    """A text of hours, read once."""

    def __init__(self, text: str) -> None:
        """Read a text; "" and what is not valid syntax (`check_hours`) are unknown on every day."""
        try:
            self._rules = read_rules(text) if text else None
        except InvalidHoursError:
            self._rules = None
        self.is_weekly = self._rules is None or not self._rules.is_seasonal

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known on any day."""
        return self._rules is None

    def on(self, day: dt.date) -> DayHours:
        """Return the hours that begin on a day."""
        rules = self._rules
        if rules is None:
            return _NOT_KNOWN
        kind = day_kind(day)
        if kind == "plain" or not (rules.has_weekdays or rules.holiday):
            return self._base(day)
        if self._dates.names(day):
            is_whole = self._dates.replace(day)
            is_alike = not rules.holiday and _alike(self._weekdays(day))
            return self._base(day) if is_whole or is_alike else self._unknown(day)
        if kind == "holiday":
            return self._on_holiday(day)
        if kind == "worked":
            return self._on_worked(day)
        return self._on_guess(day)

    def _on_holiday(self, day: dt.date) -> DayHours:
        """Return what PH says; of a text without it the hours if every weekday has the same."""
        if self._holidays.names(day):
            return self._said_of_holidays(day)
        return self._base(day) if _alike(self._weekdays(day)) else self._unknown(day)

    def _on_worked(self, day: dt.date) -> DayHours:
        """Return the hours of Monday to Friday, or if PH is not spoken of, of all seven."""
        days = self._weekdays(day)
        if self._rules and self._rules.speaks_of_holidays:
            return days[0] if _alike(days[:5]) else self._unknown(day)
        return self._base(day) if _alike(days) else self._unknown(day)

    def _on_guess(self, day: dt.date) -> DayHours:
        """Return the hours if every day has the same, holidays as well."""
        plain, days = self._base(day), self._weekdays(day)
        is_sure = _alike(days) and self._on_holiday(day) == plain
        return plain if is_sure else self._unknown(day)

    def _said_of_holidays(self, day: dt.date) -> DayHours:
        """Return the hours that PH rules give; unknown if they add to hours that are not sure."""
        if self._holidays.replace(day):
            return self._holidays.on(day)
        if self._holidays.first_for(day).takes_part_away or not _alike(self._weekdays(day)):
            return self._unknown(day)
        both = (*self._base(day).spans, *self._holidays.on(day).spans)
        return DayHours(tuple(sorted(both)))

    def _unknown(self, day: dt.date) -> DayHours:
        """Return a day of which nothing is known, its night as long as that of any weekday."""
        ends = (span.end for hours in self._weekdays(day) for span in hours.spans)
        end = max((*ends, *(span.end for span in self._holidays.on(day).spans), DAY_MIN))
        return DayHours((Span(0, end, UNKNOWN),), is_unknown=True)

    def _base(self, day: dt.date) -> DayHours:
        """Return the hours of a day by weekday and date alone."""
        return self._week[day.weekday()] if self.is_weekly else self._whole.on(day)

    def _weekdays(self, day: dt.date) -> Sequence[DayHours]:
        """Return the hours that a day would have on each weekday, Monday first."""
        rules = self._rules
        if rules is None or self.is_weekly:
            return self._week
        if not rules.has_weekdays:
            return (self._base(day),) * 7
        if rules.is_of_years:  # no other year tells: never alike
            return (_NOT_KNOWN, *(self._weekly.on(day - back * _DAY) for back in range(7)))
        return [self._weekly.on(_same_date(day, weekday)) for weekday in range(7)]

    @cached_property
    def _week(self) -> tuple[DayHours, ...]:
        if self._rules is None:
            return (_NOT_KNOWN,) * 7
        return tuple(self._weekly.on(_MONDAY + ahead * _DAY) for ahead in range(7))

    @cached_property
    def _weekly(self) -> _Sequence:
        return self._sequence(self._rules.weekly if self._rules else ())

    @cached_property
    def _dates(self) -> _Sequence:
        return self._sequence(self._rules.dated if self._rules else ())

    @cached_property
    def _holidays(self) -> _Sequence:
        return self._sequence(self._rules.holiday if self._rules else ())

    @cached_property
    def _whole(self) -> _Sequence:
        rules = self._rules
        return self._sequence((*rules.weekly, *rules.dated) if rules else ())

    def _sequence(self, rules: Sequence[Rule]) -> _Sequence:
        has_fallback = self._rules is not None and self._rules.has_fallback
        night_min = self._rules.night_min if self._rules else 0
        return _Sequence(rules, has_fallback=has_fallback, night_min=night_min)


class _Sequence:
    """Rules in their order, as the library judges them on a day."""

    def __init__(self, rules: Sequence[Rule], *, has_fallback: bool, night_min: int) -> None:
        """Take rules over; ``night_min`` is how far any night of the text reaches."""
        self._rules = rules
        self._has_fallback = has_fallback
        self._day = _join([(rule, _evening(rule)) for rule in rules])
        tails = [(rule, _morning(rule, night_min)) for rule in rules]
        has_night = any(rule.night_min or (rule.is_all_unknown and night_min) for rule in rules)
        self._night = _join([(rule, tail) for rule, tail in tails if tail]) if has_night else None

    def on(self, day: dt.date) -> DayHours:
        """Return the hours that begin on a day."""
        spans = _spans(self._day, day, 0, is_filled=self._has_fallback) if self._day else []
        if self._night is not None:
            spans += _spans(self._night, day, DAY_MIN)
        return DayHours(tuple(spans))

    def names(self, day: dt.date) -> bool:
        """Return whether any rule speaks of a day."""
        return any(_holds(rule.selector, day) for rule in self._rules)

    def replace(self, day: dt.date) -> bool:
        """Return whether the first rule that speaks of a day says all of it; there must be one."""
        first = self.first_for(day)
        return not (first.is_additional or first.takes_part_away)

    def first_for(self, day: dt.date) -> Rule:
        """Return the first rule that speaks of a day; there must be one."""
        return next(rule for rule in self._rules if _holds(rule.selector, day))


@lru_cache(maxsize=32_768)
def program(text: str) -> Program:
    """Return the program of a text, read once."""
    return Program(text)


def _join(rules: Sequence[tuple[Rule, str]]) -> OpeningHours | None:
    """Return rules with other tails as one text for the library; None without rules."""
    parts: list[str] = []
    for rule, tail in rules:
        joint = (", " if rule.is_additional else "; ") if parts else ""
        parts.append(f"{joint}{rule.selector} {tail}".rstrip() if rule.selector else joint + tail)
    return OpeningHours("".join(parts)) if parts else None


def _evening(rule: Rule) -> str:
    """Return the tail of a rule with nights cut off at midnight."""
    return SPAN.sub(_until_midnight, rule.tail) or "open"


def _until_midnight(span: re.Match[str]) -> str:
    return f"{span[1]}:{span[2]}-24:00" if night_min(span) is not None else span[0]


def _morning(rule: Rule, longest_min: int) -> str:
    """Return the tail of a rule with the nights alone, from midnight; "" if it has no say there.

    Of a day of which nothing is known the night is not either, as long as any of the text.
    """
    if rule.is_all_unknown and longest_min:
        return f"00:00-{_clock(longest_min)} unknown"
    nights = [_clock(end) for span in SPAN.finditer(rule.tail) if (end := night_min(span))]
    if nights:
        times = ",".join(f"00:00-{end}" for end in nights)
        rest = SPAN.sub("", rule.tail).replace(",", "").strip()
        return f"{times} {rest}".strip()
    return "" if rule.is_additional or rule.takes_part_away else "closed"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _spans(
    hours: OpeningHours, day: dt.date, offset: int, *, is_filled: bool = False
) -> list[Span]:
    """Return what is not closed on a day; ``is_filled``: closed times are not known."""
    midnight = dt.datetime.combine(day, dt.time())
    spans: list[Span] = []
    for start, end, found, _ in hours.intervals(midnight, midnight + _DAY):
        state = _CODE[found]
        if state == CLOSED and is_filled:
            state = UNKNOWN
        if state != CLOSED:
            first = (max(start, midnight) - midnight) // _MINUTE + offset
            last = (min(end, midnight + _DAY) - midnight) // _MINUTE + offset
            if spans and spans[-1].end == first and spans[-1].state == state:
                first = spans.pop().start  # two rules, or two comments
            spans.append(Span(first, last, state))
    return spans


@lru_cache(maxsize=4096)
def _holds(selector: str, day: dt.date) -> bool:
    """Return whether a selector speaks of a day."""
    if not selector:
        return True
    noon = dt.datetime.combine(day, dt.time(12))
    return bool(OpeningHours(f"{selector} open").is_open(noon))


@lru_cache(maxsize=4096)
def _same_date(day: dt.date, weekday: int) -> dt.date:
    """Return the same month and day in a year in which it falls on a weekday."""
    for year in _YEARS:
        try:
            found = day.replace(year=year)
        except ValueError:  # 29 February
            continue
        if found.weekday() == weekday:
            return found
    return day


def _alike(days: Sequence[DayHours]) -> bool:
    return len(set(days)) == 1
