"""Bringing a list in by the pages: look, plan, commit, undo; bad files change nothing."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import openpyxl
import pytest
from shapely.geometry import box

from geo.coords import from_wgs84
from tests.webmap.staff.conftest import send

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

HEAD = "编号,驿站名称,经度,纬度,地址,开放时间,备注"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each request wait for the end of its work, however slow the machine is."""
    monkeypatch.setattr("webmap.imports.work.QUICK_S", 300.0)


def csv_of(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *rows, "")).encode()


def row(code: str, name: str, lon: float, lat: float, *more: str, datum: str = "wgs84") -> str:
    x, y = from_wgs84([lon], [lat], datum)
    return ",".join([code, name, f"{x[0]:.6f}", f"{y[0]:.6f}", *(more or ("", "", ""))])


def upload(browser: FlaskClient, content: bytes, name: str = "a.csv") -> TestResponse:
    """Send a file and follow to where it leads."""
    answer = send(browser, "/staff/import", {"file": (io.BytesIO(content), name)})
    return browser.get(answer.location) if answer.status_code == 303 else answer


def address_of(answer: TestResponse) -> str:
    found = re.search(r"/staff/import/[a-z0-9]{22}", answer.text)
    assert found
    return found[0]


def chosen(answer: TestResponse, **more: str) -> dict[str, str]:
    """Return the mapping as the page proposes it."""
    selects = re.findall(r'<select id="(column_\d+)".*?</select>', answer.text, re.DOTALL)
    blocks = re.findall(r'<select id="column_\d+".*?</select>', answer.text, re.DOTALL)
    picked = {}
    for name, block in zip(selects, blocks, strict=True):
        value = re.search(r'value="([^"]*)" selected', block)
        picked[name] = value[1] if value else "-"
    return picked | {"datum": "auto"} | more


def plan(browser: FlaskClient, content: bytes, **more: str) -> tuple[str, TestResponse]:
    """Upload, accept the mapping, and return the address and the page of what would happen."""
    look = upload(browser, content)
    assert look.status_code == 200, look.text
    where = address_of(look)
    answer = send(browser, f"{where}/look", chosen(look, **more), page=where)
    return where, browser.get(answer.location, follow_redirects=True)


def counts(answer: TestResponse) -> dict[str, int]:
    found = re.findall(r'class="part (\w+)"[^>]*><strong>(\d+)</strong>', answer.text)
    return {name: int(number) for name, number in found}


def commit(browser: FlaskClient, where: str, **more: str) -> TestResponse:
    answer = send(browser, f"{where}/save", more, page=f"{where}/plan")
    return browser.get(answer.location, follow_redirects=True)


def test_a_list_is_looked_at_planned_committed_and_undone(
    login: Login, own_store: Store, save: Save
) -> None:
    save({"code": "B", "name": "乙驿站", "address": "旧路"}, {"code": "C", "name": "丙驿站"})
    before = own_store.read_stations()
    browser = login()
    content = csv_of(
        row("A", "甲驿站", 116.3, 39.9, "某路", "24小时", ""),
        row("B", "乙驿站", 116.0, 40.0, "新路", "", ""),
        row("C", "丙驿站", 116.001, 40.0),
        "D,丁驿站,39.9,116.4,,,",
    )
    where, page = plan(browser, content, datum="wgs84")
    assert counts(page) == {
        "new": 1, "alike": 0, "changed": 1, "same": 1, "doubtful": 0, "refused": 1,
    }  # fmt: skip
    assert "经度和纬度好像写反了" in page.text  # the refused are shown first
    changed = browser.get(f"{where}/plan?part=changed").text
    assert re.search(r"<del>旧路</del>.*<ins>新路</ins>", changed, re.DOTALL)
    assert own_store.read_stations().equals(before)
    done = commit(browser, where)
    assert "新增 1 个，改了 1 个，没有变的 1 个" in done.text
    assert own_store.read_stations()["code"].tolist() == ["A", "B", "C"]
    assert own_store.read_stations(codes=["A"])["hours"].tolist() == ["24/7"]
    batch = own_store.list_batches()[0]
    assert (batch.kind, batch.source, batch.actor) == ("import", "a.csv", "小王")
    assert f"/staff/acts/{batch.id}/undo" in done.text
    send(browser, f"/staff/acts/{batch.id}/undo", {}, page=f"/staff/acts/{batch.id}/undo")
    after = own_store.read_stations()
    assert after.equals(before)


