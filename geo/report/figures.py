"""Figures as people say them: shares, limits, dates, hours of the week; Chinese and English."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from geo.reach import WALK_KMH
from geo.report.words import DAYS, count, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_HOURS: Final = 24
_WEEK: Final = 7
_KM: Final = 1000  # metres


def percent(share: float | None, lang: str) -> str:
    """Return a share as people say it; never 0 % or 100 % of what is not exactly so.

    Examples
    --------
    >>> percent(0.386, "zh"), percent(0.004, "zh"), percent(0.0001, "zh"), percent(None, "zh")
    ('39 %', '0.4 %', '不到千分之一', '–')
    """
    if share is None:
        return say("none", lang)
    value = 100.0 * min(1.0, max(0.0, share))
    text = f"{value:.{1 if 0 < value < 1 or 99 < value < 100 else 0}f}"  # noqa: PLR2004 - percent
    if text in {"0.0", "100.0"}:
        return say("percent_least" if text == "0.0" else "percent_most", lang)
    return f"{text} %"


def points(share: float | None) -> str:
    """Return a share as percent with one decimal for a table; "" of None."""
    return "" if share is None else f"{100.0 * min(1.0, max(0.0, share)):.1f}"


def cell_text(share: float) -> str:
    """Return a share as whole percent; <1 and >99 of what is not exactly 0 or 100.

    Examples
    --------
    >>> [cell_text(share) for share in (0.0, 0.001, 0.555, 0.999, 1.0)]
    ['0', '<1', '56', '>99', '100']
    """
    if 0 < share < 0.01:  # noqa: PLR2004 - one percent
        return "<1"
    if 0.99 < share < 1:  # noqa: PLR2004 - 99 percent
        return ">99"
    return f"{100 * share:.0f}"


def limit_min(limit_m: float) -> str:
    """Return a limit as minutes of walk, a number."""
    return f"{limit_m / (WALK_KMH * _KM / 60):.1f}".removesuffix(".0")


def say_limit(limit_m: float, lang: str) -> str:
    """Return a limit as minutes and metres of walk.

    Examples
    --------
    >>> say_limit(1000, "zh"), say_limit(500, "en")
    ('15 分钟（1 公里）', 'a 7.5-minute walk (500 m)')
    """
    way = (
        say("kilometres", lang, n=f"{limit_m / _KM:g}")
        if limit_m >= _KM
        else say("metres", lang, n=f"{limit_m:g}")
    )
    return say("limit", lang, n=limit_min(limit_m), way=way)


def say_within(limit_m: float, lang: str) -> str:
    """Return "within 15 minutes' walk" in short."""
    return say("walk_within", lang, n=limit_min(limit_m))


def say_duration(minutes: float, lang: str) -> str:
    """Return a duration: hours from two hours on, else minutes.

    Examples
    --------
    >>> say_duration(208.95, "zh"), say_duration(45, "en"), say_duration(0.2, "zh")
    ('3.5 小时', '45 minutes', '1 分钟')
    """
    if minutes >= 120:  # noqa: PLR2004 - two hours
        hours = round(minutes / 60, 1)
        return count("hours", lang, hours)
    return count("minutes", lang, max(1, round(minutes)))


def say_metres(metres: float, lang: str) -> str:
    """Return a distance: kilometres from one on, else metres to ten."""
    if metres >= _KM:
        return say("kilometres", lang, n=f"{metres / _KM:,.1f}")
    return say("metres", lang, n=f"{round(metres, -1):,.0f}")


def say_date(text: str | None, lang: str) -> str:
    """Return an ISO date, or the date of an ISO moment, in words; a dash of None."""
    if not text:
        return say("none", lang)
    day = dt.date.fromisoformat(text[:10])
    return say("date", lang, y=day.year, m=day.month, d=day.day, month=_MONTHS[day.month - 1])


def say_dates(first: str | None, last: str | None, lang: str) -> str:
    """Return two ISO dates as a span, or one if they are the same."""
    if first == last:
        return say_date(first, lang)
    return say("dates", lang, first=say_date(first, lang), last=say_date(last, lang))


def say_start(text: str, lang: str) -> str:
    """Return a local ISO moment with its day of the week, without the year."""
    at = dt.datetime.fromisoformat(text)
    return f"{say_day(text, lang)} {DAYS[lang][at.weekday()]} {at:%H:%M}"


def say_day(text: str, lang: str) -> str:
    """Return the date of an ISO date or moment, without the year."""
    day = dt.date.fromisoformat(text[:10])
    return say("day_short", lang, m=day.month, d=day.day, month=_MONTHS[day.month - 1])


def say_days(days: Sequence[int], lang: str) -> str:
    """Return days of the week, Monday = 0, sorted, in words.

    Examples
    --------
    >>> say_days([0, 1, 2, 3, 4], "zh"), say_days([5, 6], "zh"), say_days([0, 2, 3, 4], "en")
    ('周一至周五', '周六、周日', 'Mon, Wed–Fri')
    """
    names = DAYS[lang]
    if len(days) == _WEEK:
        return say("every_day", lang)
    parts = []
    for first, last in _runs(days):
        if last - first > 1:
            parts.append(say("day_span", lang, first=names[first], last=names[last]))
        else:
            parts.extend(names[first : last + 1])
    return say("and", lang).join(parts)


def say_span(start: int, hours: int, lang: str) -> str:
    """Return hours of the day from ``start`` on, at most 24; past midnight said.

    Examples
    --------
    >>> say_span(4, 3, "zh"), say_span(22, 2, "zh"), say_span(23, 3, "en"), say_span(0, 24, "zh")
    ('04:00–07:00', '22:00–24:00', '23:00–02:00 the next day', '全天')
    """
    if hours >= _HOURS:
        return say("all_day", lang)
    end = start + hours
    key = "next_day" if end > _HOURS else "hour_span"
    last = end - _HOURS if end > _HOURS else end
    return say(key, lang, first=f"{start:02}:00", last=f"{last:02}:00")


def say_hours_of_week(hours: Iterable[int], lang: str) -> str:
    """Return hours of the week in words, days alike together.

    Parameters
    ----------
    hours : iterable of int
        24 x weekday + hour, Monday 00:00 = 0.
    lang : str
        "zh" or "en".

    Examples
    --------
    >>> say_hours_of_week([4, 5, 28, 29, 52], "zh")
    '周一、周二 04:00–06:00；周三 04:00–05:00'
    """
    by_day: dict[int, list[int]] = {}
    for hour in sorted(set(hours)):
        by_day.setdefault(hour // _HOURS, []).append(hour % _HOURS)
    alike: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for day, of_day in by_day.items():
        alike.setdefault(tuple(_runs(of_day)), []).append(day)
    return say("semicolon", lang).join(
        f"{say_days(days, lang)} "
        + say("and", lang).join(say_span(first, last - first + 1, lang) for first, last in spans)
        for spans, days in alike.items()
    )


def say_hour(hour: int, lang: str) -> str:
    """Return one hour of the week: its day and the time it begins."""
    return f"{DAYS[lang][hour // _HOURS]} {hour % _HOURS:02}:00"


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return sorted numbers as runs without holes, first and last of each."""
    if not numbers:
        return []
    cuts = [number for number in pairwise(numbers) if number[1] - number[0] > 1]
    starts = [numbers[0], *(after for _, after in cuts)]
    ends = [*(before for before, _ in cuts), numbers[-1]]
    return list(zip(starts, ends, strict=True))
