"""The words a phone says without a line, each with the holes ``{...}`` that its script fills."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext, ngettext

from geo.nearest.needs import NO_PHONE
from geo.vocab import load_vocab
from webmap.cards import SHOWN_FIRST
from webmap.distances import say_direction
from webmap.preferences import language
from webmap.words import say_word

_WEEKDAYS: Final = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def pack_words() -> dict[str, Any]:
    """Return the words in the visitor's language."""
    return {
        **_of_line(),
        **_of_way(),
        **_of_trail(),
        "tell": _of_door(),
        "hand": _of_handover(),
        "notice": gettext("没有网络，数据是 {when} 的。路程按直线估的，走起来可能要绕。"),
        "old": gettext("没有网络，数据是 {when} 的，太旧了，离线看不到开放时间。"),
        "nearest": gettext("最近能进的"),
        "far": {
            "walk": gettext("走 15 分钟内，没有确定能进的。最近的是："),
            "ride": gettext("骑车 15 分钟内，没有确定能进的。最近的是："),
        },
        "named": gettext("存下的驿站里，名字或地址有“{words}”的："),
        "notNamed": gettext("存下的驿站里没有“{words}”"),
        "meeting": gettext("存下的驿站里，合这些条件的："),
        "none": gettext("没有找到合适的驿站"),
        "fewer": gettext("少选一个条件试试。"),
        "more": gettext("看这个驿站"),
        "call": gettext("打电话"),
        "unverified": gettext("%(need)s：未核实", need="{need}"),
        "kinds": _all_words("kind"),
        "needs": {NO_PHONE: gettext("不用手机")} | _all_words("amenity"),
        "order": SHOWN_FIRST,
    }


def offline_texts() -> dict[str, str]:
    """Return what a page says before, or without, a pack."""
    return {
        "kept": gettext("没有网络，这一页是 {when} 的。"),
        "other": gettext("没有网络，要看的这一页没有存下来。这是 {when} 存下的。"),
        "unseen": gettext("离线看不到开放时间"),
        "again": gettext("再试一次"),
    }


def _of_line() -> dict[str, Any]:
    """Return the words of the one-line answer; those of `webmap.answers` and `webmap.moments`."""
    return {
        "always": gettext("开着，24 小时都能进"),
        "open": gettext("现在开着"),
        "openThen": gettext("开着"),
        "openTill": gettext("%(open)s，%(closes)s 关门", open="{open}", closes="{closes}"),
        "openSoonShut": gettext("%(open)s，%(closing)s", open="{open}", closing="{closing}"),
        "openComing": gettext(
            "%(open)s，%(coming)s，%(closing)s",
            open="{open}",
            coming="{coming}",
            closing="{closing}",
        ),
        "closing": _counted("%(num)s 分钟后关门"),
        "coming": _counted("你 %(num)s 分钟后到"),
        "opening": _counted("%(num)s 分钟后开门"),
        "opensAt": gettext("快开了，%(opens)s 开门", opens="{opens}"),
        "gone": gettext("你到之前就关了"),
        "goneTill": gettext("%(now)s，%(opens)s 再开", now="{now}", opens="{opens}"),
        "shut": gettext("关着"),
        "shutTill": gettext("关着，%(opens)s 开门", opens="{opens}"),
        "unknown": gettext("时间不详"),
        "unseen": gettext("离线看不到开放时间"),
        "locked": gettext("有人报锁门"),
        "lockedNow": gettext("刚才有人报锁门"),
        "lockedHours": _counted("%(num)s 小时前有人报锁门"),
        "lockedDays": _counted("%(num)s 天前有人报锁门"),
        "today": gettext("今天 %(clock)s", clock="{clock}"),
        "midnight": gettext("今晚 12 点"),
        "morning": gettext("明早 %(clock)s", clock="{clock}"),
        "night": gettext("明天凌晨 %(clock)s", clock="{clock}"),
        "tomorrow": gettext("明天 %(clock)s", clock="{clock}"),
        "days": _WEEKDAYS[language()],
    }


def _of_way() -> dict[str, Any]:
    """Return the words of a way by straight line; those of `webmap.cards`."""
    holes = {name: f"{{{name}}}" for name in ("minutes", "metres", "direction")}
    return {
        "walk": gettext("步行大约 %(minutes)s · %(metres)s · 往%(direction)s", **holes),
        "ride": gettext("骑车大约 %(minutes)s · %(metres)s · 往%(direction)s", **holes),
        "goWalk": gettext("走过去（看路线）"),
        "goRide": gettext("骑过去（看路线）"),
        "minutes": gettext("%(minutes)s 分钟", minutes="{minutes}"),
        "hours": gettext("%(hours)s 小时", hours="{hours}"),
        "metres": gettext("%(metres)s 米", metres="{metres}"),
        "km": gettext("%(km)s 公里", km="{km}"),
        "directions": [say_direction(degrees) for degrees in range(0, 360, 45)],
    }


def _of_trail() -> dict[str, Any]:
    """Return the words of the last confirmation; those of `webmap.cards` and `webmap.moments`."""
    return {
        "confirmed": gettext("%(age)s有人确认", age="{age}"),
        "opened": gettext("%(age)s有人说开着", age="{age}"),
        "unconfirmed": gettext("还没有人核实过"),
        "ages": {
            "today": gettext("今天"),
            "days": _counted("%(num)s 天前"),
            "months": _counted("%(num)s 个月前"),
            "year": gettext("一年多以前"),
        },
    }


def _of_door() -> dict[str, str]:
    """Return the words of the three taps at the door; those of `tell.html`."""
    return {
        "name": gettext("门开着吗"),
        "ask": gettext("到门口了？点一下："),
        "open": gettext("开着"),
        "locked": gettext("锁着"),
        "gone": gettext("不在了"),
        "private": gettext("不用登录，不记你是谁、在哪里。"),
    }


def _of_handover() -> dict[str, str]:
    """Return the words of what another map may take over; those of `way.html`."""
    return {
        "title": gettext("用导航软件走"),
        "other": gettext("手机上的其他地图"),
        "address": gettext("地址"),
        "amap": gettext("高德地图用的坐标（经度在前）"),
        "gps": gettext("GPS 坐标（纬度在前）"),
        "copyAddress": gettext("复制地址"),
        "copyPosition": gettext("复制坐标"),
        "copy": gettext("%(copy)s：%(name)s", copy="{copy}", name="{name}"),
        "copied": gettext("已复制"),
        "notCopied": gettext("没复制成，长按选中再复制"),
    }


def _counted(text: str) -> list[str]:
    """Return a text of a number for one, and for several; `webmap.answers` has it marked."""
    return [ngettext(text, text, number).replace(str(number), "{num}") for number in (1, 2)]


def _all_words(vocab: str) -> dict[str, str]:
    return {code: say_word(vocab, code) for code in load_vocab(vocab)}
