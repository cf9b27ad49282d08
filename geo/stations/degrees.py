"""Positions as people type them: degrees, minutes and seconds, both degrees in one cell, marks.

``116°24'30"E``, ``东经116度24分30秒``, ``N39 54 20.5``, ``116.41,39.90``. What stands as a plain
number is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from geo.coords import MAX_LAT, MAX_LON
from geo.stations.cells import format_number

_NUMBER: Final = r"\d+(?:\.\d+)?"
_AXES: Final = {"E": "lon", "W": "lon", "N": "lat", "S": "lat"}
_NAMES: Final = (
    *(("东经", "E"), ("西经", "W"), ("北纬", "N"), ("南纬", "S"), ("经度", "E"), ("纬度", "N")),
    *(("东", "E"), ("西", "W"), ("北", "N"), ("南", "S")),
)  # fmt: skip
_DEGREES: Final = "°度º˚"
_MINUTES: Final = "\u2032'分\u2019\u2018`"  # prime, quotes
_SECONDS: Final = '\u2033"秒\u201d\u201c'
_ANGLE: Final = re.compile(
    rf"(?P<before>[EWNS])?:?\s*(?P<sign>[+-])?(?P<d>{_NUMBER})\s*(?:[{_DEGREES}]\s*"
    rf"(?:(?P<m>{_NUMBER})\s*[{_MINUTES}]\s*(?:(?P<s>{_NUMBER})\s*(?:[{_SECONDS}]|''|\u2032\u2032))?)?)?"
    r"\s*(?P<after>[EWNS])?"
)
_SPACED: Final = re.compile(
    rf"(?P<before>[EWNS])?\s*(?P<sign>[+-])?(?P<d>\d{{1,3}})\s+(?P<m>\d{{1,2}})(?:\s+(?P<s>{_NUMBER}))?"
    r"\s*(?P<after>[EWNS])?"
)
_PLAIN: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_APART: Final = re.compile(
    r"\s*[,;，；、|/]\s*|(?<=[\d°度\u2032'分\u2033\"秒EWNS])\s+(?=[EWNS\d+-])"
)
_BASE: Final = 60.0


class Angle(NamedTuple):
    """Degrees, and the axis that the text says, "" if none."""

    degrees: float
    axis: str  # lon | lat | ""


def parse_angle(text: str) -> Angle | None:
    """Return what a text says in degrees; None if it is no angle.

    Minutes and seconds are below 60; W and S make degrees negative.

    Examples
    --------
    >>> parse_angle("北纬39度54分20.5秒")
    Angle(degrees=39.90569444444444, axis='lat')
    """
    plain = _unify(text)
    found = _ANGLE.fullmatch(plain) or _SPACED.fullmatch(plain)
    if found is None or (found["before"] and found["after"]):
        return None
    minutes, seconds = float(found["m"] or 0), float(found["s"] or 0)
    if minutes >= _BASE or seconds >= _BASE or ("." in found["d"] and found["m"]):
        return None
    side = found["before"] or found["after"] or ""
    degrees = float(found["d"]) + minutes / _BASE + seconds / _BASE**2
    is_negative = (found["sign"] == "-") != (side in {"W", "S"})
    return Angle(-degrees if is_negative else degrees, _AXES.get(side, ""))


def parse_position(text: str) -> tuple[float, float] | None:
    """Return longitude and latitude of a cell that holds both, in any order; None if unclear.

    The order follows what the text says, else what fits: latitudes end at 90 degrees, and of two
    that do the first is the longitude.

    Examples
    --------
    >>> parse_position("39.9，116.4"), parse_position("E116°24',N39°54'")
    ((116.4, 39.9), (116.4, 39.9))
    """
    parts = [part for part in _APART.split(_unify(text).strip("[]() ")) if part]
    angles = [parse_angle(part) for part in parts]
    if len(angles) != len(("lon", "lat")) or None in angles:
        return None
    first, second = (angle for angle in angles if angle is not None)
    if (first.axis or second.axis) and first.axis == second.axis:
        return None
    turned = first.axis == "lat" or second.axis == "lon"
    if not (first.axis or second.axis):
        turned = abs(first.degrees) <= MAX_LAT < abs(second.degrees) <= MAX_LON
    lon, lat = (second, first) if turned else (first, second)
    return lon.degrees, lat.degrees


def plain_position(lon: str, lat: str) -> tuple[str, str]:
    """Return both cells as plain numbers where they can be read, else as they stand.

    Cells that are the same text hold both degrees. Axes that the texts say are put right: a
    latitude in the place of the longitude changes places with it.
    """
    if _PLAIN.fullmatch(lon.strip()) and _PLAIN.fullmatch(lat.strip()):
        return lon, lat
    if lon == lat:
        both = parse_position(lon)
        return (format_number(both[0]), format_number(both[1])) if both else (lon, lat)
    x, y = parse_angle(lon), parse_angle(lat)
    if x is not None and y is not None and x.axis == "lat" and y.axis == "lon":
        x, y = y, x
    return (
        lon if x is None or x.axis == "lat" else format_number(x.degrees),
        lat if y is None or y.axis == "lon" else format_number(y.degrees),
    )


def _unify(text: str) -> str:
    """Return a text with Chinese words of sides as letters, in half width."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    for word, letter in _NAMES:
        plain = plain.replace(word, letter)
    return plain
