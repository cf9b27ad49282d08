"""In which datum a list of stations is: each kind of hint, and that nothing is told wrongly."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.area_claims import find_misplaced, is_zone, read_claims
from geo.areas import read_areas
from geo.coords import DATUMS, WGS84, from_wgs84
from geo.datum_guess import DatumGuess, Evidence, Listed, guess_datum
from geo.network import build_network
from tests.shared_data import SHARED, needs_shared_data

DEMO = Path(__file__).parents[1] / "data" / "demo"
ZHENGZHOU = SHARED / "zhengzhou"


def word(datum: str, kind: str = "columns") -> Evidence:
    return Evidence(kind, datum, is_clear=True, figures={}, names=("a",))  # type: ignore[arg-type]


def squares() -> gpd.GeoDataFrame:
    """Return two districts of 0.1 degrees side by side, WGS-84."""
    boxes = [shapely.box(116.3, 39.9, 116.4, 40.0), shapely.box(116.4, 39.9, 116.5, 40.0)]
    table = {
        "code": ["1", "2"],
        "name": ["西岸区", "管城回族区"],
        "level": "district",
        "parent": "",
    }
    return gpd.GeoDataFrame(table, geometry=boxes, crs=WGS84)


def along_border(datum: str, count: int = 40) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Return stations 200 m on either side of the border, and what they say of their district."""
    side = np.where(np.arange(count) % 2, 0.0025, -0.0025)
    lat = np.linspace(39.91, 39.99, count)
    lon, lat = from_wgs84(116.4 + side, lat, datum)
    named = np.where(side < 0, "西岸", "管城区")
    return lon, lat, pd.DataFrame({"district": named, "subdistrict": "", "address": ""})


@pytest.mark.parametrize("datum", DATUMS)
def test_rows_beside_a_border_tell_the_datum_by_the_district_they_name(datum: str) -> None:
    lon, lat, rows = along_border(datum)
    claims = read_claims(rows, squares())
    found = guess_datum(Listed(lon, lat, claims), areas=squares())
    assert (found.datum, found.basis) == (datum, "measured")
    assert found.evidence[0].figures[datum] == len(lon)


def test_names_against_clear_positions_are_a_question() -> None:
    lon, lat, rows = along_border("gcj02")
    claims = read_claims(rows, squares())
    found = guess_datum(Listed(lon, lat, claims), said=[word("wgs84")], areas=squares())
    assert (found.datum, found.basis) == (None, "contradicted")
    assert "contradict" in found.describe()[0]


def test_the_usual_of_a_format_gives_way_to_positions_but_not_to_nothing() -> None:
    lon, lat, rows = along_border("gcj02")
    claims = read_claims(rows, squares())
    usual = [word("wgs84", "format")]
    assert guess_datum(Listed(lon, lat, claims), said=usual, areas=squares()).datum == "gcj02"
    assert guess_datum(Listed(lon, lat), said=usual).datum == "wgs84"
    few = Listed(lon[:6], lat[:6], claims[:6])  # they lean to GCJ-02, and may do so by luck
    assert guess_datum(few, said=usual, areas=squares()).datum in {None, "wgs84"}


def test_without_a_hint_somebody_must_say_but_not_where_there_is_no_shift() -> None:
    assert guess_datum(Listed(np.array([116.4]), np.array([39.9]))).datum is None
    assert guess_datum(Listed(np.array([2.35]), np.array([48.85]))).datum == "wgs84"


@pytest.mark.parametrize("mine", DATUMS)
@pytest.mark.parametrize("theirs", DATUMS)
def test_two_pairs_of_columns_tell_each_other(mine: str, theirs: str) -> None:
    rng = np.random.default_rng(8)
    x, y = rng.uniform(113.0, 114.0, 30), rng.uniform(34.5, 35.0, 30)
    listed = Listed(*from_wgs84(x, y, mine), other=from_wgs84(x, y, theirs))
    found = guess_datum(listed)
    assert found.datum == (mine if mine != theirs else None)  # one datum twice says nothing


@cache
def demo() -> tuple[pd.DataFrame, object]:
    stations = pd.read_csv(DEMO / "stations.csv", dtype=str).fillna("")
    return stations, build_network([DEMO / "district.osm.pbf"])


