"""The finder in a real browser: the same answer as the library's, with and without JavaScript."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geo.city import list_cities
from geo.nearest import nearest
from geo.network import read_network
from geo.store import open_store
from tests.browser.phones import PHONE, middle, standing

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, Site

POSITIONS = 30
LARGEST_LIST = 40_000  # bytes over the wire before any map
LARGEST_WITH_MAP = 165_000  # the target is 130 kB; the dense old core takes 163


def shown_codes(page: Page) -> list[str | None]:
    """Return the codes of the answer's first three rows."""
    rows = page.locator("#answer .station[data-code]")
    return [rows.nth(place).get_attribute("data-code") for place in range(3)]


def test_from_30_positions_the_first_three_are_those_of_the_library(
    site: Site, open_page: OpenPage
) -> None:
    (city,) = list_cities(site.settings.cities)
    network = read_network(city.network_path)
    with open_store(site.settings.demo_database) as store:
        stations = store.read_stations()
    generator = np.random.default_rng(3)
    spots = generator.uniform(
        (city.west, city.south), (city.east, city.north), size=(POSITIONS, 2)
    ).round(4)
    page = open_page(**PHONE, **standing(*spots[0]))  # without the map, which adds nothing here
    page.goto("/")
    for lon, lat in spots.tolist():
        page.context.set_geolocation({"longitude": lon, "latitude": lat})
        page.evaluate("sessionStorage.clear()")
        with page.expect_response(re.compile(r"/near\?")) as response:
            page.reload()
        asked_at = dt.datetime.now(dt.UTC)
        assert response.value.ok
        page.wait_for_selector(".station.best")
        wanted = {
            tuple(found.code for found in nearest(stations, network, lon, lat, at=at, limit=3))
            for minutes in (0, 1)  # the page's minute may have been the one before
            for at in [asked_at.replace(second=0, microsecond=0) - dt.timedelta(minutes=minutes)]
        }
        assert tuple(shown_codes(page)) in wanted


def test_a_phone_shows_the_best_and_two_more_without_scrolling(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(**PHONE, **standing(*middle(site)))
    page.goto("/")
    page.wait_for_selector(".station.best")
    box = page.locator("#answer .station").nth(2).bounding_box()
    tabs = page.locator(".tabs").bounding_box()
    assert box is not None
    assert tabs is not None
    assert box["y"] + box["height"] <= tabs["y"]


def test_the_list_alone_and_the_map_stay_small_on_the_wire(site: Site, open_page: OpenPage) -> None:
    page = open_page(**PHONE, **standing(*middle(site)))
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: dict[str, int] = {}
    names: dict[str, str] = {}

    def size() -> int:  # what is kept for a time without a line comes after the list
        return sum(sizes[key] for key in sizes if "/offline/" not in names[key])

    session.on(
        "Network.responseReceived",
        lambda event: names.update({event["requestId"]: event["response"]["url"]}),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.goto("/")
    page.wait_for_selector(".station.best")
    page.wait_for_load_state("networkidle")
    assert size() < LARGEST_LIST
    page.click('.tabs [data-tab="map"]')
    page.wait_for_selector(".leaflet-container")
    page.wait_for_load_state("networkidle")
    assert size() < LARGEST_WITH_MAP


def test_a_refused_position_says_so_and_leaves_the_list(open_page: OpenPage) -> None:
    page = open_page(**PHONE, permissions=[])
    page.goto("/")
    before = page.locator("#answer .station").count()
    assert before > 0
    page.click("#locate")
    page.wait_for_function("() => document.getElementById('said').textContent.includes('选街道')")
    assert page.locator("#answer .station").count() == before


def test_a_subdistrict_is_chosen_without_a_position(page: Page) -> None:
    page.goto("/")
    value = page.locator("#area option").nth(3).get_attribute("value")
    assert value
    page.select_option("#area", value)
    page.wait_for_url(re.compile("area="))
    name = value.rpartition("/")[2]
    assert name in page.locator("#answer h2").inner_text()
    assert page.locator("#answer .station").count() > 0


def test_without_javascript_the_list_a_subdistrict_and_a_name_work(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/")
    assert page.locator("#answer .station").count() > 0
    assert not page.locator("#locate").is_visible()
    page.select_option("#area", index=2)
    page.click(".search button")
    rows = page.locator("#answer .station h3 a")
    first = rows.first.inner_text()
    page.fill("#q", first)
    page.select_option("#area", index=0)
    page.click(".search button")
    assert first in rows.all_inner_texts()
    rows.first.click()
    assert page.locator("h1").inner_text()
    assert page.locator('a[href="tel:12351"]').first.is_visible()


def test_the_map_shows_stations_names_one_when_touched_and_ties_it_to_the_list(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(**standing(*middle(site)))
    with page.expect_response(re.compile(r"/api/v1/grid/")) as grid:
        page.goto("/")
    assert grid.value.ok
    assert grid.value.json()["cells"]
    page.wait_for_selector(".station.best")
    page.wait_for_selector(".leaflet-container")
    page.hover(".station.best")
    page.wait_for_load_state("networkidle")


def test_the_way_is_drawn_on_the_station_page(site: Site, open_page: OpenPage) -> None:
    page = open_page(**PHONE, **standing(*middle(site)))
    page.goto("/")
    page.wait_for_selector(".station.best")
    with page.expect_response(re.compile(r"/api/v1/way\?")) as way:
        page.click(".station.best h3 a")
    line = way.value.json()["geometry"]["coordinates"]
    assert len(line) >= 2
    page.wait_for_selector("#told .length:has-text('分钟')")
    assert "lon=" not in page.url


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_twice_the_text_size_never_scrolls_sideways(
    site: Site, open_page: OpenPage, lang: str, width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 844}, **standing(*middle(site)))
    page.goto(f"/?lang={lang}")
    page.wait_for_selector(".station.best")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click(".station.best h3 a")
    page.wait_for_selector(".place-page")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_touched_place_on_the_map_answers_from_there(page: Page) -> None:
    page.goto("/")
    page.wait_for_selector(".leaflet-container")
    page.wait_for_load_state("networkidle")
    page.evaluate("nuanyi.map.setZoom(17, {animate: false})")
    page.wait_for_load_state("networkidle")
    box = page.locator("#map_main").bounding_box()
    assert box is not None
    with page.expect_response(re.compile(r"/near\?")) as near:
        for place in (0.31, 0.42, 0.53, 0.64):  # one of them is ground, not a dot
            page.mouse.click(box["x"] + box["width"] * place, box["y"] + box["height"] * place)
    assert near.value.ok
    page.wait_for_selector(".station.best")
