"""Odd positions: far from every walkway, in water; and those nothing is known of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.basemap import Basemap, build_basemap
from geo.whereabouts import AREA, FAR, WATER, Odd, Surroundings, find_elsewhere, find_odd
from tests.networks import LAT, LON, network_of, to_degrees
from tests.test_places import extract, node, way

if TYPE_CHECKING:
    from pathlib import Path

    from geo.network import Network


@pytest.fixture
def city(tmp_path: Path) -> Surroundings:
    """Return a city of one street of 2 km eastwards, across a lake from 900 to 1100 m."""
    corners = zip(*to_degrees([900, 1100, 1100, 900], [-80, -80, 80, 80]), strict=True)
    nodes = [node(number, *place) for number, place in enumerate(corners, start=1)]
    lake = way(1, [1, 2, 3, 4, 1], natural="water")
    build_basemap([extract(tmp_path / "lake.osm", *nodes, lake)], tmp_path / "lake.pmtiles")
    street = network_of([(0, 0), (2000, 0)], [(0, 1)])
    return Surroundings(
        (LON - 0.1, LAT - 0.1, LON + 0.1, LAT + 0.1),
        network=lambda: street,
        basemap=lambda: Basemap(tmp_path / "lake.pmtiles"),
    )


def test_asks_about_what_is_far_from_a_walkway_or_in_water(city: Surroundings) -> None:
    x, y = [500, 500, 1000, 1000, 1000, 1000, 500], [95, 105, 40, 3, 90, 130, 2500]
    found = find_odd(*to_degrees(x, y), [city])
    assert [(one.row, one.kind) for one in found] == [(1, FAR), (2, WATER), (5, FAR), (6, FAR)]
    assert [one.away_m for one in found] == pytest.approx([105, 40, 130, np.inf], abs=0.1)


def test_asks_nothing_where_nothing_is_known(city: Surroundings) -> None:
    lon, lat = [LON + 0.2, np.nan], [LAT, LAT]
    assert find_odd(lon, lat, [city]) == []
    assert find_odd(*to_degrees([500], [2500]), []) == []


def test_without_a_basemap_only_the_walkways_are_asked(city: Surroundings) -> None:
    dry = Surroundings(city.box, city.network, lambda: None)
    assert find_odd(*to_degrees([1000], [40]), [dry]) == []


def test_the_smaller_of_two_cities_decides(city: Surroundings) -> None:
    def _refuse() -> Network:
        pytest.fail("the larger city was asked")

    larger = Surroundings((LON - 1, LAT - 1, LON + 1, LAT + 1), _refuse, lambda: None)
    (found,) = find_odd(*to_degrees([500], [300]), [larger, city])
    assert found == Odd(0, FAR, pytest.approx(300, abs=0.1))


def test_another_area_than_the_named_is_asked_about_and_a_zone_is_not() -> None:
    names = ["西区", "东区"]
    areas = gpd.GeoDataFrame(
        {"code": ["1", "2"], "name": names, "level": "district", "parent": ""},
        geometry=[shapely.box(113.6, 34.7, 113.7, 34.8), shapely.box(113.7, 34.7, 113.8, 34.8)],
        crs=4326,
    )
    stations = pd.DataFrame(
        {
            "lon": [113.65, 113.71, 113.7005, 113.75, 113.65],
            "lat": 34.75,
            "district": ["西区", "西区", "西区", "高新区", ""],
            "subdistrict": "",
            "address": "",
        }
    )
    elsewhere, zoned = find_elsewhere(stations, areas)
    assert [(one.row, one.kind, one.named, one.lies_in) for one in elsewhere] == [
        (1, AREA, "西区", "东区")
    ]
    assert elsewhere[0].away_m == pytest.approx(916, abs=2)
    assert [(one.row, one.zone, one.lies_in) for one in zoned] == [(3, "高新区", "东区")]
    assert find_elsewhere(stations, areas.iloc[:0]) == ([], [])
