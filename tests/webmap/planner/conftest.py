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
from tests.webmap.staff.conftest import HOSTILE, hidden, login
from webmap.runs import QUEUED, Desk, work
from webmap.runs.desk import write_run
from webmap.runs.record import Run, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from geo.store import Store
    from webmap.settings import Settings

__all__ = ["login"]  # a fixture of the desk's tests

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
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs be done in this process as soon as they are there."""

    def _tend(desk: Desk) -> None:
        for run in desk.runs() if desk.folder.is_dir() else []:
            if run.state == QUEUED:
                work.main(desk.folder / run.id)

    monkeypatch.setattr(Desk, "tend", _tend)
    monkeypatch.setattr(work.signal, "signal", lambda *_: None)


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs wait for ever."""
    monkeypatch.setattr(Desk, "_start", lambda *_: None)


def upload(browser: FlaskClient, *files: tuple[bytes, str], **typed: str) -> TestResponse:
    """Send the form with files, given as content and name."""
    token = hidden(browser.get("/plan/").text, "csrf_token")
    tracks = [(io.BytesIO(content), name) for content, name in files]
    fields: dict[str, Any] = {"limit": "1000", "datum": "auto", "tz": "Asia/Shanghai", **typed}
    return browser.post(
        "/plan/", data={"csrf_token": token, **fields, "tracks": tracks or (io.BytesIO(), "")}
    )


def record(settings: Settings, **cells: Any) -> tuple[Path, Run]:  # noqa: ANN401 - cells of a run
    """Write the record of a run as if somebody had started it."""
    run = Run(**{"id": new_id(), "owner": "小王", "name": "早班", **cells})
    folder = settings.runs / run.id
    folder.mkdir(parents=True)
    (folder / "upload").mkdir()
    (folder / "upload" / "tracks.csv").write_bytes(CSV)
    return folder, write_run(folder, run)


def finished(browser: FlaskClient, *files: tuple[bytes, str], **typed: str) -> str:
    """Upload files and return the address of the run, which has ended."""
    answer = upload(browser, *(files or ((CSV, "早班.csv"),)), **typed)
    assert answer.status_code == 303
    return str(answer.headers["Location"])
