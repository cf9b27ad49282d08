"""Areas: polygons read as they should have been written, and positions put into them."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.areas import COLUMNS, read_areas
from geo.coords import from_wgs84
from geo.errors import InvalidDatumError, InvalidOptionError, MissingCrsError, SourceFormatError
from tests.shared_data import SHARED, needs_shared_data

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]


def ring(west: float, south: float, side: float = 1.0) -> list[list[float]]:
    """Return a closed square."""
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def square(west: float, south: float, side: float = 1.0) -> Json:
    return {"type": "Polygon", "coordinates": [ring(west, south, side)]}


def collection(*geometries: Json) -> Json:
    return {"type": "GeometryCollection", "geometries": list(geometries)}


def feature(geometry: Json | None, **properties: object) -> Json:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write(path: Path, *features: Json) -> Path:
    """Write GeoJSON, which is always WGS-84 to its reader."""
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where a test writes its areas."""
    return tmp_path / "areas.geojson"


def test_columns_level_and_crs_are_fixed(file: Path) -> None:
    frame = read_areas(write(file, feature(square(0, 0), name="甲")), level="district").frame
    assert tuple(frame.columns) == COLUMNS
    assert frame["level"].tolist() == ["district"]
    assert frame.crs.to_epsg() == 4326


def test_every_geometry_is_a_multipolygon(file: Path) -> None:
    frame = read_areas(write(file, feature(square(0, 0), name="甲"))).frame
    assert frame.geom_type.tolist() == ["MultiPolygon"]


def test_nothing_is_said_of_a_clean_file(file: Path) -> None:
    assert read_areas(write(file, feature(square(0, 0), name="甲"))).notes == ()


# Fields


@pytest.mark.parametrize("field", ["name", "NAME", "名称", "township", "街道"])
def test_usual_name_fields_are_found(file: Path, field: str) -> None:
    frame = read_areas(write(file, feature(square(0, 0), **{field: "建外街道"}))).frame
    assert frame["name"].tolist() == ["建外街道"]


def test_the_named_fields_win(file: Path) -> None:
    path = write(file, feature(square(0, 0), name="x", label="甲", id="7", within="市"))
    areas = read_areas(path, name_field="label", code_field="id", parent_field="within")
    assert areas.frame.iloc[0][["name", "code", "parent"]].tolist() == ["甲", "7", "市"]


def test_an_unusual_name_field_is_asked_for_with_those_there(file: Path) -> None:
    path = write(file, feature(square(0, 0), label="甲", id=1))
    with pytest.raises(SourceFormatError, match=r"which field holds the name\? say one of label"):
        read_areas(path)


@pytest.mark.parametrize("option", ["name_field", "code_field", "parent_field"])
def test_a_field_that_is_not_there_is_refused_with_those_that_are(file: Path, option: str) -> None:
    path = write(file, feature(square(0, 0), name="甲"))
    options: Json = {option: "NAME_2"}
    with pytest.raises(SourceFormatError, match="no field 'NAME_2'; its fields are name"):
        read_areas(path, **options)


def test_a_number_as_code_stays_whole_where_another_row_has_none(file: Path) -> None:
    path = write(
        file,
        feature(square(0, 0), name="甲", adcode=410102),
        feature(square(2, 0), name="乙", adcode=None),
    )
    assert read_areas(path).frame["code"].tolist() == ["410102", ""]


def test_a_missing_name_is_empty(file: Path) -> None:
    path = write(file, feature(square(0, 0), name=None), feature(square(2, 0), name="乙"))
    assert read_areas(path).frame["name"].tolist() == ["", "乙"]


def test_made_codes_are_the_same_in_another_order(file: Path) -> None:
    rows = [feature(square(0, 0), name="甲"), feature(square(2, 0), name="甲")]
    first = read_areas(write(file, *rows)).frame["code"].tolist()
    assert read_areas(write(file, *reversed(rows))).frame["code"].tolist() == first[::-1]
    assert len(set(first)) == 2


def test_two_areas_with_one_code_are_read(file: Path) -> None:
    rows = [feature(square(x, 0), name="甲", code="1") for x in (0, 2)]
    assert read_areas(write(file, *rows)).frame["code"].tolist() == ["1", "1"]


# Geometry


def test_a_collection_is_reduced_to_its_polygons_and_said(file: Path) -> None:
    line = {"type": "LineString", "coordinates": [[0, 0], [5, 5]]}
    areas = read_areas(write(file, feature(collection(line, square(0, 0)), name="甲")))
    assert areas.frame.geometry[0].equals(shapely.box(0, 0, 1, 1))
    assert areas.notes == ("areas.geojson: 1 geometry collections reduced to their polygons",)


