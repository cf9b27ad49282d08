"""The whole way of a planner in a real browser, test after test.

A file goes in, is looked at and measured; the result is explored by hour and gap, measured again
otherwise, compared, downloaded and, of three workers, not published.
"""

from __future__ import annotations

import gzip
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Site, serving
from tests.webmap.runs.waiting import put_row
from webmap.demo import demo_file
from webmap.runs import RUNNING, Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, FilePayload, Page, StorageState

    from tests.browser.conftest import OpenPage
    from webmap.settings import Settings

    Session = StorageState

WHOLE_RUN_MS = 240_000  # a run on a busy machine
HOSTILE = '${alert(1)}"><img src=x onerror=alert(1)>'
DRAWN = """() => {
  const canvas = document.querySelector('.map-stations canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.some((part) => part > 0);
}"""
TO_A_GAP = """async () => {
  const { lines } = JSON.parse(document.getElementById('plan').textContent);
  const { features } = await (await fetch(lines)).json();
  const hour = Number(document.getElementById('hour').value);
  const gaps = features.filter(({ geometry, properties }) => geometry
    && properties.hours.includes(hour) && properties.effective === 'closed');
  const { geometry, properties } = gaps.sort((a, b) => b.minutes - a.minutes)[0];
  const [lon, lat] = geometry.coordinates[Math.floor(geometry.coordinates.length / 2)];
  nuanyi.map.setView(nuanyi.toMap(lon, lat), 17, { animate: false });
  document.getElementById('map_main').scrollIntoView({ block: 'center' });
  const { x, y } = nuanyi.map.latLngToContainerPoint(nuanyi.toMap(lon, lat));
  return { x, y, nearest: properties.nearest, missed: properties.missed_min };
}"""
INK = """() => {
  const canvas = document.querySelector('.leaflet-lines-pane canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let place = 3; place < data.length; place += 4) count += data[place] > 0;
  return count;
}"""


@pytest.fixture(scope="module")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve a copy of the demo and do planners' runs in a worker.

    Yields
    ------
    Site
        Stopped after the tests.
    """
    settings = copy_of_demo()
    with serving(settings, worker=True) as url:
        yield Site(url, settings)


@pytest.fixture(scope="module")
def session(site: Site, browser: Browser) -> Session:
    """Log the planner in once and return what the browser keeps of it."""
    password = site.user("规划员", "reviewer")
    context = browser.new_context(base_url=site.url, locale="zh-CN")
    page = context.new_page()
    page.goto("/plan/")
    page.fill("#name", "规划员")
    page.fill("#password", password)
    page.click(".login button")
    page.wait_for_selector("#run-form")
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def desk(open_page: OpenPage, session: Session) -> Page:
    """Return a page on which the planner is logged in."""
    return open_page(storage_state=session)


@pytest.fixture(scope="module")
def runs() -> dict[str, str]:
    """Return the addresses of the runs made so far, by name."""
    return {}


def walks() -> FilePayload:
    """Return what three of the demo's workers walked on its Monday as a file of its own."""
    with gzip.open(demo_file("tracks.csv.gz"), "rt", encoding="utf-8") as file:
        head = next(file)
        rows = [row for row in file if row[:3] in {"W01", "W08", "W09"} and ",2026-11-09T" in row]
    return {"name": "早班.csv", "mimeType": "text/csv", "buffer": "".join([head, *rows]).encode()}


def open_run(page: Page, address: str) -> None:
    page.goto(address)
    wait_for_result(page)


def wait_for_result(page: Page) -> None:
    page.wait_for_selector(".headline, .fault", timeout=WHOLE_RUN_MS)
    assert page.locator(".fault").all_inner_texts() == []
    page.wait_for_selector("#lines-note[data-count]")


