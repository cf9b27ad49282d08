"""Make the pictures of the README: the demo in a real Chromium, at a fixed moment.

Run as ``make screenshots``. Needs Debian's ``chromium`` and ``fonts-noto-cjk``. The picture of real
streets is made only where the real data lie beside the checkout; else the old one stays.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import desk_pictures
import phone_pictures
from camera import (
    DESK,
    DOWNTOWN,
    LOOKS,
    MOMENT,
    PHONE,
    PICTURES,
    ROOT,
    launched,
    log_in,
    opened,
    running,
    show_nearest,
    take,
)
from playwright.sync_api import sync_playwright

from geo.city import build_city
from geo.stations import load_stations
from geo.store import open_store
from webmap.demo import make_demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from webmap.settings import Settings

REAL: Final = ROOT.parent / "shared" / "data" / "beijing-haidian"
NIGHT: Final = dt.datetime(2026, 11, 9, 20, 30, tzinfo=dt.UTC)  # a Tuesday, 04:30 in China
UNIVERSITY: Final = (116.3200, 39.9960)  # in the real extract
RUN_MS: Final = 300_000


def main() -> None:
    """Make all pictures anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        with running(make_demo) as url:
            take_finder(browser, url)
            take_desks(browser, url)
            phone_pictures.take_day(playwright, browser, url)
        with running(make_demo) as url:
            desk_pictures.take_desk(browser, url)
        with running(desk_pictures.make_own) as url:
            desk_pictures.take_own(browser, url)
        with running(make_demo, NIGHT) as url:
            phone_pictures.take_night(browser, url)
        if REAL.is_dir():
            with running(make_real) as url:
                page = opened(browser, DESK, "light", UNIVERSITY)
                show_nearest(page, f"{url}/?lang=zh")
                take(page, "haidian-1280-zh-light")
        browser.close()


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


def take_desks(browser: Browser, url: str) -> None:
    """Take the staff list and form, and what a planner sees of the demo's routes."""
    page = opened(browser, DESK, "light", DOWNTOWN)
    log_in(page, url)
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


if __name__ == "__main__":
    main()
