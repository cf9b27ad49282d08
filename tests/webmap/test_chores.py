"""What the site does by itself: old reports and wishes go, checks come, once an hour."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from geo.errors import StoreUnavailableError
from webmap import chores
from webmap.chores import KEPT, Chores

if TYPE_CHECKING:
    import pytest
    from flask import Flask
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.conftest import Save

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def fill(store: Store) -> None:
    for at in (NOW - KEPT - DAY, NOW - KEPT + DAY):
        store.add_report("A", "open", devices=["d"], at=at, now=at)
    for day in ((NOW - KEPT).date() - 7 * DAY, (NOW - KEPT).date()):
        store.add_wish(116.4, 39.9, devices=["d"], day=day)


def left(store: Store) -> tuple[int, int]:
    reports = store.reports_since(NOW - 2 * KEPT)
    return len(reports), len(store.count_wishes(least=1, since=(NOW - 2 * KEPT).date()))


def test_a_page_of_the_site_deletes_what_is_too_old(
    app: Flask, client: FlaskClient, own_store: Store, save: Save
) -> None:
    save({"code": "A", "name": "甲"})
    fill(own_store)
    app.extensions["clock"] = lambda: NOW
    assert client.get("/").status_code == 200
    assert left(own_store) == (1, 1)


def test_it_is_done_once_a_day_and_checks_once_an_hour(
    own_store: Store, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    save({"code": "A", "name": "甲"})
    done: list[str] = []
    monkeypatch.setattr(chores, "purge", lambda *_: done.append("purge"))
    monkeypatch.setattr(chores, "tend_checks", lambda *_: done.append("checks"))
    made = Chores()
    for minutes in (0, 10, 29, 30, 60, 90, 24 * 60):
        made.tend(own_store, NOW + dt.timedelta(minutes=minutes))
    assert done.count("checks") == 4
    assert done.count("purge") == 2


def test_a_store_that_is_away_is_left_for_later(
    own_store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> int:
        msg = "away"
        raise StoreUnavailableError(msg)

    monkeypatch.setattr(chores, "tend_checks", fail)
    Chores().tend(own_store, NOW)
    assert "put off" in caplog.text
