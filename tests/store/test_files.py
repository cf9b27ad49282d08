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
from geo.store import open_store, restore_store
from geo.store.engine import writing
from geo.store.files import require_sound_database
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


def address(store: Store) -> str:
    return store.engine.url.render_as_string()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_is_a_whole_private_store(lite: Store, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    lite.backup(backup)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with open_store(f"sqlite:///{backup}", create=False) as copy:
        assert list(copy.read_stations()["code"]) == ["A", "B"]
        assert len(copy.history("A")) == 1


def test_a_backup_is_one_file_which_checking_leaves_alone(lite: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    lite.backup(folder / "backup.db")
    assert (folder / "backup.db").read_bytes()[18:20] == b"\1\1"  # no write-ahead log
    require_sound_database(folder / "backup.db")
    assert names(folder) == ["backup.db"]


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
    kept = restore_store(address(lite), backup)
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
    restore_store(address(lite), backup)
    assert lite.change_seq() > seen
    assert list(lite.read_stations(changed_since=seen)["code"]) == ["A", "B"]


def test_a_second_restore_keeps_what_the_first_one_kept(lite: Store, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    lite.backup(backup)
    kept = []
    for code in ("C", "D", "E"):
        lite.save_stations(make_stations([code]), **BY)
        kept.append(restore_store(address(lite), backup))
    assert len(set(kept)) == 3
    for code, file in zip("CDE", kept, strict=True):
        with open_store(f"sqlite:///{file}", create=False) as before:
            assert list(before.read_stations()["code"]) == ["A", "B", code]


@pytest.mark.parametrize("state", ["text", "cut", "newer", "older", "missing", "empty"])
def test_a_store_that_does_not_open_is_restored(lite: Store, tmp_path: Path, state: str) -> None:
    lite.backup(tmp_path / "backup.db")
    lite.close()
    live = tmp_path / "nuanyi.db"
    old = {"text": b"no database at all\n" * 100, "cut": live.read_bytes()[:-8192], "empty": b""}
    if state in old:
        live.write_bytes(old[state])
    elif state == "missing":
        live.unlink()
    else:
        version = {"newer": "'9999'", "older": "'0000'"}[state]
        with closing(sqlite3.connect(live)) as connection:
            connection.execute(f"UPDATE alembic_version SET version_num = {version}")  # noqa: S608 - of this test
            connection.commit()
    kept = restore_store(f"sqlite:///{live}", tmp_path / "backup.db")
    with open_store(f"sqlite:///{live}", create=False) as store:
        assert list(store.read_stations()["code"]) == ["A", "B"]
        assert store.save_stations(make_stations(["C"]), **BY).created == 1
    assert (kept is None) is (state in {"missing", "empty"})
    if kept and state in old:
        assert kept.read_bytes()[: len(old[state])] == old[state]
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_store_is_written_on_after_a_restore(lite: Store, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    lite.backup(backup)
    restore_store(address(lite), backup)
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
        restore_store(address(lite), backup)
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
        restore_store(address(lite), backup)
    assert lite.count_stations() == 2


def test_postgres_is_backed_up_by_its_own_tools(postgres_url: str, tmp_path: Path) -> None:
    with open_store(postgres_url) as store:
        with pytest.raises(InvalidOptionError, match="pg_dump"):
            store.backup(tmp_path / "backup.db")
        with pytest.raises(InvalidOptionError, match="pg_restore"):
            restore_store(postgres_url, tmp_path / "backup.db")
