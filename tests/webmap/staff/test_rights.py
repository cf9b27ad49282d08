"""Who may change which station: an editor sees all, and changes only what lies in their area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from shapely.geometry import MultiPolygon, box

from tests.webmap.staff.conftest import STATION, error_at, fields_of, send
from webmap.staff.territory import find_territory

if TYPE_CHECKING:
    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

NEW = "/staff/stations/new"
WEST, EAST = "110101005", "110101010"  # 东四街道, 朝阳门街道


@pytest.fixture
def two(save: Save, areas: gpd.GeoDataFrame) -> None:
    """Save a station in each of the two subdistricts."""
    assert len(areas) == 3
    save(
        {"code": "W", "name": "西", "lon": "116.41", "lat": "39.93", "subdistrict": "东四街道"},
        {"code": "E", "name": "东", "lon": "116.43", "lat": "39.93", "subdistrict": "朝阳门街道"},
    )


@pytest.mark.usefixtures("two")
def test_an_editor_changes_a_station_of_their_area(login: Login, own_store: Store) -> None:
    browser = login(area=WEST)
    typed = fields_of(browser.get("/staff/stations/W").text)
    assert send(browser, "/staff/stations/W", typed | {"name": "新西"}).status_code == 302
    assert own_store.read_stations(codes=["W"]).iloc[0]["name"] == "新西"


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("role", ["editor", "reviewer", "admin"])
def test_a_station_of_another_area_can_only_be_looked_at(
    login: Login, own_store: Store, role: str
) -> None:
    browser = login(role=role, area=WEST)
    page = browser.get("/staff/stations/E").text
    assert "不在你负责的地方（东四街道），只能看" in page
    assert 'class="acts' not in page
    assert page.count('<fieldset class="group"') == page.count(" disabled>")
    answer = send(browser, "/staff/stations/E", fields_of(page) | {"name": "我的"})
    assert answer.status_code == 422
    assert "不在你负责的地方（东四街道）" in answer.text
    assert own_store.read_stations(codes=["E"]).iloc[0]["name"] == "东"


@pytest.mark.usefixtures("two")
def test_a_station_is_not_moved_out_of_the_area_and_none_is_taken_from_another(
    login: Login, own_store: Store
) -> None:
    browser = login(area=WEST)
    typed = fields_of(browser.get("/staff/stations/W").text)
    out = send(browser, "/staff/stations/W", typed | {"lon": "116.43"})
    assert "不在你负责的地方" in error_at(out.text, "lon")
    typed = fields_of(browser.get("/staff/stations/E").text)
    taken = send(browser, "/staff/stations/E", typed | {"lon": "116.41"})
    assert "不在你负责的地方" in taken.text
    stored = own_store.read_stations().set_index("code")["lon"]
    assert stored.to_dict() == {"W": 116.41, "E": 116.43}


@pytest.mark.usefixtures("two")
def test_a_new_station_lies_in_the_area_of_its_writer(login: Login, own_store: Store) -> None:
    browser = login(area=WEST)
    page = send(browser, NEW, STATION | {"lon": "116.43"})
    assert "不在你负责的地方（东四街道）" in error_at(page.text, "lon")
    assert fields_of(page.text)["lon"] == "116.43"
    assert send(browser, NEW, STATION | {"lon": "116.415"}).status_code == 302
    assert own_store.count_stations() == 3


@pytest.mark.usefixtures("two")
def test_an_account_without_an_area_works_everywhere(login: Login) -> None:
    browser = login()
    for lon in ("116.405", "116.435"):
        assert send(browser, NEW, STATION | {"lon": lon}).status_code == 302


@pytest.mark.usefixtures("two")
def test_a_viewer_sees_a_station_and_cannot_change_it(login: Login, own_store: Store) -> None:
    browser = login(role="viewer")
    page = browser.get("/staff/stations/W")
    assert page.status_code == 200
    assert "你的账号只能看，不能改" in page.text
    assert "登记驿站" not in browser.get("/staff/").text
    answer = send(browser, "/staff/stations/W", fields_of(page.text) | {"name": "我的"})
    assert answer.status_code == 403
    assert own_store.read_stations(codes=["W"]).iloc[0]["name"] == "西"


def test_an_area_without_a_shape_is_known_by_the_names_of_its_stations(
    login: Login, save: Save
) -> None:
    save(
        {"code": "W", "name": "西", "subdistrict": "东四街道"},
        {"code": "E", "name": "东", "subdistrict": "朝阳门街道"},
    )
    browser = login(area="东四街道")
    assert 'class="acts' in browser.get("/staff/stations/W").text
    assert 'class="acts' not in browser.get("/staff/stations/E").text


def test_a_territory_holds_its_border_and_ignores_names_where_it_has_a_shape() -> None:
    areas = gpd.GeoDataFrame(
        {"code": ["a", "b"], "name": ["甲", "乙"]},
        geometry=[box(116, 39, 117, 40), MultiPolygon()],
        crs=4326,
    )
    first = find_territory("a", areas)
    assert first.holds(116, 39.5, ())
    assert not first.holds(115.99, 39.5, ("甲",))
    second = find_territory("b", areas)
    assert second.holds(0, 0, ("", "乙"))
    assert not second.holds(116.5, 39.5, ("甲", ""))
    assert find_territory("", areas).holds(0, 0, ())
    assert not find_territory("c", areas).holds(116.5, 39.5, ("", ""))
