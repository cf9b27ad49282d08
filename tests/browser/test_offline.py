"""The site without a line, in a real browser with its service worker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from geo.city import list_cities
from tests.browser.offline_line import Line, phone
from webmap import offline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from webmap.settings import Settings

READY = """async () => {
  await navigator.serviceWorker.ready;
  const kept = () => new Promise((resolve) => {
    const asked = indexedDB.open('nuanyi', 1);
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onerror = () => resolve(null);
    asked.onsuccess = () => {
      const got = asked.result.transaction('kept').objectStore('kept').get('pack');
      got.onsuccess = () => { asked.result.close(); resolve(got.result || null); };
    };
  });
  while (!navigator.serviceWorker.controller || !(await kept())) {
    await new Promise((wait) => setTimeout(wait, 50));
  }
}"""


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


@pytest.fixture
def middle(line: Line) -> tuple[float, float]:
    """Return the middle of the demo's box."""
    (city,) = list_cities(line.app.extensions["settings"].cities)
    return (city.west + city.east) / 2, (city.south + city.north) / 2


def standing(place: tuple[float, float]) -> dict[str, object]:
    """Return the options of a phone that says where it is."""
    return {
        "geolocation": {"longitude": place[0], "latitude": place[1]},
        "permissions": ["geolocation"],
    }


def names(page: Page) -> list[str]:
    """Return the names of the list."""
    return page.locator("#answer .station h3 a").all_inner_texts()


def test_a_second_visit_without_a_line_shows_the_stations_around(
    browser: Browser, line: Line, middle: tuple[float, float]
) -> None:
    with phone(browser, line, **standing(middle)) as page:
        page.goto("/")
        page.wait_for_selector("#answer .station.best")
        page.evaluate(READY)
        line.cut()
        page.goto("/")
        note = page.locator("#answer .kept-note")
        note.wait_for()
        assert re.search(r"没有网络，数据是 \d\d?:\d\d 的。路程按直线估的", note.inner_text())
        assert page.locator(".kept-note").count() == 1
        best = page.locator("#answer .station.best")
        assert re.search(r"^步行大约 \d+\s分钟 · .+ · 往", best.locator(".way").inner_text())
        assert best.locator(".line").inner_text()
        assert len(names(page)) == 10
        line.mend()
        page.get_by_role("button", name="再试一次").click()
        page.wait_for_selector("#answer .station.best .go[data-way]")  # what only the site tells
        assert page.locator(".kept-note").count() == 0


def test_a_page_from_before_judges_its_stations_anew(browser: Browser, line: Line) -> None:
    with phone(browser, line) as page:  # gives no position
        page.goto("/")
        page.evaluate(READY)
        online = names(page)
        line.cut()
        page.goto("/")
        page.wait_for_selector("html[data-told]")
        assert re.match(
            r"没有网络，这一页是 \d\d?:\d\d 的。", page.locator(".kept-note").inner_text()
        )
        assert names(page) == online
        assert all(page.locator("#answer .station .line").all_inner_texts())


def test_words_are_looked_for_in_what_is_kept(browser: Browser, line: Line) -> None:
    with phone(browser, line) as page:
        page.goto("/")
        page.evaluate(READY)
        name = names(page)[0]
        line.cut()
        page.goto(f"/?q={name}")
        page.wait_for_selector("html[data-told]")
        assert names(page)[0] == name
        page.goto("/?q=nowhere")
        page.wait_for_selector("html[data-told]")
        assert page.locator("#answer h2").inner_text() == "存下的驿站里没有“nowhere”"


def test_a_page_never_seen_is_told_from_what_is_kept(
    browser: Browser, line: Line, middle: tuple[float, float]
) -> None:
    with phone(browser, line, **standing(middle)) as page:
        page.goto("/")
        page.wait_for_selector("#answer .station.best")
        page.evaluate(READY)
        line.cut()
        page.goto("/")
        page.wait_for_selector("#answer .kept-note")
        link = page.locator("#answer .station.best h3 a")
        name = link.inner_text()
        page.locator("#answer .station.best .go").click()
        page.wait_for_selector(".kept-station")
        assert page.locator("h1").inner_text() == name
        assert "步行大约" in page.locator(".kept-station .way").inner_text()
        page.goto("/s/NOT-THERE")
        assert page.locator("h1").inner_text() == "没有网络"
        page.get_by_role("link", name="看存下的驿站").click()
        page.wait_for_selector("#answer .station.best")


def test_a_station_seen_before_is_there_again(browser: Browser, line: Line) -> None:
    with phone(browser, line) as page:
        page.goto("/")
        page.evaluate(READY)
        page.locator("#answer .station h3 a").first.click()
        name = page.locator("h1").inner_text()
        page.wait_for_load_state("load")
        line.cut()
        page.reload()
        page.wait_for_selector("html[data-told]")
        assert page.locator("h1").inner_text() == name
        assert "没有网络，这一页是" in page.locator(".kept-note").inner_text()


