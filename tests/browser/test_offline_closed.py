"""A station out of use, seen again without a line: that it is so is not forgotten."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tests.browser.offline_line import Line, phone
from tests.browser.test_offline import READY

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from webmap.settings import Settings


@pytest.mark.parametrize("has_pack", [True, False])
def test_a_closed_station_stays_closed(
    browser: Browser, copy_of_demo: Callable[[], Settings], *, has_pack: bool
) -> None:
    line = Line(copy_of_demo())
    stores = line.app.extensions["stores"]
    with line.app.app_context():
        store = stores.shown()
        code = store.read_stations(columns=()).iloc[0]["code"]
        shut = pd.DataFrame({"code": [code], "status": ["temporarily_closed"]})
        store.save_stations(shut, actor="x", origin="staff", now=dt.datetime.now(dt.UTC))
    with phone(browser, line) as page:
        page.goto(f"/s/{code}")
        page.evaluate(READY)
        page.reload()
        page.wait_for_load_state("load")
        said = page.locator(".place-page .line").inner_text()
        kept = "!!(await caches.match(location.pathname, {ignoreSearch: true}))"
        page.wait_for_function(f"async () => {kept}")
        if not has_pack:
            page.evaluate(
                "() => new Promise((done) => {"
                " indexedDB.deleteDatabase('nuanyi').onsuccess = done; })"
            )
        line.cut()
        page.reload()
        page.wait_for_selector("html[data-told]")
        assert page.locator(".place-page .line").inner_text() == said
        assert "暂停开放" in said
    stores.close()
