"""The planner's desk in a test: a small city with a station, tracks, and runs done at once."""

from __future__ import annotations

import io
import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from geo.city import City
from geo.network import write_network
from tests.networks import network_of, stations_at, to_degrees
from tests.walks import street_walk
from tests.webmap.conftest import NOW
from tests.webmap.planner.made import few, one, other
from tests.webmap.runs.waiting import put_row, run_of, run_waiting, write_light
from tests.webmap.staff.conftest import HOSTILE, areas, demo_store, hidden, login
from webmap.runs import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from geo.store import Store
    from webmap.runs import Run
    from webmap.settings import Settings

__all__ = [
    "areas",
    "demo_store",
    "few",
    "login",
    "one",
    "other",
    "run_of",
]  # fixtures of the desk's tests

WALK = street_walk(list(range(0, 3001, 50)), list(range(0, 61 * 40, 40)))  # 3 km from 04:00
CSV = WALK.to_csv(index=False, float_format="%.7f").encode()


@pytest.fixture
def city(settings: Settings, own_store: Store) -> Iterator[City]:
    """Make a city of one street of 5 km, with a station of a nasty name at 1 km.

    Yields
    ------
    City
        After it the mask of the process is as before: runs in tests change it.
    """
    network = network_of([(0, 0), (5000, 0)], [(0, 1)])
    west, south, east, north = network.bounds
    folder = settings.cities / "street"
    folder.mkdir(parents=True)
    made = City("street", folder, west, south - 0.01, east, north + 0.01, ("street.osm",))
    write_network(network, made.network_path)
    about = {name: value for name, value in asdict(made).items() if name != "directory"}
    (folder / "city.json").write_text(json.dumps(about), encoding="utf-8")
    lon, lat = to_degrees([1000], [0])
    stations = stations_at(lon.tolist(), lat.tolist(), hours="05:00-20:00")
    stations["name"] = HOSTILE
    own_store.save_stations(stations, actor="test", origin="test", now=NOW)
    mask = os.umask(0o022)
    os.umask(mask)
    yield made
    os.umask(mask)


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs write figures and lines only: page, workbook and pictures take seconds each."""
    monkeypatch.setattr("webmap.runs.measure.write_report", write_light)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch, settings: Settings, light: None) -> None:  # noqa: ARG001 - as said there
    """Let runs be done in this process as soon as they are there; they are ``light``."""
    monkeypatch.setattr(Desk, "tend", lambda _: run_waiting(settings))


@pytest.fixture
def asleep() -> None:
    """Let runs wait for ever, as they do where no worker is."""


def send_files(browser: FlaskClient, *files: tuple[bytes, str], **typed: str) -> TestResponse:
    """Send the form with files, given as content and name; it leads to the check of them."""
    token = hidden(browser.get("/plan/").text, "csrf_token")
    tracks = [(io.BytesIO(content), name) for content, name in files]
    sent = {"csrf_token": token, **typed, "tracks": tracks or (io.BytesIO(), "")}
    return browser.post("/plan/", data=sent)


def check(browser: FlaskClient, address: str, **typed: Any) -> TestResponse:  # noqa: ANN401 - a text or several
    """Send the options on the page at an address, as a browser would with some of them changed."""
    token = hidden(browser.get(address).text, "csrf_token")
    usual = {"limit": "1000", "datum": "auto", "tz": "Asia/Shanghai", "by_area": "yes"}
    return browser.post(address, data={"csrf_token": token, "do": "start", **usual, **typed})


def upload(browser: FlaskClient, *files: tuple[bytes, str], **typed: Any) -> TestResponse:  # noqa: ANN401 - as above
    """Send files, then the options; the first of both answers that does not lead on."""
    answer = send_files(browser, *files)
    if answer.status_code != 303:
        return answer
    return check(browser, answer.headers["Location"], **typed)


def record(settings: Settings, **cells: Any) -> tuple[Path, Run]:  # noqa: ANN401 - cells of a run
    """Keep a run as if somebody had started it."""
    return put_row(settings, CSV, **cells)


def unchecked(browser: FlaskClient, settings: Settings, *files: tuple[bytes, str]) -> str:
    """Send files and begin the run whatever the check says; return its id."""
    run_id = send_files(browser, *files).headers["Location"].split("/")[-2]
    desk = Desk(settings)
    assert desk.begin(run_id) is not None
    desk.tend()
    return str(run_id)


def finished(browser: FlaskClient, *files: tuple[bytes, str], **typed: Any) -> str:  # noqa: ANN401 - as above
    """Upload files and return the address of the run, which has ended."""
    answer = upload(browser, *(files or ((CSV, "早班.csv"),)), **typed)
    assert answer.status_code == 303
    return str(answer.headers["Location"])
