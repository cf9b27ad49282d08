"""The first screen on a phone of 390 px: where one is, the best, two more, without scrolling."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest

from tests.browser.conftest import served_here
from tests.browser.phones import answered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, Site
    from webmap.settings import Settings

AT: Final = dt.datetime(2026, 11, 10, 18, 30, tzinfo=ZoneInfo("Asia/Shanghai"))

TARGET = 48  # px, what a thumb hits
WHAT_ONE_TOUCHES = ".choices a, .whereabouts, .best .go, .tabs a, .tell button, .chip"
CUT_OFF = """(selector) => [...document.querySelectorAll(selector)].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width && (box.left < 0 || box.right > innerWidth + 0.5);
}).map((one) => one.textContent.trim())"""


@pytest.fixture(scope="module")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve a copy of the demo on which it is always half past six in the evening.

    Yields
    ------
    Site
        Stopped after the tests.
    """
    with served_here(copy_of_demo(), lambda: AT) as served:
        yield served


def above_the_tabs(page: Page, selector: str, place: int) -> bool:
    """Return whether an element is wholly seen above the tabs, without scrolling."""
    box = page.locator(selector).nth(place).bounding_box()
    tabs = page.locator(".tabs").bounding_box()
    assert box
    assert tabs
    return box["y"] >= 0 and box["y"] + box["height"] <= tabs["y"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_best_and_two_more_are_seen_without_scrolling(
    site: Site, open_page: OpenPage, lang: str, scheme: str
) -> None:
    page = answered(site, open_page, f"/?lang={lang}", color_scheme=scheme)
    assert all(above_the_tabs(page, "#answer .station", place) for place in range(3))
    assert above_the_tabs(page, ".best .go", 0)
    assert page.locator("#ask").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_head_names_the_subdistrict_and_opens_the_ways_to_change_it(
    site: Site, open_page: OpenPage
) -> None:
    page = answered(site, open_page)
    place = page.locator("#elsewhere")
    assert re.fullmatch(r"\S+(街道|镇|乡)", page.locator("#whereabouts").inner_text())
    assert place.get_attribute("aria-expanded") == "false"
    place.click()
    assert place.get_attribute("aria-expanded") == "true"
    assert page.locator("#locate").is_visible()
    assert page.locator("#q").is_visible()
    assert page.locator("#area").is_visible()
    assert page.locator(".station.best").is_visible()  # nothing is lost by looking
    place.press(" ")
    assert page.locator("#ask").is_hidden()


def test_what_narrows_the_answer_stands_behind_it_also_for_the_keyboard(
    site: Site, open_page: OpenPage
) -> None:
    page = answered(site, open_page)
    order = page.evaluate(
        """() => [...document.querySelectorAll('.best, .filters, [data-part="rest"] .station')]
          .map((one) => one.className.split(' ').pop())"""
    )
    assert order[:3] == ["best", "filters", "station"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", ["normal", "large"])
def test_what_one_touches_is_large_enough(
    site: Site, open_page: OpenPage, lang: str, size: str
) -> None:
    page = answered(site, open_page, f"/?lang={lang}&type={size}")
    sizes = page.locator(WHAT_ONE_TOUCHES).evaluate_all(
        """all => all.map((one) => one.getBoundingClientRect())
          .filter((box) => box.width).map((box) => Math.min(box.width, box.height))"""
    )
    assert min(sizes) >= TARGET - 0.5


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("address", ["/", "/?type=large"])
def test_twice_the_type_clips_nothing_and_never_scrolls_sideways(
    site: Site, open_page: OpenPage, lang: str, address: str
) -> None:
    page = answered(site, open_page, f"{address}{'&' if '?' in address else '?'}lang={lang}")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.click("#elsewhere")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(CUT_OFF, "header *, .side *, .tabs *") == []


def test_walking_or_riding_is_kept_on_the_device(site: Site, open_page: OpenPage) -> None:
    page = answered(site, open_page)
    page.check('.chip input[name="mode"][value="ride"]')
    page.wait_for_function("() => /骑车/.test(document.querySelector('.best .way').textContent)")
    page.evaluate("sessionStorage.clear()")
    page.goto("/")
    page.wait_for_selector(".near .station.best")
    assert "骑车" in page.locator(".best .way").inner_text()
    assert "mode=ride" in str(page.locator(".best .go").get_attribute("href"))


def test_what_is_told_of_the_way_covers_neither_its_end_nor_other_words(
    site: Site, open_page: OpenPage
) -> None:
    page = answered(site, open_page)
    page.click(".best .go")
    page.wait_for_selector(".map-way")
    card = page.locator(".map-card").bounding_box()
    end = page.locator(".map-marked").bounding_box()
    assert card
    assert end
    assert end["y"] + end["height"] <= card["y"]
    assert page.locator(".said.over").is_hidden()
    page.click(".map-close")
    assert page.locator(".said.over").is_visible()
