"""The words of the map, in the visitor's language: buttons, kinds, states."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext

from webmap.words import say_word

_KINDS: Final = ("rest_station", "union_hub", "service_point")


def say_map() -> dict[str, Any]:
    """Return the words by the names under which the scripts know them.

    Returns
    -------
    dict
        Texts, and for ``kinds`` and ``states`` lists of code and word in the order of the legend.
    """
    return {
        "map": gettext("地图"),
        "demo": gettext("演示数据"),
        "zoomIn": gettext("放大"),
        "zoomOut": gettext("缩小"),
        "legend": gettext("图例"),
        "close": gettext("收起"),
        "details": gettext("看这个驿站"),
        "failed": gettext("地图上的驿站没取到，过一会儿自动再试。"),
        "noname": gettext("名字没取到，点下面看。"),
        "together": gettext("这里有 {n} 个驿站"),
        "cluster": gettext("数字：这一片有几个驿站，绿边是开着的"),
        "you": gettext("你在这里"),
        "pin": gettext("驿站的位置，可以拖动"),
        "streets": gettext("街道图"),
        "grounds": gettext("换底图"),
        "kinds": [(kind, say_word("kind", kind)) for kind in _KINDS],
        "states": [
            ("open", gettext("开着")),
            ("opens_soon", gettext("快开了")),
            ("closes_before_arrival", gettext("赶不上")),
            ("closed", gettext("已关")),
            ("unknown", gettext("时间不详")),
            ("reported_locked", gettext("有人报锁门")),
        ],
    }
