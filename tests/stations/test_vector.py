"""GeoJSON, GeoPackage and GeoParquet: CRS, datums, geometry, same bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas
import pytest
from geopandas import GeoDataFrame
from pandas import DataFrame
from shapely import LineString, Point

from geo.errors import CrsMismatchError, MissingCrsError, SourceFormatError
from geo.stations import load_stations, read_stations, validate_stations, write_stations
from tests.strategies import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

VECTORS = ("geojson", "gpkg", "parquet")


@pytest.fixture
def stations() -> GeoDataFrame:
    rows = DataFrame(
        {"code": ["A", "B"], "name": ["甲", "乙"], "lon": ["116.4", "116.5"], "lat": ["39.9", "40"]}
    )
    return validate_stations(rows, source="s.csv").stations


@pytest.mark.parametrize("extension", FORMATS)
def test_the_same_stations_give_the_same_bytes(
    tmp_path: Path, stations: GeoDataFrame, extension: str
) -> None:
    paths = [tmp_path / f"{name}.{extension}" for name in ("one", "two")]
    for path in paths:
        write_stations(stations, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_geojson_of_another_datum_says_so_in_its_name(
    tmp_path: Path, stations: GeoDataFrame
) -> None:
    path = tmp_path / "s.geojson"
    write_stations(stations, path, datum="gcj02")
    assert json.loads(path.read_text(encoding="utf-8"))["name"] == "stations_gcj02"


@pytest.mark.parametrize("extension", ["geojson", "gpkg"])
def test_refuses_a_layer_whose_name_says_another_datum(
    tmp_path: Path, stations: GeoDataFrame, extension: str
) -> None:
    path = tmp_path / f"s.{extension}"
    write_stations(stations, path, datum="gcj02")
    with pytest.raises(CrsMismatchError, match="choose the datum gcj02"):
        read_stations(path)


@pytest.mark.parametrize("extension", VECTORS)
def test_a_file_in_metres_is_reprojected_and_says_so(
    tmp_path: Path, stations: GeoDataFrame, extension: str
) -> None:
    path = tmp_path / f"s.{extension}"
    metric = stations.to_crs(32650)
    if extension == "parquet":
        metric.to_parquet(path)
    else:
        metric.to_file(path, engine="pyogrio", driver="GPKG" if extension == "gpkg" else "GeoJSON")
    checked = load_stations(path)
    assert [problem.code for problem in checked.problems] == ["reprojected"]
    assert (checked.stations["lon"] - stations["lon"]).abs().max() < 1e-6


def test_a_file_without_crs_is_refused_unless_its_datum_has_none(
    tmp_path: Path, stations: GeoDataFrame
) -> None:
    path = tmp_path / "s.parquet"
    stations.set_crs(None, allow_override=True).to_parquet(path)
    with pytest.raises(MissingCrsError, match="does not say its CRS"):
        read_stations(path)
    assert read_stations(path, datum="gcj02")["lon"][0] != 116.4


def test_degrees_of_a_chinese_datum_are_taken_as_they_stand(
    tmp_path: Path, stations: GeoDataFrame
) -> None:
    path = tmp_path / "s.geojson"
    stations.to_file(path, engine="pyogrio", driver="GeoJSON")  # declares CRS84, as all do
    found = read_stations(path, datum="gcj02")
    assert (found["lon"] - stations["lon"]).abs().min() > 0.001


def test_the_geometry_wins_over_lon_and_lat(tmp_path: Path, stations: GeoDataFrame) -> None:
    path = tmp_path / "s.gpkg"
    stations.assign(lon=1.0, lat=2.0).to_file(path, engine="pyogrio", driver="GPKG")
    assert read_stations(path)["lon"].tolist() == [116.4, 116.5]
    write_stations(stations.assign(lon=1.0), path)
    assert geopandas.read_file(path)["lon"].tolist() == [116.4, 116.5]


def test_a_line_or_no_geometry_is_a_fault_of_its_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.parquet"
    shapes = [LineString([(0, 1), (2, 3)]), None, Point(116.4, 39.9), Point()]
    GeoDataFrame({"name": list("甲乙丙丁")}, geometry=shapes, crs=4326).to_parquet(path)
    checked = load_stations(path)
    assert [(p.row, p.code) for p in checked.problems] == [
        (1, "not_a_point"),
        (2, "not_a_point"),
        (4, "not_a_point"),
    ]
    assert "LineString" in checked.problems[0].message
    assert checked.rows == (3,)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("s.geojson", b"", "is empty"),
        ("s.geojson", b"<OGRVRTDataSource/>", "no geojson file inside"),
        ("s.geojson", b'{"type": "FeatureCollection", "features": [', "cannot be read"),
        ("s.geojson", b'{"type": "FeatureCollection", "features": []}', "holds no stations"),
        ("s.gpkg", b"SQLite format 3\0 and no more", "cannot be read"),
        ("s.gpkg", b"name,lon,lat", "no gpkg file inside"),
        ("s.parquet", b"PAR1 and no more", "cannot be read"),
    ],
)
def test_refuses_a_bad_file_naming_it(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceFormatError, match=said):
        read_stations(path)


def test_refuses_to_write_other_coordinates(tmp_path: Path, stations: GeoDataFrame) -> None:
    with pytest.raises(CrsMismatchError, match="to_crs"):
        write_stations(stations.to_crs(3857), tmp_path / "s.csv")
    with pytest.raises(MissingCrsError, match="no CRS"):
        write_stations(stations.set_crs(None, allow_override=True), tmp_path / "s.csv")
