"""Import of stations from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from geo.coords import from_wgs84, geodesic_m
from tests.shared_data import SHARED, needs_shared_data
from tests.webmap.conftest import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from geo.store import Store
    from tests.webmap.conftest import Run, Save


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a table of two good stations."""
    return write(tmp_path / "good.csv", "name,lon,lat,kind\n甲,116.3,40,\n乙,116.4,40,union_hub\n")


def test_an_import_says_datum_counts_and_defaults_first(
    run: Run, table: Path, own_store: Store
) -> None:
    result = run("stations", "import", table)
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0].startswith("Positions read as WGS-84, as no --datum was given")
    assert "2 rows in good.csv: 2 new, 0 changed, 0 unchanged, 0 refused." in lines
    assert "Filled in where empty: code 2, kind 1, status 2." in lines
    assert len(own_store.read_stations()) == 2


def test_the_history_says_who_and_from_which_file(run: Run, table: Path, own_store: Store) -> None:
    run("stations", "import", table)
    history = own_store.history(own_store.read_stations()["code"].iloc[0])
    assert history["actor"].iloc[0].startswith("cli:")
    assert history["origin"].iloc[0] == "import:good.csv"


def test_the_same_import_again_changes_nothing(run: Run, table: Path, own_store: Store) -> None:
    run("stations", "import", table)
    seq = own_store.change_seq()
    assert "0 new, 0 changed, 2 unchanged" in run("stations", "import", table).stdout
    assert own_store.change_seq() == seq


def test_what_a_file_does_not_say_is_not_changed(
    run: Run, tmp_path: Path, save: Save, own_store: Store
) -> None:
    save({"name": "甲", "code": "A", "kind": "union_hub", "status": "planned", "lon": "116.3"})
    file = write(tmp_path / "f.csv", "code,name,lon,lat,address\nA,甲,116.3,40,路 1 号\n")
    result = run("stations", "import", file)
    station = own_store.read_stations().iloc[0]
    assert "1 changed" in result.stdout
    assert "Filled in" not in result.stdout
    assert (station["kind"], station["status"]) == ("union_hub", "planned")
    assert station["address"] == "路 1 号"


@pytest.mark.parametrize("dry", [True, False])
def test_one_bad_row_and_nothing_is_written(
    run: Run, tmp_path: Path, own_store: Store, *, dry: bool
) -> None:
    rows = "甲,116.3,40.0,open\n乙,40.0,116.3,open\n,116.3,40.0,perhaps\n"
    file = write(tmp_path / "bad.csv", "name,lon,lat,status\n" + rows)
    result = run("stations", "import", file, *(["--dry-run"] if dry else []))
    assert result.exit_code == 1
    assert "2 refused" in result.stdout
    assert "row 3 of bad.csv" in result.stdout
    assert "row 4 of bad.csv" in result.stdout
    assert own_store.count_stations() == 0


def test_the_screen_lists_fifty_problems_and_json_all(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "bad.csv", "name,lon,lat\n" + ",116.3,40.0\n" * 80)
    shown = run("stations", "import", file)
    assert shown.stdout.count("  error: ") == 50
    assert "30 more" in shown.stdout
    result = run("stations", "import", file, "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert len(report["problems"]) == 80
    assert (report["refused"], report["written"]) == (80, False)
    assert {"row", "field", "code", "message", "severity"} <= set(report["problems"][0])


def test_a_dry_run_reports_what_the_import_then_does(
    run: Run, table: Path, save: Save, own_store: Store
) -> None:
    save({"name": "甲", "lon": "116.3", "lat": "40.0", "address": "旧"})
    keys = ("rows", "new", "changed", "unchanged", "refused", "defaulted", "problems")
    seq = own_store.change_seq()
    dry = json.loads(run("stations", "import", table, "--dry-run", "--json").stdout)
    assert own_store.change_seq() == seq
    real = json.loads(run("stations", "import", table, "--json").stdout)
    assert {key: dry[key] for key in keys} == {key: real[key] for key in keys}
    assert (dry["written"], real["written"]) == (False, True)
    assert (real["new"], real["changed"] + real["unchanged"]) == (1, 1)


def test_a_dry_run_without_a_database_makes_none(run: Run, table: Path, tmp_path: Path) -> None:
    result = run("stations", "import", table, "--dry-run")
    assert result.exit_code == 0
    assert "2 would be new" in result.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["good.csv"]


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ("A1,甲,116.3,40\n,甲,116.3,40.0002\n", "row 3"),
        (",甲,116.3,40\nA1,甲,116.3,40.0002\n", "row 2"),
        (",甲,116.3,40\n,甲,116.3,40.0002\n", "row 3"),
        (",甲,116.3,40\n,甲,116.3,40.0004\n", ""),
        ("A1,甲,116.3,40\nA2,甲,116.3,40\n", ""),
    ],
)
def test_a_row_without_code_is_no_second_station_at_the_place_of_another(
    run: Run, tmp_path: Path, own_store: Store, *, rows: str, refused: str
) -> None:
    file = write(tmp_path / "f.csv", "code,name,lon,lat\n" + rows)
    result = run("stations", "import", file)
    assert result.exit_code == bool(refused)
    assert own_store.count_stations() == (0 if refused else 2)
    if refused:
        other = {"row 2": "row 3", "row 3": "row 2"}[refused]
        assert f"{refused} of f.csv: name and place are those of {other}" in result.stdout
        assert "2 rows in f.csv: 1 would be new" in result.stdout


