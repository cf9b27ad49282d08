"""Networks, cities, areas, nearest and coverage from the command line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from shapely import box

from geo.basemap import Basemap
from geo.coords import from_wgs84
from tests.shared_data import SHARED, needs_shared_data
from tests.webmap.conftest import NOW

if TYPE_CHECKING:
    from geo.store import Store
    from tests.webmap.conftest import Run, Save

GRID = Path(__file__).parents[2] / "data" / "grid3x3.osm"
HERE = ("--lon", "116.3001", "--lat", "40.0")
STATION = {"name": "甲", "lon": "116.3046", "lat": "40.0", "hours": "Mo-Su 08:00-20:00"}
FILES = ["by_area.csv", "by_hour.csv", "gaps.geojson", "gaps.gpkg", "summary.json"]


@pytest.fixture
def network(run: Run, tmp_path: Path) -> Path:
    """Return the network of the hand-made grid."""
    file = tmp_path / "net"
    assert run("network", "build", GRID, "--out", file).exit_code == 0
    return file


@pytest.fixture
def track(tmp_path: Path) -> Path:
    """Return a walk along the first street, naive times, a fix every 10 s."""
    day = "2026-01-05 10"
    rows = [f"w,{116.3 + n * 1e-5:.5f},40.0,{day}:{n // 6:02d}:{n % 6}0" for n in range(300)]
    file = tmp_path / "track.csv"
    file.write_text("worker,lon,lat,time\n" + "\n".join(rows) + "\n")
    return file


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
        ("coverage", track, "--network", network, *out),
        ("stations", "export", tmp_path / "a.csv"),
    ):
        result = run(*words)
        assert result.exit_code == 1
        assert "no stations yet" in result.stderr
        assert "nuanyi stations import FILE" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net", "track.csv"]


def write_areas(file: Path, *properties: dict[str, str]) -> Path:
    """Write strips of 1 degree side by side, from west to east."""
    strips = [box(116 + n, 39, 117 + n, 41) for n in range(len(properties))]
    gpd.GeoDataFrame(list(properties), geometry=strips, crs="EPSG:4326").to_file(file)
    return file


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


def test_coverage_of_the_store_says_first_what_it_assumed(
    run: Run, save: Save, network: Path, track: Path, tmp_path: Path
) -> None:
    save(STATION)
    out = tmp_path / "out"
    result = run("coverage", track, "--network", network, "--out", out)
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
    stations.write_text(f"name,lon,lat\nA,{HERE[1]},{HERE[3]}\n", encoding="utf-8")
    words = ("--network", network, "--stations", stations, "--out", tmp_path / "out")
    lines = run("coverage", track, *words).stdout.splitlines()
    assert lines[0].startswith("Times without a zone read as Asia/Shanghai")


def test_coverage_as_json_is_the_summary_alone(
    run: Run, save: Save, network: Path, track: Path, tmp_path: Path
) -> None:
    save(STATION)
    words = ("--tz", "Asia/Shanghai", "--datum", "wgs84", "--limit-m", "300", "--json")
    result = run("coverage", track, "--network", network, "--out", tmp_path / "out", *words)
    assert json.loads(result.stdout) == json.loads((tmp_path / "out" / "summary.json").read_text())
    assert result.stderr == ""


def test_coverage_takes_the_city_around_the_tracks(
    run: Run, save: Save, track: Path, tmp_path: Path
) -> None:
    save(STATION)
    result = run("coverage", track, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "city build" in result.stderr
    assert not (tmp_path / "out").exists()
    run("city", "build", GRID, "--code", "grid")
    assert run("coverage", track, "--out", tmp_path / "out").exit_code == 0


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
    summary = json.loads(run("coverage", track, *words, "--areas", f"{file}:title").stdout)
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
    result = run("coverage", moved, "--stations", stations, *words)
    assert result.exit_code == 0
    said = result.stdout.splitlines()[2:4]  # after the tracks' zone and datum
    assert said[0].startswith("Positions of stations_bd09.csv read as BD-09")
    assert said[1].startswith("Positions of areas_gcj02.geojson read as GCJ-02")
    assert "100.0% of the time" in result.stdout
    plain = run("coverage", moved, "--stations", stations, "--stations-datum", "wgs84", *words)
    assert "read as WGS-84, as --stations-datum says." in plain.stdout


def test_tracks_of_two_datums_are_refused(
    run: Run, save: Save, network: Path, track: Path, tmp_path: Path
) -> None:
    save(STATION)
    other = tmp_path / "b_gcj02.csv"
    other.write_bytes(track.read_bytes())
    words = ("--network", network, "--out", tmp_path / "out")
    result = run("coverage", track, other, *words)
    assert result.exit_code == 1
    assert "gcj02 and wgs84" in result.stderr
    assert run("coverage", track, other, "--datum", "wgs84", *words).exit_code == 0


def test_coverage_is_as_of_the_last_change_of_the_store(
    run: Run, save: Save, network: Path, track: Path, tmp_path: Path
) -> None:
    save(STATION)
    words = ("--network", network, "--out", tmp_path / "out", "--json")
    assert json.loads(run("coverage", track, *words).stdout)["as_of"] == NOW.isoformat()
    at = "2026-03-01T08:00:00+08:00"
    assert json.loads(run("coverage", track, *words, "--as-of", at).stdout)["as_of"] == at


def test_of_stations_outside_the_screen_names_five(
    run: Run, save: Save, network: Path, track: Path, tmp_path: Path
) -> None:
    save(STATION, *({"name": f"远 {n}", "code": f"F{n}", "lat": "20"} for n in range(8)))
    result = run("coverage", track, "--network", network, "--out", tmp_path / "out")
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
    result = run("coverage", file, "--network", network, "--out", tmp_path / "out", *words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("own_store")
def test_coverage_without_any_station_exits_1(run: Run, network: Path, track: Path) -> None:
    result = run("coverage", track, "--network", network, "--out", "out")
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
    result = run("coverage", folder / "tracks.csv.gz", *stations, *words)
    assert result.exit_code == 0
    assert "fixes: 30635;" in result.stdout
    with gzip.open(folder / "tracks.csv.gz", "rt") as file:
        assert json.loads((out / "summary.json").read_text())["fixes"] == sum(1 for _ in file) - 1
