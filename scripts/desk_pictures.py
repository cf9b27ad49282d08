"""Pictures of the staff desk: checks, two editors, a known station asked about, bulk edit, acts."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING, Final

from camera import DESK, LOOKS, PHONE, log_in, opened, take

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_SIZES: Final = (("390", PHONE), ("1280", DESK))


def take_desk(browser: Browser, url: str) -> None:
    """Take what staff see of the demo, in the course of one morning."""
    codes = some_codes(browser, url)
    take_checks(browser, url, codes)
    take_known(browser, url, codes[1])
    take_two_editors(browser, url, codes[2])


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
    second.locator(".fault a").first.click()
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
