"""What is said of days without hours: closures, exceptions, what is not certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.hours.chinese.clock import NOON
from geo.hours.chinese.dated import hours_rule, is_notice_of_closure, selector
from geo.hours.chinese.period import ALL_DAYS, say_days
from geo.hours.chinese.rules import CLOSURE, DATED, EXPLICIT, WHOLE_DAY, Meaning, Rule
from geo.hours.chinese.statement import Statement, UnclearError

if TYPE_CHECKING:
    from geo.hours.chinese.stated import StatedHours


def add_fact(one: Statement, hours: list[StatedHours], meaning: Meaning) -> None:
    """Add what is said of days of the week or dates; holidays are judged together at the end.

    Raises
    ------
    UnclearError
        It takes everything away, or nobody knows from when.
    """
    period = one.period
    if period.season or period.special or period.rest or period.every or period.plain:
        raise UnclearError
    if period.dates:
        _add_dated_fact(one, meaning)
        return
    days = period.weekdays()
    if not days:
        return
    if days == ALL_DAYS:
        raise UnclearError
    kind = "off" if one.kind == "except" else one.kind
    if kind == "half_off":
        _add_half_off(one, hours, meaning)
    elif kind == "off":
        is_sure = _leaves_days(days, hours) or one.kind == "except"
        meaning.doubts.extend([] if is_sure else [(one.start, one.end)])
        meaning.rules.append(Rule("", say_days(days), (), () if is_sure else WHOLE_DAY, CLOSURE))
    elif kind == "unsure" or not _holds_on(days, hours):
        meaning.doubts.append((one.start, one.end))
        meaning.rules.append(Rule("", say_days(days), (), WHOLE_DAY, CLOSURE))


def _add_dated_fact(one: Statement, meaning: Meaning) -> None:
    period = one.period
    days = say_days(period.weekdays()) if period.has_days else ""
    sure = (
        one.kind in {"off", "except"} and not is_notice_of_closure(period) and not period.holidays
    )
    if one.kind == "half_off" or period.festival:
        raise UnclearError
    if not sure:
        meaning.doubts.append((one.start, one.end))
    rank = DATED if period.is_dated or not sure else CLOSURE
    meaning.rules.append(Rule(selector(period), days, (), () if sure else WHOLE_DAY, rank))


def _leaves_days(days: frozenset[int], hours: list[StatedHours]) -> bool:
    """Return True if no hours are said of the very days that are closed.

    Raises
    ------
    UnclearError
        One statement's days are all closed: 周一 9:00-17:00，周一闭馆.
    """
    is_sure = True
    for one in hours:
        stated = one.period.weekdays() if one.period.has_days else ALL_DAYS
        if stated and stated <= days:
            raise UnclearError
        is_sure = is_sure and (stated == ALL_DAYS or not stated & days)
    return is_sure


def _holds_on(days: frozenset[int], hours: list[StatedHours]) -> bool:
    """Return True if the general hours, or hours said of these very days, hold on them."""
    return any(not one.period.has_days or one.period.weekdays() >= days for one in hours)


def _add_half_off(one: Statement, hours: list[StatedHours], meaning: Meaning) -> None:
    """Close an afternoon: where two spans part at noon, the second; else the day is unknown.

    Raises
    ------
    UnclearError
        It is not an afternoon, or several statements hold on these days.
    """
    days = one.period.weekdays()
    own = [h for h in hours if not h.period.has_days or h.period.weekdays() & days]
    if one.half != "afternoon" or len(own) != 1 or own[0].period.has_season or own[0].maybe:
        raise UnclearError
    before = tuple(span for span in own[0].spans if span.end <= NOON[1])
    after = tuple(span for span in own[0].spans if span.start >= NOON[0])
    if before and len(before) + len(after) == len(own[0].spans) and len(after) == 1:
        _take_days(own[0], days, meaning)
        meaning.rules.append(Rule("", say_days(days), before, (), EXPLICIT))
    else:
        meaning.doubts.append((one.start, one.end))
        meaning.rules.append(Rule("", say_days(days), (), WHOLE_DAY, CLOSURE))


def _take_days(one: StatedHours, days: frozenset[int], meaning: Meaning) -> None:
    """Take days out of the rule of a statement that names its days."""
    stated = one.period.weekdays()
    left = stated - days
    if stated and not one.period.holidays:
        place = meaning.rules.index(hours_rule(one, EXPLICIT))
        rule = meaning.rules.pop(place)
        if left:
            meaning.rules.insert(place, rule._replace(days=say_days(left)))
