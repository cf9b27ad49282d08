"""The sheet that a map platform takes: its own headers over our fields, in its datum, in Chinese.

Which column holds what is a list that staff may change; each platform has one to begin with.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd
import xlsxwriter

from geo.errors import InvalidOptionError
from geo.hours import say_hours
from geo.stations.cells import format_number, parse_cell
from geo.stations.frames import to_frame
from geo.stations.schema import FIELD_BY_NAME
from geo.stations.tables import guard_formula
from geo.vocab import load_vocab

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from geopandas import GeoDataFrame

TEXT: Final = "text"  # the same words in every row
_DECIMALS: Final = 6  # 0.1 m
_FIXED_DATE: Final = datetime(2000, 1, 1)  # noqa: DTZ001  # Excel has no zones; same bytes each run


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of a platform's sheet."""

    header: str
    content: str  # one of CONTENTS
    text: str = ""  # of ``text``


@dataclass(frozen=True, slots=True)
class Platform:
    """A map platform: its datum, and the columns to begin with."""

    zh: str
    en: str
    datum: str
    columns: tuple[SheetColumn, ...]


def _begin(name: str, hours: str) -> tuple[SheetColumn, ...]:
    named = {
        "编号": "code", name: "name", "类型": "kind", "详细地址": "full_address", "经度": "lon",
        "纬度": "lat", "电话": "phone_public", hours: "hours", "服务": "amenities",
    }  # fmt: skip
    return tuple(SheetColumn(header, content) for header, content in named.items())


PLATFORMS: Final = {
    "amap": Platform("高德地图", "Amap", "gcj02", _begin("地点名称", "营业时间")),
    "baidu": Platform("百度地图", "Baidu Maps", "bd09", _begin("地点名称", "营业时间")),
    "tencent": Platform("腾讯地图", "Tencent Maps", "gcj02", _begin("地点名称", "营业时间")),
}


def platform_sheet(
    stations: GeoDataFrame, columns: Sequence[SheetColumn], *, datum: str
) -> pd.DataFrame:
    """Return the sheet of stations for a map platform, all cells text.

    Parameters
    ----------
    stations : GeoDataFrame, n rows
        In the form of ``geo.stations``, EPSG:4326.
    columns : sequence of SheetColumn, m
        In the order of the sheet; no header twice.
    datum : {"wgs84", "gcj02", "bd09"}
        Of the positions in the sheet.

    Returns
    -------
    DataFrame of str, shape (n, m)
        Under the headers, one row per station in their order; only what anybody may see.

    Raises
    ------
    InvalidOptionError
        No columns, a header is empty or occurs twice, or a content is unknown.
    InvalidDatumError
        ``datum`` is not known.
    """
    headers = [column.header for column in columns]
    if not headers or "" in headers or len(set(headers)) < len(headers):
        msg = "each column of the sheet needs a header of its own"
        raise InvalidOptionError(msg)
    if unknown := {column.content for column in columns} - CONTENTS.keys():
        msg = f"a sheet has no content {', '.join(sorted(unknown))}"
        raise InvalidOptionError(msg)
    frame = to_frame(stations, datum=datum, public_only=True)
    rows = cast("list[dict[str, Any]]", frame.to_dict("records"))
    cells = {
        column.header: [column.text] * len(rows)
        if column.content == TEXT
        else [CONTENTS[column.content](row) for row in rows]
        for column in columns
    }
    return pd.DataFrame(cells, columns=headers, dtype=str)


def write_platform_sheet(sheet: pd.DataFrame, path: Path) -> None:
    """Write a sheet as ``.csv`` (UTF-8 with its mark) or ``.xlsx``; no cell starts a formula."""
    lines = [list(sheet.columns), *sheet.to_numpy().tolist()]
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([guard_formula(cell) for cell in line] for line in lines)
        return
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": _FIXED_DATE})
        page = book.add_worksheet("stations")
        page.freeze_panes(1, 0)
        for number, line in enumerate(lines):
            for place, cell in enumerate(line):
                if cell:
                    page.write_string(number, place, cell)


def _field(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda row: str(row[name])


def _word(name: str) -> Callable[[dict[str, Any]], str]:
    """Return what says a coded field in Chinese, several with 、 between."""
    vocab = FIELD_BY_NAME[name].vocab

    def _say(row: dict[str, Any]) -> str:
        words = load_vocab(vocab)
        codes = [code for code in str(row[name]).split(";") if code in words]
        return "、".join(words[code].zh for code in codes)

    return _say


def _degrees(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda row: format_number(round(row[name], _DECIMALS))


def _hours(row: dict[str, Any]) -> str:
    return str(row["hours_text"] or say_hours(row["hours"]) or row["hours"])


def _amenities(row: dict[str, Any]) -> str:
    """Return what is there and works."""
    states = parse_cell(FIELD_BY_NAME["amenities"], row["amenities"])
    words = load_vocab("amenity")
    found = states.items() if isinstance(states, dict) else ()
    there = [code for code, state in found if state == "yes" and code in words]
    return "、".join(words[code].zh for code in there)


def _full_address(row: dict[str, Any]) -> str:
    """Return the address with district and subdistrict before it, each once."""
    areas, rest = [row["district"], row["subdistrict"]], row["address"]
    for area in areas:
        rest = rest.removeprefix(area)
    return "".join([*areas, rest])


CONTENTS: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "code": _field("code"),
    "name": _field("name"),
    "aliases": lambda row: row["aliases"].replace(";", "、"),
    "kind": _word("kind"),
    "status": _word("status"),
    "lon": _degrees("lon"),
    "lat": _degrees("lat"),
    "lon_lat": lambda row: f"{_degrees('lon')(row)},{_degrees('lat')(row)}",
    "district": _field("district"),
    "subdistrict": _field("subdistrict"),
    "address": _field("address"),
    "full_address": _full_address,
    "phone_public": _field("phone_public"),
    "hours": _hours,
    "entry_mode": _word("entry_mode"),
    "amenities": _amenities,
    "note": _field("note"),
    TEXT: lambda _: "",
}
