"""What is known of public holidays, and of weekends beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.hours.chinese.period import ALL_DAYS, WEEKEND, Period, say_days
from geo.hours.chinese.rules import CLOSURE, HOLIDAY, WHOLE_DAY, Meaning, Rule
from geo.hours.chinese.statement import Statement, UnclearError

if TYPE_CHECKING:
    from geo.hours.chinese.stated import StatedHours


def add_holidays(statements: list[Statement], hours: list[StatedHours], meaning: Meaning) -> None:
    """Add what is known of public holidays.

    Raises
    ------
    UnclearError
        They are both closed and open.
    """
    has_hours = any(one.period.holidays for one in hours)
    facts = [one for one in statements if one.kind != "hours" and one.period.holidays]
    festivals = [one for one in statements if one.period.festival and not one.period.holidays]
    weekly = _differs_by_day(hours, statements)
    unsure = bool(festivals)
    closed = False
    for one in facts:
        if one.kind in {"off", "except"} and not one.after_off:
            closed = True
        elif one.kind != "normal" or weekly:
            meaning.doubts.append((one.start, one.end))
            unsure = unsure or one.after_off or one.kind in {"unsure", "half_off"}
    if closed and has_hours:
        raise UnclearError
    meaning.doubts.extend((one.start, one.end) for one in festivals)
    if unsure:
        is_shut = any(rule.rank == CLOSURE and not rule.maybe for rule in meaning.rules)
        if has_hours or closed or not weekly or is_shut:
            meaning.rules.append(Rule("", "PH", (), WHOLE_DAY, HOLIDAY))
    elif closed or _is_working_week(hours, statements):
        meaning.rules.append(Rule("", "PH", (), (), HOLIDAY))


def _differs_by_day(hours: list[StatedHours], statements: list[Statement]) -> bool:
    """Return True if weekdays differ, so that a holiday would be unknown anyhow."""
    closures = [
        one for one in statements if one.kind not in {"hours", "normal"} and one.period.weekdays()
    ]
    return bool(closures) or any(
        one.period.weekdays() not in (frozenset(), ALL_DAYS) for one in hours
    )


def _is_working_week(hours: list[StatedHours], statements: list[Statement]) -> bool:
    """Return True if 工作日 alone has hours: then a holiday has none."""
    works = any(one.period.work for one in hours)
    others = any(one.period.days or one.period.holidays or not one.period.has_days for one in hours)
    said = any(one.period.holidays for one in statements)
    return works and not others and not said


def add_weekend(statements: list[Statement], hours: list[StatedHours], meaning: Meaning) -> None:
    """Add that a weekend is unknown beside hours of 节假日: some mean it too."""
    holiday = [one for one in hours if one.period.holidays and not one.period.weekdays()]
    said = frozenset().union(*(one.period.weekdays() for one in statements))
    is_general = any(not one.period.has_days for one in hours)
    if holiday and not is_general and not said & WEEKEND:
        meaning.doubts.append(holiday[0].place)
        meaning.rules.append(Rule("", say_days(WEEKEND), (), WHOLE_DAY, CLOSURE))


def add_other_weekend_day(statements: list[Statement], meaning: Meaning) -> None:
    """Add that Sunday is unknown where only Saturday has hours beside 9:00-17:00, or the reverse.

    General hours that name no days may be meant for the days of work.
    """
    stated = [one for one in statements if one.kind == "hours"]
    bare = [one for one in stated if one.period == Period()]
    said = frozenset().union(*(one.period.weekdays() for one in statements)) & WEEKEND
    own = [one for one in stated if one.period.weekdays() & WEEKEND]
    if bare and own and len(said) == 1:
        meaning.doubts.append((own[0].start, own[0].end))
        meaning.rules.append(Rule("", say_days(WEEKEND - said), (), WHOLE_DAY, CLOSURE))