def test_a_file_is_sent_looked_at_measured_and_its_gaps_are_seen(
    desk: Page, runs: dict[str, str]
) -> None:
    desk.goto("/plan/")
    desk.set_input_files("#tracks", walks())
    desk.click("#run-start")
    desk.wait_for_selector("#seen")
    assert "早班.csv" in desk.inner_text("#seen")
    desk.fill("#run-name", "一公里")
    desk.click(".finer summary")
    desk.check('[name="keeps_upload"]', force=True)
    desk.click("#run-begin")
    desk.wait_for_selector("#waiting, .headline")
    wait_for_result(desk)
    runs["一公里"] = desk.url
    assert desk.inner_text("h1").startswith("一公里")
    assert re.search(r"走不到开着、能用的驿站；名义覆盖 .+，实际 .+。", desk.inner_text(".say"))
    assert desk.inner_text(".stamp") == "不足 5 人，勿外传"
    assert int(desk.get_attribute("#lines-note", "data-count") or 0) > 0
    assert desk.evaluate(INK) > 0


def test_the_hour_rules_the_map_and_stands_in_the_address(desk: Page, runs: dict[str, str]) -> None:
    open_run(desk, runs["一公里"])
    whole = int(desk.get_attribute("#lines-note", "data-shown") or 0)
    ink = desk.evaluate(INK)
    desk.locator("#hour").fill("4")
    assert desk.inner_text("#when") == "周一 04:00"
    assert desk.evaluate("location.hash") == "#hour=4"
    assert desk.locator("td.chosen").get_attribute("data-hour") == "4"
    assert 0 < int(desk.get_attribute("#lines-note", "data-shown") or 0) < whole
    assert desk.evaluate(INK) < ink
    assert desk.inner_text("#drawn-note") == ""  # minutes of all hours say nothing of one
    desk.click("#later")
    assert desk.inner_text("#when") == "周一 05:00"
    desk.click("#whole")
    assert desk.evaluate("location.hash") == ""
    assert int(desk.get_attribute("#lines-note", "data-shown") or 0) == whole
    desk.reload()
    desk.evaluate("location.hash = '#hour=4&by=nominal&only=closed'")
    desk.wait_for_function("document.getElementById('when').textContent === '周一 04:00'")
    assert desk.is_checked('[name="judge"][value="nominal"]')
    assert desk.locator('[name="class"]:checked').count() == 1


def test_steps_from_an_hour_that_nobody_walked_reach_the_nearest_walked_one(
    desk: Page, runs: dict[str, str]
) -> None:
    open_run(desk, runs["一公里"])
    walked = desk.evaluate(
        "JSON.parse(document.getElementById('plan').textContent).demand"
        ".flatMap((minutes, hour) => (minutes ? [hour] : []))"
    )
    assert walked[0] > 0
    assert walked[-1] < 167
    for start, step, to in (
        (0, "#earlier", walked[-1]),
        (0, "#later", walked[0]),
        (167, "#earlier", walked[-1]),
        (167, "#later", walked[0]),
        (walked[1], "#earlier", walked[0]),
    ):
        desk.locator("#hour").fill(str(start))
        desk.click(step)
        assert desk.evaluate("location.hash") == f"#hour={to}"


def test_a_card_says_what_is_missed_at_the_chosen_hour_and_the_range_over_all(
    desk: Page, runs: dict[str, str]
) -> None:
    open_run(desk, runs["一公里"])
    tell = """(hour) => {
      const plan = JSON.parse(document.getElementById('plan').textContent);
      const stations = { A: { name: '驿站', hours: '', lang: 'zh' } };
      const cells = { effective: 'closed', hours: [4, 5, 6], minutes: 90, length_m: 100, workers: 1,
        area: null, shift: null, nearest: 'A', walk_m: null, missed_min: 90,
        missed_by_hour: [90, 30, null] };
      const tell = nuanyi.tellLine(plan, stations, { areas: [], shifts: [] });
      const nodes = tell(cells, { judge: 'effective', hour });
      return nodes.map((node) => node.textContent).join('|');
    }"""
    assert "差 30 分钟。" in desk.evaluate(tell, 5)
    assert "差 90 分钟。" in desk.evaluate(tell, 4)
    assert "差 " not in desk.evaluate(tell, 6)
    assert "差 30 分钟 到 90 分钟。" in desk.evaluate(tell, None)


def test_the_judgement_rules_causes_and_week(desk: Page, runs: dict[str, str]) -> None:
    open_run(desk, runs["一公里"])
    cell = desk.locator('.week td[data-hour="4"] button')
    by_judge = {}
    for judge in ("effective", "nominal"):
        desk.check(f'[name="judge"][value="{judge}"]', force=True)
        assert desk.locator("[data-of]:visible").get_attribute("data-of") == judge
        by_judge[judge] = float(cell.inner_text())
    assert by_judge["nominal"] <= by_judge["effective"]
    desk.check('[name="judge"][value="straight"]', force=True)
    assert desk.is_visible("#week-note")


