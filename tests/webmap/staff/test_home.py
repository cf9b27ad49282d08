"""The staff's list: found, filtered, sorted, and which store it shows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo.stations import validate_stations
from tests.webmap.conftest import NOW
from tests.webmap.staff.conftest import STATION, error_at, hidden, send
from webmap import create_app
from webmap.staff.roll import SORTS, Rolls, Wish, find

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings

FULL = {
    "address": "路 1 号", "hours": "24/7", "entry_mode": "qr", "amenities": "seat",
    "verified_on": "2026-10-11",
}  # fmt: skip


@pytest.fixture
def three(save: Save) -> None:
    """Save three stations of two subdistricts."""
    save(
        {"code": "C", "name": "丙驿站", "kind": "union_hub", "district": "东城区", **FULL},
        {"code": "A", "name": "甲驿站", "district": "东城区", "subdistrict": "东四街道",
         "status": "closed", "aliases": "暖心小屋", "hours_text": "白天"},
        {"code": "B", "name": "乙服务点", "district": "东城区", "subdistrict": "东四街道",
         "kind": "service_point", "verified_on": "2026-01-01"},
    )  # fmt: skip


def names(page: str) -> list[str]:
    """Return the names of the listed stations in their order."""
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page)


def put(store: Store, *rows: dict[str, str]) -> None:
    """Save stations in a store."""
    checked = validate_stations(pd.DataFrame(rows).fillna(""), source="made up")
    store.save_stations(checked.stations, actor="demo", origin="demo", now=NOW)


def test_a_station_saved_after_the_list_was_read_stands_in_it_once(
    login: Login, save: Save
) -> None:
    save({"code": "B", "name": "乙"}, {"code": "C", "name": "丙"})
    browser = login()
    assert len(names(browser.get("/staff/").text)) == 2
    save({"code": "A", "name": "甲"})
    assert sorted(names(browser.get("/staff/").text)) == sorted(["甲", "乙", "丙"])


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["丙驿站", "甲驿站", "乙服务点"]),
        ("q=驿站", ["丙驿站", "甲驿站"]),
        ("q=暖心", ["甲驿站"]),
        ("q=c", ["丙驿站"]),
        ("q=驿站+东四", ["甲驿站"]),
        ("kind=service_point", ["乙服务点"]),
        ("status=closed", ["甲驿站"]),
        ("area=东城区+东四街道", ["甲驿站", "乙服务点"]),
        ("area=东城区+东四街道&status=open", ["乙服务点"]),
        ("sort=name", ["丙驿站", "甲驿站", "乙服务点"]),
        ("sort=-name", ["乙服务点", "甲驿站", "丙驿站"]),
        ("sort=-done", ["丙驿站", "甲驿站", "乙服务点"]),
        ("sort=verified_on", ["甲驿站", "乙服务点", "丙驿站"]),
        ("sort=nonsense", ["丙驿站", "甲驿站", "乙服务点"]),
        ("page=99", ["丙驿站", "甲驿站", "乙服务点"]),
        ("q=" + "没" * 100, []),
    ],
)
def test_the_list_shows_what_was_asked_for_in_the_order_asked_for(
    login: Login, query: str, found: list[str]
) -> None:
    answer = login().get(f"/staff/?{query}")
    assert answer.status_code == 200
    assert names(answer.text) == found


@pytest.mark.usefixtures("three")
def test_the_list_says_what_is_still_to_find_out(login: Login) -> None:
    page = login().get("/staff/?lang=zh").text
    rows = re.findall(r"<span>(\d)/5(?:<span class=\"minor\">([^<]*))?", page)
    assert rows == [
        ("5", ""),
        ("1", "缺 地址、进门方式、设施、核实日期"),
        ("1", "缺 地址、开放时间、进门方式、设施"),
    ]
    assert "没核实过" in page
    assert "missing: address, hours" in login().get("/staff/?lang=en").text.lower()


@pytest.mark.usefixtures("three")
def test_the_head_of_a_sorted_column_turns_it_round(login: Login) -> None:
    browser = login()
    page = browser.get("/staff/?sort=name&q=站").text
    assert 'aria-sort="ascending"><a href="/staff/?q=%E7%AB%99&amp;sort=-name"' in page
    assert 'aria-sort="descending"' in browser.get("/staff/?sort=-name").text
    assert page.count("aria-sort") == 1


@pytest.mark.usefixtures("three")
def test_after_saving_the_list_is_as_it_was_left(login: Login) -> None:
    browser = login()
    browser.get("/staff/?q=驿站&sort=-name")
    answer = send(browser, "/staff/stations/new", STATION)
    assert answer.headers["Location"] == "/staff/?q=%E9%A9%BF%E7%AB%99&sort=-name"


def test_a_page_never_holds_more_stations_than_its_size(
    settings: Settings, save: Save, login: Login
) -> None:
    login("小王")
    save(*({"name": f"驿站 {n:03d}", "code": f"{n:03d}"} for n in range(25)))
    app = create_app(replace(settings, page_size=10))
    browser = app.test_client()
    send(browser, "/login", {"name": "小王", "password": "correct horse"})
    pages = [names(browser.get(f"/staff/?page={n}&kind=rest_station").text) for n in (1, 2, 3)]
    last = browser.get("/staff/?page=2&kind=rest_station").text
    app.extensions["stores"].close()
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [name for page in pages for name in page] == [f"驿站 {n:03d}" for n in range(25)]
    assert 'rel="next" href="/staff/?kind=rest_station&amp;page=3"' in last


def test_the_roll_of_a_store_follows_every_change(own_store: Store, save: Save) -> None:
    rolls = Rolls()
    assert rolls.of(own_store).empty
    save({"code": "A", "name": "甲"}, {"code": "B", "name": "乙"})
    first = rolls.of(own_store)
    assert first["code"].tolist() == ["A", "B"]
    assert rolls.of(own_store) is first
    save({"code": "A", "name": "丙", "hours": "24/7"})
    assert rolls.of(own_store)[["code", "name", "has_hours"]].to_numpy().tolist() == [
        ["A", "丙", True],
        ["B", "乙", False],
    ]


def test_the_roll_forgets_a_station_that_an_undo_took_out(own_store: Store, save: Save) -> None:
    rolls = Rolls()
    save({"code": "A", "name": "甲"}, {"code": "B", "name": "乙"})
    assert len(rolls.of(own_store)) == 2
    own_store.undo_change(1, actor="t", now=NOW)
    assert rolls.of(own_store)["code"].tolist() == ["B"]


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{sort}" for sort in SORTS)])
def test_every_order_keeps_all_rows(own_store: Store, save: Save, sort: str) -> None:
    save(*({"code": f"{n}", "name": f"驿{n % 3}", "district": f"区{n % 2}"} for n in range(12)))
    rows = Rolls().of(own_store)
    found = find(rows, Wish(sort=sort))
    assert sorted(found["code"]) == sorted(rows["code"])


def test_an_empty_desk_says_how_to_begin(login: Login) -> None:
    page = login().get("/staff/").text
    assert "还没有驿站" in page
    assert 'href="/staff/stations/new"' in page
    assert "演示" not in page


def test_while_there_is_no_own_station_the_desk_works_on_the_demo(
    login: Login, demo_store: Store, own_store: Store
) -> None:
    put(demo_store, {"code": "D", "name": "演示驿站", "lon": "116.4", "lat": "39.9"})
    browser = login()
    page = browser.get("/staff/").text
    assert names(page) == ["演示驿站"]
    assert "随便试，不影响真的" in page
    send(browser, "/staff/stations/new", STATION)
    assert own_store.count_stations() == 0
    added = demo_store.read_stations().set_index("name").loc["隆福寺驿站"]
    assert added["demo"] == "yes"


def test_the_first_own_station_is_saved_for_real_and_ends_the_demo(
    login: Login, demo_store: Store, own_store: Store, client: FlaskClient
) -> None:
    put(demo_store, {"code": "D", "name": "演示驿站", "lon": "113.9", "lat": "35.0"})
    browser = login()
    answer = send(browser, "/staff/own", {"own": "yes"}, page="/staff/")
    assert answer.headers["Location"] == "/staff/stations/new"
    assert "公开的页面就只显示你们自己的驿站" in browser.get("/staff/stations/new").text
    assert "演示驿站" in client.get("/").text
    assert send(browser, "/staff/stations/new", STATION).status_code == 302
    row = own_store.read_stations().iloc[0]
    assert (row["name"], row["demo"]) == ("隆福寺驿站", "")
    assert demo_store.count_stations() == 1
    page = browser.get("/staff/").text
    assert names(page) == ["隆福寺驿站"]
    assert "演示" not in page
    public = client.get("/").text
    assert "隆福寺驿站" in public
    assert "演示驿站" not in public


def test_one_may_go_back_to_the_demo(login: Login, demo_store: Store) -> None:
    put(demo_store, {"code": "D", "name": "演示驿站", "lon": "113.9", "lat": "35.0"})
    browser = login()
    send(browser, "/staff/own", {"own": "yes"}, page="/staff/")
    assert names(browser.get("/staff/").text) == []
    send(browser, "/staff/own", {}, page="/staff/")
    assert names(browser.get("/staff/").text) == ["演示驿站"]


def test_the_choice_of_one_s_own_store_is_one_session_s(login: Login, demo_store: Store) -> None:
    put(demo_store, {"code": "D", "name": "演示驿站", "lon": "113.9", "lat": "35.0"})
    send(login("小王"), "/staff/own", {"own": "yes"}, page="/staff/")
    assert names(login("小李").get("/staff/").text) == ["演示驿站"]


def test_the_demo_s_ground_is_not_that_of_the_first_own_station(
    login: Login, demo_store: Store
) -> None:
    put(demo_store, {"code": "D", "name": "演示驿站", "lon": "113.9", "lat": "35.0"})
    browser = login()
    assert error_at(send(browser, "/staff/stations/new", STATION).text, "lon")
    send(browser, "/staff/own", {"own": "yes"}, page="/staff/")
    assert send(browser, "/staff/stations/new", STATION).status_code == 302


def test_a_form_of_the_demo_is_never_saved_into_the_own_store(
    login: Login, demo_store: Store, own_store: Store
) -> None:
    put(demo_store, {"code": "D", "name": "演示驿站", "lon": "116.4", "lat": "39.9"})
    browser = login()
    page = browser.get("/staff/stations/new").text
    typed = STATION | {"store": hidden(page, "store"), "csrf_token": hidden(page, "csrf_token")}
    assert typed["store"] == "demo"
    put(own_store, {"code": "A", "name": "真驿站", "lon": "116.4", "lat": "39.9"})
    answer = browser.post("/staff/stations/new", data=typed)
    assert answer.status_code == 200
    assert "演示已经结束" in answer.text
    assert STATION["name"] in answer.text
    assert own_store.count_stations() == 1


def test_a_form_of_the_first_own_station_goes_there_also_after_a_new_login(
    login: Login, demo_store: Store, own_store: Store
) -> None:
    put(demo_store, {"code": "D", "name": "演示驿站", "lon": "116.4", "lat": "39.9"})
    browser = login()
    token = hidden(browser.get("/staff/").text, "csrf_token")
    typed = STATION | {"store": "own", "csrf_token": token}  # the session says nothing of it
    assert browser.post("/staff/stations/new", data=typed).status_code == 302
    assert own_store.count_stations() == 1
    assert demo_store.count_stations() == 1
