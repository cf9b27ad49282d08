"""Beats: drawn, changed, deleted by those who may, and measured by anybody who plans."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pytest
import shapely

from tests.networks import stations_at
from tests.store.test_beats import make_beats
from tests.webmap.conftest import NOW
from tests.webmap.planner.conftest import run_of
from tests.webmap.staff.conftest import HOSTILE, hidden, send
from webmap.beats import length_m, suggest_area
from webmap.planner.drawing import BeatForm, read_line, write_line
from webmap.runs import DRAFT
from webmap.runs.record import BEATS
from webmap.staff.territory import find_territory

if TYPE_CHECKING:
    import geopandas as gpd
    from flask import Flask
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings

LINE = "116.405000,39.930000\n116.415000,39.930000"
TYPED = {
    "name": "东四保洁",
    "line": LINE,
    "shift": "周一到周五 早上4点到11点",
    "workers": "3",
    "trade": "sanitation",
    "area": "",
    "note": "先扫南边",
}


@pytest.fixture
def stored(own_store: Store, areas: gpd.GeoDataFrame) -> Store:
    """Return the own store with a station, areas and two beats."""
    assert len(areas) == 3
    station = stations_at([116.41], [39.93], hours="05:00-20:00")
    own_store.save_stations(station, actor="test", origin="test", now=NOW)
    west = shapely.LineString([(116.405, 39.93), (116.415, 39.93)])
    east = shapely.LineString([(116.425, 39.93), (116.435, 39.93)])
    beats = make_beats(
        {"id": "west", "name": HOSTILE, "geometry": west},
        {"id": "east", "name": "东线", "area": "110101010", "geometry": east, "workers": 5},
    )
    own_store.save_beats(beats, actor="老李", now=NOW)
    return own_store


def saved(browser: FlaskClient, **typed: str) -> Any:  # noqa: ANN401 - an answer
    return send(browser, "/plan/beats/new", TYPED | typed)


def test_a_drawn_beat_is_kept_with_its_shift_in_both_forms(login: Login, stored: Store) -> None:
    answer = saved(login())
    assert answer.headers["Location"] == "/plan/beats"
    [beat] = stored.read_beats(area="110101005").query("name == '东四保洁'").to_dict("records")
    told = {name: beat[name] for name in ("shift", "shift_text", "workers", "trade", "note")}
    assert told == {
        "shift": "Mo-Fr 04:00-11:00",
        "shift_text": "周一到周五 早上4点到11点",
        "workers": 3,
        "trade": "sanitation",
        "note": "先扫南边",
    }
    assert (beat["created_by"], beat["source"]) == ("小王", "drawn")
    assert shapely.get_coordinates(beat["geometry"]).tolist() == [
        [116.405, 39.93],
        [116.415, 39.93],
    ]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "起个名字"),
        ("name", "长" * 81, "太长了"),
        ("line", "", "至少点两个地方"),
        ("line", "116.4,39.93", "至少点两个地方"),
        ("line", "116.4,39.93\n116.4,39.93", "至少点两个地方"),
        ("line", "116.4 39.93\nhere", "第 2 行看不懂"),
        ("line", "39.93,116.4\n39.94,116.4", "第 1 行不是经纬度"),
        ("line", "2.35,48.85\n2.36,48.85", "第 1 行在国外"),
        ("line", "116.4,39.93\n87.6,43.8", "公里，不像一个人走的"),
        ("line", "\n".join(["116.4,39.93"] * 5001), "点太多了"),
        ("line", LINE + "\n\n116.4,39.9", "有一段只有一个点"),
        ("shift", "", "写几点到几点"),
        ("shift", "随便", "没读懂"),
        ("shift", "周一到周五 4点到11点", "写成：周一到周五 早上4点到11点。"),
        ("workers", "0", "至少 1"),
        ("workers", "二", "至少 1"),
        ("area", "nowhere", "没有这个地方"),
    ],
)
def test_a_fault_stands_at_its_field(
    app: Flask, areas: gpd.GeoDataFrame, field: str, value: str, words: str
) -> None:
    with app.test_request_context("/plan/"):
        form = BeatForm.typed(TYPED | {field: value})
        assert form.cells(areas, find_territory("", areas)) is None
        assert words in form.errors[field]


def test_a_fault_keeps_all_that_was_typed_and_stores_nothing(login: Login, stored: Store) -> None:
    browser = login()
    before = stored.change_seq()
    answer = saved(browser, workers="0", note=HOSTILE)
    assert answer.status_code == 422
    assert HOSTILE not in answer.text
    page = html.unescape(answer.text)
    for words in ("写一个整数，至少 1", HOSTILE, LINE, 'value="东四保洁"'):
        assert words in page
    assert stored.change_seq() == before


def test_a_viewer_sees_and_changes_nothing(login: Login, stored: Store) -> None:
    browser = login(role="viewer")
    page = browser.get("/plan/beats/west").text
    assert "这条线路你只能看" in page
    assert "disabled" in page
    assert browser.get("/plan/beats/new").status_code == 403
    token = hidden(browser.get("/plan/").text, "csrf_token")
    for address in ("/plan/beats/new", "/plan/beats/west", "/plan/beats/west/delete"):
        assert browser.post(address, data=TYPED | {"csrf_token": token}).status_code == 403
    assert len(stored.read_beats()) == 2


def test_an_editor_of_an_area_writes_only_what_lies_there(login: Login, stored: Store) -> None:
    browser = login(area="110101010")
    refused = saved(browser)
    assert refused.status_code == 422
    assert "你只能画“朝阳门街道”里的线路" in refused.text
    assert saved(browser, line="116.425,39.93\n116.435,39.93").status_code == 303
    token = hidden(browser.get("/plan/").text, "csrf_token")
    typed = {**TYPED, "csrf_token": token}
    assert browser.post("/plan/beats/west", data=typed).status_code == 403
    assert browser.get("/plan/beats/west/delete").status_code == 403
    assert browser.post("/plan/beats/west/delete", data={"csrf_token": token}).status_code == 403
    assert sorted(stored.read_beats(["west", "east"])["id"]) == ["east", "west"]


def test_a_form_without_its_token_stores_nothing(login: Login, stored: Store) -> None:
    assert login().post("/plan/beats/new", data=TYPED).status_code == 400
    assert len(stored.read_beats()) == 2


def test_what_was_typed_survives_a_session_that_ran_out(
    login: Login, stored: Store, client: FlaskClient
) -> None:
    assert len(stored.read_beats()) == 2
    answer = client.post("/plan/beats/new", data=TYPED)
    assert answer.status_code == 401
    assert "东四保洁" in answer.text
    browser = login()
    page = send(browser, "/plan/beats/new", TYPED | {"restore": "1"}).text
    assert 'value="东四保洁"' in page
    assert LINE in page
    assert len(stored.read_beats()) == 2


def test_a_beat_is_changed_in_place(login: Login, stored: Store) -> None:
    browser = login()
    page = browser.get("/plan/beats/east").text
    assert "116.425000,39.930000\n116.435000,39.930000" in page
    seen = hidden(page, "seen")
    answer = send(browser, "/plan/beats/east", TYPED | {"seen": seen, "area": "110101010"})
    assert answer.status_code == 303
    [beat] = stored.read_beats(["east"]).to_dict("records")
    told = (beat["name"], beat["workers"], beat["created_by"], beat["updated_by"])
    assert told == ("东四保洁", 3, "老李", "小王")


def test_a_change_over_somebody_elses_asks_first(login: Login, stored: Store) -> None:
    browser = login()
    answer = send(browser, "/plan/beats/east", TYPED | {"seen": "2020-01-01T00:00:00+00:00"})
    assert answer.status_code == 409
    assert "老李 刚改过这条线路" in answer.text
    assert stored.read_beats(["east"])["name"].tolist() == ["东线"]
    again = TYPED | {"seen": hidden(answer.text, "seen")}
    assert send(browser, "/plan/beats/east", again).status_code == 303


def test_a_beat_is_deleted_after_a_question(login: Login, stored: Store) -> None:
    browser = login()
    question = browser.get("/plan/beats/west/delete")
    assert HOSTILE not in question.text
    assert send(browser, "/plan/beats/west/delete", {}).status_code == 303
    assert stored.read_beats()["id"].tolist() == ["east"]
    for address in ("/plan/beats/west", "/plan/beats/west/delete"):
        assert browser.get(address).status_code == 404


def test_the_list_and_its_map_hold_names_as_text(login: Login, stored: Store) -> None:
    browser = login(role="viewer")
    page = browser.get("/plan/beats").text
    assert HOSTILE not in page
    assert html.unescape(page).count(HOSTILE) >= 1
    lines = browser.get("/plan/beats/lines.json")
    assert lines.mimetype == "application/json"
    features = lines.json["features"]
    assert {one["properties"]["name"] for one in features} == {HOSTILE, "东线"}
    assert len(stored.read_beats()) == len(features)
    one = browser.get("/plan/beats/lines.json?area=110101010").json["features"]
    assert [each["properties"]["name"] for each in one] == ["东线"]
    assert browser.get("/plan/beats?area=110101010").text.count('name="beats"') == 1


@pytest.mark.usefixtures("asleep")
@pytest.mark.parametrize(
    ("sent", "ids"),
    [
        ({"which": "ticked", "beats": ["east"]}, ("east",)),
        ({"which": "all"}, ("west", "east")),
        ({"which": "all", "area": "110101010"}, ("east",)),
        ({"which": "ticked", "beats": ["east", "nobody"]}, ("east",)),
    ],
)
def test_chosen_beats_become_a_run_to_be_checked(
    login: Login, stored: Store, settings: Settings, sent: dict[str, Any], ids: tuple[str, ...]
) -> None:
    assert len(stored.read_beats()) == 2
    browser = login(role="viewer")
    answer = send(browser, "/plan/beats/measure", sent, page="/plan/beats")
    run = run_of(settings, answer.headers["Location"].split("/")[3])
    assert (run.source, run.state, run.options.beats) == (BEATS, DRAFT, ids)


def test_choosing_nothing_says_so(login: Login, stored: Store) -> None:
    assert len(stored.read_beats()) == 2
    browser = login()
    send(browser, "/plan/beats/measure", {"which": "ticked"}, page="/plan/beats")
    assert "先勾上要算的线路" in browser.get("/plan/beats").text


def test_an_empty_installation_says_what_to_do(login: Login, own_store: Store) -> None:
    assert own_store.read_beats().empty
    assert "还没有固定线路" in login().get("/plan/beats").text


def test_the_demo_s_beats_are_listed_while_there_is_no_station(
    login: Login, demo_store: Store
) -> None:
    station = stations_at([116.41], [39.93], hours="05:00-20:00")
    demo_store.save_stations(station, actor="demo", origin="demo", now=NOW)
    demo_store.save_beats(make_beats({"name": "演示一线"}), actor="demo", now=NOW)
    page = login().get("/plan/beats").text
    assert "演示一线" in page
    assert "演示数据" in page


def test_words_of_a_shift_are_told_back_while_they_are_typed(login: Login) -> None:
    browser = login(role="viewer")
    ask = "/plan/beats/reading.json"
    told = browser.get(ask, query_string={"text": "每天 22点到6点"}).json
    assert (told["status"], len(told["lines"])) == ("ok", 1)
    assert browser.get(ask, query_string={"text": "随便"}).json["status"] == "wrong"
    assert browser.get(ask).json["lines"] == []


def test_typed_lines_are_read_back_as_they_are_written(app: Flask) -> None:
    two = shapely.MultiLineString([[(116.4, 39.9), (116.5, 39.9)], [(116.4, 39.8), (116.5, 39.8)]])
    with app.test_request_context("/plan/"):
        for shape in (two, shapely.LineString([(116.123456, 39.9), (116.2, 39.98)])):
            again, fault = read_line(write_line(shape))
            assert fault == ""
            assert again is not None
            assert shapely.equals_exact(again, shape)
        spelled, _ = read_line(" 116.4，39.9 \n116.5;39.9\n116.5\t39.8")
        assert spelled is not None
        assert shapely.get_num_coordinates(spelled) == 3


def test_a_line_lies_where_most_of_its_corners_do(areas: gpd.GeoDataFrame) -> None:
    mostly = shapely.LineString([(116.41, 39.93), (116.415, 39.93), (116.43, 39.93)])
    assert suggest_area(mostly, areas) == "110101005"
    both = shapely.LineString([(116.41, 39.93), (116.43, 39.93)])
    assert suggest_area(both, areas) == "110101"
    assert suggest_area(shapely.LineString([(100, 30), (101, 30)]), areas) == ""


def test_a_degree_of_latitude_at_the_equator_has_its_known_length() -> None:
    assert length_m(shapely.LineString([(100, 0), (100, 1)])) == pytest.approx(110_574.4, abs=1)
