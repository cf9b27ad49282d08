"""The station list as a browser gets it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from geo.store import open_store
from webmap import create_app

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.conftest import Save
    from webmap.settings import Settings

HOSTILE = "${alert(1)}{{7919*7907}}<img src=x onerror=alert(1)>\"'`驿站"


def test_an_empty_store_says_how_to_begin(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "这里还没有驿站" in page.text
    assert "nuanyi stations import" in page.text
    assert "No stations here yet" in client.get("/?lang=en").text


def test_a_row_says_name_answer_kind_by_shape_address_and_what_is_there(
    client: FlaskClient, save: Save
) -> None:
    save(
        {
            "name": "隆福寺爱心驿站",
            "address": "钱粮胡同 38 号",
            "kind": "union_hub",
            "hours": "24/7",
            "amenities": "drinking_water;microwave:broken;toilet:no",
            "entry_mode": "open_door",
        }
    )
    page = client.get("/").text
    for words in ("隆福寺爱心驿站", "钱粮胡同 38 号", "开着，24 小时都能进", "不用手机"):
        assert words in page
    assert '<use href="#m-union_hub-open">' in page
    row = page[page.index('<ul class="facts">') :].partition("</ul>")[0]
    assert "饮水" in row
    assert "微波炉" not in row
    assert "厕所" not in row


def test_a_station_not_in_use_says_so_and_has_no_state(client: FlaskClient, save: Save) -> None:
    save({"name": "甲", "status": "temporarily_closed", "hours": "24/7"})
    page = client.get("/").text
    assert "暂停开放" in page
    assert 'data-state=""' in page
    assert "24 小时都能进" not in page


def test_a_subdistrict_is_chosen_from_a_list_and_its_open_stations_come_first(
    client: FlaskClient, save: Save
) -> None:
    save(
        {"name": "甲", "district": "东区", "subdistrict": "柳街道"},
        {"name": "乙", "district": "东区", "subdistrict": "柳街道", "hours": "24/7"},
        {"name": "丙", "district": "东区", "subdistrict": "槐街道", "hours": "24/7"},
    )
    page = client.get("/").text
    assert '<option value="东区/柳街道">柳街道（2）</option>' in page
    chosen = client.get("/", query_string={"area": "东区/柳街道"}).text
    assert '<option value="东区/柳街道" selected>' in chosen
    assert re.findall(r'<a href="/s/[^"]+">(.)</a>', chosen) == ["乙", "甲"]


def test_a_need_leaves_out_only_what_is_known_to_fail_it(client: FlaskClient, save: Save) -> None:
    save(
        {"name": "甲", "amenities": "toilet"},
        {"name": "乙", "amenities": "toilet:no"},
        {"name": "丙"},
    )
    page = client.get("/?need=toilet").text
    assert sorted(re.findall(r'<a href="/s/[^"]+">(.)</a>', page)) == sorted(["甲", "丙"])
    assert '<input type="checkbox" form="ask" name="need" value="toilet" checked>' in page
    assert "厕所：未核实" in page
    assert client.get("/?need=nonsense").text.count('<li class="station"') == 3


def test_stored_text_is_never_markup(client: FlaskClient, save: Save) -> None:
    fields = ("name", "address", "district", "subdistrict", "hours_text", "aliases")
    save(dict.fromkeys(fields, HOSTILE.replace(";", ",")) | {"code": "A1", "note": HOSTILE})
    for address in ("/", "/?lang=en", "/s/A1", "/near?lon=116&lat=40"):
        page = client.get(address).text
        assert "<img" not in page
        assert "{{7919*7907}}" in page
        assert "62615533" not in page


def test_a_search_word_is_never_markup(client: FlaskClient, save: Save) -> None:
    save({"name": "甲"})
    page = client.get("/", query_string={"q": HOSTILE}).text
    assert "<img" not in page
    assert 'value="${alert(1)}{{7919*7907}}&lt;img' in page


def test_pages_hold_no_inline_script_or_style(client: FlaskClient, save: Save) -> None:
    save({"name": "甲"})
    for address in ("/", "/?q=zzz", "/nowhere"):
        page = client.get(address).text
        assert not re.search(r"<style|\son\w+=|\sstyle=|javascript:|https?://", page)
        for tag in re.findall(r"<script[^>]*>", page):
            assert 'type="application/json"' in tag or re.search(r' src="/[^/]', tag), tag


def test_a_page_never_holds_more_stations_than_its_size(settings: Settings, save: Save) -> None:
    save(*({"name": f"驿站 {n:03d}", "district": "区"} for n in range(250)))
    app = create_app(replace(settings, page_size=100))
    pages = [app.test_client().get(f"/?page={n}").text for n in (1, 2, 3, 4)]
    app.extensions["stores"].close()
    assert [page.count('<li class="station"') for page in pages] == [100, 100, 50, 50]
    assert "第 1 页，共 3 页" in pages[0]
    assert 'rel="next" href="/?page=2"' in pages[0]
    assert 'rel="prev"' not in pages[0]
    assert 'rel="next"' not in pages[2]
    names = re.findall(r"驿站 \d{3}", "".join(pages[:3]))
    assert names == sorted(set(names))
    assert len(names) == 250


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99", "1e9", ""])
def test_a_page_number_out_of_range_shows_the_nearest_page(
    client: FlaskClient, save: Save, page: str
) -> None:
    save({"name": "甲"})
    response = client.get("/", query_string={"page": page})
    assert response.status_code == 200
    assert response.text.count('<li class="station"') == 1


def test_search_lists_what_it_found_and_counts_in_english_grammar(
    client: FlaskClient, save: Save
) -> None:
    save({"name": "东四驿站"}, {"name": "西单驿站"})
    assert "“东四”找到 1 个驿站" in client.get("/?q=东四").text
    assert "1 station for “东四”" in client.get("/?q=东四&lang=en").text
    assert "2 stations" in client.get("/?lang=en").text
    assert "没有找到“南城”" in client.get("/?q=南城&lang=zh").text


def test_an_unchanged_page_is_not_sent_twice(client: FlaskClient, save: Save) -> None:
    save({"name": "甲"})
    tag = client.get("/").headers["ETag"]
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 304
    save({"name": "乙", "lon": "116.5"})
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_a_demo_says_that_it_is_one(client: FlaskClient, save: Save, own_store: Store) -> None:
    save({"name": "甲"})
    assert "演示" not in client.get("/").text
    own_store.mark_demo()
    assert "演示" in client.get("/").text


def test_staff_fields_are_in_no_page(client: FlaskClient, save: Save) -> None:
    save({"code": "A1", "name": "甲", "contact": "王某 13800000000", "manager": "李某"})
    for address in ("/", "/s/A1", "/near?lon=116&lat=40"):
        page = client.get(address).text
        assert "甲" in page
        assert "王某" not in page
        assert "李某" not in page


def test_health_needs_no_store_and_readiness_does(settings: Settings) -> None:
    app = create_app(settings.with_database("postgresql://nobody@127.0.0.1:1/none"))
    browser = app.test_client()
    assert browser.get("/healthz").status_code == 200
    response = browser.get("/readyz")
    assert response.status_code == 503
    assert response.get_json(force=True)["code"] == "not_ready"
    assert browser.get("/").status_code == 503


def test_readiness_of_a_current_store(client: FlaskClient) -> None:
    assert client.get("/readyz").get_json() == {"status": "ready", "change_seq": 0}


def test_a_newer_schema_is_not_ready(settings: Settings, app: Flask) -> None:
    settings.make_instance()
    with open_store(settings.database) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'z9999'")
    response = app.test_client().get("/readyz")
    assert response.status_code == 503
    assert "z9999" in response.get_json(force=True)["detail"]


def test_the_nearest_stand_in_the_rank_of_the_definitions(client: FlaskClient, save: Save) -> None:
    save(
        {"name": "近而不详", "lon": "116.001"},
        {"name": "远而开着", "lon": "116.004", "hours": "24/7"},
        {"name": "近而关着", "lon": "116.0005", "hours": "Mo-Su off"},
    )
    page = client.get("/near?lon=116.0000&lat=40.0000").text
    assert re.findall(r'<a href="/s/[^"]+">([^<]+)</a>', page) == [
        "远而开着",
        "近而不详",
        "近而关着",
    ]
    assert "最近能进的" in page
    assert "往东" in page
    assert "开门时间不详，可能开着" in page
    assert client.get("/near?lon=116&lat=40").headers["Cache-Control"] == "no-store"


def test_without_a_sure_station_within_15_minutes_the_page_says_so(
    client: FlaskClient, save: Save
) -> None:
    save({"name": "远", "lon": "116.1", "hours": "24/7"})
    assert "没有确定能进的" in client.get("/near?lon=116.0000&lat=40.0000").text


@pytest.mark.parametrize("query", ["", "lon=1", "lon=abc&lat=2", "lon=40&lat=116", "lon=nan&lat=1"])
def test_a_position_that_is_none_is_refused(client: FlaskClient, save: Save, query: str) -> None:
    save({"name": "甲"})
    assert client.get(f"/near?{query}").status_code == 400


def test_the_page_of_a_station_says_all_that_is_public(client: FlaskClient, save: Save) -> None:
    save(
        {
            "code": "A/1 号",
            "name": "柳堤驿站",
            "hours": "Mo-Fr 08:30-11:30,13:30-17:00",
            "hours_text": "工作日上午下午都开",
            "amenities": "drinking_water;microwave:broken;toilet:no",
            "entry_mode": "qr",
            "needs_registration": "yes",
            "phone_public": "0000-12345678",
            "verified_on": "2026-01-30",
            "capacity": "12",
        }
    )
    page = client.get("/s/A%2F1%20号").text
    for words in (
        "柳堤驿站", "工作日上午下午都开", "饮水", "微波炉", "坏了", "没有", "扫码", "要用手机",
        "第一次要登记", "0000-12345678", 'href="tel:12351"', "12 人", "未核实：", "手机充电",
    ):  # fmt: skip
        assert words in page, words


def test_no_station_of_a_code_is_a_page_not_found(client: FlaskClient, save: Save) -> None:
    save({"name": "甲"})
    assert client.get("/s/nothing").status_code == 404


def test_the_page_of_a_closed_station_says_that_it_is_gone(client: FlaskClient, save: Save) -> None:
    save({"code": "A1", "name": "甲", "status": "closed"}, {"name": "乙"})
    assert "已经不用了" in client.get("/s/A1").text


def test_an_amenity_with_hours_of_its_own_says_them(client: FlaskClient, save: Save) -> None:
    save({
        "code": "A",
        "name": "甲",
        "hours": "24/7",
        "amenities": "toilet;shower;wifi:broken",
        "amenity_hours": "toilet: 08:00-20:00 | wifi: 24/7",
    })  # fmt: skip
    page = client.get("/s/A").text
    items = re.findall(r"<li class=\"is-\w+\">.*?</li>", page)
    of = {word: item for item in items for word in ("厕所", "淋浴", "无线") if word in item}
    assert "每天 8:00–20:00" in of["厕所"]
    assert "每天" not in of["淋浴"]
    assert "每天 8:00–20:00" not in "".join(item for item in items if "坏了" in item)
