"""Whether positions are odd: far from any walkway, in water, or in another area than the named.

An odd position may be right; it is a question for somebody who knows the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.area_claims import NEAR_M, find_misplaced, read_claims
from geo.basemap.water import in_water
from geo.network.away import metres_to_walkway

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from geo.area_claims import Zoned
    from geo.basemap import Basemap
    from geo.network import Network

    Floats = NDArray[np.float64]

FAR_M: Final = 100.0  # from the nearest walkway; farther, nobody walks in
LOOK_M: Final = 2_000.0  # so far the distance is measured
ON_WALKWAY_M: Final = 5.0  # on a bridge or a boardwalk: not in the water below
FAR, WATER, AREA = "far", "water", "area"


class Odd(NamedTuple):
    """One odd position."""

    row: int  # place in the arrays
    kind: str  # FAR, WATER or AREA
    away_m: float  # to the nearest walkway, inf: none within 2 km; of AREA to the area named
    named: str = ""  # of AREA: the area that the record names
    lies_in: str = ""  # of AREA: that of the position, "" for none


@dataclass(frozen=True)
class Surroundings:
    """What is known of one city's ground; the files are read when a position asks for them."""

    box: tuple[float, float, float, float]  # west, south, east, north of its network, degrees
    network: Callable[[], Network]
    basemap: Callable[[], Basemap | None]  # None: its water is not known

    def holds(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        """Return which positions are in the box."""
        west, south, east, north = self.box
        return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))


def find_odd(lon: ArrayLike, lat: ArrayLike, cities: Sequence[Surroundings]) -> list[Odd]:
    """Return the odd ones of some positions, by row; in the water counts before far.

    Parameters
    ----------
    lon, lat : array_like, shape (n,)
        Degrees, WGS-84; NaN is asked nothing.
    cities : sequence of Surroundings
        Where boxes overlap the smallest counts. A position in none of them is asked nothing:
        there nothing is known.

    Returns
    -------
    list of Odd
        At most one per position.

    Raises
    ------
    SourceFormatError
        A basemap or a network is damaged.
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    left = np.isfinite(x) & np.isfinite(y)
    found: list[Odd] = []
    for city in sorted(cities, key=_size):
        rows = np.flatnonzero(left & city.holds(x, y))
        left[rows] = False
        if len(rows):
            found += [one._replace(row=int(rows[one.row])) for one in _odd(x[rows], y[rows], city)]
    return sorted(found)


def find_elsewhere(
    stations: pd.DataFrame, areas: gpd.GeoDataFrame
) -> tuple[list[Odd], list[Zoned]]:
    """Return the stations that lie in another area than they name, and those that name a zone.

    Parameters
    ----------
    stations : DataFrame, n rows
        ``lon``, ``lat`` (degrees, WGS-84), ``district``, ``subdistrict``, ``address``.
    areas : GeoDataFrame, m rows
        As ``Store.read_areas`` returns them; what is not among them contradicts nothing.

    Returns
    -------
    list of Odd, list of Zoned
        Both by row. Who is within 100 m of the area named is not asked: drawn borders are no more
        exact. A development zone (高新区) is no area of the administrative division: wherever the
        position lies, it is explained, not called wrong.
    """
    if areas.empty:
        return [], []
    misplaced, zoned = find_misplaced(
        read_claims(stations, areas), areas, stations["lon"], stations["lat"]
    )
    elsewhere = [
        Odd(one.row, AREA, one.away_m, one.named, one.lies_in)
        for one in misplaced
        if one.away_m > NEAR_M
    ]
    return elsewhere, zoned


def _odd(lon: Floats, lat: Floats, city: Surroundings) -> list[Odd]:
    away_m = metres_to_walkway(city.network(), lon, lat, within_m=LOOK_M)
    wet = np.zeros(len(lon), dtype=np.bool_)
    off = np.flatnonzero(away_m > ON_WALKWAY_M)
    if len(off) and (basemap := city.basemap()) is not None:
        wet[off] = in_water(basemap, lon[off], lat[off])
    rows = np.flatnonzero(wet | (away_m > FAR_M)).tolist()
    return [Odd(row, WATER if wet[row] else FAR, float(away_m[row])) for row in rows]


def _size(city: Surroundings) -> float:
    west, south, east, north = city.box
    return (east - west) * (north - south)
