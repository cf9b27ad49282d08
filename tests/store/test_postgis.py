"""What QGIS and GDAL see of the store in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from geopandas.testing import assert_geoseries_equal
from sqlalchemy import text

from geo.coords import WGS84
from geo.store import open_store
from tests.store.frames import BY, make_areas, make_stations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.store import Store


@pytest.fixture
def postgis(postgres_url: str) -> Iterator[Store]:
    # give a store of two stations and two areas in PostgreSQL
    with open_store(postgres_url) as store:
        store.save_stations(make_stations(), **BY)
        store.save_areas(make_areas())
        yield store


@pytest.mark.parametrize("table", ["stations", "areas"])
def test_geopandas_reads_the_layer_as_wgs84(postgis: Store, table: str) -> None:
    query = text(f"SELECT code, geom FROM {table} ORDER BY code")  # noqa: S608 - our own names
    layer = gpd.read_postgis(query, postgis.engine, geom_col="geom")
    ours = postgis.read_stations() if table == "stations" else postgis.read_areas()
    assert layer.crs == WGS84
    assert_geoseries_equal(layer.geometry.rename("geometry"), ours.geometry)


def test_the_point_moves_with_the_position(postgis: Store) -> None:
    postgis.save_stations(make_stations(["A"], lon=[100.5]), **BY)
    query = text("SELECT ST_X(geom), ST_Y(geom), ST_SRID(geom) FROM stations WHERE code = 'A'")
    with postgis.engine.connect() as connection:
        assert tuple(connection.execute(query).one()) == (100.5, 39.9, 4326)


def test_the_layers_announce_type_crs_key_and_spatial_index(postgis: Store) -> None:
    columns = "SELECT f_table_name, type, srid FROM geometry_columns ORDER BY 1"
    indexes = (
        "SELECT tablename FROM pg_indexes WHERE indexdef LIKE '%USING gist (geom)%' ORDER BY 1"
    )
    with postgis.engine.connect() as connection:
        layers = [tuple(row) for row in connection.execute(text(columns))]
        indexed = list(connection.execute(text(indexes)).scalars())
    assert layers == [("areas", "MULTIPOLYGON", 4326), ("stations", "POINT", 4326)]
    assert indexed == ["areas", "stations"]
