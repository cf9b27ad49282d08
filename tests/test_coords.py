"""Datums against published values and real pairs; metric coordinates and bearings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.coords import (
    GeodesicIndex,
    bearing_deg,
    from_wgs84,
    geodesic_m,
    in_china_box,
    local_metric_crs,
    named_datum,
    project,
    require_datum,
    to_wgs84,
)
from geo.errors import ConvergenceError, InvalidDatumError
from tests.shared_data import SHARED, needs_shared_data

# lon, lat in WGS-84 and in GCJ-02: the test values of eviltransform (coords.py names the source)
PUBLISHED = [
    pytest.param(121.5272106, 31.1774276, 121.531541859215, 31.17530398364597, id="Shanghai"),
    pytest.param(113.912316, 22.543847, 113.9171764808363, 22.540796131694766, id="Shenzhen"),
    pytest.param(116.377817, 39.911954, 116.38404722455657, 39.91334545536069, id="Beijing"),
]


@pytest.mark.parametrize(("lon", "lat", "gcj_lon", "gcj_lat"), PUBLISHED)
def test_gcj02_agrees_with_published_values(
    lon: float, lat: float, gcj_lon: float, gcj_lat: float
) -> None:
    found = from_wgs84(lon, lat, "gcj02")
    assert found == (pytest.approx(gcj_lon, abs=1e-12), pytest.approx(gcj_lat, abs=1e-12))


def test_bd09_of_a_gcj02_position_is_the_published_one() -> None:
    # the example of https://github.com/wandergis/coordtransform
    wgs84 = to_wgs84(116.404, 39.915, "gcj02")
    expected = pytest.approx(116.41036949371029, abs=1e-9), pytest.approx(39.92133699351021, 1e-10)
    assert from_wgs84(*wgs84, "bd09") == expected


@needs_shared_data
@pytest.mark.parametrize("file", ["zhengzhou/stations.csv", "luoyang/study_rooms.csv"])
def test_gcj02_agrees_with_real_pairs(file: str) -> None:
    rows = pd.read_csv(SHARED / file).dropna(subset=["lng_gcj02", "lng_wgs84"])
    lon, lat = to_wgs84(rows["lng_gcj02"], rows["lat_gcj02"], "gcj02")
    assert geodesic_m(lon, lat, rows["lng_wgs84"], rows["lat_wgs84"]).max() < 1


def test_a_beijing_gcj02_point_read_as_wgs84_lies_500_m_off() -> None:
    lon, lat = from_wgs84(116.39, 39.91, "gcj02")
    assert 450 < geodesic_m(116.39, 39.91, lon, lat) < 650


def test_wgs84_is_left_as_it_is() -> None:
    lon, lat = to_wgs84([116.3, 8.5], [40.0, 47.4], "wgs84")
    assert (lon.tolist(), lat.tolist()) == ([116.3, 8.5], [40.0, 47.4])


def test_in_china_box_is_the_published_box() -> None:
    lon = [72.004, 72.003, 137.8347, 137.8348, 100, 100, 100, 100]
    lat = [30, 30, 30, 30, 0.8293, 0.8292, 55.8271, 55.8272]
    assert in_china_box(lon, lat).tolist() == [True, False] * 4


def test_a_position_without_an_inverse_is_an_error_that_names_it() -> None:
    # near the box's western edge the shift begins with a jump of some hundred metres
    lon, lat = np.meshgrid(np.linspace(72.0, 72.02, 60), np.linspace(30.0, 30.01, 3))
    with pytest.raises(ConvergenceError, match=r"position \d+ \(72\.\d+, 30\.\d+\)"):
        to_wgs84(lon.ravel(), lat.ravel(), "gcj02")


@pytest.mark.parametrize("name", ["cgcs2000", "GCJ02", "", "auto"])
def test_an_unknown_datum_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(InvalidDatumError, match="wgs84, gcj02, bd09"):
        require_datum(name)


@pytest.mark.parametrize("convert", [to_wgs84, from_wgs84])
def test_no_conversion_takes_an_unknown_datum(convert: type[to_wgs84]) -> None:
    with pytest.raises(InvalidDatumError):
        convert([116.3], [40.0], "itrf")


def test_geodesic_along_the_equator_is_an_arc_of_its_radius() -> None:
    assert geodesic_m(0, 0, 1, 0) == pytest.approx(6378137.0 * np.pi / 180, abs=1e-6)


def test_geodesic_broadcasts_one_position_against_many() -> None:
    assert geodesic_m(116.3, 40.0, [116.3, 116.4], [40.0, 40.0]).shape == (2,)


def test_geodesic_of_a_missing_position_is_nan() -> None:
    assert np.isnan(geodesic_m([np.nan], [40.0], [116.3], [40.0])).all()


@pytest.mark.parametrize(
    ("lon", "lat", "expected"), [(0, 1, 0), (1, 0, 90), (0, -1, 180), (-1, 0, 270)]
)
def test_bearing_to_the_four_quarters(lon: float, lat: float, expected: float) -> None:
    assert bearing_deg(0, 0, lon, lat) == pytest.approx(expected)


def test_bearing_a_hair_west_of_north_is_below_360() -> None:
    assert 0 <= bearing_deg(0, 0, -1e-15, 45) < 360


def test_local_metric_crs_has_its_origin_in_the_middle() -> None:
    x, y = project(local_metric_crs(116.3, 40.0), [116.3], [40.0])
    assert (x[0], y[0]) == (pytest.approx(0, abs=1e-6), pytest.approx(0, abs=1e-6))


def test_local_metric_crs_is_true_to_scale_at_city_distance() -> None:
    lon, lat = [116.3, 116.55], [40.0, 40.1]
    x, y = project(local_metric_crs(116.3, 40.0), lon, lat)
    planar = np.hypot(x[1] - x[0], y[1] - y[0])
    geodesic = geodesic_m(lon[0], lat[0], lon[1], lat[1])
    assert planar == pytest.approx(float(geodesic), rel=1e-5)


def test_index_without_places_finds_nothing() -> None:
    metres, row = GeodesicIndex([], []).nearest([116.3, 116.4], [40.0, 40.0])
    assert np.isinf(metres).all()
    assert row.tolist() == [-1, -1]


def test_index_asked_nothing_answers_nothing() -> None:
    metres, row = GeodesicIndex([116.3], [40.0]).nearest([], [])
    assert (metres.shape, row.shape) == ((0,), (0,))


def test_index_finds_across_the_date_line() -> None:
    metres, row = GeodesicIndex([179.99, 170.0], [0, 0]).nearest([-179.99], [0])
    assert row.tolist() == [0]
    assert metres[0] == pytest.approx(0.02 * 6378137.0 * np.pi / 180, abs=0.01)


@pytest.mark.parametrize(
    ("name", "datum"),
    [
        ("lng_gcj02", "gcj02"),
        ("LAT_BD09", "bd09"),
        ("lat-wgs84", "wgs84"),
        ("toilets_gcj02.csv", "gcj02"),
        ("tracks_gcj02.csv.gz", "gcj02"),
        ("gcj02.geojson", "gcj02"),
        ("lng", None),
        ("notgcj02", None),
        ("gcj02_to_wgs.csv", None),
    ],
)
def test_a_name_says_its_datum_at_its_end(name: str, datum: str | None) -> None:
    assert named_datum(name) == datum
