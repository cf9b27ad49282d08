"""Searching on a phone: what typed words would find, and the nearest from a place of the map."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import pytest

from geo.city import list_cities
from geo.store import open_store
from tests.browser.phones import PHONE, answered

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, Site


class Stop(NamedTuple):
    """A place of the demo's map."""

    id: str
    name: str


@pytest.fixture(scope="module")
def stop(site: Site) -> Stop:
    """Return a bus stop whose name stands once in the demo."""
    (city,) = list_cities(site.settings.cities)
    places = pd.read_parquet(city.places_path, columns=["osm", "name", "kind"])
    once = places[~places["name"].duplicated(keep=False)]
    row = once[once["kind"] == "highway=bus_stop"].sort_values("name").iloc[0]
    return Stop(f"{city.code}:{row['osm']}", row["name"])


def typed(page: Page, words: str) -> None:
    """Type words and wait for what they would find."""
    page.fill("#q", words)
    page.wait_for_selector('#found [role="option"]')


def test_a_station_is_found_by_typing_and_opened_by_keys(site: Site, open_page: OpenPage) -> None:
    with open_store(site.settings.demo_database) as store:
        name = min(store.read_stations()["name"])
    page = open_page(**PHONE)
    page.goto("/")
    typed(page, name)
    box = page.locator("#q")
    assert box.get_attribute("aria-expanded") == "true"
    options = page.locator('#found [role="option"]')
    place = options.locator(".name").all_inner_texts().index(name)
    for _ in range(place + 1):
        box.press("ArrowDown")
    chosen = options.nth(place)
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert chosen.get_attribute("aria-selected") == "true"
    box.press("Enter")
    page.wait_for_selector(".place-page")
    assert page.locator("h1").inner_text() == name


def test_escape_closes_what_was_found(open_page: OpenPage, stop: Stop) -> None:
    page = open_page(**PHONE)
    page.goto("/")
    typed(page, stop.name)
    page.locator("#q").press("Escape")
    assert page.locator("#found").is_hidden()
    assert page.locator("#q").get_attribute("aria-expanded") == "false"


def test_a_place_that_is_touched_answers_from_there(
    site: Site, open_page: OpenPage, stop: Stop
) -> None:
    page = answered(site, open_page)
    page.click("#elsewhere")
    typed(page, stop.name)
    page.tap(f'#found [role="option"]:has-text("{stop.name}")')
    page.wait_for_url(re.compile("place="))
    page.wait_for_selector(".near .station.best")
    assert page.locator("#whereabouts").inner_text() == stop.name
    assert "从你选的地方算" in str(page.locator("#said").text_content())
    with page.expect_response(re.compile(r"/near\?")) as near:
        page.check('.chip input[name="open"]')
    assert "place" not in near.value.url
    assert "place=" in page.url
    assert "open=1" in page.url
    page.click("#elsewhere")
    page.click("#locate")
    page.wait_for_function("() => !location.search.includes('place=')")
    assert page.locator("#whereabouts").inner_text() != stop.name


def test_without_javascript_a_place_is_searched_for_chosen_and_answered_from(
    open_page: OpenPage, stop: Stop
) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto("/")
    page.fill("#q", stop.name)
    page.click(".search button")
    page.click(f'.places a:has-text("{stop.name}")')
    assert page.locator(".station.best").is_visible()
    assert page.locator("#whereabouts").inner_text() == stop.name
    page.check('.chip input[name="mode"][value="ride"]')
    page.click("noscript button")
    assert "place=" in page.url
    assert "骑车" in page.locator(".best .way").inner_text()
    page.click(".best .go")
    assert page.locator(".steps-of-way li").count() > 0
    page.go_back()
    page.click("#elsewhere")
    assert "place=" not in page.url
    assert page.locator("#q").is_visible()


def test_words_that_nothing_has_are_said_to_find_nothing(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    page.goto("/")
    page.fill("#q", "zzqqxx")
    page.wait_for_selector("#found .note")
    assert page.locator('#found [role="option"]').count() == 0
    assert "没有找到" in page.locator("#found .note").inner_text()
