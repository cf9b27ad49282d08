"""Positions put into areas: through cells exactly as by testing each polygon."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import geo.area_index
from geo.area_index import AreaIndex
from geo.areas import read_areas
from tests.shared_data import SHARED, needs_shared_data

COUNT = 3000  # enough positions to be worth the cells


def index_of(*shapes: shapely.Geometry) -> AreaIndex:
    names = [str(row) for row in range(len(shapes))]
    return AreaIndex(gpd.GeoDataFrame({"name": names}, geometry=list(shapes), crs=4326))


def first_touching(shapes: list[shapely.Geometry], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the first shape that intersects each position, -1 for none, with no index at all."""
    touching = shapely.intersects(np.array(shapes)[:, np.newaxis], shapely.points(x, y))
    return np.where(touching.any(axis=0), touching.argmax(axis=0), -1)


def random_areas(rng: np.random.Generator, scale: float) -> list[shapely.Geometry]:
    """Return areas around 116, 40: overlapping, with holes, in parts, on whole numbers too."""
    circles = shapely.buffer(shapely.points(rng.uniform(0, 8, (9, 2))), rng.uniform(0.2, 3, 9))
    low = rng.integers(0, 8, (6, 2))
    high = low + rng.integers(1, 4, (6, 2))
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    shapes = [circles[0] - circles[1], circles[2] | circles[3], *circles[4:], *boxes]
    shapes[-1] = shapes[-1] | shapely.box(9, 9, 9.5, 9.1)
    kept = [shapes[row] for row in rng.permutation(len(shapes)) if not shapes[row].is_empty]
    return [shapely.transform(shape, lambda xy: xy * scale + [116.0, 40.0]) for shape in kept]


def positions(
    rng: np.random.Generator, shapes: list[shapely.Geometry], scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return positions inside and outside of areas, on their corners and sides, and no numbers."""
    corners = shapely.get_coordinates(shapes)
    strewn = rng.uniform(-1, 11, (COUNT, 2)) * scale + [116.0, 40.0]
    whole = rng.integers(-8, 88, (COUNT, 2)) / 8 * scale + [116.0, 40.0]
    close = corners[rng.integers(0, len(corners), COUNT)]
    nudged = np.nextafter(close, rng.uniform(0, 200, close.shape))
    xy = np.concatenate([strewn, whole, corners, nudged, [[np.nan, 40.0], [116.0, np.inf]]])
    return xy[:, 0], xy[:, 1]


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 0.125, 1e-3, 1e-6]), st.integers(2, 5000))
def test_the_cells_answer_as_the_polygons_do(seed: int, scale: float, cells: int) -> None:
    rng = np.random.default_rng(seed)
    shapes = random_areas(rng, scale)
    x, y = positions(rng, shapes, scale)
    expected = first_touching(shapes, x, y)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geo.area_index, "_CELLS", cells)
        index = index_of(*shapes)
        np.testing.assert_array_equal(index.find(x, y), expected)
        np.testing.assert_array_equal(index.find(x, y), expected)  # out of filled cells
        np.testing.assert_array_equal(index.find(x[::-1], y[::-1]), expected[::-1])
    np.testing.assert_array_equal(index_of(*shapes).find(x[:500], y[:500]), expected[:500])


@pytest.mark.parametrize("size", [0.0, 1.0])
def test_positions_on_the_sides_of_cells_and_of_the_box_are_in_an_area(size: float) -> None:
    index = index_of(shapely.box(115.3, 39.7, 116.3, 40.7 + size))
    for side in np.linspace(115.3, 116.3, 129):
        found = index.find(np.full(1025, side), np.linspace(39.7, 40.7 + size, 1025))
        assert (found == 0).all()


def test_areas_without_width_hold_what_is_on_them() -> None:
    index = index_of(shapely.LineString([(116, 40), (116, 41)]))
    found = index.find(np.repeat([116.0, 116.5], COUNT), np.full(2 * COUNT, 40.5))
    assert found.tolist() == [0] * COUNT + [-1] * COUNT


def test_positions_find_their_area_or_none() -> None:
    index = index_of(shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1))
    assert index.find([0.5, 2.5, 1.5], [0.5, 0.5, 0.5]).tolist() == [0, 1, -1]


def test_a_position_in_a_hole_is_outside() -> None:
    hole = shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 2, 2)
    assert index_of(hole).find([1.5, 0.5], [1.5, 0.5]).tolist() == [-1, 0]


def test_of_overlapping_areas_the_first_counts() -> None:
    index = index_of(shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3))
    assert index.find([1.5, 2.5], [1.5, 2.5]).tolist() == [0, 1]


def test_a_position_on_a_common_border_is_in_the_first_area() -> None:
    index = index_of(shapely.box(1, 0, 2, 1), shapely.box(0, 0, 1, 1))
    assert index.find([1.0, 0.0], [0.5, 0.5]).tolist() == [0, 1]


def test_a_missing_position_is_in_no_area() -> None:
    assert index_of(shapely.box(0, 0, 1, 1)).find([np.nan], [0.5]).tolist() == [-1]


def test_no_positions_and_no_areas_are_fine() -> None:
    assert index_of(shapely.box(0, 0, 1, 1)).find([], []).shape == (0,)
    assert index_of().find([0.5], [0.5]).tolist() == [-1]
    assert (index_of().find(np.full(COUNT, 0.5), np.full(COUNT, 0.5)) == -1).all()


@needs_shared_data
def test_zhengzhou_stations_lie_in_the_district_of_their_address() -> None:
    frame = read_areas(SHARED / "zhengzhou" / "districts_gcj02.geojson", datum="gcj02").frame
    stations = pd.read_csv(SHARED / "zhengzhou" / "stations.csv")
    stations = stations[stations["district"].isin(frame["name"])]
    row = AreaIndex(frame).find(stations["lng_wgs84"], stations["lat_wgs84"])
    agree = frame["name"].reindex(row).to_numpy() == stations["district"].to_numpy()
    assert (len(agree), agree.sum()) == (49, 45)  # the README: a few are geocoded wrongly
