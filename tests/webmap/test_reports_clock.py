"""Reports of a phone whose clock is wrong: only how long ago it says it saw something counts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from geo.store import Store
    from tests.webmap.conftest import Save

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _station(app: Flask, save: Save) -> None:
    save({"code": "A", "name": "甲"})
    app.extensions["clock"] = lambda: NOW


def post(client: FlaskClient, at: dt.datetime, sent: object) -> TestResponse:
    body = {"state": "locked", "at": at.isoformat(), "sent_at": sent}
    return client.post("/api/v1/stations/A/reports", json=body)


@pytest.mark.parametrize("wrong", [-500 * HOUR, -HOUR, 0 * HOUR, HOUR, 500 * HOUR])
@pytest.mark.parametrize("waited", [0 * HOUR, HOUR / 60, 20 * HOUR, 48 * HOUR])
def test_the_time_between_counts(
    client: FlaskClient, own_store: Store, wrong: dt.timedelta, waited: dt.timedelta
) -> None:
    sent = NOW + wrong
    assert post(client, sent - waited, sent.isoformat()).status_code == 201
    (report,) = own_store.reports_since(NOW - 100 * HOUR)
    assert report.at == NOW - waited


@pytest.mark.parametrize(
    ("waited", "sent"),
    [
        (49 * HOUR, NOW.isoformat()),
        (-HOUR, NOW.isoformat()),  # sent before it was seen: its clock was set meanwhile
        (HOUR, "soon"),
        (HOUR, "2026-03-02T04:30:00"),  # no offset
        (HOUR, 7),
        (HOUR, "0001-01-01T00:00:00+14:00"),
    ],
)
def test_what_cannot_be_is_refused(
    client: FlaskClient, own_store: Store, waited: dt.timedelta, sent: object
) -> None:
    assert post(client, NOW - waited, sent).status_code == 400
    assert own_store.reports_since(NOW - 100 * HOUR) == []
