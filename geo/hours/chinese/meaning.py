"""From statements to rules, if they do not contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.hours.chinese.agreement import (
    carry_over,
    join_alike,
    require_agreement,
    require_ordinary,
    require_scope,
    settle_plain_days,
)
from geo.hours.chinese.closures import add_fact
from geo.hours.chinese.dated import add_dated_seasons, hours_rule
from geo.hours.chinese.holidays import add_holidays, add_other_weekend_day, add_weekend
from geo.hours.chinese.rules import DATED, Meaning
from geo.hours.chinese.seasons import common_week
from geo.hours.chinese.stated import StatedHours, extend, pause, split_throughout, work_out
from geo.hours.chinese.statement import Statement, UnclearError

if TYPE_CHECKING:
    from geo.hours.chinese.items import Item


def judge(statements: list[Statement], notes: list[Item]) -> Meaning:
    """Return what statements mean together.

    Raises
    ------
    UnclearError
        They contradict each other, leave out what matters, or give no hours at all.
    """
    meaning = Meaning([], [(note.start, note.end) for note in notes if note.kind == "note"])
    statements = pause(split_throughout(statements), notes)
    stated = [one for one in statements if one.kind == "hours"]
    stated = extend(stated)
    hours = carry_over([work_out(one, notes, meaning) for one in stated])
    require_ordinary(hours, is_alone=len(statements) == 1)
    require_scope([one.period for one in hours if not one.period.is_dated])
    hours = join_alike(settle_plain_days(hours))
    require_agreement(hours)
    _require_notes_fit(stated, hours, notes, meaning)
    _add_hours(hours, meaning)
    for one in statements:
        if one.kind != "hours":
            add_fact(one, hours, meaning)
    add_holidays(statements, hours, meaning)
    add_weekend(statements, hours, meaning)
    add_other_weekend_day(statements, meaning)
    if not any(rule.spans for rule in meaning.rules):
        raise UnclearError
    return meaning


def _require_notes_fit(
    stated: list[Statement], hours: list[StatedHours], notes: list[Item], meaning: Meaning
) -> None:
    """Check 午休 and 中午不休息 against the hours; say what 不打烊 leaves open.

    Raises
    ------
    UnclearError
        A break without times is not seen in the hours, or one that is denied is.
    """
    kinds = {note.kind for note in notes if not note.spans}
    counts = {len(one.spans) for one in hours}
    if ("break" in kinds and counts != {2}) or ("ignore" in kinds and counts != {1}):
        raise UnclearError
    if all(one.is_always for one in stated):
        return
    alike = not any(one.period.has_days for one in hours)
    meaning.doubts.extend(
        (note.start, note.end) for note in notes if note.kind == "no_rest" and not alike
    )


def _add_hours(hours: list[StatedHours], meaning: Meaning) -> None:
    """Add the rules of hours; seasons without dates give what they have in common.

    Raises
    ------
    UnclearError
        The seasons do not make up the year, or have nothing in common.
    """
    ordinary = [one for one in hours if not one.period.is_dated and not one.period.festival]
    words = [one for one in ordinary if one.period.season or one.period.special]
    if words:
        if any(one.period.dates for one in ordinary):
            raise UnclearError
        weeks = [(one.period, one.spans, one.maybe) for one in ordinary]
        rules, differ = common_week(weeks)
        meaning.rules.extend(rules)
        if differ:
            meaning.doubts.extend(one.place for one in words)
    else:
        add_dated_seasons(ordinary, meaning)
    for one in hours:
        if one.period.festival:
            meaning.doubts.append(one.place)
        elif one.period.is_dated:
            meaning.rules.append(hours_rule(one, DATED))