@pytest.mark.parametrize("west", [0.5, 1.0], ids=["overlap", "touch"])
def test_polygons_of_a_collection_are_joined_into_a_valid_one(file: Path, west: float) -> None:
    whole = collection(square(0, 0), square(west, 0))
    (shape,) = read_areas(write(file, feature(whole, name="甲"))).frame.geometry
    assert shape.is_valid
    assert shape.equals(shapely.box(0, 0, 1 + west, 1))


def test_collections_within_collections_are_opened(file: Path) -> None:
    many = {"type": "MultiPolygon", "coordinates": [[ring(0, 0)], [ring(3, 0)]]}
    areas = read_areas(write(file, feature(collection(collection(many)), name="甲")))
    assert shapely.area(areas.frame.geometry.to_numpy()).tolist() == [2.0]


def test_an_invalid_polygon_is_repaired_and_said(file: Path) -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    areas = read_areas(write(file, feature(bow, name="甲")))
    assert areas.frame.geometry.is_valid.all()
    assert areas.frame.geometry[0].area == pytest.approx(0.5)
    assert areas.notes == ("areas.geojson: 1 invalid polygons repaired",)


@pytest.mark.parametrize(
    "shape", [None, {"type": "Point", "coordinates": [0, 0]}, collection()], ids=str
)
def test_a_row_without_polygon_is_left_out_and_said(file: Path, shape: Json | None) -> None:
    areas = read_areas(write(file, feature(shape, name="甲"), feature(square(0, 0), name="乙")))
    assert areas.frame["name"].tolist() == ["乙"]
    assert areas.notes[-1] == "areas.geojson: 1 rows without a polygon left out"


def test_a_missing_geometry_is_no_repaired_polygon(file: Path) -> None:
    areas = read_areas(write(file, feature(None, name="甲"), feature(square(0, 0), name="乙")))
    assert not any("repaired" in note for note in areas.notes)


def test_a_third_dimension_is_dropped(file: Path) -> None:
    high = {"type": "Polygon", "coordinates": [[[*point, 44.0] for point in ring(0, 0)]]}
    assert not read_areas(write(file, feature(high, name="甲"))).frame.geometry.has_z.any()


# Coordinate systems


@pytest.mark.parametrize("epsg", [32650, 4490, 4549])
def test_a_file_in_another_crs_is_reprojected_from_the_one_it_declares(
    tmp_path: Path, epsg: int
) -> None:
    box = shapely.box(116.3, 40.0, 116.4, 40.1)
    path = tmp_path / "areas.gpkg"
    frame = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[box], crs=4326)
    frame.to_crs(epsg).to_file(path, engine="pyogrio")
    (shape,) = read_areas(path).frame.geometry
    assert shape.hausdorff_distance(box) < 1e-7


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_coordinates_in_a_chinese_datum_are_converted(file: Path, datum: str) -> None:
    lon, lat = np.array(ring(116.3, 40.0, 0.1)).T
    moved = np.column_stack(from_wgs84(lon, lat, datum)).tolist()
    path = write(file, feature({"type": "Polygon", "coordinates": [moved]}, name="甲"))
    (shape,) = read_areas(path, datum=datum).frame.geometry
    assert shape.hausdorff_distance(shapely.box(116.3, 40.0, 116.4, 40.1)) < 1e-8


