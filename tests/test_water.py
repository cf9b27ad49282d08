"""Whether a position is in water, by the basemap."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.basemap import Basemap, build_basemap
from geo.basemap.features import read_layers
from geo.basemap.water import in_water
from tests.test_basemap import LAT, LON, SIDE_DEG, block, ring
from tests.test_places import extract, node, way

DEMO = Path(__file__).parents[1] / "data" / "demo"


@pytest.fixture
def lake(tmp_path: Path) -> Basemap:
    """Return a map with a square lake, a square park and a stream."""
    stream = [node(20, LON - 0.01, LAT), node(21, LON - 0.01, LAT + 0.01)]
    build_basemap(
        [
            extract(
                tmp_path / "made.osm",
                *block(1),
                *block(5, 1),
                *stream,
                way(1, ring(1), natural="water"),
                way(2, ring(5), leisure="park"),
                way(3, [20, 21], waterway="stream"),
            )
        ],
        tmp_path / "made.pmtiles",
    )
    return Basemap(tmp_path / "made.pmtiles")


def test_a_lake_is_water_and_its_bank_a_park_and_a_stream_are_not(lake: Basemap) -> None:
    metre = 1e-5
    places = {
        (LON + SIDE_DEG / 2, LAT + SIDE_DEG / 2): True,
        (LON + metre, LAT + metre): True,
        (LON + SIDE_DEG - metre, LAT + SIDE_DEG - metre): True,
        (LON - metre, LAT + SIDE_DEG / 2): False,
        (LON + SIDE_DEG / 2, LAT + SIDE_DEG + metre): False,
        (LON + SIDE_DEG / 2, LAT - metre): False,
        (LON + 3.5 * SIDE_DEG, LAT + SIDE_DEG / 2): False,
        (LON - 0.01, LAT + 0.005): False,
        (LON + 20.0, LAT): False,  # off the map
        (LON, 89.0): False,
    }
    lon, lat = np.array(list(places)).T
    assert in_water(lake, lon, lat).tolist() == list(places.values())


def test_nowhere_is_no_water(lake: Basemap) -> None:
    assert in_water(lake, [], []).tolist() == []


def test_agrees_with_the_extract_the_map_is_made_of(tmp_path: Path) -> None:
    path = DEMO / "district.osm.pbf"
    water = dict(read_layers([path]))["water"]
    areas = water[water.geom_type.isin(["Polygon", "MultiPolygon"])].geometry.to_numpy()
    build_basemap([path], tmp_path / "demo.pmtiles")
    draw = np.random.default_rng(1)
    west, south, east, north = shapely.total_bounds(areas)
    lon, lat = draw.uniform(west, east, 4000), draw.uniform(south, north, 4000)
    found = in_water(Basemap(tmp_path / "demo.pmtiles"), lon, lat)
    points = shapely.points(lon, lat)
    union = shapely.union_all(areas)
    assert found.sum() > 50
    differs = found != shapely.intersects(union, points)
    assert shapely.distance(shapely.boundary(union), points[differs]).max(initial=0.0) < 2e-5  # 2 m
