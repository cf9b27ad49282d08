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

HOSTILE = "${alert(1)}{{7*7}}<img src=x onerror=alert(1)>\"'`驿站"


def test_an_empty_store_says_how_to_begin(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "这里还没有驿站" in page.text
    assert "nuanyi stations import" in page.text
    assert "No stations here yet" in client.get("/?lang=en").text


def test_a_station_shows_name_kind_hours_address_under_its_district(
    client: FlaskClient, save: Save
) -> None:
    save(
        {
            "name": "隆福寺爱心驿站",
            "district": "东城区",
            "address": "钱粮胡同 38 号",
            "kind": "union_hub",
            "hours": "Mo-Fr 08:30-20:00",
        }
    )
    page = client.get("/").text
    for words in ("隆福寺爱心驿站", "东城区", "钱粮胡同 38 号", "周一至周五 08:30–20:00"):
        assert words in page
    assert 'aria-label="职工服务中心"><use href="#i-union_hub">' in page


def test_a_station_that_is_not_open_says_so(client: FlaskClient, save: Save) -> None:
    save({"name": "甲", "status": "temporarily_closed"}, {"name": "乙"})
    page = client.get("/").text
    assert page.count('class="tag"') == 1
    assert "暂停开放" in page


def test_stored_text_is_never_markup(client: FlaskClient, save: Save) -> None:
    fields = ("name", "address", "district", "subdistrict", "hours_text", "aliases")
    save(dict.fromkeys(fields, HOSTILE.replace(";", ",")))
    for address in ("/", "/?lang=en"):
        page = client.get(address).text
        assert "<img" not in page
        assert "{{7*7}}" in page
        assert "49" not in re.sub(r"\?v=\w+", "", page)


def test_a_search_word_is_never_markup(client: FlaskClient, save: Save) -> None:
    save({"name": "甲"})
    page = client.get("/", query_string={"q": HOSTILE}).text
    assert "<img" not in page
    assert 'value="${alert(1)}{{7*7}}&lt;img' in page


def test_pages_hold_no_inline_script_or_style(client: FlaskClient, save: Save) -> None:
    save({"name": "甲"})
    for address in ("/", "/?q=zzz", "/nowhere"):
        page = client.get(address).text
        assert not re.search(r"<script|<style|\son\w+=|\sstyle=|javascript:|https?://", page)


def test_a_page_never_holds_more_stations_than_its_size(settings: Settings, save: Save) -> None:
    save(*({"name": f"驿站 {n:03d}", "district": "区"} for n in range(250)))
    app = create_app(replace(settings, page_size=100))
    pages = [app.test_client().get(f"/?page={n}").text for n in (1, 2, 3, 4)]
    app.extensions["stores"].close()
    assert [page.count('<li class="station">') for page in pages] == [100, 100, 50, 50]
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
    assert response.text.count('<li class="station">') == 1


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
    save({"name": "甲", "contact": "王某 13800000000", "manager": "李某"})
    page = client.get("/").text
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
