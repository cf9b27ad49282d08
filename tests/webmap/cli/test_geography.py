"""Networks, cities, areas, nearest and coverage from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from geo.basemap import Basemap
from tests.webmap.cli.conftest import GRID, STATION, write_areas

if TYPE_CHECKING:
    from pathlib import Path

    from geo.store import Store
    from tests.webmap.conftest import Run, Save

HERE = ("--lon", "116.3001", "--lat", "40.0")


def test_network_build_prints_what_it_built(run: Run, tmp_path: Path) -> None:
    inside = "116.29,39.99,116.31,40.01"
    result = run("network", "build", GRID, "--out", tmp_path / "n", "--bbox", inside, "--json")
    summary = json.loads(result.stdout)
    assert (tmp_path / "n").is_file()
    assert summary["removed_components"] == 1
    assert 0 < summary["length_inside_m"] <= summary["kept_length_m"] < summary["length_m"]
    assert 0 < summary["largest_share"] < 1
    text = run("network", "build", GRID, "--out", tmp_path / "n", "--bbox", inside).stdout
    assert "removed: 1 components under 1 km, 0.3 km" in text


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "3,0,1,1", "nan,0,1,1"])
def test_a_box_that_is_none_exits_2(run: Run, tmp_path: Path, text: str) -> None:
    assert run("network", "build", GRID, "--out", tmp_path / "n", "--bbox", text).exit_code == 2


def test_an_unreadable_extract_exits_1_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.osm.pbf"
    bad.write_bytes(b"not a pbf")
    result = run("network", "build", bad, "--out", tmp_path / "n")
    assert result.exit_code == 1
    assert "bad.osm.pbf" in result.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name != "instance"] == [bad.name]


def test_basemap_build_writes_exactly_the_file_and_says_its_box(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "streets"
    told = json.loads(run("basemap", "build", GRID, "--out", file, "--json").stdout)
    assert told["bytes"] == file.stat().st_size
    assert told["bounds"] == list(Basemap(file).bounds)
    assert "box: 116." in run("basemap", "build", GRID, "--out", file).stdout


def test_a_basemap_of_an_unreadable_extract_exits_1_and_writes_nothing(
    run: Run, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.osm"
    bad.write_text("no map", encoding="utf-8")
    result = run("basemap", "build", bad, "--out", tmp_path / "streets")
    assert result.exit_code == 1
    assert "bad.osm" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["bad.osm"]


def test_a_city_is_taken_by_position(run: Run, save: Save) -> None:
    save(STATION)
    before = json.loads(run("nearest", *HERE, "--json").stdout)
    assert before["results"][0]["off_network"] is True
    assert run("city", "build", GRID, "--code", "grid").exit_code == 0
    after = json.loads(run("nearest", *HERE, "--json").stdout)
    assert after["results"][0]["off_network"] is False


def test_nearest_judges_at_the_moment_asked_on_the_stations_clock(
    run: Run, save: Save, network: Path
) -> None:
    save(STATION)
    states = {}
    for at in ("2026-01-31T12:00", "2026-01-31T23:00", "2026-01-31T04:00Z", "2026-01-31T07:45"):
        words = ("--network", network, "--at", at, "--json")
        answer = json.loads(run("nearest", *HERE, *words).stdout)
        states[at] = answer["results"][0]["state"]
    assert list(states.values()) == ["open", "closed", "open", "opens_soon"]


def test_nearest_in_words(run: Run, save: Save, network: Path) -> None:
    save(STATION)
    text = run("nearest", *HERE, "--network", network, "--at", "2026-01-31T12:00").stdout
    assert "甲" in text
    assert "open when you arrive until 20:00" in text
    empty = run("nearest", *HERE, "--need", "toilet", "--no-phone", "--mode", "ride").stdout
    assert "not verified: toilet, no_phone" in empty


@pytest.mark.usefixtures("own_store")
def test_nearest_without_stations_says_what_to_do(run: Run) -> None:
    assert "No station fits" in run("nearest", *HERE).stdout


def test_a_position_far_from_every_station_is_asked_about(run: Run, save: Save) -> None:
    save(STATION)
    assert "is the position right" in run("nearest", "--lon", "10", "--lat", "50").stdout
    assert "is the position right" not in run("nearest", *HERE).stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--at", "noon"], 2), (["--need", "sauna"], 1), (["--limit", "0"], 2), (["--lat", "95"], 1)],
)
@pytest.mark.usefixtures("own_store")
def test_nearest_refuses_bad_options(run: Run, words: list[str], code: int) -> None:
    assert run("nearest", *HERE, *words).exit_code == code


def test_reading_makes_no_database_and_says_how_to_import(
    run: Run, network: Path, track: Path, tmp_path: Path
) -> None:
    out = ("--out", tmp_path / "out")
    for words in (
        ("nearest", *HERE),
        ("coverage", "--no-report", track, "--network", network, *out),
        ("stations", "export", tmp_path / "a.csv"),
    ):
        result = run(*words)
        assert result.exit_code == 1
        assert "no stations yet" in result.stderr
        assert "nuanyi stations import FILE" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net", "track.csv"]


def test_areas_are_imported_by_code_once(run: Run, tmp_path: Path) -> None:
    file = write_areas(tmp_path / "a.geojson", {"名称": "东区", "代码": "110199"})
    words = ("areas", "import", file, "--level", "district", "--json")
    counts = json.loads(run(*words).stdout)
    assert counts.pop("datum_note").startswith("Positions read as WGS-84")
    assert counts == {"areas": 1, "changed": 1, "datum": "wgs84", "notes": []}
    assert json.loads(run(*words).stdout)["changed"] == 0
    assert run("areas", "import", file).exit_code == 2
    result = run("areas", "import", file, "--level", "city", "--name", "nowhere")
    assert result.exit_code == 1
    assert "nowhere" in result.stderr


def test_areas_with_one_code_are_refused_with_the_remedy(run: Run, tmp_path: Path) -> None:
    file = write_areas(tmp_path / "a.geojson", *[{"name": n, "code": "1"} for n in "东西"])
    result = run("areas", "import", file, "--level", "district")
    assert result.exit_code == 1
    assert "'1' occurs twice" in result.stderr
    assert "--code" in result.stderr


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("a.geojson", [], "WGS-84, as no --datum"),
        ("a_gcj02.geojson", [], "GCJ-02, as the names"),
        ("a_gcj02.geojson", ["--datum", "wgs84"], "WGS-84, as --datum says"),
    ],
)
def test_areas_import_takes_the_datum_of_the_file_and_says_so(
    run: Run, tmp_path: Path, own_store: Store, *, name: str, words: list[str], said: str
) -> None:
    file = write_areas(tmp_path / name, {"name": "东区", "code": "1"})
    result = run("areas", "import", file, "--level", "district", *words)
    assert result.stdout.splitlines()[0].startswith(f"Positions read as {said}")
    west = own_store.read_areas().total_bounds[0]
    assert bool(abs(west - 116) < 1e-9) is said.startswith("WGS-84")
