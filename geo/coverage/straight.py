"""Which positions have a station within the limit in a straight line, exactly.

Positions that follow each other mostly lie in one cell of a grid. One question for the middle of
the cell answers for all of them, unless the nearest station is about as far as the limit; only
then each position is asked for by itself, by the geodesic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.spatial import KDTree

from geo.coords import GEOD, geocentric_m, geodesic_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_CELLS_PER_LIMIT: Final = 12
_DEGREE_M: Final = 111_700.0  # the longest degree on the ellipsoid
_SLACK: Final = 1e-6  # of the limit; a chord is shorter than its geodesic by less up to 15 km
_LEAST_SLACK_M: Final = 1e-3


class StraightReach:
    """Answers for any subset of fixed stations."""

    def __init__(self, lon: Floats, lat: Floats, limit_m: float) -> None:
        self._lon, self._lat, self._limit_m = lon, lat, limit_m
        self._places = geocentric_m(lon, lat)
        self._trees: dict[bytes, KDTree | None] = {}
        self._cell_deg = limit_m / _CELLS_PER_LIMIT / _DEGREE_M
        chord_error = limit_m**3 / (12.0 * GEOD.a**2)  # twice that of the sphere
        self._slack_m = max(_LEAST_SLACK_M, _SLACK * limit_m, chord_error)
        self._width_deg = self._cell_deg / _narrowing(float(np.mean(lat)) if len(lat) else 0.0)

    def reached(self, stations: Flags, lon: Floats, lat: Floats) -> Flags:
        """Return which positions are within the limit of one of some stations, shape (n,).

        Parameters
        ----------
        stations : ndarray of bool, shape (s,)
            Which of the stations count.
        lon, lat : ndarray, shape (n,)
            Degrees, WGS-84; quick where neighbours in the array are neighbours on the ground.
        """
        tree = self._tree(stations)
        if tree is None or not len(lon):
            return np.zeros(len(lon), dtype=np.bool_)
        row, column = np.floor(lat / self._cell_deg), np.floor(lon / self._width_deg)
        is_first = np.ones(len(lon), dtype=np.bool_)
        is_first[1:] = (np.diff(row) != 0) | (np.diff(column) != 0)
        first = np.flatnonzero(is_first)
        middle = geocentric_m(
            (column[first] + 0.5) * self._width_deg, (row[first] + 0.5) * self._cell_deg
        )
        radius = self._radius_m(lat) + self._slack_m
        chord, _ = tree.query(middle, distance_upper_bound=self._limit_m + 2.0 * radius)
        times = np.diff(np.append(first, len(lon)))
        found = np.repeat(chord <= self._limit_m - radius, times)
        doubt = np.repeat(np.abs(chord - self._limit_m) < radius, times)  # inf: too far for all
        found[doubt] = self._exactly(tree, np.flatnonzero(stations), lon[doubt], lat[doubt])
        return found

    def _exactly(self, tree: KDTree, station: NDArray[np.intp], lon: Floats, lat: Floats) -> Flags:
        """Return which positions have a geodesic to their nearest station within the limit."""
        most = self._limit_m + self._slack_m
        near = np.asarray(tree.query(geocentric_m(lon, lat), distance_upper_bound=most)[1])
        rows = np.flatnonzero(near < len(station))
        at = station[near[rows]]
        metres = geodesic_m(lon[rows], lat[rows], self._lon[at], self._lat[at])
        found = np.zeros(len(lon), dtype=np.bool_)
        found[rows] = metres <= self._limit_m
        return found

    def _radius_m(self, lat: Floats) -> float:
        """Return the farthest that a position of a cell may be from its middle."""
        widest = self._width_deg * _narrowing(float(np.abs(lat).min()))
        return 0.51 * _DEGREE_M * float(np.hypot(self._cell_deg, widest))

    def _tree(self, stations: Flags) -> KDTree | None:
        """Return the index of some stations, made once; None of none."""
        key = np.packbits(stations).tobytes()
        if key not in self._trees:
            self._trees[key] = KDTree(self._places[stations]) if stations.any() else None
        return self._trees[key]


def _narrowing(lat: float) -> float:
    """Return how much shorter a degree of longitude is at a latitude, not below 0.01."""
    return max(float(np.cos(np.radians(lat))), 0.01)
