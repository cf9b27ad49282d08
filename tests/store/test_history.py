"""History tells every change and nobody can rewrite it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.errors import UnknownStationError
from geo.store import open_store
from tests.store.frames import BY, NOON, count_history, make_stations

if TYPE_CHECKING:
    from geo.store import Store


def test_history_keeps_the_changed_fields_before_and_after(store: Store) -> None:
    store.save_stations(make_stations(["A"], capacity=[4]), **BY)
    later = datetime(2026, 3, 3, 8, 30, tzinfo=timezone(timedelta(hours=8)))
    change = make_stations(["A"], name=["新名"], capacity=[6])
    store.save_stations(change, actor="wang", origin="import:file.csv", now=later)
    created, updated = store.history("A").to_dict("records")
    assert created["action"] == "create"
    assert created["before"] == {}
    assert created["after"] == {
        "code": "A",
        "name": "暖心驿站 A",
        "lon": 116.3,
        "lat": 39.9,
        "capacity": 4,
    }
    assert updated["action"] == "update"
    assert updated["before"] == {"name": "暖心驿站 A", "capacity": 4}
    assert updated["after"] == {"name": "新名", "capacity": 6}
    assert (updated["actor"], updated["origin"]) == ("wang", "import:file.csv")
    assert updated["at"] == "2026-03-03T00:30:00+00:00"
    assert store.last_change() == datetime(2026, 3, 3, 0, 30, tzinfo=UTC)


def test_an_emptied_number_is_null_in_history(store: Store) -> None:
    store.save_stations(make_stations(["A"], area_m2=[5.5]), **BY)
    store.save_stations(make_stations(["A"]), blank=True, **BY)
    last = store.history("A").iloc[-1]
    assert (last["before"], last["after"]) == ({"area_m2": 5.5}, {"area_m2": None})


def test_a_station_remembers_when_it_came_and_changed(store: Store) -> None:
    store.save_stations(make_stations(["A"]), **BY)
    store.set_status("A", "closed", actor="lin", origin="form", now=NOON + timedelta(hours=1))
    with store.engine.connect() as connection:
        row = connection.execute(text("SELECT created_at, updated_at FROM stations")).one()
    assert tuple(row) == ("2026-03-02T12:00:00+00:00", "2026-03-02T13:00:00+00:00")


def test_the_history_of_an_unknown_station_is_an_error(store: Store) -> None:
    with pytest.raises(UnknownStationError, match="nobody"):
        store.history("nobody")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE station_history SET actor = 'someone else'",
        "DELETE FROM station_history",
        "DELETE FROM station_history WHERE code = 'A'",
    ],
)
def test_history_is_append_only(store: Store, statement: str) -> None:
    store.save_stations(make_stations(), **BY)
    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(text(statement))
    assert count_history(store) == 2
    assert set(store.history("A")["actor"]) == {"lin"}


def test_history_cannot_be_replaced_by_an_insert(store: Store) -> None:
    store.save_stations(make_stations(), **BY)
    columns = "station_history (seq, at, actor, origin, code, action, before, after)"
    cells = "VALUES (1, '', 'liar', '', 'A', 'create', '{}', '{}')"
    statement = (
        f"INSERT OR REPLACE INTO {columns} {cells}"
        if store.engine.dialect.name == "sqlite"
        else f"INSERT INTO {columns} {cells} ON CONFLICT (seq) DO UPDATE SET actor = 'liar'"
    )
    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert list(store.history("A")["actor"]) == ["lin"]


def test_history_cannot_be_truncated(postgres_url: str) -> None:
    with open_store(postgres_url) as store:
        store.save_stations(make_stations(), **BY)
        with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
            connection.execute(text("TRUNCATE station_history"))
        assert count_history(store) == 2
