"""Pictures of the staff desk: checks, two editors, doubts, a table before it is saved, a keeper."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import TYPE_CHECKING, Final

from camera import DESK, LOOKS, MOMENT, PHONE, log_in, opened, take

from geo.store import open_store
from webmap.demo import make_demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from webmap.settings import Settings

_OWN: Final = 30  # stations
_READ_MS: Final = 60_000
_TABLE: Final = """名称\t地址\t经度\t纬度\t开放时间
新开的爱心驿站\t东澄区北界路18号\t113.9012\t35.0521\t每天 8:00-20:00
城西职工驿站\t\t35.0480\t113.8967\t24小时
河边歇脚点\t东澄区河沿路2号\t113.9034\t35.0498\t看情况
"""
_SIZES: Final = (("390", PHONE), ("1280", DESK))


def take_desk(browser: Browser, url: str) -> None:
    """Take what staff see of the demo, in the course of one morning."""
    codes = some_codes(browser, url)
    take_checks(browser, url, codes)
    take_known(browser, url, codes[1])
    take_two_editors(browser, url, codes[2])
    page = signed_in(browser, url, DESK)
    for room in ("doubts", "history", "platforms"):
        page.goto(f"{url}/staff/{room}?lang=zh")
        take(page, f"{room}-1280-zh-light", close=False)
    page.context.close()


def take_own(browser: Browser, url: str) -> None:
    """Take what only a desk with stations of its own has."""
    take_import(browser, url)
    take_keeper(browser, url)


def make_own(settings: Settings) -> None:
    """Make an installation whose own stations are some of the demo's, and its areas."""
    make_demo(settings)
    with open_store(settings.demo_database) as demo, open_store(settings.database) as own:
        stations = demo.read_stations()
        known = stations[stations["status"] == "open"].head(_OWN).assign(demo="")
        own.save_areas(demo.read_areas())
        own.save_stations(known, actor="pictures", origin="pictures", now=MOMENT)


def take_import(browser: Browser, url: str) -> None:
    """Take a clerk's table before anything is saved: new, changed, perhaps known, refused."""
    page = signed_in(browser, url, DESK)
    page.goto(f"{url}/staff/import")
    page.locator("details", has=page.locator("#pasted")).evaluate_all(
        "all => all.forEach(one => { one.open = true; })"
    )
    page.fill("#pasted", _TABLE)
    page.click("#run-start")
    page.wait_for_selector("[name=datum]", state="attached", timeout=_READ_MS)
    page.locator("[name=datum][value=wgs84]").check(force=True)
    page.get_by_role("button", name=re.compile("核对这|再看一遍")).click()
    page.wait_for_selector(".commit", timeout=_READ_MS)
    take(page, "import-1280-zh-light")


def take_keeper(browser: Browser, url: str) -> None:
    """Take a shop assistant's phone, after a link was made for it."""
    desk = signed_in(browser, url, DESK)
    desk.locator("main table tbody a").first.click()
    desk.get_by_role("link", name="给店员链接").click()
    desk.get_by_label("他是谁").fill("便利店小吴")
    desk.get_by_role("button", name="做一个链接").click()
    link = desk.get_by_label("链接", exact=True).input_value()
    desk.context.close()
    page = opened(browser, PHONE, "light", None)
    page.goto(link)
    page.get_by_role("button", name="进去看我的驿站").click()
    take(page, "keeper-390-zh-light")


def take_checks(browser: Browser, url: str, codes: list[str]) -> None:
    """Take the list of what is to be looked into: told by workers, taken, answered; then done."""
    for phone in ("one", "two"):
        tell(url, codes[0], {"state": "locked", "mark": phone})
    tell(url, codes[1], {"state": "broken", "amenity": "microwave", "mark": "one"})
    page = signed_in(browser, url, PHONE)
    page.goto(f"{url}/staff/checks?lang=zh")
    locked = page.locator(".check-card", has_text="有人说锁着")
    locked.get_by_role("button", name="我去看").click()
    page.locator(".check-card.mine textarea").fill("打电话没人接，下午再去一趟。")
    page.locator(".check-card.mine button", has_text="先记下来").click()
    page.context.close()
    for size, view in _SIZES:
        for lang, scheme in LOOKS:
            page = signed_in(browser, url, view, scheme)
            page.goto(f"{url}/staff/checks?lang={lang}&about=told")
            page.locator(".picks").first.evaluate("choices => choices.scrollIntoView()")
            take(page, f"checks-{size}-{lang}-{scheme}")
    page = signed_in(browser, url, PHONE)
    page.goto(f"{url}/staff/checks?lang=zh")
    page.locator(".check-card.mine button", has_text="现在能进了").click()
    page.goto(f"{url}/staff/checks/done")
    take(page, "checks-done-390-zh-light")


def take_known(browser: Browser, url: str, code: str) -> None:
    """Take a new station at the place of a known one, and what is asked about it."""
    page = signed_in(browser, url, DESK)
    page.goto(f"{url}/staff/stations/{code}?lang=zh")
    typed = {name: page.locator(f"[name={name}]").input_value() for name in ("name", "lon", "lat")}
    page.goto(f"{url}/staff/stations/new")
    for name, text in typed.items():
        page.fill(f"[name={name}]", text)
    page.fill("[name=name]", f"{typed['name']}（新）")
    save(page)
    page.wait_for_selector("[name=sure]", state="attached")
    take(page, "alike-1280-zh-light")


def take_two_editors(browser: Browser, url: str, code: str) -> None:
    """Take what the second of two editors is asked, after both changed the same field."""
    first, second = (signed_in(browser, url, DESK) for _ in range(2))
    for page, phone in ((first, "0370-5550188"), (second, "0370-5550199")):
        page.goto(f"{url}/staff/stations/{code}?lang=zh")
        page.fill("[name=phone_public]", phone)
    save(first)
    first.context.close()
    save(second)
    chosen = second.locator("[name=phone_public]")
    chosen.evaluate("field => field.scrollIntoView({block: 'center'})")
    take(second, "two-editors-1280-zh-light")


def signed_in(browser: Browser, url: str, view: dict[str, int], scheme: str = "light") -> Page:
    """Open the desk in a browser of its own."""
    page = opened(browser, view, scheme, None)
    log_in(page, url)
    return page


def save(page: Page) -> None:
    """Send the form of a station."""
    page.locator("main form.form").get_by_role("button", name="保存", exact=True).click()
    page.wait_for_load_state()


def some_codes(browser: Browser, url: str) -> list[str]:
    """Return the codes of stations that the finder shows."""
    page = opened(browser, PHONE, "light", None)
    page.goto(f"{url}/?lang=zh")
    cards = page.locator("#answer .station")
    codes = cards.evaluate_all("all => all.map(one => one.dataset.code)")
    page.context.close()
    return [str(code) for code in codes]


def tell(url: str, code: str, said: dict[str, str]) -> None:
    """Report a station as a phone does."""
    asked = urllib.request.Request(  # noqa: S310  # our own address
        f"{url}/api/v1/stations/{code}/reports",
        data=json.dumps(said).encode(),
        headers={"Content-Type": "application/json"},
    )
    urllib.request.urlopen(asked, timeout=60).close()  # noqa: S310
