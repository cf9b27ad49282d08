"""The sheet for a map platform: headers, datum, words, and nothing that runs or is secret."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from geo.coords import from_wgs84
from geo.errors import InvalidOptionError
from geo.stations import validate_stations
from geo.stations.platforms import (
    CONTENTS,
    PLATFORMS,
    SheetColumn,
    platform_sheet,
    write_platform_sheet,
)

if TYPE_CHECKING:
    from pathlib import Path

    from geopandas import GeoDataFrame

ROW = {
    "code": "A", "name": "甲驿站", "aliases": "小屋;暖房", "lon": "116.41", "lat": "39.93",
    "kind": "rest_station", "status": "open", "district": "东城区", "subdistrict": "东四街道",
    "address": "东城区钱粮胡同 1 号", "hours": "Mo-Su 08:00-20:00", "phone_public": "12351",
    "amenities": "seat;toilet:no;microwave:broken;wifi", "entry_mode": "open_door;qr",
    "contact": "王姐 13800000000", "note": "=cmd()",
}  # fmt: skip


def stations(**cells: str) -> GeoDataFrame:
    rows = pd.DataFrame([ROW | cells], dtype=str)
    return validate_stations(rows, source="made up").require_sound()


def cell(content: str, **cells: str) -> str:
    column = SheetColumn("列", content, "固定")
    return str(platform_sheet(stations(**cells), [column], datum="wgs84").iloc[0, 0])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("code", "A"), ("name", "甲驿站"), ("aliases", "小屋、暖房"), ("kind", "暖心驿站"),
        ("status", "开放"), ("lon", "116.41"), ("lat", "39.93"), ("lon_lat", "116.41,39.93"),
        ("district", "东城区"), ("subdistrict", "东四街道"), ("address", "东城区钱粮胡同 1 号"),
        ("full_address", "东城区东四街道钱粮胡同 1 号"), ("phone_public", "12351"),
        ("hours", "每天 8:00–20:00"), ("entry_mode", "推门即入、扫码"),
        ("amenities", "座椅、无线网络"), ("note", "=cmd()"), ("text", "固定"),
    ],
)  # fmt: skip
def test_a_column_says_its_content_in_words(content: str, said: str) -> None:
    assert content in CONTENTS
    assert cell(content) == said


def test_owner_s_words_and_bare_addresses_come_first() -> None:
    assert cell("hours", hours_text="早八点到晚八点") == "早八点到晚八点"
    assert cell("full_address", address="钱粮胡同 1 号") == "东城区东四街道钱粮胡同 1 号"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_positions_are_in_the_platform_s_datum_and_nobody_s_secret_goes_out(platform: str) -> None:
    about = PLATFORMS[platform]
    sheet = platform_sheet(stations(), about.columns, datum=about.datum)
    lon, lat = from_wgs84([116.41], [39.93], about.datum)
    place = float(sheet["经度"].iloc[0]), float(sheet["纬度"].iloc[0])
    assert place == pytest.approx((lon[0], lat[0]), abs=1e-6)
    assert abs(place[0] - 116.41) > 0.004
    assert "王姐" not in sheet.to_csv()


@pytest.mark.parametrize(
    "columns",
    [
        [],
        [SheetColumn("", "name")],
        [SheetColumn("名", "name")] * 2,
        [SheetColumn("名", "contact")],
    ],
)
def test_a_sheet_without_sound_columns_is_refused(columns: list[SheetColumn]) -> None:
    with pytest.raises(InvalidOptionError):
        platform_sheet(stations(), columns, datum="gcj02")


def test_no_cell_and_no_header_starts_a_formula(tmp_path: Path) -> None:
    columns = [SheetColumn("=名", "name"), SheetColumn("备注", "note")]
    sheet = platform_sheet(stations(), columns, datum="gcj02")
    write_platform_sheet(sheet, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["'=名", "备注"], ["甲驿站", "'=cmd()"]]
    write_platform_sheet(sheet, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [one for row in book.active.iter_rows() for one in row]
    assert [one.value for one in cells] == ["=名", "备注", "甲驿站", "=cmd()"]
    assert {one.data_type for one in cells} == {"s"}
