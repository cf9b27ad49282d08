"""The queue carries ids on both engines, in tables of its own, and runs nobody's code."""

from __future__ import annotations

import pickle
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, text

from geo.store import open_store
from webmap.runs.queue import make_huey, put, waiting

if TYPE_CHECKING:
    from pathlib import Path

    from geo.store import Store
    from webmap.settings import Settings


@pytest.fixture
def both(settings: Settings, store_url: str, store: Store) -> Settings:
    """Return settings whose database is on either engine, and open."""
    assert store
    return replace(settings, database=store_url)


def test_ids_come_out_once_and_in_their_order(both: Settings) -> None:
    for run_id in ("b", "a", "c"):
        put(both, run_id)
    assert waiting(both) == ["b", "a", "c"]
    taken: list[str] = []
    huey = make_huey(both, taken.append)
    for _ in range(3):
        huey.execute(huey.dequeue())
    assert taken == ["b", "a", "c"]
    assert huey.dequeue() is None
    huey.storage.close()
    assert waiting(both) == []


def test_of_many_workers_one_takes_an_id(both: Settings) -> None:
    for number in range(20):
        put(both, f"run {number}")
    taken: list[str] = []

    def _take() -> None:
        huey = make_huey(both, taken.append)
        while (task := huey.dequeue()) is not None:
            huey.execute(task)
        huey.storage.close()

    threads = [threading.Thread(target=_take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(f"run {number}" for number in range(20))


def test_each_runs_folder_has_a_queue_of_its_own(both: Settings, tmp_path: Path) -> None:
    other = replace(both, instance=tmp_path / "elsewhere")
    put(both, "a")
    assert waiting(other) == []
    assert waiting(both) == ["a"]


def test_tables_of_the_queue_say_whose_they_are(both: Settings, store: Store) -> None:
    before = set(inspect(store.engine).get_table_names())
    put(both, "a")
    made = set(inspect(store.engine).get_table_names()) - before
    assert made == {"huey_counter", "huey_kv", "huey_schedule", "huey_task"}
    with open_store(both.database):  # they do not disturb the store's own
        pass


def test_a_queue_that_is_lost_is_made_again(both: Settings, store: Store) -> None:
    put(both, "a")
    with store.engine.begin() as connection:
        for name in ("counter", "kv", "schedule", "task"):
            connection.execute(text(f"DROP TABLE huey_{name}"))
    assert waiting(both) == []
    put(both, "b")
    assert waiting(both) == ["b"]


def test_what_lies_in_the_queue_is_no_pickle(both: Settings, store: Store) -> None:
    put(both, "a")
    with store.engine.connect() as connection:
        data = bytes(connection.execute(text("SELECT data FROM huey_task")).scalar_one())
    assert data.startswith(b"{")
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads(data)  # noqa: S301 - to see that it is none
