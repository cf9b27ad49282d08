"""The menu of a run: whatever its name, and wherever the button comes to lie, it can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Site, served_here
from tests.webmap.planner.made import make_result, put_done

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.browser.conftest import OpenPage
    from webmap.settings import Settings

EDGES = """list => {
  const box = list.getBoundingClientRect();
  return [box.left, box.right];
}"""


@pytest.fixture(scope="module")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve a copy of the demo that gets runs.

    Yields
    ------
    Site
        Stopped after the tests.
    """
    with served_here(copy_of_demo()) as served:
        yield served


def test_the_menu_of_a_run_stays_on_the_screen(
    open_page: OpenPage, site: Site, tmp_path: Path
) -> None:
    password = site.user("小王", "editor")
    result = make_result(tmp_path)
    page = open_page()
    page.goto("/plan/")
    page.fill("#name", "小王")
    page.fill("#password", password)
    page.click(".login button")
    page.wait_for_selector("#run-form")
    for name in ("早班", "东四环卫" * 15):  # the second run can be compared as well
        run = put_done(site.settings, result, name=name)
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            page.goto(f"/plan/runs/{run.id}")
            page.click(".do summary")
            left, right = page.locator(".do-list").evaluate(EDGES)
            assert 0 <= left < right <= width, (name, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
