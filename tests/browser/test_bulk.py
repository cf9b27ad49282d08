"""The season's hours of many stations changed at once in a real browser, and taken back again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from geo.store import open_store
from tests.browser.desk import log_in, site
from tests.browser.test_axe import broken

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, Site

__all__ = ["site"]  # a fixture of the desk


NARROW = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def password(site: Site) -> str:
    """Make the account 小王, who may change."""
    return site.user("小王", "editor")


def hours(site: Site) -> dict[str, str]:
    with open_store(site.settings.demo_database) as store:
        rows = store.read_stations(columns=["hours"])
        return dict(zip(rows["code"], rows["hours"], strict=True))


def no_wider_than_the_screen(page: Page) -> None:
    page.wait_for_load_state()
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert beyond <= 0, page.url


def test_a_season_s_hours_are_changed_for_a_list_and_taken_back(
    page: Page, site: Site, password: str
) -> None:
    before = hours(site)
    page.goto("/staff/?q=银行 东岸街道&kind=rest_station")
    log_in(page, password)
    page.get_by_role("link", name=re.compile("^批量改这")).click()
    ticks = page.get_by_role("checkbox", checked=True)
    number = ticks.count()
    assert number > 2
    ticks.first.uncheck()
    page.get_by_label("新的开放时间").fill("每天 8:30 到 20:30")
    page.get_by_label("为什么改").fill("换冬季时间")
    page.get_by_role("button", name="先看看会怎么样").click()
    expect(page.get_by_role("heading", name=f"会改 {number - 1} 个驿站")).to_be_visible()
    expect(page.get_by_text("开放时间读成：每天 8:30–20:30。")).to_be_visible()
    assert hours(site) == before
    page.get_by_role("button", name=re.compile("^保存")).click()
    expect(page.get_by_role("status").filter(has_text="改好了")).to_be_visible()
    changed = [code for code, osm in hours(site).items() if osm != before[code]]
    assert len(changed) == number - 1
    page.get_by_role("link", name="撤销这一次…").click()
    expect(page.get_by_text(f"{number - 1} 个驿站改回原来的样子")).to_be_visible()
    page.get_by_label("为什么撤销").fill("日子还没到")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="撤销好了")).to_be_visible()
    assert hours(site) == before
    page.get_by_role("link", name="全部改动").click()
    acts = page.get_by_role("listitem")
    expect(acts.filter(has_text="撤销批量改").first).to_contain_text("日子还没到")
    expect(acts.filter(has_text="批量改：开放时间").last).to_contain_text("已撤销")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(
    open_page: OpenPage, site: Site, password: str, scheme: str
) -> None:
    page = open_page(color_scheme=scheme, **NARROW)
    page.goto("/staff/bulk?q=银行 东岸街道")
    log_in(page, password)
    pages = {"bulk": broken(page)}
    page.get_by_label("状态").select_option("planned")
    page.get_by_role("button", name="先看看会怎么样").click()
    pages["preview"] = broken(page)
    with open_store(site.settings.demo_database) as store:
        code = store.read_stations(columns=["code"])["code"].iloc[0]
    for address in ("history", f"history/{code}", "changes/1/undo", "export", "platforms"):
        page.goto(f"/staff/{address}")
        pages[address] = broken(page)
        no_wider_than_the_screen(page)
    assert {address: found for address, found in pages.items() if found} == {}


def test_one_station_is_taken_back_on_a_phone(
    open_page: OpenPage, site: Site, password: str
) -> None:
    before = hours(site)
    page = open_page(**NARROW)
    page.goto("/staff/bulk?q=银行 东岸街道")
    log_in(page, password)
    page.get_by_label("第一天").fill("2099-02-05")
    page.get_by_label("最后一天").fill("2099-02-12")
    no_wider_than_the_screen(page)
    page.get_by_role("button", name="先看看会怎么样").click()
    no_wider_than_the_screen(page)
    page.get_by_role("button", name=re.compile("^保存")).click()
    first = page.locator(".actlist a").first
    name = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    no_wider_than_the_screen(page)
    page.get_by_role("link", name="撤销：").first.click()
    no_wider_than_the_screen(page)
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="撤销好了")).to_be_visible()
    code = page.url.rpartition("/")[2]
    now = hours(site)
    assert now[code] == before[code]
    assert sum(now[one] != before[one] for one in now) > 1