def test_a_touched_gap_is_explained_and_names_the_station(desk: Page, runs: dict[str, str]) -> None:
    open_run(desk, runs["一公里"])
    desk.locator("#hour").fill("4")
    spot = desk.evaluate(TO_A_GAP)
    desk.locator("#map_main").click(position={"x": spot["x"], "y": spot["y"]})
    desk.wait_for_selector(".map-card")
    card = desk.inner_text(".map-card")
    assert "有驿站，但关着" in card
    assert "周一 04:00" in card
    assert "15 分钟内有驿站，可这时候都关着。" in card
    assert "跟它的开放时间差" in card
    link = desk.locator(".map-card a")
    assert link.get_attribute("href") == f"/s/{spot['nearest']}"
    assert link.inner_text()


def test_a_gap_of_the_list_is_shown_on_the_map_at_its_hour(
    desk: Page, runs: dict[str, str]
) -> None:
    open_run(desk, runs["一公里"])
    desk.evaluate(
        "() => { window.moved = new Promise((done) => nuanyi.map.once('moveend', done)); }"
    )
    desk.click(".show >> nth=0")
    assert desk.evaluate("async () => { await window.moved; return nuanyi.map.getZoom(); }") > 10
    assert desk.inner_text("#when") != "全部时间"


def test_stations_stand_beside_the_lines_as_they_are_at_the_hour(
    desk: Page, runs: dict[str, str]
) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    open_run(desk, runs["一公里"])
    assert desk.evaluate("nuanyi.map.getZoom()") < 15
    with desk.expect_response("**/api/v1/grid/15/**"):
        desk.evaluate("() => { nuanyi.map.setZoom(15, { animate: false }); }")
    desk.wait_for_function(DRAWN)
    with desk.expect_response(re.compile(r"/api/v1/grid/15/.*\?at=2026-11-09T04%3A00$")):
        desk.locator("#hour").fill("4")
    desk.evaluate("() => { nuanyi.map.setZoom(14, { animate: false }); }")
    desk.wait_for_function(f"() => !({DRAWN})()")
    assert not any("/api/v1/grid/14/" in address for address in asked)


def test_the_same_file_is_measured_again_and_both_are_compared(
    desk: Page, runs: dict[str, str]
) -> None:
    open_run(desk, runs["一公里"])
    desk.click("text=换个条件再算")
    desk.check('[name="limit"][value="500"]', force=True)
    desk.fill("#run-name", "五百米")
    desk.click("#check-form button[name='do'], #check-form .acts button >> nth=0")
    wait_for_result(desk)
    runs["五百米"] = desk.url
    desk.goto("/plan/")
    for name in ("一公里", "五百米"):
        row = desk.locator("tr", has=desk.locator(f".run-link:text-is('{name}')"))
        row.locator('[name="run"]').check(force=True)
    desk.click("#compare-go")
    desk.wait_for_selector("#lines-note[data-count]")
    assert "“走多远算近”不一样" in desk.inner_text(".notice")
    assert desk.inner_text("#side-1") == "一公里 演示驿站"
    change = desk.inner_text("#reach ~ table tbody tr >> nth=0").split()[-1]
    assert change == "0"  # minutes to a station do not depend on the limit
    desk.locator("#hour").fill("4")
    assert desk.evaluate("location.hash") == "#hour=4"
    zooms = desk.evaluate(
        """() => {
          nuanyi.map.setZoom(14, { animate: false });
          return [nuanyi.map.getZoom(), nuanyi.other.getZoom()];
        }"""
    )
    assert zooms == [14, 14]


