"""Areas keep their shapes on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from geo.errors import CrsMismatchError, MissingCrsError, SourceFormatError
from tests.store.frames import make_areas

if TYPE_CHECKING:
    from geo.store import Store


def test_areas_come_back_as_they_were_saved(store: Store) -> None:
    assert store.save_areas(make_areas()) == 2
    assert_geodataframe_equal(store.read_areas(), make_areas())


def test_an_empty_store_has_no_areas(store: Store) -> None:
    assert_geodataframe_equal(store.read_areas(), make_areas([]))


def test_a_level_selects(store: Store) -> None:
    store.save_areas(make_areas(["110101"]))
    store.save_areas(make_areas(["110101001"], level="subdistrict"))
    assert list(store.read_areas("subdistrict")["code"]) == ["110101001"]
    assert len(store.read_areas()) == 2


def test_equal_areas_are_not_written_again(store: Store) -> None:
    store.save_areas(make_areas())
    assert store.save_areas(store.read_areas()) == 0
    assert store.change_seq() == 1


def test_a_changed_area_replaces_the_stored_one(store: Store) -> None:
    store.save_areas(make_areas())
    renamed = make_areas().assign(name=["新区", "区 110102"])
    assert store.save_areas(renamed) == 1
    assert_geodataframe_equal(store.read_areas(), renamed)
    assert store.change_seq() == 2


def test_a_polygon_is_kept_as_a_multipolygon_without_height(store: Store) -> None:
    shape = shapely.Polygon([(0, 0, 9), (1, 0, 9), (1, 1, 9)])
    store.save_areas(make_areas(["X"]).set_geometry([shape], crs="EPSG:4326"))
    stored = store.read_areas().geometry.iloc[0]
    assert stored.geom_type == "MultiPolygon"
    assert not stored.has_z
    assert stored.equals(shapely.force_2d(shape))


@pytest.mark.parametrize(
    ("areas", "error"),
    [
        (make_areas().to_crs("EPSG:3857"), CrsMismatchError),
        (
            gpd.GeoDataFrame(pd.DataFrame(make_areas()), geometry="geometry").set_crs(
                None, allow_override=True
            ),
            MissingCrsError,
        ),
        (make_areas().drop(columns="parent"), SourceFormatError),
        (make_areas(["X", "X"]), SourceFormatError),
        (make_areas(["X"]).set_geometry([shapely.Point(1, 1)], crs="EPSG:4326"), SourceFormatError),
        (make_areas(["X"]).set_geometry([None], crs="EPSG:4326"), SourceFormatError),
    ],
)
def test_faulty_areas_are_refused(
    store: Store, areas: gpd.GeoDataFrame, error: type[Exception]
) -> None:
    with pytest.raises(error):
        store.save_areas(areas)
    assert store.read_areas().empty
