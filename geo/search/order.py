"""From ranks to rows: the best first, ties by distance or by the order of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.search.levels import MISS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STEP: Final = 4.0  # between two ranks; a chord of the unit sphere is at most 2


def best_rows(
    ranks: NDArray[np.uint16],
    lon: Floats,
    lat: Floats,
    *,
    limit: int | None = None,
    near: tuple[float, float] | None = None,
) -> NDArray[np.intp]:
    """Return the rows that were found, the best first.

    Parameters
    ----------
    ranks : array of uint16, shape (n,)
        As ``Index.ranks`` returns them.
    lon, lat : array, shape (n,)
        Degrees, WGS-84.
    limit : int, optional
        At most so many.
    near : (float, float), optional
        Longitude and latitude: of equal ranks the nearer comes first (on a sphere, which orders
        as well as the ellipsoid but for a third of a per cent), then the order of the rows.

    Returns
    -------
    array of int
        Numbers of rows.
    """
    rows = np.flatnonzero(ranks < MISS)
    if near is None:
        return rows[np.argsort(ranks[rows], kind="stable")[:limit]]
    keys = ranks[rows] * _STEP + _chords(lon[rows], lat[rows], *near)
    if limit is not None and limit < len(rows):
        some = np.argpartition(keys, limit - 1)[:limit]
        rows, keys = rows[some], keys[some]
    return rows[np.lexsort((rows, keys))]


def _chords(lon: Floats, lat: Floats, lon_0: float, lat_0: float) -> Floats:
    """Return straight lines through a sphere of radius 1, which grow as distances do."""
    half_lon, half_lat = np.radians(lon - lon_0) / 2, np.radians(lat - lat_0) / 2
    level = np.cos(np.radians(lat)) * np.cos(np.radians(lat_0))
    found: Floats = 2 * np.sqrt(np.sin(half_lat) ** 2 + level * np.sin(half_lon) ** 2)
    return found
