"""Which area a station says it lies in, and whether its position agrees.

A row names its area in its district, its subdistrict or its address. Development zones (高新区,
经开区, 航空港区) are no areas of the administrative division: a position in the district around one
contradicts nothing, so a zone's name is noted and the address asked instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.area_index import AreaIndex
from geo.coords import geodesic_m

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

NEAR_M: Final = (
    100.0  # drawn borders are no more exact: so near to its area a position is asked less
)
_ZONE: Final = re.compile(
    r"(?:开发区|新区|高新区|经开区|经济区|示范区|试验区|实验区|合作区|航空港区|港区|空港区|保税区|"
    r"度假区|风景区|名胜区|产业园区|工业园区|园区|管理区|集聚区|科学城|科技城|新城)$"
)
_ENDING: Final = re.compile(r"(?:自治县|自治旗|街道办事处|街道办|街道|地区|区|县|市|旗|镇|乡)$")
_LEVELS: Final = ("city", "district", "subdistrict")  # from the coarsest
_SHORTEST: Final = 3  # signs of an area's name looked for in an address
_STEM: Final = 2  # signs of a name without its ending


@dataclass(frozen=True, slots=True)
class Claim:
    """What one row says of its area; "" where it says nothing that is known."""

    area: str  # name of the finest known area that it names
    zone: str  # a development zone that it names


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A row whose position is not in the area it names."""

    row: int  # place in the arrays
    named: str
    lies_in: str  # finest area around the position, "" for none
    away_m: float  # geodesic metres to the area named


@dataclass(frozen=True, slots=True)
class Zoned:
    """A row that names a development zone, and the area its position lies in."""

    row: int
    zone: str
    lies_in: str


def is_zone(name: str) -> bool:
    """Return whether a name is one that development zones have; 浦东新区 and others have it too."""
    return bool(_ZONE.search(name))


def read_claims(rows: pd.DataFrame, areas: gpd.GeoDataFrame) -> list[Claim]:
    """Return what each row says of its area.

    Parameters
    ----------
    rows : DataFrame of str, n rows
        Columns district, subdistrict and address; absent ones are empty.
    areas : GeoDataFrame, m rows
        As ``Store.read_areas`` returns them: code, name, level, parent, geometry (EPSG:4326).

    Returns
    -------
    list of Claim, n
        Of several names the finest level counts; of one level, the column before the address.
        Names match as they stand, or as the one area that begins so (金水 = 金水区, 管城区 =
        管城回族区). A zone that is itself one of ``areas`` is an area.
    """
    book = _Book(areas)
    empty = [""] * len(rows)
    cells = [
        rows[name].tolist() if name in rows.columns else empty
        for name in ("district", "subdistrict", "address")
    ]
    return [book.claim(*row) for row in zip(*cells, strict=True)]


def inside_claims(
    claims: Sequence[Claim], areas: gpd.GeoDataFrame, lon: ArrayLike, lat: ArrayLike
) -> Flags:
    """Return whether each position (degrees, WGS-84) touches an area of the name claimed.

    Shape (n,); False where nothing is claimed or the position is not known.
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    inside = np.zeros(len(claims), dtype=np.bool_)
    of_name = _rows_by_name(claims)
    known = np.isfinite(x) & np.isfinite(y)
    for name, shape in zip(areas["name"], areas.geometry, strict=True):
        rows = of_name.get(str(name))
        if rows is not None:
            rows = rows[known[rows]]
            shapely.prepare(shape)
            inside[rows] |= shapely.intersects_xy(shape, x[rows], y[rows])
    return inside


def find_misplaced(
    claims: Sequence[Claim], areas: gpd.GeoDataFrame, lon: ArrayLike, lat: ArrayLike
) -> tuple[list[Misplaced], list[Zoned]]:
    """Return the rows that lie outside the area they name, and those that name a zone.

    Positions as in `inside_claims`; unknown ones are in neither list. Both are in row order; a row
    with a zone is in the second, and in the first only if an area it also names is another.
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    known = np.isfinite(x) & np.isfinite(y)
    claimed = np.array([bool(claim.area) for claim in claims], dtype=np.bool_)
    outside = np.flatnonzero(claimed & known & ~inside_claims(claims, areas, x, y))
    zoned = [n for n, claim in enumerate(claims) if claim.zone and known[n]]
    around = _lies_in(areas, x, y, sorted({*outside.tolist(), *zoned}))
    misplaced = [
        Misplaced(
            n, claims[n].area, around[n], _away_m(areas, claims[n].area, float(x[n]), float(y[n]))
        )
        for n in outside.tolist()
    ]
    return misplaced, [Zoned(n, claims[n].zone, around[n]) for n in zoned]


