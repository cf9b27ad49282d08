"""Pairs of positions that are near each other, by a tree, at most so many of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.spatial import KDTree

from geo.coords import geocentric_m, geodesic_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64]

_CHUNK: Final = 20_000  # positions at a time
_SLACK: Final = 1.001  # a chord is never longer than a geodesic; this is for rounding


def near_pairs(
    mine: Floats, theirs: Floats, within_m: float, *, most: int
) -> tuple[Rows, Rows, Floats]:
    """Return the pairs not farther apart than ``within_m``.

    Parameters
    ----------
    mine, theirs : ndarray, shape (n, 2) and (m, 2)
        Longitude and latitude, degrees, WGS-84; either may be empty.
    within_m : float
        Geodesic metres, included.
    most : int
        Of each of ``mine`` only the nearest so many, so that a heap of them costs no heap squared.

    Returns
    -------
    tuple of ndarray
        Rows of ``mine``, rows of ``theirs``, metres; in the order of ``mine``, the nearest first.
    """
    nothing = np.empty(0, dtype=np.int64)
    lefts, rights = [nothing], [nothing]
    if len(theirs):
        tree = KDTree(geocentric_m(*theirs.T))
        nearest = [*range(1, min(most, len(theirs)) + 1)]
        for start in range(0, len(mine), _CHUNK):
            part = geocentric_m(*mine[start : start + _CHUNK].T)
            found = tree.query(part, k=nearest, distance_upper_bound=within_m * _SLACK)
            index = np.asarray(found[1], dtype=np.int64)
            row, nth = np.nonzero(index < len(theirs))
            lefts.append(row + start)
            rights.append(index[row, nth])
    left, right = np.concatenate(lefts), np.concatenate(rights)
    away_m = geodesic_m(*mine[left].T, *theirs[right].T)
    near = away_m <= within_m
    return left[near], right[near], away_m[near]
