"""Any single change of the history is undone, whole or field by field."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from geo.errors import StoreConflictError, UnknownChangeError
from tests.store.frames import BY, NOON, make_stations
from tests.store.test_undo import act, edit, rows_of, undo

if TYPE_CHECKING:
    from geo.store import Store, UndoReport

LATER = NOON + timedelta(hours=2)


def last_seq(store: Store, code: str) -> int:
    return int(store.history(code)["seq"].max())


def undo_change(
    store: Store, seq: int, *, fields: list[str] | None = None, overwrite: bool = False
) -> UndoReport:
    return store.undo_change(seq, actor="wang", now=LATER, fields=fields, overwrite=overwrite)


def test_one_change_goes_back_and_is_an_act(store: Store) -> None:
    store.save_stations(make_stations(["A"], capacity=[4]), **BY)
    edit(store, "A", capacity=6, note="新")
    seq = last_seq(store, "A")
    report = undo_change(store, seq)
    assert (rows_of(store)["A"]["capacity"], rows_of(store)["A"]["note"]) == (4, "")
    done = store.find_batch(report.batch)
    assert (done.kind, done.source, done.details["change"]) == ("undo", "A", seq)
    assert store.find_change(seq).after == {"capacity": 6, "note": "新"}


def test_an_undone_change_can_be_taken_up_again(store: Store) -> None:
    store.save_stations(make_stations(["A"], capacity=[4]), **BY)
    edit(store, "A", capacity=6)
    report = undo_change(store, last_seq(store, "A"))
    undo(store, report.batch)
    assert rows_of(store)["A"]["capacity"] == 6


def test_only_the_fields_asked_for_go_back(store: Store) -> None:
    store.save_stations(make_stations(["A"], capacity=[4], hours=["24/7"]), **BY)
    edit(store, "A", capacity=6, hours="Mo 08:00-09:00", hours_text="周一", note="新")
    undo_change(store, last_seq(store, "A"), fields=["hours"])
    now = rows_of(store)["A"]
    assert (now["hours"], now["hours_text"]) == ("24/7", "")
    assert (now["capacity"], now["note"]) == (6, "新")


def test_a_field_changed_since_is_named_and_overwritten_when_asked(store: Store) -> None:
    store.save_stations(make_stations(["A"], capacity=[4]), **BY)
    edit(store, "A", capacity=6, note="新")
    seq = last_seq(store, "A")
    edit(store, "A", capacity=8)
    report = undo_change(store, seq)
    assert [(one.field, one.now) for one in report.kept] == [("capacity", 8)]
    assert (rows_of(store)["A"]["capacity"], rows_of(store)["A"]["note"]) == (8, "")
    undo_change(store, seq, fields=["capacity"], overwrite=True)
    assert rows_of(store)["A"]["capacity"] == 4


def test_a_part_of_a_change_that_stands_still_counts_as_changed_since(store: Store) -> None:
    batch = act(store, ["A"], capacity=[4])
    edit(store, "A", capacity=6, note="新")
    undo_change(store, last_seq(store, "A"), fields=["capacity"])
    assert [one.code for one in undo(store, batch).kept] == ["A"]
    assert rows_of(store)["A"]["note"] == "新"


def test_a_whole_change_undone_no_longer_stands_in_the_way(store: Store) -> None:
    batch = act(store, ["A"], capacity=[4])
    edit(store, "A", capacity=6, note="新")
    undo_change(store, last_seq(store, "A"))
    assert undo(store, batch).removed == ("A",)


def test_undoing_the_entry_takes_the_station_out(store: Store) -> None:
    store.save_stations(make_stations(["A"], capacity=[4]), **BY)
    before = rows_of(store)
    report = undo_change(store, last_seq(store, "A"))
    assert (report.removed, store.count_stations()) == (("A",), 0)
    undo_change(store, last_seq(store, "A"))
    assert rows_of(store) == before


def test_a_change_that_is_undone_already_changes_nothing(store: Store) -> None:
    store.save_stations(make_stations(["A"], capacity=[4]), **BY)
    edit(store, "A", capacity=6)
    seq = last_seq(store, "A")
    undo_change(store, seq)
    report = undo_change(store, seq)
    assert (report.batch, report.restored, report.kept) == ("", (), ())


def test_an_unknown_change_or_a_newer_station_is_refused(store: Store) -> None:
    store.save_stations(make_stations(["A"]), **BY)
    with pytest.raises(UnknownChangeError, match="99"):
        store.find_change(99)
    with pytest.raises(UnknownChangeError, match="99"):
        undo_change(store, 99)
    with pytest.raises(StoreConflictError, match="A"):
        store.undo_change(1, actor="wang", now=LATER, unchanged_since=0)
    assert store.count_stations() == 1