def test_the_refused_come_back_as_the_same_sheet_without_formulas(
    login: Login, own_store: Store
) -> None:
    browser = login()
    content = csv_of(
        row("A", "甲驿站", 116.3, 39.9, "某路", "", "=1+1"),
        "D,丁驿站,39.9,116.4,某街,,=cmd|' /C calc'!A0",
    )
    where, _ = plan(browser, content, datum="wgs84")
    table = browser.get(f"{where}/refused.csv")
    head, only = table.data.decode("utf-8-sig").splitlines()
    assert head == HEAD + ",没有导入的原因"
    assert only.startswith("D,丁驿站,39.9,116.4,某街,,'=cmd|")
    assert "写反了" in only
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{where}/refused.xlsx").data))
    cells = list(book.active.iter_rows())
    assert {cell.data_type for cell in cells[1] if cell.value} == {"s"}  # none is a formula
    assert cells[1][1].value == "丁驿站"
    commit(browser, where)
    assert browser.get(f"{where}/refused.csv").data == table.data
    assert own_store.count_stations() == 1


def test_a_duplicate_is_asked_and_the_answer_holds(
    login: Login, own_store: Store, save: Save
) -> None:
    save({"code": "B", "name": "隆福寺爱心驿站", "address": "钱粮胡同3号", "lon": "116.41"})
    browser = login()
    content = csv_of(row("", "隆福寺工会驿站", 116.4103, 40.0001, "钱粮胡同3号", "24小时", ""))
    where, page = plan(browser, content, datum="wgs84")
    assert counts(page)["alike"] == 1
    assert "是同一个" in page.text
    assert "钱粮胡同3号" in page.text
    assert "新增 0 个，改了 0 个" in commit(browser, where).text  # unanswered: left out
    where, _ = plan(browser, content, datum="wgs84")
    answer = send(browser, f"{where}/answers", {"row_2": "B"}, page=f"{where}/plan")
    page = browser.get(answer.location, follow_redirects=True)
    assert counts(page)["changed"] == 1
    commit(browser, where)
    stations = own_store.read_stations()
    assert stations["code"].tolist() == ["B"]
    assert stations["name"].tolist() == ["隆福寺工会驿站"]


def test_an_unclear_datum_is_a_question_and_a_twin_is_seen(login: Login, save: Save) -> None:
    save({"code": "B", "name": "隆福寺爱心驿站", "address": "钱粮胡同3号"})
    browser = login()
    content = csv_of(row("", "隆福寺爱心驿站", 116.0, 40.0, "钱粮胡同3号", "", "", datum="gcj02"))
    look = upload(browser, content)
    assert "坐标是哪一种，看不出来" in look.text
    where = address_of(look)
    answer = send(browser, f"{where}/look", chosen(look), page=where)
    assert "坐标是哪一种，看不出来" in browser.get(answer.location).text  # no way round it
    _, page = plan(browser, content, datum="wgs84")
    assert "正好差一个坐标的偏移" in page.text
    _, page = plan(browser, content, datum="gcj02")
    assert (counts(page)["new"], counts(page)["alike"], counts(page)["changed"]) == (0, 0, 1)


def test_a_mapping_is_remembered_for_the_same_heads(login: Login, own_store: Store) -> None:
    browser = login()
    head = HEAD.replace("驿站名称", "哪里").replace("备注", "别的")
    content = csv_of(row("A", "甲驿站", 116.3, 39.9), head=head)
    look = upload(browser, content)
    assert look.status_code == 422
    assert "没找到名称、经度或者纬度那一列" in look.text
    where = address_of(look)
    picked = chosen(look) | {"datum": "wgs84"}
    picked |= {"column_1": "name", "column_2": "lon", "column_3": "lat"}
    send(browser, f"{where}/look", picked, page=where)
    again = upload(login("小李"), content)
    assert again.status_code == 200
    assert "照上次的选好了" in again.text
    assert chosen(again)["column_1"] == "name"
    assert own_store.count_stations() == 0


def test_an_editor_brings_in_only_what_lies_in_their_area(
    login: Login, own_store: Store, save: Save
) -> None:
    table = {"code": ["W"], "name": ["西岸区"], "level": ["district"], "parent": [""]}
    shape = box(116.2, 39.8, 116.4, 40.0)
    own_store.save_areas(gpd.GeoDataFrame(table, geometry=[shape], crs=4326))
    save({"code": "F", "name": "别处驿站", "lon": "117"})
    browser = login(area="W")
    content = csv_of(
        row("A", "甲驿站", 116.3, 39.9),
        row("B", "乙驿站", 117.5, 39.9),
        row("F", "别处驿站", 116.301, 39.9),
    )
    where, page = plan(browser, content, datum="wgs84")
    assert counts(page)["refused"] == 2
    assert "不在你负责的地方" in page.text
    commit(browser, where)
    assert own_store.read_stations()["code"].tolist() == ["A", "F"]
    assert own_store.read_stations(codes=["F"])["lon"].tolist() == [117.0]


