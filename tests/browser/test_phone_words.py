"""Words sent where a position is known, and what is told of a position that may be wrong by far."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.phones import PHONE, answered, middle, standing

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, Site


def send(page: Page, words: str) -> None:
    """Type words where the position is known, and send them."""
    page.click("#elsewhere")
    page.fill("#q", words)
    with page.expect_response(re.compile(r"/near\?")):
        page.click(".search .words button")
    page.wait_for_selector("#answer:not([aria-busy])")


def test_words_keep_the_position_and_answer_with_the_nearest(
    site: Site, open_page: OpenPage
) -> None:
    page = answered(site, open_page)
    first = page.locator(".best h3").inner_text()
    send(page, "工会驿站")
    assert page.locator(".best h3").inner_text() == first
    assert "分钟" in page.locator(".best .way").inner_text()
    assert page.evaluate("document.activeElement.id") == "answer"
    assert "lon" not in page.url
    with page.expect_response(re.compile(r"/near\?.*q=")):
        page.reload()
    page.wait_for_selector(".near .station.best")


def test_a_word_that_nothing_has_keeps_the_position(site: Site, open_page: OpenPage) -> None:
    page = answered(site, open_page)
    send(page, "没有这个词儿")
    assert "没有找到“没有这个词儿”" in page.locator("#answer").inner_text()
    with page.expect_response(re.compile(r"/near\?")) as near:
        page.tap("[data-nearest]")
    assert "q=" not in near.value.url
    page.wait_for_selector(".near .station.best")
    assert "q=" not in page.url


def test_a_chip_stays_under_the_thumb(site: Site, open_page: OpenPage) -> None:
    page = answered(site, open_page)
    page.locator("#between .chips").first.evaluate("one => one.scrollIntoView({block: 'center'})")
    chip = page.locator('.chip input[name="no_phone"]')
    before = chip.bounding_box()
    with page.expect_response(re.compile(r"/near\?")):
        chip.tap()
    page.wait_for_selector("#answer:not([aria-busy])")
    after = chip.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2


def test_the_card_of_a_way_has_the_focus_and_leads_to_lines_and_other_maps(
    site: Site, open_page: OpenPage
) -> None:
    page = answered(site, open_page)
    page.tap(".best .go")
    button = page.locator(".map-card .way-go")
    button.wait_for()
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    said = "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
    assert len(set(button.evaluate(said))) == 2
    assert "map-card" in page.evaluate("document.activeElement.className")
    assert str(button.get_attribute("href")).endswith("#way")
    page.go_back()
    page.wait_for_function("() => document.activeElement.matches('.best .go')")


def test_2_km_of_error_are_answered_with_minutes_alone(site: Site, open_page: OpenPage) -> None:
    page = open_page(**PHONE, **standing(*middle(site), accuracy_m=2000))
    page.goto("/")
    page.wait_for_selector(".near .station.best")
    way = page.locator(".best .way").inner_text()
    assert re.fullmatch(r"步行大约 \S+ (分钟|小时)", way)
    page.goto(str(page.locator(".best .go").get_attribute("href")))
    page.wait_for_selector("#told .length")
    assert re.fullmatch(r"步行大约 \S+ (分钟|小时)", page.locator("#told .length").inner_text())
    assert page.locator(".steps-of-way").is_hidden()
    assert page.locator("#from").is_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_in_large_type_the_head_is_one_row_and_what_is_found_ends_above_the_tabs(
    site: Site, open_page: OpenPage, lang: str
) -> None:
    page = answered(site, open_page, f"/?type=large&lang={lang}")
    tops = page.locator(".brand, .whereabouts, .choices").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect())"
        ".map(({top, height}) => top + height / 2)"
    )
    assert max(tops) - min(tops) < 10
    page.click("#elsewhere")
    page.fill("#q", "驿站")
    page.wait_for_selector('#found [role="option"]')
    ends, tabs = page.evaluate(
        "['#found', '.tabs'].map((one) => document.querySelector(one).getBoundingClientRect())"
        ".map((box, number) => number ? box.top : box.bottom)"
    )
    assert ends <= tabs
