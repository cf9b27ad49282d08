"""The answer from a position or a place: its area, a wish, and what is said where all are far."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

import geopandas as gpd
import pytest
from shapely.geometry import box

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.conftest import Save
    from webmap.settings import Settings

HERE = "/near?lon=116.0000&lat=40.0000"
STOP = "town:n1"


@pytest.fixture(autouse=True)
def town(settings: Settings) -> None:
    """Make a city that has two places of the map, but no streets where they are."""
    folder = settings.cities / "town"
    folder.mkdir(parents=True)
    rows = {
        "osm": ["n1", "w2"],
        "name": ["柳堤路口", "柳堤公园"],
        "name_en": ["", ""],
        "kind": ["highway=bus_stop", "leisure=park"],
        "lon": [116.0, 116.01],
        "lat": [40.0, 40.0],
    }
    points = gpd.points_from_xy(rows["lon"], rows["lat"])
    gpd.GeoDataFrame(rows, geometry=points, crs=4326).to_parquet(folder / "places.parquet")
    extent = {"west": 0.0, "south": 0.0, "east": 0.1, "north": 0.1}
    (folder / "city.json").write_text(json.dumps({"code": "town", "sources": [], **extent}))


@pytest.mark.parametrize(
    ("lon", "is_far", "said"),
    [("116.5", False, ""), ("117.0", True, "离你 85 公里"), ("-116", True, "公里")],
)
def test_from_50_km_on_no_station_is_shown_as_near(
    client: FlaskClient, save: Save, lon: str, said: str, *, is_far: bool
) -> None:
    save({"name": "甲", "district": "柳堤区", "hours": "24/7"})
    page = client.get(f"/near?lon={lon}&lat=40").text
    assert ("你在的地方附近没有驿站" in page) == is_far
    assert ("/s/" in page) != is_far
    assert said in page
    assert ("最近的一个在<span>柳堤区</span>" in page) == is_far


def test_filters_that_leave_out_all_near_stations_do_not_make_them_far(
    client: FlaskClient, save: Save
) -> None:
    save(
        {"name": "近", "amenities": "toilet:no"},
        {"name": "远", "lon": "118", "amenities": "toilet"},
    )
    page = client.get(f"{HERE}&need=toilet").text
    assert "附近没有驿站" not in page
    assert "远" in page


def test_without_any_station_the_answer_is_an_empty_one(client: FlaskClient, save: Save) -> None:
    save({"name": "甲", "status": "closed"})
    assert "没有找到合适的驿站" in client.get(HERE).text


@pytest.mark.parametrize(("lon", "wishes"), [("116.1", 1), ("116.001", 0)])
def test_a_wish_is_offered_where_none_is_within_15_minutes(
    client: FlaskClient, save: Save, lon: str, wishes: int
) -> None:
    save({"name": "甲", "lon": lon, "hours": "24/7"})
    assert client.get(HERE).text.count("data-wish") == wishes


def test_a_wish_is_of_the_present(client: FlaskClient, save: Save) -> None:
    save({"name": "甲", "lon": "116.1", "hours": "24/7"})
    assert "data-wish" not in client.get(f"{HERE}&at=2026-03-02T04:30").text


def test_the_answer_names_the_subdistrict_of_the_position(
    client: FlaskClient, save: Save, own_store: Store
) -> None:
    save({"name": "甲"})
    assert 'data-area=""' in client.get(HERE).text
    own_store.save_areas(
        gpd.GeoDataFrame(
            {"code": ["1"], "name": ["柳堤街道"], "level": ["subdistrict"], "parent": [""]},
            geometry=[box(115.99, 39.99, 116.005, 40.01)],
            crs=4326,
        )
    )
    assert 'data-area="柳堤街道"' in client.get(HERE).text
    assert 'data-area=""' in client.get("/near?lon=116.006&lat=40").text


def test_a_search_offers_places_and_one_of_them_answers(client: FlaskClient, save: Save) -> None:
    save({"code": "A1", "name": "柳堤驿站", "lon": "116.004", "hours": "24/7"})
    page = client.get("/?q=柳堤&open=1").text
    places = re.findall(r'<li><a href="([^"]+)"><svg.*?class="name">([^<]+)</span>(.*?)</a>', page)
    assert [name for _, name, _ in places] == ["柳堤路口", "柳堤公园"]
    assert "公交站" in places[0][2]
    address = unquote(unescape(places[0][0]))
    assert address == f"/?open=1&place={STOP}"
    answer = client.get(address).text
    assert 'class="finder near"' in answer
    assert '<span id="whereabouts" class="name" data-none="选地方">柳堤路口</span>' in answer
    assert f'href="/s/A1?place={STOP}#way"' in unquote(answer)
    assert f'<input type="hidden" name="place" value="{STOP}">' in answer
    assert "往东" in answer


@pytest.mark.parametrize("query", ["place=town:n9", "place=x", "place="])
def test_a_place_that_is_none_shows_the_list(client: FlaskClient, save: Save, query: str) -> None:
    save({"name": "甲"})
    page = client.get(f"/?{query}").text
    assert "一共 1 个驿站" in page
    assert 'class="finder near"' not in page


def test_what_is_searched_for_by_name_stands_by_its_rank(client: FlaskClient, save: Save) -> None:
    save(
        {"name": "大柳堤驿站", "hours": "24/7"},
        {"name": "柳堤驿站", "hours": "Mo-Su off"},
    )
    page = client.get("/?q=柳堤驿站").text
    assert re.findall(r'<a href="/s/[^"]+">(\S+)</a>', page) == ["柳堤驿站", "大柳堤驿站"]


def test_a_slip_is_forgiven_and_said(client: FlaskClient, save: Save) -> None:
    save({"name": "隆福寺驿站"})
    page = client.get("/?q=隆福氏驿站").text
    assert "没有找到“隆福氏驿站”，是不是找：" in page
    assert "隆福寺驿站" in page


def test_the_last_lines_lead_to_paper_and_to_what_is_kept(client: FlaskClient, save: Save) -> None:
    save({"name": "甲"})
    page = client.get("/").text
    for address in ("/print", "/privacy"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
