"""The words of the planner's desk: states, stages, classes, shares, moments and limits."""

from __future__ import annotations

import datetime as dt
from typing import Final

from flask_babel import format_date, format_datetime, gettext, lazy_gettext

from geo.coverage import WALK_KMH
from webmap.preferences import language
from webmap.runs import DONE, FAILED, QUEUED, RUNNING, STOPPED

STAGES: Final = {
    "prepare": lazy_gettext("正在准备"),
    "read tracks": lazy_gettext("正在读线路"),
    "measuring coverage": lazy_gettext("正在一段一段地算"),
    "write": lazy_gettext("正在写结果"),
}
STATE_WORDS: Final = {
    QUEUED: lazy_gettext("排队等着"),
    RUNNING: lazy_gettext("正在算"),
    DONE: lazy_gettext("算好了"),
    FAILED: lazy_gettext("没算成"),
    STOPPED: lazy_gettext("停下了"),
}
STOPPING: Final = lazy_gettext("正在停下")
CLASS_WORDS: Final = {  # as in the map's legend
    "covered": lazy_gettext("走得到，开着"),
    "unknown": lazy_gettext("开没开不清楚"),
    "closed": lazy_gettext("走得到，但关着"),
    "no_station": lazy_gettext("走不到驿站"),
    "unusable": lazy_gettext("开着，但用不了"),
    "off_network": lazy_gettext("离路太远，没有算路"),
}
DAYS: Final = (
    lazy_gettext("周一"),
    lazy_gettext("周二"),
    lazy_gettext("周三"),
    lazy_gettext("周四"),
    lazy_gettext("周五"),
    lazy_gettext("周六"),
    lazy_gettext("周日"),
)


def percent(share: float | None) -> str:
    """Return a share as people say it; never 0 % or 100 % of what is not exactly so."""
    if share is None:
        return "–"
    value = 100.0 * share
    digits = 1 if (0 < value < 1 or 99 < value < 100) else 0  # noqa: PLR2004 - percent
    text = f"{value:.{digits}f}"
    if text in {"0.0", "100.0"}:
        is_small = value < 50  # noqa: PLR2004 - percent
        return str(gettext("不到千分之一") if is_small else gettext("几乎全部"))
    return f"{text} %"


def say_limit(limit_m: float) -> str:
    """Return a limit as minutes and metres of walk."""
    minutes = limit_m / (WALK_KMH * 1000 / 60)
    way = (
        gettext("%(km)s 公里", km=f"{limit_m / 1000:g}")
        if limit_m >= 1000  # noqa: PLR2004 - metres
        else gettext("%(m)s 米", m=f"{limit_m:g}")
    )
    said = f"{minutes:.1f}".removesuffix(".0")
    return str(gettext("%(min)s 分钟（%(way)s）", min=said, way=way))


def say_moment(text: str) -> str:
    """Return a moment of a record on the stations' clock; "" stays so."""
    if not text:
        return ""
    pattern = "M月d日 H:mm" if language() == "zh" else "MMM d, H:mm"
    return str(format_datetime(dt.datetime.fromisoformat(text), pattern))


def say_start(text: str) -> str:
    """Return the local time of a line with its date and day of the week."""
    moment = dt.datetime.fromisoformat(text)
    day = str(DAYS[moment.weekday()])
    date = format_date(moment.date(), "M月d日" if language() == "zh" else "MMM d")
    return f"{date} {day} {moment:%H:%M}"
