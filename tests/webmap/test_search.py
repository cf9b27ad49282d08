"""The site's search: stations of the layer and places of its cities, fresh after every change."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest

from geo.coords import WGS84
from geo.places import COLUMNS
from tests.store.frames import make_areas
from tests.webmap.conftest import NOW
from webmap import search as module
from webmap.search import find, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from geo.store import Store
    from tests.webmap.conftest import Save
    from webmap.settings import Settings

PLACES = [
    ("n1", "东四", "", "place=neighbourhood", 116.05, 39.95),
    ("n2", "东四路口", "Dongsi Crossing", "highway=bus_stop", 116.06, 39.95),
    ("n3", "东四路口", "", "highway=bus_stop", 116.0604, 39.9501),
    ("n4", "东四路口", "", "highway=bus_stop", 116.15, 39.95),
    ("w5", "东四大楼", "", "building=yes", 116.061, 39.95),
    ("w6", "东四书店", "", "shop=books", 116.062, 39.95),
]


@pytest.fixture
def _inside(app: Flask) -> Iterator[None]:
    """Be inside the application.

    Yields
    ------
    None
        Nothing.
    """
    with app.app_context():
        yield


pytestmark = pytest.mark.usefixtures("_inside")


def put_places(settings: Settings, rows: list[tuple[object, ...]], code: str = "one") -> Path:
    """Write a city that has places alone; return their file."""
    folder = settings.cities / code
    folder.mkdir(parents=True, exist_ok=True)
    about = {"code": code, "west": 116, "south": 39, "east": 117, "north": 40, "sources": []}
    (folder / "city.json").write_text(json.dumps(about), encoding="utf-8")
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    points = gpd.points_from_xy(table["lon"], table["lat"])
    path = folder / "places.parquet"
    gpd.GeoDataFrame(table, geometry=points, crs=WGS84).to_parquet(path)
    return path


def codes(words: str, **options: Any) -> list[str]:  # noqa: ANN401  # passed on
    found = find(words, **options)
    return found.layer.rows["code"].take(found.rows).tolist()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ["B", "A"]),
        ("驿站", ["B", "A"]),
        ("东四 驿站", ["A"]),
        ("kfc", ["B"]),
        ("别名", ["B"]),
        (".*", ["B", "A"]),  # signs alone say nothing
        ("东四 海淀", []),
        ("wudaokou", ["B"]),
        ("longfisi", ["A"]),
    ],
)
def test_words_find_stations(save: Save, words: str, expected: list[str]) -> None:
    save(
        {"code": "A", "name": "隆福寺驿站", "subdistrict": "东四街道", "district": "东城区"},
        {
            "code": "B",
            "name": "五道口驿站",
            "address": "KFC 旁",
            "aliases": "别名",
            "district": "安区",
        },
    )
    assert codes(words) == expected


def test_a_change_is_found_at_once_and_what_is_hidden_is_not(save: Save, own_store: Store) -> None:
    save({"code": "A", "name": "东四"})
    assert codes("东四") == ["A"]
    save({"code": "B", "name": "东四北"}, {"code": "C", "name": "东四南", "status": "closed"})
    assert codes("东四") == ["A", "B"]
    own_store.set_status("A", "closed", actor="t", origin="t", now=NOW)
    assert codes("dongsi") == ["B"]


def test_a_station_that_an_undo_took_out_is_not_found(save: Save, own_store: Store) -> None:
    save({"code": "A", "name": "东四"}, {"code": "B", "name": "东四北"})
    assert codes("东四") == ["A", "B"]
    own_store.undo_change(1, actor="t", now=NOW)
    assert codes("东四") == ["B"]


def test_an_index_is_kept_while_no_text_changes(save: Save, app: Flask, own_store: Store) -> None:
    save({"code": "A", "name": "东四"}, {"code": "B", "name": "西四"})
    find("东四")
    kept = app.extensions["search"]._kept  # noqa: SLF001 - what is kept is the matter
    own_store.set_status("A", "planned", actor="t", origin="t", now=NOW)
    found = find("东四")
    assert app.extensions["search"]._kept.index is kept.index  # noqa: SLF001
    assert found.layer is not kept.layer
    save({"code": "A", "name": "东四口"})
    find("东四")
    assert app.extensions["search"]._kept.index is not kept.index  # noqa: SLF001


def test_where_making_it_takes_long_the_earlier_index_answers_for_the_stations_of_now(
    save: Save, monkeypatch: pytest.MonkeyPatch, own_store: Store
) -> None:
    monkeypatch.setattr(module, "QUICK_S", -1.0)
    save(
        {"code": "A", "name": "东四"},
        {"code": "B", "name": "东四北"},
        {"code": "C", "name": "东四南"},
    )
    assert codes("东四") == ["A", "B", "C"]
    gate, make = threading.Event(), module.Index

    def slowly(texts: Any) -> Any:  # noqa: ANN401  # passed on
        gate.wait(20)
        return make(texts)

    monkeypatch.setattr(module, "Index", slowly)
    own_store.set_status("A", "closed", actor="t", origin="t", now=NOW)
    save({"code": "D", "name": "东四东"})
    assert codes("东四") == ["B", "C"]  # A is hidden, D not yet known
    gate.set()
    for thread in threading.enumerate():
        if thread.name == module.THREAD:
            thread.join(20)
    assert codes("东四") == ["B", "D", "C"]


def test_of_equal_hits_the_nearer_is_first_and_only_so_many_are_told(save: Save) -> None:
    save(*({"code": f"S{n}", "name": f"东四{n}"} for n in range(4)))  # from 116.000 eastward
    assert codes("东四", limit=2) == ["S0", "S1"]
    assert codes("东四", limit=3, near=(116.003, 40.0)) == ["S3", "S2", "S1"]


def test_a_layer_of_the_callers_own_is_searched(save: Save, app: Flask) -> None:
    save({"code": "A", "name": "东四"})
    layer = app.extensions["layers"].current()
    save({"code": "B", "name": "东四"})
    assert find("", layer=layer).layer is layer
    assert len(find("", layer=layer).rows) == 1


def test_places_stand_by_what_people_meet_at_and_one_stop_counts_once(
    save: Save, settings: Settings, own_store: Store
) -> None:
    save({"code": "A", "name": "西单"})
    own_store.save_areas(make_areas(level="subdistrict"))
    put_places(settings, PLACES)
    found = find("东四")
    assert [place.id for place in found.places] == [
        "one:n1",
        "one:n2",
        "one:n4",
        "one:w6",
        "one:w5",
    ]
    assert [place.area for place in found.places][:3] == ["区 110101", "区 110101", "区 110102"]
    assert (found.rows.tolist(), found.is_guess) == ([], False)
    assert [place.id for place in find("东四", near=(116.15, 39.95)).places][1:3] == [
        "one:n4",
        "one:n3",
    ]
    assert [place.id for place in find("dongsi crossing").places] == ["one:n2"]
    assert [place.id for place in find("dslk").places] == ["one:n2", "one:n4"]


def test_a_guess_is_made_only_where_neither_station_nor_place_has_the_words(
    save: Save, settings: Settings
) -> None:
    save({"code": "A", "name": "东四路北"}, {"code": "B", "name": "西单"})
    put_places(settings, PLACES)
    assert codes("东四大楼") == []
    assert not find("东四大楼").is_guess
    found = find("东斯路口")
    assert (found.is_guess, [place.id for place in found.places]) == (True, ["one:n2", "one:n4"])
    assert codes("东四鹿北") == ["A"]
    nothing = find("鑫淼焱垚")
    assert (nothing.is_guess, nothing.places, nothing.rows.tolist()) == (False, (), [])


def test_a_word_for_all_stations_finds_no_place(save: Save, settings: Settings) -> None:
    save({"code": "A", "name": "东四"})
    put_places(settings, [("n1", "爱心驿站", "", "amenity=shelter", 116.0, 39.9)])
    assert find("爱心驿站").places == ()


def test_a_place_is_known_by_its_id(settings: Settings) -> None:
    path = put_places(settings, PLACES)
    place = place_of("one:n2")
    assert place is not None
    assert tuple(place) == ("one:n2", "东四路口", "highway=bus_stop", 116.06, 39.95, "")
    assert place_of("one:n9") is None
    assert place_of("") is None
    put_places(settings, PLACES[:1])
    path.touch()
    assert place_of("one:n2") is None


def test_a_city_without_places_or_with_damaged_ones_is_passed_over(
    save: Save, settings: Settings
) -> None:
    save({"code": "A", "name": "东四"})
    put_places(settings, PLACES)
    put_places(settings, PLACES, code="two").write_bytes(b"PAR1 no")
    put_places(settings, PLACES, code="three").unlink()
    assert {place.id.partition(":")[0] for place in find("东四").places} == {"one"}


def test_cells_without_a_value_and_doubled_places_do_no_harm(settings: Settings) -> None:
    rows = [*PLACES, PLACES[0], ("n8", "东四甲", None, None, 116.2, 39.9)]
    rows += [("n9", None, "", "place=x", 116.2, 39.9)]
    put_places(settings, rows)
    assert "one:n8" in {place.id for place in find("东四甲").places}
    assert place_of("one:n1") is not None
    assert place_of("one:n9") is None


def test_places_of_the_demo_are_not_those_of_ones_own_stations(
    save: Save, settings: Settings
) -> None:
    save({"code": "A", "name": "东四"})
    put_places(settings, PLACES, code="demo")
    assert find("东四").places == ()
    assert place_of("demo:n1") is None
