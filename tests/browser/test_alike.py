"""Stations entered twice, in a real browser: asked about at the form, settled at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyogrio
import pytest
from playwright.sync_api import expect

from geo.coords import from_wgs84
from geo.store import open_store
from tests.browser.desk import log_in, site

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, Site

__all__ = ["site"]  # a fixture of the desk


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PATIENT_MS = 60_000  # the first question of a site reads the city's network
NAME = "文庙公园户外劳动者驿站"  # of the demo


@pytest.fixture(scope="module")
def password(site: Site) -> str:
    """Make the account 小王, who may change."""
    return site.user("小王", "editor")


@pytest.fixture(scope="module")
def known(site: Site) -> tuple[str, float, float]:
    """Return code, longitude and latitude of a station of the demo."""
    with open_store(site.settings.demo_database) as store:
        rows = store.read_stations(columns=["name"])
    row = rows[rows["name"] == NAME].iloc[0]
    return str(row["code"]), float(row["lon"]), float(row["lat"])


def _type(page: Page, name: str, lon: float, lat: float) -> None:
    page.get_by_label("名称").first.fill(name)
    page.get_by_label("经度").fill(f"{lon:.6f}")
    page.get_by_label("纬度").fill(f"{lat:.6f}")


def test_a_duplicate_is_shown_while_typing_and_asked_about_before_it_is_saved(
    open_page: OpenPage, password: str, known: tuple[str, float, float]
) -> None:
    page = open_page(**PHONE)
    page.goto("/staff/stations/new")
    log_in(page, password)
    _, lon, lat = known
    _type(page, "文庙公园爱心驿站", lon + 0.0004, lat)
    near = page.locator("#alike")
    expect(near.get_by_role("listitem").first).to_contain_text(NAME, timeout=PATIENT_MS)
    expect(near.get_by_role("listitem").first).to_contain_text("可能是同一个：名字一样")
    expect(page.locator(".alike-pin").first).to_have_text("1")

    page.get_by_role("button", name="保存", exact=True).click()
    asked = page.get_by_role("alert")
    expect(asked).to_contain_text("还没有保存。先看一眼：是不是下面")
    expect(asked).to_contain_text(NAME)
    expect(page.get_by_label("名称").first).to_have_value("文庙公园爱心驿站")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="不是，照样保存").click()
    expect(page.get_by_text("登记好了")).to_be_visible()


@pytest.mark.parametrize(
    ("datum", "word"), [("gcj02", "GCJ-02（高德、腾讯）"), ("bd09", "BD-09（百度）")]
)
def test_a_coordinate_twin_is_asked_about_and_leads_to_the_one_that_is_there(
    page: Page, password: str, known: tuple[str, float, float], datum: str, word: str
) -> None:
    code, lon, lat = known
    page.goto("/staff/stations/new")
    log_in(page, password)
    (moved_lon,), (moved_lat,) = from_wgs84([lon], [lat], datum)
    _type(page, "文庙公园工会驿站", moved_lon, moved_lat)
    page.get_by_role("button", name="保存", exact=True).click()
    asked = page.get_by_role("alert")
    expect(asked).to_contain_text(f"两个位置正好差 WGS-84 换算到 {word} 的那一段")
    page.on("dialog", lambda dialog: dialog.accept())  # leave what was typed
    asked.get_by_role("listitem").filter(has_text=NAME).get_by_role(
        "link", name="是这一个，去改它"
    ).first.click()
    expect(page).to_have_url(f"{page.url.partition('/staff/')[0]}/staff/stations/{code}")


def test_a_pin_in_a_lake_is_a_question_not_a_block(page: Page, password: str, site: Site) -> None:
    page.goto("/staff/stations/new")
    log_in(page, password)
    basemap = site.settings.cities / "demo" / "basemap.pmtiles"
    water = pyogrio.read_dataframe(basemap, layer="water")
    lakes = water[water.geom_type.isin(["Polygon", "MultiPolygon"])].geometry
    largest = lakes[[lakes.area.idxmax()]].representative_point().to_crs(4326)
    middle = largest.iloc[0]
    _type(page, "湖心驿站", middle.x, middle.y)
    expect(page.locator("#alike")).to_contain_text("这个位置在水里", timeout=PATIENT_MS)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("圆点是不是点偏了？")
    page.get_by_role("button", name="没错，照样保存").click()
    expect(page.get_by_text("登记好了")).to_be_visible()


def test_doubtful_records_stand_side_by_side_and_are_settled(page: Page, password: str) -> None:
    page.goto("/staff/doubts?what=pairs")
    log_in(page, password)
    first = page.locator(".couple").first
    expect(first).to_contain_text(NAME)
    first.get_by_role("button", name="不是同一个").click()
    expect(page.get_by_text("记下了，不再问。")).to_be_visible()
    second = page.locator(".couple").first
    kept = second.locator("h3").first.inner_text()
    second.get_by_role("button", name="同一个，留").first.click()
    expect(page.get_by_text("是重复的，大家只看到")).to_contain_text(kept)
