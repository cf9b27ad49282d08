"""Backups of an SQLite store are whole, and a restore never goes back in change numbers."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from geo.errors import (
    InvalidOptionError,
    SourceFormatError,
    StoreSchemaError,
    StoreUnavailableError,
)
from geo.store import open_store
from geo.store.engine import writing
from tests.store.frames import BY, make_areas, make_stations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geo.store import Store


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Store]:
    # give a store of two stations in SQLite
    with open_store(f"sqlite:///{tmp_path / 'nuanyi.db'}") as store:
        store.save_stations(make_stations(), **BY)
        yield store


def test_a_backup_is_a_whole_private_store(lite: Store, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    lite.backup(backup)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with open_store(f"sqlite:///{backup}", create=False) as copy:
        assert list(copy.read_stations()["code"]) == ["A", "B"]
        assert len(copy.history("A")) == 1


def test_a_backup_holds_no_half_change(lite: Store, tmp_path: Path) -> None:
    with writing(lite.engine) as work:
        work.connection.execute(text("UPDATE stations SET name = 'half'"))
        lite.backup(tmp_path / "backup.db")
    with open_store(f"sqlite:///{tmp_path / 'backup.db'}") as copy:
        assert list(copy.read_stations()["name"]) == ["暖心驿站 A", "暖心驿站 B"]


def test_a_backup_that_fails_leaves_the_older_one(lite: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="could not be copied"):
        lite.backup(tmp_path / "nuanyi.db" / "backup.db")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".db", ".db-shm", ".db-wal"]


def test_a_restore_brings_back_everything(lite: Store, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    lite.save_areas(make_areas())
    lite.backup(backup)
    lite.save_stations(make_stations(["A", "C"], note=["later", ""], lon=[116.3, 5.0]), **BY)
    lite.save_areas(make_areas(["X"]))
    kept = lite.restore(backup)
    assert list(lite.read_stations()["code"]) == ["A", "B"]
    assert list(lite.read_stations()["note"]) == ["", ""]
    assert list(lite.read_areas()["code"]) == ["110101", "110102"]
    assert len(lite.history("A")) == 1
    with open_store(f"sqlite:///{kept}", create=False) as before:
        assert before.count_stations() == 3
    assert not list(tmp_path.glob(".restore-*"))


def test_a_restore_shows_running_readers_every_row_as_changed(lite: Store, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    lite.backup(backup)
    lite.save_stations(make_stations(["A"], note=["later"]), **BY)
    seen = lite.change_seq()
    lite.restore(backup)
    assert lite.change_seq() > seen
    assert list(lite.read_stations(changed_since=seen)["code"]) == ["A", "B"]


def test_the_store_is_written_on_after_a_restore(lite: Store, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    lite.backup(backup)
    lite.restore(backup)
    assert lite.save_stations(make_stations(["D"]), **BY).created == 1
    assert lite.count_stations() == 3


@pytest.mark.parametrize("kind", ["missing", "text", "foreign", "cut"])
def test_a_faulty_backup_is_refused_and_changes_nothing(
    lite: Store, tmp_path: Path, kind: str
) -> None:
    backup = tmp_path / "backup.db"
    if kind == "text":
        backup.write_text("no database at all\n" * 100)
    if kind == "foreign":
        with closing(sqlite3.connect(backup)) as connection:
            connection.execute("CREATE TABLE t (x)")
    if kind == "cut":
        lite.backup(backup)
        backup.write_bytes(backup.read_bytes()[:-8192])
    with pytest.raises(SourceFormatError, match=r"backup\.db"):
        lite.restore(backup)
    assert lite.count_stations() == 2
    assert lite.change_seq() == 1
    assert not list(tmp_path.glob(".restore-*"))


def test_a_backup_of_a_newer_version_is_refused(lite: Store, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    lite.backup(backup)
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreSchemaError, match="newer version"):
        lite.restore(backup)
    assert lite.count_stations() == 2


def test_postgres_is_backed_up_by_its_own_tools(postgres_url: str, tmp_path: Path) -> None:
    with open_store(postgres_url) as store:
        with pytest.raises(InvalidOptionError, match="pg_dump"):
            store.backup(tmp_path / "backup.db")
        with pytest.raises(InvalidOptionError, match="pg_restore"):
            store.restore(tmp_path / "backup.db")
