"""Seasons without dates: what is certain is what all of them have in common."""

from __future__ import annotations

from typing import Final

from geo.hours.chinese.clock import Span, common_spans, union_spans, without_spans
from geo.hours.chinese.period import ALL_DAYS, Period, say_days
from geo.hours.chinese.rules import CLOSURE, WHOLE_DAY, Rule
from geo.hours.chinese.statement import UnclearError

_YEARS: Final = tuple(map(frozenset, ("春夏秋冬", "夏冬", "旺淡")))
_Week = dict[int, tuple[Span, ...]]


def common_week(
    hours: list[tuple[Period, tuple[Span, ...], tuple[Span, ...]]],
) -> tuple[list[Rule], bool]:
    """Return the rules of the hours common to all seasons, and whether the seasons differ.

    Parameters
    ----------
    hours : list of (Period, spans, spans)
        Periods without dates, their hours, and the hours in which they are unknown.

    Raises
    ------
    UnclearError
        The seasons do not make up the year, overlap, speak of holidays, or have nothing in common.
    """
    seasons = _seasons([period for period, _, _ in hours])
    sure: list[_Week] = []
    some: list[_Week] = []
    for season in seasons:
        own = [one for one in hours if _key(one[0]) == season]
        if any(period.holidays for period, _, _ in own):
            raise UnclearError
        sure.append({day: spans for period, spans, _ in own for day in _days(period)})
        some.append({day: union_spans(a, b) for period, a, b in own for day in _days(period)})
    rules = _rules(sure, some)
    if not any(rule.spans for rule in rules):
        raise UnclearError
    return rules, any(rule.maybe for rule in rules)


def _seasons(periods: list[Period]) -> list[str]:
    """Return the seasons that periods name, in order.

    Raises
    ------
    UnclearError
        They are not a whole year.
    """
    keys = list(dict.fromkeys(_key(period) for period in periods))
    letters = "".join(keys)
    has_rest = "" in keys or "rest" in keys
    is_year = frozenset(letters) in _YEARS and len(set(letters)) == len(letters)
    if has_rest == is_year or len(keys) < 1 or {"", "rest"} <= set(keys):
        raise UnclearError
    return keys


def _key(period: Period) -> str:
    if period.rest or period.special:
        return "rest" if period.rest else "special"
    return "".join(sorted(period.season))


def _days(period: Period) -> frozenset[int]:
    return period.weekdays() or ALL_DAYS


def _rules(sure: list[_Week], some: list[_Week]) -> list[Rule]:
    """Return one rule for each set of days that are alike."""
    alike: dict[tuple[tuple[Span, ...], tuple[Span, ...]], set[int]] = {}
    for day in sorted(ALL_DAYS):
        common = sure[0].get(day, ())
        either = some[0].get(day, ())
        for one, other in zip(sure[1:], some[1:], strict=True):
            common = common_spans(common, one.get(day, ()))
            either = union_spans(either, other.get(day, ()))
        if either:
            alike.setdefault((common, without_spans(either, common)), set()).add(day)
    return [
        Rule("", say_days(frozenset(days)), common, maybe, CLOSURE * (maybe == WHOLE_DAY))
        for (common, maybe), days in alike.items()
    ]
