"""Make the pictures of the README: the demo in a real Chromium, at a fixed moment.

Run as ``make screenshots``. Needs Debian's ``chromium`` and ``fonts-noto-cjk``. The picture of real
streets is made only where the real data lie beside the checkout; else the old one stays.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import sync_playwright
from waitress import create_server

from geo.city import build_city
from geo.stations import load_stations
from geo.store import open_store
from webmap import create_app
from webmap.auth import hash_password
from webmap.demo import make_demo
from webmap.runs.keeper import WorkerKeeper
from webmap.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURES: Final = ROOT / "docs" / "pictures"
REAL: Final = ROOT.parent / "shared" / "data" / "beijing-haidian"
MOMENT: Final = dt.datetime(2026, 11, 16, 2, 40, tzinfo=dt.UTC)  # a Monday, 10:40 in China
NIGHT: Final = dt.datetime(2026, 11, 9, 20, 30, tzinfo=dt.UTC)  # a Tuesday, 04:30 in China
POST_OFFICE: Final = (113.8928, 35.0405)  # shut at night; a door with an ID card is 8 minutes away
DOWNTOWN: Final = (113.9000, 35.0500)  # the old core of the demo
UNIVERSITY: Final = (116.3200, 39.9960)  # in the real extract
PHONE: Final = {"width": 390, "height": 844}
DESK: Final = {"width": 1280, "height": 800}
LOOKS: Final = [(lang, scheme) for lang in ("zh", "en") for scheme in ("light", "dark")]
WORKER: Final = "chenyi"
PASSWORD: Final = "for-the-pictures-only"  # noqa: S105  # of an installation that lives a minute
QUALITY: Final = 80  # of JPEG
RUN_MS: Final = 300_000


def main() -> None:
    """Make all pictures anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        with running(make_demo) as url:
            take_finder(browser, url)
            take_phone(browser, url)
            take_desks(browser, url)
        with running(make_demo, NIGHT) as url:
            take_night(browser, url)
        if REAL.is_dir():
            with running(make_real) as url:
                page = opened(browser, DESK, "light", UNIVERSITY)
                show_nearest(page, f"{url}/?lang=zh")
                take(page, "haidian-1280-zh-light")
        browser.close()


@contextmanager
def running(make: Callable[[Settings], None], moment: dt.datetime = MOMENT) -> Iterator[str]:
    """Serve a new installation at a fixed moment.

    Yields
    ------
    str
        Its address.
    """
    folder = Path(tempfile.mkdtemp(prefix="nuanyi-pictures-"))
    settings = Settings.from_env({"NUANYI_INSTANCE": str(folder)})
    make(settings)
    with open_store(settings.database) as store:
        hashed = hash_password(PASSWORD)
        store.add_user(WORKER, role="admin", area="", password_hash=hashed, now=MOMENT)
    app = create_app(settings)
    app.extensions["clock"] = lambda: moment
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    try:
        with WorkerKeeper(settings):
            yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        app.extensions["stores"].close()
        shutil.rmtree(folder, ignore_errors=True)


def make_real(settings: Settings) -> None:
    """Make an installation of the real extract with its stand-in stations."""
    settings.make_instance()
    build_city([REAL / "walk.osm.pbf"], settings.cities, code="haidian")
    read = load_stations(REAL / "stations_standin.csv", datum="wgs84")
    with open_store(settings.database) as store:
        stations = read.require_sound()
        store.save_stations(stations, actor="pictures", origin="pictures", now=MOMENT)


def take_finder(browser: Browser, url: str) -> None:
    """Take the finder on phone and desk, in both languages and schemes."""
    for size, view in (("390", PHONE), ("1280", DESK)):
        for lang, scheme in LOOKS:
            page = opened(browser, view, scheme, DOWNTOWN)
            show_nearest(page, f"{url}/?lang={lang}")
            take(page, f"finder-{size}-{lang}-{scheme}")


