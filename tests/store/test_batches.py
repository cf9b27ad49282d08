"""Acts upon many stations: one transaction, one row of the act, its id beside each change."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from geo.errors import (
    InvalidOptionError,
    InvalidStationError,
    StoreConflictError,
    UnknownBatchError,
)
from tests.store.frames import BY, NOON, count_history, make_stations

if TYPE_CHECKING:
    from geo.store import SaveReport, Store


def save_batch(
    store: Store, codes: list[str], *, fields: dict[str, Any] | None = None, **options: object
) -> tuple[str, SaveReport]:
    given: Any = {"kind": "import", "source": "file.csv", **BY, **options}
    return store.save_batch(make_stations(codes, **(fields or {})), **given)


def batches_of(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT batch FROM station_history ORDER BY seq"))
        return list(rows.scalars())


def test_an_act_is_one_row_and_its_id_stands_beside_each_change(store: Store) -> None:
    store.save_stations(make_stations(["A", "B"]), **BY)
    changes = {"capacity": [None, 4, 5]}
    act, saved = save_batch(
        store, ["A", "B", "C"], fields=changes, note="春季", details={"datum": "wgs84"}
    )
    assert (saved.created, saved.updated, saved.unchanged) == (1, 1, 1)
    (batch,) = store.list_batches()
    assert batch == store.find_batch(act)
    assert (batch.kind, batch.actor, batch.at, batch.source) == ("import", "lin", NOON, "file.csv")
    assert (batch.note, batch.undone_by) == ("春季", "")
    assert batch.details == {"datum": "wgs84", "created": 1, "updated": 1, "unchanged": 1}
    assert batch.last_seq == store.history("C")["seq"].max()
    assert batches_of(store) == ["", "", act, act]
    assert store.history("B").iloc[-1]["after"] == {"capacity": 4}


def test_acts_are_listed_the_last_first(store: Store) -> None:
    ids = [save_batch(store, [code])[0] for code in "ABC"]
    earlier, _ = save_batch(store, ["D"], now=NOON - timedelta(days=1))  # a clock set back
    assert [batch.id for batch in store.list_batches()] == [earlier, *reversed(ids)]


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_act_that_changes_nothing_is_none(store: Store, *, dry_run: bool) -> None:
    store.save_stations(make_stations(["A"]), **BY)
    codes = ["A", "B"] if dry_run else ["A"]
    act, saved = save_batch(store, codes, dry_run=dry_run)
    assert (act, saved.created, saved.unchanged) == ("", int(dry_run), 1)
    assert store.list_batches() == []
    assert (store.count_stations(), store.change_seq(), count_history(store)) == (1, 1, 1)


def test_a_refused_act_leaves_no_trace(store: Store) -> None:
    store.save_stations(make_stations(["A"]), **BY)
    with pytest.raises(InvalidStationError, match="B"):
        save_batch(store, ["A", "B"], fields={"name": ["新名", ""]})
    with pytest.raises(StoreConflictError, match="A"):
        save_batch(store, ["B", "A"], fields={"capacity": [1, 2]}, unchanged_since=0)
    with pytest.raises(InvalidOptionError, match="undo"):
        save_batch(store, ["B"], kind="undo")
    assert store.list_batches() == []
    assert (store.count_stations(), count_history(store)) == (1, 1)


def test_an_unknown_act_is_an_error(store: Store) -> None:
    with pytest.raises(UnknownBatchError, match="nobody"):
        store.find_batch("nobody")
