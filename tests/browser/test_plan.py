"""The planner's desk in a real browser: a track goes in, its gaps come out on the map."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest

from webmap.demo import demo_file

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

    from tests.browser.conftest import OpenPage, Site

WHOLE_RUN_MS = 180_000  # a run on a busy machine
DRAWN = """() => {
  const canvas = document.querySelector('.map-stations canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.some((part) => part > 0);
}"""
HOSTILE = '${alert(1)}"><img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def password(site: Site) -> str:
    """Make the planner's account and return its password."""
    return site.user("规划员", "viewer")


@pytest.fixture
def desk(page: Page, password: str) -> Page:
    """Return a page on which the planner is logged in, at the desk."""
    return log_in(page, password)


def log_in(page: Page, password: str) -> Page:
    page.goto("/plan/")
    page.fill("#name", "规划员")
    page.fill("#password", password)
    page.click(".login button")
    page.wait_for_selector("#run-form")
    return page


def first_rows(count: int) -> FilePayload:
    """Return the beginning of the demo's tracks as a file of its own."""
    with gzip.open(demo_file("tracks.csv.gz"), "rt", encoding="utf-8") as file:
        rows = [next(file) for _ in range(count)]
    return {"name": "早班.csv", "mimeType": "text/csv", "buffer": "".join(rows).encode()}


def wait_for_result(page: Page) -> None:
    page.wait_for_selector(".headline, .fault", timeout=WHOLE_RUN_MS)
    assert page.locator(".fault").all_inner_texts() == []
    page.wait_for_selector("#lines-note[data-count]")


def touch_a_line(page: Page) -> str:
    """Touch the middle of a drawn line that no station covers; return what the map says."""
    page.locator("#map_main").scroll_into_view_if_needed()
    spot = page.evaluate(
        """async () => {
          const { lines } = JSON.parse(document.getElementById('plan').textContent);
          const { features } = await (await fetch(lines)).json();
          const line = features.filter((one) => one.properties.class === 'no_station')
            .sort((a, b) => b.geometry.coordinates.length - a.geometry.coordinates.length)[0]
            || features[0];
          const places = line.geometry.coordinates;
          const [lon, lat] = places[Math.floor(places.length / 2)];
          nuanyi.map.setView(nuanyi.toMap(lon, lat), 18, { animate: false });
          const { x, y } = nuanyi.map.latLngToContainerPoint(nuanyi.toMap(lon, lat));
          return [x, y];
        }"""
    )
    page.locator("#map_main").click(position={"x": spot[0], "y": spot[1]})
    page.wait_for_selector(".map-card")
    return page.inner_text(".map-card")


def test_a_track_is_uploaded_and_its_gaps_are_seen(desk: Page) -> None:
    desk.set_input_files("#tracks", first_rows(2500))
    desk.click("#run-start")
    wait_for_result(desk)
    assert re.search(
        r"这些线路有 .+ 的时间，15 分钟（1 公里）内走不到开着、能用的驿站；名义覆盖 .+，实际 .+。",
        desk.inner_text(".say"),
    )
    assert "个人" in desk.inner_text(".base")
    assert desk.locator(".tag", has_text="演示数据").count() == 1
    assert desk.locator(".week td:not(.gnone)").count() > 1
    assert int(desk.get_attribute("#lines-note", "data-count") or 0) > 0


def test_the_demo_s_routes_show_gaps_whose_cause_the_map_tells(desk: Page) -> None:
    desk.click('button[value="demo"]')
    wait_for_result(desk)
    assert "24 个人" in desk.inner_text(".base")
    assert desk.locator(".headline .notice").count() == 0
    card = touch_a_line(desk)
    assert "分钟" in card
    assert "米" in card
    with desk.expect_download() as coming:
        desk.click('a[href$="gaps.geojson"]')
    assert coming.value.suggested_filename.endswith("gaps.geojson")


def test_a_gap_of_the_list_is_shown_on_the_map(desk: Page) -> None:
    desk.goto("/plan/")
    desk.click(".run-link >> nth=0")
    wait_for_result(desk)
    desk.evaluate(
        "() => { window.moved = new Promise((done) => nuanyi.map.once('moveend', done)); }"
    )
    desk.click(".show >> nth=0")
    assert desk.evaluate("async () => { await window.moved; return nuanyi.map.getZoom(); }") > 10


def test_stations_stand_beside_the_lines_only_where_they_hide_none(desk: Page) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.click(".run-link >> nth=0")
    wait_for_result(desk)
    assert desk.evaluate("nuanyi.map.getZoom()") < 15
    with desk.expect_response("**/api/v1/grid/15/**"):
        desk.evaluate("() => { nuanyi.map.setZoom(15, { animate: false }); }")
    assert sum("/api/v1/grid/" in address for address in asked) == 1
    desk.wait_for_function(DRAWN)
    desk.evaluate("() => { nuanyi.map.setZoom(14, { animate: false }); }")
    desk.wait_for_function(f"() => !({DRAWN})()")


def test_half_a_file_is_told_in_plain_words_and_the_options_stay(desk: Page) -> None:
    half: FilePayload = {
        "name": "早班.gpx",
        "mimeType": "application/gpx+xml",
        "buffer": b'<gpx><trk><trkseg><trkpt lat="35" lon="113.9"><time>2026-',
    }
    desk.set_input_files("#tracks", half)
    desk.check('[name="limit"][value="500"]', force=True)
    desk.click("#run-start")
    desk.wait_for_selector(".fault", timeout=WHOLE_RUN_MS)
    assert "“早班.gpx”不完整" in desk.inner_text(".fault")
    assert desk.is_checked('[name="limit"][value="500"]')


def test_a_file_over_the_limit_is_not_even_sent(desk: Page) -> None:
    desk.evaluate("document.getElementById('run-form').dataset.most = '10'")
    desk.set_input_files("#tracks", first_rows(5))
    desk.click("#run-start")
    assert "一共超过了" in desk.inner_text("#tracks-size")
    assert desk.url.endswith("/plan/")


def test_without_javascript_the_result_comes_by_itself(open_page: OpenPage, password: str) -> None:
    page = log_in(open_page(java_script_enabled=False), password)
    page.set_input_files("#tracks", first_rows(500))
    page.click("#run-start")
    page.wait_for_selector(".headline", timeout=WHOLE_RUN_MS)
    assert "走不到开着、能用的驿站" in page.inner_text(".say")


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_of_the_desk_is_wider_than_the_screen(
    open_page: OpenPage, password: str, width: int
) -> None:
    page = log_in(open_page(viewport={"width": width, "height": 844}), password)
    page.click(".run-link >> nth=0")
    page.wait_for_selector(".headline, .fault")
    for address in (page.url, "/plan/", "/plan/?type=large"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
