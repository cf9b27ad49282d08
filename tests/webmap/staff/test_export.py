"""Export: a filtered list as a file in every format and datum, without what only staff may see."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest

from geo.coords import from_wgs84
from geo.stations import read_stations
from webmap.staff.export import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

LON, LAT = 116.41, 39.93


@pytest.fixture
def two(save: Save) -> None:
    """Save two stations of two areas."""
    save(
        {"code": "A", "name": "甲驿站", "lon": f"{LON}", "lat": f"{LAT}", "contact": "王姐",
         "note": "=1+1", "district": "东城区"},
        {"code": "B", "name": "乙驿站", "district": "西城区"},
    )  # fmt: skip


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_a_filtered_list_reads_back_the_same(
    login: Login, tmp_path: Path, ending: str, datum: str
) -> None:
    answer = login().get(f"/staff/export/file?q=甲&format={ending}&datum={datum}")
    name = f"nuanyi-stations-{datum}.{ending}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    (tmp_path / name).write_bytes(answer.data)
    (row,) = read_stations(tmp_path / name, datum=datum).to_dict("records")
    assert (row["code"], row["note"], row["contact"]) == ("A", "=1+1", "")
    assert (row["lon"], row["lat"]) == pytest.approx((LON, LAT), abs=1e-6)


@pytest.mark.usefixtures("two")
def test_positions_are_those_of_the_datum_and_no_cell_starts_a_formula(login: Login) -> None:
    browser = login()
    book = browser.get("/staff/export/file?format=xlsx&datum=bd09&all=yes").data
    rows = list(openpyxl.load_workbook(io.BytesIO(book)).active.values)
    cells = dict(zip(rows[0], rows[1], strict=True))
    expected = from_wgs84([LON], [LAT], "bd09")
    assert (float(cells["lon"]), float(cells["lat"])) == pytest.approx(
        (expected[0][0], expected[1][0]), abs=1e-9
    )
    assert cells["contact"] == "王姐"
    assert len(rows) == 3
    text = browser.get("/staff/export/file?format=csv&datum=wgs84").data.decode("utf-8-sig")
    assert "'=1+1" in text
    assert "王姐" not in text


@pytest.mark.usefixtures("two")
def test_the_page_says_what_it_exports_and_refuses_the_unknown(login: Login) -> None:
    browser = login("小看", "viewer")
    assert "列表选的是：“甲”，一共 1 个" in browser.get("/staff/export?q=甲").text
    assert "一共 2 个" in browser.get("/staff/export").text
    for query in ("", "format=csv", "format=exe&datum=wgs84", "format=csv&datum=moon"):
        assert browser.get(f"/staff/export/file?{query}").status_code == 400
