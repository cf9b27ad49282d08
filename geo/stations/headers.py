"""What the head of a column says: which field, and of a position, in which datum.

The synonyms are package data (``headers.json``). A head is compared without what people put around
it: width, case, spaces, ``*``, 必填, and brackets (``面积（㎡）``, ``联系电话(必填)``).
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from geo.coords import DATUMS, require_datum
from geo.stations.schema import FIELD_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.coords import Datum

POSITION: Final = "position"  # both degrees in one cell: no field, but a column of many tables

_BRACKETS: Final = re.compile(r"[(\[{【<「].*?[)\]}】>」]")
_DRESS: Final = re.compile(r"[\s*#:·•.、/\\|※_-]+|必填|选填")
_MARKS: Final = (  # the most telling first: "百度" before "bd"
    ("wgs84", ("wgs84", "wgs-84", "wgs_84", "wgs", "gps", "cgcs2000", "国家2000", "大地2000")),
    ("gcj02", ("gcj02", "gcj-02", "gcj_02", "gcj", "火星", "国测局", "高德", "腾讯", "amap")),
    ("bd09", ("bd09", "bd-09", "bd_09", "bd09ll", "百度", "baidu")),
)  # fmt: skip
_SHORT_MARKS: Final = re.compile(r"(?:^|[^a-z])(bd)(?:[^a-z]|$)|(?:^|[^0-9])(84)(?:[^0-9]|$)")


class Pair(NamedTuple):
    """Two columns that hold a position, or one that holds both its degrees."""

    lon: str
    lat: str  # the same column where one cell holds both
    datum: Datum | None  # that the heads say

    @property
    def is_joint(self) -> bool:
        """Whether one cell holds both degrees."""
        return self.lon == self.lat


def fold_header(text: str) -> str:
    """Return a head as it is compared.

    Examples
    --------
    >>> fold_header(" 驿站 名称* "), fold_header("面积（㎡）"), fold_header("Station_ID")
    ('驿站名称', '面积', 'stationid')
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _DRESS.sub("", _BRACKETS.sub("", plain)) or _DRESS.sub("", plain)


def said_datum(text: str) -> Datum | None:
    """Return the datum that a head or name says (``高德经度``, ``lng_bd09``); None if none or two.

    Examples
    --------
    >>> said_datum("经度（高德）"), said_datum("GPS纬度"), said_datum("lng")
    ('gcj02', 'wgs84', None)
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    said = {datum for datum, marks in _MARKS if any(mark in plain for mark in marks)}
    if not said and (short := _SHORT_MARKS.search(plain)):
        said = {"bd09" if short[1] else "wgs84"}
    return require_datum(said.pop()) if len(said) == 1 else None


def fields_of(header: Sequence[str]) -> dict[str, str]:
    """Return the column of each field, by the heads alone, without positions.

    Of several columns for one field the one with the earlier synonym counts, then the first.
    """
    found: dict[str, str] = {}
    folded = _first_by_fold(header)
    for field, names in _synonyms().items():
        if field in ("lon", "lat", POSITION):
            continue
        column = next((folded[name] for name in names if name in folded), None)
        if column is not None and column not in found.values():
            found[field] = column
    return found


def position_pairs(header: Sequence[str]) -> list[Pair]:
    """Return the columns that hold positions, joint ones last.

    Those whose heads say a datum come, in the order of ``DATUMS``, after those that say none.
    """
    pairs = [
        Pair(lon, lat, datum)
        for datum in (None, *map(require_datum, DATUMS))
        if (lon := find_axis(header, "lon", datum)) and (lat := find_axis(header, "lat", datum))
    ]
    joint = [
        Pair(column, column, said_datum(column))
        for column in header
        if column and _bare(column) in _synonyms()[POSITION]
    ]
    return pairs + joint


def find_axis(header: Sequence[str], axis: str, datum: str | None = None) -> str:
    """Return the column of ``lon`` or ``lat`` whose head says a datum, or none; "" without one."""
    some = {
        _bare(column): column
        for column in reversed(header)
        if column and said_datum(column) == datum
    }
    return next((some[name] for name in _synonyms()[axis] if name in some), "")


def name_of_headers(header: Iterable[str]) -> str:
    """Return a name for tables that have the same heads, whatever their order or dress."""
    text = "\n".join(sorted(fold_header(name) for name in header if name))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def count_known(header: Sequence[str]) -> int:
    """Return how much the heads tell, for knowing a header from a title.

    One for each field, three for a position in two columns, two for one in a single column.
    """
    pairs = position_pairs(header)
    position = (2 if all(pair.is_joint for pair in pairs) else 3) if pairs else 0
    return len(fields_of(header)) + position


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    """Return the folded synonyms of each field, its own name first."""
    text = files("geo.stations").joinpath("headers.json").read_text(encoding="utf-8")
    listed = json.loads(text)
    own = {name: listed.get(name, []) for name in (*FIELD_NAMES, POSITION)}
    return {
        name: tuple(dict.fromkeys(fold_header(word) for word in (name, *words)))
        for name, words in own.items()
    }


def _first_by_fold(header: Sequence[str]) -> dict[str, str]:
    folded: dict[str, str] = {}
    for column in header:
        if column:
            folded.setdefault(fold_header(column), column)
    exact = {fold_header(column): column for column in header if column in FIELD_NAMES}
    return folded | exact  # of Name and name, the exact one


def _bare(column: str) -> str:
    """Return a head without what it says of the datum."""
    plain = unicodedata.normalize("NFKC", column).casefold()
    for _, marks in _MARKS:
        for mark in sorted(marks, key=len, reverse=True):
            plain = plain.replace(mark, " ")
    plain = re.sub(r"(?<![a-z])bd(?![a-z])|(?<![0-9])84(?![0-9])|地图|坐标系", " ", plain)
    return fold_header(plain) or fold_header(column)
