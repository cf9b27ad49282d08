"""A keeper's link and what it leads to: confirm, close for a while, say what is broken."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from geo.store.checks import FINE, MENDED, TRUE
from tests.webmap.conftest import NOW
from tests.webmap.staff.conftest import HOSTILE, hidden, login, send
from webmap.account.link import hash_link, make_link
from webmap.checks import tend_checks
from webmap.keeper import acts

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

__all__ = ["login"]  # a fixture of the desk's tests

AT = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)  # 12:30 there
LINK = "w" * 32


@pytest.fixture(autouse=True)
def kept(app: Flask, save: Save, own_store: Store) -> None:
    """Save three stations, two of which 店里 keeps."""
    save(
        {"code": "A/1", "name": HOSTILE, "hours": "24/7", "amenities": "microwave;toilet:broken"},
        {"code": "B", "name": "二店", "status": "closed"},
        {"code": "C", "name": "别人的", "amenities": "microwave"},
    )
    own_store.add_keeper("店里", stations=["A/1", "B"], now=NOW, link_hash=hash_link(LINK))
    app.extensions["clock"] = lambda: AT


@pytest.fixture
def phone(client: FlaskClient) -> FlaskClient:
    """Return the keeper's phone, after the tap."""
    assert send(client, f"/k/{LINK}", {}).headers["Location"] == "/keep"
    return client


def tap(phone: FlaskClient, page: str, code: str = "A/1", **typed: str) -> TestResponse:
    return send(phone, f"/keep/{code}/{page}", typed, page="/keep")


def station(store: Store, code: str = "A/1") -> dict[str, str]:
    cells: dict[str, str] = store.read_stations(codes=[code]).iloc[0].to_dict()
    return cells


def report(store: Store, state: str, *, amenity: str = "") -> None:
    """Let two devices report, and the check be open."""
    for device in ("d", "e"):
        at = AT - dt.timedelta(hours=1)
        store.add_report("A/1", state, devices=[device], at=at, now=at, amenity=amenity)
    assert tend_checks(store, AT) == 1


def test_a_look_at_the_link_logs_nobody_in(client: FlaskClient) -> None:
    page = client.get(f"/k/{LINK}")
    assert "店里" in page.text
    assert client.get("/keep").status_code == 401
    assert "no-store" in page.headers["Cache-Control"]


def test_the_link_leads_on_while_the_session_lasts(phone: FlaskClient) -> None:
    assert phone.get(f"/k/{LINK}").headers["Location"] == "/keep"
    assert phone.get("/login").headers["Location"] == "/keep"


def test_a_link_that_is_none_says_whom_to_ask(client: FlaskClient) -> None:
    page = client.get("/k/nonsense")
    assert page.status_code == 404
    assert "这个链接不能用了" in page.text


