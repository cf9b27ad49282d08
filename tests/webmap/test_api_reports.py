"""``POST /api/v1/stations/<code>/reports``: who may send what, and what is made of it."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, Any

import pytest

from geo.store import open_store
from tests.store.frames import make_stations
from webmap.api.reports import LONGEST
from webmap.devices import FOLDER
from webmap.telling import MOST_OF_DEVICE

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from geo.store import Store
    from tests.webmap.conftest import Save
    from webmap.settings import Settings

NOW = dt.datetime(2026, 3, 2, 4, 30, 15, tzinfo=dt.UTC)  # Monday 12:30 on the stations' clock
HOUR = dt.timedelta(hours=1)
FIRST = "0b6e5b0e-6f0b-4d0e-9c58-6d4e3f0b9a11"
ADDRESS = "203.0.113.7"


@pytest.fixture(autouse=True)
def clock(app: Flask, save: Save) -> list[dt.datetime]:
    """Return the clock of the site, a list of one moment, which now has two stations."""
    save({"code": "A", "name": "甲", "hours": "24/7"}, {"code": "a/b", "name": "乙"})
    moments = [NOW]
    app.extensions["clock"] = lambda: moments[0]
    return moments


def post(client: FlaskClient, body: object, code: str = "A", **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    place = {"REMOTE_ADDR": ADDRESS}
    return client.post(
        f"/api/v1/stations/{code}/reports", json=body, headers=named, environ_base=place
    )


def answer(client: FlaskClient, state: str, mark: str, **fields: object) -> Any:  # noqa: ANN401  # JSON
    response = post(client, {"state": state, "mark": mark, **fields})
    assert response.status_code == 201, response.text
    return response.get_json()


def refused(response: TestResponse, status: int, code: str) -> bool:
    problem = response.get_json(force=True)
    assert set(problem) == {"type", "title", "status", "detail", "code"}
    return (response.status_code, problem["code"]) == (status, code)


def test_a_report_is_kept_and_answered(client: FlaskClient, own_store: Store) -> None:
    body = {"state": "locked", "id": FIRST, "at": "2026-03-02T12:00:00+08:00", "near": True}
    response = post(client, body)
    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    assert response.get_json() == {
        "id": FIRST,
        "code": "A",
        "state": "locked",
        "amenity": None,
        "at": "2026-03-02T12:00:00+08:00",
        "demo": False,
        "reported_locked": False,
        "needs_check": False,
        "locked_devices": 1,
        "last_locked_at": "2026-03-02T12:00:00+08:00",
    }
    (report,) = own_store.reports_since(NOW - HOUR)
    assert (report.id, report.code, report.state, report.near) == (FIRST, "A", "locked", True)
    assert (report.at, report.received_at) == (NOW - HOUR / 2 - dt.timedelta(seconds=15), NOW)


def test_two_devices_lock_and_another_opens(client: FlaskClient) -> None:
    assert not answer(client, "locked", "d")["reported_locked"]
    assert not answer(client, "locked", "d")["reported_locked"]
    two = answer(client, "locked", "e")
    assert (two["reported_locked"], two["locked_devices"]) == (True, 2)
    assert answer(client, "gone", "f")["reported_locked"]
    assert answer(client, "open", "e")["reported_locked"]
    three = answer(client, "open", "f")
    assert (three["reported_locked"], three["locked_devices"]) == (False, 0)


def test_without_a_mark_the_address_is_the_device(client: FlaskClient, own_store: Store) -> None:
    for _twice in range(2):
        assert post(client, {"state": "locked"}).get_json()["locked_devices"] == 1
    assert len({report.device for report in own_store.reports_since(NOW)}) == 1


def test_one_phone_is_one_device_from_evening_to_morning(
    client: FlaskClient, clock: list[dt.datetime]
) -> None:
    for later in (0, 9, 20):
        clock[0] = NOW + later * HOUR
        assert answer(client, "locked", "d")["locked_devices"] == 1
    assert answer(client, "locked", "e")["reported_locked"]


def test_neither_address_nor_mark_is_kept_or_logged(
    client: FlaskClient, settings: Settings, own_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer(client, "locked", "a-mark-of-mine", lon=116.4, lat=39.9)
        post(client, {"state": "locked"})
    own_store.close()
    files = [path for path in settings.instance.rglob("*") if path.is_file()]
    assert any(path.parent.name == FOLDER for path in files)
    kept = b"".join(path.read_bytes() for path in files) + caplog.text.encode()
    for secret in (ADDRESS, "a-mark-of-mine", "39.9"):
        assert secret.encode() not in kept


def test_the_same_id_again_is_the_same_report(client: FlaskClient, own_store: Store) -> None:
    body = {"state": "locked", "id": FIRST.upper(), "mark": "d"}
    first, second = post(client, body), post(client, body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    third = post(client, body | {"mark": "e"})
    assert third.get_json()["locked_devices"] == 1
    assert len(own_store.reports_since(NOW)) == 1


def test_an_id_of_another_report_is_refused(client: FlaskClient) -> None:
    body = {"state": "locked", "id": FIRST, "mark": "d"}
    post(client, body)
    assert refused(post(client, body | {"state": "open"}), 409, "conflict")
    assert refused(post(client, body, code="a/b"), 409, "conflict")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"state": "shut"}, "invalid_state"),
        ({"state": None}, "invalid_state"),
        ({"state": ["locked"]}, "invalid_state"),
        ({"id": "7"}, "invalid_id"),
        ({"id": 7}, "invalid_id"),
        ({"id": ["x"]}, "invalid_id"),
        ({"at": "yesterday"}, "invalid_at"),
        ({"at": 1772425815}, "invalid_at"),
        ({"at": "2026-03-02T12:00:00"}, "invalid_at"),  # no offset
        ({"at": (NOW - 48.01 * HOUR).isoformat()}, "invalid_at"),
        ({"at": (NOW + 0.04 * HOUR).isoformat()}, "invalid_at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "invalid_at"),
        ({"near": "yes"}, "invalid_near"),
        ({"near": 1}, "invalid_near"),
        ({"mark": 7}, "invalid_mark"),
        ({"mark": "x" * 201}, "invalid_mark"),
    ],
)
def test_a_faulty_field_is_named(
    client: FlaskClient, own_store: Store, fields: dict[str, object], code: str
) -> None:
    assert refused(post(client, {"state": "open", **fields}), 400, code)
    assert own_store.reports_seq() == 0


@pytest.mark.parametrize("late", [dt.timedelta(0), 48 * HOUR])
def test_an_observation_may_be_two_days_old(
    client: FlaskClient, own_store: Store, late: dt.timedelta
) -> None:
    answer(client, "open", "d", at=(NOW - late).isoformat())
    assert [report.at for report in own_store.reports_since(NOW - late)] == [NOW - late]


def test_a_clock_a_little_ahead_counts_as_now(client: FlaskClient, own_store: Store) -> None:
    answer(client, "open", "d", at=(NOW + dt.timedelta(seconds=119)).isoformat())
    assert [report.at for report in own_store.reports_since(NOW)] == [NOW]


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "invalid_body"),
        (b"{", 400, "invalid_body"),
        (b"[]", 400, "invalid_body"),
        (b'"locked"', 400, "invalid_body"),
        (b"\xff\xfe", 400, "invalid_body"),
        (b'{"state": "open"}' + b" " * LONGEST, 413, "request_entity_too_large"),
        (b"[" * 4000, 400, "invalid_body"),
        (b'{"state": "open", "mark": "\\ud800"}', 400, "invalid_body"),
        (b'{"state": "open", "near": NaN}', 400, "invalid_body"),
    ],
)
def test_what_is_no_report_is_refused(
    client: FlaskClient, data: bytes, status: int, code: str
) -> None:
    response = client.post("/api/v1/stations/A/reports", data=data, content_type="application/json")
    assert refused(response, status, code)


def test_an_unknown_station_is_a_problem(client: FlaskClient) -> None:
    assert refused(post(client, {"state": "open"}, code="NO"), 404, "unknown_station")


def test_a_code_may_hold_a_slash(client: FlaskClient) -> None:
    assert post(client, {"state": "open"}, code="a/b").status_code == 201


def test_reports_are_not_read_back(client: FlaskClient) -> None:
    assert client.get("/api/v1/stations/A/reports").status_code == 404


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(client: FlaskClient, kind: str) -> None:
    response = client.post(
        "/api/v1/stations/A/reports", data=b'{"state": "open"}', content_type=kind or None
    )
    assert refused(response, 403, "forbidden")


@pytest.mark.parametrize(
    ("headers", "is_taken"),
    [
        ({}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "https://localhost"}, True),  # behind a proxy that this site was not told of
        ({"Origin": "http://localhost", "Sec_Fetch_Site": "same-origin"}, True),
        ({"Sec_Fetch_Site": "none"}, True),
        ({"Origin": "http://www.localhost", "Sec_Fetch_Site": "same-site"}, True),
        ({"Origin": "http://other.example", "Sec_Fetch_Site": "cross-site"}, False),
        ({"Origin": "http://localhost", "Sec_Fetch_Site": "cross-site"}, False),
        ({"Origin": "http://other.example"}, False),
        ({"Origin": "http://localhost.other.example"}, False),
        ({"Origin": "http://localhost:8000"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://["}, False),
        ({"Sec_Fetch_Site": "cross-site"}, False),
    ],
)
def test_only_pages_of_this_site_may_send(
    client: FlaskClient, headers: dict[str, str], *, is_taken: bool
) -> None:
    response = post(client, {"state": "open"}, **headers)
    assert (response.status_code == 201) is is_taken
    assert is_taken or refused(response, 403, "forbidden")


def test_no_cookie_is_asked_for_or_given(client: FlaskClient) -> None:
    assert "Set-Cookie" not in post(client, {"state": "open"}).headers


def test_a_device_that_never_stops_is_held_back(
    client: FlaskClient, clock: list[dt.datetime]
) -> None:
    last = answer(client, "open", "d")
    for _each in range(MOST_OF_DEVICE - 1):
        answer(client, "open", "d")
    response = post(client, {"state": "open", "mark": "d"})
    assert refused(response, 429, "too_many_requests")
    assert int(response.headers["Retry-After"]) == 3600
    again = post(client, {"state": "open", "mark": "d", "id": last["id"]})
    assert again.status_code == 200  # what is kept already may be asked for
    answer(client, "open", "e")
    clock[0] = NOW + HOUR + dt.timedelta(seconds=1)
    answer(client, "open", "d")


def test_an_address_that_invents_devices_is_held_back(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    monkeypatch.setattr(app.extensions["reports_bound"], "_most", 3)
    for mark in "abc":
        answer(client, "open", mark)
    assert refused(post(client, {"state": "open", "mark": "d"}), 429, "too_many_requests")


def test_two_processes_agree_on_a_device(
    app: Flask, client: FlaskClient, settings: Settings
) -> None:
    from webmap import create_app  # noqa: PLC0415

    answer(client, "locked", "d")
    other = create_app(settings)
    other.extensions["clock"] = app.extensions["clock"]
    found = answer(other.test_client(), "locked", "d")
    other.extensions["stores"].close()
    assert found["locked_devices"] == 1


@pytest.mark.parametrize("shown", [False, True])
def test_a_demo_takes_reports_of_its_own(tmp_path: Path, *, shown: bool) -> None:
    from webmap import create_app  # noqa: PLC0415
    from webmap.settings import Settings  # noqa: PLC0415

    settings = Settings.from_env({"NUANYI_INSTANCE": str(tmp_path / "demo")})
    settings.make_instance()
    with open_store(settings.demo_database) as store:
        store.save_stations(make_stations(["D"]), actor="demo", origin="demo", now=NOW)
        store.mark_demo()
    if not shown:
        with open_store(settings.database) as store:
            store.save_stations(make_stations(["A"]), actor="x", origin="form", now=NOW)
    app = create_app(settings)
    response = post(app.test_client(), {"state": "open"}, code="D")
    app.extensions["stores"].close()
    if shown:
        assert response.get_json()["demo"] is True
    assert response.status_code == (201 if shown else 404)