def test_files_are_downloaded_whole(desk: Page, runs: dict[str, str], tmp_path: Path) -> None:
    open_run(desk, runs["一公里"])
    for name in ("report.html", "report.xlsx", "map.png", "gaps.gpkg"):
        with desk.expect_download() as coming:
            desk.click(f'#files ~ .files a[href$="{name}"]')
        path = tmp_path / name
        coming.value.save_as(path)
        assert coming.value.suggested_filename == f"一公里-{name}"
        assert path.stat().st_size > 1000
    assert zipfile.is_zipfile(tmp_path / "report.xlsx")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_what_three_workers_walked_cannot_be_published(desk: Page, runs: dict[str, str]) -> None:
    open_run(desk, runs["一公里"])
    desk.click(".do summary")
    desk.click("text=公开路段：先看看会公开什么")
    assert "所以什么也不公开" in desk.inner_text("main .notice")
    assert desk.locator("#cells-kept").count() == 0
    assert int(desk.inner_text("#cells-withheld").replace(",", "")) > 0
    assert desk.locator('[name="sure"]').count() == 0


def test_a_name_full_of_markup_stays_a_name(desk: Page, runs: dict[str, str]) -> None:
    open_run(desk, runs["五百米"])
    desk.click(".do summary")
    desk.fill("#new-name", HOSTILE)
    desk.click(".do-list form >> nth=0 >> button")
    desk.wait_for_selector(".notice.good")
    assert HOSTILE in desk.inner_text("h1")
    assert desk.locator("main img").count() == 0


def test_a_run_at_work_moves_its_bar_and_is_stopped(desk: Page, site: Site) -> None:
    _, run = put_row(site.settings, b"x", owner="规划员", state=RUNNING, stage="write", share=0.4)
    desk.goto(f"/plan/runs/{run.id}")
    desk.wait_for_function("document.getElementById('percent').textContent === '40 %'")
    desk.click("text=不算了")
    desk.wait_for_function("document.getElementById('stage').textContent === '正在停下'")
    Desk(site.settings).delete(run.id)


def test_half_a_file_is_told_in_plain_words(desk: Page) -> None:
    half: FilePayload = {
        "name": "早班.gpx",
        "mimeType": "application/gpx+xml",
        "buffer": b'<gpx><trk><trkseg><trkpt lat="35" lon="113.9"><time>2026-',
    }
    desk.goto("/plan/")
    desk.set_input_files("#tracks", half)
    desk.click("#run-start")
    desk.wait_for_selector(".fault", timeout=WHOLE_RUN_MS)
    assert "早班.gpx" in desk.inner_text("main")
    assert "不完整" in desk.inner_text("main")


def test_a_file_over_the_limit_is_not_even_sent(desk: Page) -> None:
    desk.goto("/plan/")
    desk.evaluate("document.getElementById('run-form').dataset.most = '10'")
    desk.set_input_files("#tracks", walks())
    desk.click("#run-start")
    assert "一共超过了" in desk.inner_text("#tracks-size")
    assert desk.url.endswith("/plan/")


def test_without_javascript_there_are_tables_a_picture_and_the_files(
    open_page: OpenPage, session: Session, runs: dict[str, str]
) -> None:
    page = open_page(java_script_enabled=False, storage_state=session)
    page.goto(runs["一公里"])
    page.wait_for_selector(".headline")
    assert page.locator("img.picture").evaluate("image => image.naturalWidth") > 500
    assert not page.is_visible(".hourbar")
    assert page.locator(".judge input:visible").count() == 0
    assert page.locator(".judge strong:visible").count() == 3
    assert not page.is_visible(".mapbox")
    assert page.locator(".week td:not(.gnone)").count() > 1
    assert page.is_visible('.files a[href$="report.html"]')


def test_no_page_of_the_desk_is_wider_than_the_screen(desk: Page, runs: dict[str, str]) -> None:
    run, other = (address.rpartition("/")[2] for address in runs.values())
    for address in (
        f"/plan/runs/{run}",
        f"/plan/runs/{run}/publish",
        f"/plan/compare?a={run}&b={other}",
        "/plan/",
        "/plan/?type=large",
        f"/plan/runs/{run}",
        f"/plan/runs/{run}/publish?lang=en",
    ):
        desk.goto(address)
        for width in (390, 1280):
            desk.set_viewport_size({"width": width, "height": 844})
            assert desk.evaluate("document.documentElement.scrollWidth") <= width
            for bar in desk.locator("svg.bar").all():  # large type leaves bars of some length
                assert bar.evaluate("bar => bar.getBoundingClientRect().width") > 100
