"""From an open check to done: who takes it, what they saw, how it ends, and what that writes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from geo.stations.doubts import Doubt
from geo.store.settled import Question
from tests.webmap.staff.conftest import HOSTILE, send
from webmap.staff.check_words import ENDS

if TYPE_CHECKING:
    import geopandas as gpd
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from geo.store import Store
    from geo.store.checks import Check
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
LIST = "/staff/checks"
PAUSED = "2026-02-27T00:00:00+08:00"


@pytest.fixture(autouse=True)
def stations(app: Flask, save: Save) -> None:
    """Save two stations; one has words for its hours that nobody understands."""
    save(
        {"code": "W", "name": "西驿站", "lon": "116.41", "lat": "39.93",
         "amenities": "microwave;toilet:no"},
        {"code": "E", "name": "东驿站", "lon": "116.43", "lat": "39.93"},
    )  # fmt: skip
    app.extensions["clock"] = lambda: NOW


@pytest.fixture
def later(app: Flask) -> None:
    """Let the better part of a year pass, so that nobody has verified anything for long."""
    app.extensions["clock"] = lambda: NOW + 300 * 24 * HOUR


def opened(store: Store, reason: str = "locked", amenity: str = "", code: str = "W") -> Check:
    """Open a check and return it."""
    at = NOW - HOUR
    store.open_checks([Doubt(code, reason, amenity, at)], now=at)
    return next(one for one in store.list_checks(code=code) if one.reason == reason)


def act(browser: FlaskClient, check: Check, way: str = "", **typed: str) -> TestResponse:
    """Press a button of a check."""
    return send(browser, f"{LIST}/{check.id}{way}", typed, page=LIST)


def told(browser: FlaskClient, answer: TestResponse) -> str:
    """Return the page that an answer leads to."""
    assert answer.status_code == 303
    return browser.get(answer.location).text


def test_who_takes_a_check_is_shown_to_all(login: Login, own_store: Store) -> None:
    check, lin, wang = opened(own_store), login("小林"), login("小王")
    assert "归你去看" in told(lin, act(lin, check, "/take"))
    assert "小林拿去看了（刚才）" in wang.get(LIST).text
    assert '全部地方 <span class="number">1</span>' in wang.get(f"{LIST}?who=mine").text
    assert "西驿站" not in wang.get(f"{LIST}?who=mine").text
    assert "西驿站" in lin.get(f"{LIST}?who=mine").text


def test_a_check_that_a_colleague_took_first_is_not_taken_unseen(
    login: Login, own_store: Store
) -> None:
    check, lin, wang = opened(own_store), login("小林"), login("小王")
    act(lin, check, "/take")
    assert "小林刚刚先拿去看了" in told(wang, act(wang, check, "/take"))  # as on an old page
    assert own_store.find_check(check.id).taken_by == "小林"
    act(wang, check, "/take", **{"from": "小林"})
    assert own_store.find_check(check.id).taken_by == "小王"
    act(lin, check, "/take", back="yes")
    assert own_store.find_check(check.id).taken_by == "小王"
    assert "放回去了" in told(wang, act(wang, check, "/take", back="yes"))
    assert own_store.find_check(check.id).taken_by == ""


def test_answers_are_kept_with_names_and_leave_it_open(login: Login, own_store: Store) -> None:
    check, lin, wang = opened(own_store), login("小林"), login("小王")
    assert "先写看到了什么" in told(lin, act(lin, check, "/answer", note="  "))
    act(lin, check, "/answer", note=HOSTILE)
    page = told(wang, act(wang, check, "/answer", note="门口贴了条：装修到周五"))
    assert "小林（刚才）：${alert(1)}&#34;&gt;&lt;img src=x" in page
    assert "小王（刚才）：门口贴了条：装修到周五" in page
    assert "<img" not in page
    assert own_store.count_checks() == 1


def test_a_button_leads_back_to_the_list_as_it_was(login: Login, own_store: Store) -> None:
    check, browser = opened(own_store), login()
    answer = act(browser, check, "/take", who="all", about="told", page="1")
    assert answer.location == f"{LIST}?who=all&about=told&page=1#c-{check.id}"


@pytest.mark.parametrize("way", ["/take", "/answer", ""])
@pytest.mark.parametrize(("role", "area"), [("viewer", ""), ("editor", "110101010")])
@pytest.mark.usefixtures("areas")
def test_nobody_acts_without_the_right(
    login: Login, own_store: Store, way: str, role: str, area: str
) -> None:
    check = opened(own_store)
    answer = act(login(role=role, area=area), check, way, note="x", outcome="fine")
    assert answer.status_code == 403
    assert own_store.find_check(check.id) == check


@pytest.mark.parametrize(("reason", "outcome"), [("gone", "mended"), ("alike", "true")])
def test_an_end_that_makes_no_sense_is_refused(
    login: Login, own_store: Store, reason: str, outcome: str
) -> None:
    check = opened(own_store, reason)
    assert act(login(), check, outcome=outcome).status_code == 400
    assert own_store.count_checks() == 1


@pytest.mark.parametrize(
    ("about", "outcome", "after"),
    [
        ("broken:microwave", "true", {"amenities": "microwave:broken;toilet:no"}),
        ("missing:microwave", "true", {"amenities": "microwave:empty;toilet:no"}),
        ("broken:toilet", "mended", {"amenities": "microwave;toilet"}),
        ("missing:heating", "fine", {"amenities": "microwave;heating;toilet:no"}),
        ("broken:microwave", "fine", None),
        ("locked", "fine", {"verified_on": "2026-03-02"}),
        ("locked", "mended", {"verified_on": "2026-03-02"}),
        ("gone", "fine", {"verified_on": "2026-03-02"}),
        ("position", "fine", None),
        ("alike:E", "fine", None),
        ("area", "mended", None),
    ],
)
def test_the_end_of_a_check_is_written_into_the_station(
    login: Login, own_store: Store, about: str, outcome: str, after: dict[str, str] | None
) -> None:
    reason, _, amenity = about.partition(":")
    browser, check = login(), opened(own_store, reason, amenity)
    assert act(browser, check, outcome=outcome).location == LIST
    changes = own_store.history("W")["after"].tolist()[1:]
    assert changes == ([after] if after else [])
    assert own_store.count_checks() == 0


def test_who_says_two_are_not_the_same_is_believed_everywhere(
    login: Login, own_store: Store
) -> None:
    check = opened(own_store, "alike", "E")
    act(login(), check, outcome="fine")
    assert own_store.settled_questions() == {Question.of_pair("E", "W")}


def test_a_station_that_opened_again_is_open(login: Login, own_store: Store, save: Save) -> None:
    save({"code": "E", "name": "东驿站", "status": "temporarily_closed", "status_until": PAUSED})
    browser = login()
    page = browser.get(LIST).text  # the rule opens the check
    assert "暂时关门的日子过了，开门了吗？" in page
    (check,) = own_store.list_checks()
    act(browser, check, outcome="fine")
    row = own_store.read_stations(codes=["E"]).iloc[0]
    assert (row["status"], row["status_until"], row["verified_on"]) == ("open", "", "2026-03-02")


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("reason", ["locked", "gone", "unverified", "reopens"])
def test_what_is_so_leads_to_the_record(
    login: Login, own_store: Store, save: Save, reason: str
) -> None:
    save({"code": "W", "name": "西驿站", "status": "temporarily_closed", "status_until": PAUSED})
    browser, check = login(), opened(own_store, reason)
    answer = act(browser, check, outcome="true")
    assert answer.location == "/staff/stations/W"
    assert "再把这里的资料改对" in told(browser, answer)
    assert own_store.read_stations(codes=["W"]).iloc[0]["verified_on"] == ""


def test_another_change_of_the_station_meanwhile_is_not_lost(
    login: Login, own_store: Store, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, check = login(), opened(own_store, "broken", "microwave")
    read, meanwhile = own_store.__class__.read_stations, []

    def read_slowly(store: Store, **wanted: object) -> gpd.GeoDataFrame:
        rows = read(store, **wanted)  # type: ignore[arg-type]  # passed on
        if "amenities" in (wanted.get("columns") or ()) and not meanwhile:  # type: ignore[operator]
            meanwhile.append("")
            save({"code": "W", "name": "西驿站", "amenities": "microwave;shower"})
        return rows

    monkeypatch.setattr("geo.store.store.Store.read_stations", read_slowly)
    act(browser, check, outcome="true")
    monkeypatch.undo()
    assert meanwhile
    cell = own_store.read_stations(codes=["W"]).iloc[0]["amenities"]
    assert cell == "microwave:broken;shower"


def test_what_was_done_is_told_with_who_and_what(login: Login, own_store: Store) -> None:
    browser = login()
    assert "还没有查完的" in browser.get(f"{LIST}/done").text
    act(browser, opened(own_store, "broken", "microwave"), outcome="mended", note=HOSTILE)
    page = browser.get(f"{LIST}/done").text
    for text in ("西驿站", "有人说坏了：微波炉", "修好了", "小王", "&lt;img src=x"):
        assert text in page
    assert "<img" not in page


def test_the_list_is_narrowed_by_what_it_is_about(login: Login, own_store: Store) -> None:
    for reason, code in (("gone", "W"), ("alike", "E")):
        opened(own_store, reason, "W" if reason == "alike" else "", code)
    browser = login()
    every, told_, record, age = (
        browser.get(f"{LIST}?about={about}").text for about in ("", "told", "record", "age")
    )
    assert every.index("有人说不在了") < every.index("可能和“西驿站”是同一个")
    assert ("有人说不在了" in told_, "可能和" in told_) == (True, False)
    assert ("有人说不在了" in record, "可能和" in record) == (False, True)
    assert "没有要查的" in age
    assert '所有原因 <span class="number">2</span>' in age


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("reason", list(ENDS))
def test_every_reason_has_words_and_an_end_that_is_fine(
    login: Login, own_store: Store, save: Save, reason: str
) -> None:
    cells = {"hours_text": "看情况", "status": "temporarily_closed", "status_until": PAUSED}
    save({"code": "W", "name": "西驿站"} | cells)
    amenity = {"broken": "microwave", "missing": "toilet", "alike": "E"}.get(reason, "")
    opened(own_store, reason, amenity)
    page = login().get(LIST).text
    for word in ENDS[reason].values():
        assert f">{word}</button>" in page
    assert next(iter(ENDS[reason])) == "fine"
