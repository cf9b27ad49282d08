"""Acts are undone as a whole; what others changed since stays and is named."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from geo.errors import StoreConflictError, UnknownBatchError
from geo.stations.schema import FIELD_NAMES
from geo.store.reversal import CHANGED, REMOVED, TAKEN
from tests.store.frames import BY, NOON, count_history, make_stations

if TYPE_CHECKING:
    from geo.store import Store, UndoReport

LATER = NOON + timedelta(hours=2)


def act(store: Store, codes: list[str], **fields: object) -> str:
    """Save stations as an import and return its id."""
    batch, _ = store.save_batch(
        make_stations(codes, **fields), kind="import", source="file.csv", **BY
    )
    return batch


def undo(store: Store, batch: str, **options: Any) -> UndoReport:  # noqa: ANN401
    return store.undo_batch(batch, actor="wang", now=LATER, **options)


def edit(store: Store, code: str, **cells: object) -> None:
    """Change one station as a colleague does by the form."""
    row = pd.DataFrame({"code": [code], **{name: [value] for name, value in cells.items()}})
    store.save_stations(row, actor="zhao", origin="form", now=NOON + timedelta(hours=1), blank=True)


def rows_of(store: Store) -> dict[str, dict[str, Any]]:
    """Return the stored stations, compared cell by cell; None for a number that is not there."""
    frame = store.read_stations()[list(FIELD_NAMES)].astype(object)
    frame = frame.where(frame.notna(), None)
    return {row["code"]: row for row in frame.to_dict("records")}


def test_an_undone_import_leaves_the_stations_as_they_were(store: Store) -> None:
    store.save_stations(make_stations(["A", "B"], capacity=[4, None], note=["旧", ""]), **BY)
    before = rows_of(store)
    batch = act(store, ["A", "B", "C"], capacity=[6, 2, 3], note=["新", "", ""], hours=["24/7"] * 3)
    report = undo(store, batch, note="传错了文件")
    assert rows_of(store) == before
    assert (report.restored, report.removed, report.kept) == (("A", "B"), ("C",), ())
    done = store.find_batch(report.batch)
    assert (done.kind, done.actor, done.at, done.note) == ("undo", "wang", LATER, "传错了文件")
    assert (done.source, done.details["undoes"]) == ("file.csv", batch)
    assert [done.details[name] for name in ("created", "updated", "removed")] == [0, 2, 1]
    assert store.find_batch(batch).undone_by == report.batch
    last = store.history("A").iloc[-1]
    assert (last["action"], last["actor"], last["origin"]) == ("update", "wang", "undo")
    assert last["batch"] == report.batch
    assert last["after"] == {"capacity": 4, "note": "旧", "hours": ""}


def test_a_station_that_goes_leaves_all_it_held_in_the_history(store: Store) -> None:
    batch = act(store, ["A"], capacity=[4], contact=["王"])
    held = store.history("A").iloc[0]["after"]
    undo(store, batch)
    gone = store.history("A").iloc[-1]
    assert (gone["action"], gone["before"], gone["after"]) == ("remove", held, {})
    assert store.count_stations() == 0


def test_who_keeps_a_copy_hears_of_a_station_that_went(store: Store) -> None:
    batch = act(store, ["A", "B"])
    seq = store.change_seq()
    undo(store, batch)
    assert store.change_seq() == seq + 1
    assert store.removed_since(seq) == ["A", "B"]
    assert store.removed_since(seq + 1) == []
    act(store, ["B"])
    assert store.removed_since(seq) == ["A"]


def test_what_others_changed_since_stays_and_is_named(store: Store) -> None:
    store.save_stations(make_stations(["A"]), **BY)
    batch = act(store, ["A", "C", "D"], capacity=[6, 1, 1], note=["新", "", ""])
    edit(store, "A", capacity=9)
    edit(store, "C", verified_on="2026-03-01")
    report = undo(store, batch)
    now = rows_of(store)
    assert (now["A"]["capacity"], now["A"]["note"]) == (9, "")
    assert sorted(now) == ["A", "C"]
    kept = [(one.code, one.field, one.now, one.reason, one.actor) for one in report.kept]
    assert kept == [("A", "capacity", 9, CHANGED, "zhao"), ("C", "", None, CHANGED, "zhao")]
    assert report.kept[0].name == "暖心驿站 A"
    assert report.kept[0].at == "2026-03-02T13:00:00+00:00"
    details = store.find_batch(report.batch).details
    assert (details["kept"], details["left"]) == (2, [["A", "capacity"], ["C", ""]])


def test_a_cell_set_again_to_what_the_act_left_there_is_somebodys_decision(store: Store) -> None:
    store.save_stations(make_stations(["A"], capacity=[4]), **BY)
    batch = act(store, ["A"], capacity=[6])
    edit(store, "A", capacity=5)
    edit(store, "A", capacity=6)
    report = undo(store, batch)
    assert (report.batch, [one.field for one in report.kept]) == ("", ["capacity"])
    assert store.find_batch(batch).undone_by == ""


def test_asked_to_an_undo_overwrites_what_others_changed(store: Store) -> None:
    store.save_stations(make_stations(["A"]), **BY)
    before = rows_of(store)
    batch = act(store, ["A", "C"], capacity=[6, 1])
    edit(store, "A", capacity=9)
    edit(store, "C", capacity=9)
    report = undo(store, batch, overwrite=True)
    assert (rows_of(store), report.kept) == (before, ())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"lon": [116.5], "lat": [39.9]}, {"lat": 39.8}),
        ({"hours": ["24/7"], "hours_text": ["全天"]}, {"hours": "Mo-Su 08:00-20:00"}),
        ({"status": ["closed"]}, {"status_until": "2026-04-01T00:00:00+08:00"}),
    ],
)
def test_cells_that_mean_one_thing_go_back_together_or_not_at_all(
    store: Store, first: dict[str, Any], second: dict[str, Any]
) -> None:
    store.save_stations(make_stations(["A"], status=["open"], hours=["24/7; PH off"]), **BY)
    batch = act(store, ["A"], **first)
    edit(store, "A", **second)
    now = rows_of(store)
    report = undo(store, batch)
    assert rows_of(store) == now
    assert {one.field for one in report.kept} <= set(first)
    assert report.kept
    assert report.batch == ""


def test_an_undo_can_be_undone_and_the_act_undone_again(store: Store) -> None:
    store.save_stations(make_stations(["A"], capacity=[4]), **BY)
    before = rows_of(store)
    batch = act(store, ["A", "B"], capacity=[6, 1])
    after = rows_of(store)
    first = undo(store, batch)
    second = undo(store, first.batch)
    assert rows_of(store) == after
    assert (second.restored, second.removed) == (("A", "B"), ())
    assert [one.undone_by for one in store.list_batches()] == ["", second.batch, ""]
    third = undo(store, batch)
    assert rows_of(store) == before
    assert (third.kept, third.removed) == ((), ("B",))
    with pytest.raises(StoreConflictError, match="undone already"):
        undo(store, batch)


def test_acts_are_undone_in_any_order(store: Store) -> None:
    store.save_stations(make_stations(["A"], capacity=[1]), **BY)
    first = act(store, ["A"], capacity=[2], note=["一"])
    second = act(store, ["A"], capacity=[3], floor=["2F"])
    report = undo(store, first)
    assert [one.field for one in report.kept] == ["capacity"]
    assert rows_of(store)["A"]["note"] == ""
    undo(store, second)
    assert (rows_of(store)["A"]["capacity"], rows_of(store)["A"]["floor"]) == (2, "")


def test_a_station_that_went_or_came_back_otherwise_is_named(store: Store) -> None:
    made = act(store, ["A"], capacity=[1])
    changed = act(store, ["A"], capacity=[2])
    assert [one.reason for one in undo(store, made).kept] == [CHANGED]
    removal = undo(store, made, overwrite=True)
    assert [one.reason for one in undo(store, changed).kept] == [REMOVED]
    act(store, ["A"], capacity=[7])
    assert [one.reason for one in undo(store, removal.batch).kept] == [TAKEN]
    assert rows_of(store)["A"]["capacity"] == 7


def test_a_dry_run_says_the_same_and_writes_nothing(store: Store) -> None:
    store.save_stations(make_stations(["A"], lon=[116.0]), **BY)
    batch = act(store, ["A", "B"], lon=[116.2, 117.0])
    seq, rows, history = store.change_seq(), rows_of(store), count_history(store)
    seen = undo(store, batch, dry_run=True)
    assert (store.change_seq(), rows_of(store), count_history(store)) == (seq, rows, history)
    assert store.find_batch(batch).undone_by == ""
    done = undo(store, batch)
    assert (seen.batch, seen.changes, seen.removed) == ("", done.changes, done.removed)
    assert [(one.code, one.action, one.row["lon"]) for one in seen.changes] == [
        ("A", "update", 116.0),
        ("B", "remove", 117.0),
    ]
    assert (seen.changes[0].before, seen.changes[0].after) == ({"lon": 116.2}, {"lon": 116.0})


def test_a_change_after_the_caller_looked_refuses_the_undo(store: Store) -> None:
    batch = act(store, ["A", "B"])
    seq = store.change_seq()
    edit(store, "B", capacity=2)
    with pytest.raises(StoreConflictError, match="B"):
        undo(store, batch, unchanged_since=seq)
    with pytest.raises(UnknownBatchError):
        undo(store, "nobody")
    assert store.count_stations() == 2


def test_a_form_that_lay_open_does_not_bring_a_removed_station_back(store: Store) -> None:
    batch = act(store, ["A"])
    seq = store.change_seq()
    undo(store, batch)
    with pytest.raises(StoreConflictError, match="A was removed"):
        store.save_stations(make_stations(["A"]), unchanged_since=seq, **BY)
