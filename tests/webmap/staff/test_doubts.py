"""The page of doubtful records: two side by side, the same or not; odd positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.store.settled import Question
from geo.whereabouts import Surroundings
from tests.networks import network_of, to_degrees
from tests.webmap.conftest import NOW
from tests.webmap.staff.conftest import HOSTILE, hidden, send

if TYPE_CHECKING:
    from flask import Flask
    from geopandas import GeoDataFrame

    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

PAGE = "/staff/doubts"
ONE = {"code": "A", "name": "隆福寺爱心驿站", "lon": "116.41", "lat": "39.93"}
OTHER = {"code": "B", "name": "隆福寺工会驿站", "lon": "116.4105", "lat": "39.93", "note": "三楼"}
EAST = {"code": "C", "name": "美术馆驿站", "lon": "116.43", "lat": "39.93"}
SAME = {"keep": "A", "drop": "B"}
PARTED = {"kind": "alike", "code": "B", "about": "A"}


def test_two_that_may_be_one_stand_side_by_side(login: Login, save: Save) -> None:
    save(ONE, OTHER, EAST)
    page = login().get(PAGE).text
    assert "隆福寺爱心驿站" in page
    assert "隆福寺工会驿站" in page
    assert "名字一样" in page
    assert "相距 43 米" in page
    assert "美术馆" not in page


def test_the_same_keeps_one_and_marks_the_other(
    app: Flask, login: Login, own_store: Store, save: Save
) -> None:
    app.extensions["clock"] = lambda: NOW
    save(ONE, OTHER)
    browser = login()
    answer = send(browser, f"{PAGE}/same", SAME, page=PAGE)
    assert answer.status_code == 303
    rows = own_store.read_stations().set_index("code")
    assert rows["status"].to_dict() == {"A": "open", "B": "duplicate_of"}
    assert rows["note"]["B"] == "与 A 隆福寺爱心驿站 是同一个（小王，2026-01-31）\n三楼"
    last = own_store.history("B").iloc[-1]
    assert (last["actor"], last["origin"]) == ("小王", "doubts")
    assert "没有可疑的" in browser.get(PAGE).text
    send(browser, f"{PAGE}/same", SAME, page=PAGE)  # a second tap
    assert len(own_store.history("B")) == len(own_store.history("A")) + 1


def test_not_the_same_is_never_asked_again(login: Login, own_store: Store, save: Save) -> None:
    save(ONE, OTHER)
    browser = login()
    assert send(browser, f"{PAGE}/right", PARTED, page=PAGE).status_code == 303
    assert own_store.settled_questions() == {Question.of_pair("A", "B")}
    assert "没有可疑的" in browser.get(PAGE).text
    save({**OTHER, "phone_public": "64012345"})
    assert "没有可疑的" in browser.get(PAGE).text


def test_a_change_is_seen_at_the_next_look(login: Login, save: Save) -> None:
    save(ONE, {**OTHER, "name": "美术馆工会驿站"})
    browser = login()
    assert "没有可疑的" in browser.get(PAGE).text
    save(OTHER)
    assert "隆福寺工会驿站" in browser.get(PAGE).text


@pytest.mark.parametrize("area", ["110101010", "west"])
def test_who_may_change_neither_only_looks(
    login: Login, own_store: Store, save: Save, areas: GeoDataFrame, area: str
) -> None:
    save(ONE, OTHER)
    browser = login("小李", area=area)
    assert len(areas) == 3
    assert "/doubts/same" not in browser.get(PAGE).text
    assert send(browser, f"{PAGE}/same", SAME, page=PAGE).status_code == 403
    assert send(browser, f"{PAGE}/right", PARTED, page=PAGE).status_code == 403
    assert own_store.settled_questions() == frozenset()
    assert (own_store.read_stations()["status"] == "open").all()


def test_a_viewer_looks_and_may_not_settle(login: Login, save: Save) -> None:
    save(ONE, OTHER)
    browser = login("小赵", "viewer")
    assert "隆福寺工会驿站" in browser.get(PAGE).text
    assert send(browser, f"{PAGE}/same", SAME, page=PAGE).status_code == 403


@pytest.mark.parametrize(
    "form", [{}, {"keep": "A", "drop": "A"}, {"keep": "A", "drop": "X"}, {"keep": "X", "drop": "B"}]
)
def test_a_made_up_pair_is_refused(
    login: Login, own_store: Store, save: Save, form: dict[str, str]
) -> None:
    save(ONE, OTHER)
    assert send(login(), f"{PAGE}/same", form, page=PAGE).status_code == 400
    assert (own_store.read_stations()["status"] == "open").all()


def test_what_nobody_asked_is_not_settled(login: Login, own_store: Store, save: Save) -> None:
    save(ONE, EAST)
    form = {"kind": "alike", "code": "A", "about": "C"}
    assert send(login(), f"{PAGE}/right", form, page=PAGE).status_code == 303
    assert own_store.settled_questions() == frozenset()


def test_stored_text_stays_text(login: Login, save: Save) -> None:
    save({**ONE, "name": f"隆福寺{HOSTILE}"}, {**OTHER, "name": f"隆福寺{HOSTILE}"})
    assert "<img src=x" not in login().get(PAGE).text


def test_odd_positions_are_asked_about_and_settled(
    login: Login, own_store: Store, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = network_of([(0, 0), (2000, 0)], [(0, 1)])
    city = Surroundings((116.2, 39.9, 116.4, 40.1), lambda: street, lambda: None)
    monkeypatch.setattr("webmap.staff.doubts.surroundings", lambda _: [city])
    (lon,), (lat,) = to_degrees([500], [300])
    save({"code": "L", "name": "孤零零驿站", "lon": f"{lon:.6f}", "lat": f"{lat:.6f}"})
    browser = login()
    page = browser.get(f"{PAGE}?what=places").text
    assert "孤零零驿站" in page
    assert "离最近的路有 300 米" in page
    form = {"kind": "far", "code": "L", "about": hidden(page, "about")}
    assert send(browser, f"{PAGE}/right", form, page=PAGE).status_code == 303
    assert "孤零零驿站" not in browser.get(f"{PAGE}?what=places").text
    assert len(own_store.settled_questions()) == 1
