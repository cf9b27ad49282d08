"""The form in a browser: at the door on a phone, by words on a desk, and two editors at once."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from geo.coords import from_wgs84
from geo.store import open_store
from tests.browser.conftest import Site, served_here
from tests.browser.desk import log_in
from tests.browser.phones import PHONE, middle, standing
from tests.browser.test_staff import position, save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage
    from webmap.settings import Settings

NEW = "/staff/stations/new"
PASSWORD = "a made-up password"  # noqa: S105 - of accounts that live for one test


@pytest.fixture(scope="module")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve a copy of the demo whose stations are changed.

    Yields
    ------
    Site
        Stopped after the tests.
    """
    with served_here(copy_of_demo()) as served:
        served.user("小王", "editor")
        served.user("小李", "editor")
        served.user("老赵", "reviewer")
        yield served


def opened(page: Page, address: str = NEW, name: str = "小王") -> Page:
    """Open a form of the desk."""
    page.goto(address)
    log_in(page, PASSWORD, name)
    page.wait_for_url(f"**{address}")
    page.wait_for_load_state()
    return page


def until(page: Page, condition: str) -> None:
    """Wait until an expression is true; the site's policy forbids Playwright's own way."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never {condition}")


def large_photo() -> dict[str, object]:
    """Return a photo of 12 megapixels with noise in it, as a phone sends it."""
    rng = np.random.default_rng(5)
    pixels = rng.integers(0, 255, (750, 1000, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=80)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_station_is_added_at_its_door_on_a_phone(site: Site, open_page: OpenPage) -> None:
    lon, lat = middle(site)
    page = opened(open_page(**PHONE, **standing(lon, lat, 12.0)))
    expect(page.get_by_label("备注")).to_be_hidden()  # what is seldom typed is shut
    page.get_by_label("名称").first.fill("门口登记的驿站")
    page.get_by_role("button", name="用我现在的位置").tap()
    expect(page.get_by_text("误差约 12 米")).to_be_visible()
    assert position(page) == (f"{lon:.6f}", f"{lat:.6f}")
    expect(page.locator("path.map-sure")).to_have_count(1)
    expect(page.locator("#around")).to_contain_text("这里是：东澄区")
    page.locator("#around").get_by_role("button", name=re.compile("地址填")).tap()
    address = page.get_by_label("地址", exact=True).input_value()
    assert address
    photo = large_photo()
    page.get_by_label("加照片").set_input_files(photo)
    expect(page.locator("#photo-looks canvas")).to_have_count(1)
    until(page, "document.getElementById('f-photo').files[0].name === 'photo.jpg'")
    sent = page.evaluate("document.getElementById('f-photo').files[0].size")
    assert sent < len(photo["buffer"])  # type: ignore[arg-type]  # bytes
    tap = page.locator("details.tap[data-taps=hours_text]")
    tap.locator("summary").tap()
    tap.get_by_role("button", name="每天").tap()
    tap.get_by_label("几点开").fill("07:00")
    tap.get_by_label("几点关").fill("22:00")
    expect(page.get_by_text("我们读成：每天 7:00–22:00。")).to_be_visible()
    page.get_by_role("group", name="饮水", exact=True).get_by_role(
        "radio", name="有", exact=True
    ).check()
    save(page, "登记好了")
    expect(page.get_by_text("照片收到了")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="看公开的页面").tap()
    expect(page.get_by_role("heading", name="门口登记的驿站")).to_be_visible()
    expect(page.get_by_text(address).first).to_be_visible()
    expect(page.locator(".of-place")).to_have_count(0)
    public = page.url

    reviewer = opened(open_page(), "/staff/photos", "老赵")
    reviewer.get_by_role("button", name="公开").click()
    expect(reviewer.get_by_text("照片公开了")).to_be_visible()
    reviewer.goto(public)
    shown = reviewer.get_by_role("img", name="门口登记的驿站的照片")
    shown.scroll_into_view_if_needed()
    expect(shown).to_be_visible()
    until(reviewer, "document.querySelector('.of-place img').naturalWidth === 1600")


def test_station_is_added_by_words_and_a_pasted_link(site: Site, page: Page) -> None:
    lon, lat = (round(degrees + 0.004, 6) for degrees in middle(site))
    x, y = from_wgs84([lon], [lat], "gcj02")
    opened(page)
    page.get_by_label("名称").first.fill("贴链接的驿站")
    page.get_by_text("粘贴坐标，或者地图的链接").click()
    page.get_by_label("坐标或者地图的链接").fill(
        f"【高德地图】驿站 https://uri.amap.com/marker?position={x[0]:.7f},{y[0]:.7f}&name=驿站"
    )
    expect(page.get_by_text("GCJ-02（高德地图）→ 已换算")).to_be_visible()
    assert position(page) == (f"{lon:.6f}", f"{lat:.6f}")
    expect(page.locator(".map-pin")).to_be_visible()
    words = "周一到周五 8点半到11点半、13点半到17点，节假日休息"
    page.get_by_label("开放时间（平常的话）").fill(words)
    expect(page.get_by_text("我们读成：周一至周五 8:30–11:30、13:30–17:00")).to_be_visible()
    save(page, "登记好了")
    with open_store(site.settings.demo_database) as store:
        rows = store.read_stations()
    row = rows[rows["name"] == "贴链接的驿站"].iloc[0]
    assert (row["lon"], row["lat"], row["source_datum"]) == (lon, lat, "gcj02")
    assert (row["hours"], row["hours_text"]) == (
        "Mo-Fr 08:30-11:30,13:30-17:00; PH off",
        words,
    )


def test_bare_coordinates_ask_where_they_were_copied(site: Site, page: Page) -> None:
    lon, lat = middle(site)
    x, y = from_wgs84([lon], [lat], "bd09")
    opened(page)
    page.get_by_text("粘贴坐标，或者地图的链接").click()
    page.get_by_label("坐标或者地图的链接").fill(f"{y[0]:.8f}，{x[0]:.8f}")
    expect(page.get_by_text("不知道是哪种坐标")).to_be_visible()
    assert position(page) == ("", "")
    page.get_by_role("radio", name="百度地图").check()
    expect(page.get_by_text("BD-09（百度地图）→ 已换算")).to_be_visible()
    assert position(page) == (f"{lon:.6f}", f"{lat:.6f}")
    page.get_by_label("坐标或者地图的链接").fill("https://j.map.baidu.com/91/3fX")
    expect(page.get_by_text("这是百度地图的短链接")).to_be_visible()


def test_device_that_does_not_say_where_it_is_leaves_the_map(open_page: OpenPage) -> None:
    page = opened(open_page(**PHONE, permissions=[]))
    page.get_by_role("button", name="用我现在的位置").tap()
    expect(page.locator("#here-said")).to_contain_text("在地图上点一下也行")


def test_second_of_two_editors_sees_and_chooses(site: Site, open_page: OpenPage) -> None:
    at = "/staff/stations/DC-0005"
    first, second = opened(open_page(), at, "小李"), opened(open_page(**PHONE), at, "小王")
    first.get_by_label("公开电话").fill("0370-5550001")
    first.get_by_label("能坐多少人").fill("31")
    first.get_by_label("备注").fill("小李写的")
    save(first, "改好了")
    second.get_by_label("能坐多少人").fill("32")
    second.get_by_label("名称").first.fill("两人都改的驿站")
    second.locator("details.fold").evaluate("fold => { fold.open = true; }")
    second.get_by_label("备注").fill("小王写的")
    second.get_by_role("button", name="保存", exact=True).tap()
    expect(second.get_by_text("小李也改了这个驿站")).to_be_visible()
    expect(second.get_by_label("公开电话")).to_have_value("0370-5550001")
    seats = second.get_by_role("group", name="能坐多少人")
    expect(seats.get_by_role("radio", name="用你填的：32")).to_be_visible()
    seats.get_by_role("radio", name="用小李改的：31").check()
    note = second.get_by_role("group", name="备注")
    expect(note.get_by_role("radio", name="用小李改的：小李写的")).to_be_visible()
    second.get_by_label("备注", exact=True).fill("两个人商量好的")
    expect(note.get_by_role("radio", name=re.compile("用你填的"))).to_be_checked()
    assert second.evaluate("document.documentElement.scrollWidth") <= 390
    save(second, "改好了")
    with open_store(site.settings.demo_database) as store:
        row = store.read_stations(codes=["DC-0005"]).iloc[0]
        actors = store.history("DC-0005")["actor"].tolist()[-2:]
    assert (row["name"], row["capacity"], row["note"], row["phone_public"]) == (
        "两人都改的驿站",
        31,
        "两个人商量好的",
        "0370-5550001",
    )
    assert actors == ["小李", "小王"]