def test_stored_namesakes_at_one_place_are_imported_again_without_codes(
    run: Run, tmp_path: Path, save: Save
) -> None:
    save(
        {"name": "甲", "code": "A1", "lon": "116.3"},
        {"name": "甲", "code": "A2", "lon": "116.3001"},
    )
    file = write(tmp_path / "f.csv", "name,lon,lat\n甲,116.3,40\n甲,116.3001,40\n")
    assert "2 unchanged, 0 refused" in run("stations", "import", file).stdout


def test_new_words_nobody_understands_empty_stored_hours_they_may_contradict(
    run: Run, tmp_path: Path, save: Save, own_store: Store
) -> None:
    stored = {"name": "甲", "hours": "Mo-Su 08:00-20:00", "hours_text": "每天八点到八点"}
    save(stored | {"code": "A"}, stored | {"code": "B"}, stored | {"code": "C"})
    rows = (
        "A,甲,116,40,上午开门\nB,甲,116.001,40,每天八点到八点\nC,甲,116.002,40,Mo-Fr 09:00-17:00\n"
    )
    file = write(tmp_path / "f.csv", "code,name,lon,lat,hours\n" + rows)
    dry = json.loads(run("stations", "import", file, "--dry-run", "--json").stdout)
    result = run("stations", "import", file)
    assert dry["emptied"] == 1
    assert "Hours emptied, as the file brings new words for them: 1." in result.stdout
    assert "warning: row 2 of f.csv: brings new words for the hours" in result.stdout
    assert own_store.read_stations()["hours"].tolist() == [
        "",
        "Mo-Su 08:00-20:00",
        "Mo-Fr 09:00-17:00",
    ]
    assert own_store.history("A")["after"].iloc[-1] == {"hours": "", "hours_text": "上午开门"}


def test_new_words_that_are_read_replace_stored_hours(
    run: Run, tmp_path: Path, save: Save, own_store: Store
) -> None:
    save({"code": "A", "name": "甲", "hours": "24/7", "hours_text": "24小时"})
    file = write(tmp_path / "f.csv", "code,name,lon,lat,hours_text\nA,甲,116,40,每天8:00-20:00\n")
    result = run("stations", "import", file)
    assert "Filled in where empty: hours 1." in result.stdout
    assert "emptied" not in result.stdout
    after = {"hours": "08:00-20:00", "hours_text": "每天8:00-20:00"}
    assert own_store.history("A")["after"].iloc[-1] == after


@pytest.mark.parametrize("column", ["hours", "hours_text"])
def test_hours_set_by_hand_since_outlast_the_same_words(
    run: Run, tmp_path: Path, own_store: Store, column: str
) -> None:
    file = write(tmp_path / "f.csv", f"code,name,lon,lat,{column}\nA,甲,116,40,每天8:00-20:00\n")
    run("stations", "import", file)
    by_hand = pd.DataFrame({"code": ["A"], "hours": ["08:00-21:00"]})
    own_store.save_stations(by_hand, actor="staff", origin="form", now=NOW)
    result = run("stations", "import", file)
    assert "0 changed, 1 unchanged" in result.stdout
    assert "read from words" not in result.stdout
    assert own_store.read_stations()["hours"].tolist() == ["08:00-21:00"]


