"""The demo district: made once, shown while there is nothing else, never mixed with own data."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from geo.city import list_cities
from geo.errors import SourceFormatError
from geo.store import open_store
from webmap import create_app
from webmap.cities import DEMO_CITY, Cities
from webmap.demo import demo_file, make_demo
from webmap.serve import prepare
from webmap.settings import Settings, database_url
from webmap.stores import Stores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

    from tests.webmap.conftest import Run, Save


@pytest.fixture(scope="module")
def made(copy_of_demo: Callable[[], Settings]) -> Path:
    """Copy what ``make_demo`` makes once for this file; no test writes into it."""
    return copy_of_demo().instance


@pytest.fixture
def demo_app(made: Path) -> Iterator[Flask]:
    """Make an application that shows the demo.

    Yields
    ------
    Flask
        Its stores are closed after the test.
    """
    app = create_app(Settings.from_env({"NUANYI_INSTANCE": str(made)}))
    yield app
    app.extensions["stores"].close()


def test_the_demo_is_marked_and_holds_the_districts_stations_and_areas(made: Path) -> None:
    with open_store(database_url(str(made / "demo.db"))) as store:
        assert store.is_demo
        stations = store.read_stations()
        assert (stations["demo"] == "yes").all()
        counts = stations["kind"].value_counts()
        assert counts["rest_station"] == 644
        assert counts["union_hub"] == 182
        assert len(store.read_areas("subdistrict")) == 17
    assert [city.code for city in list_cities(made / "cities")] == [DEMO_CITY]


def test_every_public_answer_of_the_demo_says_demo(demo_app: Flask) -> None:
    browser = demo_app.test_client()
    assert "演示数据" in browser.get("/").text
    assert "Demo" in browser.get("/?lang=en").text
    answer = browser.get("/api/v1/nearest?lon=113.9&lat=35.05").get_json()
    assert answer["demo"] is True
    code = answer["results"][0]["code"]
    assert "演示数据" in browser.get(f"/s/{code}?lang=zh").text


def test_an_import_into_the_demo_is_refused(run: Run, made: Path) -> None:
    done = run("stations", "import", demo_file("stations.csv"), "--db", made / "demo.db")
    assert done.exit_code == 1
    assert "demo" in done.stderr


def test_serving_makes_the_demo_only_while_there_is_no_own_station(
    settings: Settings, save: Save
) -> None:
    said: list[str] = []
    save({"name": "甲"})
    prepare(settings, say=said.append)
    assert not settings.demo_file.exists()
    assert said == []


def test_serving_starts_also_where_the_demo_cannot_be_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webmap.demo._FOLDERS", ())
    with pytest.raises(SourceFormatError, match=r"make_demo\.py"):
        make_demo(settings)
    said: list[str] = []
    prepare(settings, say=said.append)
    assert "make_demo.py" in said[-1]


def test_a_damaged_city_is_left_out_and_the_others_stay(
    settings: Settings, made: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = settings.cities / "zz"
    damaged.mkdir(parents=True)
    (damaged / "city.json").write_text("{", encoding="utf-8")
    shutil.copytree(made / "cities" / DEMO_CITY, settings.cities / DEMO_CITY)
    cities = Cities(settings, Stores(settings))
    assert [city.code for city in cities.of(is_demo=True)] == [DEMO_CITY]
    assert cities.of(is_demo=False) == ()
    assert "zz" in caplog.text


def test_a_demo_made_anew_while_the_site_runs_is_the_one_that_is_shown(
    settings: Settings, made: Path
) -> None:
    settings.make_instance()
    shutil.copy(made / "demo.db", settings.demo_file)
    stores = Stores(settings)
    old = stores.shown()
    assert stores.shown() is old
    anew = settings.demo_file.with_suffix(".anew")
    shutil.copy(made / "demo.db", anew)
    anew.replace(settings.demo_file)
    assert stores.shown() is not old
    assert stores.shown().is_demo
    stores.close()


def test_the_cities_shown_are_the_demos_or_all_others(settings: Settings, made: Path) -> None:
    stores = Stores(Settings.from_env({"NUANYI_INSTANCE": str(made)}))
    cities = Cities(Settings.from_env({"NUANYI_INSTANCE": str(made)}), stores)
    (city,) = cities.shown()
    assert city.code == DEMO_CITY
    assert cities.bounds() == (city.west, city.south, city.east, city.north)
    assert cities.city_at((city.west + city.east) / 2, (city.south + city.north) / 2) == city
    assert cities.city_at(0.0, 0.0) is None
    assert cities.network(city) is cities.network(city)
    assert len(cities.basemaps()) == 1
    stores.close()
    own = Stores(settings)
    settings.make_instance()
    assert Cities(settings, own).shown() == ()
    assert Cities(settings, own).bounds() is None
    own.close()
