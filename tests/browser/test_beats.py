"""Beats in a real browser: drawn by touches of the map, kept, and chosen to be measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import served_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import Site
    from webmap.settings import Settings


@pytest.fixture(scope="module")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve a copy of the demo to which a beat is added.

    Yields
    ------
    Site
        Stopped after the tests.
    """
    with served_here(copy_of_demo()) as served:
        yield served


@pytest.fixture(scope="module")
def password(site: Site) -> str:
    """Make the drawer's account and return its password."""
    return site.user("画线员", "editor")


def log_in(page: Page, password: str, address: str) -> None:
    page.goto(address)
    page.fill("#name", "画线员")
    page.fill("#password", password)
    page.click(".login button")


def touch(page: Page, *places: tuple[float, float]) -> None:
    """Touch the map at shares of its width and height."""
    box = page.locator("#map_main").bounding_box()
    assert box is not None
    for n, (x, y) in enumerate(places, 1):
        spot = {"x": box["width"] * x, "y": box["height"] * y}
        page.locator("#map_main").click(position=spot)  # type: ignore[arg-type]
        page.wait_for_selector(f"#drawn[data-corners='{n}']")


def test_a_beat_is_drawn_undone_moved_kept_and_chosen(page: Page, password: str) -> None:
    log_in(page, password, "/plan/beats/new")
    page.wait_for_selector("#tools:not([hidden])")
    touch(page, (0.45, 0.5), (0.5, 0.45), (0.55, 0.5))
    page.click("#undo")
    page.wait_for_selector("#drawn[data-corners='2']")
    typed = page.input_value("#line").split("\n")
    assert len(typed) == 2
    corner = page.locator(".beat-corner").last.bounding_box()
    assert corner is not None
    page.mouse.move(corner["x"] + 8, corner["y"] + 8)
    page.mouse.down()
    page.mouse.move(corner["x"] + 48, corner["y"] + 8, steps=4)
    page.mouse.up()
    expect(page.locator("#line")).not_to_have_value("\n".join(typed))
    moved = page.input_value("#line").split("\n")
    assert moved[0] == typed[0]
    assert float(moved[1].split(",")[0]) > float(typed[1].split(",")[0])
    page.fill("#name", "新画的线")
    page.fill("#shift", "周一到周五 早上4点到11点")
    expect(page.locator("#shift-read")).to_contain_text("4:00")
    page.click("#keep")
    page.wait_for_selector("#lines-note[data-count]")
    assert "“新画的线”存好了" in page.inner_text(".notice.good")
    page.check("tr:has-text('新画的线') input[name=beats]")
    page.click("button[value=ticked]")
    page.wait_for_url("**/check")
    assert "要算 1 条固定线路" in page.inner_text("main")
