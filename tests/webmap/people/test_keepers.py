"""Keepers' links: made by editors of the area, shown once, renewed and taken back."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from tests.webmap.conftest import NOW
from tests.webmap.people.conftest import WEST
from tests.webmap.staff.conftest import HOSTILE, send
from webmap.account.link import hash_link

if TYPE_CHECKING:
    from geo.store import Store
    from tests.webmap.staff.conftest import Login

NEW = "/account/new-keeper"


def link(page: str) -> str:
    """Return the link that a page shows."""
    found = re.search(r'id="address" value="([^"]+)"', page)
    assert found
    return html.unescape(found[1])


def test_a_link_is_shown_once_as_text_and_as_a_square_code(login: Login, own_store: Store) -> None:
    browser = login(area=WEST)
    answer = send(browser, NEW, {"name": "店里", "stations": "W"})
    assert answer.status_code == 201
    address = link(answer.text)
    assert 'class="square-code"' in answer.text
    assert "只能在这台电脑上打开" in answer.text  # it begins with http://localhost
    made = own_store.find_user("店里")
    assert made is not None
    assert (made.role, made.stations) == ("keeper", ["W"])
    token = address.rpartition("/k/")[2]
    assert made.link_hash == hash_link(token)
    phone = browser.application.test_client()
    assert send(phone, f"/k/{token}", {}).status_code == 303
    for page in ("/account/keepers", "/account/keepers/店里"):
        assert token not in browser.get(page).text
        assert made.link_hash not in browser.get(page).text


def test_the_stations_page_leads_to_the_form(login: Login) -> None:
    browser = login(area=WEST)
    assert 'href="/account/new-keeper?station=W"' in browser.get("/staff/stations/W").text
    assert "new-keeper?station=E" not in browser.get("/staff/stations/E").text
    assert ">\nW</textarea>" in browser.get(f"{NEW}?station=W").text


@pytest.mark.parametrize(
    ("typed", "at", "words"),
    [
        ({"name": ""}, "name", "写一个名字"),
        ({"name": "小王"}, "name", "已经有一个账号"),
        ({"name": "a/b"}, "name", "不能有斜线"),
        ({"stations": ""}, "stations", "至少一个"),
        ({"stations": "W none"}, "stations", "没有这个编号的驿站：none"),
        ({"stations": "W，E"}, "stations", "不在你负责的地方（东四街道）：E"),
        ({"stations": " ".join(map(str, range(51)))}, "stations", "最多管 50 个"),
    ],
)
def test_a_faulty_keeper_is_refused_at_its_field(
    login: Login, own_store: Store, typed: dict[str, str], at: str, words: str
) -> None:
    browser = login(area=WEST)
    answer = send(browser, NEW, {"name": "店里", "stations": "W"} | typed)
    assert answer.status_code == 422
    assert f'id="e-{at}"' in answer.text
    assert words in answer.text
    assert [user.name for user in own_store.list_users()] == ["小王"]


def test_a_new_link_ends_the_old_one_and_a_revoked_one_is_gone(
    login: Login, own_store: Store
) -> None:
    browser = login(area=WEST)
    first = link(send(browser, NEW, {"name": "店里", "stations": "W"}).text)
    page = "/account/keepers/店里"
    second = link(send(browser, f"{page}/link", {}, page=page).text)
    assert first != second
    assert browser.get(first).status_code == 404
    assert browser.get(second).status_code == 200
    assert send(browser, f"{page}/revoke", {}, page=page).status_code == 303
    assert browser.get(second).status_code == 404
    assert "收回了" in browser.get("/account/keepers").text
    assert "做一个新链接" in browser.get(page).text
    assert own_store.find_user("店里") is not None  # the history still names it


def test_a_disabled_keeper_gets_no_link(login: Login, own_store: Store) -> None:
    own_store.add_keeper("店里", stations=["W"], now=NOW)
    own_store.change_user("店里", disabled=True)
    browser, page = login(), "/account/keepers/店里"
    assert send(browser, f"{page}/link", {}, page=page).status_code == 303
    keeper = own_store.find_user("店里")
    assert keeper is not None
    assert keeper.link_hash == ""


def test_an_editor_sees_and_changes_the_keepers_of_the_area_alone(
    login: Login, own_store: Store
) -> None:
    own_store.add_keeper("西店", stations=["W"], now=NOW)
    own_store.add_keeper("东店", stations=["E"], now=NOW)
    own_store.add_keeper("两边", stations=["W", "E"], now=NOW)
    browser = login(area=WEST)
    page = browser.get("/account/keepers").text
    assert "西店" in page
    assert "东店" not in page
    assert "两边" not in page
    for name in ("东店", "两边"):
        assert browser.get(f"/account/keepers/{name}").status_code == 403
    answer = send(browser, "/account/keepers/西店", {"stations": "E"})
    assert answer.status_code == 422
    everywhere = login("处处")
    assert send(everywhere, "/account/keepers/西店", {"stations": "W\nE"}).status_code == 303
    keeper = own_store.find_user("西店")
    assert keeper is not None
    assert keeper.stations == ["W", "E"]
    assert browser.get("/account/keepers/西店").status_code == 403


def test_a_staff_account_is_no_keeper(login: Login) -> None:
    assert login(role="admin").get("/account/keepers/小王").status_code == 404


def test_what_was_typed_when_the_session_ran_out_comes_back(login: Login) -> None:
    browser = login()
    browser.get(NEW)
    browser.delete_cookie("session")
    out = browser.post(NEW, data={"name": HOSTILE, "stations": "W"})
    assert out.status_code == 401
    assert "刚才填的都还在" in out.text
    assert "<img" not in out.text
    again = login("小李")
    back = send(again, NEW, {"name": HOSTILE, "stations": "W", "restore": "1"})
    assert back.status_code == 200
    assert "&lt;img" in back.text