@pytest.mark.parametrize("datum", DATUMS)
@pytest.mark.parametrize("count", [20, 200, 1100])
def test_the_network_tells_the_datum_or_nothing(datum: str, count: int) -> None:
    stations, network = demo()
    some = stations.sample(count, random_state=count)
    west, south, east, north = network.bounds  # type: ignore[attr-defined]

    def distance_m(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        metres = np.array(network.snapper.snap(lon, lat).connector_m)  # type: ignore[attr-defined]
        outside = (lon < west) | (lon > east) | (lat < south) | (lat > north)
        return np.where(outside, np.nan, metres)

    lon, lat = from_wgs84(some["lon"].astype(float), some["lat"].astype(float), datum)
    found = guess_datum(Listed(np.asarray(lon), np.asarray(lat)), distance_m=distance_m)
    assert found.datum in {datum, None}
    if count > 1000:
        assert found.datum == datum


def zhengzhou() -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    rows = pd.read_csv(ZHENGZHOU / "stations.csv")
    return rows, read_areas(
        ZHENGZHOU / "districts_gcj02.geojson", datum="gcj02", level="district"
    ).frame


def guess_zhengzhou(mine: str, said: list[Evidence], *, pair: bool) -> DatumGuess:
    rows, areas = zhengzhou()
    other = {"gcj02": "wgs84", "wgs84": "gcj02"}[mine]
    place = {name: rows[[f"lng_{name}", f"lat_{name}"]].to_numpy().T for name in (mine, other)}
    claims = read_claims(rows.fillna(""), areas)
    listed = Listed(*place[mine], claims, other=tuple(place[other]) if pair else None)
    return guess_datum(listed, said=said, areas=areas)


@needs_shared_data
@pytest.mark.parametrize("mine", ["gcj02", "wgs84"])
def test_both_pairs_of_zhengzhou_are_told_with_evidence(mine: str) -> None:
    found = guess_zhengzhou(mine, [word(mine)], pair=True)
    assert (found.datum, found.basis) == (mine, "said")
    assert {one.kind: one.says for one in found.evidence if one.says} == {
        "columns": mine,
        "pair": mine,
    }
    areas = next(one for one in found.evidence if one.kind == "areas")
    assert max(areas.figures, key=lambda name: areas.figures[name]) == mine
    assert guess_zhengzhou(mine, [], pair=True).datum == mine
    assert guess_zhengzhou(mine, [], pair=False).datum is None  # districts alone say too little
    wrong = "wgs84" if mine == "gcj02" else "gcj02"
    assert guess_zhengzhou(mine, [word(wrong)], pair=True).basis == "contradicted"


@needs_shared_data
def test_wrong_geocodes_of_zhengzhou_are_asked_about_and_zones_explained() -> None:
    rows, areas = zhengzhou()
    claims = read_claims(rows.fillna(""), areas)
    wrong, zoned = find_misplaced(claims, areas, rows["lng_wgs84"], rows["lat_wgs84"])
    asked = {rows["station_id"][one.row]: (one.named, one.lies_in) for one in wrong}
    assert asked == {
        "zz-79": ("中牟县", "二七区"),
        "zz-37": ("二七区", "中原区"),
        "zz-77": ("新郑市", "中原区"),
        "zz-61": ("金水区", "中原区"),
    }
    assert sorted({(one.zone, one.lies_in) for one in zoned}) == [
        ("航空港区", "新郑市"),
        ("郑东新区", "管城回族区"),
        ("高新区", "中原区"),
    ]


def test_a_zone_that_is_a_district_is_one() -> None:
    areas = squares().assign(name=["浦东新区", "徐汇区"])
    rows = pd.DataFrame({"district": ["浦东新区", "张江高新区", "徐汇"]})
    claims = read_claims(rows, areas)
    assert [(one.area, one.zone) for one in claims] == [
        ("浦东新区", ""),
        ("", "张江高新区"),
        ("徐汇区", ""),
    ]
    assert is_zone("浦东新区")
    assert not is_zone("中原区")
