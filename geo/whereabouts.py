"""Whether positions are odd for a place one walks to: far from any walkway, or in water.

An odd position may be right; it is a question for somebody who knows the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.basemap.water import in_water
from geo.network.away import metres_to_walkway

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from geo.basemap import Basemap
    from geo.network import Network

    Floats = NDArray[np.float64]

FAR_M: Final = 100.0  # from the nearest walkway; farther, nobody walks in
LOOK_M: Final = 2_000.0  # so far the distance is measured
ON_WALKWAY_M: Final = 5.0  # on a bridge or a boardwalk: not in the water below
FAR, WATER = "far", "water"


class Odd(NamedTuple):
    """One odd position."""

    row: int  # place in the arrays
    kind: str  # FAR or WATER
    away_m: float  # to the nearest walkway; inf: none within 2 km


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
