"""A 3 x 3 grid of 200 m blocks whose distances a reader can add up, and fixes on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.oracle.network import WGS84_GEOD
from tests.oracle.tracks import Fix

GRID: Final = Path(__file__).parents[1] / "data" / "grid3x3.osm"
WEDNESDAY_NOON: Final = datetime(2008, 11, 5, 4, 0, tzinfo=UTC)  # 12:00 in Beijing


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """Return (lon, lat) of a place given in metres from node 1 of the grid."""
    lon, lat, _ = WGS84_GEOD.fwd(116.3, 40.0, 0 if north_m >= 0 else 180, abs(north_m))
    lon, lat, _ = WGS84_GEOD.fwd(lon, lat, 90 if east_m >= 0 else 270, abs(east_m))
    return float(lon), float(lat)


def fix(second: float, east_m: float, north_m: float = 0, worker: str = "w") -> Fix:
    """Return a fix on the grid, seconds after noon of a Wednesday."""
    return Fix(worker, WEDNESDAY_NOON + timedelta(seconds=second), at(east_m, north_m))
