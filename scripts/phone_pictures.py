"""The pictures of a phone: each scene that a worker may meet, and what is made for paper."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from camera import (
    DOWNTOWN,
    LOOKS,
    MOMENT,
    PHONE,
    launched,
    opened,
    show_nearest,
    take,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

ZH_EN: Final = (LOOKS[0], LOOKS[-1])  # Chinese by day, English by night
POST_OFFICE: Final = (113.8928, 35.0405)  # shut at night; a door with an ID card is 8 minutes away
NEW_TOWN: Final = (113.9300, 35.0550)  # at night the nearest open door is 26 minutes away
ANOTHER_CITY: Final = (121.4700, 31.2300)
BUS_STOP: Final = "松堤街口"
PINYIN: Final = "songdijie"
HOST: Final = "nuanyi.example"  # no browser gives a position to plain http of a host like this
PAPER: Final = {"width": 794, "height": 1123}  # A4 at 96 px an inch
WECHAT: Final = (
    "Mozilla/5.0 (Linux; Android 10; made up) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0.30"
)
LATER: Final = MOMENT + dt.timedelta(minutes=25)  # without a line
_IS_KEPT: Final = """async () => {
  await navigator.serviceWorker.ready;
  const kept = () => new Promise((resolve) => {
    const asked = indexedDB.open('nuanyi', 1);
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onerror = () => resolve(false);
    asked.onsuccess = () => {
      const got = asked.result.transaction('kept').objectStore('kept').get('pack');
      got.onsuccess = () => { asked.result.close(); resolve(Boolean(got.result)); };
    };
  });
  while (!navigator.serviceWorker.controller || !(await kept())) {
    await new Promise((wait) => setTimeout(wait, 100));
  }
}"""


def take_day(playwright: Playwright, browser: Browser, url: str) -> None:
    """Take the scenes of a weekday morning; the site has reports of locked doors afterwards."""
    for lang, scheme in ZH_EN:
        take_map_and_station(browser, url, lang, scheme)
        take_way(browser, url, lang, scheme)
        take_offline(browser, url, lang, scheme)
        take_telling(browser, url, lang, scheme)
    take_first(browser, url)
    take_refused(browser, url)
    take_elsewhere(browser, url)
    take_rough(browser, url)
    take_wechat(browser, url)
    take_without_script(browser, url)
    take_twice_the_type(browser, url)
    take_search(browser, url)
    named = launched(playwright, f"--host-resolver-rules=MAP {HOST} {urlsplit(url).netloc}")
    take_plain_http(named)
    take_paper(named)
    named.close()


def take_night(browser: Browser, url: str) -> None:
    """Take half past four in the morning: an open door, a week of hours, no door at all."""
    for lang, scheme in ZH_EN:
        page = opened(browser, PHONE, scheme, POST_OFFICE)
        show_nearest(page, f"{url}/?lang={lang}")
        take(page, f"night-390-{lang}-{scheme}", close=False)
        page.locator("#answer .station h3 a").first.click()
        page.locator(".week").evaluate("table => table.scrollIntoView({block: 'center'})")
        take(page, f"week-390-{lang}-{scheme}")
        page = opened(browser, PHONE, scheme, NEW_TOWN)
        show_nearest(page, f"{url}/?lang={lang}")
        page.locator(".wish").evaluate(
            "wish => { wish.scrollIntoView({block: 'end'}); scrollBy(0, 72); }"  # above the tabs
        )
        take(page, f"wish-390-{lang}-{scheme}")


def take_map_and_station(browser: Browser, url: str, lang: str, scheme: str) -> None:
    """Take the map, and the page of a station as it opens."""
    page = opened(browser, PHONE, scheme, DOWNTOWN)
    show_nearest(page, f"{url}/?lang={lang}")
    page.click('.tabs [data-tab="map"]')
    take(page, f"map-390-{lang}-{scheme}", close=False)
    page.click('.tabs [data-tab="list"]')
    page.locator("#answer .station h3 a").nth(2).click()
    page.wait_for_selector(".place-page")
    take(page, f"station-390-{lang}-{scheme}")


def take_way(browser: Browser, url: str, lang: str, scheme: str) -> None:
    """Take the way as the big button of the finder shows it, and in lines a step behind that."""
    page = opened(browser, PHONE, scheme, NEW_TOWN)
    show_nearest(page, f"{url}/?lang={lang}&need=shower")
    page.click(".best .go")
    page.wait_for_selector(".map-way")
    take(page, f"way-map-390-{lang}-{scheme}", close=False)
    page.click(".map-go")
    page.wait_for_selector("#told .steps-of-way")
    page.locator("#modes").evaluate("modes => modes.scrollIntoView()")
    take(page, f"way-390-{lang}-{scheme}")


def take_offline(browser: Browser, url: str, lang: str, scheme: str) -> None:
    """Take a second visit whose line has been cut."""
    page = opened(browser, PHONE, scheme, DOWNTOWN)
    page.clock.set_fixed_time(MOMENT)
    show_nearest(page, f"{url}/?lang={lang}")
    page.evaluate(_IS_KEPT)
    page.context.set_offline(True)
    page.clock.set_fixed_time(LATER)
    page.goto(f"{url}/?lang={lang}")
    page.wait_for_selector("#answer .kept-note")
    take(page, f"offline-390-{lang}-{scheme}")


def take_telling(browser: Browser, url: str, lang: str, scheme: str) -> None:
    """Take who stands before a locked door and has said so; the site never hears of it."""
    page = opened(browser, PHONE, scheme, DOWNTOWN, service_workers="block")
    page.route("**/reports", lambda route: route.abort())
    page.clock.set_fixed_time(MOMENT)
    show_nearest(page, f"{url}/?lang={lang}")
    page.locator("#answer .station h3 a").first.click()
    page.click('#tell button[value="locked"]')
    page.click("#tell .tell-things summary")
    page.locator("#tell").evaluate("form => form.scrollIntoView({block: 'start'})")
    take(page, f"tell-390-{lang}-{scheme}")


def take_first(browser: Browser, url: str) -> None:
    """Take the first visit, before the phone has been asked where it is."""
    page = opened(browser, PHONE, "light", None)
    page.goto(f"{url}/?lang=zh")
    take(page, "first-390-zh-light")


def take_refused(browser: Browser, url: str) -> None:
    """Take a position that is refused."""
    page = opened(browser, PHONE, "light", None)
    show_refused(page, url)
    take(page, "refused-390-zh-light")


def take_elsewhere(browser: Browser, url: str) -> None:
    """Take a visitor who stands in another city."""
    page = opened(browser, PHONE, "light", ANOTHER_CITY)
    page.goto(f"{url}/?lang=zh")
    page.wait_for_selector("#outs:not([hidden])")
    take(page, "elsewhere-390-zh-light")


def take_rough(browser: Browser, url: str) -> None:
    """Take a position that may be 2 km off."""
    lon, lat = DOWNTOWN
    rough = {"longitude": lon, "latitude": lat, "accuracy": 2000}
    page = opened(browser, PHONE, "light", DOWNTOWN, geolocation=rough)
    show_nearest(page, f"{url}/?lang=zh")
    take(page, "rough-390-zh-light")


def take_wechat(browser: Browser, url: str) -> None:
    """Take WeChat that does not give the position, and its page of a station."""
    page = opened(browser, PHONE, "light", None, user_agent=WECHAT)
    show_refused(page, url)
    take(page, "wechat-390-zh-light", close=False)
    page.locator("#answer .station h3 a").first.click()
    page.locator(".hand-over").evaluate("box => box.scrollIntoView()")
    take(page, "wechat-maps-390-zh-light")


def take_without_script(browser: Browser, url: str) -> None:
    """Take the answer from a bus stop where no script runs."""
    page = opened(browser, PHONE, "light", None, java_script_enabled=False)
    page.goto(f"{url}/?lang=zh")
    page.fill("#q", BUS_STOP)
    page.click(".search button")
    page.click(f'.places a:has-text("{BUS_STOP}")')
    page.wait_for_selector(".station.best")
    take(page, "no-script-390-zh-light")


def take_twice_the_type(browser: Browser, url: str) -> None:
    """Take text of 200 %, and the large type of the site."""
    page = opened(browser, PHONE, "light", DOWNTOWN)
    show_nearest(page, f"{url}/?lang=zh&type=large")
    take(page, "large-390-zh-light", close=False)
    show_nearest(page, f"{url}/?lang=zh&type=normal")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    take(page, "twice-390-zh-light")


def take_search(browser: Browser, url: str) -> None:
    """Take what pinyin would find while it is being typed."""
    page = opened(browser, PHONE, "light", None)
    page.goto(f"{url}/?lang=zh")
    page.fill("#q", PINYIN)
    page.wait_for_selector('#found [role="option"]')
    take(page, "search-390-zh-light")


def take_plain_http(browser: Browser) -> None:
    """Take a site without https: the phone gives it no position."""
    page = opened(browser, PHONE, "light", DOWNTOWN)
    page.goto(f"http://{HOST}/?lang=zh")
    page.wait_for_selector("#outs:not([hidden])")
    take(page, "plain-http-390-zh-light")


def take_paper(browser: Browser) -> None:
    """Take the sheet on a door and the list of a subdistrict, as they are printed on A4."""
    page = opened(browser, PAPER, "light", None)
    page.emulate_media(media="print")
    margin = "document.body.style.padding = '12mm'"  # that of a printed page
    code = first_code(page)
    page.goto(f"http://{HOST}/s/{code}/poster?lang=zh")
    page.evaluate(margin)
    take(page, "poster-a4-zh-light", close=False)
    page.goto(f"http://{HOST}/print?lang=zh")
    page.goto(page.locator("main a[href*='area=']").first.evaluate("link => link.href"))
    page.evaluate(margin)
    take(page, "list-a4-zh-light")


def show_refused(page: Page, url: str) -> None:
    """Ask a phone where it is that does not let the site know."""
    page.goto(f"{url}/?lang=zh")
    page.click("#locate")
    page.wait_for_selector("#outs:not([hidden])")


def first_code(page: Page) -> str:
    """Return the code of a station of the finder."""
    page.goto(f"http://{HOST}/?lang=zh")
    return str(page.locator("#answer .station").first.get_attribute("data-code"))
