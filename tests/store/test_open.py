"""Addresses and what can be wrong with the database behind them."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest
from psycopg import sql
from sqlalchemy import text

from geo.errors import InvalidOptionError, StoreSchemaError, StoreUnavailableError
from geo.store import open_store
from tests.store.frames import BY, make_stations

if TYPE_CHECKING:
    from pathlib import Path

    from geo.store import Store
    from tests.postgres import PostgresServer


@pytest.mark.parametrize(
    "url", ["", "nuanyi.db", "mysql://host/name", "sqlite://", "sqlite:///:memory:", "http://[x"]
)
def test_refuses_what_is_no_address_of_a_store(url: str) -> None:
    with pytest.raises(InvalidOptionError, match=r"sqlite:///PATH|sqlite and postgresql"):
        open_store(url)


def test_a_store_outlives_its_opening(store_url: str) -> None:
    with open_store(store_url) as store:
        store.save_stations(make_stations(), **BY)
        store.mark_demo()
    with open_store(store_url, create=False) as store:
        assert store.count_stations() == 2
        assert store.is_demo


def test_only_a_marked_store_is_a_demo(store: Store) -> None:
    states = [store.is_demo]
    for _twice in range(2):
        store.mark_demo()
        states.append(store.is_demo)
    assert states == [False, True, True]
    assert store.change_seq() == 1


def test_a_new_sqlite_store_makes_its_folder_and_is_private(tmp_path: Path) -> None:
    file = tmp_path / "instance" / "nuanyi.db"
    open_store(f"sqlite:///{file}").close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_missing_file_is_named_and_not_created(tmp_path: Path) -> None:
    file = tmp_path / "nuanyi.db"
    with pytest.raises(StoreUnavailableError, match=r"no stations yet: no store .*nuanyi\.db"):
        open_store(f"sqlite:///{file}", create=False)
    assert not file.exists()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "nuanyi.db"
    file.write_bytes(b"code,name,lon,lat\n" * 100)
    with pytest.raises(StoreUnavailableError, match="not a database"):
        open_store(f"sqlite:///{file}")
    assert file.read_bytes().startswith(b"code,name")


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailableError, match="cannot be created"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'nuanyi.db'}")


def test_a_server_that_is_away_is_named_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be used") as raised:
        open_store(f"postgresql://lin:secret@/nuanyi?host={tmp_path}")
    assert "secret" not in str(raised.value)


def test_postgres_without_postgis_says_who_can_help(
    postgres_server: PostgresServer, bare_postgres_url: str
) -> None:
    name = bare_postgres_url.split("@/")[1].split("?", maxsplit=1)[0]
    role = sql.Identifier(f"plain_{name}")
    postgres_server.run(sql.SQL("CREATE ROLE {} LOGIN").format(role))
    database = sql.Identifier(name)
    postgres_server.run(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, role))
    url = bare_postgres_url.replace("postgres@", f"plain_{name}@")
    with pytest.raises(StoreSchemaError, match="let its administrator run CREATE EXTENSION"):
        open_store(url)
    open_store(bare_postgres_url).close()  # its administrator opens it


def test_sqlite_waits_for_its_lock_from_the_start(tmp_path: Path) -> None:
    with (
        open_store(f"sqlite:///{tmp_path / 'nuanyi.db'}") as store,
        store.engine.connect() as connection,
    ):
        assert connection.execute(text("PRAGMA busy_timeout")).scalar_one() >= 30_000
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