class _Book:
    """The names of areas, by what people write."""

    def __init__(self, areas: gpd.GeoDataFrame) -> None:
        self._level = {
            str(name): _LEVELS.index(level) if level in _LEVELS else 0
            for name, level in zip(areas["name"], areas["level"], strict=True)
        }
        self._stems: dict[str, set[str]] = {}
        for name in self._level:
            self._stems.setdefault(_stem(name), set()).add(name)
        self._in_address = sorted(
            (name for name in self._level if len(name) >= _SHORTEST), key=len, reverse=True
        )
        self._known: dict[str, str] = {}

    def claim(self, district: str, subdistrict: str, address: str) -> Claim:
        said = [cell.strip() for cell in (subdistrict, district)]
        found = [name for cell in said if (name := self._area(cell))]
        found += [name for name in self._in_address if name in address]
        area = max(found, key=lambda name: self._level[name], default="")  # of equals the first
        zone = next((cell for cell in said if cell and not self._area(cell) and is_zone(cell)), "")
        return Claim(area, zone)

    def _area(self, said: str) -> str:
        """Return the area that a cell names, "" if none or several could be meant."""
        if said not in self._known:
            self._known[said] = said if said in self._level else self._like(said)
        return self._known[said]

    def _like(self, said: str) -> str:
        """Return the one area of the same stem, else the one that names a people after it."""
        stem = _stem(said)
        if len(stem) < _STEM or is_zone(said):
            return ""
        like = self._stems.get(stem) or {
            name for name in self._level if name.startswith(stem) and "族" in name[len(stem) :]
        }
        return next(iter(like)) if len(like) == 1 else ""


def _stem(name: str) -> str:
    return _ENDING.sub("", name)


def _rows_by_name(claims: Sequence[Claim]) -> Mapping[str, NDArray[np.int64]]:
    rows: dict[str, list[int]] = {}
    for number, claim in enumerate(claims):
        if claim.area:
            rows.setdefault(claim.area, []).append(number)
    return {name: np.array(found, dtype=np.int64) for name, found in rows.items()}


def _lies_in(areas: gpd.GeoDataFrame, x: Floats, y: Floats, rows: list[int]) -> dict[int, str]:
    """Return the name of the finest area around each of some positions, "" for none."""
    around = dict.fromkeys(rows, "")
    for level in _LEVELS:
        some = areas[areas["level"] == level]
        if some.empty or not rows:
            continue
        names = some["name"].tolist()
        for row, place in zip(rows, AreaIndex(some).find(x[rows], y[rows]), strict=True):
            if place >= 0:
                around[row] = str(names[place])
    return around


def _away_m(areas: gpd.GeoDataFrame, name: str, lon: float, lat: float) -> float:
    """Return metres from a position to the nearest point of the areas of a name."""
    point = shapely.Point(lon, lat)
    ends = [
        shapely.shortest_line(shape, point).coords[0]
        for shape in areas.geometry[areas["name"] == name]
        if not shape.is_empty
    ]
    return min(
        (float(geodesic_m([x], [y], [lon], [lat])[0]) for x, y in ends), default=float("inf")
    )