@pytest.mark.parametrize("column", ["hours", "hours_text"])
def test_hours_in_words_are_counted_by_what_was_read_and_stay_as_they_are(
    run: Run, tmp_path: Path, own_store: Store, column: str
) -> None:
    cells = [*["每天8:00-20:00"] * 12, '"每天8:30-17:30，春节期间不打烊"', "随商场营业时间"]
    rows = "".join(f"A{n:02d},甲,116.{n:02d},40,{cell}\n" for n, cell in enumerate(cells))
    file = write(tmp_path / "f.csv", f"code,name,lon,lat,{column}\n{rows}")
    dry = json.loads(run("stations", "import", file, "--dry-run", "--json").stdout)
    shown = run("stations", "import", file).stdout
    assert dry["words"] == {
        "ok": {"count": 12, "rows": list(range(2, 12))},
        "partial": {"count": 1, "rows": [14]},
        "unknown": {"count": 1, "rows": [15]},
    }
    assert "Hours read from words: 12 (rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ...)." in shown
    assert "Hours read from words in part: 1 (row 14)." in shown
    assert "Hours in words that cannot be read, kept as words: 1 (row 15)." in shown
    codes = [problem["code"] for problem in dry["problems"]]
    silent = 12 if column == "hours_text" else 0
    assert codes == ["read_hours"] * (12 - silent) + ["read_hours_partly", "not_hours"]
    assert "was read as" not in shown
    kept = own_store.read_stations()
    assert kept["hours"].tolist() == ["08:00-20:00"] * 12 + ["08:30-17:30; PH unknown", ""]
    assert kept["hours_text"].tolist() == [cell.strip('"') for cell in cells]
    seq = own_store.change_seq()
    assert "0 changed, 14 unchanged" in run("stations", "import", file).stdout
    assert own_store.change_seq() == seq


def test_osm_hours_with_a_chinese_colon_are_refused_with_a_suggestion(
    run: Run, tmp_path: Path
) -> None:
    file = write(tmp_path / "f.csv", "name,lon,lat,hours\n甲,116,40,Mo-Fr 08:00-17：00\n")
    result = run("stations", "import", file)
    assert result.exit_code == 1
    assert "cannot be read from character" in result.stdout
    assert "did you mean Mo-Fr 08:00-17:00?" in result.stdout


def test_check_lists_problems_by_station_and_changes_nothing(
    run: Run, save: Save, own_store: Store
) -> None:
    save(
        {"code": "A", "name": "甲", "hours_text": "随商场营业时间", "entry_mode": "open_door"},
        {"code": "B", "name": "乙", "hours": "24/7", "entry_mode": "open_door"},
        {"code": "C", "name": "丙", "hours": "24/7"},
    )
    seq = own_store.change_seq()
    result = run("stations", "check")
    assert result.exit_code == 0
    assert "3 stations checked, 1 without a problem." in result.stdout
    assert "  hours_not_understood: 1\n" in result.stdout
    assert "A 甲\n  hours_text: the words for the hours are not understood: 随商场营业时间" in (
        result.stdout
    )
    told = json.loads(run("stations", "check", "--json").stdout)
    assert (told["stations"], told["counts"]) == (
        3,
        {"hours_not_understood": 1, "entry_unknown": 1},
    )
    first = told["problems"][0]
    assert (first["code"], first["field"], first["words"]) == ("A", "hours_text", "随商场营业时间")
    assert first["remedy"]
    assert own_store.change_seq() == seq


def test_a_check_without_a_database_says_so(run: Run) -> None:
    result = run("stations", "check")
    assert result.exit_code == 1
    assert result.stderr


@pytest.mark.parametrize(
    ("name", "columns", "words", "datum"),
    [
        ("a.csv", "lng_gcj02,lat_gcj02", [], "gcj02"),
        ("a.csv", "lng_bd09,lat_bd09", [], "bd09"),
        ("a_gcj02.csv", "lon,lat", [], "gcj02"),
        ("a.csv", "lon,lat", ["--datum", "bd09"], "bd09"),
        ("a.csv", "lng_wgs84,lat_wgs84", [], "wgs84"),
        ("a.csv", "高德经度,高德纬度", [], "gcj02"),
        ("a.csv", "X,Y", ["--datum", "wgs84", "--map", "lon=X", "--map", "lat=Y"], "wgs84"),
    ],
)
def test_datum_by_option_or_by_names(
    run: Run,
    tmp_path: Path,
    own_store: Store,
    *,
    name: str,
    columns: str,
    words: list[str],
    datum: str,
) -> None:
    lon, lat = from_wgs84([113.6], [34.75], datum)
    file = write(tmp_path / name, f"name,{columns}\n甲,{lon[0]:.7f},{lat[0]:.7f}\n")
    report = json.loads(run("stations", "import", file, "--json", *words).stdout)
    station = own_store.read_stations().iloc[0]
    assert report["datum"] == datum
    assert geodesic_m(station["lon"], station["lat"], 113.6, 34.75) < 0.1


