"""The workbook holds the summary's figures as numbers, and every name as text."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import openpyxl
import pyogrio
import pytest

from geo.report import say
from geo.report.labels import label
from geo.report.words import load_words
from geo.report.workbook import plain
from tests.report.folders import TITLE, report_of, workbook_of
from tests.report.made import NASTY

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

HEAD_ROW = 3
SHEETS = ("overview", "hours", "areas", "gaps", "stations", "advice", "routes", "shifts", "about")
RUNS = ("nasty", "covered", "bare", "planned")


@cache
def book_of(name: str, language: str = "zh") -> openpyxl.Workbook:
    return openpyxl.load_workbook(workbook_of(name, language))


def summary_of(name: str) -> dict[str, Any]:
    text = (report_of(name) / "summary.json").read_text(encoding="utf-8")
    summary: dict[str, Any] = json.loads(text)
    return summary


def test_a_report_holds_the_workbook() -> None:
    whole = (report_of("nasty") / "report.xlsx").read_bytes()
    assert whole == workbook_of("nasty").read_bytes()


def rows_of(
    sheet: Worksheet, head_row: int = HEAD_ROW, language: str = "zh"
) -> list[dict[str, Any]]:
    """Return the rows of a table by their heads, up to the first empty one."""
    cells = list(sheet.iter_rows(min_row=head_row, values_only=True))
    heads = [head for head in cells[0] if head]
    rows = [dict(zip(heads, row, strict=False)) for row in cells[1:]]
    return [] if cells[1:] and cells[1][0] == label("nothing", language) else rows


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_report_has_every_sheet_in_its_language(name: str, language: str) -> None:
    names = book_of(name, language).sheetnames
    assert names == [label(f"sheet_{key}", language) for key in SHEETS]


def test_areas_are_those_of_the_summary_and_shares_are_numbers() -> None:
    rows = rows_of(book_of("nasty")["按街道"])
    told = {area["area"]: area for area in summary_of("nasty")["by_area"]}
    assert len(rows) == len(told)
    for row in rows:
        name = row["街道或区"]
        area = told[None] if name == label("no_area", "zh") else told[_as_told(name, told)]
        assert row["走的时间（小时）"] == pytest.approx(area["demand_min"] / 60)
        assert row["走的路（公里）"] == pytest.approx(area["demand_m"] / 1000)
        assert row["实际覆盖"] == pytest.approx(area["effective_share"])
        causes = sum(cause["min"] for cause in area["by_cause"].values())
        assert row["走不到（小时）"] == pytest.approx(causes / 60)
        assert row["走不到"] == pytest.approx(causes / area["demand_min"])
    hours = [row["走不到（小时）"] for row in rows]
    assert hours == sorted(hours, reverse=True)


def _as_told(name: str, told: dict[str, Any]) -> str:
    return next(one for one in told if one is not None and plain(one) == name)


def test_hours_are_a_week_of_cells_and_a_long_table() -> None:
    sheet = book_of("nasty")["按钟点"]
    hours = summary_of("nasty")["by_hour_of_week"]
    for hour, figures in enumerate(hours):
        cell = sheet.cell(HEAD_ROW + 1 + hour // 24, 2 + hour % 24)
        if figures is None:
            assert cell.value is None
        else:
            gap = 1 - figures["effective_share"] - figures["effective_unknown_share"]
            assert cell.value == pytest.approx(gap, abs=1e-9)
            assert cell.number_format == '[=0]0%;[<0.01]"<1%";0%'
    rows = rows_of(sheet, HEAD_ROW + 9)
    assert len(rows) == sum(figures is not None for figures in hours)
    total = sum(row["走的时间（小时）"] for row in rows)
    assert total == pytest.approx(summary_of("nasty")["duration_min"] / 60)


def test_stations_are_those_of_the_csv() -> None:
    rows = {row["编号"]: row for row in rows_of(book_of("nasty")["驿站"])}
    text = (report_of("nasty") / "by_station.csv").read_text(encoding="utf-8-sig")
    told = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(told) == len(NASTY)
    for one in told:
        row = rows[one["code"]]
        assert row["实际：只靠它（小时）"] == pytest.approx(float(one["effective_alone_min"]) / 60)
        assert row["附近走过的全部时间（小时）"] == pytest.approx(float(one["reach_min"]) / 60)
        assert (row["有人报锁门"] == "是") == (one["is_locked"] == "yes")


def test_worst_gaps_are_those_of_the_summary() -> None:
    rows = rows_of(book_of("nasty")["缺口"])
    for row, gap in zip(rows, summary_of("nasty")["worst_gaps"], strict=True):
        assert row["时长（分钟）"] == pytest.approx(gap["duration_min"])
        assert row["长度（米）"] == pytest.approx(gap["length_m"])
        missed = row["跟它的开放时间差多少（分钟）"]
        assert missed == (None if gap["missed_min"] is None else pytest.approx(gap["missed_min"]))
        assert row["从"] == gap["start"][:16].replace("T", " ")
        assert (row["编号"] or "") == gap["nearest_code"]


def test_hours_are_in_words_and_the_osm_text_stands_in_the_last_column() -> None:
    book = book_of("planned")
    for sheet, raw in (("驿站", "开放时间（OSM 原文）"), ("缺口", "开放时间（OSM 原文）"),
                       ("班次", "班次（OSM 原文）")):  # fmt: skip
        rows = rows_of(book[sheet])
        assert rows
        for row in rows:
            assert list(row)[-1] == raw
            assert re.search("[A-Z][a-z] |08:00", str(row.pop(raw)))
            assert not any(re.search("(Mo|Tu|Su) ", str(cell)) for cell in row.values())


def test_workbook_and_page_have_the_same_title() -> None:
    for language in ("zh", "en"):
        title = load_words()["page"]["title"][language]
        assert book_of("covered", language).worksheets[0]["A1"].value.startswith(f"{title} · ")


def test_routes_add_up_to_the_whole() -> None:
    rows = rows_of(book_of("nasty")["线路"])
    assert {row["线路"] for row in rows} == {1, 2, 3, 4, 5}
    hours = sum(row["走的时间（小时）"] for row in rows)
    assert hours == pytest.approx(summary_of("nasty")["duration_min"] / 60)


def test_overview_says_the_headline_and_the_shares() -> None:
    summary = summary_of("nasty")
    cells = [
        cell.value for row in book_of("nasty")["总览"].iter_rows() for cell in row if cell.value
    ]
    text = "".join(str(cell) for cell in cells).replace(" ", "")
    assert say.headline(summary, "zh").replace(" ", "") in text
    for name in ("nominal", "effective", "straight"):
        assert any(
            cell == pytest.approx(summary[name]["share_time"])
            for cell in cells
            if isinstance(cell, float)
        )


@pytest.mark.parametrize("name", ["covered", "bare"])
def test_every_sheet_of_few_workers_carries_the_stamp(name: str) -> None:
    for sheet in book_of(name):
        assert sheet.cell(2, 1).value == "不足 5 人，勿外传"
        assert "不足 5 人，勿外传" in sheet.oddHeader.right.text


@pytest.mark.parametrize("name", ["nasty", "planned"])
def test_no_sheet_of_many_workers_or_of_plans_carries_it(name: str) -> None:
    assert all("勿外传" not in str(sheet.cell(2, 1).value) for sheet in book_of(name))


@pytest.mark.parametrize("name", RUNS)
def test_sheets_print_on_a4_across_with_their_heads_on_every_page(name: str) -> None:
    for sheet in book_of(name):
        setup = sheet.page_setup
        assert (setup.paperSize, setup.orientation) == (9, "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage  # one page wide is what it means
        assert setup.fitToHeight == 0
        if sheet.title not in {"总览", "说明"}:
            assert sheet.freeze_panes is not None
            assert sheet.print_title_rows is not None


# nasty names


def test_nasty_names_are_text_in_the_workbook() -> None:
    book = book_of("nasty")
    names = {row["驿站"] for row in rows_of(book["驿站"])}
    assert names == {plain(name) for name in NASTY}
    for sheet in book:
        assert all(cell.data_type in {"n", "s"} for row in sheet.iter_rows() for cell in row)
    with zipfile.ZipFile(workbook_of("nasty")) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        for name in sheets:
            root = ET.fromstring(archive.read(name))  # noqa: S314 - our own file
            tags = {element.tag.rpartition("}")[2] for element in root.iter()}
            assert not tags & {"f", "hyperlink", "hyperlinks"}
    assert book["总览"]["A1"].value == f"{TITLE} · 总览"


def test_nasty_names_are_no_formula_in_csv() -> None:
    for name in ("by_station.csv", "by_area.csv"):
        content = (report_of("nasty") / name).read_bytes()
        assert content.startswith("\ufeff".encode())
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        cells = [cell for row in rows for cell in row]
        risky = [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell]
        assert not [cell for cell in risky if not re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)]


def test_nasty_names_come_back_from_the_geopackage() -> None:
    stations = pyogrio.read_dataframe(report_of("nasty") / "gaps.gpkg", layer="stations")
    assert sorted(stations["name"]) == sorted(NASTY)


def test_control_characters_become_spaces_and_long_texts_are_cut() -> None:
    assert plain("a\x00b\x1bc\ufffed\ud800e\nf\tg") == "a b c d e\nf\tg"
    assert len(plain("长" * 40_000)) == 32_000


def test_hours_of_the_advice_are_words_and_the_raw_text_stands_beside() -> None:
    told = {row["code"]: row["hours"] for row in summary_of("nasty")["longer_hours"]}
    assert told
    for language in ("zh", "en"):
        book = book_of("nasty", language)
        words, raw, code = (label(key, language) for key in ("opening", "raw_opening", "code"))
        stations = {
            row[code]: row[words] for row in rows_of(book[label("sheet_stations", language)])
        }
        rows = [row for row in rows_of(book[label("sheet_advice", language)]) if row[code]]
        assert {row[code] for row in rows} == set(told)
        for row in rows:
            assert row[words] == stations[row[code]]
            assert row[raw] == plain(told[row[code]])


# empty results


def test_a_run_without_gaps_says_so_in_place_of_rows() -> None:
    book = book_of("covered")
    for key in ("areas", "gaps", "advice", "shifts"):
        assert book[label(f"sheet_{key}", "zh")].cell(HEAD_ROW + 1, 1).value == "这次没有"
    assert len(rows_of(book["驿站"])) == 2


def test_a_run_without_stations_has_an_empty_table_of_them() -> None:
    assert book_of("bare")["驿站"].cell(HEAD_ROW + 1, 1).value == "这次没有"


def test_the_workbook_has_no_date_of_the_run(tmp_path: Path) -> None:
    with zipfile.ZipFile(workbook_of("nasty")) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 31, 0, 0, 0)}
        archive.extract("docProps/core.xml", tmp_path)
    dates = re.findall(r"\d{4}-\d\d-\d\dT", (tmp_path / "docProps/core.xml").read_text("utf-8"))
    assert set(dates) == {"2000-01-01T"}
