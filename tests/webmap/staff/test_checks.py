"""The list of checks: what workers said, in words; who may finish one; names are only text."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.webmap.staff.conftest import HOSTILE, send

if TYPE_CHECKING:
    import geopandas as gpd
    from flask import Flask

    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
WEST = "110101005"


@pytest.fixture(autouse=True)
def told(app: Flask, save: Save, own_store: Store, areas: gpd.GeoDataFrame) -> None:
    """Let workers say that one door is locked, and that a microwave elsewhere is broken."""
    assert len(areas) == 3
    save(
        {"code": "W", "name": HOSTILE, "lon": "116.41", "lat": "39.93", "hours": "24/7"},
        {"code": "E", "name": "东驿站", "lon": "116.43", "lat": "39.93", "amenities": "microwave"},
    )
    for device, hours in (("d", 3), ("e", 2)):
        at = NOW - hours * HOUR
        own_store.add_report("W", "locked", devices=[device], at=at, now=at)
    own_store.add_report(
        "E", "broken", devices=["d"], at=NOW - HOUR, now=NOW - HOUR, amenity="microwave"
    )
    app.extensions["clock"] = lambda: NOW


def test_the_list_says_what_workers_said(login: Login) -> None:
    page = login().get("/staff/checks").text
    assert "说“锁着”的：2 人（最近一次：2 小时前）" in page
    assert "大家看到的是“有人报锁门”" in page
    assert "有人说坏了：微波炉" in page
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_the_start_of_the_desk_counts_them(login: Login) -> None:
    browser = login()
    browser.get("/staff/checks")
    assert "待查 2 条" in browser.get("/staff/").text


def test_an_editor_finishes_checks_of_their_area_alone(login: Login, own_store: Store) -> None:
    browser = login(area=WEST)
    page = browser.get("/staff/checks?who=all").text
    west, east = sorted(own_store.list_checks(), key=lambda check: check.code, reverse=True)
    assert f'action="/staff/checks/{west.id}"' in page
    assert f'action="/staff/checks/{east.id}"' not in page
    typed = {"outcome": "true", "note": "x" * 600}
    address = "/staff/checks"
    assert send(browser, f"{address}/{east.id}", typed, page=address).status_code == 403
    assert send(browser, f"{address}/{west.id}", typed, page=address).status_code == 303
    assert [len(check.note) for check in own_store.list_checks(is_done=True)] == [500]
    again = send(browser, f"{address}/{west.id}", typed, page=address)
    assert "同事已经处理了" in browser.get(again.location).text


def test_who_works_for_an_area_sees_its_checks_first_and_all_when_asked(login: Login) -> None:
    browser = login(area=WEST)
    own, every = (browser.get(f"/staff/checks{who}").text for who in ("", "?who=all"))
    assert ("&lt;img src=x" in own, "东驿站" in own) == (True, False)
    assert ("&lt;img src=x" in every, "东驿站" in every) == (True, True)
    assert '东四街道 <span class="number">1</span>' in own
    assert '全部地方 <span class="number">2</span>' in own
    assert "东四街道 <span" not in login("小林").get("/staff/checks?who=nobody").text


def test_many_checks_come_a_page_at_a_time(login: Login, app: Flask) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], page_size=1)
    browser = login()
    pages = [browser.get(f"/staff/checks?page={page}").text for page in (1, 2, 3)]
    shown = ["东驿站" if "东驿站" in page else "" for page in pages]
    assert sorted(shown[:2]) == ["", "东驿站"]
    assert shown[2] == shown[1]  # the last one
    assert "第 1 页，共 2 页" in pages[0]


@pytest.mark.parametrize(
    ("check", "outcome", "status"), [("", "perhaps", 400), ("no", "fine", 404)]
)
def test_what_is_no_check_or_outcome_is_refused(
    login: Login, own_store: Store, check: str, outcome: str, status: int
) -> None:
    browser = login()
    browser.get("/staff/checks")
    wanted = check or own_store.list_checks()[0].id
    answer = send(browser, f"/staff/checks/{wanted}", {"outcome": outcome}, page="/staff/checks")
    assert answer.status_code == status


def test_a_viewer_sees_and_finishes_none(login: Login, own_store: Store) -> None:
    browser = login(role="viewer")
    page = browser.get("/staff/checks").text
    assert "东驿站" in page
    assert '<button name="outcome"' not in page
    wanted = own_store.list_checks()[0].id
    answer = send(browser, f"/staff/checks/{wanted}", {"outcome": "fine"}, page="/staff/checks")
    assert answer.status_code == 403


def test_an_amenity_found_fine_verifies_no_station(login: Login, own_store: Store) -> None:
    browser = login()
    browser.get("/staff/checks")
    (wanted,) = [check.id for check in own_store.list_checks() if check.amenity]
    send(browser, f"/staff/checks/{wanted}", {"outcome": "fine"}, page="/staff/checks")
    assert own_store.read_stations(codes=["E"]).iloc[0]["verified_on"] == ""


def test_a_check_that_is_done_is_in_the_history(login: Login, own_store: Store) -> None:
    browser = login()
    browser.get("/staff/checks")
    (wanted,) = [check.id for check in own_store.list_checks() if not check.amenity]
    send(browser, f"/staff/checks/{wanted}", {"outcome": "fine"}, page="/staff/checks")
    (_, last) = own_store.history("W").to_dict("records")
    assert (last["actor"], last["origin"]) == ("小王", "check")
    assert last["after"] == {"verified_on": "2026-03-02"}


def test_nothing_to_look_into_is_said(login: Login, own_store: Store) -> None:
    browser = login()
    browser.get("/staff/checks")
    for check in own_store.list_checks():
        own_store.finish_check(check.id, "true", actor="x", now=NOW)
    assert "没有要查的" in browser.get("/staff/checks").text
