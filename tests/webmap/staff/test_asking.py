"""Questions before a station is saved: is it one of these, is the position right; never a block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from geo.coords import from_wgs84
from geo.store.settled import Question
from tests.webmap.staff.conftest import HOSTILE, STATION, fields_of, hidden, send

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

NEW = "/staff/stations/new"
NEAR = {"code": "A", "name": "隆福寺爱心驿站", "lon": "116.4105", "lat": "39.93"}  # 43 m away


def _marks(page: str) -> str:
    found = re.search(r'name="sure" value="([^"]+)"', page)
    assert found
    return found[1]


def _count(store: Store) -> int:
    return store.count_stations()


def test_a_new_station_that_may_be_there_is_asked_about_and_not_saved(
    login: Login, own_store: Store, save: Save
) -> None:
    save(NEAR)
    answer = send(login(), NEW, STATION)
    assert answer.status_code == 200
    assert "是不是下面这一个？" in answer.text
    assert "隆福寺爱心驿站" in answer.text
    assert "名字一样" in answer.text
    assert "相距 43 米" in answer.text
    assert 'href="/staff/stations/A"' in answer.text
    assert fields_of(answer.text)["name"] == STATION["name"]  # nothing typed is lost
    assert _count(own_store) == 1


def test_no_saves_it_and_is_remembered(login: Login, own_store: Store, save: Save) -> None:
    save(NEAR)
    browser = login()
    page = send(browser, NEW, STATION).text
    token = hidden(page, "csrf_token")
    answer = browser.post(NEW, data=STATION | {"csrf_token": token, "sure": _marks(page)})
    assert answer.status_code == 302
    (code,) = set(own_store.read_stations()["code"]) - {"A"}
    assert own_store.settled_questions() == {Question.of_pair("A", code)}
    page = f"/staff/stations/{code}"
    typed = {**fields_of(browser.get(page).text), "name": "隆福寺东口驿站"}
    assert send(browser, page, typed).status_code == 302  # the same pair is not asked about again


def test_another_one_that_came_meanwhile_is_asked_about(
    login: Login, own_store: Store, save: Save
) -> None:
    save(NEAR)
    browser = login()
    page = send(browser, NEW, STATION).text
    save({**NEAR, "code": "B", "name": "隆福寺工会驿站", "lon": "116.4103"})
    typed = STATION | {"csrf_token": hidden(page, "csrf_token"), "sure": _marks(page)}
    answer = browser.post(NEW, data=typed)
    assert answer.status_code == 200
    assert "隆福寺工会驿站" in answer.text
    assert "隆福寺爱心驿站" not in answer.text
    assert _count(own_store) == 2


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_coordinate_twin_is_asked_about(login: Login, save: Save, datum: str) -> None:
    lon, lat = from_wgs84([116.41], [39.93], datum)
    save({**NEAR, "lon": repr(float(lon[0])), "lat": repr(float(lat[0]))})
    page = send(login(), NEW, STATION).text
    assert "正好差 WGS-84 换算到" in page
    assert {"gcj02": "GCJ-02（高德、腾讯）", "bd09": "BD-09（百度）"}[datum] in page


def test_what_is_not_like_it_is_saved_at_once(login: Login, own_store: Store, save: Save) -> None:
    save({**NEAR, "name": "美术馆爱心驿站"})
    assert send(login(), NEW, STATION).status_code == 302
    assert _count(own_store) == 2


def test_a_change_asks_only_about_what_was_changed(login: Login, save: Save) -> None:
    save(NEAR, {**NEAR, "code": "B", "name": "隆福寺工会驿站", "lon": "116.4103"})
    browser = login()
    page = browser.get("/staff/stations/A").text
    typed = {**fields_of(page), "phone_public": "", "note": "门朝南"}
    assert send(browser, "/staff/stations/A", typed).status_code == 302
    page = browser.get("/staff/stations/A").text
    moved = {**fields_of(page), "lon": "116.410400"}
    assert "隆福寺工会驿站" in send(browser, "/staff/stations/A", moved).text


def test_a_stored_name_is_text_in_the_question(login: Login, save: Save) -> None:
    save({**NEAR, "name": f"隆福寺{HOSTILE}"})
    page = send(login(), NEW, STATION | {"name": f"隆福寺{HOSTILE}"}).text
    assert "<img src=x" not in page
    assert "是不是下面" in page


def _around(browser: FlaskClient, **typed: str) -> dict[str, list[dict[str, object]]]:
    token = hidden(browser.get(NEW).text, "csrf_token")
    answer = browser.post("/staff/alike", data={"csrf_token": token, **typed})
    assert answer.status_code == 200
    found: dict[str, list[dict[str, object]]] = answer.get_json()
    return found


def test_while_typing_the_stations_around_are_told(login: Login, save: Save) -> None:
    save({**NEAR, "code": "Z"}, {**NEAR, "code": "B", "name": "美术馆驿站", "lon": "116.4101"})
    found = _around(login(), name="隆福寺", lon="116.41", lat="39.93")
    assert [(one["code"], bool(one["why"])) for one in found["others"]] == [
        ("Z", True), ("B", False),
    ]  # fmt: skip
    assert found["doubts"] == []  # no city is built: nothing is known of its ground


@pytest.mark.parametrize("lon", ["", "x", "nan", "200"])
def test_without_a_position_nothing_is_told(login: Login, save: Save, lon: str) -> None:
    save(NEAR)
    assert _around(login(), name="隆福寺", lon=lon, lat="39.93") == {"others": [], "doubts": []}


def test_a_viewer_is_told_nothing(login: Login) -> None:
    browser = login("小赵", "viewer")
    token = hidden(browser.get("/staff/").text, "csrf_token")
    assert browser.post("/staff/alike", data={"csrf_token": token}).status_code == 403
