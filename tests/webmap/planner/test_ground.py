"""By which stations and in which city a run is measured."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from geo.coverage import write_coverage
from geo.store import open_store
from tests.webmap.conftest import NOW
from tests.webmap.planner.conftest import finished, run_of
from webmap.runs import DONE
from webmap.stores import Stores

if TYPE_CHECKING:
    from geo.city import City
    from geo.store import Store
    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings

pytestmark = pytest.mark.usefixtures("at_once", "plain_files")


@pytest.fixture
def plain_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run write no pictures: they take seconds and say nothing here."""
    monkeypatch.setattr(
        "webmap.runs.measure.write_report",
        lambda result, directory, **_: write_coverage(result, directory),
    )


def test_figures_by_the_demo_s_stations_are_marked_so(
    login: Login, settings: Settings, city: City
) -> None:
    about = city.directory / "city.json"
    about.write_text(about.read_text("utf-8").replace('street"', 'demo"'), "utf-8")
    browser = login()
    with open_store(settings.database) as store:
        store.mark_demo()
    run = run_of(settings, finished(browser).rpartition("/")[2])
    assert (run.state, run.is_demo) == (DONE, True)


@pytest.mark.usefixtures("city")
def test_while_only_the_demo_has_stations_tracks_of_an_own_city_are_not_judged_by_them(
    login: Login, own_store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(settings.demo_database) as store:
        store.mark_demo()
        store.save_stations(own_store.read_stations(), actor="test", origin="test", now=NOW)
    monkeypatch.setattr(Stores, "is_own_empty", lambda _: True)
    browser = login()
    page = browser.get(finished(browser)).text
    assert "这里还没有驿站，没有东西可比。" in page
    assert 'class="headline"' not in page


def test_where_cities_overlap_the_demo_s_comes_last(
    login: Login, settings: Settings, city: City
) -> None:
    shutil.copytree(city.directory, settings.cities / "demo")
    about = settings.cities / "demo" / "city.json"
    cells = json.loads(about.read_text("utf-8"))
    cells |= {"code": "demo", "north": cells["north"] - 0.001}
    about.write_text(json.dumps(cells), "utf-8")
    run = run_of(settings, finished(login()).rpartition("/")[2])
    assert (run.state, run.city, run.is_demo) == (DONE, "street", False)
