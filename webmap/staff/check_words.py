"""What a check is about, in words: its reason, what workers said, and how it can end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext, lazy_gettext, ngettext

from geo.stations.doubts import ALIKE, AREA, HOURS, POSITION, REOPENS, TOLD, UNVERIFIED
from geo.stations.evidence import BROKEN, GONE, LOCKED, MISSING, OPEN
from geo.store.checks import FINE, MENDED, TRUE
from webmap.locks import LOOKBACK
from webmap.moments import say_ago
from webmap.words import say_word

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from flask_babel import LazyString

    from geo.stations.evidence import Report
    from geo.store.check_acts import Act
    from geo.store.checks import Check

ENDS: Final[Mapping[str, Mapping[str, LazyString]]] = {  # reason -> outcome -> button
    LOCKED: {
        FINE: lazy_gettext("没锁，能进"),
        MENDED: lazy_gettext("锁过，现在能进了"),
        TRUE: lazy_gettext("确实锁着"),
    },
    GONE: {FINE: lazy_gettext("还在，能用"), TRUE: lazy_gettext("确实不在了")},
    BROKEN: {
        FINE: lazy_gettext("没坏，能用"),
        MENDED: lazy_gettext("修好了"),
        TRUE: lazy_gettext("确实坏了"),
    },
    MISSING: {
        FINE: lazy_gettext("有，能用"),
        MENDED: lazy_gettext("补上了"),
        TRUE: lazy_gettext("确实没有了"),
    },
    POSITION: {FINE: lazy_gettext("位置没错"), MENDED: lazy_gettext("位置改好了")},
    ALIKE: {FINE: lazy_gettext("不是同一个"), MENDED: lazy_gettext("是同一个，处理好了")},
    AREA: {FINE: lazy_gettext("没写错"), MENDED: lazy_gettext("改好了")},
    HOURS: {FINE: lazy_gettext("说不准，先这样"), MENDED: lazy_gettext("改好了")},
    REOPENS: {FINE: lazy_gettext("重新开门了"), TRUE: lazy_gettext("还关着")},
    UNVERIFIED: {FINE: lazy_gettext("看过了，资料都对"), TRUE: lazy_gettext("有变化，去改")},
}


def say_reason(check: Check, other: str = "") -> str:
    """Return why a check was opened; ``other`` is the name of the station it may be the same as."""
    thing = say_word("amenity", check.amenity) if check.reason in TOLD else ""
    words = {
        LOCKED: gettext("开放时间里，有人说锁着"),
        GONE: gettext("有人说不在了"),
        BROKEN: gettext("有人说坏了：%(thing)s", thing=thing),
        MISSING: gettext("有人说没有了：%(thing)s", thing=thing),
        POSITION: gettext("位置可能不对"),
        ALIKE: gettext("可能和“%(name)s”是同一个", name=other or check.amenity),
        AREA: gettext("写的区或街道，和位置对不上"),
        HOURS: gettext("开放时间没读懂，地图上算“时间不详”"),
        REOPENS: gettext("暂时关门的日子过了，开门了吗？"),
        UNVERIFIED: gettext("半年没人核实过了"),
    }
    return words[check.reason]


def say_since(check: Check, at: dt.datetime) -> str:
    """Say since when a check waits: what workers said came in, all else was noticed."""
    since = say_ago(check.opened_at, at)
    if check.reason in TOLD:
        return gettext("%(since)s报上来的", since=since)
    return gettext("%(since)s列出来的", since=since)


def say_act(act: Act, at: dt.datetime) -> str:
    """Say what somebody saw."""
    return gettext(
        "%(who)s（%(when)s）：%(text)s", who=act.actor, when=say_ago(act.at, at), text=act.text
    )


def say_told(check: Check, told: Sequence[Report], at: dt.datetime) -> list[str]:
    """Say how many devices said what, and when last; "open" speaks against a door's trouble."""
    if check.reason not in TOLD:
        return []
    states = (check.reason,) if check.amenity else (check.reason, OPEN)
    lines = []
    for state in states:
        found = [
            report
            for report in told
            if report.state == state
            and report.amenity == (check.amenity if state == check.reason else "")
            and report.at >= check.told_at - LOOKBACK
        ]
        if found:
            people = len({report.device for report in found})
            number = ngettext("%(num)s 人", "%(num)s 人", people)
            parts = {"state": _say_state(state), "people": number}
            last = say_ago(found[-1].at, at)
            lines.append(
                gettext("说“%(state)s”的：%(people)s（最近一次：%(last)s）", last=last, **parts)
            )
    return lines


def _say_state(state: str) -> str:
    words = {
        OPEN: gettext("开着"),
        LOCKED: gettext("锁着"),
        GONE: gettext("不在了"),
        BROKEN: gettext("坏了"),
        MISSING: gettext("没有了"),
    }
    return words[state]
