"""The way to a station handed over to another map: links, each in the datum that its map expects.

Only the station is in them, never the visitor. What each map takes:

========  ======  ===========================================================================
map       datum   as documented
========  ======  ===========================================================================
Amap      GCJ-02  ``to=lon,lat,name``, ``coordinate=gaode``; ``mode=walk|ride``
Baidu     GCJ-02  ``location=lat,lon``, said by ``coord_type=gcj02``; the way is asked for there
Tencent   GCJ-02  ``tocoord=lat,lon``; ``type=walk|bike``
Apple     GCJ-02  ``daddr=lat,lon``; ``dirflg=w``, nothing for a bike
Google    GCJ-02  ``destination=lat,lon``; ``travelmode=walking|bicycling``
geo:      WGS-84  RFC 5870: ``geo:lat,lon``; ``q`` names the place on Android
========  ======  ===========================================================================

That Apple and Google draw the mainland in GCJ-02 is an assumption: their maps of it are Amap's, and
neither says so in its documents. Outside the box of the shift all are WGS-84.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote, urlencode

from flask_babel import gettext

from geo.coords import from_wgs84

if TYPE_CHECKING:
    from geo.coords import Datum

_LONGEST_NAME: Final = 40  # characters in a link
_SOURCE: Final = "nuanyi"  # what the maps want to know of who sends
_WECHAT: Final = re.compile(r"MicroMessenger", re.IGNORECASE)
_APPLE: Final = re.compile(r"iPhone|iPad|iPod|Macintosh")
_HAS_GEO: Final = re.compile(r"Android|Harmony")


class Door(NamedTuple):
    """A map that takes over: its word, and its addresses on foot and by bike."""

    code: str
    word: str
    walk: str
    ride: str


class Position(NamedTuple):
    """A position to be copied: the word, and the text that goes into the other map's search."""

    code: str
    word: str
    text: str


class Handover(NamedTuple):
    """Where the way can be handed over to from a browser."""

    doors: tuple[Door, ...]  # large
    others: tuple[Door, ...]  # one step away
    positions: tuple[Position, ...]
    is_wechat: bool  # which opens no other app


def hand_over(name: str, lon: float, lat: float, *, agent: str = "") -> Handover:
    """Return the links to a station and its positions to copy.

    Parameters
    ----------
    name : str
        Of the station; commas and what else a link divides by become spaces.
    lon, lat : float
        Degrees, WGS-84.
    agent : str
        The browser's User-Agent: inside WeChat only what opens there is offered; Apple's map comes
        first on its own devices; ``geo:`` where an app may answer to it.
    """
    named = re.sub(r"[\s,|()&?#%]+", " ", name).strip()[:_LONGEST_NAME]
    gcj, wgs = _said(lon, lat, "gcj02"), _said(lon, lat, "wgs84")
    positions = (
        Position("amap", gettext("高德地图用的坐标（经度在前）"), f"{gcj[0]},{gcj[1]}"),
        Position("tencent", gettext("腾讯地图用的坐标（纬度在前）"), f"{gcj[1]},{gcj[0]}"),
        Position("wgs84", gettext("GPS 坐标（纬度在前）"), f"{wgs[1]},{wgs[0]}"),
    )
    tencent = _tencent(named, *gcj)
    if _WECHAT.search(agent):
        return Handover((tencent, _amap(named, *gcj, calls="0")), (), positions, is_wechat=True)
    apple, google = _apple(*gcj), _google(*gcj)
    others = [apple, google] if _APPLE.search(agent) else [google, apple]
    if _HAS_GEO.search(agent):
        others = [_geo(named, *wgs), google]
    doors = (_amap(named, *gcj, calls="1"), _baidu(named, *gcj), tencent)
    return Handover(doors, tuple(others), positions, is_wechat=False)


def _said(lon: float, lat: float, datum: Datum) -> tuple[str, str]:
    """Return lon and lat in a datum, to 0.1 m."""
    x, y = from_wgs84([lon], [lat], datum)
    return f"{x[0]:.6f}", f"{y[0]:.6f}"


def _amap(name: str, lon: str, lat: str, *, calls: str) -> Door:
    rest = {"coordinate": "gaode", "callnative": calls, "src": _SOURCE}
    walk, ride = (
        _address("https://uri.amap.com/navigation", to=f"{lon},{lat},{name}", mode=mode, **rest)
        for mode in ("walk", "ride")
    )
    return Door("amap", gettext("高德地图"), walk, ride)


def _baidu(name: str, lon: str, lat: str) -> Door:
    address = _address(
        "https://api.map.baidu.com/marker",
        location=f"{lat},{lon}",
        title=name,
        content=name,
        coord_type="gcj02",
        output="html",
        src=f"webapp.{_SOURCE}.{_SOURCE}",
    )
    return Door("baidu", gettext("百度地图"), address, address)


def _tencent(name: str, lon: str, lat: str) -> Door:
    rest = {"to": name, "tocoord": f"{lat},{lon}", "referer": _SOURCE}
    walk, ride = (
        _address("https://apis.map.qq.com/uri/v1/routeplan", type=mode, **rest)
        for mode in ("walk", "bike")
    )
    return Door("tencent", gettext("腾讯地图"), walk, ride)


def _apple(lon: str, lat: str) -> Door:
    walk = _address("https://maps.apple.com/", daddr=f"{lat},{lon}", dirflg="w")
    ride = _address("https://maps.apple.com/", daddr=f"{lat},{lon}")
    return Door("apple", gettext("苹果地图"), walk, ride)


def _google(lon: str, lat: str) -> Door:
    walk, ride = (
        _address(
            "https://www.google.com/maps/dir/",
            api="1",
            destination=f"{lat},{lon}",
            travelmode=mode,
        )
        for mode in ("walking", "bicycling")
    )
    return Door("google", gettext("谷歌地图"), walk, ride)


def _geo(name: str, lon: str, lat: str) -> Door:
    address = f"geo:{lat},{lon}?q={lat},{lon}({quote(name, safe='')})"
    return Door("geo", gettext("手机上的其他地图"), address, address)


def _address(page: str, **query: str) -> str:
    return f"{page}?{urlencode(query, quote_via=quote, safe=',')}"
