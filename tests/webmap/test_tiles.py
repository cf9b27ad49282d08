"""Tiles of the basemap over HTTP: compressed as stored, kept for long by their version."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from geo.basemap import Basemap
from geo.city import build_city

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from webmap.settings import Settings

    Save = Callable[..., None]

GRID = Path(__file__).parents[1] / "data" / "grid3x3.osm"
HERE = "/base/14/13485/6202.mvt"  # 116.3, 40.0
YEAR_S = 365 * 24 * 3600


@pytest.fixture
def city(settings: Settings, save: Save) -> bytes:
    """Build the grid as a city with a station; return its tile as stored."""
    save({"name": "一号驿站", "lon": "116.301", "lat": "40.001"})
    made = build_city([GRID], settings.cities, code="grid")
    tile = Basemap(made.basemap_path).tile(14, 13485, 6202)
    assert tile
    return tile


def test_a_tile_is_sent_as_it_is_stored(client: FlaskClient, city: bytes) -> None:
    answer = client.get(HERE, headers={"Accept-Encoding": "gzip, br"})
    assert answer.data == city
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.mimetype == "application/vnd.mapbox-vector-tile"


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0"])
def test_who_takes_no_gzip_gets_plain_bytes(
    client: FlaskClient, city: bytes, accepted: str
) -> None:
    answer = client.get(HERE, headers={"Accept-Encoding": accepted})
    assert "gzip" not in answer.headers.get("Content-Encoding", "")
    assert answer.data == gzip.decompress(city)


def test_the_answer_says_that_it_depends_on_the_encoding(client: FlaskClient, city: bytes) -> None:
    assert city
    assert "Accept-Encoding" in client.get(HERE).headers["Vary"]


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("path", ["/base/14/0/0.mvt", "/base/20/5/5.mvt", "/base/3/99/99.mvt"])
def test_where_nothing_is_drawn_the_answer_is_empty(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.data) == (204, b"")


def test_an_installation_without_a_basemap_has_empty_tiles(client: FlaskClient) -> None:
    assert client.get(HERE).status_code == 204


@pytest.mark.parametrize("path", ["/base/a/0/0.mvt", "/base/1/-1/0.mvt", "/base/1/0/0.png"])
def test_what_is_no_tile_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.usefixtures("city")
def test_a_tile_named_by_its_version_is_kept_a_year(app: Flask, client: FlaskClient) -> None:
    version = app.extensions["cities"].version
    assert client.get(f"{HERE}?v={version}").cache_control.max_age == YEAR_S
    assert client.get(f"{HERE}?v=old").cache_control.max_age == 60
    assert client.get(HERE).cache_control.max_age == 60


def test_where_cities_meet_the_fuller_tile_is_sent(
    client: FlaskClient, city: bytes, settings: Settings
) -> None:
    build_city([GRID], settings.cities, code="twin")
    twin = settings.cities / "twin" / "basemap.pmtiles"
    twin.write_bytes(b"")  # damaged: left out, and logged
    assert client.get(HERE, headers={"Accept-Encoding": "gzip"}).data == city