def take_phone(browser: Browser, url: str) -> None:
    """Take the map and the page of a station with its way, on a phone."""
    for lang, scheme in (LOOKS[0], LOOKS[-1]):
        page = opened(browser, PHONE, scheme, DOWNTOWN)
        show_nearest(page, f"{url}/?lang={lang}")
        page.click('.tabs [data-tab="map"]')
        take(page, f"map-390-{lang}-{scheme}", close=False)
        page.click('.tabs [data-tab="list"]')
        page.locator("#answer .station h3 a").nth(2).click()
        page.wait_for_selector(".leaflet-container")
        take(page, f"station-390-{lang}-{scheme}")


def take_night(browser: Browser, url: str) -> None:
    """Take half past four in the morning, and the week of a station, on a phone."""
    for lang, scheme in (LOOKS[0], LOOKS[-1]):
        page = opened(browser, PHONE, scheme, POST_OFFICE)
        show_nearest(page, f"{url}/?lang={lang}")
        take(page, f"night-390-{lang}-{scheme}", close=False)
        page.locator("#answer .station h3 a").first.click()
        page.wait_for_selector(".week")
        page.locator(".week").scroll_into_view_if_needed()
        page.locator(".week").evaluate("table => table.scrollIntoView({block: 'center'})")
        take(page, f"week-390-{lang}-{scheme}")


def take_desks(browser: Browser, url: str) -> None:
    """Take the staff list and form, and what a planner sees of the demo's routes."""
    page = opened(browser, DESK, "light", DOWNTOWN)
    page.goto(f"{url}/staff/?lang=zh")
    page.fill("#name", WORKER)
    page.fill("#password", PASSWORD)
    page.click(".login button")
    page.wait_for_selector(".deskhead")
    take(page, "staff-1280-zh-light", close=False)
    page.goto(f"{url}/staff/stations/new")
    take(page, "form-1280-zh-light", close=False)
    page.goto(f"{url}/plan/")
    page.click("button[value=demo]")
    page.click("#run-begin")
    page.wait_for_selector(".headline", timeout=RUN_MS)
    page.wait_for_selector("#lines-note[data-shown]")
    take(page, "plan-1280-zh-light", close=False)
    page.locator("#where").evaluate("title => title.scrollIntoView()")
    take(page, "gaps-1280-zh-light", close=False)
    with page.expect_download() as download:
        page.click('a[href$="/report.html"]')
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.html"
        download.value.save_as(report)
        for size, view in (("390", PHONE), ("1280", DESK)):
            take_report(browser, report, view, f"report-{size}-zh-light")
    page.context.close()


def take_report(browser: Browser, report: Path, view: dict[str, int], name: str) -> None:
    """Take a report as it opens from disk, with no network."""
    page = browser.new_context(viewport=view, offline=True, color_scheme="light").new_page()
    page.goto(report.as_uri())
    take(page, name)


def opened(browser: Browser, view: dict[str, int], scheme: str, here: tuple[float, float]) -> Page:
    """Open an empty page that knows where it is."""
    options: dict[str, Any] = {
        "viewport": view,
        "color_scheme": scheme,
        "locale": "zh-CN",
        "geolocation": {"longitude": here[0], "latitude": here[1]},
        "permissions": ["geolocation"],
    }
    return browser.new_context(**options).new_page()


def show_nearest(page: Page, url: str) -> None:
    """Open the finder and wait for its answer."""
    page.goto(url)
    page.wait_for_selector(".station.best")


def settle(page: Page) -> None:
    """Wait until nothing is being fetched and what came has been drawn."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)


def take(page: Page, name: str, *, close: bool = True) -> None:
    """Write one picture."""
    settle(page)
    path = PICTURES / f"{name}.jpg"
    page.screenshot(path=path, type="jpeg", quality=QUALITY)
    print(f"{path.name}: {path.stat().st_size // 1024} kB")
    if close:
        page.context.close()


if __name__ == "__main__":
    main()
