"""Hours by tapping days and times: the words they become, and the buttons that follow words."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from geo.stations.spoken import is_same_hours, read_words
from tests.browser.conftest import Site, served_here
from tests.browser.desk import log_in
from tests.browser.phones import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage
    from webmap.settings import Settings

WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
SPANS = (
    [["08:30", "17:30"]],
    [["08:30", "11:30"], ["13:30", "17:00"]],
    [["22:00", "06:00"]],
    [["18:00", "00:00"]],
    [["00:00", "24:00"]],
)


@pytest.fixture(scope="module")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve a copy of the demo whose stations are changed.

    Yields
    ------
    Site
        Stopped after the tests.
    """
    with served_here(copy_of_demo()) as served:
        served.user("小王", "editor")
        yield served


def opened(page: Page, address: str = "/staff/stations/new") -> Page:
    """Open a form of the desk."""
    page.goto(address)
    log_in(page, "a made-up password")
    page.wait_for_selector("details.tap[data-taps=hours_text] summary")
    return page


def osm_of(rows: list[dict[str, Any]], *, is_off: bool) -> str:
    """Return rows as OSM text, day by day: another way than the page's words."""
    parts = []
    for row in rows:
        spans = [f"{start}-{'24:00' if end == '00:00' else end}" for start, end in row["spans"]]
        parts.append(f"{','.join(row['days'])} {','.join(spans)}")
    is_taken = any("PH" in row["days"] for row in rows)
    return "; ".join([*parts, *(["PH off"] if is_off and not is_taken else [])])


def tables() -> list[dict[str, Any]]:
    """Return many tables: all sets of days, every kind of times, one row and two."""
    sets = [list(days) for size in range(1, 8) for days in combinations(WEEK, size)]
    found = []
    for place, days in enumerate(sets):
        spans, others = SPANS[place % len(SPANS)], SPANS[(place + 2) % len(SPANS)]
        rest = [day for day in WEEK if day not in days]
        one = {"days": days, "spans": spans}
        two = {"days": [*rest, "PH"] if place % 3 else rest, "spans": others}
        found.append({"rows": [one], "is_off": bool(place % 2)})
        if rest:
            found.append({"rows": [one, two], "is_off": bool(place % 2)})
    return found


def test_every_table_becomes_words_that_are_read_as_that_table(page: Page) -> None:
    opened(page)
    made = tables()
    said = page.evaluate("tables => tables.map((table) => nuanyi.sayTapped(table))", made)
    for table, words in zip(made, said, strict=True):
        reading = read_words(words)
        assert reading.status == "ok", words
        meant = osm_of(table["rows"], is_off=table["is_off"])
        assert is_same_hours(reading.osm, meant, 2026), (words, reading.osm, meant)


def test_unfinished_table_says_nothing(page: Page) -> None:
    opened(page)
    rows = [{"days": [], "spans": [["08:00", "09:00"]]}, {"days": ["Mo"], "spans": []}]
    assert page.evaluate("t => nuanyi.sayTapped(t)", {"rows": rows, "is_off": True}) == ""


def test_hours_are_tapped_on_a_phone_and_told_back(open_page: OpenPage) -> None:
    page = opened(open_page(**PHONE))
    tap = page.locator("details.tap[data-taps=hours_text]")
    tap.locator("summary").tap()
    tap.get_by_role("button", name="周一到周五").tap()
    tap.get_by_label("几点开").fill("08:30")
    tap.get_by_label("几点关").fill("12:00")
    tap.get_by_role("button", name="再加一段").tap()
    tap.get_by_label("几点开").nth(1).fill("13:30")
    tap.get_by_label("几点关").nth(1).fill("17:30")
    tap.get_by_role("button", name="别的日子时间不一样").tap()
    second = tap.get_by_role("group", name="开门的日子和钟点").nth(1)
    expect(second.get_by_role("checkbox", name="周六")).to_be_checked()
    second.get_by_role("checkbox", name="周日").uncheck()
    second.get_by_role("checkbox", name="24 小时").check()
    tap.get_by_role("checkbox", name="节假日休息").check()
    words = "周一至周五 8:30–12:00、13:30–17:30；周六 24 小时；节假日休息"
    expect(page.get_by_label("开放时间（平常的话）")).to_have_value(words)
    expect(page.get_by_text(f"我们读成：{words}。")).to_be_visible()


def test_a_day_is_in_one_row_only(page: Page) -> None:
    opened(page)
    tap = page.locator("details.tap[data-taps=hours_text]")
    tap.locator("summary").click()
    tap.get_by_role("button", name="每天").click()
    tap.get_by_role("button", name="别的日子时间不一样").click()
    tap.get_by_role("checkbox", name="周三").nth(1).check()
    expect(tap.get_by_role("checkbox", name="周三").first).not_to_be_checked()


def test_buttons_follow_the_words(page: Page) -> None:
    opened(page)
    tap = page.locator("details.tap[data-taps=hours_text]")
    tap.locator("summary").click()
    page.get_by_label("开放时间（平常的话）").fill("周二、周四 9点到11点")
    expect(tap.get_by_role("checkbox", name="周四")).to_be_checked()
    expect(tap.get_by_role("checkbox", name="周三")).not_to_be_checked()
    expect(tap.get_by_label("几点关")).to_have_value("11:00")
    page.get_by_label("开放时间（平常的话）").fill("夏天到晚上八点")
    expect(tap.get_by_text("现在的写法比这里的按钮说得多")).to_be_visible()
    expect(page.get_by_label("开放时间（平常的话）")).to_have_value("夏天到晚上八点")


def test_own_hours_without_staff_are_tapped_as_well(page: Page) -> None:
    opened(page)
    tap = page.locator("details.tap[data-taps=self_hours]")
    tap.locator("summary").click()
    tap.get_by_role("button", name="每天").click()
    tap.get_by_label("几点开").fill("22:00")
    tap.get_by_label("几点关").fill("06:00")
    expect(page.get_by_label("没人值守时的开放时间")).to_have_value("每天 22:00–次日6:00")
    expect(page.locator("#r-self_hours")).to_contain_text("我们读成")
