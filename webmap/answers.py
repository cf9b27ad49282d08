"""The one-line answer to "can I get in when I arrive?", as one would say it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from flask_babel import gettext, ngettext

from geo.hours import is_always_open
from geo.hours.calendar import day_kind
from webmap.festivals import say_festival
from webmap.moments import say_ago, say_moment

if TYPE_CHECKING:
    from geo.hours import Timetable
    from geo.nearest import NearestStation
    from geo.nearest.arrival import Arrival

SOON: Final = dt.timedelta(minutes=60)  # a closing so near is said in minutes
_MINUTE: Final = dt.timedelta(minutes=1)


def say_answer(
    found: Arrival | NearestStation,
    hours: Timetable,
    at: dt.datetime,
    *,
    is_now: bool = True,
    locked_at: dt.datetime | None = None,
    locked_by: int = 0,
) -> str:
    """Return the line of a station judged on arrival.

    Parameters
    ----------
    found : Arrival or NearestStation
        State and times.
    hours : Timetable
        What was judged.
    at : datetime
        Aware; the moment of setting out.
    is_now : bool
        Whether ``at`` is the present; of another time only clock times are said.
    locked_at : datetime, optional
        Aware; when a worker last said that it is locked.
    locked_by : int
        How many devices said so; fewer than 2: not said.
    """
    if found.state == "reported_locked":
        return _say_locked(locked_at, at, locked_by)
    if found.state == "open":
        return _say_open(hours, at, found.arrive_at, found.closes_at, is_now=is_now)
    if found.state == "opens_soon" and found.opens_at:
        return _say_opening(found.opens_at, at, is_now=is_now)
    if found.state == "unknown":
        return _say_unknown(hours, found.arrive_at)
    return _say_shut(found.state, found.opens_at, at)


def _say_open(
    hours: Timetable,
    at: dt.datetime,
    arrive: dt.datetime,
    closes_at: dt.datetime | None,
    *,
    is_now: bool,
) -> str:
    if is_always_open(hours):
        return gettext("开着，24 小时都能进")
    said = gettext("现在开着") if is_now else gettext("开着")
    if not closes_at:
        return said
    left = closes_at - at
    if not is_now or left > SOON:
        return gettext("%(open)s，%(closes)s 关门", open=said, closes=say_moment(closes_at, at))
    minutes = _minutes(left)
    closing = ngettext("%(num)s 分钟后关门", "%(num)s 分钟后关门", minutes)
    way = _minutes(arrive - at)
    if way < 1:
        return gettext("%(open)s，%(closing)s", open=said, closing=closing)
    coming = ngettext("你 %(num)s 分钟后到", "你 %(num)s 分钟后到", way)
    return gettext("%(open)s，%(coming)s，%(closing)s", open=said, coming=coming, closing=closing)


def _say_opening(opens_at: dt.datetime, at: dt.datetime, *, is_now: bool) -> str:
    if not is_now or opens_at - at > SOON:
        return gettext("快开了，%(opens)s 开门", opens=say_moment(opens_at, at))
    minutes = max(1, _minutes(opens_at - at))
    return ngettext("%(num)s 分钟后开门", "%(num)s 分钟后开门", minutes)


def _say_shut(state: str, opens_at: dt.datetime | None, at: dt.datetime) -> str:
    opens = say_moment(opens_at, at) if opens_at else ""
    if state == "closes_before_arrival":
        gone = gettext("你到之前就关了")
        return gettext("%(now)s，%(opens)s 再开", now=gone, opens=opens) if opens else gone
    return gettext("关着，%(opens)s 开门", opens=opens) if opens else gettext("关着")


def _say_unknown(hours: Timetable, arrive: dt.datetime) -> str:
    """Say that the time is not known, and if a special day is why, which."""
    kind = day_kind(arrive.date())
    if not any(hours) or kind == "plain":
        return gettext("时间不详")
    if kind == "guess":
        return gettext("时间不详：这天放不放假还没公布")
    festival = say_festival(arrive.date())
    if kind == "worked":
        return gettext("时间不详：%(festival)s调休上班，开不开没说", festival=festival)
    return gettext("时间不详：%(festival)s放假，开不开没说", festival=festival)


def _say_locked(locked_at: dt.datetime | None, at: dt.datetime, locked_by: int) -> str:
    """Say how long ago somebody stood before a locked door, and how many did."""
    if locked_by > 1 and locked_at is not None and locked_at <= at:
        return gettext("%(when)s有 %(num)s 人说锁着", when=say_ago(locked_at, at), num=locked_by)
    if locked_at is None or locked_at > at:
        return gettext("有人报锁门")
    minutes = _minutes(at - locked_at)
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return gettext("刚才有人报锁门")
    hours = minutes // 60
    if hours < 24:  # noqa: PLR2004 - hours of a day
        return ngettext("%(num)s 小时前有人报锁门", "%(num)s 小时前有人报锁门", hours)
    return ngettext("%(num)s 天前有人报锁门", "%(num)s 天前有人报锁门", hours // 24)


def _minutes(length: dt.timedelta) -> int:
    return int(length / _MINUTE + 0.5)
