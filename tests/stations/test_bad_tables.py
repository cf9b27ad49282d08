"""Tables as clerks send them: titles, merged cells, degrees, formulas, several sheets."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter

from geo.errors import SourceFormatError
from geo.stations import load_stations
from geo.stations.degrees import parse_angle, parse_position, plain_position
from geo.stations.raw import read_raw

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def book(path: Path, fill: Callable[[Any], None]) -> Path:
    made = openpyxl.Workbook()
    fill(made)
    made.save(path)
    return path


def test_a_header_below_a_merged_title_and_in_two_rows_is_found(tmp_path: Path) -> None:
    def fill(made: Any) -> None:  # noqa: ANN401  # openpyxl's workbook
        sheet = made.active
        sheet.append(["东岸区户外劳动者驿站汇总表"])
        sheet.merge_cells("A1:E1")
        sheet.append(["区", "驿站名称*", "高德坐标", None, "开放时间"])
        sheet.append([None, None, "经度", "纬度", None])
        for column in "ABE":
            sheet.merge_cells(f"{column}2:{column}3")
        sheet.merge_cells("C2:D2")
        sheet.append(["东岸区", "甲驿站", 116.41, 39.9, "24小时"])
        sheet.append([None, "乙驿站", 116.42, 39.9, "24小时"])
        sheet.merge_cells("A4:A5")

    read = load_stations(book(tmp_path / "s.xlsx", fill), datum="auto")
    assert read.datum == "gcj02"
    assert read.stations["name"].tolist() == ["甲驿站", "乙驿站"]
    assert read.stations["district"].tolist() == ["东岸区", "东岸区"]  # merged downwards
    assert read.rows == (4, 5)


def test_of_several_sheets_the_one_with_stations_is_read_and_others_are_named(
    tmp_path: Path,
) -> None:
    def fill(made: Any) -> None:  # noqa: ANN401  # openpyxl's workbook
        made.active.title = "说明"
        made.active.append(["填表说明"])
        for title, name in (("东岸", "甲"), ("西岸", "乙")):
            sheet = made.create_sheet(title)
            sheet.append(["名称", "地址", "lon", "lat"])
            sheet.append([name, "某路", 116.41, 39.9])

    path = book(tmp_path / "s.xlsx", fill)
    read = load_stations(path)
    assert read.stations["name"].tolist() == ["甲"]
    assert [p.code for p in read.problems if "西岸" in p.message] == ["other_sheets"]
    assert read_raw(path, "西岸").frame["名称"].tolist() == ["乙"]
    with pytest.raises(SourceFormatError, match="no sheet 北岸; it has 说明, 东岸, 西岸"):
        read_raw(path, "北岸")


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceFormatError, match="is empty") as caught:
        read_raw(book(tmp_path / "s.xlsx", lambda _: None))
    assert caught.value.code == "empty"


def test_an_error_of_a_formula_is_refused_and_the_same_as_text_is_not(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["name", "lon", "lat", "note"])
        sheet.write_row(1, 1, [116.41, 39.9])
        sheet.write_formula(1, 0, "=VLOOKUP(1,A:B,2)", value="#N/A")
        sheet.write_row(2, 0, ["乙", 116.42, 39.9, "#N/A"])
    read = load_stations(path)
    assert [(p.row, p.field, p.code) for p in read.problems] == [(2, "name", "formula")]
    assert read.stations["note"].tolist() == ["#N/A"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (dt.datetime(2026, 8, 12), "8-12"),  # noqa: DTZ001  # as Excel keeps what was typed 8-12
        ("8月12日", "8-12"),
        ("2026-08-12", "8-12"),
        ("46246", "46246"),
    ],
)
def test_a_date_in_the_column_of_hours_is_refused(tmp_path: Path, cells: object, said: str) -> None:
    def fill(made: Any) -> None:  # noqa: ANN401  # openpyxl's workbook
        made.active.append(["名称", "lon", "lat", "开放时间"])
        made.active.append(["甲", 116.41, 39.9, cells])

    read = load_stations(book(tmp_path / "s.xlsx", fill))
    (problem,) = read.problems
    assert (problem.code, problem.field, problem.severity) == ("date_in_hours", "hours", "error")
    assert said in problem.message


@pytest.mark.parametrize(
    ("text", "degrees", "axis"),
    [
        ("116°24'30\"E", 116.408333, "lon"),
        ("东经116度24分30秒", 116.408333, "lon"),
        ("北纬39°54.5'", 39.908333, "lat"),
        ("N39 54 20.5", 39.905694, "lat"),
        ("-33.5", -33.5, ""),
        ("73°30'W", -73.5, "lon"),
    ],
)
def test_angles_are_read(text: str, degrees: float, axis: str) -> None:
    found = parse_angle(text)
    assert found is not None
    assert (round(found.degrees, 6), found.axis) == (degrees, axis)


@pytest.mark.parametrize("text", ["", "abc", "116°70'", "1 2 3 4", "N39E", "八"])
def test_what_is_no_angle_is_none(text: str) -> None:
    assert parse_angle(text) is None


@pytest.mark.parametrize(
    "text", ["116.4,39.9", "39.9，116.4", "39.9 116.4", "N39°54', E116°24'", "[116.4, 39.9]"]
)
def test_both_degrees_in_one_cell_are_read_in_any_order(text: str) -> None:
    assert parse_position(text) == pytest.approx((116.4, 39.9))


def test_a_position_that_cannot_be_read_stays_as_it_is() -> None:
    assert plain_position("某地", "39.9") == ("某地", "39.9")
    assert plain_position("116.4", "39.9") == ("116.4", "39.9")
    assert plain_position("北纬39.9°", "东经116.4°") == ("116.4", "39.9")


def test_a_joint_column_and_a_title_in_csv(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes("驿站一览\n\n站名;经纬度;备注\n甲;39.9，116.4;a,b\n".encode("gbk"))
    read = load_stations(path)
    assert read.stations[["lon", "lat"]].to_numpy().tolist() == [[116.4, 39.9]]
    assert (read.rows, read.stations["note"].tolist()) == ((4,), ["a,b"])
