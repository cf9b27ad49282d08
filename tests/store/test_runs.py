"""Runs as rows: changed only while they are as their changer knew them, on both engines."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from geo.errors import StoreConflictError
from geo.store import open_store
from geo.store.tables import RUNS

if TYPE_CHECKING:
    from geo.store import Store

_TEXTS = (
    "owner", "name", "source", "stage", "worker", "city", "log", "created_at", "started_at",
    "heard_at", "finished_at", "published_at",
)  # fmt: skip
_FLAGS = ("stop_wanted", "is_shared", "keeps_upload", "is_demo")


def row(run_id: str, **cells: Any) -> dict[str, Any]:  # noqa: ANN401 - cells of a row
    """Return a whole row."""
    empty = dict.fromkeys(_TEXTS, "") | dict.fromkeys(_FLAGS, False)
    known = {"options": {}, "files": [], "fault": {}, "share": 0.0, "attempt": 0}
    return empty | known | {"id": run_id, "state": "queued"} | cells


def test_a_run_comes_back_as_it_was_added(store: Store) -> None:
    kept = row(
        "a",
        name="早班 ' \" <b>",
        options={"limit_m": 500.5, "needs": ["hot_water"], "columns": {"lon": "经度"}},
        files=[{"name": "a.csv", "size_bytes": 3_000_000_000}],
        fault={"code": "died"},
        share=0.25,
        is_shared=True,
        log="第一行\n",
    )
    store.add_run(kept)
    assert store.find_run("a") == kept
    assert set(kept) == {column.name for column in RUNS.c}
    assert store.find_run("b") is None


def test_an_id_is_given_once(store: Store) -> None:
    store.add_run(row("a", name="first"))
    with pytest.raises(StoreConflictError):
        store.add_run(row("a", name="second"))
    found = store.find_run("a")
    assert found is not None
    assert found["name"] == "first"


def test_runs_are_listed_latest_first_without_their_logs(store: Store) -> None:
    for run_id, created, state in (("b", "2", "done"), ("a", "2", "queued"), ("c", "1", "queued")):
        store.add_run(row(run_id, created_at=created, state=state, log="long"))
    assert [(run["id"], run["log"]) for run in store.list_runs()] == [
        ("b", ""),
        ("a", ""),
        ("c", ""),
    ]
    assert [run["id"] for run in store.list_runs(("queued", "running"))] == ["a", "c"]
    assert store.list_runs(()) == []


@pytest.mark.parametrize(
    "where",
    [
        {"state": "running"},
        {"state": ("running", "done")},
        {"state": "queued", "attempt": 2},
        {"attempt": 1, "stop_wanted": True},
        {"heard_at": "later"},
    ],
)
def test_a_run_that_has_moved_on_is_not_changed(store: Store, where: dict[str, Any]) -> None:
    before = row("a", attempt=1)
    store.add_run(before)
    assert not store.change_run("a", {"state": "done"}, where=where)
    assert store.find_run("a") == before


@pytest.mark.parametrize(
    "where",
    [{}, {"state": "queued", "attempt": 1, "stop_wanted": False}, {"state": ("queued", "draft")}],
)
def test_a_run_that_is_as_thought_is_changed(store: Store, where: dict[str, Any]) -> None:
    store.add_run(row("a", attempt=1))
    store.add_run(row("b", attempt=1))
    assert store.change_run("a", {"state": "done", "fault": {"code": "x"}}, where=where)
    assert store.find_run("a") == row("a", attempt=1, state="done", fault={"code": "x"})
    assert store.find_run("b") == row("b", attempt=1)


def test_a_run_that_is_not_there_is_not_changed(store: Store) -> None:
    assert not store.change_run("a", {"state": "done"})
    assert not store.delete_run("a")


def test_a_deleted_run_is_gone(store: Store) -> None:
    store.add_run(row("a"))
    assert store.delete_run("a")
    assert store.find_run("a") is None


def test_runs_take_no_change_number(store: Store) -> None:
    before = store.change_seq()
    store.add_run(row("a"))
    store.change_run("a", {"state": "done"})
    store.delete_run("a")
    assert store.change_seq() == before


def test_of_many_who_claim_a_run_at_once_one_gets_it(store: Store, store_url: str) -> None:
    store.add_run(row("a"))
    gate = threading.Barrier(4)
    won: list[bool] = []

    def _claim() -> None:
        with open_store(store_url) as own:
            gate.wait()
            won.append(own.change_run("a", {"state": "running"}, where={"state": "queued"}))

    threads = [threading.Thread(target=_claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False, False, False, True]
