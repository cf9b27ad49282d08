"""Logging in and out, and what was typed when the session ran out."""

from __future__ import annotations

import datetime as dt
import html
import re
import time
from typing import TYPE_CHECKING

import pytest

from tests.webmap.conftest import NOW
from tests.webmap.staff.conftest import HASH, HOSTILE, PASSWORD, fields_of, hidden, login, send
from webmap.account.login import local_path
from webmap.auth import hash_password
from webmap.roles import SESSION_H

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from geo.store import Store
    from tests.webmap.staff.conftest import Login

__all__ = ["login"]  # a fixture of the desk's tests


@pytest.fixture
def known(own_store: Store) -> None:
    """Make the account 小王."""
    own_store.add_user("小王", role="editor", password_hash=HASH, now=NOW)


def kept(page: str, before: str = "") -> dict[str, str]:
    """Return the hidden typed fields of a page."""
    found = re.findall(
        rf'<textarea name="{before}([^"]+)" hidden>\n(.*?)</textarea>', page, re.DOTALL
    )
    return {html.unescape(name): html.unescape(value) for name, value in found}


@pytest.mark.usefixtures("known")
def test_who_knows_the_password_comes_to_the_page_asked_for(client: FlaskClient) -> None:
    asked = client.get("/staff/?q=东四")
    assert asked.headers["Location"] == "/login?next=/staff/?q%3D%E4%B8%9C%E5%9B%9B"
    page = client.get(asked.headers["Location"]).text
    typed = {"name": "小王", "password": PASSWORD, "target": hidden(page, "target")}
    answer = send(client, "/login", typed)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/staff/?q=%E4%B8%9C%E5%9B%9B"
    assert "小王" in client.get(answer.headers["Location"]).text


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("name", "password"),
    [("小王", "wrong horse"), ("小李", PASSWORD), ("小王", ""), ("", ""), ("小王", "x" * 2000)],
)
def test_a_wrong_name_or_password_is_refused_in_the_same_words(
    client: FlaskClient, name: str, password: str
) -> None:
    answer = send(client, "/login", {"name": name, "password": password})
    assert answer.status_code == 401
    assert "账号或密码不对" in answer.text
    assert hidden(answer.text, "name") == name
    assert client.get("/staff/").status_code == 302


@pytest.mark.usefixtures("known")
def test_a_disabled_account_is_refused(client: FlaskClient, own_store: Store) -> None:
    own_store.change_user("小王", disabled=True)
    assert send(client, "/login", {"name": "小王", "password": PASSWORD}).status_code == 401


def test_a_name_that_is_no_account_comes_back_as_text(client: FlaskClient) -> None:
    answer = send(client, "/login", {"name": HOSTILE, "password": "x"})
    assert "<img" not in answer.text
    assert hidden(answer.text, "name") == HOSTILE


