"""The login slows down who guesses, tells nobody who exists, and locks nobody out for strangers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from tests.webmap.conftest import NOW
from tests.webmap.staff.conftest import HASH, PASSWORD, hidden
from webmap.account.tries import COOKIE, OF_ACCOUNT, OF_ADDRESS, OF_OWN

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from geo.store import Store

HOME, OFFICE, STRANGER = "203.0.113.7", "198.51.100.2", "192.0.2.9"
CLOCK = {"at": NOW}


@pytest.fixture(autouse=True)
def known(own_store: Store, app: Flask) -> None:
    """Make the account 小王, and a clock that a test moves."""
    own_store.add_user("小王", role="editor", password_hash=HASH, now=NOW)
    CLOCK["at"] = NOW
    app.extensions["clock"] = lambda: CLOCK["at"]


def enter(
    browser: FlaskClient, password: str, *, name: str = "小王", address: str = HOME
) -> TestResponse:
    """Try a password from an address."""
    token = hidden(browser.get("/login").text, "csrf_token")
    typed = {"csrf_token": token, "name": name, "password": password}
    return browser.post("/login", data=typed, environ_base={"REMOTE_ADDR": address})


def fail(app: Flask, times: int, *, name: str = "小王", address: str = STRANGER) -> None:
    """Fail so often, each time from a fresh browser and as soon as it may be."""
    for _ in range(times):
        answer = enter(app.test_client(), "wrong horse", name=name, address=address)
        wait_s = int(answer.headers.get("Retry-After", "0"))
        if answer.status_code == 429:
            CLOCK["at"] += dt.timedelta(seconds=wait_s)
            answer = enter(app.test_client(), "wrong horse", name=name, address=address)
        assert answer.status_code == 401


def test_the_first_failures_cost_nothing_and_then_the_wait_is_told(app: Flask) -> None:
    fail(app, OF_ACCOUNT.free - 1)
    last = enter(app.test_client(), "wrong horse", address=STRANGER)
    assert last.status_code == 401
    assert "下一次要等 1 秒" in last.text
    early = enter(app.test_client(), PASSWORD, address=STRANGER)
    assert early.status_code == 429
    assert early.headers["Retry-After"] == "1"
    assert "这一次没有看。请等 1 秒再登录" in early.text
    CLOCK["at"] += dt.timedelta(seconds=1)
    assert enter(app.test_client(), PASSWORD, address=STRANGER).status_code == 302


def test_what_was_typed_comes_back_while_somebody_waits(app: Flask) -> None:
    fail(app, OF_ACCOUNT.free)
    browser = app.test_client()
    token = hidden(browser.get("/login").text, "csrf_token")
    typed = {"csrf_token": token, "name": "小王", "password": "x", "kept-name": "柳"}
    page = browser.post("/login", data=typed, environ_base={"REMOTE_ADDR": STRANGER})
    assert page.status_code == 429
    assert hidden(page.text, "name") == "小王"
    assert 'name="kept-name"' in page.text


def test_a_name_that_does_not_exist_is_slowed_down_and_told_the_same(app: Flask) -> None:
    for name in ("小王", "没有这个人"):
        fail(app, OF_ACCOUNT.free, name=name, address=f"192.0.2.{len(name)}")
    answers = [
        enter(app.test_client(), "wrong horse", name=name, address=f"192.0.2.{len(name)}")
        for name in ("小王", "没有这个人")
    ]
    said = [answer.text.split('role="alert">')[1].split("</p>")[0] for answer in answers]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert said[0] == said[1]


def test_a_keeper_has_no_password_and_is_told_the_same(app: Flask, own_store: Store) -> None:
    own_store.add_keeper("店里", stations=["A"], now=NOW, link_hash="h")
    for password in ("!", "", PASSWORD):
        answer = enter(app.test_client(), password, name="店里")
        assert answer.status_code == 401
        assert "账号或密码不对" in answer.text


def test_strangers_slow_down_strangers_and_not_a_device_that_logged_in(app: Flask) -> None:
    own = app.test_client()
    assert enter(own, PASSWORD, address=HOME).status_code == 302
    own.delete_cookie("session")
    fail(app, OF_ACCOUNT.free + 8)  # by now a stranger waits for minutes
    assert enter(app.test_client(), PASSWORD, address="192.0.2.77").status_code == 429
    answer = enter(own, PASSWORD, address=OFFICE)  # the device, on another line
    assert answer.status_code == 302


def test_nor_a_place_from_where_somebody_logged_in(app: Flask) -> None:
    assert enter(app.test_client(), PASSWORD, address=HOME).status_code == 302
    fail(app, OF_ACCOUNT.free + 8)
    assert enter(app.test_client(), PASSWORD, address=HOME).status_code == 302
    assert enter(app.test_client(), PASSWORD, address=OFFICE).status_code == 429


def test_a_known_device_may_not_guess_for_ever_either(app: Flask) -> None:
    own = app.test_client()
    assert enter(own, PASSWORD).status_code == 302
    own.delete_cookie("session")
    for _ in range(OF_OWN.free):
        assert enter(own, "wrong horse").status_code == 401
    assert enter(own, PASSWORD).status_code == 429
    CLOCK["at"] += dt.timedelta(seconds=1)
    assert enter(own, PASSWORD).status_code == 302
    own.delete_cookie("session")
    assert enter(own, "wrong horse").status_code == 401  # all before is forgotten
    assert enter(own, PASSWORD).status_code == 302


def test_an_address_that_tries_many_names_is_slowed_down(app: Flask) -> None:
    for number in range(OF_ADDRESS.free):
        assert enter(app.test_client(), "x", name=f"n{number}").status_code == 401
    assert enter(app.test_client(), "x", name="another").status_code == 429
    assert enter(app.test_client(), "x", name="another", address=OFFICE).status_code == 401


def test_a_right_login_between_does_not_wash_an_address_clean(app: Flask, own_store: Store) -> None:
    own_store.add_user("内鬼", role="viewer", password_hash=HASH, now=NOW)
    for number in range(OF_ADDRESS.free):
        assert enter(app.test_client(), "x", name=f"n{number}").status_code == 401
        if number == 5:
            assert enter(app.test_client(), PASSWORD, name="内鬼").status_code == 302
    assert enter(app.test_client(), "x", name="another").status_code == 429


def test_a_cookie_of_ones_own_making_makes_nobody_known(app: Flask) -> None:
    fail(app, OF_ACCOUNT.free + 3)
    for value in ("", "x", 'WyJhIl0.bad"', "a" * 3000):
        browser = app.test_client()
        browser.set_cookie(COOKIE, value)
        assert enter(browser, PASSWORD, address=OFFICE).status_code == 429


def test_the_cookie_names_nobody_and_no_script_reads_it(app: Flask) -> None:
    browser = app.test_client()
    answer = enter(browser, PASSWORD)
    [cookie] = [text for text in answer.headers.getlist("Set-Cookie") if text.startswith(COOKIE)]
    for part in ("HttpOnly", "SameSite=Lax", "Max-Age="):
        assert part in cookie
    assert "小王" not in cookie
    assert "Secure" not in cookie


def test_neither_name_nor_address_stands_in_the_store(app: Flask, own_store: Store) -> None:
    fail(app, 2)
    enter(app.test_client(), PASSWORD)
    with own_store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM failed_logins").fetchall()
    assert rows
    for words in ("小王", STRANGER, HOME):
        assert words not in str(rows)


def test_after_a_quiet_day_a_stranger_begins_anew(app: Flask) -> None:
    fail(app, OF_ACCOUNT.free + 8)
    CLOCK["at"] += dt.timedelta(hours=25)
    assert enter(app.test_client(), PASSWORD, address=STRANGER).status_code == 302
