"""The page of a station on a phone: the way in lines and on the map, other maps, copying."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, Site

HERE: Final = (113.8928, 35.0405)
PHONE: Final = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ALLOWED: Final = {
    "geolocation": {"longitude": HERE[0], "latitude": HERE[1]},
    "permissions": ["geolocation"],
}
WECHAT: Final = (
    "Mozilla/5.0 (Linux; Android 8.1.0; V1818A) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/87.0 Mobile Safari/537.36 MicroMessenger/8.0.47.2560"
)


@pytest.fixture(scope="module")
def near(site: Site) -> dict[str, Any]:
    """Return the best station from where the visitor stands."""
    address = f"{site.url}/api/v1/nearest?lon={HERE[0]}&lat={HERE[1]}&limit=1"
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310  # ours
        found: dict[str, Any] = json.load(answer)["results"][0]
    return found


def asked(open_page: OpenPage, code: str, query: str = "", **options: Any) -> Page:  # noqa: ANN401
    """Return the page of a station on which the visitor has asked for the way."""
    page = open_page(**PHONE | ALLOWED | options)
    page.goto(f"/s/{code}{query}")
    page.click("#go")
    page.wait_for_selector("#told .steps-of-way")
    return page


def width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize("query", ["?lang=zh", "?lang=en", "?lang=zh&type=large"])
def test_the_way_from_here_is_told_in_lines_and_drawn(
    open_page: OpenPage, near: dict[str, Any], query: str
) -> None:
    page = asked(open_page, near["code"], query)
    lines = page.locator(".steps-of-way li").all_inner_texts()
    assert len(lines) >= 2
    minutes = max(1, round(near["walk_min"]))
    assert str(minutes) in page.locator("#told .length").inner_text()
    page.locator(".way-box .map").scroll_into_view_if_needed()
    page.wait_for_selector(".map-way")
    assert width(page) <= 390
    assert "113.89" not in page.url


def test_before_it_is_asked_the_page_asks_for_no_way_and_fills_one_screen(
    open_page: OpenPage, near: dict[str, Any]
) -> None:
    page = open_page(**PHONE)
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.goto(f"/s/{near['code']}")
    page.wait_for_function("() => !document.getElementById('go').hidden")
    box = page.locator("#go").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 844
    assert box["height"] >= 52
    assert page.locator("#modes").is_hidden()
    assert not [address for address in asked_for if "/api/v1/way" in address]


def test_on_foot_or_by_bike_is_kept_and_changes_minutes_and_links(
    open_page: OpenPage, near: dict[str, Any]
) -> None:
    page = asked(open_page, near["code"])
    walk = page.locator("#told .length").inner_text()
    page.click('#modes [data-mode="ride"]')
    ride = page.locator("#told .length").inner_text()
    assert walk.startswith("步行")
    assert ride.startswith("骑车")
    assert walk.split("，")[1] == ride.split("，")[1]
    amap = page.locator('.doors a[href*="uri.amap.com"]')
    assert "mode=ride" in str(amap.get_attribute("href"))
    page.reload()
    page.wait_for_selector("#told .length")
    assert page.locator("#told .length").inner_text() == ride
    assert "mode=ride" in str(amap.get_attribute("href"))


def test_a_position_refused_offers_to_name_a_place(
    open_page: OpenPage, near: dict[str, Any]
) -> None:
    page = open_page(**PHONE)
    page.goto(f"/s/{near['code']}")
    page.click("#go")
    page.wait_for_function("() => document.getElementById('from-else').open")
    assert "没让用位置" in page.locator("#said").inner_text()
    page.fill("#from", "澄江")
    page.press("#from", "Enter")
    page.wait_for_selector(".from-else li a")
    page.locator(".from-else li a").first.click()
    page.wait_for_selector("#told .steps-of-way li")
    page.wait_for_function("() => window.nuanyi && nuanyi.map")
    page.wait_for_selector(".map-way", state="attached")
    assert re.search(r"/s/[^?]+\?place=demo%3A[nw]\d+(#way)?$", page.url)


def test_without_a_script_a_named_place_leads_to_lines(
    open_page: OpenPage, near: dict[str, Any]
) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto(f"/s/{near['code']}?from={quote('澄江')}")
    assert page.locator("#go").is_hidden()
    assert page.locator(".way-box .map").is_hidden()
    page.locator(".from-else li a").first.click()
    assert page.locator(".steps-of-way li").count() >= 2
    page.locator('#modes [data-mode="ride"]').click()
    assert page.locator("#told .length").inner_text().startswith("骑车")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_inside_wechat_only_what_works_there(
    open_page: OpenPage, near: dict[str, Any], scheme: str
) -> None:
    page = open_page(**PHONE, user_agent=WECHAT, color_scheme=scheme)
    page.goto(f"/s/{near['code']}")
    assert page.locator(".doors a").all_inner_texts() == ["腾讯地图", "高德地图"]
    assert page.locator('[data-copy]:has-text("复制地址")').is_visible()
    assert "在浏览器打开" in page.locator(".hand-over").inner_text()
    assert width(page) <= 390


def test_address_and_position_are_copied(open_page: OpenPage, near: dict[str, Any]) -> None:
    options = PHONE | {"permissions": ["clipboard-read", "clipboard-write"]}
    page = open_page(**options)
    page.goto(f"/s/{near['code']}")
    page.click(".more-doors summary")
    button = page.locator("[data-copy]").last
    button.click()
    page.wait_for_function(
        "(button) => button.textContent === '已复制'", arg=button.element_handle()
    )
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{near['lat']:.6f},{near['lon']:.6f}"


def test_every_target_is_48_px_high(open_page: OpenPage, near: dict[str, Any]) -> None:
    page = asked(open_page, near["code"])
    page.click(".more-doors summary")
    page.click("#from-else summary")
    low = page.evaluate(
        """() => [...document.querySelectorAll('main a, main button, main summary, main input')]
        .filter((node) => node.type !== 'hidden' && node.offsetParent && !node.closest('.map'))
        .map((node) => [node.textContent.trim(), node.getBoundingClientRect().height])
        .filter(([, height]) => height < 47.5)"""
    )
    assert low == []


def test_a_touch_of_the_map_is_where_one_stands(open_page: OpenPage, near: dict[str, Any]) -> None:
    page = open_page(**PHONE)
    page.goto(f"/s/{near['code']}")
    page.locator(".way-box .map").scroll_into_view_if_needed()
    page.wait_for_function("() => window.nuanyi && nuanyi.map")
    page.wait_for_selector(".map-marked")
    box = page.locator(".way-box .map").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 60, box["y"] + 60)
    page.wait_for_selector("#told .steps-of-way")
    page.wait_for_selector(".map-way", state="attached")
    assert "地图上点的地方" in page.locator("#said").inner_text()


def test_where_no_way_leads_the_one_before_is_not_left_on_the_map(
    open_page: OpenPage, near: dict[str, Any]
) -> None:
    page = asked(open_page, near["code"])
    page.locator(".way-box .map").scroll_into_view_if_needed()
    page.wait_for_selector(".map-way", state="attached")
    nowhere = {"type": "Feature", "properties": {}, "geometry": None}
    page.route("**/api/v1/way?*", lambda route: route.fulfill(json=nowhere))
    page.click("#go")
    page.wait_for_selector("#told .steps-of-way", state="detached")
    page.wait_for_selector(".map-way", state="detached")
