"""What tests of the geography share: the hand-made grid as a network, and a walk on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from shapely import box

if TYPE_CHECKING:
    from tests.webmap.conftest import Run

GRID = Path(__file__).parents[2] / "data" / "grid3x3.osm"
STATION = {"name": "甲", "lon": "116.3046", "lat": "40.0", "hours": "Mo-Su 08:00-20:00"}


@pytest.fixture
def network(run: Run, tmp_path: Path) -> Path:
    """Return the network of the hand-made grid."""
    file = tmp_path / "net"
    assert run("network", "build", GRID, "--out", file).exit_code == 0
    return file


@pytest.fixture
def track(tmp_path: Path) -> Path:
    """Return a walk along the first street, naive times, a fix every 10 s."""
    day = "2026-01-05 10"
    rows = [f"w,{116.3 + n * 1e-5:.5f},40.0,{day}:{n // 6:02d}:{n % 6}0" for n in range(300)]
    file = tmp_path / "track.csv"
    file.write_text("worker,lon,lat,time\n" + "\n".join(rows) + "\n")
    return file


def write_areas(file: Path, *properties: dict[str, str]) -> Path:
    """Write strips of 1 degree side by side, from west to east."""
    strips = [box(116 + n, 39, 117 + n, 41) for n in range(len(properties))]
    gpd.GeoDataFrame(list(properties), geometry=strips, crs="EPSG:4326").to_file(file)
    return file
