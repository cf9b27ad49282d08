"""The map in a real browser: touches, theme, and a provider in the Chinese datum."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from geo.coords import from_wgs84, geodesic_m, to_wgs84
from tests.browser.conftest import served_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page, Route

    from tests.browser.conftest import Site
    from webmap.settings import Settings

LON, LAT = 113.905, 35.052  # a quarter of the demo full of stations
POSITIONS = 200
PIXEL = bytes.fromhex(  # a transparent PNG of one pixel
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff"
    "3f0005fe02fea7d605580000000049454e44ae426082"
)
TOUCH = """([lon, lat]) => {
  const { x, y } = nuanyi.map.latLngToContainerPoint(nuanyi.toMap(lon, lat));
  const box = nuanyi.map.getContainer().getBoundingClientRect();
  return [box.x + x, box.y + y];
}"""


@pytest.fixture
def site_with_provider(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve the demo with a tile provider in GCJ-02.

    Yields
    ------
    Site
        Stopped after the test.
    """
    settings = copy_of_demo()
    provider = {
        "name": "某图",
        "address": "http://127.0.0.1:9/tiles/{z}/{x}/{y}.png",
        "attribution": "© 某图",
        "datum": "gcj02",
    }
    settings.tiles_file.write_text(json.dumps([provider]), encoding="utf-8")
    with served_here(settings) as served:
        yield served


def show(page: Page, zoom: int, address: str = "/map") -> None:
    """Open the map at the place and wait for its stations; zooms but 14 and 16.

    At 14 the map begins here, and at 16 finer cells are asked for.
    """
    page.goto(address)
    page.wait_for_function("() => window.nuanyi && nuanyi.map")
    with page.expect_response(lambda answer: f"/api/v1/grid/{zoom}/" in answer.url):
        page.evaluate(
            "([lon, lat, zoom]) => void nuanyi.map.setView([lat, lon], zoom, { animate: false })",
            [LON, LAT, zoom],
        )


def stations(page: Page, zoom: int) -> list[list[Any]]:
    """Return the cells of a window around the place, as the server answers them."""
    across = LON / 360.0 + 0.5
    down = 0.5 - np.arcsinh(np.tan(np.radians(LAT))) / (2.0 * np.pi)
    x, y = (int(part * 2 ** (zoom + 2)) for part in (across, down))
    answer = page.request.get(f"/api/v1/grid/{zoom}/{x - 3}/{y - 2}/{x + 3}/{y + 2}")
    cells: list[list[Any]] = answer.json()["cells"]
    return cells


def touch(page: Page, lon: float, lat: float) -> None:
    """Click what is drawn at a place, once it is drawn: the answer may have come just before."""
    is_over = "() => nuanyi.map.getContainer().classList.contains('map-over')"
    for side in range(200):
        x, y = page.evaluate(TOUCH, [lon, lat])
        page.mouse.move(x + side % 2, y)
        if page.evaluate(is_over):
            page.mouse.click(x, y)
            return
        page.wait_for_timeout(50)
    pytest.fail("nothing is drawn there")


def test_a_touched_station_tells_its_name_and_the_way_to_its_page(page: Page) -> None:
    show(page, 18)
    lon, lat, *_, code = next(cell for cell in stations(page, 18) if cell[2] == 1)
    touch(page, lon, lat)
    name = page.request.get(f"/api/v1/stations/{code}").json()["name"]
    card = page.locator(".map-card")
    card.get_by_text(name, exact=True).wait_for()
    assert card.get_by_role("link").get_attribute("href") == f"/s/{code}"


def test_the_card_closes_by_its_button_and_by_the_ground(page: Page) -> None:
    show(page, 18)
    lon, lat = next(cell for cell in stations(page, 18) if cell[2] == 1)[:2]
    touch(page, lon, lat)
    page.locator(".map-card .map-close").click()
    assert page.locator(".map-card").count() == 0
    assert page.locator(".map-marked").count() == 0


def test_a_touched_cluster_comes_nearer(page: Page) -> None:
    show(page, 13)
    lon, lat = max(stations(page, 13), key=lambda cell: int(cell[2]))[:2]
    touch(page, lon, lat)
    page.wait_for_function("() => nuanyi.map.getZoom() === 15")


def test_the_streets_follow_the_theme(page: Page) -> None:
    show(page, 15)
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
        page.wait_for_function(
            "() => nuanyi.streets.layer.backgroundColor === nuanyi.colour('paper')"
        )
        grounds.append(page.evaluate("nuanyi.colour('paper')"))
    assert grounds[0] != grounds[1]


def test_the_shift_of_the_browser_is_that_of_geo(page: Page) -> None:
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(75, 134, POSITIONS), rng.uniform(19, 53, POSITIONS)
    page.goto("/")
    page.add_script_tag(url="/static/js/datum.js")
    for name, there in (("gcjFromWgs", from_wgs84), ("wgsFromGcj", to_wgs84)):
        found = np.array(
            page.evaluate(
                f"(places) => places.map(([lon, lat]) => nuanyi.{name}(lon, lat))",
                np.column_stack([lon, lat]).tolist(),
            )
        )
        expected = there(lon, lat, "gcj02")
        assert geodesic_m(found[:, 0], found[:, 1], *expected).max() < 0.1


def test_on_a_provider_in_gcj02_everything_is_moved_and_touches_are_moved_back(
    site_with_provider: Site, page: Page
) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=PIXEL, content_type="image/png")

    page.route("**/tiles/**", answer)
    show(page, 17, f"{site_with_provider.url}/map")
    touched = "nuanyi.onGround((place) => { window.touched = place; })"
    page.evaluate(f"() => {{ {touched}; nuanyi.touchables.length = 0; }}")
    page.locator(".map-grounds summary").click()
    page.get_by_label("某图").check()
    page.wait_for_function("() => document.querySelector('.leaflet-tile-loaded[src*=tiles]')")
    assert "© 某图" in page.locator(".map-credits").inner_text()

    gcj_lon, gcj_lat = (float(part[0]) for part in from_wgs84([LON], [LAT], "gcj02"))
    pixels = page.evaluate(
        "([lon, lat]) => { const { x, y } = nuanyi.map.project([lat, lon], 17); return [x, y]; }",
        [LON, LAT],
    )
    side = 256 * 2**17
    down = 0.5 - np.arcsinh(np.tan(np.radians(gcj_lat))) / (2 * np.pi)
    assert pixels == pytest.approx([(gcj_lon / 360 + 0.5) * side, down * side], abs=0.1)
    assert page.evaluate("nuanyi.fromMap(nuanyi.map.getCenter())") == pytest.approx(
        [LON, LAT], abs=2e-5
    )

    page.mouse.click(*page.evaluate(TOUCH, [LON, LAT]))
    place = page.evaluate("window.touched")
    assert (place["lon"], place["lat"]) == pytest.approx((LON, LAT), abs=2e-5)
    x, y = (int(part // 256) for part in pixels)
    assert any(f"/tiles/17/{x}/{y}.png" in address for address in asked)
