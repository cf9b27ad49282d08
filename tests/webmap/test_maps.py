"""Composed maps: parts, what they load, what stands in their script, and the vendored files."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

import folium
import pytest
from branca.element import CssLink, JavascriptLink

import webmap
from geo.city import build_city
from webmap import maps
from webmap.legend import say_map
from webmap.maps import KINDS, MapParts, Piece, UnmappedLinkError, compose

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from webmap.settings import Settings

    Save = Callable[..., None]

GRID = Path(__file__).parents[1] / "data" / "grid3x3.osm"
STATIC = Path(webmap.__file__).parent / "static"
MANIFEST = json.loads((STATIC / "vendor" / "manifest.json").read_text(encoding="utf-8"))
EVIL = "${alert(1)}</script><img src=x onerror=alert(1)>"


def parts_of(app: Flask, kind: str = "finder", query: str = "") -> MapParts:
    with app.test_request_context(f"/{query}"):
        return compose(kind)


def script_of(app: Flask, kind: str = "finder", lang: str = "zh") -> str:
    client = app.test_client()
    client.set_cookie("lang", lang)
    return client.get(parts_of(app, kind, f"?lang={lang}").scripts[-1]).text


@pytest.fixture
def city(settings: Settings, save: Save) -> None:
    """Build the grid as a city with stations."""
    save(*({"name": EVIL, "lon": f"116.30{n}", "lat": "40.001"} for n in (1, 3)))
    build_city([GRID], settings.cities, code="grid")


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("kind", KINDS)
def test_every_part_of_a_map_is_answered(client: FlaskClient, app: Flask, kind: str) -> None:
    parts = parts_of(app, kind)
    for address in (*parts.styles, *parts.scripts):
        assert address.startswith("/")
        with client.get(address) as answer:
            assert answer.status_code == 200
            assert answer.cache_control.max_age == 365 * 24 * 3600
    assert parts.scripts[-1].startswith(f"/maps/{kind}.js?v=")
    assert 'id="map_main"' in parts.html


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("kind", KINDS)
def test_no_stored_text_and_no_other_host_is_in_a_script(app: Flask, kind: str) -> None:
    script = script_of(app, kind)
    assert "alert" not in script
    addresses = set(re.findall(r"https?://[^\"']+", script))
    assert addresses <= {"https://www.openstreetmap.org/copyright"}


@pytest.mark.usefixtures("city")
def test_the_same_map_has_the_same_script(app: Flask) -> None:
    first = script_of(app)
    maps._composed.cache_clear()  # noqa: SLF001 - as another process would
    assert script_of(app) == first


@pytest.mark.usefixtures("city")
def test_the_script_speaks_the_language_of_the_visitor(app: Flask) -> None:
    chinese, english = (script_of(app, lang=lang) for lang in ("zh", "en"))
    assert "\\u56fe\\u4f8b" in chinese  # the legend's name
    assert chinese != english


@pytest.mark.usefixtures("city")
def test_a_changed_script_is_not_taken_for_the_named_one(client: FlaskClient) -> None:
    answer = client.get("/maps/finder.js?v=old")
    assert answer.cache_control.no_cache
    again = client.get("/maps/finder.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_an_unknown_map_is_not_found(client: FlaskClient) -> None:
    assert client.get("/maps/other.js").status_code == 404


def test_the_first_view_holds_the_stations(app: Flask, save: Save) -> None:
    save(
        {"name": "西", "lon": "116.1", "lat": "39.9"}, {"name": "东", "lon": "116.5", "lat": "40.1"}
    )
    [[south, west], [north, east]] = first_box(script_of(app))
    assert (west, south) == pytest.approx((116.1, 39.9), abs=0.01)
    assert (east, north) == pytest.approx((116.5, 40.1), abs=0.01)


def test_without_any_station_the_first_view_is_the_city(app: Flask, settings: Settings) -> None:
    made = build_city([GRID], settings.cities, code="grid")
    [[south, west], [north, east]] = first_box(script_of(app))
    assert (west, south, east, north) == (made.west, made.south, made.east, made.north)


def test_an_empty_installation_shows_the_middle_of_china(app: Flask) -> None:
    [[south, west], [north, east]] = first_box(script_of(app))
    assert west < 105 < east
    assert south < 35 < north


def test_without_a_basemap_the_ground_is_plain_and_its_library_not_loaded(app: Flask) -> None:
    assert not any("protomaps" in address for address in parts_of(app).scripts)
    assert "nuanyi.basemap" not in script_of(app)


@pytest.mark.usefixtures("city")
def test_own_streets_say_whose_data_they_are(app: Flask) -> None:
    assert "OpenStreetMap contributors" in script_of(app)


def first_box(script: str) -> list[list[float]]:
    """Return the box of the first view, [[south, west], [north, east]]."""
    found = re.search(r'"box": (\[\[.*?\]\])', script)
    assert found
    box: list[list[float]] = json.loads(found[1])
    return box


# Links


def test_a_link_that_is_not_vendored_is_an_error(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = Piece("foreign", library="https://cdn.example/far@latest.js")
    monkeypatch.setattr(maps, "_pieces", lambda _facts: [foreign])  # as a later layer might
    maps._composed.cache_clear()  # noqa: SLF001 - another map now
    with pytest.raises(UnmappedLinkError, match=r"cdn\.example/far.*vendor\.json"):
        parts_of(app)
    maps._composed.cache_clear()  # noqa: SLF001 - leave none behind


def test_folium_asks_for_nothing_that_the_manifest_does_not_know() -> None:
    drawn = folium.Map(tiles=None)
    drawn.get_root().render()
    links = drawn.get_root().header._children.values()  # noqa: SLF001 - the only way to them
    asked = {link.url for link in links if isinstance(link, (JavascriptLink, CssLink))}
    known = {entry["address"] for entry in MANIFEST["files"]} | set(MANIFEST["unused"])
    assert asked <= known


def test_composing_leaves_the_lists_of_the_classes_alone(app: Flask) -> None:
    before = deepcopy((folium.Map.default_js, folium.Map.default_css))
    for kind in KINDS:
        parts_of(app, kind)
    assert (folium.Map.default_js, folium.Map.default_css) == before


@pytest.mark.parametrize("entry", MANIFEST["files"], ids=lambda entry: entry["file"])
def test_a_vendored_file_is_the_one_of_the_manifest_and_has_its_licence(
    entry: dict[str, str],
) -> None:
    content = (STATIC / "vendor" / entry["file"]).read_bytes()
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    assert entry["integrity"] == f"sha512-{digest}"
    licence = (STATIC / "vendor" / entry["licence_file"]).read_text(encoding="utf-8")
    assert f"{entry['package']} {entry['version']} ({entry['licence']})" in licence
    assert "Copyright" in licence


def test_no_vendored_file_is_beside_the_manifest() -> None:
    known = {entry[name] for entry in MANIFEST["files"] for name in ("file", "licence_file")}
    found = {
        path.relative_to(STATIC / "vendor").as_posix()
        for path in (STATIC / "vendor").rglob("*")
        if path.is_file()
    }
    assert found == known | {"manifest.json"}


def test_every_kind_and_state_has_a_word(app: Flask) -> None:
    with app.test_request_context("/"):
        words = say_map()
    assert all(word for name in ("kinds", "states") for _, word in words[name])