def test_a_datum_that_nothing_tells_is_asked_for(
    run: Run, tmp_path: Path, own_store: Store
) -> None:
    file = write(tmp_path / "a.csv", "名称,经度,纬度\n甲,113.6,34.75\n")
    result = run("stations", "import", file)
    assert result.exit_code == 1
    assert "The datum is not clear" in result.stderr
    assert "--datum gcj02" in result.stderr
    assert own_store.count_stations() == 0


def test_refused_rows_go_into_a_sheet_and_the_others_come_in(
    run: Run, tmp_path: Path, own_store: Store
) -> None:
    file = write(tmp_path / "a.csv", "name,lon,lat,note\n甲,116.4,39.9,=1+1\n乙,39.9,116.4,=2\n")
    result = run("stations", "import", file, "--refused", tmp_path / "left.csv")
    assert result.exit_code == 0
    assert own_store.read_stations()["name"].tolist() == ["甲"]
    head, row = (tmp_path / "left.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head == "name,lon,lat,note,reason"
    assert row.startswith("乙,39.9,116.4,'=2,")
    assert "are lon and lat swapped?" in row
    again = run("stations", "import", tmp_path / "left.csv", "--dry-run")
    assert "1 refused" in again.stdout  # its own columns are known again, the reason is none


@pytest.mark.parametrize("word", ["lon", "=X", "lon="])
def test_a_map_that_is_none_exits_2(run: Run, table: Path, word: str) -> None:
    assert run("stations", "import", table, "--map", word).exit_code == 2


def test_a_demo_store_refuses_imports(run: Run, table: Path, own_store: Store) -> None:
    own_store.mark_demo()
    result = run("stations", "import", table)
    assert result.exit_code == 1
    assert "demo" in result.stderr
    assert own_store.count_stations() == 0


@needs_shared_data
def test_the_55_real_stations_import_from_their_gcj02_columns(run: Run, own_store: Store) -> None:
    result = run("stations", "import", SHARED / "zhengzhou" / "stations.csv", "--datum", "gcj02")
    assert result.exit_code == 0
    assert "55 new" in result.stdout
    assert own_store.count_stations() == 55


def test_a_row_that_names_no_area_gets_that_of_its_place_and_keeps_what_staff_wrote(
    run: Run, tmp_path: Path, own_store: Store
) -> None:
    own_store.save_areas(
        gpd.GeoDataFrame(
            {"code": ["1"], "name": ["柳街道"], "level": ["subdistrict"], "parent": [""]},
            geometry=[box(116.0, 39.0, 116.5, 40.5)],
            crs=4326,
        )
    )
    table = tmp_path / "a.csv"
    table.write_text(
        "code,name,lon,lat,subdistrict\nA,甲,116.1,40.0,\nB,乙,117.0,40.0,\nC,丙,116.1,40.1,槐街道\n",
        encoding="utf-8",
    )
    report = json.loads(run("stations", "import", table, "--json").stdout)
    assert report["defaulted"]["subdistrict"] == 1
    names = own_store.read_stations().set_index("code")["subdistrict"]
    assert dict(names) == {"A": "柳街道", "B": "", "C": "槐街道"}
    own_store.save_stations(
        pd.DataFrame({"code": ["A"], "subdistrict": ["杨街道"]}),
        actor="staff",
        origin="form",
        now=NOW,
    )
    again = json.loads(run("stations", "import", table, "--json").stdout)
    assert (again["changed"], again["unchanged"]) == (0, 3)
    assert own_store.read_stations(codes=["A"])["subdistrict"].iloc[0] == "杨街道"


def test_an_import_is_taken_back_as_a_whole(run: Run, table: Path, own_store: Store) -> None:
    report = json.loads(run("stations", "import", table, "--json").stdout)
    assert own_store.count_stations() == 2
    looked = run("stations", "undo", report["batch"], "--dry-run").stdout
    assert "2 would be removed" in looked
    assert own_store.count_stations() == 2
    assert "2 removed" in run("stations", "undo", report["batch"]).stdout
    assert own_store.count_stations() == 0
    assert run("stations", "undo", "nothing").exit_code == 1
