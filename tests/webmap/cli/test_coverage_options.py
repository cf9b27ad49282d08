"""The options of ``nuanyi coverage``, and what it says of input that is not as it should be."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from geo.coords import from_wgs84
from geo.network import write_network
from tests.networks import random_network
from tests.walks import random_walks, write_walks
from tests.webmap.cli.conftest import STATION
from tests.webmap.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo.store import Store
    from tests.webmap.conftest import Run, Save

    Measure = Callable[..., dict[str, Any]]

HEADER = "worker,lon,lat,time\n"


@pytest.fixture
def words(network: Path, tmp_path: Path) -> tuple[object, ...]:
    """Return the options that every run needs."""
    return ("--network", network, "--out", tmp_path / "out")


@pytest.fixture
def measure(run: Run, words: tuple[object, ...], track: Path) -> Measure:
    """Return a function that measures the walk with more options and returns the summary."""

    def _measure(*more: object) -> dict[str, Any]:
        result = run("coverage", "--no-report", track, *words, "--json", *more)
        assert result.exit_code == 0, result.stderr
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    return _measure


# The datum


@pytest.mark.parametrize(("datum", "shown"), [("gcj02", "GCJ-02"), ("bd09", "BD-09")])
def test_a_datum_is_inferred_and_said_with_all_medians(
    run: Run, save: Save, tmp_path: Path, *, datum: str, shown: str
) -> None:
    save(STATION)
    network = random_network(4, side=20)
    write_network(network, tmp_path / "town")
    table = random_walks(network, 1, fixes=1000)
    table["lon"], table["lat"] = from_wgs84(table["lon"], table["lat"], datum)
    track = write_walks(table, tmp_path / "t.csv")
    words = (
        "coverage",
        "--no-report",
        track,
        "--network",
        tmp_path / "town",
        "--out",
        tmp_path / "out",
    )
    told = run(*words).stdout.splitlines()[0]
    assert told.startswith(f"Positions of the tracks read as {shown}: of")
    assert all(f" m as {name}" in told for name in ("WGS-84", "GCJ-02", "BD-09"))
    inferred = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    run(*words, "--datum", datum)
    assert inferred == {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}


def test_positions_that_do_not_tell_their_datum_ask_for_it(
    run: Run, save: Save, track: Path, words: tuple[object, ...], tmp_path: Path
) -> None:
    save(STATION)
    table = pd.read_csv(track)[:12]  # 0.1 km: one place says too little for another datum
    table["lon"], table["lat"] = from_wgs84(table["lon"], table["lat"], "gcj02")
    table.to_csv(track, index=False)
    result = run("coverage", "--no-report", track, *words)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: the datum of the tracks is not clear")
    assert "as WGS-84" in result.stderr
    assert "--datum" in result.stderr
    assert not (tmp_path / "out").exists()
    assert run("coverage", "--no-report", track, *words, "--datum", "gcj02").exit_code == 0


# Numbers and days


@pytest.mark.parametrize("option", ["--limit-m", "--max-age-days"])
@pytest.mark.parametrize("value", ["0", "-5", "nan", "inf"])
def test_a_number_that_is_not_above_0_is_one_error(
    run: Run, words: tuple[object, ...], track: Path, *, option: str, value: str
) -> None:
    result = run("coverage", "--no-report", track, *words, f"{option}={value}")
    assert result.exit_code == 1
    assert result.stderr == f"Error: {option} is {float(value):g}; it must be a number above 0\n"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-11-18", "2026-11-18 is a Wednesday; a week begins on a Monday, such as 2026-11-16"),
        ("next", "'next' is not a day"),
    ],
)
def test_a_week_begins_on_a_monday(
    run: Run, words: tuple[object, ...], track: Path, *, value: str, said: str
) -> None:
    result = run("coverage", "--no-report", track, *words, "--week", value)
    assert result.exit_code == 2
    assert said in result.stderr


def test_tracks_have_a_week_of_their_own(
    run: Run, save: Save, words: tuple[object, ...], track: Path
) -> None:
    save(STATION)
    result = run("coverage", "--no-report", track, *words, "--week", "2026-11-16")
    assert result.exit_code == 1
    assert "--week is for planned lines" in result.stderr


# Effective


def test_old_evidence_locks_and_needs_make_effective_less(
    own_store: Store, save: Save, measure: Measure
) -> None:
    save(STATION | {"code": "A", "amenities": "microwave"})
    assert measure()["effective"]["share_time"] == 1.0
    assert measure("--need", "microwave")["effective"]["share_time"] == 1.0
    without = measure("--need", "toilet")
    assert (without["needs"], without["effective"]["unknown_share_time"]) == (["toilet"], 1.0)
    assert measure("--no-phone")["no_phone"] is True
    late = measure("--as-of", "2026-12-01T00:00")
    assert (late["nominal"]["share_time"], late["effective"]["share_time"]) == (1.0, 0.0)
    assert late["by_cause"]["unusable"]["min"] > 0
    years = measure("--as-of", "2026-12-01T00:00", "--max-age-days", "3000")
    assert years["effective"]["share_time"] == 1.0
    later = NOW + dt.timedelta(hours=1)
    for device in ("one", "two"):
        own_store.add_report("A", "locked", devices=[device], at=later, now=later)
    assert measure("--as-of", later)["effective"]["share_time"] == 0.0
    assert measure("--as-of", "2026-02-10T00:00")["effective"]["share_time"] == 1.0  # it ran out


def test_an_amenity_nobody_knows_is_refused(
    run: Run, save: Save, words: tuple[object, ...], track: Path
) -> None:
    save(STATION)
    result = run("coverage", "--no-report", track, *words, "--need", "sauna")
    assert result.exit_code == 1
    assert "sauna" in result.stderr


def test_the_summary_in_words_has_both_shares_and_what_was_assumed(
    run: Run, save: Save, words: tuple[object, ...], track: Path
) -> None:
    save(STATION)
    text = run("coverage", "--no-report", track, *words, "--need", "toilet").stdout
    assert "Within 1000 m of an open station: 100.0% of the time" in text
    assert "no evidence older than 180 days, toilet): 0.0% of the time" in text
    assert "effective is not yet meaningful: 100.0% of the stations were never verified" in text
    assert "Stations: 1 in use, as of 2026-01-31T12:30:00+08:00." in text
    assert "  15 min ############################## 100.0%" in text
    assert "Not representative (at least 5 workers and 20 hours are): workers 1" in text
    assert "MB of memory" in text


def test_tracks_are_added_up_by_shift(save: Save, measure: Measure) -> None:
    save(STATION)
    shifts = ("--shift", "Mo-Fr 10:00-10:20", "--shift", "周一至周五 早上8点至下午6点")
    rows = {row["shift"]: row["demand_min"] for row in measure(*shifts)["by_shift"]}
    assert rows == {"Mo-Fr 10:00-10:20": 20.0, "Mo-Fr 08:00-18:00": pytest.approx(29.83, abs=0.01)}


def test_a_shift_that_cannot_be_read_is_refused_at_once(
    run: Run, words: tuple[object, ...]
) -> None:
    result = run(
        "coverage", "--no-report", "nowhere.csv", *words, "--shift", "Mo-Fr 04:00 to 11:00"
    )
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: --shift: ")


# Areas


def test_areas_without_a_crs_take_the_one_given(
    run: Run, save: Save, words: tuple[object, ...], track: Path, tmp_path: Path
) -> None:
    save(STATION)
    strips = gpd.GeoDataFrame(
        {"name": ["西", "东"]},
        geometry=[box(116.29, 39, 116.3015, 41), box(116.3014, 39, 116.31, 41)],
        crs="EPSG:4490",
    ).to_crs("EPSG:4547")
    file = tmp_path / "a.shp"
    strips.to_file(file, encoding="utf-8")
    file.with_suffix(".prj").unlink()
    result = run("coverage", "--no-report", track, *words, "--areas", file)
    assert result.exit_code == 1
    assert "or say it with --areas-crs, such as --areas-crs EPSG:4490" in result.stderr
    result = run(
        "coverage", "--no-report", track, *words, "--areas", file, "--areas-crs", "EPSG:4547"
    )
    assert result.exit_code == 0
    assert "a.shp: states no CRS, read as CGCS2000" in result.stdout
    assert "1 pairs of areas overlap, 西 and 东 the most" in result.stdout
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert {area["area"] for area in summary["by_area"]} == {"西", "东"}


def test_areas_take_a_datum(
    run: Run, save: Save, words: tuple[object, ...], track: Path, tmp_path: Path
) -> None:
    save(STATION)
    file = tmp_path / "a.geojson"
    west, east = (from_wgs84([lon], [40.0], "gcj02")[0][0] for lon in (116.29, 116.31))
    frame = gpd.GeoDataFrame({"name": ["区"]}, geometry=[box(west, 39, east, 41)], crs=4326)
    frame.to_file(file)
    result = run(
        "coverage", "--no-report", track, *words, "--areas", file, "--areas-datum", "gcj02"
    )
    assert "Positions of a.geojson read as GCJ-02, as --areas-datum says." in result.stdout
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert [area["area"] for area in summary["by_area"]] == ["区"]


# Times


@pytest.fixture
def put(tmp_path: Path) -> Callable[[list[str]], Path]:
    """Return a function that writes rows of fixes along the first street."""

    def _put(times: list[str]) -> Path:
        rows = [f"w,{116.3 + n * 1e-4:.5f},40.0,{time}" for n, time in enumerate(times)]
        path = tmp_path / "t_wgs84.csv"
        path.write_text(HEADER + "\n".join(rows) + "\n")
        return path

    return _put


def test_offsets_win_over_the_zone_and_mixed_ones_are_said(
    run: Run, save: Save, words: tuple[object, ...], put: Callable[[list[str]], Path]
) -> None:
    save(STATION)
    path = put(["2026-01-05 10:00:00", "2026-01-05T02:01:00Z", "2026-01-05T11:02:00+09:00"])
    result = run("coverage", "--no-report", path, *words)
    assert result.stdout.startswith("Times without a zone read as Asia/Shanghai")
    assert "fixes: 3; 0.0 h" in result.stdout
    found = json.loads(run("coverage", "--no-report", path, *words, "--json").stdout)
    assert (found["duration_min"], found["tz"]["assumed"]) == (2.0, True)
    zoned = run("coverage", "--no-report", path, *words, "--json", "--tz", "UTC")
    assert json.loads(zoned.stdout)["duration_min"] == 1.0  # the first is 8 h later now
    assert "Times without" not in zoned.stderr


def test_times_that_go_back_or_repeat_are_counted_and_said(
    run: Run, save: Save, words: tuple[object, ...], put: Callable[[list[str]], Path]
) -> None:
    save(STATION)
    at = [f"2026-01-05 10:{minute:02d}:00" for minute in (2, 1, 0, 1, 3)]
    result = run("coverage", "--no-report", put(at), *words)
    assert result.exit_code == 0
    assert "left out: 1 fixes, duplicate time" in result.stdout
    assert "0.1 h" in result.stdout


@pytest.mark.parametrize("cell", ["noon", "10:00:00", "05-01 10:00", ""])
def test_a_time_column_that_cannot_be_read_is_one_sentence(
    run: Run, save: Save, words: tuple[object, ...], put: Callable[[list[str]], Path], cell: str
) -> None:
    save(STATION)
    result = run("coverage", "--no-report", put([cell] * 3), *words)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("Error: t_wgs84.csv, row 2: ")
    assert "time" in result.stderr
    assert "3 of 3 rows are like this" in result.stderr


def test_some_bad_times_are_left_out_and_the_first_are_named(
    run: Run, save: Save, words: tuple[object, ...], put: Callable[[list[str]], Path]
) -> None:
    save(STATION)
    at = [f"2026-01-05 10:{minute:02d}:00" for minute in range(5)]
    result = run("coverage", "--no-report", put([*at, "noon"]), *words)
    assert "Not used: row 7 of t_wgs84.csv: time 'noon' cannot be read as a time" in result.stdout
    assert "left out: 1 fixes, unreadable" in result.stdout
