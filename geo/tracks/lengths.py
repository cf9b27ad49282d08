"""Geodesics between consecutive fixes: a short-range formula, made exact where it would matter.

Most steps are a few metres long. For these the Gauss mid-latitude formula agrees with the
geodesic to 1e-7 m at a tenth of the cost; where that could change a rounded millimetre or the
outcome of a speed test, the geodesic itself is taken. So all results are those of the geodesic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.coords import geodesic_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MS_PER_M_AT_LIMIT: Final = 30.0  # 120 km/h is 1 m in 30 ms
SLOW_MM_PER_MS: Final = 0.3  # 0.3 m/s: below it a GPS receiver wanders and its worker stands
_SHORT_M: Final = 200.0  # the formula's error grows with length^3: 1e-8 m here, measured
_GUARD_M: Final = 1e-6  # wider than the formula's error
_HIGH_LAT_DEG: Final = 80.0  # towards the poles the formula's error grows with tan(lat)^2
_WGS84_A_M: Final = 6378137.0
_WGS84_E2: Final = 0.0066943799901413165


def step_metres(lon: Floats, lat: Floats, gap_ms: NDArray[np.int64]) -> Floats:
    """Return lengths between consecutive positions in metres, shape (n - 1,).

    Parameters
    ----------
    lon, lat : ndarray, shape (n,)
        Degrees, WGS-84; n >= 1.
    gap_ms : ndarray, shape (n - 1,)
        Time between them, milliseconds.

    Returns
    -------
    ndarray, shape (n - 1,)
        Within 1e-7 m of the geodesic; rounded to millimetres, and under both speed tests
        (`is_impossible`, `is_slow`), exactly as the geodesic.
    """
    metres = _mid_latitude_m(lon, lat)
    mm = metres * 1000.0
    near = _GUARD_M * 1000.0
    doubt = ~(metres < _SHORT_M) | (np.abs(lat[1:]) > _HIGH_LAT_DEG)
    doubt |= np.abs(mm - np.floor(mm) - 0.5) < near
    doubt |= np.abs(mm - SLOW_MM_PER_MS * gap_ms) < near
    doubt |= np.abs(mm - gap_ms * (1000.0 / MS_PER_M_AT_LIMIT)) < near
    at = np.flatnonzero(doubt)
    metres[at] = geodesic_m(lon[at], lat[at], lon[at + 1], lat[at + 1])
    return metres


def is_impossible(metres: Floats, gap_ms: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return True where the length takes more than 120 km/h, shape (n,)."""
    return np.asarray(metres * MS_PER_M_AT_LIMIT > gap_ms, dtype=np.bool_)


def is_slow(metres: Floats, gap_ms: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return True where the length takes less than 0.3 m/s, shape (n,)."""
    return np.asarray(metres * 1000.0 < SLOW_MM_PER_MS * gap_ms, dtype=np.bool_)


def _mid_latitude_m(lon: Floats, lat: Floats) -> Floats:
    """Return lengths by the ellipsoid's radii at the middle latitude, good for short steps only."""
    middle = np.radians((lat[1:] + lat[:-1]) / 2.0)
    w2 = 1.0 - _WGS84_E2 * np.sin(middle) ** 2
    normal_m = _WGS84_A_M / np.sqrt(w2)
    north = np.radians(np.diff(lat)) * normal_m * ((1.0 - _WGS84_E2) / w2)
    east = np.radians(np.diff(lon)) * normal_m * np.cos(middle)
    return np.asarray(np.sqrt(north**2 + east**2), dtype=np.float64)
