"""Planned lines on the command line: told from tracks by content, walked in a plain week."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.webmap.cli.conftest import STATION

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.webmap.conftest import Run, Save

    Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Return a function that writes one line along the first street, 250 m."""

    def _put(**properties: object) -> Path:
        line = {"type": "LineString", "coordinates": [[116.3001, 40.0], [116.303, 40.0]]}
        feature = {"type": "Feature", "properties": properties, "geometry": line}
        path = tmp_path / "lines.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
        return path

    return _put


@pytest.fixture
def words(network: Path, tmp_path: Path, save: Save) -> tuple[object, ...]:
    """Return the options that every run needs, with a station in the store."""
    save(STATION)
    return ("--network", network, "--out", tmp_path / "out")


def test_a_beat_is_measured_in_the_week_of_the_stations(
    run: Run, put: Put, words: tuple[object, ...], tmp_path: Path
) -> None:
    result = run("coverage", "--no-report", put(shift="Mo-Fr 07:00-09:00", workers=3), *words)
    assert result.exit_code == 0
    said = result.stdout.splitlines()
    assert said[0].startswith("Positions of the planned lines read as WGS-84, as no --datum")
    assert said[1] == (
        "Walked in the week of 2026-01-26 to 2026-02-01, the last without holidays by the date of "
        "the stations."
    )
    summary: dict[str, Any] = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["duration_min"] == 5 * 120 * 3
    assert summary["nominal"]["share_time"] == 0.5  # the station opens at 8
    assert [row["shift"] for row in summary["by_shift"]] == ["Mo-Fr 07:00-09:00"]


def test_the_week_can_be_said_and_stands_else_before_a_holiday(
    run: Run, put: Put, words: tuple[object, ...]
) -> None:
    line = put(shift="Mo-Su 08:00-09:00")
    said = run("coverage", "--no-report", line, *words, "--week", "2026-03-02").stdout
    assert "Walked in the week of 2026-03-02 to 2026-03-08, as --week says." in said
    moved = run("coverage", "--no-report", line, *words, "--as-of", "2026-10-08T12:00").stdout
    week = next(row for row in moved.splitlines() if row.startswith("Walked"))
    assert "2026-10-0" not in week


def test_a_shift_stands_for_lines_without_one(
    run: Run, put: Put, words: tuple[object, ...]
) -> None:
    line = put()
    bare = run("coverage", "--no-report", line, *words)
    assert bare.exit_code == 1
    assert "lines.geojson, line 1: has no shift" in bare.stderr
    assert "--shift" in bare.stderr
    result = run("coverage", "--no-report", line, *words, "--shift", "Mo 08:00-09:00", "--json")
    assert json.loads(result.stdout)["duration_min"] == 60.0
    twice = run(
        "coverage",
        "--no-report",
        line,
        *words,
        "--shift",
        "Mo 08:00-09:00",
        "--shift",
        "Tu 08:00-09:00",
    )
    assert twice.exit_code == 1
    assert "--shift was given twice" in twice.stderr


def test_tracks_and_beats_do_not_mix(
    run: Run, put: Put, words: tuple[object, ...], track: Path
) -> None:
    result = run("coverage", "--no-report", track, put(shift="Mo 08:00-09:00"), *words)
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: lines.geojson holds planned lines and track.csv tracks with times; measure them "
        "apart\n"
    )


def test_beats_take_no_zone(run: Run, put: Put, words: tuple[object, ...]) -> None:
    result = run("coverage", "--no-report", put(shift="Mo 08:00-09:00"), *words, "--tz", "UTC")
    assert result.exit_code == 1
    assert "--tz is for times" in result.stderr


def test_beats_find_their_city(run: Run, put: Put, save: Save, tmp_path: Path) -> None:
    save(STATION)
    result = run("coverage", "--no-report", put(shift="Mo 08:00-09:00"), "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "city build" in result.stderr
