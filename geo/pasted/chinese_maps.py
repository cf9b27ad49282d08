"""Links of Amap, Baidu and Tencent: GCJ-02 or BD-09 unless they say otherwise.

Sources
-------
Amap: lbs.amap.com, "URI API" (web: ``position``, ``to`` and ``center`` are lon,lat, ``coordinate``
gaode or wgs84; apps: ``lat``, ``lon``, ``dev`` 0 = GCJ-02, 1 = WGS-84); its shared pages, on
wb.amap.com, hold ``q=lat,lon,name``, ``p=id,lat,lon,name,address`` or ``r=`` from and to.
Baidu: lbsyun.baidu.com, "地图调起 API" (``location=lat,lng``, ``coord_type`` bd09ll, which is the
default, bd09mc, gcj02, wgs84); its web page holds ``/@x,y,zoom`` in metres.
Tencent: lbs.qq.com, "地图调起 URI API" (``coord:lat,lng``, ``coord_type`` 1 = GPS, 2 = its own).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pyproj import Transformer

from geo.pasted.link import Found, two_numbers

if TYPE_CHECKING:
    from geo.coords import Datum
    from geo.pasted.link import Link

_BAIDU_VIEW: Final = re.compile(r"/@(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")
_BAIDU_TYPES: Final[dict[str, Datum]] = {
    "bd09ll": "bd09", "bd09": "bd09", "bd09mc": "bd09", "gcj02": "gcj02", "wgs84": "wgs84",
}  # fmt: skip
_DEGREES: Final = 180.0  # beyond, a number is metres
# Baidu's metres are those of a Mercator projection of BD-09 on the ellipsoid of Clarke 1866 (its
# own scripts hold polynomials for it; they agree to 0.2 m where China is)
_BAIDU_METRES: Final = Transformer.from_crs(
    "+proj=merc +ellps=clrk66 +units=m +no_defs +type=crs",
    "+proj=longlat +ellps=clrk66 +no_defs +type=crs",
    always_xy=True,
)


def read_amap(link: Link) -> Found | None:
    """Return the position of a link of Amap, None without one."""
    datum: Datum = "wgs84" if _is_amap_gps(link) else "gcj02"
    for names in (("lon", "lat"), ("lng", "lat"), ("dlon", "dlat")):
        if place := link.both(*names):
            return Found(*place, datum)
    if place := link.pair("position", "to", "dest", "daddr"):
        return Found(*place, datum)
    for name, first in (("q", 0), ("p", 1), ("r", 3)):
        parts = link.query.get(name, "").split(",")
        if place := two_numbers(",".join(parts[first : first + 2])):
            return Found(place[1], place[0], datum)
    place = link.pair("center")
    return Found(*place, datum, is_middle=True) if place else None


def _is_amap_gps(link: Link) -> bool:
    return link.query.get("coordinate", "").casefold() == "wgs84" or link.query.get("dev") == "1"


def read_baidu(link: Link) -> Found | None:
    """Return the position of a link of Baidu, None without one."""
    kind = link.query.get("coord_type", "bd09ll").casefold()
    datum = _BAIDU_TYPES.get(kind, "bd09")
    if place := link.pair("location", "latlng", "destination"):
        lat, lon = place
        if kind == "bd09mc":
            return _of_metres(lat, lon, is_middle=False)
        return Found(lon, lat, datum)
    if view := _BAIDU_VIEW.search(link.path):
        return _of_metres(float(view[1]), float(view[2]), is_middle=True)
    place = link.pair("c") or link.both("x", "y")
    return _of_metres(*place, is_middle=True) if place else None


def _of_metres(one: float, other: float, *, is_middle: bool) -> Found:
    """Return the position of Baidu's metres; programs write degrees there as well.

    In China x is over 8,000 km and y under 7,500 km, so the order does not matter.
    """
    x, y = max(one, other), min(one, other)
    if x <= _DEGREES:
        return Found(x, y, "bd09", is_middle=is_middle)
    lon, lat = _BAIDU_METRES.transform(x, y)
    return Found(float(lon), float(lat), "bd09", is_middle=is_middle)


def read_tencent(link: Link) -> Found | None:
    """Return the position of a link of Tencent, None without one."""
    datum: Datum = "wgs84" if link.query.get("coord_type") == "1" else "gcj02"
    for names in (("pointx", "pointy"), ("epointx", "epointy")):
        if place := link.both(*names):
            return Found(*place, datum)
    if place := link.pair("marker", "coord", "tocoord"):
        return Found(place[1], place[0], datum)
    place = link.pair("center")
    return Found(place[1], place[0], datum, is_middle=True) if place else None
