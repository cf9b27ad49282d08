"""CSV and Excel as people send them, good and bad."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import xlsxwriter

from geo.errors import InvalidStationError, SourceFormatError
from geo.stations import load_stations, read_stations, write_stations
from geo.stations.tables import guard_formula

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "code,name,lon,lat"
ROWS = f"{HEADER}\nA,暖心驿站,116.41,39.9\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_detects_the_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(ROWS.encode(encoding))
    assert read_stations(path)["name"].tolist() == ["暖心驿站"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_finds_the_delimiter_in_the_header(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "s.csv"
    head = HEADER.replace(",", delimiter)
    row = delimiter.join(("A", '"a, b; c"', "116.41", "39.9"))
    path.write_text(f"{head}\n{row}\n", encoding="utf-8")
    assert read_stations(path)["name"].tolist() == ["a, b; c"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "s.csv is empty"),
        (b"\n \n,,\n", "s.csv is empty"),
        (HEADER.encode(), "a header and no rows"),
        (b"code,name,lon\nA,B,1\n", "no column for lat; it has code, name, lon"),
        (b"name,name,lon,lat\nA,B,1,2\n", "the column name more than once"),
        (b"name,lng_gcj02,lat_gcj02\nA,1,2\n", "choose the datum gcj02"),
        (b"name,lon,lat\nA,1,2\nB, C,1,2\n", "more cells than its header in row 3"),
        (b'name,lon,lat\n"A,1,2\n', "quotes in pairs"),
        (ROWS.encode("utf-16-le"), "neither UTF-8, UTF-16 nor GBK"),
        (b"\xff\xff\xff,lon", "neither UTF-8, UTF-16 nor GBK"),
        (b"PK\x03\x04", "Excel workbook called .csv"),
        (bytes.fromhex("d0cf11e0"), "old .xls"),
    ],
)
def test_refuses_a_bad_csv_saying_what_to_do(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(content)
    with pytest.raises(SourceFormatError, match=said):
        read_stations(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "s.xlsx is empty"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "old .xls workbook or has a password"),
        (ROWS.encode(), "not an Excel workbook; if it is text, rename it to .csv"),
        (b"PK\x03\x04 and no more", "damaged"),
    ],
)
def test_refuses_a_bad_workbook_saying_what_to_do(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "s.xlsx"
    path.write_bytes(content)
    with pytest.raises(SourceFormatError, match=said):
        read_stations(path)


def test_refuses_a_workbook_that_unpacks_to_too_much(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive, archive.open("xl/big.xml", "w") as member:
        for _ in range(201):
            member.write(bytes(2**20))
    with pytest.raises(SourceFormatError, match="unpacks to more than 200 MB"):
        read_stations(path)


@pytest.mark.parametrize("name", ["s.xls", "s.ods", "s", "s.shp"])
def test_refuses_other_formats_listing_the_known(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceFormatError, match=r"\.csv, \.xlsx, \.geojson, \.gpkg, \.parquet"):
        read_stations(tmp_path / name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceFormatError, match=r"s\.csv cannot be read"):
        read_stations(tmp_path / "s.csv")


def test_all_or_nothing_lists_every_fault_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f"{HEADER}\nA,甲,39.9,116.4\n\nA,,x,39.9\nA,乙,116.4,39.9\n", encoding="utf-8")
    with pytest.raises(InvalidStationError, match="5 problems, in rows: 3") as caught:
        read_stations(path)
    text = str(caught.value)
    assert "row 2 of s.csv: lat 116.4 is outside [-90, 90]; are lon and lat swapped?" in text
    assert [problem.row for problem in caught.value.problems] == [2, 4, 4, 4, 5]  # type: ignore[attr-defined]  # Problem


def test_reads_chinese_headers_and_a_map_before_them(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(
        "编号,站点名称,经度,纬度,行政区,开放时间,备注,店名\n1,甲,116.4,39.9,东城区,24/7,a,乙\n",
        encoding="utf-8",
    )
    row = read_stations(path, columns={"name": "店名"}).iloc[0]
    assert (row["code"], row["name"], row["district"], row["hours"]) == (
        "1",
        "乙",
        "东城区",
        "24/7",
    )


@pytest.mark.parametrize("columns", [{"name": "nowhere"}, {"nme": "name"}])
def test_refuses_a_map_of_unknown_names(tmp_path: Path, columns: dict[str, str]) -> None:
    path = tmp_path / "s.csv"
    path.write_text(ROWS, encoding="utf-8")
    with pytest.raises(SourceFormatError, match=r"no (column nowhere|field is called nme)"):
        load_stations(path, columns=columns)


def test_the_exact_name_goes_before_another_name(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("name,lng,lon,lat\nA,1.0,116.4,39.9\n", encoding="utf-8")
    assert read_stations(path)["lon"].tolist() == [116.4]


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("=1", "'=1"),
        ("'=1", "''=1"),
        ("+86", "'+86"),
        ("-", "'-"),
        ("@A", "'@A"),
        ("'a", "'a"),
        ("a=1", "a=1"),
    ],
)
def test_guards_what_a_spreadsheet_would_run(text: str, guarded: str) -> None:
    assert guard_formula(text) == guarded


def test_a_written_csv_starts_no_cell_with_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f"{HEADER},note\nA,=1+1,-116.41,39.9,@x\n", encoding="utf-8")
    write_stations(read_stations(path), path)
    line = path.read_text(encoding="utf-8-sig").splitlines()[1]
    assert ",'=1+1," in line
    assert ",'@x," in line
    assert ",-116.41," in line


def test_reads_typed_cells_of_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["code", "name", "lon", "lat", "capacity", "opened_on", "has_sign"])
    sheet.append([None] * 7)
    sheet.append([1001, "甲", 116.41, 39.9, 12.0, datetime(2026, 3, 5), True])  # noqa: DTZ001
    book.save(path)
    row = read_stations(path).iloc[0]
    assert (row["code"], row["lon"], row["capacity"]) == ("1001", 116.41, 12)
    assert (row["opened_on"], row["has_sign"]) == ("2026-03-05", "yes")


def test_a_formula_counts_as_the_result_stored_with_it(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["name", "lon", "lat"])
        sheet.write_formula(1, 0, '="暖心"&"驿站"', value="暖心驿站")
        sheet.write_formula(1, 1, "=116+0.41", value=116.41)
        sheet.write(1, 2, 39.9)
    row = read_stations(path).iloc[0]
    assert (row["name"], row["lon"]) == ("暖心驿站", 116.41)


def test_a_formula_without_result_is_refused_in_every_field(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["name", "lon", "lat"])
    book.active.append(["=1+1", "=2+2", 39.9])
    book.save(path)
    checked = load_stations(path)
    told = sorted((p.row, p.field, "is a formula without a" in p.message) for p in checked.problems)
    assert told == [(2, "lon", True), (2, "name", True)]


def test_writing_keeps_the_old_file_when_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(ROWS, encoding="utf-8")
    stations = read_stations(path)
    with pytest.raises(ValueError, match="datum"):
        write_stations(stations, path, datum="mars")
    assert path.read_text(encoding="utf-8") == ROWS
    assert list(tmp_path.iterdir()) == [path]


def test_public_files_leave_staff_fields_out(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f"{HEADER},manager,contact\nA,甲,116.4,39.9,Li,139\n", encoding="utf-8")
    write_stations(read_stations(path), path, public_only=True)
    assert read_stations(path)[["manager", "contact"]].to_numpy().tolist() == [["", ""]]
    assert "manager" not in path.read_text(encoding="utf-8-sig")


def test_a_mapped_column_of_another_datum_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("name,lng_gcj02,lat_gcj02\n甲,116.3,39.9\n", encoding="utf-8")
    columns = {"lon": "lng_gcj02", "lat": "lat_gcj02"}
    with pytest.raises(SourceFormatError, match="give --datum gcj02"):
        load_stations(path, columns=columns)
    assert len(load_stations(path, columns=columns, datum="gcj02").stations) == 1