def test_what_changed_since_the_look_is_not_overwritten(
    login: Login, own_store: Store, save: Save
) -> None:
    save({"code": "B", "name": "乙驿站", "address": "旧路"})
    browser = login()
    where, _ = plan(browser, csv_of(row("B", "乙驿站", 116.0, 40.0, "新路", "", "")), datum="wgs84")
    save({"code": "B", "name": "乙驿站", "address": "别人改的路"})
    page = commit(browser, where)
    assert "别人改了驿站" in page.text
    assert own_store.read_stations()["address"].tolist() == ["别人改的路"]
    assert "新增 0 个，改了 1 个" in commit(browser, where).text


def test_another_account_sees_nothing_of_it(login: Login) -> None:
    where, _ = plan(login(), csv_of(row("A", "甲驿站", 116.3, 39.9)), datum="wgs84")
    other = login("小李")
    for part in ("", "/plan", "/look", "/state", "/done", "/refused.csv"):
        assert other.get(where + part).status_code == 404
    assert login("小赵", role="viewer").get("/staff/import").status_code == 403


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/big.xml", bytes(201 * 2**20))
    return out.getvalue()


def empty_book() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1"), "老格式的 Excel"),
        ("a.xls", b"x", "老格式的 Excel"),
        ("a.xlsx", bomb(), "大得不正常"),
        ("a.xlsx", empty_book(), "文件是空的"),
        ("a.xlsx", b"PK\x03\x04 no more", "文件坏了"),
        ("a.xlsx", csv_of(), "内容和它的名字对不上"),
        ("a.csv", b"\xff\xff\xff,lon", "编码认不出来"),
        ("a.csv", csv_of(), "下面一行也没有"),
        ("a.csv", b'name,lon,lat\n"A,1,2\n', "引号没有收尾"),
        ("a.csv", b"name,name,lon,lat\nA,B,1,2\n", "有两列的名字一样"),
        ("a.geojson", b"<svg/>", "文件读不了"),
        ("a.exe", b"MZ", "这种文件读不了"),
        ("", b"", "还没有选文件"),
    ],
)
def test_a_bad_file_is_refused_with_words_and_changes_nothing(
    login: Login, own_store: Store, name: str, content: bytes, said: str
) -> None:
    browser = login()
    seq = own_store.change_seq()
    answer = upload(browser, content, name)
    assert answer.status_code == 422
    assert said in answer.text
    assert (own_store.change_seq(), own_store.list_batches()) == (seq, [])


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("A,甲驿站,116.3,39.9,,8月12日,", "表格软件把时间变成了日期"),
        ("A,甲驿站,39.9,116.3,,,", "写反了"),
        ("A,,116.3,39.9,,,", "是空的"),
        ("A,甲驿站,某处,39.9,,,", "数字"),
        ("A,甲驿站,0,0,,,", "大海"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason(
    login: Login, own_store: Store, cells: str, said: str
) -> None:
    _, page = plan(login(), csv_of(cells), datum="wgs84")
    assert counts(page)["refused"] == 1
    assert said in page.text
    assert own_store.count_stations() == 0


def test_a_table_may_be_pasted(login: Login, own_store: Store) -> None:
    browser = login()
    pasted = "名称\t坐标\r\n甲驿站\t东经116°18'，北纬39°54'\r\n"
    answer = send(browser, "/staff/import", {"pasted": pasted})
    look = browser.get(answer.location)
    assert look.status_code == 200
    where = address_of(look)
    answer = send(browser, f"{where}/look", chosen(look, datum="wgs84"), page=where)
    browser.get(answer.location)
    commit(browser, where)
    assert own_store.read_stations()[["lon", "lat"]].to_numpy().tolist() == [[116.3, 39.9]]
    assert own_store.list_batches()[0].source == "粘贴的表格.csv"


def test_imports_lie_closed_and_are_thrown_away(login: Login, settings: object) -> None:
    browser = login()
    where, _ = plan(browser, csv_of(row("A", "甲驿站", 116.3, 39.9)), datum="wgs84")
    folder: Path = settings.instance / "imports"  # type: ignore[attr-defined]
    assert folder.stat().st_mode & 0o077 == 0
    send(browser, f"{where}/delete", {}, page=f"{where}/look")
    assert list(folder.iterdir()) == []
    assert browser.get(where).status_code == 404