def test_a_line_that_does_not_answer_is_waited_for_four_seconds(
    browser: Browser, line: Line
) -> None:
    with phone(browser, line) as page:
        page.goto("/")
        page.evaluate(READY)
        with line.hanging():
            page.goto("/")
            page.wait_for_selector("html[data-told]")
            assert "没有网络" in page.locator(".kept-note").inner_text()
        page.goto("/")
        assert page.locator("html[data-kept]").count() == 0


def test_the_language_last_chosen_is_that_without_a_line(browser: Browser, line: Line) -> None:
    with phone(browser, line) as page:
        page.goto("/")
        page.evaluate(READY)
        page.goto("/?lang=en")
        page.wait_for_function(
            "async () => !!(await caches.match('/offline?kept=en.normal', { ignoreVary: true }))"
        )
        line.cut()
        page.goto("/")
        page.wait_for_selector("html[data-told]")
        assert page.locator("html").get_attribute("lang") == "en"
        page.goto("/privacy")
        assert page.locator("html").get_attribute("lang") == "en"


def test_after_a_week_nothing_is_said_of_hours(
    browser: Browser, line: Line, middle: tuple[float, float]
) -> None:
    with phone(browser, line, **standing(middle)) as page:
        page.goto("/")
        page.wait_for_selector("#answer .station.best")
        page.evaluate(READY)
        line.cut()
        page.add_init_script("""{
          const now = Date.now.bind(Date);
          Date.now = () => now() + 7 * 24 * 3600 * 1000 + 60000;
          sessionStorage.clear();
        }""")
        page.goto("/")
        page.wait_for_selector("#answer .kept-note")
        assert "太旧了，离线看不到开放时间" in page.locator("#answer .kept-note").inner_text()
        lines = page.locator("#answer .station .line").all_inner_texts()
        assert set(lines) == {"离线看不到开放时间"}


def test_the_map_shows_streets_and_stations_seen_before(
    browser: Browser, line: Line, middle: tuple[float, float]
) -> None:
    drawn = """() => {
      const canvas = document.querySelector('.map-stations canvas');
      if (!canvas || !canvas.width) return false;
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.some((part) => part);
    }"""
    with phone(browser, line, **standing(middle)) as page:
        page.goto("/")
        page.wait_for_selector("#answer .station.best")
        page.evaluate(READY)
        page.locator(".tabs a[data-tab=map]").click()
        page.wait_for_function(drawn)
        page.wait_for_function(
            "async () => (await (await caches.open('nuanyi-tiles')).keys()).length > 3"
        )
        line.cut()
        page.goto("/")
        page.wait_for_selector("#answer .kept-note")
        page.locator(".tabs a[data-tab=map]").click()
        page.wait_for_function(drawn)
        assert page.locator(".map-alert").is_hidden()
        assert page.locator(".leaflet-tile").count() > 3


def test_nothing_kept_holds_a_position_and_the_api_is_not_kept(
    browser: Browser, line: Line, middle: tuple[float, float]
) -> None:
    with phone(browser, line, **standing(middle)) as page:
        page.goto("/")
        page.wait_for_selector("#answer .station.best")
        page.evaluate(READY)
        page.locator(".tabs a[data-tab=map]").click()
        page.wait_for_selector(".map-stations canvas")
        page.goto("/login")
        kept = page.evaluate("""async () => {
          const names = await caches.keys();
          const stores = await Promise.all(names.map((name) => caches.open(name)));
          const keys = await Promise.all(stores.map((store) => store.keys()));
          return keys.flat().map(({ url }) => url);
        }""")
    paths = {re.sub(r"^https?://[^/]+", "", address) for address in kept}
    assert not [path for path in paths if re.search(r"lon=|lat=|/api/|/near|/pack\?|/login", path)]
    assert any(path.startswith("/static/") for path in paths)
    asked = [path for path in line.asked if path.startswith("/offline/pack")]
    assert asked
    assert all(
        re.fullmatch(r"/offline/pack\?lon=-?\d+\.\d\d&lat=-?\d+\.\d\d", path) for path in asked
    )


@pytest.mark.long  # its process died once in three runs of all; not yet understood
def test_a_new_version_waits_until_no_page_of_the_old_is_open(
    browser: Browser, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = "async () => { await (await navigator.serviceWorker.ready).update(); }"
    with phone(browser, line) as page:
        page.goto("/")
        page.evaluate(READY)
        before = set(page.evaluate("caches.keys()"))
        monkeypatch.setattr(offline, "_version", lambda: "newer")
        page.evaluate(update)
        page.wait_for_function("async () => !!(await navigator.serviceWorker.ready).waiting")
        assert before < set(page.evaluate("caches.keys()"))  # the open page keeps its files
        context = page.context
        page.close()
        again = context.new_page()
        again.goto("/")
        again.wait_for_function(
            "async () => (await caches.keys()).filter((name) => /-files-/.test(name)).join()"
            " === 'nuanyi-files-newer'"
        )
