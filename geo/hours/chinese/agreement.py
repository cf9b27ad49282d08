"""Do statements of hours fit together? Days and seasons that carry over, and contradictions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo.hours.chinese.clock import NOON, join_spans
from geo.hours.chinese.period import ALL_DAYS, WEEKEND, Period
from geo.hours.chinese.statement import UnclearError

if TYPE_CHECKING:
    from geo.hours.chinese.stated import StatedHours


def carry_over(hours: list[StatedHours]) -> list[StatedHours]:
    """Give season or days of one statement to the next where the words leave them out.

    Raises
    ------
    UnclearError
        It is not clear whether they hold for the next one.
    """
    done: list[StatedHours] = []
    for one in hours:
        period = one.period
        last = done[-1].period if done and not period.every else Period()
        has_both = last.has_days and last.has_season
        if period.has_season and not period.has_days and has_both:
            if not last.days_come_first:
                raise UnclearError
            period = replace(
                period,
                days=last.days, work=last.work, plain=last.plain, holidays=last.holidays,
                festival=last.festival, days_come_first=True,
            )  # fmt: skip
        elif period.has_days and not period.has_season and last.has_season:
            if not last.has_days or last.days_come_first:
                raise UnclearError
            period = replace(
                period, season=last.season, special=last.special, rest=last.rest, dates=last.dates
            )
        done.append(replace(one, period=period))
    return done


def require_ordinary(hours: list[StatedHours], *, is_alone: bool) -> None:
    """Check that something is said of ordinary days.

    Raises
    ------
    UnclearError
        Of dates of one year, of holidays, or of the rest of nothing only.
    """
    periods = [one.period for one in hours]
    if len(periods) == 1 and periods[0].rest and is_alone:
        raise UnclearError
    if not any(
        (not one.has_days or one.weekdays()) and not one.is_dated and not one.festival
        for one in periods
    ):
        raise UnclearError


def require_scope(periods: list[Period]) -> None:
    """Check that days without a season and a season without days do not stand side by side.

    Raises
    ------
    UnclearError
        They do (周一至周五 9:00-17:00，7月-9月 8:00-20:00): do the days hold in the season?
    """
    only_days = any(one.has_days and not one.has_season and not one.every for one in periods)
    only_season = any(
        (one.season or one.special or one.dates) and not one.has_days and not one.every
        for one in periods
    )
    if only_days and only_season:
        raise UnclearError


def settle_plain_days(hours: list[StatedHours]) -> list[StatedHours]:
    """Read 平日 as Monday to Friday where the weekend has hours, as the rest beside 暑期.

    Raises
    ------
    UnclearError
        Neither has any.
    """
    others = [one.period for one in hours if not one.period.plain]
    if any(one.days >= WEEKEND for one in others):
        return [replace(one, period=_named_by_days(one.period)) for one in hours]
    if len(others) == len(hours):
        return hours
    if not others or not all(one.special or one.festival or one.dates for one in others):
        raise UnclearError
    return [
        replace(one, period=replace(one.period, plain=False, rest=True))
        if one.period.plain
        else one
        for one in hours
    ]


def _named_by_days(period: Period) -> Period:
    """Return 工作日 and 平日 beside a weekend with its own hours as Monday to Friday."""
    return replace(period, plain=False, work=False, days=period.weekdays())


def join_alike(hours: list[StatedHours]) -> list[StatedHours]:
    """Join days of the week with the same hours, and morning and afternoon of one period."""
    joined: list[StatedHours] = []
    for said in hours:
        one = replace(said, period=replace(said.period, every=False))
        for i, other in enumerate(joined):
            both = _as_one(other, one)
            if both:
                joined[i] = both
                break
        else:
            joined.append(one)
    return joined


def _as_one(one: StatedHours, other: StatedHours) -> StatedHours | None:
    place = (one.place[0], other.place[1])
    if not (one.spans and other.spans):
        return None
    if one.period == other.period and (one.period.days or one.period.work):
        spans = join_spans(one.spans + other.spans)
        is_noon = one.spans[-1].end <= NOON[1] and other.spans[0].start >= NOON[0]
        return replace(one, spans=spans, place=place) if spans and is_noon else None
    days = one.period.days | other.period.days
    alike = replace(one.period, days=days) == replace(other.period, days=days)
    if alike and one.period.days and other.period.days and one.spans == other.spans:
        return replace(one, period=replace(one.period, days=days), place=place)
    return None


def require_agreement(hours: list[StatedHours]) -> None:
    """Check that no two statements give the same days of one season different hours.

    Raises
    ------
    UnclearError
        Two do.
    """
    for i, one in enumerate(hours):
        for other in hours[i + 1 :]:
            same_season = _season_key(one.period) == _season_key(other.period)
            works = one.period.work != other.period.work
            differ = works or one.spans != other.spans
            if same_season and differ and _share_days(one.period, other.period):
                raise UnclearError


def _season_key(period: Period) -> object:
    return period.season, period.special, period.dates, period.festival


def _share_days(one: Period, other: Period) -> bool:
    if not one.has_days and not other.has_days:
        return True
    if not (one.has_days and other.has_days):
        return ALL_DAYS in {one.weekdays(), other.weekdays()}
    days = one.weekdays() & other.weekdays()
    return bool(days) or (one.holidays and other.holidays)
