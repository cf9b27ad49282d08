"""The taps at the door in a browser: sent after a moment, taken back in it, kept without a line."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from geo.store import open_store
from tests.browser.conftest import served_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page

    from geo.stations.evidence import Report
    from tests.browser.conftest import OpenPage, Site
    from webmap.settings import Settings

PHONE: Any = {"viewport": {"width": 390, "height": 844}}
SENT_MS = 15_000


@pytest.fixture(scope="module")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve a demo of its own: these tests change it.

    Yields
    ------
    Site
        Stopped after the file.
    """
    with served_here(copy_of_demo()) as served:
        yield served


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """Open the page of a station on a phone."""
    page = open_page(**PHONE)
    page.goto("/s/DC-0001")
    return page


def reports(site: Site) -> list[Report]:
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    with open_store(site.settings.demo_database) as store:
        return store.reports_since(since)


def button(page: Page, what: str) -> Locator:
    return page.locator(f'form.tell button[value="{what}"]')


def said(page: Page) -> Locator:
    return page.locator("form.tell .tell-said")


def test_a_tap_is_thanked_for_at_once_and_sent_in_a_moment(phone: Page, site: Site) -> None:
    before = len(reports(site))
    button(phone, "open").click()
    expect(said(phone)).to_contain_text("谢谢！你说这里开着。")
    assert len(reports(site)) == before
    expect(said(phone)).to_contain_text("已经发出", timeout=SENT_MS)
    (last,) = reports(site)[before:]
    assert (last.code, last.state, last.near) == ("DC-0001", "open", None)
    assert phone.evaluate("localStorage.getItem('nuanyi-told')") == "[]"


def test_a_tap_is_taken_back(phone: Page, site: Site) -> None:
    before = len(reports(site))
    button(phone, "gone").click()
    phone.get_by_role("button", name="撤回").click()
    expect(said(phone)).to_contain_text("撤回了")
    phone.wait_for_timeout(6_000)
    assert len(reports(site)) == before


def test_a_broken_thing_is_two_touches_away(phone: Page, site: Site) -> None:
    phone.locator(".tell-things summary").click()
    thing = phone.locator('form.tell button[value^="broken:"]').first
    amenity = (thing.get_attribute("value") or "").partition(":")[2]
    thing.click()
    expect(said(phone)).to_contain_text("已经发出", timeout=SENT_MS)
    assert (reports(site)[-1].state, reports(site)[-1].amenity) == ("broken", amenity)


def test_without_a_line_it_is_kept_and_sent_later_with_its_time(
    browser: Browser, site: Site
) -> None:
    phone = browser.new_context(base_url=site.url, **PHONE).new_page()  # unwatched: errors are due
    phone.goto("/s/DC-0001")
    before = len(reports(site))
    phone.context.set_offline(offline=True)
    button(phone, "locked").click()
    expect(said(phone)).to_contain_text("已记下，有网时发出")
    phone.wait_for_timeout(7_000)
    assert len(reports(site)) == before
    phone.context.set_offline(offline=False)
    expect(said(phone)).to_contain_text("已经发出", timeout=SENT_MS)
    (last,) = reports(site)[before:]
    assert last.received_at is not None
    assert last.received_at - last.at >= dt.timedelta(seconds=5)
    phone.context.close()


def test_what_was_kept_is_sent_by_the_next_page(phone: Page, site: Site) -> None:
    before = len(reports(site))
    kept = """() => localStorage.setItem('nuanyi-told', JSON.stringify([
      {address: '/api/v1/stations/DC-0002/reports', due: 0, body: {
        id: '0b6e5b0e-6f0b-4d0e-9c58-6d4e3f0b9a11', state: 'locked',
        at: new Date(Date.now() - 3600000).toISOString()}},
      {address: '/api/v1/stations/DC-0002/reports', due: 0, body: {
        id: '0b6e5b0e-6f0b-4d0e-9c58-6d4e3f0b9a12', state: 'locked',
        at: new Date(Date.now() - 49 * 3600000).toISOString()}}]))"""
    phone.evaluate(kept)
    with phone.expect_response("**/DC-0002/reports"):
        phone.reload()
    phone.wait_for_function("localStorage.getItem('nuanyi-told') === '[]'")
    (last,) = [report for report in reports(site) if report.code == "DC-0002"]
    assert len(reports(site)) == before + 1
    assert last.id.endswith("11")


def test_leaving_the_page_sends_at_once(phone: Page, site: Site) -> None:
    before = len(reports(site))
    button(phone, "open").click()
    phone.goto("/healthz")
    for _each in range(20):
        if len(reports(site)) > before:
            break
        phone.wait_for_timeout(250)
    assert len(reports(site)) == before + 1


def test_without_javascript_the_form_thanks(open_page: OpenPage, site: Site) -> None:
    before = len(reports(site))
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto("/s/DC-0001")
    button(page, "open").click()
    expect(said(page)).to_contain_text("谢谢！你说这里开着。")
    assert len(reports(site)) == before + 1


def test_the_targets_are_large(phone: Page) -> None:
    phone.locator(".tell-things summary").click()
    for one in phone.locator("form.tell button").all():
        box = one.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 47.9
