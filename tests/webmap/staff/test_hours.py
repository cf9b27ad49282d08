"""Hours in the owner's words in the form: read back, followed, asked about, never lost."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from tests.webmap.conftest import NOW
from tests.webmap.staff.conftest import STATION, error_at, fields_of, send

if TYPE_CHECKING:
    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

NEW = "/staff/stations/new"
PAGE = "/staff/stations/A"
READ, PART, LOST = "每天8:00-20:00", "每天8:30-17:30，春节期间不打烊", "随商场营业时间"


def reading(page: str, name: str = "hours_text") -> str:
    """Return what the page says of a field of hours."""
    found = re.search(rf'id="r-{name}"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert found
    return html.unescape(re.sub(r"\s*<[^>]+>\s*", "", found[1])).strip()


def hours_of(store: Store) -> tuple[str, str]:
    row = store.read_stations().iloc[0]
    return row["hours"], row["hours_text"]


@pytest.mark.parametrize(
    ("words", "hours", "told"),
    [
        (READ, "08:00-20:00", "开放时间读成："),
        (PART, "08:30-17:30; PH unknown", "没读懂：春节期间不打烊"),
        (LOST, "", "时间不详"),
    ],
)
def test_words_alone_are_read_and_the_saved_page_tells_how(
    login: Login, own_store: Store, words: str, hours: str, told: str
) -> None:
    browser = login()
    assert send(browser, NEW, STATION | {"hours_text": words}).status_code == 302
    assert hours_of(own_store) == (hours, words)
    saved = browser.get("/staff/").text
    assert told in saved
    assert "再改一下" in saved


def test_osm_text_alone_stays_alone(login: Login, own_store: Store) -> None:
    send(login(), NEW, STATION | {"hours": "Mo-Fr 08:00-17:00"})
    assert hours_of(own_store) == ("Mo-Fr 08:00-17:00", "")


@pytest.mark.parametrize("words", [READ, PART, LOST])
def test_osm_text_that_the_words_do_not_contradict_counts(
    login: Login, own_store: Store, words: str
) -> None:
    osm = "Mo-Su 08:00-20:00"
    assert send(login(), NEW, STATION | {"hours": osm, "hours_text": words}).status_code == 302
    assert hours_of(own_store) == (osm, words)


@pytest.mark.parametrize(
    ("choice", "hours"), [("words", "08:00-20:00"), ("osm", "Mo-Fr 09:00-17:00")]
)
def test_two_texts_that_disagree_are_shown_to_choose_from(
    login: Login, own_store: Store, choice: str, hours: str
) -> None:
    browser = login()
    typed = STATION | {"hours": "Mo-Fr 09:00-17:00", "hours_text": READ}
    page = send(browser, NEW, typed)
    assert page.status_code == 422
    assert "选一个" in error_at(page.text, "hours_text")
    assert own_store.count_stations() == 0
    shown = fields_of(page.text)
    assert (shown["hours"], shown["hours_text"]) == ("Mo-Fr 09:00-17:00", READ)
    assert re.findall(r'name="hours_choice" value="(\w+)"', page.text) == ["words", "osm"]
    assert send(browser, NEW, typed | {"hours_choice": choice}).status_code == 302
    assert hours_of(own_store) == (hours, READ)


@pytest.mark.parametrize(
    ("words", "hours", "told"),
    [
        ("每天9:00-17:00", "09:00-17:00", "开放时间读成："),
        (LOST, "", "时间不详"),
        ("", "", "时间不详"),
    ],
)
def test_hours_that_were_read_follow_their_words(
    login: Login, save: Save, own_store: Store, *, words: str, hours: str, told: str
) -> None:
    save({"code": "A", "name": "甲", "hours_text": READ, "hours": "08:00-20:00"})
    browser = login()
    typed = fields_of(browser.get(PAGE).text) | {"hours_text": words}
    assert send(browser, PAGE, typed).status_code == 302
    assert hours_of(own_store) == (hours, words)
    assert told in browser.get("/staff/").text


@pytest.mark.parametrize("words", ["每天9:00-17:00", PART, LOST])
def test_hours_set_by_hand_are_asked_about_when_the_words_change(
    login: Login, save: Save, own_store: Store, words: str
) -> None:
    save({"code": "A", "name": "甲", "hours_text": READ, "hours": "08:00-21:00"})
    browser = login()
    typed = fields_of(browser.get(PAGE).text) | {"hours_text": words}
    page = send(browser, PAGE, typed)
    assert page.status_code == 422
    assert error_at(page.text, "hours_text")
    assert hours_of(own_store) == ("08:00-21:00", READ)
    assert send(browser, PAGE, typed | {"hours_choice": "osm"}).status_code == 302
    assert hours_of(own_store) == ("08:00-21:00", words)


def test_hours_emptied_by_hand_stay_empty_until_they_are_asked_for(
    login: Login, save: Save, own_store: Store
) -> None:
    save({"code": "A", "name": "甲", "hours_text": READ})
    browser = login()
    typed = fields_of(browser.get(PAGE).text)
    assert typed["hours"] == "08:00-20:00"
    send(browser, PAGE, typed | {"hours": ""})
    assert hours_of(own_store) == ("", READ)
    page = browser.get(PAGE).text
    assert re.findall(r'name="hours_choice" value="(\w+)"', page) == ["words"]
    send(browser, PAGE, fields_of(page) | {"name": "乙"})
    assert hours_of(own_store) == ("", READ)
    page = browser.get(PAGE).text
    send(browser, PAGE, fields_of(page) | {"hours_choice": "words"})
    assert hours_of(own_store) == ("08:00-20:00", READ)


def test_words_in_the_field_of_osm_text_are_moved_and_read(login: Login, own_store: Store) -> None:
    browser = login()
    send(browser, NEW, STATION | {"hours": READ})
    assert hours_of(own_store) == ("08:00-20:00", READ)
    assert "已经挪到那一行" in browser.get("/staff/").text


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("hours", "Mo-Fr 08:00-17：00", "个字符起看不懂；是不是 Mo-Fr 08:00-17:00？"),
        ("self_hours", "Mo-Fr 22:00-6：00", "是不是 Mo-Fr 22:00-06:00？"),
        ("self_hours", "夜间", "没读懂。"),
        ("self_hours", PART, "没读懂：春节期间不打烊"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_with_place_and_suggestion(
    login: Login, own_store: Store, name: str, text: str, said: str
) -> None:
    page = send(login(), NEW, STATION | {name: text})
    assert page.status_code == 422
    assert said in error_at(page.text, name)
    assert fields_of(page.text)[name] == text
    assert own_store.count_stations() == 0


def test_hours_without_staff_may_be_words_and_are_shown_as_words(
    login: Login, own_store: Store
) -> None:
    browser = login()
    send(browser, NEW, STATION | {"self_hours": "晚上10点到早上6点", "code": "A"})
    assert own_store.read_stations().iloc[0]["self_hours"] == "22:00-06:00"
    page = browser.get(PAGE).text
    assert re.search("[\u4e00-\u9fff]", str(fields_of(page)["self_hours"]))
    seq = own_store.change_seq()
    send(browser, PAGE, fields_of(page))
    assert own_store.change_seq() == seq


def test_a_stored_text_that_is_no_longer_valid_breaks_no_page(
    login: Login, save: Save, own_store: Store
) -> None:
    save({"code": "A", "name": "甲", "hours_text": READ})
    own_store.save_stations(
        own_store.read_stations()[["code"]].assign(hours="Mo-Fr 25:99"),
        actor="old", origin="old", now=NOW,
    )  # fmt: skip
    browser = login()
    page = browser.get(PAGE)
    assert page.status_code == 200
    again = send(browser, PAGE, fields_of(page.text) | {"hours_text": PART})
    assert again.status_code == 422


def test_the_form_tells_what_it_has_read(login: Login, save: Save) -> None:
    save({"code": "A", "name": "甲", "hours_text": PART})
    browser = login()
    told = reading(browser.get(PAGE).text)
    assert "只读懂了一部分" in told
    assert "没读懂：春节期间不打烊" in told


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"field": "hours_text", "text": READ}, "ok"),
        ({"field": "hours_text", "text": LOST}, "unknown"),
        ({"text": PART}, "partial"),
        ({"field": "hours", "text": "24/7"}, "ok"),
        ({"field": "hours", "text": "Mo-Fr 08:00-17：00"}, "wrong"),
        ({"field": "self_hours", "text": "22:00-06:00"}, "ok"),
        ({"field": "self_hours", "text": "晚上10点到早上6点"}, "ok"),
        ({"field": "self_hours", "text": PART}, "wrong"),
        ({"field": "hours_text", "text": "1" * 3000}, "unknown"),
        ({"field": "hours_text", "text": " "}, ""),
        ({}, ""),
    ],
)
def test_a_reading_is_told_while_somebody_types(
    login: Login, asked: dict[str, str], status: str
) -> None:
    told = login().get("/staff/hours", query_string=asked).get_json()
    assert told["status"] == status
    assert bool(told["lines"]) == bool(status)


def test_a_reading_is_for_those_who_may_write(login: Login, save: Save) -> None:
    save({"code": "A", "name": "甲"})
    viewer = login("小赵", "viewer")
    assert viewer.get("/staff/hours?text=1").status_code == 403
    assert login("小王").get("/staff/hours?text=1").status_code == 200


@pytest.mark.parametrize(
    ("typed", "name", "said"),
    [
        ({"needs_phone": "no", "entry_mode": ["qr"]}, "needs_phone", "没手机的人怎么进"),
        ({"needs_phone": "yes", "entry_mode": ["open_door"]}, "needs_phone", "到底要不要手机"),
        (
            {"needs_registration": "no", "entry_mode": ["face"]},
            "needs_registration",
            "每种进门方式都要先登记",
        ),
        ({"self_hours": "22:00-06:00"}, "self_entry_mode", "没写怎么进门"),
        ({"self_entry_mode": ["id_card"]}, "self_hours", "没写几点到几点"),
    ],
)
def test_entry_that_contradicts_itself_is_saved_and_pointed_at(
    login: Login, own_store: Store, typed: dict[str, str], name: str, said: str
) -> None:
    browser = login()
    assert send(browser, NEW, STATION | typed | {"code": "A"}).status_code == 302
    assert own_store.count_stations() == 1
    assert said in browser.get("/staff/").text
    page = browser.get(PAGE).text
    assert re.search(rf'<p class="hint" id="w-{name}">[^<]*{said}', page)
    assert f"w-{name} " in page
