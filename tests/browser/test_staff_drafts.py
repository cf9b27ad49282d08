"""What was typed and not saved: offered back on the same device to the same account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, served_here
from tests.browser.desk import log_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from webmap.settings import Settings

NEW = "/staff/stations/new"
PASSWORD = "a made-up password"  # noqa: S105 - of accounts that live for one test
DAY_MS = 24 * 3600 * 1000


@pytest.fixture(scope="module")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve a copy of the demo whose stations are changed, with two accounts.

    Yields
    ------
    Site
        Stopped after the tests.
    """
    with served_here(copy_of_demo()) as served:
        served.user("小王", "editor")
        served.user("小李", "editor")
        yield served


def opened(page: Page, address: str = NEW, name: str = "小王") -> Page:
    """Open a form for the first time, not minding what is left behind."""
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    log_in(page, PASSWORD, name)
    page.wait_for_url(f"**{address}")
    page.wait_for_load_state()
    return page


def drafts(page: Page) -> list[str]:
    """Return what the device keeps, once the form has had the time to write it."""
    page.wait_for_timeout(600)
    found: dict[str, str] = page.evaluate("({ ...localStorage })")
    return [text for key, text in found.items() if key.startswith("draft ")]


def test_what_was_typed_is_offered_back_and_gone_once_saved(page: Page) -> None:
    opened(page)
    page.get_by_label("名称").first.fill("没存的驿站")
    page.get_by_label("经度").fill("113.9")
    page.get_by_label("纬度").fill("35.05")
    page.get_by_role("radio", name="服务点").check()
    page.get_by_role("checkbox", name="扫码").first.check()
    page.get_by_label("开放时间（平常的话）").fill("24小时")
    assert len(drafts(page)) == 1
    page.goto(NEW)
    offer = page.locator("#drafts")
    expect(offer).to_contain_text("名称")
    expect(page.get_by_label("名称").first).to_have_value("")
    offer.get_by_role("button", name="接着填").click()
    expect(page.get_by_label("名称").first).to_have_value("没存的驿站")
    expect(page.get_by_label("经度")).to_have_value("113.9")
    expect(page.get_by_role("radio", name="服务点")).to_be_checked()
    expect(page.get_by_role("checkbox", name="扫码").first).to_be_checked()
    expect(page.get_by_text("我们读成：")).to_be_visible()
    expect(offer).to_be_hidden()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("登记好了")).to_be_visible()
    assert drafts(page) == []
    page.goto(NEW)
    page.wait_for_timeout(300)
    expect(page.locator("#drafts")).to_be_hidden()


def test_draft_that_nobody_wants_is_dropped(page: Page) -> None:
    opened(page)
    page.get_by_label("名称").first.fill("不要的")
    drafts(page)
    page.goto(NEW)
    page.get_by_role("button", name="不要了").click()
    expect(page.locator("#drafts")).to_be_hidden()
    assert drafts(page) == []


def test_each_station_has_a_draft_of_its_own_and_only_of_what_was_changed(page: Page) -> None:
    opened(page, "/staff/stations/DC-0001")
    page.get_by_label("公开电话").fill("0370-5550100")
    (text,) = drafts(page)
    assert json.loads(text)["typed"] == {"phone_public": ["0370-5550100"]}
    page.goto("/staff/stations/DC-0002")
    page.wait_for_timeout(300)
    expect(page.locator("#drafts")).to_be_hidden()
    page.goto("/staff/stations/DC-0001")
    expect(page.locator("#drafts")).to_contain_text("公开电话")


def test_typing_on_before_answering_loses_neither(page: Page) -> None:
    opened(page)
    page.get_by_label("名称").first.fill("先填的")
    drafts(page)
    page.goto(NEW)
    page.get_by_label("备注").fill("后填的")
    drafts(page)
    page.goto(NEW)
    page.get_by_role("button", name="接着填").click()
    expect(page.get_by_label("名称").first).to_have_value("先填的")
    expect(page.get_by_label("备注")).to_have_value("后填的")


def test_another_account_is_not_offered_it(page: Page) -> None:
    opened(page)
    page.get_by_label("联系人").fill("张三")
    drafts(page)
    page.goto("/staff/")
    page.get_by_role("button", name="退出").click()
    page.goto(NEW)
    log_in(page, PASSWORD, "小李")
    page.wait_for_url(f"**{NEW}")
    page.wait_for_timeout(500)
    expect(page.locator("#drafts")).to_be_hidden()
    expect(page.get_by_label("联系人")).to_have_value("")


@pytest.mark.parametrize(("days", "is_kept"), [(6.9, True), (7.1, False), (-1, False)])
def test_draft_is_kept_a_week_and_no_longer(page: Page, days: float, *, is_kept: bool) -> None:
    opened(page)
    page.get_by_label("名称").first.fill("旧的")
    drafts(page)
    page.evaluate(
        """(age) => {
          const key = Object.keys(localStorage).find((one) => one.startsWith('draft '));
          const draft = JSON.parse(localStorage[key]);
          localStorage.setItem(key, JSON.stringify({ ...draft, at: Date.now() - age }));
        }""",
        days * DAY_MS,
    )
    page.evaluate("window.onbeforeunload = null")
    page.goto("/staff/")  # any page of the desk tidies up
    assert bool(drafts(page)) == is_kept


def test_refused_form_keeps_its_draft(page: Page) -> None:
    opened(page)
    page.get_by_label("名称").first.fill("好名字")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("还没有保存")
    page.get_by_label("备注").fill("改过了")
    drafts(page)
    page.goto(NEW)
    page.get_by_role("button", name="接着填").click()
    expect(page.get_by_label("名称").first).to_have_value("好名字")
    expect(page.get_by_label("备注")).to_have_value("改过了")
