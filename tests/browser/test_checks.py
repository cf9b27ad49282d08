"""A check from a locked report to done, on a phone, with and without JavaScript; two colleagues."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from geo.store import open_store
from tests.browser.conftest import served_here
from tests.browser.desk import log_in
from tests.browser.test_axe import broken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import OpenPage, Site
    from webmap.settings import Settings

PHONE: Any = {"viewport": {"width": 390, "height": 844}}
NOW = dt.datetime(2026, 3, 2, 2, 40, tzinfo=dt.UTC)  # a Monday, 10:40 in China
BADGE = "人说锁着"


@pytest.fixture(scope="module")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve a demo of its own at a fixed moment: these tests change it.

    Yields
    ------
    Site
        Stopped after the file.
    """
    with served_here(copy_of_demo(), now=lambda: NOW) as served:
        yield served


@pytest.fixture(scope="module")
def password(site: Site) -> str:
    """Make two accounts that may change stations."""
    site.user("小林", "editor")
    return site.user("小王", "editor")


@pytest.fixture(scope="module")
def always_open(site: Site) -> Iterator[tuple[str, str]]:
    """Return codes and names of stations that never shut, one after the other.

    Yields
    ------
    tuple of (str, str)
        Each is told locked in one test alone.
    """
    with open_store(site.settings.demo_database) as store:
        rows = store.read_stations(columns=["name", "hours", "status"])
    rows = rows[(rows["hours"] == "24/7") & (rows["status"] == "open")]
    return iter(list(zip(rows["code"], rows["name"], strict=True)))


def tell_locked(page: Page, code: str) -> None:
    """Let two phones find the door locked."""
    for mark in ("one", "two"):
        told = {"state": "locked", "mark": f"{mark} {code}"}
        assert page.request.post(f"/api/v1/stations/{code}/reports", data=told).status == 201


def card(page: Page, name: str) -> Locator:
    """Return the check of a station on the list."""
    return page.get_by_role("region", name=name, exact=True)


def said(page: Page) -> Locator:
    """Return what the site said of the last button."""
    return page.locator("p.notice")


def desk_of(open_page: OpenPage, who: str, password: str, **options: Any) -> Page:  # noqa: ANN401 - Playwright's
    """Open the list of checks on a phone of somebody's own."""
    page = open_page(**PHONE | options)
    page.goto("/staff/checks")
    log_in(page, password, who)
    expect(page.get_by_role("heading", name="待查", exact=True)).to_be_visible()
    return page


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_locked_report_to_done(
    open_page: OpenPage,
    password: str,
    always_open: Iterator[tuple[str, str]],
    scripts: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    (code, name), public = next(always_open), open_page(**PHONE)
    tell_locked(public, code)
    public.goto(f"/s/{code}")
    expect(public.get_by_text(BADGE).first).to_be_visible()

    page = desk_of(open_page, "小王", password, java_script_enabled=scripts)
    expect(card(page, name)).to_contain_text("开放时间里，有人说锁着")
    expect(card(page, name)).to_contain_text("大家看到的是“有人报锁门”")
    card(page, name).get_by_role("button", name="我去看").click()
    expect(said(page)).to_contain_text("这一条归你去看")
    expect(card(page, name)).to_contain_text("归你去看")

    colleague = desk_of(open_page, "小林", password)
    expect(card(colleague, name)).to_contain_text("小王拿去看了（刚才）")

    card(page, name).get_by_label("看到了什么").fill("锁坏了，已经叫人")
    card(page, name).get_by_role("button", name="先记下来").click()
    colleague.reload()
    expect(card(colleague, name)).to_contain_text("小王（刚才）：锁坏了，已经叫人")

    page.get_by_role("link", name=re.compile("归我去看的")).click()
    card(page, name).get_by_label("看到了什么").fill("换了锁")
    card(page, name).get_by_role("button", name="锁过，现在能进了").click()
    expect(said(page)).to_contain_text("处理好了")
    expect(card(page, name)).to_have_count(0)

    public.reload()
    expect(public.get_by_text(BADGE)).to_have_count(0)
    colleague.get_by_role("link", name="最近查完的").click()
    row = colleague.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("锁过，现在能进了")
    expect(row).to_contain_text("换了锁")
    expect(row).to_contain_text("小王")


def test_two_who_take_the_same_check_learn_of_each_other(
    open_page: OpenPage, password: str, always_open: Iterator[tuple[str, str]]
) -> None:
    code, name = next(always_open)
    first = desk_of(open_page, "小王", password)
    tell_locked(first, code)
    first.reload()
    second = desk_of(open_page, "小林", password)
    card(first, name).get_by_role("button", name="我去看").click()
    card(second, name).get_by_role("button", name="我去看").click()
    expect(said(second)).to_contain_text("小王刚刚先拿去看了")
    card(second, name).get_by_role("button", name="我来接着看").click()
    expect(card(second, name)).to_contain_text("归你去看")


def test_the_pages_of_checks_break_no_rule_of_accessibility(
    open_page: OpenPage, password: str, always_open: Iterator[tuple[str, str]]
) -> None:
    code, _ = next(always_open)
    page = desk_of(open_page, "小王", password)
    tell_locked(page, code)
    wrongs = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
        for address in ("/staff/checks?lang=en", "/staff/checks?lang=zh", "/staff/checks/done"):
            page.goto(address)
            wrongs += [f"{address} {scheme}: {text}" for text in broken(page)]
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert wrongs == []
