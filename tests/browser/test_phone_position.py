"""A position that is refused, late, rough, far away or not to be had: said, with the other ways."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.phones import ANOTHER_CITY, PHONE, WECHAT, answered, middle, standing

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, Site

FAILING = """
navigator.geolocation.getCurrentPosition = (take, fail) => setTimeout(() => fail({
  code: %d, PERMISSION_DENIED: 1, POSITION_UNAVAILABLE: 2, TIMEOUT: 3,
}));
"""
PLAIN_HTTP = "Object.defineProperty(window, 'isSecureContext', { value: false });"


def told(page: Page, words: str) -> None:
    """Wait until the page says something of the position."""
    page.wait_for_function(
        "(words) => document.getElementById('said').textContent.includes(words)", arg=words
    )


def has_other_ways(page: Page) -> bool:
    """Return whether a subdistrict, a name and a touch on the map are offered."""
    ways = ("#q", "#area", '[data-out="map"]')
    return all(page.locator(way).is_visible() for way in ways)


def touch_the_map(page: Page) -> None:
    """Touch the ground at some places of the map; dots may be under the first ones."""
    page.click('[data-out="map"]')
    page.wait_for_selector(".leaflet-container")
    page.wait_for_function("() => window.nuanyi.map")
    page.wait_for_load_state("networkidle")
    page.evaluate("nuanyi.map.setZoom(17, {animate: false})")
    page.wait_for_load_state("networkidle")
    box = page.locator("#map_main").bounding_box()
    assert box is not None
    with page.expect_response(re.compile(r"/near\?")):
        for part in (0.31, 0.42, 0.53, 0.64):
            page.mouse.click(box["x"] + box["width"] * part, box["y"] + box["height"] * part)


@pytest.mark.parametrize(
    ("code", "words"), [(1, "手机没让用位置"), (2, "没找到你的位置"), (3, "等了很久")]
)
def test_a_position_that_fails_is_said_and_no_place_is_taken_for_it(
    open_page: OpenPage, code: int, words: str
) -> None:
    page = open_page(**PHONE)
    page.add_init_script(FAILING % code)
    page.goto("/")
    before = page.locator("#answer .station").count()
    page.click("#locate")
    told(page, words)
    assert has_other_ways(page)
    assert page.locator("#how").is_visible() == (code == 1)
    assert page.locator(".best").count() == 0
    assert page.locator("#answer .station").count() == before
    assert page.evaluate("sessionStorage.length") == 0


def test_in_wechat_it_is_said_how_to_allow_it(open_page: OpenPage) -> None:
    page = open_page(**PHONE, user_agent=WECHAT)
    page.add_init_script(FAILING % 1)
    page.goto("/")
    page.click("#locate")
    told(page, "手机没让用位置")
    assert "在浏览器打开" in page.locator("#how").inner_text()
    assert has_other_ways(page)


def test_over_plain_http_it_is_said_at_once_why_and_what_else_works(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    page.add_init_script(PLAIN_HTTP)
    page.goto("/")
    told(page, "https")
    assert page.locator("#locate").is_hidden()
    assert has_other_ways(page)


def test_in_another_city_nothing_is_shown_as_near(open_page: OpenPage) -> None:
    page = open_page(**PHONE, **standing(*ANOTHER_CITY))
    page.goto("/")
    told(page, "附近没有驿站")
    assert re.search(r"离你 8\d\d 公里", page.locator("#said").inner_text())
    assert page.locator(".best").count() == 0
    assert has_other_ways(page)
    assert page.evaluate("sessionStorage.length") == 0
    assert page.locator("#whereabouts").inner_text() == "选地方"


def test_2_km_of_error_are_said_and_a_touch_on_the_map_mends_it(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(**PHONE, **standing(*middle(site), accuracy_m=2000))
    page.goto("/")
    told(page, "位置可能差 2 公里")
    assert page.locator(".station.best").is_visible()
    page.click('[data-out="search"]')
    assert page.locator("#q").is_visible()
    assert page.evaluate("document.activeElement.id") == "q"
    touch_the_map(page)
    told(page, "从你在地图上点的地方算")
    page.click('.tabs [data-tab="list"]')
    page.wait_for_selector(".near .station.best")
    assert page.locator(".where.is-trouble").count() == 0


def test_without_a_position_a_touch_on_the_map_answers(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    page.add_init_script(FAILING % 1)
    page.goto("/")
    page.click("#locate")
    told(page, "手机没让用位置")
    touch_the_map(page)
    page.click('.tabs [data-tab="list"]')
    page.wait_for_selector(".near .station.best")


def test_nothing_within_15_minutes_is_said_and_a_station_wished_for(
    site: Site, open_page: OpenPage
) -> None:
    lon, lat = middle(site)
    page = open_page(**PHONE, **standing(lon - 0.2, lat))
    sent: list[dict[str, Any]] = []

    def take(route: Any) -> None:  # noqa: ANN401  # Playwright's route
        sent.append(json.loads(route.request.post_data))
        route.fulfill(status=201, json={})

    page.route("**/api/v1/wishes", take)
    page.goto("/")
    page.wait_for_selector(".near .station.best")
    assert "15 分钟内，没有确定能进的" in page.locator("#answer h2").first.inner_text()
    page.click("text=这里需要一个驿站")
    page.wait_for_selector("text=记下了，谢谢")
    (wish,) = sent
    assert (wish["lon"], wish["lat"]) == (round(lon - 0.2, 3), round(lat, 3))


def test_no_address_and_no_link_holds_the_position(site: Site, open_page: OpenPage) -> None:
    page = answered(site, open_page)
    page.check('.chip input[name="open"]')
    page.wait_for_url(re.compile(r"/\?open=1$"))
    links = page.locator("a[href]").evaluate_all("all => all.map((one) => one.href)")
    lon, lat = middle(site)
    assert not [link for link in links if f"{lon:.3f}" in link or f"{lat:.3f}" in link]
    assert page.context.cookies() == []