def test_an_old_page_of_the_link_is_shown_again(client: FlaskClient) -> None:
    answer = client.post(f"/k/{LINK}", data={"csrf_token": "old"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/k/{LINK}")


@pytest.mark.parametrize("what", ["revoked", "renewed", "disabled"])
def test_a_link_taken_back_ends_the_session_too(
    phone: FlaskClient, own_store: Store, what: str
) -> None:
    if what == "disabled":
        own_store.change_user("店里", disabled=True)
    else:
        token, hashed = make_link()
        own_store.change_keeper("店里", link_hash=hashed if what == "renewed" else "")
        assert phone.get(f"/k/{token}").status_code == (200 if what == "renewed" else 404)
    assert phone.get("/keep").status_code == 401
    assert phone.get(f"/k/{LINK}").status_code == 404


def test_the_session_runs_out_and_the_page_says_where_to_go(phone: FlaskClient) -> None:
    phone.delete_cookie("session")
    page = phone.get("/keep")
    assert page.status_code == 401
    assert "再打开一次你的链接" in page.text


def test_only_the_hash_of_a_link_is_stored(own_store: Store) -> None:
    token, hashed = make_link()
    assert len(token) >= 32
    assert make_link()[0] != token
    own_store.change_keeper("店里", link_hash=hashed)
    with own_store.engine.connect() as connection:
        rows = str(connection.exec_driver_sql("SELECT * FROM users").fetchall())
    assert token not in rows
    assert hashed in rows


def test_the_link_stays_out_of_logs(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def _fail(_: str) -> str:
        raise RuntimeError

    monkeypatch.setattr("webmap.account.link.hash_link", _fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert app.test_client().get(f"/k/{LINK}").status_code == 500
    assert "/k/…" in caplog.text
    assert LINK not in caplog.text


def test_the_page_shows_the_stations_as_they_are_and_names_as_text(phone: FlaskClient) -> None:
    page = phone.get("/keep").text
    assert "<img" not in page
    assert "二店" in page
    assert "别人的" not in page
    assert "还没有人确认过" in page
    assert "这个驿站现在不开放" in page  # B is closed for good
    assert 'action="/keep/A/1/confirm"' in page
    assert 'action="/keep/B/confirm"' not in page


def test_a_confirmation_is_todays_and_stands_in_the_history(
    phone: FlaskClient, own_store: Store
) -> None:
    answer = tap(phone, "confirm")
    assert answer.status_code == 303
    assert station(own_store)["verified_on"] == "2026-03-02"
    row = own_store.history("A/1").iloc[-1]
    assert (row["actor"], row["origin"]) == ("店里", "keeper")
    assert row["after"] == {"verified_on": "2026-03-02"}
    assert "今天确认过了" in phone.get("/keep").text


def test_a_confirmation_ends_the_lock_and_its_check(phone: FlaskClient, own_store: Store) -> None:
    report(own_store, "locked")
    assert "锁" in phone.get("/s/A/1").text.split('class="line')[1][:200]
    tap(phone, "confirm")
    assert own_store.list_checks() == []
    [check] = own_store.list_checks(is_done=True)
    assert (check.outcome, check.done_by) == (FINE, "店里")
    assert 'data-state="reported_locked"' not in phone.get("/?q=img").text
    tap(phone, "confirm")  # the second of a day changes nothing, and does no harm
    assert len(own_store.history("A/1")) == 2


def test_the_door_is_closed_until_a_day_and_opened_again(
    phone: FlaskClient, own_store: Store
) -> None:
    report(own_store, "locked")
    tap(phone, "close", until="2026-03-09")
    cells = station(own_store)
    assert cells["status"] == "temporarily_closed"
    assert cells["status_until"] == "2026-03-09T00:00:00+08:00"
    assert [check.outcome for check in own_store.list_checks(is_done=True)] == [TRUE]
    assert "暂时关门，3 月 9 日重新开门" in phone.get("/keep").text
    tap(phone, "open")
    cells = station(own_store)
    assert (cells["status"], cells["status_until"]) == ("open", "")
    assert cells["verified_on"] == "2026-03-02"


def test_a_closure_without_a_day_stays_until_somebody_opens(
    phone: FlaskClient, own_store: Store
) -> None:
    tap(phone, "close", until="2026-03-09")
    tap(phone, "close")
    assert station(own_store)["status_until"] == ""
    assert "暂时关门，没说到哪天" in phone.get("/keep").text


@pytest.mark.parametrize("until", ["2026-03-02", "2020-01-01", "2029-01-01", "明天", "2026-02-30"])
def test_a_day_that_cannot_be_changes_nothing(
    phone: FlaskClient, own_store: Store, until: str
) -> None:
    tap(phone, "close", until=until)
    assert "没有改" in phone.get("/keep").text
    assert station(own_store)["status"] == "open"


def test_something_breaks_and_is_mended(phone: FlaskClient, own_store: Store) -> None:
    report(own_store, "broken", amenity="microwave")
    report(own_store, "missing", amenity="toilet")
    tap(phone, "amenity", thing="microwave", state="broken")
    assert station(own_store)["amenities"] == "microwave:broken;toilet:broken"
    assert [check.outcome for check in own_store.list_checks(is_done=True)] == [TRUE]
    tap(phone, "amenity", thing="toilet", state="yes")
    done = {check.amenity: check.outcome for check in own_store.list_checks(is_done=True)}
    assert done == {"microwave": TRUE, "toilet": MENDED}
    assert station(own_store)["amenities"] == "microwave:broken;toilet"


@pytest.mark.parametrize(
    ("thing", "state"), [("wifi", "broken"), ("gold", "yes"), ("toilet", "no"), ("toilet", "")]
)
def test_what_the_station_has_not_is_refused(
    phone: FlaskClient, own_store: Store, thing: str, state: str
) -> None:
    assert tap(phone, "amenity", thing=thing, state=state).status_code == 400
    assert len(own_store.history("A/1")) == 1


def test_another_amenity_that_changes_meanwhile_is_kept(
    own_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def _slow(text: str) -> dict[str, str]:
        monkeypatch.setattr(acts, "amenity_cells", read)
        acts.tell_amenity(own_store, "A/1", "toilet", "yes", actor="另一个", at=AT)
        return read(text)

    read = acts.amenity_cells
    monkeypatch.setattr(acts, "amenity_cells", _slow)
    assert acts.tell_amenity(own_store, "A/1", "microwave", "broken", actor="店里", at=AT)
    assert station(own_store)["amenities"] == "microwave:broken;toilet"


@pytest.mark.parametrize("page", ["confirm", "close", "open", "amenity"])
def test_others_stations_and_those_closed_for_good_are_not_a_keepers(
    phone: FlaskClient, own_store: Store, page: str
) -> None:
    typed = {"thing": "microwave", "state": "broken"}
    before = own_store.change_seq()
    assert tap(phone, page, "C", **typed).status_code == 403
    assert tap(phone, page, "none", **typed).status_code == 403
    assert tap(phone, page, "B", **typed).status_code == 409
    assert own_store.change_seq() == before


def test_a_keeper_opens_no_desk_and_no_staff_the_keepers_page(
    phone: FlaskClient, login: Login
) -> None:
    for address in ("/staff/", "/plan/", "/account/", "/staff/stations/A/1"):
        assert phone.get(address).status_code == 403
    assert login(role="admin").get("/keep").status_code == 403


def test_a_station_that_is_gone_is_left_out(phone: FlaskClient, own_store: Store) -> None:
    own_store.change_keeper("店里", stations=["gone", "A/1"])
    assert phone.get("/keep").status_code == 200
    own_store.change_keeper("店里", stations=["gone"])
    assert "这里还没有驿站" in phone.get("/keep").text
    assert tap(phone, "confirm", "gone").status_code == 404


def test_another_session_is_replaced_whole(own_store: Store, login: Login) -> None:
    browser = login()
    page = browser.get(f"/k/{LINK}").text
    assert "现在登录的是“小王”" in page
    token = hidden(page, "csrf_token")
    assert browser.post(f"/k/{LINK}", data={"csrf_token": token}).status_code == 303
    assert browser.get("/keep").status_code == 200
    assert browser.get("/staff/").status_code == 403
    assert own_store.find_user("小王") is not None