def test_the_session_runs_out_after_hours_and_goes_over_https_alone_where_that_is(
    client: FlaskClient, own_store: Store
) -> None:
    own_store.add_user("a", role="viewer", password_hash=HASH, now=NOW)
    answer = send(client, "/login", {"name": "a", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Lax", "Expires="):
        assert part in cookie
    assert "Secure" not in cookie
    browser = client.application.test_client()
    page = browser.get("/login", base_url="https://localhost")
    assert "Secure" in page.headers["Set-Cookie"]


def test_a_session_older_than_its_hours_is_none(
    login: Login, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = login()
    session = browser.get_cookie("session")
    assert session is not None
    app.config["PERMANENT_SESSION_LIFETIME"] = dt.timedelta(hours=SESSION_H)
    for hours, status in ((SESSION_H - 0.1, 200), (SESSION_H + 0.1, 302)):
        later = time.time() + hours * 3600
        with monkeypatch.context() as clock:
            clock.setattr("itsdangerous.timed.time.time", lambda later=later: later)
            browser.set_cookie("session", session.value)  # as a thief would keep it
            assert browser.get("/staff/").status_code == status


def test_the_login_needs_its_token(client: FlaskClient) -> None:
    answer = client.post("/login", data={"name": "a", "password": PASSWORD})
    assert answer.status_code == 400


def test_who_is_in_goes_on_from_the_login(login: Login) -> None:
    assert login().get("/login?next=/plan/").headers["Location"] == "/plan/"


def test_leaving_ends_the_session(login: Login) -> None:
    browser = login()
    answer = send(browser, "/logout", {}, page="/staff/")
    assert answer.headers["Location"] == "/"
    assert browser.get("/staff/").status_code == 302


def test_a_link_cannot_log_anybody_out(login: Login) -> None:
    browser = login()
    assert browser.get("/logout").status_code == 405
    assert browser.get("/staff/").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/%0a/evil\n.example",
        "evil.example",
        "",
        "http:///evil.example",
    ],
)
def test_the_login_leads_nowhere_else(target: str) -> None:
    assert local_path(target) == "/staff/"


@pytest.mark.usefixtures("known")
def test_an_address_of_another_site_is_not_followed(client: FlaskClient) -> None:
    typed = {"name": "小王", "password": PASSWORD, "target": "//evil.example/"}
    assert send(client, "/login", typed).headers["Location"] == "/staff/"


def test_what_was_typed_when_the_session_ran_out_comes_back_after_the_login(
    login: Login, own_store: Store
) -> None:
    browser = login("小王")
    typed = {
        "name": HOSTILE,
        "lon": "116.41",
        "lat": "39.93",
        "note": "\n第一行\n第二行",
        "amenities-toilet": "broken",
        "entry_mode": ["qr", "id_card"],
    }
    token = hidden(browser.get("/staff/stations/new").text, "csrf_token")
    browser.delete_cookie("session")
    out = browser.post("/staff/stations/new", data={"csrf_token": token, **typed})
    assert out.status_code == 401
    assert "刚才填的都还在" in out.text
    assert "<img" not in out.text

    wrong = _enter(browser, out.text, "no such password")
    assert wrong.status_code == 401
    assert kept(wrong.text, "kept-") == kept(out.text, "kept-")

    back = _enter(browser, wrong.text, PASSWORD)
    assert back.status_code == 200
    assert 'action="/staff/stations/new"' in back.text
    found = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', back.text, re.DOTALL)
    again: dict[str, list[str]] = {"restore": ["1"]}
    for name, value in found:
        again.setdefault(name, []).append(html.unescape(value))
    again["csrf_token"] = [hidden(back.text, "csrf_token")]
    form = browser.post("/staff/stations/new", data=again)
    assert form.status_code == 200
    assert "还没有保存" in form.text
    shown = fields_of(form.text)
    assert shown["name"] == HOSTILE
    assert shown["note"] == typed["note"]
    assert shown["amenities-toilet"] == "broken"
    assert shown["entry_mode"] == ["qr", "id_card"]
    assert own_store.count_stations() == 0


def _enter(browser: FlaskClient, page: str, password: str) -> TestResponse:
    """Log in by a page that carries typed fields."""
    typed: dict[str, list[str]] = {f"kept-{name}": [] for name in kept(page, "kept-")}
    for name, value in re.findall(
        r'<textarea name="(kept-[^"]+)" hidden>\n(.*?)</textarea>', page, re.DOTALL
    ):
        typed[name].append(html.unescape(value))
    own = {name: hidden(page, name) for name in ("csrf_token", "target")}
    return browser.post("/login", data={**typed, **own, "name": "小王", "password": password})


def test_a_login_page_that_lay_open_too_long_is_shown_again_with_what_waits(
    client: FlaskClient,
) -> None:
    typed = {
        "name": "小王",
        "password": PASSWORD,
        "target": "/staff/stations/new",
        "kept-name": "柳",
    }
    for lang, words in (("zh", "放得太久"), ("en", "open for too long")):
        answer = client.post(f"/login?lang={lang}", data=typed | {"csrf_token": "old"})
        assert answer.status_code == 400
        assert words in answer.text
        assert kept(answer.text, "kept-") == {"name": "柳"}


def test_over_https_a_form_needs_no_referrer(client: FlaskClient) -> None:
    page = client.get("/login", base_url="https://site.example").text
    typed = {"name": "小王", "password": "x", "csrf_token": hidden(page, "csrf_token")}
    answer = client.post("/login", data=typed, base_url="https://site.example")
    assert answer.status_code == 401  # the password is wrong, the form is not
    cookie = answer.headers.get("Set-Cookie", "") + client.get(
        "/login", base_url="https://site.example"
    ).headers.get("Set-Cookie", "")
    assert "Secure" in cookie or not cookie


def test_only_pages_of_the_desks_prolong_a_session(login: Login) -> None:
    browser = login()
    for address in ("/", "/static/nuanyi.css", "/healthz", "/api/v1/stations", "/near?lon=1&lat=1"):
        with browser.get(address) as answer:
            assert "Set-Cookie" not in answer.headers, address
    assert "session=" in browser.get("/staff/").headers["Set-Cookie"]


def test_the_answer_to_a_script_leaves_the_session_alone(login: Login) -> None:
    browser = login("editor")
    page, script = ({"Sec-Fetch-Mode": mode} for mode in ("navigate", "cors"))
    asked = "/staff/hours?field=hours_text&text=24小时"
    assert "Set-Cookie" not in browser.get(asked, headers=script).headers
    assert "session=" in browser.get(asked, headers=page).headers["Set-Cookie"]


def test_another_password_ends_the_sessions_of_the_old_one(login: Login, own_store: Store) -> None:
    browser = login("小王")
    assert browser.get("/staff/").status_code == 200
    own_store.change_user("小王", password_hash=hash_password("another password"))
    assert browser.get("/staff/").status_code == 302


@pytest.mark.parametrize("address", ["/staff/own", "/plan/runs/x/delete", "/plan/runs/x/stop"])
def test_a_click_with_an_old_token_does_nothing_and_says_so(login: Login, address: str) -> None:
    browser = login()
    answer = browser.post(address, data={"csrf_token": "old"})
    assert answer.status_code == 302
    assert "刚才那一下没有做" in browser.get(answer.headers["Location"]).text
