"""Whether a position is plausible, and which area it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from webmap.staff.ground import Ground

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

NO_AREAS = gpd.GeoDataFrame(
    {"code": [], "name": [], "level": [], "parent": []}, geometry=[], crs=4326
)
NO_STATIONS = pd.DataFrame({"code": [], "lon": [], "lat": []})


@pytest.fixture(autouse=True)
def _speaking(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def stations(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["code", "lon", "lat"])


@pytest.mark.parametrize(
    ("lon", "lat"), [(-74.0, 40.7), (139.7, 35.7), (116.4, 60.0), (2.3, 48.9), (116.4, -33.0)]
)
def test_a_position_abroad_is_none(lon: float, lat: float) -> None:
    assert "国外" in Ground(NO_AREAS, (), NO_STATIONS).fault(lon, lat)


@pytest.mark.parametrize(
    "ground",
    [
        Ground(NO_AREAS, (), stations(("A", 116.4, 39.9))),
        Ground(NO_AREAS, ((116.3, 39.8, 116.4, 39.9),), NO_STATIONS),
        Ground(
            gpd.GeoDataFrame(
                {"code": ["a"], "name": ["甲"], "level": ["city"], "parent": [""]},
                geometry=[box(116.3, 39.8, 116.4, 39.9)],
                crs=4326,
            ),
            (),
            NO_STATIONS,
        ),
    ],
    ids=["station", "city", "area"],
)
def test_fifty_kilometres_from_everything_is_the_end(ground: Ground) -> None:
    assert ground.fault(116.40 + 0.58, 39.9) == ""  # 49.6 km
    assert "50 公里" in ground.fault(116.40 + 0.59, 39.9)


def test_the_old_position_of_a_moved_station_proves_nothing() -> None:
    ground = Ground(NO_AREAS, (), stations(("A", 116.4, 39.9), ("B", 118.0, 39.9)))
    assert ground.fault(116.5, 39.9) == ""
    assert "最近的也有 128 公里" in ground.fault(116.5, 39.9, but="A")


def test_where_nothing_is_known_every_position_in_the_country_may_be() -> None:
    assert Ground(NO_AREAS, (), stations(("A", 87.6, 43.8))).fault(116.4, 39.9, but="A") == ""


def test_the_nearest_is_found_among_many_and_across_latitudes() -> None:
    many = [(str(n), 110.0 + n % 10, 20.0 + n / 100) for n in range(2000)]
    ground = Ground(NO_AREAS, (), stations(*many, ("near", 120.0, 45.4)))
    assert ground.fault(120.5, 45.4) == ""


def test_only_empty_areas_are_filled_in() -> None:
    areas = gpd.GeoDataFrame(
        {"code": ["1", "2"], "name": ["东城区", "东四街道"], "level": ["district", "subdistrict"],
         "parent": ["", "1"]},
        geometry=[box(116, 39, 117, 40), box(116, 39, 116.5, 40)],
        crs=4326,
    )  # fmt: skip
    ground = Ground(areas, (), NO_STATIONS)
    empty = {"district": "", "subdistrict": ""}
    assert ground.name_areas(empty, 116.4, 39.9) == {
        "district": "东城区",
        "subdistrict": "东四街道",
    }
    assert ground.name_areas(empty, 116.6, 39.9) == {"district": "东城区"}
    assert ground.name_areas({"district": "x", "subdistrict": "y"}, 116.4, 39.9) == {}
    assert ground.name_areas(empty, 115.0, 39.9) == {}
