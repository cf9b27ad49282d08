"""``/api/v1/coverage/latest``: what was published last, as it lies in the files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from geo.coverage import publish
from tests.webmap.planner.made import one, other, put_done

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from webmap.runs import Run
    from webmap.settings import Settings

__all__ = ["one", "other"]  # fixtures
LATEST = "/api/v1/coverage/latest"
pytestmark = pytest.mark.usefixtures("own_store")


def put_published(settings: Settings, result: Path, moment: str, **cells: object) -> Run:
    run = put_done(settings, result, published=moment, **cells)
    folder = settings.runs / run.id / "result"
    publish(folder, folder)
    return run


def test_without_anything_published_the_answer_is_a_problem(
    client: FlaskClient, settings: Settings, one: Path
) -> None:
    put_done(settings, one)  # done, not published
    answer = client.get(LATEST)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert (problem["status"], problem["code"]) == (404, "nothing_published")


def test_anybody_gets_the_latest_as_the_files_have_it(
    client: FlaskClient, settings: Settings, one: Path, other: Path
) -> None:
    put_published(settings, one, "2026-03-01T00:00:00.000+00:00", is_demo=True)
    late = put_published(settings, other, "2026-04-01T00:00:00.000+00:00", is_demo=True)
    answer = client.get(LATEST)
    folder = settings.runs / late.id / "result"
    streets = json.loads((folder / "published.geojson").read_text("utf-8"))
    assert answer.get_json() == {
        "published": "2026-04-01T00:00:00.000+00:00",
        "demo": True,
        "summary": streets.pop("summary"),
        "stretches": streets,
    }
    assert answer.get_json()["stretches"]["features"]


def test_an_unchanged_answer_is_not_sent_twice(
    client: FlaskClient, settings: Settings, one: Path
) -> None:
    put_published(settings, one, "2026-03-01T00:00:00.000+00:00")
    answer = client.get(LATEST)
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get(LATEST, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_run_whose_files_are_gone_is_passed_over(
    client: FlaskClient, settings: Settings, one: Path, other: Path
) -> None:
    put_published(settings, one, "2026-03-01T00:00:00.000+00:00")
    late = put_published(settings, other, "2026-04-01T00:00:00.000+00:00")
    (settings.runs / late.id / "result" / "published.geojson").unlink()
    assert client.get(LATEST).get_json()["published"] == "2026-03-01T00:00:00.000+00:00"
