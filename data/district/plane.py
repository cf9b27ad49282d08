"""The plane of the district: metres east and north of its middle, curves on it, and its dice.

All arithmetic is plain and rounded to centimetres at every stage, so that another machine's last
binary digit never reaches a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Points = NDArray[np.float64]  # (n, 2) metres

SEED: Final = 20261109
LON_0, LAT_0 = 113.90, 35.05  # degrees, WGS-84: the middle, on a plain without such a city
M_PER_LON, M_PER_LAT = 91_233.2, 110_941.5  # metres per degree there, on the ellipsoid
CM: Final = 2  # decimals of a metre that are kept


def dice(purpose: str) -> np.random.Generator:
    """Return the generator of one purpose; drawing more for one leaves the others alone."""
    return np.random.Generator(np.random.PCG64([SEED, crc32(purpose.encode())]))


def to_degrees(xy: ArrayLike, decimals: int = 7) -> Points:
    """Return lon, lat, shape (n, 2), of metres, shape (n, 2)."""
    metres = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    return np.round(metres / (M_PER_LON, M_PER_LAT) + (LON_0, LAT_0), decimals)


def rounded(xy: ArrayLike) -> Points:
    """Return positions to centimetres."""
    return np.asarray(np.round(np.asarray(xy), CM), dtype=np.float64)


def smooth(points: Sequence[tuple[float, float]], *, closed: bool = False, step_m: float) -> Points:
    """Return a Catmull-Rom curve through points, with a vertex about every ``step_m``."""
    p = np.asarray(points, dtype=np.float64)
    ends = (p[-1:], p[:2]) if closed else (2 * p[:1] - p[1:2], 2 * p[-1:] - p[-2:-1])
    padded = np.concatenate([ends[0], p, ends[1]])
    parts = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        count = max(int(np.hypot(*(c - b)) / step_m), 1)
        t = np.arange(count)[:, None] / count
        parts.append(
            b + t * ((c - a) + t * ((2 * a - 5 * b + 4 * c - d) + t * (3 * b - a - 3 * c + d))) / 2
        )
    last = p[:1] if closed else p[-1:]
    return rounded(np.concatenate([*parts, last]))


def offset(line: Points, left_m: ArrayLike) -> Points:
    """Return the line moved to its left by a distance, or by one per vertex."""
    way = np.gradient(line, axis=0)
    way /= np.hypot(way[:, 0], way[:, 1])[:, None]
    normal = np.column_stack([-way[:, 1], way[:, 0]])
    return rounded(line + normal * np.reshape(left_m, (-1, 1)))


def lengths(line: Points) -> NDArray[np.float64]:
    """Return the way to each vertex from the first, shape (n,), metres."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def along(line: Points, metres: ArrayLike) -> Points:
    """Return the positions after some way along a line, shape (k, 2)."""
    way = lengths(line)
    at = np.asarray(metres, dtype=np.float64)
    return np.column_stack([np.interp(at, way, line[:, 0]), np.interp(at, way, line[:, 1])])


def bowed(a: Points, b: Points, *, sag_m: float, step_m: float) -> Points:
    """Return a parabola from ``a`` to ``b`` that leaves the straight line by ``sag_m``."""
    count = max(int(np.hypot(*(b - a)) / step_m), 1)
    t = np.linspace(0.0, 1.0, count + 1)[:, None]
    side = np.array([a[1] - b[1], b[0] - a[0]]) / max(float(np.hypot(*(b - a))), 1.0)
    return rounded(a + t * (b - a) + 4 * t * (1 - t) * sag_m * side)


def turned(xy: Points, angle: float) -> Points:
    """Return points turned about the origin by an angle in radians, counter-clockwise."""
    c, s = np.cos(angle), np.sin(angle)
    return np.column_stack([c * xy[:, 0] - s * xy[:, 1], s * xy[:, 0] + c * xy[:, 1]])


def blob(
    middle: ArrayLike, radius_m: float, rng: np.random.Generator, *, step_m: float = 12.0
) -> Points:
    """Return a closed round shape with lobes, as of a lake."""
    count = 9
    angle = np.arange(count) / count * 2 * np.pi
    radius = radius_m * rng.uniform(0.7, 1.25, count)
    ring = np.column_stack([1.25 * radius * np.cos(angle), 0.85 * radius * np.sin(angle)])
    return smooth((ring + np.asarray(middle)).tolist(), closed=True, step_m=step_m)
