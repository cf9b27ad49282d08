"""Which map a link belongs to, and the position that it holds.

A short link holds none: only its owner's server knows where it leads, and that is not asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from geo.errors import UnreadPositionError
from geo.pasted.chinese_maps import read_amap, read_baidu, read_tencent
from geo.pasted.link import Found, Link
from geo.pasted.world_maps import read_apple, read_geo, read_google, read_osm

if TYPE_CHECKING:
    from collections.abc import Callable


class _Map(NamedTuple):
    name: str
    hosts: re.Pattern[str]  # the whole host
    schemes: tuple[str, ...]  # of its app
    read: Callable[[Link], Found | None]


_MAPS: Final = (
    _Map(
        "amap",
        re.compile(r"(?:[a-z0-9-]+\.)*(?:amap|gaode|autonavi)\.com"),
        ("androidamap", "iosamap", "amapuri"),
        read_amap,
    ),
    _Map(
        "baidu",
        re.compile(r"(?:[a-z0-9-]+\.)*maps?\.baidu\.com"),
        ("baidumap", "bdapp"),
        read_baidu,
    ),
    _Map(
        "tencent",
        re.compile(r"(?:[a-z0-9-]+\.)*map\.qq\.com|3gimg\.qq\.com"),
        ("qqmap",),
        read_tencent,
    ),
    _Map("apple", re.compile(r"(?:maps|collections)\.apple\.com"), ("maps",), read_apple),
    _Map(
        "google",
        re.compile(r"(?:(?:www|maps|ditu)\.)?google(?:\.[a-z]{2,3}){1,2}"),
        ("comgooglemaps", "google.navigation"),
        read_google,
    ),
    _Map("osm", re.compile(r"(?:www\.)?(?:openstreetmap|osm)\.org"), (), read_osm),
    _Map("geo", re.compile(r"(?!)"), ("geo",), read_geo),
)
_SHORT: Final = {
    "surl.amap.com": "amap",
    "j.map.baidu.com": "baidu",
    "dwz.cn": "baidu",
    "surl.map.qq.com": "tencent",
    "url.cn": "tencent",
    "w.url.cn": "tencent",
    "maps.apple": "apple",
    "maps.app.goo.gl": "google",
    "goo.gl": "google",
    "g.co": "google",
    "t.cn": "",
}
_SCHEMES: Final = "|".join(
    re.escape(scheme)
    for scheme in ("https", "http", *(one for each in _MAPS for one in each.schemes))
)
_ADDRESS: Final = re.compile(rf"(?<![a-z.])(?:{_SCHEMES}):(?:[^\s\"'<>]|'(?=\d))+", re.IGNORECASE)
_NO_SCHEME: Final = re.compile(
    r"(?<![\w.@-])(?:[a-z0-9-]+\.)+(?:com|cn|org|gl|co|apple)/[^\s\"<>]*", re.IGNORECASE
)


def read_link(text: str) -> Found | None:
    """Return the position of the first link in a text; None if the text holds no link.

    Raises
    ------
    UnreadPositionError
        A link holds no position that can be read.
    """
    addresses = _ADDRESS.findall(text) or [f"https://{rest}" for rest in _NO_SCHEME.findall(text)]
    failed: UnreadPositionError | None = None
    for address in addresses:
        try:
            return _read(address)
        except UnreadPositionError as error:
            failed = failed or error
    if failed:
        raise failed
    return None


def _read(address: str) -> Found:
    """Return the position of one link.

    Raises
    ------
    UnreadPositionError
        It holds none, is short, or nobody knows it.
    """
    try:
        link = Link.of(address)
    except ValueError:
        msg = f"{address} is not a link"
        raise UnreadPositionError(msg, "unknown_link") from None
    if link.host in _SHORT:
        source = _SHORT[link.host]
        msg = f"{address} is a short link: only the server of {link.host} knows where it leads"
        raise UnreadPositionError(msg, "short_link", source)
    known = next((one for one in _MAPS if _belongs(link, one)), None)
    if known is None:
        msg = f"{address} is of no map that is known here"
        raise UnreadPositionError(msg, "unknown_link")
    found = known.read(link)
    if found is None:
        msg = f"{address} holds no position"
        raise UnreadPositionError(msg, "no_position", known.name)
    return found._replace(source=known.name)


def _belongs(link: Link, known: _Map) -> bool:
    if link.host:
        return bool(known.hosts.fullmatch(link.host))
    return link.scheme in known.schemes
