"""A list brought in, in a real browser: look, what would happen, commit, undo; and on a phone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest
from playwright.sync_api import expect

from geo.store import open_store
from tests.browser.conftest import Site, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from webmap.settings import Settings


@pytest.fixture(scope="module")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve a copy of the demo whose own store takes stations.

    Yields
    ------
    Site
        Stopped after the tests.
    """
    settings = copy_of_demo()
    with serving(settings) as url:
        yield Site(url, settings)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Return a workbook with a title, Chinese heads, a good row and one with swapped degrees."""
    book = openpyxl.Workbook()
    for row in (
        ["驿站一览表"],
        ["驿站名称", "GPS经度", "GPS纬度", "地址", "开放时间"],
        ["隆福寺驿站", 116.41, 39.93, "钱粮胡同3号", "24小时"],
        ["写反的驿站", 39.93, 116.42, "某路", ""],
    ):
        book.active.append(row)
    book.save(tmp_path / "驿站.xlsx")
    return tmp_path / "驿站.xlsx"


def test_dry_run_commit_and_undo(page: Page, site: Site, sheet: Path) -> None:
    password = site.user("小王", "editor")
    page.goto("/staff/import")
    page.get_by_label("账号").fill("小王")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("驿站的表格").set_input_files(sheet)
    page.get_by_role("button", name="传上来看一看").click()
    expect(page.get_by_text("名字里写着：WGS-84")).to_be_visible(timeout=60_000)
    expect(page.get_by_label("驿站名称")).to_have_value("name")
    page.get_by_role("button", name="核对这 2 行").click()
    expect(page.get_by_role("link", name="1 新的")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("经度和纬度好像写反了")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载（Excel）").click()
    refused = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert [cell.value for cell in refused[1]][-1] == "没有导入的原因"
    assert refused.max_row == 2
    with open_store(site.settings.database) as store:
        assert store.count_stations() == 0
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_text("新增 1 个")).to_be_visible(timeout=60_000)
    with open_store(site.settings.database) as store:
        assert store.read_stations()["name"].tolist() == ["隆福寺驿站"]
    page.get_by_role("link", name="整批撤销").click()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("撤销")
    with open_store(site.settings.database) as store:
        assert store.count_stations() == 0
