"""Filters, walk or ride, another time, and the week of a station, in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.phones import PHONE, middle, standing

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, Site

TARGET = 48  # px, what a thumb hits
CLIPPED = """(selector) => [...document.querySelectorAll(selector)].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.left < 0 || box.right > innerWidth + 0.5 || one.scrollWidth > one.clientWidth + 1;
}).map((one) => one.textContent.trim())"""


def box(name: str, value: str) -> str:
    """Return what finds a filter's box."""
    return f'.chip input[name="{name}"][value="{value}"]'


def standing_page(site: Site, open_page: OpenPage, address: str = "/") -> Page:
    """Open the finder where the position is known, and wait for its answer."""
    page = open_page(**PHONE, **standing(*middle(site)))
    page.goto(address)
    page.wait_for_selector(".station.best")
    return page


def test_without_javascript_boxes_narrow_the_list_and_stay_ticked(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/")
    everything = page.locator("#answer h2").inner_text()
    page.check(box("open", "1"))
    page.check(box("need", "toilet"))
    page.click("noscript button")
    assert "open=1" in page.url
    assert "need=toilet" in page.url
    states = page.locator("#answer .station").evaluate_all(
        "rows => rows.map((row) => row.dataset.state)"
    )
    assert set(states) == {"open"}
    assert page.locator("#answer h2").inner_text() != everything
    assert page.locator(box("open", "1")).is_checked()
    assert "只看：现在开着、厕所" in page.locator("#answer h2").inner_text()


def test_a_box_asks_anew_at_once_and_the_address_tells_no_position(
    site: Site, open_page: OpenPage
) -> None:
    page = standing_page(site, open_page)
    with page.expect_response(re.compile(r"/near\?.*always=1")) as near:
        page.check(box("always", "1"))
    assert near.value.ok
    page.wait_for_function("() => !document.querySelector('#answer .is-closed')")
    assert page.url.endswith("/?always=1")
    assert "always=1" in str(page.locator(".choices a").first.get_attribute("href"))
    with page.expect_response(re.compile(r"/near\?")) as near:
        page.uncheck(box("always", "1"))
    assert "always" not in near.value.url
    assert page.url.endswith("/")


def test_riding_is_remembered_on_the_device(site: Site, open_page: OpenPage) -> None:
    page = standing_page(site, open_page)
    assert "步行" in page.locator(".best .way").inner_text()
    with page.expect_response(re.compile(r"/near\?.*mode=ride")):
        page.check(box("mode", "ride"))
    page.wait_for_function("() => /骑车/.test(document.querySelector('.best .way').textContent)")
    page.goto("/")
    page.wait_for_selector(".station.best")
    assert page.locator(box("mode", "ride")).is_checked()
    assert "骑车" in page.locator(".best .way").inner_text()
    page.click(".station.best h3 a")
    page.wait_for_selector("#told .length")
    assert page.locator("#told .length").inner_text().startswith("骑车")


def test_another_time_is_answered_for_until_one_goes_back(site: Site, open_page: OpenPage) -> None:
    page = standing_page(site, open_page)
    page.click(".more summary")
    page.fill("#at", "2026-03-02T04:30")
    with page.expect_response(re.compile(r"/near\?.*at=2026-03-02T04(:|%3A)30")):
        page.click(".when button")
    assert "按 3 月 2 日 周一 4:30 算" in page.locator(".side .at-note").inner_text()
    page.click(".side .at-note a")
    page.wait_for_selector(".station.best")
    assert page.locator(".at-note").count() == 0
    assert "at=" not in page.url


def test_boxes_are_reached_and_ticked_by_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/")
    page.focus("#area")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "mode"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "open"
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("open=1"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", ["normal", "large"])
def test_boxes_are_large_enough_and_nothing_is_clipped(
    site: Site, open_page: OpenPage, lang: str, size: str
) -> None:
    page = standing_page(site, open_page, f"/?lang={lang}&type={size}&at=2026-03-02T04:30")
    page.click(".more summary")
    heights = page.locator(".filters .chip, .more summary").evaluate_all(
        "boxes => boxes.map((box) => box.getBoundingClientRect().height)"
    )
    assert min(heights) >= TARGET
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]  # type: ignore[index]
    assert page.evaluate(CLIPPED, ".chip span, .when > *, .at-note") == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", ["normal", "large"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_week_is_a_table_of_seven_days_with_nothing_clipped(
    site: Site, open_page: OpenPage, lang: str, size: str, width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 844}, **standing(*middle(site)))
    page.goto(f"/?lang={lang}&type={size}")
    page.wait_for_selector(".station.best")
    page.click(".station.best h3 a")
    week = page.get_by_role("table")
    assert week.get_by_role("rowheader").count() == 7
    assert week.get_by_role("row").count() == 8
    assert page.locator(".week .bar .now").count() == 1
    assert page.evaluate(CLIPPED, ".week th, .week .words, .week .hours, .key, .ahead li") == []
    bars = page.locator(".week .bar").evaluate_all(
        "bars => bars.map((bar) => bar.getBoundingClientRect().width)"
    )
    assert min(bars) >= 200