def test_a_file_without_crs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "areas.gpkg"
    frame = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[shapely.box(0, 0, 1, 1)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # pyogrio warns of the very fault
        frame.to_file(path, engine="pyogrio")
    with pytest.raises(MissingCrsError, match=r"areas\.gpkg: does not say"):
        read_areas(path)


@pytest.mark.parametrize("datum", ["wgs84", "gcj02"])
def test_metres_that_are_declared_to_be_degrees_are_refused(file: Path, datum: str) -> None:
    path = write(file, feature(square(440_000, 4_400_000, 1000), name="甲"))
    with pytest.raises(SourceFormatError, match="no degrees"):
        read_areas(path, datum=datum)


# Files and options


def test_a_file_that_is_no_vector_file_is_refused(file: Path) -> None:
    file.write_text("not json", encoding="utf-8")
    with pytest.raises(SourceFormatError, match="not a readable file of areas"):
        read_areas(file)


def test_a_missing_file_is_refused(file: Path) -> None:
    with pytest.raises(SourceFormatError, match=r"areas\.geojson"):
        read_areas(file)


def test_a_file_without_rows_is_refused(file: Path) -> None:
    with pytest.raises(SourceFormatError, match="holds no areas"):
        read_areas(write(file))


def test_a_table_is_no_file_of_areas(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text("name,lon\nx,1\n", encoding="utf-8")
    with pytest.raises(SourceFormatError, match="holds no areas"):
        read_areas(path)


def test_a_file_of_points_holds_no_polygon(file: Path) -> None:
    path = write(file, feature({"type": "Point", "coordinates": [0, 0]}, name="甲"))
    with pytest.raises(SourceFormatError, match="holds no polygon"):
        read_areas(path)


def test_an_unknown_level_is_refused_with_the_known_ones(file: Path) -> None:
    with pytest.raises(InvalidOptionError, match="city, district, subdistrict"):
        read_areas(file, level="street")


def test_an_unknown_datum_is_refused(file: Path) -> None:
    with pytest.raises(InvalidDatumError):
        read_areas(write(file, feature(square(0, 0), name="甲")), datum="mars")


# Real files


@needs_shared_data
def test_zhengzhou_collections_are_reduced_and_said() -> None:
    path = SHARED / "zhengzhou" / "districts_gcj02.geojson"
    areas = read_areas(path, level="district", datum="gcj02")
    assert len(areas.frame) == 12
    assert areas.frame.geometry.is_valid.all()
    assert areas.frame["code"].str.fullmatch(r"4101\d\d").all()
    assert "12 geometry collections reduced" in areas.notes[0]


@needs_shared_data
def test_beijing_has_331_townships() -> None:
    areas = read_areas(SHARED / "beijing" / "townships.geojson", parent_field="district")
    assert len(areas.frame) == 331
    assert areas.frame["code"].is_unique
    assert (areas.frame["parent"] == "东城区").sum() == 17
    assert areas.notes == ()


# A CRS from outside


def write_bare(folder: Path, frame: gpd.GeoDataFrame) -> Path:
    """Write a Shapefile that does not state its CRS."""
    path = folder / "bare.shp"
    frame.to_file(path, encoding="utf-8")
    path.with_suffix(".prj").unlink(missing_ok=True)
    return path


def squares(*wests: float, crs: str = "EPSG:4490") -> gpd.GeoDataFrame:
    shapes = [shapely.box(west, 40, west + 1, 41) for west in wests]
    names = [f"n{row}" for row in range(len(wests))]
    return gpd.GeoDataFrame({"name": names}, geometry=shapes, crs=crs)


def test_a_crs_is_taken_for_a_file_that_states_none_and_said(tmp_path: Path) -> None:
    metric = squares(116).to_crs("EPSG:4547")  # Gauss-Krueger, metres
    path = write_bare(tmp_path, metric)
    with pytest.raises(MissingCrsError):
        read_areas(path)
    areas = read_areas(path, crs="EPSG:4547")
    assert areas.frame.total_bounds == pytest.approx([116, 40, 117, 41], abs=1e-4)
    assert "states no CRS, read as CGCS2000" in areas.notes[0]


def test_a_stated_crs_wins_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    squares(116).to_file(path)
    areas = read_areas(path, crs="EPSG:4547")
    assert areas.frame.total_bounds == pytest.approx([116, 40, 117, 41], abs=1e-6)
    assert "EPSG:4547 was left aside" in areas.notes[0]
    assert read_areas(path, crs="EPSG:4490").notes == ()


def test_a_crs_that_is_none_is_refused(tmp_path: Path) -> None:
    path = write_bare(tmp_path, squares(116))
    with pytest.raises(InvalidOptionError, match=r"no coordinate .* 'Atlantis'; write it like"):
        read_areas(path, crs="Atlantis")


# Overlaps


def test_areas_that_overlap_are_said_with_the_worst_pair(file: Path) -> None:
    shapes = [square(0, 0), square(0.9, 0), square(2.5, 0), square(3.0, 0)]
    rows = [feature(shape, name=name) for shape, name in zip(shapes, "甲乙丙丁", strict=True)]
    (note,) = read_areas(write(file, *rows)).notes
    assert "2 pairs of areas overlap, 丙 and 丁 the most" in note
    assert "the first in the file counts" in note


def test_neighbours_and_slivers_are_no_overlaps(file: Path) -> None:
    rows = [feature(square(west, 0), name="x") for west in (0, 1, 2 - 1e-9)]
    assert read_areas(write(file, *rows)).notes == ()
