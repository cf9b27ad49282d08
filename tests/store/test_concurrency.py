"""Many writers and readers at once: nothing is lost, nobody sees half a change."""

from __future__ import annotations

import multiprocessing
import sqlite3
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import text

from geo.store import open_store
from geo.store.engine import writing
from tests.store.frames import BY, count_history, make_stations

if TYPE_CHECKING:
    from pathlib import Path

    from geo.store import Store

_WRITERS = 4
_SAVES = 10


def _write_as(url: str, writer: int) -> None:
    """Save one's own stations, and one station that all writers save."""
    with open_store(url, create=False) as store:
        for turn in range(_SAVES):
            own = f"W{writer}-{turn}"
            note = [own, own]
            store.save_stations(make_stations([own, "SHARED"], note=note), **BY)


def _require_nothing_lost(store: Store, writers: int) -> None:
    saves = writers * _SAVES
    assert store.change_seq() == saves
    assert store.count_stations() == saves + 1
    assert count_history(store) == 2 * saves
    shared = store.history("SHARED")
    assert list(shared["action"]) == ["create"] + ["update"] * (saves - 1)
    before = [change["note"] for change in shared["before"][1:]]
    after = [change["note"] for change in shared["after"]]
    assert before == after[:-1]  # each saw what the one before it wrote
    assert len(set(after)) == saves


def test_threads_lose_nothing(store_url: str) -> None:
    with open_store(store_url) as store:
        with ThreadPoolExecutor(_WRITERS) as pool:
            list(pool.map(_write_as, [store_url] * _WRITERS, range(_WRITERS)))
        _require_nothing_lost(store, _WRITERS)


def test_processes_lose_nothing(store_url: str) -> None:
    with open_store(store_url) as store:
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(2, mp_context=spawn) as pool:
            list(pool.map(_write_as, [store_url] * 2, range(2)))
        _require_nothing_lost(store, 2)


def test_threads_may_share_one_store(store: Store) -> None:
    def save(turn: int) -> int:
        return store.save_stations(make_stations([f"T{turn}"]), **BY).created

    with ThreadPoolExecutor(_WRITERS) as pool:
        assert sum(pool.map(save, range(3 * _WRITERS))) == 3 * _WRITERS
    assert store.change_seq() == store.count_stations() == 3 * _WRITERS


def test_a_reader_by_change_number_misses_no_row(store: Store) -> None:
    seen: set[str] = set()
    last = 0
    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(_write_as, _url(store), writer) for writer in range(2)]
        while not all(writer.done() for writer in writers):
            now = store.change_seq()
            seen.update(store.read_stations(changed_since=last)["code"])
            last = now
        seen.update(store.read_stations(changed_since=last)["code"])
    assert seen == set(store.read_stations()["code"])


def test_many_may_open_a_new_store_at_once(tmp_path: Path) -> None:
    _open_at_once(f"sqlite:///{tmp_path / 'new.db'}")


def test_many_may_open_a_new_postgres_store_at_once(bare_postgres_url: str) -> None:
    _open_at_once(bare_postgres_url)


def test_a_reader_is_not_held_up_by_a_writer(store: Store) -> None:
    store.save_stations(make_stations(["A"]), **BY)
    with writing(store.engine) as work:
        work.connection.execute(text("UPDATE stations SET name = 'half'"))
        assert list(store.read_stations()["name"]) == ["暖心驿站 A"]
    assert list(store.read_stations()["name"]) == ["half"]


def test_other_programs_read_the_sqlite_file_while_a_writer_writes(tmp_path: Path) -> None:
    file = tmp_path / "nuanyi.db"
    with open_store(f"sqlite:///{file}") as store:
        store.save_stations(make_stations(["A"]), **BY)
        uri = f"{file.as_uri()}?mode=ro"
        with writing(store.engine) as work, closing(sqlite3.connect(uri, uri=True)) as reader:
            work.connection.execute(text("UPDATE stations SET name = 'half'"))
            assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert reader.execute("SELECT name FROM stations").fetchall() == [("暖心驿站 A",)]


def _url(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


def _open_at_once(url: str) -> None:
    with ThreadPoolExecutor(_WRITERS) as pool:
        stores = list(pool.map(open_store, [url] * _WRITERS))
    assert [store.change_seq() for store in stores] == [0] * _WRITERS
    for store in stores:
        store.close()
