"""Where workers miss a station, on the start of the planner's desk: from five in a week on."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from geo.store.wishes import cell_of, middle_of
from webmap.planner.wishes import LEAST

if TYPE_CHECKING:
    import geopandas as gpd
    from flask import Flask

    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

pytestmark = pytest.mark.usefixtures("asleep")
NOW = dt.datetime(2026, 3, 4, 4, 30, tzinfo=dt.UTC)  # a Wednesday
HERE = (116.415, 39.93)  # in 东四街道


@pytest.fixture(autouse=True)
def _today(app: Flask, save: Save, areas: gpd.GeoDataFrame) -> None:
    """Stop the clock in a site with a station and areas."""
    assert len(areas) == 3
    save({"code": "A", "name": "甲"})
    app.extensions["clock"] = lambda: NOW


def wishes(store: Store, devices: int, *, weeks_ago: int = 0) -> None:
    day = NOW.date() - weeks_ago * dt.timedelta(weeks=1)
    for device in range(devices):
        store.add_wish(*HERE, devices=[f"d{device}"], day=day)


def rows(page: str) -> list[str]:
    """Return the words of the table's rows."""
    part = page[page.index('aria-labelledby="wanted"') :]
    found = re.findall(r"<tr>(.*?)</tr>", part[: part.index("</table>")], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found[1:]]


def test_fewer_than_five_are_not_shown(login: Login, own_store: Store) -> None:
    wishes(own_store, LEAST - 1)
    assert "这里需要一个驿站" not in login().get("/plan/").text


def test_five_in_a_week_are_shown_with_area_and_middle(login: Login, own_store: Store) -> None:
    wishes(own_store, LEAST)
    wishes(own_store, LEAST + 2, weeks_ago=1)
    wishes(own_store, LEAST + 1, weeks_ago=3)
    wishes(own_store, LEAST + 1, weeks_ago=12)
    lon, lat = middle_of(cell_of(*HERE))
    place = f"{lon:.4f}, {lat:.4f}"
    assert rows(login().get("/plan/").text) == [
        f"东四街道 这一周 5 {place}",
        f"东四街道 上一周 7 {place}",
        f"东四街道 2 月 9 日–15 日 6 {place}",
    ]


def test_a_visitor_does_not_see_them(app: Flask, own_store: Store) -> None:
    wishes(own_store, LEAST)
    assert "这里需要" not in app.test_client().get("/plan/", follow_redirects=True).text
