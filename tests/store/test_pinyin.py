"""The pinyin beside each station: made when it is saved, and for those that were there before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import column, insert, table

from geo.stations.schema import FIELDS, FieldType
from geo.store import open_store, revision, upgrade
from geo.store.engine import build_engine, exclusive, parse_url
from tests.store.frames import BY, make_stations

if TYPE_CHECKING:
    from pathlib import Path

    from geo.store import Store

BEFORE = "0004"


def test_pinyin_is_made_when_a_station_is_saved_and_follows_its_texts(store: Store) -> None:
    store.save_stations(make_stations(["A"], name=["隆福寺"], aliases=["东四;长街"]), **BY)
    assert store.read_pinyin() == {"A": "long fu si\ndong si\nchang/zhang jie\n"}
    store.save_stations(make_stations(["A"], name=["行知"], address=["大街3号"]), **BY)
    assert store.read_pinyin() == {"A": "xing/hang zhi\ndong si\nchang/zhang jie\nda jie 3 hao"}


def test_pinyin_is_no_field_and_no_change(store: Store) -> None:
    store.save_stations(make_stations(["A"]), **BY)
    assert "pinyin" not in store.read_stations().columns
    assert "pinyin" not in store.history("A")["after"].iloc[0]
    assert store.save_stations(make_stations(["A"]), **BY).unchanged == 1


@pytest.fixture(params=["sqlite", "postgres"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    # the address of a database without tables
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.db'}"
    return str(request.getfixturevalue("bare_postgres_url"))


def test_an_upgrade_makes_the_pinyin_of_the_stations_that_are_there(bare_url: str) -> None:
    engine = build_engine(parse_url(bare_url))
    with exclusive(engine) as connection:
        command.upgrade(revision._config(connection), BEFORE)  # noqa: SLF001 - the one place
        numbers = (FieldType.NUMBER, FieldType.COUNT)
        empty = {field.name: "" for field in FIELDS if field.type not in numbers}
        marks = {"lon": 116.4, "lat": 39.9, "changed_seq": 1, "created_at": "", "updated_at": ""}
        row = {**empty, **marks, "code": "A", "name": "隆福寺", "aliases": "东四"}
        rows = [row, {**row, "code": "B", "name": "长街"}, {**row, "code": "C", "address": "3号"}]
        stations = table("stations", *map(column, row))
        connection.execute(insert(stations), rows)
    engine.dispose()
    assert upgrade(bare_url).before == BEFORE
    with open_store(bare_url) as store:
        assert store.read_pinyin() == {
            "A": "long fu si\ndong si\n",
            "B": "chang/zhang jie\ndong si\n",
            "C": "long fu si\ndong si\n3 hao",
        }
        assert store.save_stations(make_stations(["D"]), **BY).created == 1
