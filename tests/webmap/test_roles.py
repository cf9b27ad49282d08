"""Who may open what: every page of staff and planners, by every role, from the app's own list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.store import ROLES
from tests.webmap.conftest import NOW
from tests.webmap.staff.conftest import HASH, PASSWORD, hidden, login, send
from webmap import create_app
from webmap.roles import GUARDED, needs_role
from webmap.settings import Settings

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.staff.conftest import Login

__all__ = ["login"]  # a fixture of the desk's tests


def guarded(app: Flask) -> list[tuple[str, str, str]]:
    """Return method, address and least role of every guarded route; blanks are filled in."""
    routes = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] not in GUARDED:
            continue
        view = app.view_functions[rule.endpoint]
        _, address = rule.build(dict.fromkeys(rule.arguments, "x"), append_unknown=False) or (
            "",
            "",
        )
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        routes += [(method, address, getattr(view, "_needs_role", "")) for method in methods]
    return sorted(routes)


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    """Return the guarded routes of the application."""
    instance = tmp_path_factory.mktemp("instance")
    return guarded(create_app(Settings.from_env({"NUANYI_INSTANCE": str(instance)})))


def test_every_page_of_staff_and_planners_says_who_may_open_it(
    routes: list[tuple[str, str, str]],
) -> None:
    assert {address.split("/")[1] for _, address, _ in routes} == {"staff", "plan"}
    assert [route for route in routes if route[2] not in ROLES] == []


def test_all_that_lies_below_staff_and_plan_is_guarded(app: Flask) -> None:
    below = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/staff", "/plan"))
    ]
    assert below
    assert {endpoint.split(".")[0] for endpoint in below} == set(GUARDED)


KEPT = {  # what was typed there goes along to the login
    *("/staff/stations/new", "/staff/stations/x", "/plan/", "/plan/beats/new", "/plan/beats/x"),
    *("/plan/runs/x/check", "/plan/runs/x/again"),
}


def test_a_visitor_is_sent_to_the_login(
    client: FlaskClient, routes: list[tuple[str, str, str]]
) -> None:
    for method, address, _ in routes:
        answer = client.open(address, method=method)
        if method == "GET":
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/login?next=")
        elif address in KEPT:
            assert answer.status_code == 401, address
            assert 'action="/login"' in answer.text
        else:  # nothing was typed there; after the login one starts at the list
            assert answer.headers["Location"] in {"/login?next=/staff/", "/login?next=/plan/"}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_is_too_low_is_refused_and_any_other_is_let_in(
    login: Login, routes: list[tuple[str, str, str]], role: str
) -> None:
    browser = login(role, role)
    for method, address, least in routes:
        token = hidden(browser.get("/staff/").text, "csrf_token")
        answer = browser.open(address, method=method, data={"csrf_token": token})
        is_refused = ROLES.index(role) < ROLES.index(least)
        assert (answer.status_code == 403) == is_refused, (method, address)


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
