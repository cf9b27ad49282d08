"""The words of the planner's desk: states, stages, moments, and those the scripts need."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from flask_babel import format_datetime, gettext, lazy_gettext
from markupsafe import Markup

from geo.report.figures import say_within
from webmap.planner.access import blueprint
from webmap.preferences import language
from webmap.runs import DONE, DRAFT, FAILED, QUEUED, RUNNING, STOPPED

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
STAGES: Final = {
    "prepare": lazy_gettext("正在准备"),
    "read tracks": lazy_gettext("正在读线路"),
    "measuring coverage": lazy_gettext("正在一段一段地算"),
    "write": lazy_gettext("正在写结果"),
}
STATE_WORDS: Final = {
    DRAFT: lazy_gettext("还没有开始"),
    QUEUED: lazy_gettext("排队等着"),
    RUNNING: lazy_gettext("正在算"),
    DONE: lazy_gettext("算好了"),
    FAILED: lazy_gettext("没算成"),
    STOPPED: lazy_gettext("停下了"),
}
STOPPING: Final = lazy_gettext("正在停下")
DAYS: Final = (
    lazy_gettext("周一"),
    lazy_gettext("周二"),
    lazy_gettext("周三"),
    lazy_gettext("周四"),
    lazy_gettext("周五"),
    lazy_gettext("周六"),
    lazy_gettext("周日"),
)


def line_words(limit_m: float) -> dict[str, Any]:
    """Return the words with which scripts tell of stretches and hours."""
    within = say_within(limit_m, language())
    return {
        "days": [str(day) for day in DAYS],
        "everyDay": gettext("每天"),
        "dayRange": gettext("{first}至{last}"),
        "comma": gettext("、"),
        "and": gettext("；"),
        "allHours": gettext("全部时间"),
        "touch": gettext("点一下地图上的线，看看那一段是什么情况。"),
        "nobody": gettext("这个钟点没有人在路上。"),
        "hour": gettext("这个钟点在路上的一共 {time}，其中 {share} 走不到开着的驿站。"),
        "drawn": gettext("图上画的：{parts}。"),
        "noLine": gettext("照这样选，图上没有线。"),
        "failed": gettext("路段没有取到，刷新一下试试。"),
        "play": gettext("一小时一小时地放"),
        "pause": gettext("停下"),
        "short": gettext("不到 1 分钟"),
        "time": gettext("{min} 分钟"),
        "hours": gettext("{hours} 小时"),
        "length": gettext("{m} 米"),
        "km": gettext("{km} 公里"),
        "little": gettext("不到千分之一"),
        "nearlyAll": gettext("几乎全部"),
        "workers": gettext("{n} 个人"),
        "shift": gettext("班次：{shift}"),
        "inAll": gettext("一共 {time}"),
        "walk": gettext("{min} 分钟（{way}）"),
        "far": gettext("到用得上的驿站，最远要走 {walk}。"),
        "nearest": gettext("最近的是："),
        "none": gettext("附近没有驿站。"),
        "missedRange": gettext("跟它的开放时间差 {least} 到 {most}。"),
        "missed": gettext("跟它的开放时间差 {time}。"),
        "why": {
            "covered": gettext("%(within)s有开着、能用的驿站。", within=within),
            "unknown": gettext(
                "%(within)s有驿站，可是没写清什么时候开，或者能不能用。", within=within
            ),
            "closed": gettext("%(within)s有驿站，可这时候都关着。", within=within),
            "no_station": gettext("%(within)s一个驿站也没有。", within=within),
            "unusable": gettext(
                "%(within)s有驿站开着，可是用不了：有人报锁门、太久没核实，或者不合要求。",
                within=within,
            ),
            "off_network": gettext("这里离地图上的路超过 50 米，没法按路算。"),
        },
    }


@blueprint.app_template_filter("tongue")
def tongue(text: str) -> Markup:
    """Return the attribute of a name in Chinese on a page that is not; else nothing."""
    return Markup(' lang="zh-CN"') if language() != "zh" and _HAN.search(text) else Markup()


def say_moment(text: str) -> str:
    """Return a moment of a record on the stations' clock; "" stays so."""
    if not text:
        return ""
    pattern = "M月d日 H:mm" if language() == "zh" else "MMM d, H:mm"
    return str(format_datetime(dt.datetime.fromisoformat(text), pattern))
