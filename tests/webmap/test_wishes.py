"""``POST /api/v1/wishes``, and what planners see of it."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from geo.store import Store
    from tests.webmap.conftest import Save
    from webmap.settings import Settings

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
HERE = {"lon": 116.4074, "lat": 39.9042}


@pytest.fixture(autouse=True)
def clock(app: Flask, save: Save) -> list[dt.datetime]:
    """Return the clock of the site, a list of one moment."""
    save({"code": "A", "name": "甲"})
    moments = [NOW]
    app.extensions["clock"] = lambda: moments[0]
    return moments


def wish(client: FlaskClient, mark: str = "", **body: object) -> TestResponse:
    return client.post("/api/v1/wishes", json={**HERE, "mark": mark, **body})


def counted(store: Store) -> list[int]:
    return [one.devices for one in store.count_wishes(least=1, since=NOW.date())]


def test_a_device_is_counted_once(client: FlaskClient, own_store: Store) -> None:
    first, again = wish(client, "d"), wish(client, "d")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == {"counted": True, "demo": False}
    assert first.headers["Cache-Control"] == "no-store"
    assert wish(client, "e").status_code == 201
    assert counted(own_store) == [2]


def test_the_same_phone_is_known_in_the_evening(
    client: FlaskClient, clock: list[dt.datetime], own_store: Store
) -> None:
    for hours in (0, 5, 9):
        clock[0] = NOW + hours * dt.timedelta(hours=1)
        wish(client, "d")
    assert counted(own_store) == [1]


def test_position_and_mark_are_neither_kept_nor_logged(
    client: FlaskClient, settings: Settings, own_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        wish(client, "a-mark-of-mine", lon=116.4321, lat=39.8765)
    own_store.close()
    files = [path for path in settings.instance.rglob("*") if path.is_file()]
    kept = b"".join(path.read_bytes() for path in files) + caplog.text.encode()
    for secret in ("116.43", "39.87", "a-mark-of-mine"):
        assert secret.encode() not in kept


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"lon": None}, "invalid_lon"),
        ({"lon": "116"}, "invalid_lon"),
        ({"lon": True}, "invalid_lon"),
        ({"lat": 91}, "invalid_lat"),
        ({"lon": 181}, "invalid_lon"),
        ({"mark": 7}, "invalid_mark"),
        ({"mark": "x" * 201}, "invalid_mark"),
    ],
)
def test_a_faulty_field_is_named(client: FlaskClient, body: dict[str, object], code: str) -> None:
    answer = client.post("/api/v1/wishes", json=HERE | body)
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (400, code)


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"lon": 1e999, "lat": 2}'])
def test_what_is_no_wish_is_refused(client: FlaskClient, data: bytes) -> None:
    answer = client.post("/api/v1/wishes", data=data, content_type="application/json")
    assert answer.status_code == 400


def test_only_pages_of_this_site_may_send(client: FlaskClient) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/api/v1/wishes", json=HERE, headers=foreign).status_code == 403
    assert client.post("/api/v1/wishes", data=HERE).status_code == 403


def test_an_address_that_invents_devices_is_held_back(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    monkeypatch.setattr(app.extensions["wishes_bound"], "_most", 2)
    assert [wish(client, mark).status_code for mark in "abc"] == [201, 201, 429]
