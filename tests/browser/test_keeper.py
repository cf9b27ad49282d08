"""A keeper's link in a real browser: made at the desk, opened on a phone, taken back."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from geo.stations import validate_stations
from geo.store import open_store
from tests.browser.conftest import Site, serving
from tests.browser.desk import log_in
from tests.browser.test_axe import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage
    from webmap.settings import Settings

PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
STATION = {
    "code": "L1", "name": "柳街便利店驿站", "lon": "113.9", "lat": "35.05", "address": "柳街 8 号",
    "hours": "24/7", "hours_text": "24小时", "amenities": "microwave;drinking_water;toilet",
}  # fmt: skip
LOOKS = (("zh", "light", "normal"), ("en", "dark", "large"))


@pytest.fixture(scope="module")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve an installation with one station of its own.

    Yields
    ------
    Site
        Stopped after the tests.
    """
    settings = copy_of_demo()
    with open_store(settings.database) as store:
        checked = validate_stations(pd.DataFrame([STATION]), source="made up")
        now = dt.datetime.now(dt.UTC)
        store.save_stations(checked.stations, actor="test", origin="test", now=now)
    with serving(settings) as url:
        yield Site(url, settings)


@pytest.fixture(scope="module")
def password(site: Site) -> str:
    """Make the accounts 小王, an editor, and 老王, an admin."""
    site.user("老王", "admin")
    return site.user("小王", "editor")


def make_link(desk: Page, name: str) -> str:
    """Make a link from the station's page at the desk and return it."""
    desk.goto("/staff/stations/L1")
    desk.get_by_role("link", name="给店员链接").click()
    expect(desk.get_by_label("管哪个驿站")).to_have_value("L1")
    desk.get_by_label("他是谁").fill(name)
    desk.get_by_role("button", name="做一个链接").click()
    expect(desk.get_by_role("heading", name="链接做好了")).to_be_visible()
    expect(desk.get_by_role("img", name="链接的二维码")).to_be_visible()
    return desk.get_by_label("链接", exact=True).input_value()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_shop_assistant_keeps_the_station_from_a_link_on_the_phone(
    open_page: OpenPage,
    password: str,
    scripts: bool,  # noqa: FBT001 - a case
) -> None:
    desk, name = open_page(), f"便利店小李{scripts}"
    desk.goto("/staff/")
    log_in(desk, password)
    link = make_link(desk, name)

    phone = open_page(**PHONE, java_script_enabled=scripts)
    phone.goto(link)
    expect(phone.get_by_text(name)).to_be_visible()
    phone.get_by_role("button", name="进去看我的驿站").click()
    expect(phone.get_by_role("heading", name="柳街便利店驿站")).to_be_visible()

    phone.get_by_role("button", name="看过了，信息没变").click()
    expect(phone.get_by_role("status")).to_contain_text("今天看过，信息没变")
    expect(phone.get_by_text("今天确认过了")).to_be_visible()

    until = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9)
    phone.locator("summary", has_text="暂时关门").click()
    phone.get_by_label("哪天重新开门").fill(until.isoformat())
    phone.get_by_role("button", name="暂时关门").click()
    shut = re.compile(f"暂时关门，{until.month} 月 {until.day} 日重新开门")
    expect(phone.get_by_role("strong").filter(has_text=shut)).to_be_visible()
    visitor = open_page(**PHONE)
    visitor.goto("/s/L1")
    expect(visitor.get_by_text("暂停开放").first).to_be_visible()
    phone.get_by_role("button", name="重新开门").click()
    expect(phone.get_by_role("status")).to_contain_text("重新开门了")

    phone.locator("summary", has_text="东西坏了").click()
    phone.get_by_role("button", name="微波炉坏了").click()
    expect(phone.get_by_role("status")).to_contain_text("微波炉坏了")
    phone.get_by_role("button", name="微波炉能用了").click()
    expect(phone.get_by_role("status")).to_contain_text("微波炉修好了")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    desk.goto("/staff/stations/L1")
    past = desk.get_by_role("region", name="改动记录")
    expect(past.get_by_role("listitem").first).to_contain_text(name)
    desk.goto(f"/account/keepers/{name}")
    desk.get_by_role("button", name="收回链接").click()
    expect(desk.get_by_text("的链接收回了")).to_be_visible()
    phone.goto("/keep")
    expect(phone.get_by_role("heading", name="再打开一次你的链接")).to_be_visible()
    phone.goto(link)
    expect(phone.get_by_role("heading", name="这个链接不能用了")).to_be_visible()


def test_pages_of_accounts_break_no_rule_and_fit_a_phone(
    open_page: OpenPage, password: str
) -> None:
    page, wrongs = open_page(**PHONE), []
    page.goto("/account/")
    log_in(page, password, "老王")
    link = make_link(page, "看看")
    keeper = open_page(**PHONE)
    keeper.goto(link)
    keeper.get_by_role("button", name="进去看我的驿站").click()
    pages = (
        "",
        "password",
        "people",
        "new",
        "people/小王",
        "keepers",
        "new-keeper",
        "keepers/看看",
    )
    for who, address in [(page, f"/account/{name}") for name in pages] + [(keeper, "/keep")]:
        for lang, scheme, size in LOOKS:
            who.emulate_media(color_scheme=scheme)
            who.goto(f"{address}?lang={lang}&type={size}")
            wide = who.evaluate("document.documentElement.scrollWidth")
            found = Axe().run(who, options=RULES).response["violations"]
            wrongs += [f"{address} {lang}: {rule['id']} {rule['nodes']}" for rule in found]
            if wide > 390:
                wrongs.append(f"{address} {lang}: {wide} px wide")
    assert wrongs == []


def test_a_link_is_copied_and_a_new_password_leads_in(open_page: OpenPage, password: str) -> None:
    desk = open_page(permissions=["clipboard-read", "clipboard-write"])
    desk.goto("/account/")
    log_in(desk, password, "老王")
    link = make_link(desk, "抄一下")
    desk.get_by_role("button", name="复制链接").click()
    expect(desk.get_by_role("button", name="已复制")).to_be_visible()
    assert desk.evaluate("navigator.clipboard.readText()") == link

    desk.goto("/account/new")
    desk.get_by_label("账号名").fill("新来的")
    desk.get_by_role("radio", name="只看").check()
    desk.get_by_role("button", name="添上").click()
    secret = desk.locator("#secret").inner_text()
    other = open_page()
    other.goto("/account/password")
    log_in(other, secret, "新来的")
    other.get_by_label("现在的密码").fill(secret)
    for label in ("新密码必填", "新密码再写一遍"):
        other.get_by_label(label).fill("一句只有我知道的话呀")
    other.get_by_role("button", name="换密码").click()
    expect(other.get_by_text("密码换好了")).to_be_visible()
