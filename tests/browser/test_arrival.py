"""At half past four in the morning: sent to a door that is open, and told why past a nearer one."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest

from geo.city import list_cities
from geo.nearest import nearest
from geo.network import read_network
from geo.store import open_store
from tests.browser.conftest import served_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, Site
    from webmap.settings import Settings

HALF_PAST_FOUR: Final = dt.datetime(2026, 11, 10, 4, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
HERE: Final = (113.8928, 35.0405)  # before a post office; the open door is that of an ID card
PHONE: Final = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WHY: Final = {
    "zh": r"更近 \d+ 分钟，但现在不开门",
    "en": r"\d+ min nearer, but",
}


@pytest.fixture(scope="module")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve a copy of the demo on which it is always half past four.

    Yields
    ------
    Site
        Stopped after the tests.
    """
    with served_here(copy_of_demo(), lambda: HALF_PAST_FOUR) as served:
        yield served


def opened(open_page: OpenPage, lang: str) -> Page:
    """Return the finder on a phone of somebody who stands there."""
    position = {"longitude": HERE[0], "latitude": HERE[1]}
    page = open_page(**PHONE, geolocation=position, permissions=["geolocation"])
    page.goto(f"/?lang={lang}")
    page.wait_for_selector("#answer .station.best")
    return page


def minutes_of(text: str) -> int:
    """Return the first number of minutes in a text."""
    found = re.search(r"(\d+)\s(?:分钟|min)", text)
    assert found, text
    return int(found[1])


def test_at_half_past_four_the_nearest_station_of_the_demo_is_shut(site: Site) -> None:
    (city,) = list_cities(site.settings.cities)
    network = read_network(city.network_path)
    with open_store(site.settings.demo_database) as store:
        stations = store.read_stations()
    found = nearest(stations, network, *HERE, at=HALF_PAST_FOUR, limit=len(stations))
    by_way = sorted((one for one in found if one.minutes), key=lambda one: one.minutes or 0.0)
    assert found[0].state == "open"
    assert by_way[0].state == "closed"
    assert found[0].minutes > by_way[0].minutes + 1  # type: ignore[operator]  # both have a way


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_is_open_on_arrival_and_a_nearer_one_says_why_it_is_not_first(
    open_page: OpenPage, lang: str
) -> None:
    page = opened(open_page, lang)
    first = page.locator("#answer .station").first
    shut = page.locator('#answer .station[data-state="closed"]').first
    assert first.get_attribute("data-state") == "open"
    assert re.search(WHY[lang], shut.inner_text())
    nearer = minutes_of(first.locator(".way").inner_text()) - minutes_of(shut.inner_text())
    assert nearer >= 1
    above, below = first.bounding_box(), shut.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
