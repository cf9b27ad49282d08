"""Coverage from the command line: what it takes, says and writes."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from geo.coords import from_wgs84
from tests.shared_data import SHARED, needs_shared_data
from tests.webmap.cli.conftest import GRID, STATION, write_areas
from tests.webmap.conftest import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from tests.webmap.conftest import Run, Save

EIGHT_HOURS = dt.timedelta(hours=8)  # Asia/Shanghai is ahead of UTC
FILES = [
    "by_area.csv",
    "by_hour.csv",
    "by_station.csv",
    "gaps.geojson",
    "gaps.gpkg",
    "summary.json",
]


def test_coverage_of_the_store_says_first_what_it_assumed(
    run: Run, save: Save, network: Path, track: Path, tmp_path: Path
) -> None:
    save(STATION)
    out = tmp_path / "out"
    result = run("coverage", "--no-report", track, "--network", network, "--out", out)
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0] == "Times without a zone read as Asia/Shanghai; say --tz if not so."
    assert lines[1].startswith("Positions of the tracks read as WGS-84")
    assert "100.0% of the time" in result.stdout
    assert sorted(path.name for path in out.iterdir()) == FILES
    summary = json.loads((out / "summary.json").read_text())
    assert summary["tz"]["assumed"] is True


def test_an_assumed_zone_is_the_first_line_also_with_a_file_of_stations(
    run: Run, network: Path, track: Path, tmp_path: Path
) -> None:
    stations = tmp_path / "s.csv"
    stations.write_text(f"name,lon,lat\nA,{116.3001},{40.0}\n", encoding="utf-8")
    words = ("--network", network, "--stations", stations, "--out", tmp_path / "out")
    lines = run("coverage", "--no-report", track, *words).stdout.splitlines()
    assert lines[0].startswith("Times without a zone read as Asia/Shanghai")


def test_date_numbers_of_a_spreadsheet_measure_as_the_times_and_are_said_to_be_read(
    run: Run, save: Save, network: Path, track: Path, tmp_path: Path
) -> None:
    save(STATION)
    frame = pd.read_csv(track)
    days = (pd.to_datetime(frame["time"]) - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)
    frame.assign(time=days.round(9)).to_csv(tmp_path / track.name, index=False)
    summaries, said = [], ""
    for out, path in (("a", track), ("b", tmp_path / track.name)):
        words = ("--network", network, "--out", tmp_path / out)
        said = run("coverage", "--no-report", path, *words).stdout
        summaries.append(json.loads((tmp_path / out / "summary.json").read_text()))
    assert "read as Excel date numbers" in said
    assert summaries[0] == summaries[1]


def test_coverage_as_json_is_the_summary_alone(
    run: Run, save: Save, network: Path, track: Path, tmp_path: Path
) -> None:
    save(STATION)
    words = ("--tz", "Asia/Shanghai", "--datum", "wgs84", "--limit-m", "300", "--json")
    result = run(
        "coverage", "--no-report", track, "--network", network, "--out", tmp_path / "out", *words
    )
    assert json.loads(result.stdout) == json.loads((tmp_path / "out" / "summary.json").read_text())
    assert result.stderr == ""


def test_coverage_takes_the_city_around_the_tracks(
    run: Run, save: Save, track: Path, tmp_path: Path
) -> None:
    save(STATION)
    result = run("coverage", "--no-report", track, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "city build" in result.stderr
    assert not (tmp_path / "out").exists()
    run("city", "build", GRID, "--code", "grid")
    assert run("coverage", "--no-report", track, "--out", tmp_path / "out").exit_code == 0


def test_coverage_adds_up_by_areas_of_a_named_field(
    run: Run, save: Save, network: Path, track: Path, tmp_path: Path
) -> None:
    save(STATION)
    boxes = gpd.GeoDataFrame(
        {"title": ["西", "东"]},
        geometry=[box(116.29, 39, 116.3015, 41), box(116.3015, 39, 116.31, 41)],
        crs="EPSG:4326",
    )
    file = tmp_path / "a.geojson"
    boxes.to_file(file)
    words = ("--network", network, "--out", tmp_path / "out", "--json")
    summary = json.loads(
        run("coverage", "--no-report", track, *words, "--areas", f"{file}:title").stdout
    )
    assert {area["area"] for area in summary["by_area"]} == {"西", "东"}
    assert sum(area["demand_min"] for area in summary["by_area"]) == summary["duration_min"]


def test_coverage_takes_datums_of_file_names_and_says_so_first(
    run: Run, network: Path, track: Path, tmp_path: Path
) -> None:
    areas = write_areas(
        tmp_path / "areas_gcj02.geojson", *[{"name": n, "code": "1"} for n in "东西"]
    )
    lon, lat = from_wgs84([116.3046], [40.0], "bd09")
    stations = tmp_path / "stations_bd09.csv"
    stations.write_text(f"name,lon,lat,hours\n甲,{lon[0]:.7f},{lat[0]:.7f},Mo-Su 08:00-20:00\n")
    moved = track.rename(tmp_path / "track_wgs84.csv")
    words = ("--network", network, "--out", tmp_path / "out", "--areas", areas)
    result = run("coverage", "--no-report", moved, "--stations", stations, *words)
    assert result.exit_code == 0
    said = result.stdout.splitlines()[2:4]  # after the tracks' zone and datum
    assert said[0].startswith("Positions of stations_bd09.csv read as BD-09")
    assert said[1].startswith("Positions of areas_gcj02.geojson read as GCJ-02")
    assert "100.0% of the time" in result.stdout
    plain = run(
        "coverage",
        "--no-report",
        moved,
        "--stations",
        stations,
        "--stations-datum",
        "wgs84",
        *words,
    )
    assert "read as WGS-84, as --stations-datum says." in plain.stdout


def test_tracks_of_two_datums_are_refused(
    run: Run, save: Save, network: Path, track: Path, tmp_path: Path
) -> None:
    save(STATION)
    other = tmp_path / "b_gcj02.csv"
    other.write_bytes(track.read_bytes())
    words = ("--network", network, "--out", tmp_path / "out")
    result = run("coverage", "--no-report", track, other, *words)
    assert result.exit_code == 1
    assert "none named and GCJ-02" in result.stderr
    assert "--datum" in result.stderr
    assert run("coverage", "--no-report", track, other, "--datum", "wgs84", *words).exit_code == 0


def test_coverage_is_as_of_the_last_change_of_the_store(
    run: Run, save: Save, network: Path, track: Path, tmp_path: Path
) -> None:
    save(STATION)
    words = ("--network", network, "--out", tmp_path / "out", "--json")
    assert (
        json.loads(run("coverage", "--no-report", track, *words).stdout)["as_of"]
        == f"{NOW + EIGHT_HOURS:%Y-%m-%dT%H:%M:%S}+08:00"
    )
    at = "2026-03-01T08:00:00+08:00"
    assert (
        json.loads(run("coverage", "--no-report", track, *words, "--as-of", at).stdout)["as_of"]
        == at
    )


def test_of_stations_outside_the_screen_names_five(
    run: Run, save: Save, network: Path, track: Path, tmp_path: Path
) -> None:
    save(STATION, *({"name": f"远 {n}", "code": f"F{n}", "lat": "20"} for n in range(8)))
    result = run("coverage", "--no-report", track, "--network", network, "--out", tmp_path / "out")
    assert "area: 8 (F0, F1, F2, F3, F4, ...); is" in result.stdout


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("", [], "bad.csv"),
        ("worker,lon\nw,116.3\n", [], "lat"),
        ("worker,lon,lat,time\nw,40.0,116.3,2026-01-05 10:00:00\n", [], "swapped"),
        ("worker,lon,lat,time\nw,116.3,40.0,2026-01-05 10:00:00\n", [], "bad.csv"),
        ("worker,lon,lat,time\nw,2.3,48.8,2026-01-05 10:00\nw,2.3,48.8,2026-01-05 10:01\n", [], ""),
        ("worker,lon,lat,time\nw,116.3,40,2026-01-05 10:00\n", ["--tz", "Mars/Crater"], "Mars"),
    ],
)
def test_tracks_of_no_use_exit_1_and_write_nothing(
    run: Run, save: Save, network: Path, tmp_path: Path, *, text: str, words: list[str], said: str
) -> None:
    save(STATION)
    file = tmp_path / "bad.csv"
    file.write_text(text)
    result = run(
        "coverage", "--no-report", file, "--network", network, "--out", tmp_path / "out", *words
    )
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("own_store")
def test_coverage_without_any_station_exits_1(run: Run, network: Path, track: Path) -> None:
    result = run("coverage", "--no-report", track, "--network", network, "--out", "out")
    assert result.exit_code == 1
    assert "holds no stations" in result.stderr


@needs_shared_data
def test_the_real_box_from_extract_to_gaps(run: Run, tmp_path: Path) -> None:
    folder = SHARED / "beijing-haidian"
    out = tmp_path / "out"
    built = run("network", "build", folder / "walk.osm.pbf", "--out", tmp_path / "n", "--json")
    assert 118_000 <= json.loads(built.stdout)["length_m"] <= 128_000
    words = ("--network", tmp_path / "n", "--tz", "UTC", "--limit-m", "500", "--out", out)
    stations = ("--stations", folder / "stations_standin.csv")
    result = run("coverage", "--no-report", folder / "tracks.csv.gz", *stations, *words)
    assert result.exit_code == 0
    assert "fixes: 30635;" in result.stdout
    with gzip.open(folder / "tracks.csv.gz", "rt") as file:
        assert json.loads((out / "summary.json").read_text())["fixes"] == sum(1 for _ in file) - 1
