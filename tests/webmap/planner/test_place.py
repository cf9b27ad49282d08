"""Uploads whose points lie in none of the cities: said at the check, and begun by nobody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.webmap.planner.conftest import CSV, WALK, check, run_of, send_files
from webmap.runs import DRAFT

if TYPE_CHECKING:
    from geo.city import City
    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings

pytestmark = pytest.mark.usefixtures("asleep")
FAR = CSV.replace(b"116.", b"86.")


def _page(login: Login, settings: Settings, content: bytes) -> str:
    """Return the check of a file, which nobody could begin."""
    browser = login()
    address = str(send_files(browser, (content, "a.csv")).headers["Location"])
    answer = check(browser, address)
    assert answer.status_code == 422
    assert run_of(settings, address.split("/")[3]).state == DRAFT
    page = browser.get(address).text
    assert "这些线路不在这里已有的城市里" in page
    assert 'id="run-begin"' not in page
    assert '<div id="chosen" hidden>' in page
    return page


def test_another_city_is_named_with_where_the_points_are(
    login: Login, settings: Settings, city: City
) -> None:
    page = _page(login, settings, FAR)
    assert "经度 86.3" in page
    assert f"<strong>street</strong> 经度 {city.west:.2f}–{city.east:.2f}" in page
    assert "多半是别的城市的线路" in page


def test_points_that_lie_in_a_city_by_another_datum_name_it(
    login: Login, settings: Settings, city: City
) -> None:
    beyond = city.east + 0.003 - WALK["lon"].median()  # less than either shift is wide there
    walk = WALK.assign(lon=WALK["lon"] + beyond)
    said = _page(login, settings, walk.to_csv(index=False).encode())
    assert re.search("坐标好像选错了：按 (GCJ-02|BD-09) 就在“street”里", said)


def test_without_a_city_its_keeper_is_asked_for_one(login: Login, settings: Settings) -> None:
    page = _page(login, settings, CSV)
    assert "还没有任何城市的路网" in page


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(("far", "begins"), [(25, True), (45, False)])
def test_where_most_points_lie_decides(
    login: Login, settings: Settings, far: int, *, begins: bool
) -> None:
    head, *rows = CSV.splitlines(keepends=True)
    mixed = [row.replace(b"116.", b"86.") if n < far else row for n, row in enumerate(rows)]
    browser = login()
    address = str(send_files(browser, (head + b"".join(mixed), "a.csv")).headers["Location"])
    assert (check(browser, address).status_code == 303) == begins
    assert (run_of(settings, address.split("/")[3]).state != DRAFT) == begins
