"""The process's copy of the stations: in order, without the hidden, fresh after each change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.webmap.conftest import NOW
from webmap.layer import LayerCache

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.store import Store
    from tests.webmap.conftest import Save


@pytest.fixture
def layers(own_store: Store) -> Iterator[LayerCache]:
    """Make a cache of the open store.

    Yields
    ------
    LayerCache
        Of the own store.
    """
    cache = LayerCache(lambda: own_store)
    yield cache


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
    assert set(layers.current().rows["code"]) == {"A", "B", "C"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["A", "B"]),
        ("驿站", ["A", "B"]),
        ("东四 驿站", ["A"]),
        ("kfc", ["B"]),
        ("别名", ["B"]),
        (".*", []),
        ("东四 海淀", []),
    ],
)
def test_search_finds_rows_that_hold_every_word_literally(
    layers: LayerCache, save: Save, words: str, found: list[str]
) -> None:
    save(
        {"code": "A", "name": "隆福寺驿站", "subdistrict": "东四街道"},
        {"code": "B", "name": "五道口驿站", "address": "KFC 旁", "aliases": "一个别名"},
    )
    assert list(layers.current().find(words)["code"]) == found
