"""The schema: one truth in code and migrations, older ones upgraded, newer ones refused."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

import geo.store
from geo.errors import StoreSchemaError, StoreUnavailableError
from geo.stations.schema import FIELD_NAMES
from geo.store import open_store, revision, upgrade
from geo.store.tables import METADATA, STATIONS
from tests.store.frames import BY, make_stations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic.config import Config
    from sqlalchemy import Connection

    from geo.store import Store

_POSTGIS_ONLY = {"geom", "ix_stations_geom", "ix_areas_geom"}
_LATER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "later", "{head}"


def upgrade():
    op.add_column("stations", sa.Column("colour", sa.Text, nullable=True))
    {more}
"""


def _is_ours(_item: object, name: str | None, kind: str, reflected: bool, _twin: object) -> bool:  # noqa: FBT001 - Alembic's call
    """Leave out what only PostGIS has; a table in the database that is not ours is not judged."""
    return name not in _POSTGIS_ONLY and not (
        kind == "table" and reflected and name not in METADATA.tables
    )


@pytest.mark.filterwarnings(
    "ignore:Did not recognize type 'geometry'"
)  # left out of the comparison
def test_migrations_build_what_the_code_expects(store: Store) -> None:
    with store.engine.connect() as connection:
        options = {"include_object": _is_ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_every_field_of_a_station_has_a_column() -> None:
    assert tuple(STATIONS.c.keys())[: len(FIELD_NAMES)] == FIELD_NAMES


@pytest.fixture
def later_code(tmp_path: Path) -> Iterator[Callable[..., None]]:
    # give a switch that makes this code one migration newer
    with pytest.MonkeyPatch.context() as patch:

        def switch(more: str = "pass") -> None:
            head = revision.head_revision()
            folder = tmp_path / "versions"
            folder.mkdir()
            folder.joinpath("later.py").write_text(_LATER.format(head=head, more=more))
            shipped = Path(geo.store.__file__).parent / "migrations" / "versions"
            build = revision._config  # noqa: SLF001 - the one place that knows the migrations

            def config(connection: Connection | None = None) -> Config:
                made = build(connection)
                made.set_main_option("version_locations", f"{shipped}{os.pathsep}{folder}")
                return made

            patch.setattr(revision, "_config", config)
            _forget()

        yield switch
    _forget()


def _forget() -> None:
    revision.head_revision.cache_clear()
    revision._known_revisions.cache_clear()  # noqa: SLF001 - as above


def test_an_older_schema_is_refused_and_upgraded(
    store_url: str, later_code: Callable[..., None]
) -> None:
    with open_store(store_url) as store:
        store.save_stations(make_stations(), **BY)
    before = revision.head_revision()
    later_code()
    with pytest.raises(StoreSchemaError, match="run nuanyi db upgrade"):
        open_store(store_url)
    done = upgrade(store_url)
    assert (done.before, done.after) == (before, "later")
    with open_store(store_url) as store, store.engine.connect() as connection:
        assert connection.execute(text("SELECT colour FROM stations")).all() == [(None,), (None,)]
        assert store.change_seq() == 1


def test_an_upgrade_keeps_a_copy_of_the_sqlite_file(
    tmp_path: Path, later_code: Callable[..., None]
) -> None:
    url = f"sqlite:///{tmp_path / 'nuanyi.db'}"
    with open_store(url) as store:
        store.save_stations(make_stations(), **BY)
        old = revision.head_revision()
        later_code()
        copy = upgrade(url).copy
    assert copy == tmp_path / "nuanyi.db.before-later.bak"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(old,)]
        assert connection.execute("SELECT count(*) FROM stations").fetchone() == (2,)


def test_a_failed_upgrade_changes_nothing(store_url: str, later_code: Callable[..., None]) -> None:
    open_store(store_url).close()
    before = revision.head_revision()
    later_code(more="raise RuntimeError('half way')")
    with pytest.raises(RuntimeError, match="half way"):
        upgrade(store_url)
    _forget()
    with pytest.raises(StoreSchemaError, match=f"has schema {before}"):
        open_store(store_url)


def test_a_store_that_is_up_to_date_is_left_alone(store_url: str, tmp_path: Path) -> None:
    open_store(store_url).close()
    done = upgrade(store_url)
    assert (done.before, done.copy) == (done.after, None)
    assert not list(tmp_path.glob("*.bak"))


def test_upgrade_makes_an_empty_database_a_store(tmp_path: Path) -> None:
    done = upgrade(f"sqlite:///{tmp_path / 'nuanyi.db'}")
    assert (done.before, done.after, done.copy) == ("", revision.head_revision(), None)


def test_a_newer_schema_is_refused(store_url: str) -> None:
    with open_store(store_url) as store, store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreSchemaError, match="newer version wrote it"):
        open_store(store_url)
    with pytest.raises(StoreSchemaError, match="newer version wrote it"):
        upgrade(store_url)


def test_tables_of_another_program_are_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE users (id INTEGER)")
    with pytest.raises(StoreSchemaError, match=r"users.*did not make"):
        open_store(f"sqlite:///{file}")


def test_an_empty_database_is_not_a_store_when_none_may_be_made(bare_postgres_url: str) -> None:
    with pytest.raises(StoreUnavailableError, match="is empty"):
        open_store(bare_postgres_url, create=False)
