"""How far positions are from the nearest walkway, also where snapping has given them up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.coords import project

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.network.graph import Network

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64]

_FEW: Final = 20  # positions that are not worth an index of all edges
_METRES_PER_DEG: Final = 110_000.0  # of latitude, no more than there are


def metres_to_walkway(
    network: Network, lon: ArrayLike, lat: ArrayLike, *, within_m: float
) -> Floats:
    """Return the distance of positions to the nearest edge of a network.

    Parameters
    ----------
    network : Network
        The walking network.
    lon, lat : array_like, shape (n,)
        Degrees, WGS-84.
    within_m : float
        Farther than this nobody looks.

    Returns
    -------
    ndarray, shape (n,)
        Metres; inf where nothing is within ``within_m``.
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    away_m = network.snapper.snap(x, y).connector_m
    far = np.flatnonzero(~np.isfinite(away_m))
    if len(far) > _FEW:
        away_m[far] = _by_index(network, x[far], y[far], within_m)
    for row in far if len(far) <= _FEW else ():
        away_m[row] = _by_look(network, x[row], y[row], within_m)
    away_m[away_m > within_m] = np.inf
    return np.asarray(away_m, dtype=np.float64)


def _by_look(network: Network, lon: float, lat: float, within_m: float) -> float:
    """Return the distance of one position, by its box."""
    up = within_m / _METRES_PER_DEG * 1.01
    aside = up / max(np.cos(np.radians(lat)), 0.01)
    x, y = network.lon, network.lat
    west, east = x < lon - aside, x > lon + aside
    south, north = y < lat - up, y > lat + up
    beside = [side[network.u] & side[network.v] for side in (west, east, south, north)]
    near = np.flatnonzero(~np.logical_or.reduce(beside))
    if not len(near):
        return np.inf
    point = shapely.points(*project(network.crs, [lon], [lat]))
    return float(shapely.distance(_lines(network, near), point).min())


def _by_index(network: Network, lon: Floats, lat: Floats, within_m: float) -> Floats:
    """Return the distances of many positions."""
    tree = shapely.STRtree(_lines(network, np.arange(len(network.u))))
    points = shapely.points(*project(network.crs, lon, lat))
    (row, _), metres = tree.query_nearest(
        points, max_distance=within_m, return_distance=True, all_matches=False
    )
    away_m = np.full(len(lon), np.inf)
    away_m[row] = metres
    return away_m


def _lines(network: Network, edges: Rows) -> NDArray[np.object_]:
    """Return edges as lines in metres."""
    ends = [
        np.column_stack(project(network.crs, network.lon[node], network.lat[node]))
        for node in (network.u[edges], network.v[edges])
    ]
    return np.asarray(shapely.linestrings(np.stack(ends, axis=1)), dtype=object)
