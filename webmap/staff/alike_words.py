"""Why two records may be one station, and what is odd about a position, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from flask_babel import gettext

from geo.whereabouts import AREA, WATER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.whereabouts import Odd

_KM_M: Final = 1000.0


def say_reasons(reasons: Iterable[str], twin_from: str, twin_datum: str) -> list[str]:
    """Return the reasons of ``geo.stations.sameness`` in words."""
    words = {
        "same_name": gettext("名字一样"),
        "similar_name": gettext("名字很像"),
        "no_own_name": gettext("名字里都没有自己的叫法"),
        "same_address": gettext("地址一样"),
        "similar_address": gettext("地址很像"),
        "same_phone": gettext("电话一样"),
        "same_place": gettext("就在同一个地方"),
        "twin": _say_twin(twin_from, twin_datum),
    }
    return [words[reason] for reason in reasons]


def say_away(metres: float) -> str:
    """Return a distance between two stations."""
    return gettext("相距 %(away)s", away=say_metres(metres))


def say_metres(metres: float) -> str:
    """Return a length in metres, from a kilometre on in kilometres."""
    if metres < _KM_M:
        return gettext("%(num)s 米", num=round(metres))
    return gettext("%(num)s 公里", num=f"{metres / _KM_M:.1f}")


def say_odd(odd: Odd) -> str:
    """Return what is odd about a position, as a question."""
    if odd.kind == WATER:
        return gettext("这个位置在水里。圆点是不是点偏了？")
    if odd.kind == AREA:
        away = say_metres(odd.away_m)
        facts = {"named": odd.named, "lies_in": odd.lies_in, "away": away}
        if odd.lies_in:
            return gettext(
                "写的是%(named)s，位置却在%(lies_in)s，离%(named)s还有 %(away)s。哪个不对？",
                **facts,
            )
        return gettext("写的是%(named)s，位置离那里还有 %(away)s。哪个不对？", **facts)
    if math.isinf(odd.away_m):
        return gettext("这个位置 2 公里以内都没有能走的路。圆点是不是点偏了？")
    return gettext(
        "这个位置离最近的路有 %(metres)s 米。圆点是不是点偏了？", metres=round(odd.away_m)
    )


def _say_twin(twin_from: str, twin_datum: str) -> str:
    names = {
        "gcj02": gettext("GCJ-02（高德、腾讯）"),
        "bd09": gettext("BD-09（百度）"),
        "wgs84": "WGS-84",
    }
    if twin_datum not in names:
        return ""
    return gettext(
        "两个位置正好差 %(one)s 换算到 %(other)s 的那一段：多半有一个的坐标系弄错了",
        one=names[twin_from],
        other=names[twin_datum],
    )
