"""The page of a station: the way from a named place, other maps, calling; no script needed."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import geopandas as gpd
import numpy as np
import pytest

from geo.network import write_network
from geo.network.graph import make_network
from geo.network.names import Street
from tests.networks import to_degrees

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.webmap.conftest import Save
    from webmap.settings import Settings

STREETS: Final = [Street("澄江大街", "Chengjiang Avenue"), Street("钱粮胡同", "")]
STOP: Final = "town:n7"
WECHAT: Final = {"User-Agent": "Mozilla/5.0 (Linux; Android 8.1.0) MicroMessenger/8.0.47"}


@pytest.fixture(autouse=True)
def town(settings: Settings, save: Save) -> None:
    """Make a city of two streets that meet, with a bus stop in one and a station in the other."""
    lon, lat = to_degrees([0, 800, 800], [0, 0, 800])
    ends, street = np.array([[0, 1], [1, 2]]), np.array([0, 1])
    network = make_network(lon, lat, np.arange(3), ends, street=street, streets=STREETS)
    folder = settings.cities / "town"
    folder.mkdir(parents=True)
    write_network(network, folder / "network")
    (x,), (y,) = to_degrees([400], [6])
    rows = {
        "osm": ["n7"], "name": ["柳堤公交站"], "name_en": [""], "kind": ["highway=bus_stop"],
        "lon": [x], "lat": [y],
    }  # fmt: skip
    points = gpd.points_from_xy([x], [y])
    gpd.GeoDataFrame(rows, geometry=points, crs=4326).to_parquet(folder / "places.parquet")
    west, south, east, north = network.bounds
    box = {"west": west, "south": south - 0.01, "east": east + 0.01, "north": north}
    (folder / "city.json").write_text(json.dumps({"code": "town", "sources": [], **box}))
    (x,), (y,) = to_degrees([788], [300])
    save({
        "code": "A1", "name": "隆福寺驿站", "lon": repr(float(x)), "lat": repr(float(y)),
        "address": "钱粮胡同 38 号", "phone_public": "010-1234 5678 转 2",
    })  # fmt: skip


def steps(page: str) -> list[str]:
    """Return the lines of the way."""
    items = re.findall(r"<li[^>]*><svg[^>]*><use href=\"#t-.*?</li>", page)
    return [re.sub(r"<[^>]+>", "", item).replace("\u00a0", " ") for item in items]


def test_the_way_from_a_named_place_is_told_without_a_script(client: FlaskClient) -> None:
    page = client.get(f"/s/A1?place={STOP}").text
    assert "从这里出发：<span>柳堤公交站" in page
    assert "步行 11 分钟，720 米" in page
    assert steps(page) == [
        "沿澄江大街往东走 410 米",
        "左转，沿钱粮胡同走 310 米",
        "到了，在左手边",
    ]


def test_words_offer_places_of_that_name(client: FlaskClient) -> None:
    page = client.get("/s/A1?from=柳堤").text
    (address,) = re.findall(r'<a href="([^"]+)#way"><span>柳堤公交站', page)
    assert unquote(unescape(address)) == f"/s/A1?place={STOP}"
    assert not steps(page)
    assert "没有找到“南城”" in client.get("/s/A1?from=南城").text


def test_by_bike_the_minutes_are_fewer_and_the_links_are_for_bikes(client: FlaskClient) -> None:
    page = client.get(f"/s/A1?place={STOP}&mode=ride").text
    assert "骑车 4 分钟，720 米" in page
    assert re.search(r'<a [^>]*href="https://uri.amap.com/[^"]*mode=ride', page)
    walk = client.get("/s/A1").text
    assert re.search(r'<a [^>]*href="https://uri.amap.com/[^"]*mode=walk', walk)


@pytest.mark.parametrize("query", ["place=town:n99", "place=x", "place=", "from=%20", "from="])
def test_a_place_that_is_none_changes_nothing(client: FlaskClient, query: str) -> None:
    page = client.get(f"/s/A1?{query}")
    assert page.status_code == 200
    assert not steps(page.text)


def test_a_chinese_street_in_an_english_page_is_marked(client: FlaskClient) -> None:
    page = client.get(f"/s/A1?place={STOP}&lang=en").text
    assert '<span lang="zh-CN">钱粮胡同</span>' in page
    assert "Chengjiang Avenue" in page


def test_the_place_and_the_mode_stay_when_the_language_changes(client: FlaskClient) -> None:
    page = client.get(f"/s/A1?place={STOP}&mode=ride").text
    (english,) = re.findall(r'<a href="([^"]+)" lang="en"', page)
    assert unquote(unescape(english)) == f"/s/A1?mode=ride&place={STOP}&lang=en"


def test_inside_wechat_the_page_says_how_to_get_out(client: FlaskClient) -> None:
    page = client.get("/s/A1", headers=WECHAT).text
    assert "在浏览器打开" in page
    assert "百度地图" not in page
    assert 'data-copy="钱粮胡同 38 号"' in page
    assert "在浏览器打开" not in client.get("/s/A1").text


def test_the_phones_are_dialled_at_a_tap(client: FlaskClient) -> None:
    page = client.get("/s/A1").text
    assert 'href="tel:01012345678"' in page
    assert "010-1234 5678 转 2" in page
    assert 'href="tel:12351"' in page


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [
        ("12345", "12345"),
        ("+86 10 8888 9999", "+861088889999"),
        ("问值班人员", ""),
        ("(010)65120000", "01065120000"),
        ("65120000 13800001111", "65120000"),
        ("6512000 6513000", "6512000"),
        ("+86 139 1234 5678", "+8613912345678"),
        ("138 0000 1111 010 65120000", "13800001111"),
    ],
)
def test_what_is_dialled_is_a_number(
    client: FlaskClient, save: Save, phone: str, dialled: str
) -> None:
    save({"code": "B1", "name": "乙", "phone_public": phone})
    page = client.get("/s/B1").text
    assert phone in unescape(page)
    assert [found for found in re.findall(r'href="tel:([^"]*)"', page) if found != "12351"] == (
        [dialled] if dialled else []
    )


def test_when_it_was_last_confirmed_stands_at_the_top(client: FlaskClient, save: Save) -> None:
    assert re.search(r'</h1>.*还没有人核实过.*id="way"', client.get("/s/A1").text, re.DOTALL)
    save({"code": "B1", "name": "乙", "verified_on": "2020-01-30"})
    assert re.search(r'</h1>.*一年多以前有人确认.*id="way"', client.get("/s/B1").text, re.DOTALL)


def test_no_link_to_another_map_tells_where_one_comes_from(client: FlaskClient) -> None:
    page = client.get(f"/s/A1?place={STOP}").text
    links = re.findall(r"<a [^>]*href=\"(?:https:|geo:)[^>]*>", page)
    assert len(links) >= 3
    assert all('rel="noopener noreferrer"' in link for link in links)
    assert "116.304" not in "".join(links)  # the bus stop's longitude


def test_to_a_place_that_is_no_more_nobody_is_sent(client: FlaskClient, save: Save) -> None:
    save({"code": "B1", "name": "乙", "status": "closed"})
    page = client.get("/s/B1").text
    assert "已经不用了" in page
    assert "找别的驿站" in page
    assert 'id="go"' not in page
    assert 'class="tell"' not in page
    assert "uri.amap.com" not in page


def test_who_stands_at_the_door_can_tell_and_print(client: FlaskClient) -> None:
    page = client.get("/s/A1").text
    assert page.count('class="tell"') == 1
    assert 'action="/s/A1/tell"' in page
    assert 'href="/s/A1/poster"' in page
