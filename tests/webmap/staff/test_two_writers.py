"""Two people change one station: the second sees the first's change, and neither loses anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tests.webmap.conftest import NOW
from tests.webmap.staff.conftest import STATION, error_at, fields_of, hidden, send
from webmap.staff.sight import Seen, read_seen

if TYPE_CHECKING:
    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

AT = "/staff/stations/A"


@pytest.fixture
def one(save: Save) -> None:
    """Save station A."""
    save({"code": "A", "name": "甲", "lon": "116.41", "lat": "39.93", "phone_public": "111"})


def other_saves(store: Store, **cells: object) -> None:
    """Let 小李 change fields of A."""
    frame = pd.DataFrame({"code": ["A"], **{name: [cell] for name, cell in cells.items()}})
    store.save_stations(frame, actor="小李", origin="form", now=NOW)


@pytest.mark.usefixtures("one")
def test_the_other_s_fields_are_taken_over_and_one_s_own_kept(
    login: Login, own_store: Store
) -> None:
    browser = login("小王")
    typed = fields_of(browser.get(AT).text) | {"name": "我的甲"}
    other_saves(own_store, phone_public="222", amenities="seat")
    page = send(browser, AT, typed)
    assert page.status_code == 409
    assert "小李也改了这个驿站：设施、公开电话" in page.text.replace(
        "公开电话、设施", "设施、公开电话"
    )
    shown = fields_of(page.text)
    assert (shown["name"], shown["phone_public"]) == ("我的甲", "222")
    assert shown["amenities-seat"] == "yes"
    assert own_store.read_stations().iloc[0]["name"] == "甲"
    assert send(browser, AT, shown).status_code == 302
    row = own_store.read_stations().iloc[0]
    assert (row["name"], row["phone_public"], row["amenities"]) == ("我的甲", "222", "seat")
    assert own_store.history("A").iloc[-1]["after"] == {"name": "我的甲"}


@pytest.mark.usefixtures("one")
@pytest.mark.parametrize(("answer", "kept"), [("mine", "333"), ("theirs", "222")])
def test_of_a_field_that_both_changed_the_second_says_whose_counts(
    login: Login, own_store: Store, answer: str, kept: str
) -> None:
    browser = login()
    typed = fields_of(browser.get(AT).text) | {"phone_public": "333"}
    other_saves(own_store, phone_public="222")
    page = send(browser, AT, typed)
    assert "两个人都改了，选一个" in error_at(page.text, "phone_public")
    assert "用你填的：<strong>333</strong>" in page.text
    assert "用小李改的：<strong>222</strong>" in page.text
    shown = fields_of(page.text)
    assert (shown["phone_public"], shown["asked"]) == ("333", "phone_public")
    assert send(browser, AT, shown | {"pick-phone_public": answer}).status_code == 302
    assert own_store.read_stations().iloc[0]["phone_public"] == kept


@pytest.mark.usefixtures("one")
def test_without_an_answer_nothing_is_saved_and_it_is_asked_again(
    login: Login, own_store: Store
) -> None:
    browser = login()
    typed = fields_of(browser.get(AT).text) | {"phone_public": "333", "name": "我的甲"}
    other_saves(own_store, phone_public="222")
    shown = fields_of(send(browser, AT, typed).text)
    for extra in ({}, {"restore": "1"}, {"locate": "1"}):
        again = send(browser, AT, shown | extra)
        assert "用小李改的：<strong>222</strong>" in again.text
        assert fields_of(again.text) == shown | {"pasted": ""}
    assert own_store.read_stations().iloc[0]["phone_public"] == "222"
    assert own_store.read_stations().iloc[0]["name"] == "甲"


@pytest.mark.usefixtures("one")
def test_what_the_second_makes_the_same_is_asked_no_more(login: Login, own_store: Store) -> None:
    browser = login()
    typed = fields_of(browser.get(AT).text) | {"phone_public": "333", "name": "我的甲"}
    other_saves(own_store, phone_public="222")
    shown = fields_of(send(browser, AT, typed).text) | {"phone_public": "222"}
    assert send(browser, AT, shown).status_code == 302
    assert own_store.history("A").iloc[-1]["after"] == {"name": "我的甲"}


@pytest.mark.usefixtures("one")
def test_a_third_change_meanwhile_is_seen_as_well(login: Login, own_store: Store) -> None:
    browser = login()
    typed = fields_of(browser.get(AT).text) | {"phone_public": "333"}
    other_saves(own_store, phone_public="222")
    shown = fields_of(send(browser, AT, typed).text)
    other_saves(own_store, phone_public="444")
    page = send(browser, AT, shown | {"pick-phone_public": "mine"})
    assert page.status_code == 409
    assert "用小李改的：<strong>444</strong>" in page.text
    page = send(browser, AT, shown | {"pick-phone_public": "theirs"})  # the 222 that was shown
    assert page.status_code == 409
    assert fields_of(page.text)["phone_public"] == "444"
    assert own_store.read_stations().iloc[0]["phone_public"] == "444"


@pytest.mark.usefixtures("one")
@pytest.mark.parametrize(
    ("answer", "place"), [("mine", (116.42, 39.93)), ("theirs", (116.41, 39.94))]
)
def test_a_position_is_one_thing(
    login: Login, own_store: Store, answer: str, place: tuple[float, float]
) -> None:
    browser = login()
    typed = fields_of(browser.get(AT).text) | {"lon": "116.42"}
    other_saves(own_store, lon=116.41, lat=39.94)
    page = send(browser, AT, typed)
    shown = fields_of(page.text)
    assert (shown["lon"], shown["lat"]) == ("116.42", "39.930000")
    assert "用小李改的：<strong>116.410000, 39.940000</strong>" in page.text
    assert send(browser, AT, shown | {"pick-lon": answer}).status_code == 302
    row = own_store.read_stations().iloc[0]
    assert (row["lon"], row["lat"]) == place


@pytest.mark.usefixtures("one")
def test_amenities_are_brought_together_one_by_one(login: Login, own_store: Store) -> None:
    browser = login()
    typed = fields_of(browser.get(AT).text)
    typed |= {"amenities-toilet": "no", "amenities-microwave": "yes"}
    other_saves(own_store, amenities="drinking_water;microwave:broken")
    page = send(browser, AT, typed)
    shown = fields_of(page.text)
    assert shown["amenities-drinking_water"] == "yes"
    assert shown["amenities-toilet"] == "no"
    assert shown["asked"] == "amenities.microwave"
    assert "用小李改的：<strong>坏了</strong>" in page.text
    assert send(browser, AT, shown | {"pick-amenities.microwave": "theirs"}).status_code == 302
    assert own_store.read_stations().iloc[0]["amenities"] == (
        "drinking_water;microwave:broken;toilet:no"
    )


@pytest.mark.usefixtures("one")
def test_made_up_answers_change_nothing(login: Login, own_store: Store) -> None:
    browser = login()
    typed = fields_of(browser.get(AT).text) | {"name": "我的甲"}
    typed |= {"asked": ["code", "what", "amenities.what", "lat"], "pick-code": "theirs"}
    typed |= {"pick-amenities.what": "theirs", "pick-what": "theirs", "pick-lat": "theirs"}
    assert send(browser, AT, typed).status_code == 302
    assert own_store.history("A").iloc[-1]["after"] == {"name": "我的甲"}


@pytest.mark.usefixtures("one")
def test_several_changes_of_others_are_seen_as_one(login: Login, own_store: Store) -> None:
    browser = login()
    typed = fields_of(browser.get(AT).text)
    other_saves(own_store, phone_public="222")
    other_saves(own_store, phone_public="111", name="乙")
    page = send(browser, AT, typed | {"phone_public": "111"})
    assert "小李也改了这个驿站：名称。" in page.text
    assert fields_of(page.text)["name"] == "乙"


@pytest.mark.usefixtures("one")
def test_a_change_of_another_station_disturbs_nobody(
    login: Login, own_store: Store, save: Save
) -> None:
    browser = login()
    typed = fields_of(browser.get(AT).text) | {"name": "我的甲"}
    save({"code": "B", "name": "丙", "lon": "116.5"})
    assert send(browser, AT, typed).status_code == 302
    assert own_store.read_stations(codes=["A"]).iloc[0]["name"] == "我的甲"


@pytest.mark.usefixtures("one")
def test_what_was_seen_survives_a_fault_and_a_restored_form(login: Login, own_store: Store) -> None:
    browser = login()
    typed = fields_of(browser.get(AT).text) | {"phone_public": "333"}
    other_saves(own_store, phone_public="222")
    wrong = send(browser, AT, typed | {"name": ""})
    assert hidden(wrong.text, "seen") == typed["seen"]
    restored = send(browser, AT, typed | {"restore": "1"})
    assert restored.status_code == 200
    assert hidden(restored.text, "seen") == typed["seen"]
    assert send(browser, AT, fields_of(restored.text)).status_code == 409


@pytest.mark.usefixtures("one")
def test_a_form_that_does_not_say_what_it_saw_saves_nothing(login: Login, own_store: Store) -> None:
    browser = login()
    typed = fields_of(browser.get(AT).text) | {"name": "我的甲", "seen": "what?"}
    assert send(browser, AT, typed).status_code == 409
    assert own_store.read_stations().iloc[0]["name"] == "甲"


def test_a_code_taken_a_moment_ago_is_refused(
    login: Login, own_store: Store, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = login()
    read = type(own_store).read_stations

    def _too_early(store: Store, **options: object) -> object:
        found = read(store, **options)  # type: ignore[arg-type]
        if options.get("codes") == ["A"]:
            monkeypatch.undo()
            save({"code": "A", "name": "先到"})
        return found

    page = browser.get("/staff/stations/new").text
    monkeypatch.setattr(type(own_store), "read_stations", _too_early)
    token = hidden(page, "csrf_token")
    answer = browser.post("/staff/stations/new", data=STATION | {"code": "A", "csrf_token": token})
    assert answer.status_code == 422
    assert "已经有驿站用了" in error_at(answer.text, "code")
    assert own_store.read_stations(codes=["A"]).iloc[0]["name"] == "先到"


@pytest.mark.parametrize("text", ["", "12", "-1--1", "1-2-3", "\uff11-2", "9" * 30 + "-1"])
def test_a_damaged_mark_has_seen_nothing(text: str) -> None:
    assert read_seen(text) == Seen(-1, -1)


def test_a_mark_reads_back() -> None:
    assert read_seen(str(Seen(12, 34))) == Seen(12, 34)
