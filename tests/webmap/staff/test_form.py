"""Adding and changing a station by the form, as a browser without JavaScript does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from geo.stations import FIELD_BY_NAME, FIELD_NAMES, stable_code
from tests.webmap.staff.conftest import HOSTILE, STATION, error_at, fields_of, hidden, send
from webmap.forms.labels import LABELS, NAMES

if TYPE_CHECKING:
    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

NEW = "/staff/stations/new"
FULL = {
    "code": "DC-1",
    "name": "隆福寺爱心驿站",
    "aliases": "隆福驿站;暖心小屋",
    "kind": "union_hub",
    "status": "temporarily_closed",
    "status_until": "2026-12-01T08:30",
    "lon": "116.410000",
    "lat": "39.930000",
    "address": "钱粮胡同 38 号",
    "district": "东城区",
    "subdistrict": "东四街道",
    "floor": "1",
    "street_front": "yes",
    "hours_text": "周一到周五白天",
    "hours": "Mo-Fr 08:30-17:30",
    "self_hours": "每天 22:00–次日6:00",
    "entry_mode": ["open_door", "ask_counter"],
    "self_entry_mode": ["id_card"],
    "needs_phone": "no",
    "needs_registration": "yes",
    "dignity": "own_room",
    "amenities-seat": "yes",
    "amenities-microwave": "broken",
    "amenities-toilet": "no",
    "amenity_hours": "微波炉: Mo-Fr 11:00-13:30\n厕所: 08:00-20:00",
    "area_m2": "35.5",
    "capacity": "12",
    "host": "community",
    "mode": "joint",
    "audience": "快递员;环卫工人",
    "phone_public": "010-55501234",
    "has_sign": "yes",
    "has_rules": "no",
    "on_amap": "yes",
    "on_baidu": "no",
    "opened_on": "2024-05-01",
    "verified_on": "2026-10-11",
    "note": "第一行\n第二行",
    "contact": "王某 13800000000",
    "manager": "李某",
}
WRONG = {
    "code": "x" * 65,
    "name": "",
    "aliases": "x" * 121,
    "kind": "castle",
    "status": "asleep",
    "status_until": "明天",
    "lon": "东经116",
    "lat": "",
    "address": "x" * 201,
    "district": "x" * 65,
    "subdistrict": "\x07",
    "floor": "x" * 17,
    "street_front": "maybe",
    "hours_text": "x" * 501,
    "hours": "Mo-Fr 25:99",
    "self_hours": "晚上",
    "entry_mode": ["window"],
    "self_entry_mode": ["window"],
    "needs_phone": "maybe",
    "needs_registration": "maybe",
    "dignity": "palace",
    "amenities-seat": "golden",
    "amenity_hours": "金库: 08:00-20:00",
    "area_m2": "-1",
    "capacity": "三",
    "host": "castle",
    "mode": "magic",
    "audience": "x" * 65,
    "phone_public": "1" * 65,
    "has_sign": "maybe",
    "has_rules": "maybe",
    "on_amap": "maybe",
    "on_baidu": "maybe",
    "opened_on": "2026-02-30",
    "verified_on": "昨天",
    "note": "x" * 2001,
    "contact": "x" * 201,
    "manager": "x" * 201,
}


def test_the_form_has_every_field_that_people_fill_in() -> None:
    made_elsewhere = {"source_datum", "photo", "source", "source_id", "demo"}
    assert set(NAMES) == set(FIELD_NAMES) - made_elsewhere
    assert len(NAMES) == len(set(NAMES))
    assert set(LABELS) == set(FIELD_NAMES)


def test_a_station_is_added_and_stands_in_list_and_history(login: Login, own_store: Store) -> None:
    browser = login("小王")
    answer = send(browser, NEW, STATION)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/staff/"
    row = own_store.read_stations().iloc[0]
    assert row["code"] == stable_code("", "隆福寺驿站", 116.41, 39.93)
    assert (row["name"], row["lon"], row["lat"]) == ("隆福寺驿站", 116.41, 39.93)
    assert (row["status"], row["source_datum"], row["demo"]) == ("open", "wgs84", "")
    past = own_store.history(row["code"])
    assert past[["actor", "origin", "action"]].to_numpy().tolist() == [["小王", "form", "create"]]
    listed = browser.get("/staff/").text
    assert "登记好了" in listed
    assert f"/s/{row['code']}" in listed
    assert "登记好了" not in browser.get("/staff/").text


def test_everything_typed_is_saved_and_shown_again(login: Login, own_store: Store) -> None:
    browser = login()
    assert send(browser, NEW, FULL).status_code == 302
    row = own_store.read_stations(codes=["DC-1"]).iloc[0]
    assert row["amenities"] == "seat;microwave:broken;toilet:no"
    assert row["entry_mode"] == "open_door;ask_counter"
    assert row["status_until"] == "2026-12-01T08:30:00+08:00"
    assert row["note"] == "第一行\n第二行"
    assert row["capacity"] == 12
    shown = fields_of(browser.get("/staff/stations/DC-1").text)
    for name, text in FULL.items():
        assert name == "code" or shown[name] == text, name


def test_saving_without_a_change_leaves_no_trace(
    login: Login, save: Save, own_store: Store
) -> None:
    save({
        "code": "A", "name": "甲", "lon": "116.41234567891", "lat": "39.9", "area_m2": "12.25",
        "entry_mode": "qr;open_door", "status_until": "2026-12-01T00:30:15+00:00",
        "amenities": "toilet:no;seat", "note": "一\n二", "source": "b", "source_id": "7",
        "source_datum": "gcj02", "photo": "p.jpg",
    })  # fmt: skip
    browser, seq = login(), own_store.change_seq()
    page = browser.get("/staff/stations/A")
    answer = send(browser, "/staff/stations/A", fields_of(page.text))
    assert answer.status_code == 302
    assert own_store.change_seq() == seq
    assert "没有要改的" in browser.get("/staff/").text


def test_one_change_is_one_row_of_history_with_its_fields_alone(
    login: Login, save: Save, own_store: Store
) -> None:
    save({"code": "A", "name": "甲", "lon": "116.41234567891", "lat": "39.9", "photo": "p.jpg"})
    browser = login("小王")
    typed = fields_of(browser.get("/staff/stations/A").text)
    answer = send(browser, "/staff/stations/A", typed | {"name": "乙", "phone_public": "12351"})
    assert answer.status_code == 302
    last = own_store.history("A").iloc[-1]
    assert (last["actor"], last["origin"], last["action"]) == ("小王", "form", "update")
    assert last["before"] == {"name": "甲", "phone_public": ""}
    assert last["after"] == {"name": "乙", "phone_public": "12351"}
    assert own_store.read_stations(codes=["A"]).iloc[0]["photo"] == "p.jpg"


def test_an_emptied_field_is_emptied(login: Login, save: Save, own_store: Store) -> None:
    save({"code": "A", "name": "甲", "hours": "24/7", "amenities": "seat", "capacity": "12"})
    browser = login()
    typed = fields_of(browser.get("/staff/stations/A").text)
    typed |= {"hours": "", "amenities-seat": "", "capacity": ""}
    assert send(browser, "/staff/stations/A", typed).status_code == 302
    row = own_store.read_stations(codes=["A"]).iloc[0]
    assert (row["hours"], row["amenities"]) == ("", "")
    assert row.isna()["capacity"]


def test_a_moved_station_was_placed_by_the_map(login: Login, save: Save, own_store: Store) -> None:
    save({"code": "A", "name": "甲", "lon": "116.41", "lat": "39.9", "source_datum": "gcj02"})
    browser = login()
    typed = fields_of(browser.get("/staff/stations/A").text)
    send(browser, "/staff/stations/A", typed | {"lon": "116.420000"})
    row = own_store.read_stations(codes=["A"]).iloc[0]
    assert (row["lon"], row["lat"], row["source_datum"]) == (116.42, 39.9, "wgs84")


def test_every_wrong_field_has_its_message_and_nothing_typed_is_lost(
    login: Login, own_store: Store
) -> None:
    page = send(login(), NEW, WRONG)
    assert page.status_code == 422
    messages = {name: error_at(page.text, name) for name in NAMES}
    assert [name for name, message in messages.items() if not message] == []
    for message in messages.values():
        assert re.search("[\u4e00-\u9fff]", message)
        assert not re.search(r"row \d|form:|outside \[|is no ", message)
    summary = re.findall(r'<li><a href="#f-(\w+)">', page.text)
    assert summary == list(NAMES)
    assert all(f'id="f-{name}"' in page.text for name in summary)
    assert len(re.findall(r"\bautofocus\b", page.text)) == 1
    shown = fields_of(page.text)
    chosen = {  # from lists, where no other word can be shown
        name for name, field in FIELD_BY_NAME.items() if field.vocab or field.type == "flag"
    }
    for name, text in WRONG.items():
        if name.split("-")[0] not in chosen and name != "subdistrict":
            assert shown[name] == text, name
    assert own_store.count_stations() == 0


@pytest.mark.parametrize(
    ("typed", "name", "words"),
    [
        ({"name": " "}, "name", "还没有写名称"),
        ({"lon": "39.93", "lat": "116.41"}, "lat", "填反了"),
        ({"lon": "0", "lat": "0"}, "lat", "大海"),
        ({"lon": "-74.0", "lat": "40.7"}, "lon", "国外"),
        ({"lon": "216.4"}, "lon", "-180 到 180"),
        ({"hours": "Mo-Fr 25:99"}, "hours", "Mo-Fr 08:30-17:30"),
        ({"hours": "周一到周五", "hours_text": "白天"}, "hours", "看不懂"),
        ({"capacity": "1.5"}, "capacity", "整数"),
        ({"area_m2": "100001"}, "area_m2", "0 到 100000"),
        ({"code": "new"}, "code", "换一个"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_at_its_field(
    login: Login, own_store: Store, typed: dict[str, str], name: str, words: str
) -> None:
    page = send(login(), NEW, STATION | typed)
    assert page.status_code == 422
    assert words in error_at(page.text, name)
    assert own_store.count_stations() == 0


def test_an_english_page_has_no_message_in_chinese(login: Login) -> None:
    browser = login()
    browser.get("/staff/?lang=en")
    page = send(browser, NEW, STATION | {"name": "", "lon": "x", "hours": "?", "capacity": "x"})
    for name in ("name", "lon", "hours", "capacity"):
        message = error_at(page.text, name)
        assert message
        assert not re.search("[\u4e00-\u9fff]", message)


def test_a_station_fifty_kilometres_from_everything_is_a_slip(login: Login, save: Save) -> None:
    save({"code": "A", "name": "甲", "lon": "116.40", "lat": "39.9"})
    browser = login()
    far = send(browser, NEW, STATION | {"lon": "117.41"})
    assert far.status_code == 422
    assert "最近的也有 86 公里" in error_at(far.text, "lon")
    assert send(browser, NEW, STATION | {"lon": "116.80"}).status_code == 302


def test_the_first_station_may_lie_anywhere_in_the_country(login: Login) -> None:
    assert send(login(), NEW, STATION | {"lon": "87.6", "lat": "43.8"}).status_code == 302


def test_a_code_that_exists_is_refused_at_its_field(
    login: Login, save: Save, own_store: Store
) -> None:
    save({"code": "A", "name": "甲"})
    page = send(login(), NEW, STATION | {"code": "A"})
    assert "已经有驿站用了" in error_at(page.text, "code")
    assert own_store.read_stations(codes=["A"]).iloc[0]["name"] == "甲"


def test_the_same_name_at_the_same_place_is_the_same_station(
    login: Login, own_store: Store
) -> None:
    browser = login()
    send(browser, NEW, STATION)
    page = send(browser, NEW, STATION)
    assert "已经有一个同名的驿站" in error_at(page.text, "name")
    assert own_store.count_stations() == 1


def test_hours_in_words_are_moved_to_their_line_and_that_is_said(
    login: Login, own_store: Store
) -> None:
    browser = login()
    send(browser, NEW, STATION | {"hours": "工作日白天，晚上刷身份证"})
    row = own_store.read_stations().iloc[0]
    assert (row["hours"], row["hours_text"]) == ("", "工作日白天，晚上刷身份证")
    assert "已经挪到那一行" in browser.get("/staff/").text


@pytest.mark.usefixtures("areas")
def test_district_and_subdistrict_are_filled_in_from_the_position(
    login: Login, own_store: Store
) -> None:
    browser = login()
    send(browser, NEW, STATION)
    row = own_store.read_stations().iloc[0]
    assert (row["district"], row["subdistrict"]) == ("东城区", "东四街道")
    assert row["code"] == stable_code("东城区", "隆福寺驿站", 116.41, 39.93)
    assert "按位置填上了：东城区 东四街道" in browser.get("/staff/").text


@pytest.mark.usefixtures("areas")
def test_a_district_that_was_typed_stays(login: Login, own_store: Store) -> None:
    send(login(), NEW, STATION | {"district": "北城区"})
    row = own_store.read_stations().iloc[0]
    assert (row["district"], row["subdistrict"]) == ("北城区", "东四街道")


def test_typed_text_is_never_markup(login: Login, own_store: Store) -> None:
    browser = login(HOSTILE)
    texts = ("name", "address", "hours_text", "note", "contact", "phone_public", "floor", "code")
    typed = STATION | dict.fromkeys(texts, HOSTILE) | {"floor": '"><img src=x'}
    again = send(browser, NEW, typed | {"lon": HOSTILE})
    assert again.status_code == 422
    assert fields_of(again.text)["lon"] == HOSTILE
    answer = send(browser, NEW, typed)
    assert answer.status_code == 302
    code = own_store.read_stations().iloc[0]["code"]
    assert code == HOSTILE
    listed = browser.get("/staff/").text
    where = re.findall(r'href="(/staff/stations/[^"]+)"', listed)[-1]
    form = browser.get(where)
    assert form.status_code == 200
    changed = fields_of(form.text) | {"name": HOSTILE * 2, "note": ""}
    assert send(browser, where, changed).status_code == 302
    for page in (listed, form.text, browser.get(where).text, again.text):
        assert "<img" not in page
        assert "&lt;img src=x" in page


def test_pages_of_the_desk_hold_no_inline_script_or_style(login: Login, save: Save) -> None:
    save({"code": "A", "name": "甲"})
    browser = login()
    for address in ("/staff/", NEW, "/staff/stations/A", "/login"):
        page = browser.get(address).text
        assert not re.search(
            r"<script(?! defer src=\"/)|<style|\son\w+=|\sstyle=|javascript:", page
        )
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)


def test_a_station_that_is_not_there_is_not_found(login: Login) -> None:
    browser = login()
    assert browser.get("/staff/stations/nowhere").status_code == 404
    assert send(browser, "/staff/stations/nowhere", STATION, page=NEW).status_code == 404


def test_a_code_with_a_slash_has_its_page(login: Login, save: Save) -> None:
    save({"code": "东城/1 号?", "name": "甲"})
    browser = login()
    where = re.findall(r'href="(/staff/stations/[^"]+)"', browser.get("/staff/").text)[-1]
    assert hidden(browser.get(where).text, "seen")
    assert "东城/1 号?" in browser.get(where).text
