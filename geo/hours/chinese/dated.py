"""Hours of seasons with dates, and the days between them of which nothing is known."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

from geo.hours.chinese.period import Period, say_days, say_year_days
from geo.hours.chinese.rules import DATED, EXPLICIT, GENERAL, HOLIDAY, WHOLE_DAY, Meaning, Rule
from geo.hours.chinese.statement import UnclearError

if TYPE_CHECKING:
    from geo.hours.chinese.stated import StatedHours

_YEAR: Final = frozenset(range(366))
_SHORT_DAYS: Final = 31  # a closure of so few days without a year is some year's notice


def add_dated_seasons(hours: list[StatedHours], meaning: Meaning) -> None:
    """Add rules of hours that hold all year or between dates.

    Raises
    ------
    UnclearError
        Seasons overlap, leave nothing to 其他时间 or to general hours, or may be of one year only.
    """
    dated = {one.period.dates: _year_days(one.period) for one in hours if one.period.dates}
    seasons = list(dated.values())
    taken: frozenset[int] = frozenset().union(*seasons)
    _add_overlap(hours, seasons, meaning)
    for one in hours:
        if one.period.dates and is_notice(one.period):
            if len(hours) == 1:
                raise UnclearError
            meaning.doubts.append(one.place)
            meaning.rules.append(Rule(selector(one.period), "", (), WHOLE_DAY, DATED))
        elif one.period.rest and taken:
            season = _say_others(hours, taken)
            if not season:
                raise UnclearError
            meaning.rules.append(hours_rule(one, EXPLICIT)._replace(season=season, rank=EXPLICIT))
        else:
            meaning.rules.append(hours_rule(one, EXPLICIT))
    if taken == _YEAR and any(one.period == Period() for one in hours):
        raise UnclearError
    _add_gap(hours, taken, meaning)


def _add_gap(hours: list[StatedHours], taken: frozenset[int], meaning: Meaning) -> None:
    """Add that the days between seasons are unknown, where the words mean to say all seasons."""
    named = any(one.period.named for one in hours)
    is_all_dated = all(one.period.dates for one in hours)
    several = len({one.period.dates for one in hours}) > 1
    season = _say_others(hours, taken)
    if is_all_dated and (named or several) and season:
        meaning.doubts.extend(one.place for one in hours)
        meaning.rules.append(Rule(season, "", (), WHOLE_DAY, DATED))


def _add_overlap(hours: list[StatedHours], seasons: list[frozenset[int]], meaning: Meaning) -> None:
    """Add that a day on which one season ends and the next begins is unknown.

    Raises
    ------
    UnclearError
        More than such days are in two seasons.
    """
    both = frozenset().union(*(a & b for a, b in combinations(seasons, 2)))
    if len(both) > len(seasons):
        raise UnclearError
    if both:
        meaning.doubts.extend(one.place for one in hours if one.period.dates)
        season = say_year_days(both, by_month=False)
        meaning.rules.append(Rule(season, "", (), WHOLE_DAY, DATED))


def _say_others(hours: list[StatedHours], taken: frozenset[int]) -> str:
    by_month = all(not span.first.day for one in hours for span in one.period.dates)
    return say_year_days(_YEAR - taken, by_month=by_month)


def hours_rule(one: StatedHours, rank: int) -> Rule:
    """Return the rule of stated hours; one of ``EXPLICIT`` may take an earlier or a later rank."""
    period = one.period
    days = "" if not period.has_days else say_days(period.weekdays(), holidays=period.holidays)
    if rank == EXPLICIT and not period.has_days and not period.dates:
        rank = GENERAL
    if rank == EXPLICIT and period.holidays and not period.weekdays():
        rank = HOLIDAY
    return Rule(selector(period), days, one.spans, one.maybe, rank)


def selector(period: Period) -> str:
    """Return the OSM selector of a period's dates, "" if it has none."""
    return ",".join(span.selector() for span in period.dates)


def _year_days(period: Period) -> frozenset[int]:
    return frozenset().union(*(span.days() for span in period.dates))


def is_notice_of_closure(period: Period) -> bool:
    """Return True for a few days or a month without a year, closed this year or every year."""
    is_sure = period.yearly or period.is_dated
    return not is_sure and len(_year_days(period)) <= _SHORT_DAYS


def is_notice(period: Period) -> bool:
    """Return True for a few days without a year: they may be of this year or of every year."""
    has_days = all(span.first.day and not span.first.year for span in period.dates)
    return has_days and not period.yearly and len(_year_days(period)) <= _SHORT_DAYS
