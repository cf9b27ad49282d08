"""What the form says of a pasted position: whose it is, in which datum, how it was converted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext, lazy_gettext

from geo.coords import DATUMS, require_datum
from geo.errors import ConvergenceError, UnreadPositionError
from geo.pasted import read_pasted
from webmap.forms.station import DEGREES

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask_babel import LazyString

    from geo.coords import Datum
    from geo.pasted import Pasted

_SHOWN: Final[dict[Datum, str]] = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
FROM: Final[tuple[tuple[str, LazyString], ...]] = (  # where bare degrees may have been copied
    ("gcj02", lazy_gettext("高德、腾讯地图")),
    ("bd09", lazy_gettext("百度地图")),
    ("wgs84", lazy_gettext("GPS、天地图")),
)
_SOURCES: Final[dict[str, LazyString | str]] = {
    "amap": lazy_gettext("高德地图"),
    "baidu": lazy_gettext("百度地图"),
    "tencent": lazy_gettext("腾讯地图"),
    "apple": lazy_gettext("苹果地图"),
    "google": lazy_gettext("谷歌地图"),
    "osm": "OpenStreetMap",
    "geo": lazy_gettext("手机上的位置"),
}


class Located(NamedTuple):
    """What was read of a pasted text; a position only where ``status`` is ok."""

    status: str  # ok | ask: in which datum | wrong
    lines: tuple[str, ...]
    lon: str = ""  # WGS-84, with as many decimals as the form shows
    lat: str = ""
    datum: str = ""  # of the source

    @property
    def mark(self) -> str:
        """What the form sends along, so that the datum of the source is kept; "" without one."""
        return f"{self.datum} {self.lon} {self.lat}" if self.datum else ""


def tell_pasted(text: str, datum: str = "") -> Located:
    """Read a pasted position and say what was done with it.

    Parameters
    ----------
    text : str
        As pasted.
    datum : {"wgs84", "gcj02", "bd09", ""}
        What the visitor says a text is in that does not say it itself; anything else is "".
    """
    try:
        found = read_pasted(text)
        said = require_datum(datum) if datum in DATUMS and found.datum is None else found.datum
        if said is None:
            question = gettext("看懂了，可不知道是哪种坐标。是从哪里抄来的？选一个，差几百米呢。")
            return Located("ask", (question,))
        lon, lat = found.wgs84(said)
    except UnreadPositionError as error:
        return Located("wrong", (_say_fault(error.code, error.source),))
    except ConvergenceError:
        return Located("wrong", (_say_fault("edge", ""),))
    place = f"{lon:.{DEGREES}f}", f"{lat:.{DEGREES}f}"
    return Located("ok", tuple(_lines(found, said)), *place, said)


def kept_datum(mark: str, lon: str, lat: str) -> str:
    """Return the datum of the source of a position, "" once it was moved by hand."""
    datum, _, place = mark.partition(" ")
    return datum if datum in DATUMS and place == f"{lon} {lat}" else ""


def _lines(found: Pasted, datum: Datum) -> list[str]:
    """Say from where a position came, what was done to it, and what to look after."""
    lines = [_say_found(found.source, datum)]
    if found.source and not found.is_sure:
        lines.append(gettext("这个链接没写坐标系，在国内一般是这种。看看圆点在不在门口。"))
    if found.is_middle:
        lines.append(
            gettext("链接里只有画面中间的位置，不一定正好是驿站。圆点不在门口，就把它拖过去。")
        )
    return lines


def _say_found(source: str, datum: Datum) -> str:
    whose = str(_SOURCES[source]) if source else str(dict(FROM)[datum])
    if datum == "wgs84":
        return gettext("WGS-84（%(source)s）→ 不用换算，填好了。", source=whose)
    return gettext("%(datum)s（%(source)s）→ 已换算，填好了。", datum=_SHOWN[datum], source=whose)


def _say_fault(code: str, source: str) -> str:
    say = _FAULTS.get(code, _FAULTS["unreadable"])
    return say(str(_SOURCES[source]) if source in _SOURCES else gettext("地图"))


_FAULTS: Final[dict[str, Callable[[str], str]]] = {
    "empty": lambda _: gettext("还没有粘贴。把坐标或者地图的链接贴到上面。"),
    "too_long": lambda _: gettext("太长了。只贴坐标，或者一个链接。"),
    "short_link": lambda source: gettext(
        "这是%(source)s的短链接，里面没有位置，要去问他们的服务器，我们不替你问。"
        "在浏览器里打开它，把地址栏里的长链接贴过来。",
        source=source,
    ),
    "no_position": lambda source: gettext(
        "这个%(source)s的链接里没有位置。在地图上点一下那个地方，再复制链接或者坐标。",
        source=source,
    ),
    "unknown_link": lambda _: gettext(
        "不认得这个链接。高德、百度、腾讯、苹果、谷歌地图的都认；也可以只贴坐标。"
    ),
    "unreadable": lambda _: gettext(
        "没看到经度和纬度。写成 %(example)s 这样。", example="116.4074, 39.9042"
    ),
    "several": lambda _: gettext("数字太多，不知道是哪两个。只留一个经度、一个纬度。"),
    "order": lambda _: gettext("分不清哪个是经度。前面写上“经度”“纬度”两个字。"),
    "edge": lambda _: gettext("这个位置换算不了，它在国境外面的海上。看看数字有没有抄错。"),
    "off_earth": lambda _: gettext("这个位置不在地球上，看看数字有没有抄错。"),
}
