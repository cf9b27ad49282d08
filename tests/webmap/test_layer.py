"""The process's copy of the stations: in order, without the hidden, fresh after each change."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from geo.stations.schema import PUBLIC_NAMES
from tests.webmap.conftest import NOW
from webmap.layer import COLUMNS, LayerCache

if TYPE_CHECKING:
    from geo.store import Store
    from tests.webmap.conftest import Save


@pytest.fixture
def layers(own_store: Store) -> LayerCache:
    """Return a cache of the open store."""
    return LayerCache(lambda: own_store)


def test_districts_and_names_stand_in_order_of_pinyin_those_without_last(
    layers: LayerCache, save: Save
) -> None:
    save(
        {"name": "无区", "district": ""},
        {"name": "望京", "district": "朝阳区"},
        {"name": "五道口", "district": "海淀区"},
        {"name": "国贸", "district": "朝阳区"},
        {"name": "东四", "district": "东城区"},
    )
    assert list(layers.current().rows["name"]) == ["国贸", "望京", "东四", "五道口", "无区"]


def test_closed_stations_and_duplicates_are_not_shown(layers: LayerCache, save: Save) -> None:
    words = ("open", "temporarily_closed", "planned", "built_not_open", "closed", "duplicate_of")
    save(*({"name": word, "status": word} for word in words))
    shown = set(layers.current().rows["status"])
    assert shown == {"open", "temporarily_closed", "planned", "built_not_open"}


def test_a_change_is_seen_and_an_unchanged_store_is_not_read_again(
    layers: LayerCache, save: Save, own_store: Store
) -> None:
    save({"name": "甲", "code": "A"}, {"name": "乙", "code": "B"})
    first = layers.current()
    assert layers.current() is first
    own_store.set_status("A", "closed", actor="t", origin="t", now=NOW)
    assert list(layers.current().rows["code"]) == ["B"]
    save({"name": "丙", "code": "C"})
    assert set(layers.current().rows["code"]) == {"B", "C"}
    own_store.set_status("A", "open", actor="t", origin="t", now=NOW)
    assert sorted(layers.current().rows["code"]) == ["A", "B", "C"]


def test_a_station_that_an_undo_took_out_goes_and_may_come_back(
    layers: LayerCache, save: Save, own_store: Store
) -> None:
    save({"name": "甲", "code": "A"}, {"name": "乙", "code": "B"})
    assert sorted(layers.current().rows["code"]) == ["A", "B"]
    entered = int(own_store.history("A")["seq"].max())
    undone = own_store.undo_change(entered, actor="t", now=NOW)
    assert list(layers.current().rows["code"]) == ["B"]
    assert layers.current().row_of("A") is None
    own_store.undo_batch(undone.batch, actor="t", now=NOW)
    assert sorted(layers.current().rows["code"]) == ["A", "B"]


def test_a_store_whose_every_station_was_taken_out_is_empty(
    layers: LayerCache, save: Save, own_store: Store
) -> None:
    save({"name": "甲", "code": "A"})
    assert len(layers.current().rows) == 1
    own_store.undo_change(1, actor="t", now=NOW)
    assert layers.current().rows.empty


def test_a_station_is_found_by_its_code_and_a_hidden_one_is_not(
    layers: LayerCache, save: Save
) -> None:
    save(
        {"code": "B", "name": "甲"},
        {"code": "A", "name": "乙"},
        {"code": "C", "name": "丙", "status": "closed"},
    )
    layer = layers.current()
    assert [layer.rows["code"][layer.row_of(code)] for code in ("A", "B")] == ["A", "B"]
    assert [layer.row_of(code) for code in ("", "AA", "C", "Z")] == [None] * 4
    assert layer.rows["code"][layer.by_code].tolist() == ["A", "B"]


def test_states_are_those_of_the_minute_and_of_stations_in_use(
    layers: LayerCache, save: Save
) -> None:
    save(
        {"code": "A", "name": "甲", "hours": "Mo-Su 09:00-17:00"},
        {"code": "B", "name": "乙"},
        {"code": "C", "name": "丙", "hours": "24/7", "status": "planned"},
    )
    layer = layers.current()

    def states(wall: str) -> dict[str, str]:
        at = dt.datetime.fromisoformat(f"2026-03-02T{wall}+08:00")
        return dict(zip(layer.rows["code"], layer.states(at).words, strict=True))

    assert states("08:44") == {"A": "closed", "B": "unknown", "C": "closed"}
    assert states("08:45")["A"] == "opens_soon"
    assert states("09:00:59")["A"] == "open"
    assert states("16:57")["A"] == "closes_before_arrival"
    assert layer.states(dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)) is layer.states(
        dt.datetime(2026, 3, 2, 1, 0, 59, tzinfo=dt.UTC)
    )


def test_states_know_both_timetables_ended_closures_and_locks(
    layers: LayerCache, save: Save
) -> None:
    ended = {"status": "temporarily_closed", "status_until": "2026-03-02T09:00:00+08:00"}
    save(
        {"code": "A", "name": "甲", "hours": "09:00-17:00", "self_hours": "17:00-09:00"},
        {"code": "B", "name": "乙", "hours": "24/7", **ended},
        {"code": "C", "name": "丙", "hours": "24/7"},
        {"code": "D", "name": "丁", "hours": "24/7", "status": "temporarily_closed"},
    )
    layer = layers.current()

    def states(wall: str, *locked: str) -> str:
        at = dt.datetime.fromisoformat(f"2026-03-02T{wall}+08:00")
        words = layer.states(at, frozenset(locked)).words
        of = dict(zip(layer.rows["code"], words, strict=True))
        return " ".join(of[code] for code in "ABCD")

    assert states("03:00") == "open closed open closed"
    assert states("09:00") == "open open open closed"
    assert states("03:00", "B", "C", "X") == "open closed reported_locked closed"
    at = dt.datetime.fromisoformat("2026-03-02T03:00+08:00")
    assert int(layer.states(at, frozenset("C")).is_open.sum()) == 1


def test_only_what_anybody_may_see_is_held() -> None:
    assert set(COLUMNS) <= set(PUBLIC_NAMES)


def test_layers_can_be_keys_of_caches(layers: LayerCache, save: Save) -> None:
    save({"code": "A", "name": "甲"})
    first = layers.current()
    save({"code": "B", "name": "乙"})
    assert len({first, layers.current()}) == 2
