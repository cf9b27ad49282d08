"""Degrees as people write them: decimals, minutes and seconds, either order, Chinese marks."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from geo.coords import in_china_box
from geo.errors import UnreadPositionError

if TYPE_CHECKING:
    from geo.coords import Datum

_MARKS: Final = str.maketrans(
    dict.fromkeys("°º˚度", "°")
    | dict.fromkeys("′'’‘ʹ´`分", "'")  # noqa: RUF001 - what keyboards and maps write
    | dict.fromkeys('″"”“秒', '"')
)
_TWO_MINUTES: Final = re.compile("''")
_NAMED: Final[tuple[tuple[re.Pattern[str], Datum], ...]] = (  # words that say a datum
    (re.compile(r"高德|腾讯|gcj|火星坐标", re.IGNORECASE), "gcj02"),
    (re.compile(r"百度|bd-?09", re.IGNORECASE), "bd09"),
    (re.compile(r"wgs|gps|天地图|cgcs|北斗", re.IGNORECASE), "wgs84"),
)
_DATUM_NAME: Final = re.compile(r"(?:gcj|wgs|bd|cgcs)[-_ ]?\d+", re.IGNORECASE)
_LON: Final = ("东经", "西经", "经", "longitude", "lng", "lon", "long", "x", "e", "w")
_LAT: Final = ("北纬", "南纬", "纬", "latitude", "lat", "y", "n", "s")
_NEGATIVE: Final = ("西经", "南纬", "w", "s")
_WORDS: Final = "|".join(sorted((*_LON, *_LAT), key=len, reverse=True))
_HEAD: Final = rf"(?P<head>(?<![a-z])(?:{_WORDS})(?![a-z]))?[\s:=]*"
_TAIL: Final = r"(?:\s*(?P<tail>[nsew])(?![a-z]))?"
_ANGLE: Final = (  # whole degrees may have minutes, and these seconds; the last marks may lack
    r"(?P<sign>[-+])?(?P<deg>\d{1,3}(?![\d.])|\d{1,3}\.\d+)(?:\s*°)?"
    r"(?:(?<=\d°)\s*(?P<min>\d{1,2}(?:\.\d+)?)(?![\d.]|\s*°)"
    r"(?:\s*'\s*(?:(?P<sec>\d{1,2}(?:\.\d+)?)(?![\d.]|\s*°)\s*\"?)?)?)?"
)
_HEADED: Final = re.compile(rf"{_HEAD}(?<![\d.]){_ANGLE}(?![\d.])")
_TAILED: Final = re.compile(rf"(?<![\d.]){_ANGLE}(?![\d.]){_TAIL}")
_BARE: Final = re.compile(r"[\d.,;:/\s|-]+")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_SIXTY: Final = 60.0
_RIGHT_ANGLE: Final = 90.0  # a latitude is never more
_FINE: Final = 3  # decimals from which a number is a position rather than that of a house


class _Angle(NamedTuple):
    degrees: float
    axis: str  # lon, lat; "" where nothing says
    is_fine: bool  # has marks, a word or many decimals


def read_degrees(text: str) -> tuple[float, float, Datum | None]:
    """Return longitude and latitude in degrees, and the datum that the text names, if it does.

    Raises
    ------
    UnreadPositionError
        As `geo.pasted.read_pasted` lists.
    """
    datum = _named_datum(text)
    plain = _DATUM_NAME.sub(" ", _normal(text))
    one, other = _two(_angles(plain))
    lon, lat = _in_order(one, other)
    return lon, lat, datum


def _normal(text: str) -> str:
    """Return a text with one sign for each meaning, in lower case."""
    text = text.replace("经度", "经").replace("纬度", "纬")  # 度 is the mark of degrees as well
    folded = unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS).casefold()
    folded = folded.replace("−", "-").replace("–", "-").replace("、", ",").replace("。", ".")  # noqa: RUF001 - what people type
    return _TWO_MINUTES.sub('"', folded)


def _named_datum(text: str) -> Datum | None:
    said = {datum for pattern, datum in _NAMED if pattern.search(text)}
    return said.pop() if len(said) == 1 else None


def _angles(plain: str) -> list[_Angle]:
    """Return all angles of a text, by words before them or letters after them."""
    if (grouped := _unmarked(plain)) is not None:
        return grouped
    heads = [match for match in _HEADED.finditer(plain) if match["head"]]
    pattern = _HEADED if heads and heads[0].start() <= _first_digit(plain) else _TAILED
    return [_angle(match, pattern) for match in pattern.finditer(plain)]


def _unmarked(plain: str) -> list[_Angle] | None:
    """Return the angles of ``39 54 15, 116 24 14``: numbers alone, four or six of them."""
    texts = _NUMBER.findall(plain)
    each = len(texts) // 2
    if each not in {2, 3} or len(texts) % 2 or not _BARE.fullmatch(plain) or "-" in plain:
        return None
    if any("." in text for place, text in enumerate(texts) if (place + 1) % each):
        return None  # only the last part of an angle may be a fraction
    numbers = [float(text) for text in texts]
    return [
        _Angle(_sum(*numbers[at : at + each]), "", is_fine=True) for at in range(0, 2 * each, each)
    ]


def _first_digit(plain: str) -> int:
    found = re.search(r"\d", plain)
    return found.start() if found else 0


def _angle(match: re.Match[str], pattern: re.Pattern[str]) -> _Angle:
    word = match["head" if pattern is _HEADED else "tail"] or ""
    value = _sum(*(float(match[part] or 0) for part in ("deg", "min", "sec")))
    is_negative = match["sign"] == "-" or word in _NEGATIVE
    axis = "lon" if word in _LON else "lat" if word in _LAT else ""
    decimals = len(match["deg"].partition(".")[2])
    is_fine = bool(axis) or "°" in match[0] or decimals >= _FINE
    return _Angle(-value if is_negative else value, axis, is_fine)


def _sum(degrees: float, minutes: float = 0.0, seconds: float = 0.0) -> float:
    """Return decimal degrees.

    Raises
    ------
    UnreadPositionError
        Minutes or seconds are 60 or more.
    """
    if minutes >= _SIXTY or seconds >= _SIXTY:
        msg = f"{degrees:g}° {minutes:g}' {seconds:g}\": minutes and seconds end at 59"
        raise UnreadPositionError(msg, "off_earth")
    return degrees + minutes / _SIXTY + seconds / _SIXTY**2


def _two(angles: list[_Angle]) -> tuple[_Angle, _Angle]:
    """Return the two angles of a position.

    Raises
    ------
    UnreadPositionError
        There are fewer, or more.
    """
    if len(angles) > 2:  # noqa: PLR2004 - a position has two
        angles = [angle for angle in angles if angle.is_fine]
    if len(angles) == 2:  # noqa: PLR2004 - as above
        return angles[0], angles[1]
    if len(angles) > 2:  # noqa: PLR2004 - as above
        msg = f"{len(angles)} numbers; give one longitude and one latitude"
        raise UnreadPositionError(msg, "several")
    msg = "no longitude and latitude were found; write them as 116.4074, 39.9042"
    raise UnreadPositionError(msg, "unreadable")


def _in_order(one: _Angle, other: _Angle) -> tuple[float, float]:
    """Return longitude and latitude: by their words, their size, or where China is.

    Raises
    ------
    UnreadPositionError
        Nothing tells which is which.
    """
    if (one.axis or "?") == other.axis:
        msg = f"both numbers are said to be {one.axis}"
        raise UnreadPositionError(msg, "order")
    if one.axis or other.axis:
        is_lon_first = one.axis == "lon" or other.axis == "lat"
    elif abs(one.degrees) > _RIGHT_ANGLE or abs(other.degrees) > _RIGHT_ANGLE:
        is_lon_first = abs(one.degrees) > _RIGHT_ANGLE
    else:
        fits = in_china_box([one.degrees, other.degrees], [other.degrees, one.degrees])
        if fits[0] == fits[1]:
            msg = f"which of {one.degrees:g} and {other.degrees:g} is the longitude?"
            raise UnreadPositionError(msg, "order")
        is_lon_first = bool(fits[0])
    first, second = one.degrees, other.degrees
    return (first, second) if is_lon_first else (second, first)
