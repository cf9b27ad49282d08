"""Links of Apple, Google and OpenStreetMap, and ``geo:`` addresses.

Sources
-------
Apple: developer.apple.com, "Map Links" (``ll``, ``q``, ``daddr``: lat,lon) and "Adopting unified
Maps URLs" (``coordinate``, ``destination``, ``center``). Google: developers.google.com, "Maps
URLs" (``query``, ``destination``, ``center``: lat,lon); its own page holds ``@lat,lon,zoom`` and,
of a chosen place, ``!3dlat!4dlon``. In mainland China both draw maps of Chinese makers, in GCJ-02;
neither says so. OpenStreetMap: wiki.openstreetmap.org, "Browsing" and "Shortlink".
``geo:``: RFC 5870, WGS-84.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geo.coords import in_china_box
from geo.errors import UnreadPositionError
from geo.pasted.degrees import read_degrees
from geo.pasted.link import Found, two_numbers

if TYPE_CHECKING:
    from geo.pasted.link import Link

_GOOGLE_PLACE: Final = re.compile(r"!3d(-?\d+(?:\.\d+)?)!4d(-?\d+(?:\.\d+)?)")
_GOOGLE_VIEW: Final = re.compile(r"/@(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")
_GOOGLE_SPOT: Final = re.compile(r"/maps/(?:place|search)/([^/]+)")
_OSM_VIEW: Final = re.compile(r"map=\d+(?:\.\d+)?/(-?\d+(?:\.\d+)?)/(-?\d+(?:\.\d+)?)")
_OSM_SHORT: Final = re.compile(r"/go/([A-Za-z0-9_~@]+)[-=]*")
_OSM_SIGNS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~"
_OSM_MOST: Final = 10  # signs; 32 bits for each axis


def read_apple(link: Link) -> Found | None:
    """Return the position of a link of Apple's map, None without one."""
    if place := link.pair("coordinate", "ll", "destination", "daddr", "q"):
        return _drawn_in_china(*place)
    place = link.pair("center", "sll", "near")
    return _drawn_in_china(*place, is_middle=True) if place else None


def read_google(link: Link) -> Found | None:
    """Return the position of a link of Google's map, None without one."""
    whole = f"{link.path} {link.query.get('data', '')}"
    if places := _GOOGLE_PLACE.findall(whole):
        lat, lon = places[-1]  # before it may stand those passed on the way
        return _drawn_in_china(float(lat), float(lon))
    names = ("query", "q", "destination", "daddr", "ll")
    if place := link.pair(*names) or _spot(link.path):
        return _drawn_in_china(*place)
    view = _GOOGLE_VIEW.search(link.path)
    place = (float(view[1]), float(view[2])) if view else link.pair("center", "viewpoint")
    return _drawn_in_china(*place, is_middle=True) if place else None


def _spot(path: str) -> tuple[float, float] | None:
    """Return latitude and longitude of ``/maps/place/39°54'15"N 116°24'14"E/``."""
    found = _GOOGLE_SPOT.search(path)
    if not found:
        return None
    try:
        lon, lat, _ = read_degrees(found[1].replace("+", " "))
    except UnreadPositionError:  # a name
        return None
    return lat, lon


def _drawn_in_china(lat: float, lon: float, *, is_middle: bool = False) -> Found:
    """Return a position of a map that is GCJ-02 in China, WGS-84 elsewhere, and says neither."""
    if in_china_box([lon], [lat])[0]:
        return Found(lon, lat, "gcj02", is_sure=False, is_middle=is_middle)
    return Found(lon, lat, "wgs84", is_middle=is_middle)


def read_osm(link: Link) -> Found | None:
    """Return the position of a link of OpenStreetMap, None without one."""
    if place := link.both("mlon", "mlat") or link.both("lon", "lat"):
        return Found(*place, "wgs84", is_middle="mlon" not in link.query)
    if view := _OSM_VIEW.search(f"{link.fragment} map={link.query.get('map', '')}"):
        return Found(float(view[2]), float(view[1]), "wgs84", is_middle=True)
    code = _OSM_SHORT.match(link.path)
    if not code or len(code[1]) > _OSM_MOST:
        return None
    return Found(*_unfold(code[1].replace("@", "~")), "wgs84", is_middle="m" not in link.query)


def _unfold(code: str) -> tuple[float, float]:
    """Return longitude and latitude of a shortlink's code: both axes' bits in turn, six a sign."""
    x = y = 0
    for sign in code:
        six = _OSM_SIGNS.index(sign)
        for place in (4, 2, 0):
            x = x << 1 | six >> place + 1 & 1
            y = y << 1 | six >> place & 1
    cells = 1 << 3 * len(code)
    return x * 360.0 / cells - 180.0, y * 180.0 / cells - 90.0


def read_geo(link: Link) -> Found | None:
    """Return the position of a ``geo:`` address; one that only asks has it in ``q``."""
    crs = re.search(r";crs=([^;?]+)", link.path, re.IGNORECASE)
    if crs and crs[1].casefold() != "wgs84":
        return None
    place = two_numbers(link.query.get("q", "")) or two_numbers(link.path)
    return Found(place[1], place[0], "wgs84") if place else None
