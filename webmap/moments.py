"""Times as people say them: 今天 20:00, 明早 8:30, 3 天前; always on the stations' clock."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext, ngettext

from geo.zones import LOCAL_ZONE
from webmap.preferences import language

if TYPE_CHECKING:
    from collections.abc import Callable

    Clock = Callable[[], dt.datetime]

_WEEK: Final = 7  # days
_MONTH: Final = 31
_YEAR: Final = 365
_SAME_NIGHT_H: Final = 6  # so few hours before midnight are not yet said to be yesterday
_MORNING: Final = range(5, 11)  # hours in which a Chinese reader says 早 of tomorrow
_ZH_DAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def now() -> dt.datetime:
    """Return the present minute on the stations' clock, as the application's clock has it."""
    clock: Clock = current_app.extensions["clock"]
    return clock().astimezone(ZoneInfo(LOCAL_ZONE)).replace(second=0, microsecond=0)


def read_clock() -> dt.datetime:
    """Return the machine's time; the clock of an application unless a test sets another."""
    return dt.datetime.now(dt.UTC)


def say_moment(moment: dt.datetime, at: dt.datetime) -> str:
    """Say a coming moment as one would at ``at``; both aware.

    Examples
    --------
    ``今天 20:00``, ``明早 8:30``, ``明天凌晨 2:00``, ``明天 14:00``, ``周三 8:30``,
    ``3 月 9 日 8:30``.
    """
    zone = ZoneInfo(LOCAL_ZONE)
    here, start = moment.astimezone(zone), at.astimezone(zone)
    clock = f"{here.hour}:{here.minute:02d}"
    days = (here.date() - start.date()).days
    if days == 0:
        return gettext("今天 %(clock)s", clock=clock)
    if days == 1 and here.hour == here.minute == 0:
        return gettext("今晚 12 点")
    if days == 1 and here.hour in _MORNING:
        return gettext("明早 %(clock)s", clock=clock)
    if days == 1:
        is_night = here.hour < _MORNING.start
        night = gettext("明天凌晨 %(clock)s", clock=clock)
        return night if is_night else gettext("明天 %(clock)s", clock=clock)
    if 0 < days < _WEEK:
        return f"{say_weekday(here)} {clock}"
    return f"{say_date(here.date())} {clock}"


def say_date(date: dt.date) -> str:
    """Say a day of a year that goes without saying.

    Examples
    --------
    ``3 月 9 日`` or ``9 Mar``.
    """
    if language() == "zh":
        return f"{date.month} 月 {date.day} 日"
    return f"{date.day} {date:%b}"


def say_age(date: dt.date, today: dt.date) -> str:
    """Say how long ago a day was."""
    days = max(0, (today - date).days)
    if days == 0:
        return gettext("今天")
    if days <= _MONTH:
        return ngettext("%(num)s 天前", "%(num)s 天前", days)
    if days <= _YEAR:
        return ngettext("%(num)s 个月前", "%(num)s 个月前", days // 30)
    return gettext("一年多以前")


def say_ago(moment: dt.datetime, at: dt.datetime) -> str:
    """Say how long before ``at`` a moment was; both aware.

    Examples
    --------
    ``刚才``, ``3 小时前``, ``昨天``, ``5 天前``.
    """
    zone = ZoneInfo(LOCAL_ZONE)
    here, now_ = moment.astimezone(zone), at.astimezone(zone)
    hours = max(0, int((now_ - here) / dt.timedelta(hours=1)))
    days = (now_.date() - here.date()).days
    if hours < 1:
        return gettext("刚才")
    if days < 1 or hours < _SAME_NIGHT_H:
        return ngettext("%(num)s 小时前", "%(num)s 小时前", hours)
    if days == 1:
        return gettext("昨天")
    return say_age(here.date(), now_.date())


def say_weekday(date: dt.date) -> str:
    """Return ``周三`` or ``Wed``."""
    return _ZH_DAYS[date.weekday()] if language() == "zh" else f"{date:%a}"


def say_days(first: dt.date, last: dt.date) -> str:
    """Say a day or the days up to another, as `say_date` says one.

    Examples
    --------
    ``10 月 1 日–7 日``, ``4 月 30 日–5 月 3 日``, ``1–7 Oct``.
    """
    if first == last:
        return say_date(first)
    if (first.year, first.month) != (last.year, last.month):
        return f"{say_date(first)}–{say_date(last)}"
    if language() == "zh":
        return f"{first.month} 月 {first.day} 日–{last.day} 日"
    return f"{first.day}–{say_date(last)}"
