"""What the finder's scripts may have to say, in the visitor's language."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext

from webmap.public.base import way_texts
from webmap.public.places import place_words


def finder_texts() -> dict[str, Any]:
    """Return words and addresses; each trouble with the position has a text of its own."""
    return {
        "asking": gettext("正在看你在哪里……"),
        "refused": gettext("手机没让用位置。可以选街道、打名字，或者在地图上点一下你在的地方。"),
        "unavailable": gettext(
            "没找到你的位置。可以选街道、打名字，或者在地图上点一下你在的地方。"
        ),
        "timeout": gettext(
            "等了很久，手机还没说出位置。可以选街道、打名字，或者在地图上点一下你在的地方。"
        ),
        "insecure": gettext(
            "这个网址不是 https 开头，手机不给位置。选街道、打名字，或者在地图上点一下你在的地方。"
        ),
        "howRefused": gettext("想让手机给位置：点网址旁边的图标，把“位置”改成“允许”，再试一次。"),
        "howWechat": gettext(
            "在微信里：手机“设置”里允许微信用位置，再试一次；或者点右上角的三个点，选“在浏览器打开”。"
        ),
        "rough": gettext("位置可能差 {length}"),
        "here": gettext("从你现在的位置算"),
        "there": gettext("从你在地图上点的地方算"),
        "place": gettext("从你选的地方算"),
        "mine": gettext("我的位置"),
        "spot": gettext("地图上的点"),
        "pickGround": gettext("在地图上点一下你在的地方"),
        "stop": gettext("。"),
        "failed": gettext("没连上，再试一次。"),
        "mapLost": gettext("地图没存下来，看列表。"),
        "seeList": gettext("看列表"),
        "wished": gettext("记下了，谢谢。说的人多了，工会就能看到。"),
        "wayAndMaps": gettext("怎么走、用导航"),
        "near": url_for("public.near"),
        "search": url_for("api.search"),
        "wishes": url_for("api.wishes"),
        "finder": url_for("public.finder"),
        "station": url_for("public.station", code="-")[:-1],
        "fromHere": gettext("从这里找"),
        "guess": gettext("没有一样的，是不是找："),
        "nothing": gettext("没有找到，换个短一点的词"),
        "placeKinds": place_words(),
        **way_texts(),
    }
