"""Who may open what: roles and guards; each route is asked in ``tests/webmap/rights``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.store import KEEPER, ROLES
from tests.webmap.conftest import NOW
from tests.webmap.staff.conftest import HASH, PASSWORD, hidden, login, send
from webmap import create_app
from webmap.roles import GUARDED, needs_role

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings

__all__ = ["login"]  # a fixture of the desk's tests


BELOW = {"/staff": "staff", "/plan": "planner", "/account": "people", "/keep": "keeper"}


def test_every_page_of_the_desks_says_who_may_open_it(app: Flask) -> None:
    guarded = [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in GUARDED]
    roles = {getattr(app.view_functions[rule.endpoint], "_needs_role", "") for rule in guarded}
    assert roles == {*ROLES, KEEPER}


def test_all_that_lies_below_the_desks_is_guarded(app: Flask) -> None:
    found = {
        (start, rule.endpoint.split(".")[0])
        for rule in app.url_map.iter_rules()
        for start in BELOW
        if rule.rule == start or rule.rule.startswith(f"{start}/")
    }
    assert found == set(BELOW.items())
    assert set(BELOW.values()) == set(GUARDED)


def test_a_view_that_names_no_role_is_open_to_nobody(settings: Settings, own_store: Store) -> None:
    app = create_app(settings)
    view = app.view_functions["staff.home"]
    app.view_functions["staff.home"] = lambda: "open to all"
    own_store.add_user("a", role="admin", password_hash=HASH, now=NOW)
    browser = app.test_client()
    send(browser, "/login", {"name": "a", "password": PASSWORD})
    answer = browser.get("/staff/")
    app.view_functions["staff.home"] = view
    app.extensions["stores"].close()
    assert answer.status_code == 403


def test_there_is_no_role_of_another_name() -> None:
    with pytest.raises(ValueError, match="unknown role 'boss'"):
        needs_role("boss")


def test_a_refusal_is_said_in_plain_words(login: Login) -> None:
    browser = login(role="viewer")
    page = browser.get("/staff/stations/new")
    assert "你的账号打不开这个页面" in page.text
    assert "请管理员" in page.text


def test_an_account_that_is_disabled_is_out_at_once(login: Login, own_store: Store) -> None:
    browser = login("小王")
    assert browser.get("/staff/").status_code == 200
    own_store.change_user("小王", disabled=True)
    assert browser.get("/staff/").status_code == 302


def test_a_role_that_is_taken_back_holds_at_once(login: Login, own_store: Store) -> None:
    browser = login("小王", "editor")
    assert browser.get("/staff/stations/new").status_code == 200
    own_store.change_user("小王", role="viewer")
    assert browser.get("/staff/stations/new").status_code == 403


def test_a_form_without_its_token_is_given_back_and_not_saved(
    login: Login, own_store: Store
) -> None:
    answer = login().post("/staff/stations/new", data={"name": "甲", "lon": "116", "lat": "40"})
    assert answer.status_code == 400
    assert "刚才填的都还在" in answer.text
    assert hidden(answer.text, "restore") == "1"
    assert ">\n甲</textarea>" in answer.text
    assert own_store.count_stations() == 0


def test_what_another_site_makes_a_browser_send_is_not_given_back(client: FlaskClient) -> None:
    answer = client.post(
        "/staff/stations/new", data={"name": "甲"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login")


def test_no_cache_keeps_a_page_of_the_desk(login: Login) -> None:
    browser = login()
    for address in ("/staff/", "/staff/stations/new", "/staff/stations/nowhere", "/login"):
        assert browser.get(address).headers["Cache-Control"] == "no-store", address
