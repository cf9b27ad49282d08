"""What an address asks for holds without a line as well: needs, the way to go, the time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from geo.city import list_cities
from geo.nearest.arrival import ZONE
from tests.browser.offline_line import Line, phone
from tests.browser.test_offline import READY, names, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from webmap.settings import Settings

# codes of the listed stations of which the pack says that the toilet is broken or not there
WITHOUT = (
    "async () => { const { stations } = await nuanyi.readPack();"
    " const lacking = new Set(stations.filter((one) => one.needs.toilet === 0)"
    "   .map(({ code }) => code));"
    " const listed = [...document.querySelectorAll('#answer .station')]"
    "   .map(({ dataset }) => dataset.code);"
    " return [listed.length, lacking.size, listed.filter((code) => lacking.has(code)).length]; }"
)


@pytest.fixture
def line(copy_of_demo: Callable[[], Settings]) -> Iterator[Line]:
    """Serve an installation whose line can be cut.

    Yields
    ------
    Line
        Cut at the end.
    """
    made = Line(copy_of_demo())
    yield made
    made.cut()
    made.app.extensions["stores"].close()


def middle(line: Line) -> tuple[float, float]:
    """Return the middle of the demo's box."""
    (city,) = list_cities(line.app.extensions["settings"].cities)
    return (city.west + city.east) / 2, (city.south + city.north) / 2


def chosen(page: Page) -> set[str]:
    """Return name and value of the boxes that are ticked, those of the time as well."""
    found: list[str] = page.evaluate(
        "() => [...new FormData(document.getElementById('ask'))].map((one) => one.join('='))"
    )
    return set(found)


def test_filters_of_the_address_hold_beside_a_position(browser: Browser, line: Line) -> None:
    with phone(browser, line, **standing(middle(line))) as page:
        page.goto("/?need=toilet")
        page.wait_for_selector("#answer .station.best")
        page.evaluate(READY)
        line.cut()
        page.reload()
        page.wait_for_selector("#answer .kept-note")
        assert page.url.endswith("/?need=toilet")
        assert chosen(page) == {"need=toilet"}
        listed, lacking, wrong = page.evaluate(WITHOUT)
        assert listed
        assert lacking
        assert wrong == 0
        day = dt.datetime.now(ZONE).date() + dt.timedelta(days=1)
        page.goto(f"/?mode=ride&no_phone=1&need=phone_charging&at={day}T10%3A30")
        page.wait_for_selector("#answer .kept-note")
        asked = {"mode=ride", "no_phone=1", "need=phone_charging", f"at={day}T10:30"}
        assert chosen(page) == asked
        assert page.locator(".filters .more").get_attribute("open") is not None
        assert f"at={day}T10%3A30" in page.url
        assert "骑车大约" in page.locator("#answer .best .way").inner_text()


def test_filters_of_the_address_hold_without_a_position(browser: Browser, line: Line) -> None:
    with phone(browser, line) as page:
        page.goto("/")
        page.evaluate(READY)
        line.cut()
        page.locator(".filters .chip", has_text="厕所").first.click()
        page.wait_for_selector("html[data-told]")
        assert page.url.endswith("/?need=toilet")
        assert chosen(page) == {"need=toilet"}
        assert page.locator("#answer h2").first.inner_text() == "存下的驿站里，合这些条件的："
        assert len(names(page)) > 3
        assert page.evaluate(WITHOUT)[2] == 0
