"""The map without a line: the streets around are there though nobody looked at it before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.offline_line import phone
from tests.browser.test_offline import READY, standing
from tests.browser.test_offline_asked import line, middle

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.offline_line import Line

__all__ = ["line"]  # a fixture

DEEPEST = """async () => {
  const deep = async () => (await (await caches.open('nuanyi-tiles')).keys())
    .filter(({ url }) => url.includes('/base/12/')).length;
  while (await deep() < 4) await new Promise((wait) => setTimeout(wait, 100));
}"""
DRAWN = """() => ['.map-stations canvas', '.leaflet-tile-container canvas, canvas.leaflet-tile']
  .every((name) => [...document.querySelectorAll(name)].some((canvas) => {
    if (!canvas.width) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((part) => part);
  }))"""
SAVING = """Object.defineProperty(navigator, 'connection', { value: { saveData: true } });"""


def test_the_map_is_there_though_it_was_never_opened(browser: Browser, line: Line) -> None:
    with phone(browser, line, **standing(middle(line))) as page:
        page.goto("/")
        page.wait_for_selector("#answer .station.best")
        page.evaluate(READY)
        page.evaluate(DEEPEST)  # the last that are fetched
        assert not [path for path in line.asked if "/grid/" in path]  # no map was drawn
        line.cut()
        page.goto("/")
        page.wait_for_selector("#answer .kept-note")
        page.locator(".tabs a[data-tab=map]").click()
        page.wait_for_function(DRAWN)
        assert page.locator(".map-lost").count() == 0


def test_who_saves_data_is_sent_back_to_the_list(browser: Browser, line: Line) -> None:
    with phone(browser, line, **standing(middle(line))) as page:
        page.add_init_script(SAVING)
        page.goto("/")
        page.wait_for_selector("#answer .station.best")
        page.evaluate(READY)
        page.wait_for_timeout(1000)
        assert not [path for path in line.asked if path.startswith(("/base/", "/maps/"))]
        line.cut()
        page.goto("/")
        page.wait_for_selector("#answer .kept-note")
        page.locator(".tabs a[data-tab=map]").click()
        assert page.locator(".map-lost p").inner_text() == "地图没存下来，看列表。"
        page.get_by_role("button", name="看列表").click()
        assert page.locator("#answer .station.best").is_visible()
