"""Every pair of stations looked at one by one: what `geo.stations.duplicates` must find.

Written from the definition, with other means: plain loops, difflib's kin of the longest common
subsequence by recursion, PROJ's geodesics one at a time. Only the cutting of names is shared; it
has a table of its own.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import TYPE_CHECKING

from pyproj import Geod

from geo.coords import from_wgs84, gcj02_to_bd09, in_china_box
from geo.search.spelling import spell
from geo.stations.proper import proper_addresses, proper_names

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import Series

Found = tuple[float, set[str], str]  # score, reasons, datum
GEOD = Geod(ellps="WGS84")
TELLING = set("一二三四五六七八九十东西南北中上下左右前后内外新旧老大小甲乙丙丁男女abcdefgh")


def slow_pairs(
    new: GeoDataFrame, existing: GeoDataFrame, *, phones: Series[str]
) -> dict[tuple[str, str], Found]:
    """Return by codes the pairs to ask about."""
    known = [_phones(cell) for cell in phones]
    found = {}
    for one in new.to_dict("records"):
        for other in existing.to_dict("records"):
            if one["code"] != other["code"] and (said := _judge(one, other, known)):
                found[one["code"], other["code"]] = said
    return found


def _judge(one: dict, other: dict, known: list[set[str]]) -> Found | None:  # type: ignore[type-arg]
    metres = GEOD.inv(one["lon"], one["lat"], other["lon"], other["lat"])[2]
    (name, mine, theirs), (address, *places) = (
        _alike(one, other, "name"),
        _alike(one, other, "address"),
    )
    bare = not mine[0] and not theirs[0]
    phone = any(
        sum(number in numbers for numbers in known) <= 3
        for number in _phones(one["phone_public"]) & _phones(other["phone_public"])
    )
    by_name = 0.5 if bare else 0.9 * max(0.0, 2 * name - 1)
    if all(number for _, number in places) and address < 0.75:
        by_name *= 0.65
    by_address = 0.75 * max(0.0, 2 * address - 1)
    if mine[0] and theirs[0] and name < 0.5:
        by_address *= 0.7
    score = 1 - (1 - by_name) * (1 - by_address) * (1 - 0.6 * phone)
    off_m, datum = _shift(one, other)
    twin = off_m <= 15 and (name >= 0.7 or phone or (bare and off_m <= 5))
    if twin:
        score = max(score, 0.5)
    elif metres > 300:
        return None
    else:
        score *= 1 - 0.4 * min(max((metres - 30) / 270, 0), 1)
    if score < 0.5:
        return None
    reasons = {
        "same_name": name >= 0.9, "similar_name": 0.75 <= name < 0.9, "no_own_name": bare,
        "same_address": address >= 0.9, "similar_address": 0.75 <= address < 0.9,
        "same_phone": phone, "same_place": metres <= 30, "twin": twin,
    }  # fmt: skip
    return score, {reason for reason, held in reasons.items() if held}, datum if twin else ""


def _alike(one: dict, other: dict, field: str) -> tuple[float, tuple[str, str], tuple[str, str]]:  # type: ignore[type-arg]
    (a, m), (b, n) = (
        _cut(field, station[field], station["district"], station["subdistrict"])
        for station in (one, other)
    )
    if not a or not b:
        return 0.0, (a, m), (b, n)
    alike = max(2 * _common(tuple(a), tuple(b)), 0.95 * 2 * _common(_heard(a), _heard(b)))
    alike /= len(a) + len(b)
    if min(len(a), len(b)) >= 3 and (a in b or b in a):
        alike = max(alike, 0.85)
    signs = [sorted(sign for sign in text if sign in TELLING) for text in (a, b)]
    if (_more(*signs) and _more(*reversed(signs))) or (m and n and m != n):
        alike /= 2
    return alike, (a, m), (b, n)


@cache
def _cut(field: str, text: str, *areas: str) -> tuple[str, str]:
    proper = proper_names if field == "name" else proper_addresses
    words, numbers = proper([text], [areas])
    return words[0], numbers[0]


@cache
def _heard(text: str) -> tuple[str, ...]:
    return tuple(spell(sign).split("/")[0] or sign for sign in text)


def _more(some: list[str], others: list[str]) -> bool:
    return any(some.count(sign) > others.count(sign) for sign in some)


@cache
def _common(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    if not a or not b:
        return 0
    if a[0] == b[0]:
        return 1 + _common(a[1:], b[1:])
    return max(_common(a[1:], b), _common(a, b[1:]))


def _shift(one: dict, other: dict) -> tuple[float, str]:  # type: ignore[type-arg]
    """Return the least distance from a shift's end, and its datum."""
    best = (math.inf, "")
    for a, b in ((one, other), (other, one)):
        place = [a["lon"]], [a["lat"]]
        if not in_china_box(*place)[0]:
            continue
        for datum, image in (
            ("gcj02", from_wgs84(*place, "gcj02")),
            ("bd09", from_wgs84(*place, "bd09")),
            ("bd09", gcj02_to_bd09(*place)),
        ):
            off_m = GEOD.inv(image[0][0], image[1][0], b["lon"], b["lat"])[2]
            best = min(best, (off_m, datum))
    return best


def _phones(cell: str) -> set[str]:
    """Return the numbers in a cell as the test layer writes them."""
    return {re.sub("^010-?", "", number) for number in re.findall("[0-9-]{7,}", cell)}
