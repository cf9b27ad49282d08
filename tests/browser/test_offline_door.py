"""At a door without a line: what is said is kept until it can be sent; other maps can take over."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from geo.coords import from_wgs84
from tests.browser.offline_line import phone
from tests.browser.test_offline import READY, standing
from tests.browser.test_offline_asked import line, middle
from webmap.cards import say_trail
from webmap.moments import now

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.offline_line import Line

__all__ = ["line"]  # a fixture

ANDROID = (
    "Mozilla/5.0 (Linux; Android 13; M2101K7AG) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/120.0.0.0 Mobile Safari/537.36"
)
QUEUED = "() => JSON.parse(localStorage.getItem('nuanyi-told') || '[]').map(({ body }) => body)"
PAGE_IS_KEPT = """async () => {
  while (!(await caches.match(location.pathname, { ignoreSearch: true }))) {
    await new Promise((wait) => setTimeout(wait, 50));
  }
}"""


def test_a_door_is_told_and_a_place_handed_over_without_a_line(
    browser: Browser, line: Line
) -> None:
    with phone(browser, line, user_agent=ANDROID, **standing(middle(line))) as page:
        page.goto("/")
        page.wait_for_selector("#answer .station.best")
        page.evaluate(READY)
        line.cut()
        page.goto("/")
        page.wait_for_selector("#answer .kept-note")
        best = page.locator("#answer .station.best")
        code = best.get_attribute("data-code")
        assert code
        with line.app.test_request_context("/"):
            store = line.app.extensions["stores"].shown()
            (row,) = store.read_stations(codes=[code], columns=("verified_on",)).itertuples()
            trail = say_trail(row.verified_on, now().date())
        assert best.locator(".trail").inner_text() == trail
        best.get_by_role("button", name="锁着").click()
        assert "你说这里锁着。已记下，有网时发出。" in best.locator(".tell-said").inner_text()
        (body,) = page.evaluate(QUEUED)
        assert body["state"] == "locked"

        best.locator(".go").click()
        kept = page.locator(".kept-station")
        kept.wait_for()
        assert kept.locator(".trail").inner_text() == trail
        assert kept.get_by_role("button").all_inner_texts() == ["开着", "锁着", "不在了"]
        lon, lat = (float(kept.get_attribute(f"data-{name}") or "") for name in ("lon", "lat"))
        door = page.locator(".hand-over .doors a").get_attribute("href") or ""
        gps = f"{lat:.6f},{lon:.6f}"
        name = page.locator("h1").inner_text()
        assert unquote(door) == f"geo:{gps}?q={gps}({name})"
        x, y = (values[0] for values in from_wgs84([lon], [lat], "gcj02"))
        texts = page.locator(".copies .text").all_inner_texts()
        assert texts[1:] == [f"{x:.6f},{y:.6f}", gps]
        page.get_by_role("button", name="复制地址").click()
        page.get_by_role("button", name="复制地址").get_by_text("已复制").wait_for()

        line.mend()
        page.wait_for_timeout(5000)  # what was said can be taken back so long
        with page.expect_response(f"**/api/v1/stations/{code}/reports") as answer:
            page.evaluate("() => dispatchEvent(new Event('online'))")
        assert answer.value.status == 201
        page.wait_for_function(f"() => !({QUEUED})().length")


def test_the_page_of_the_very_first_visit_is_kept(browser: Browser, line: Line) -> None:
    with line.app.app_context():
        store = line.app.extensions["stores"].shown()
        code = store.read_stations(columns=()).iloc[0]["code"]
    with phone(browser, line) as page:
        page.goto(f"/s/{code}?mode=ride")
        page.evaluate(READY)
        page.evaluate(PAGE_IS_KEPT)
        name = page.locator("h1").inner_text()
        line.cut()
        page.reload()
        page.wait_for_selector("html[data-told]")
        assert page.locator(".place-page h1").inner_text() == name
        assert page.locator(".place-page .tell-door button").count() == 3
