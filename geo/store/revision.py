"""Which schema a database has, and how it comes to the one this code needs."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from geo.errors import StoreMissingError, StoreSchemaError
from geo.store.engine import build_engine, exclusive, parse_url, reaching, sqlite_file
from geo.store.files import copy_database, make_private_file
from geo.store.tables import METADATA

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

_ALEMBIC: Final = threading.Lock()  # its ``context`` is one per process


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What an upgrade did: revisions before ("" = empty database) and after, copy of the file."""

    before: str
    after: str
    copy: Path | None


def upgrade(address: str) -> Upgrade:
    """Bring the database at ``address`` to this code's schema, all steps or none.

    An older SQLite file is first copied to ``<file>.before-<new revision>.bak``; PostgreSQL is
    left to its administrator's backups. A database that is up to date stays untouched.

    Raises
    ------
    InvalidOptionError, StoreUnavailableError, StoreSchemaError
        As in ``open_store``; an older schema is what this function is for.
    """
    url = parse_url(address)
    file = sqlite_file(url)
    if file:
        make_private_file(file)
    engine = build_engine(url)
    try:
        with reaching(url), exclusive(engine) as connection:
            before = current_revision(connection) or ""
            copy = None
            if before == head_revision():
                return Upgrade(before, before, None)
            if file and before:
                copy = file.with_name(f"{file.name}.before-{head_revision()}.bak")
                copy_database(file, copy)
            _migrate(connection)
        return Upgrade(before, head_revision(), copy)
    finally:
        engine.dispose()


def require_schema(engine: Engine, *, create: bool) -> None:
    """Check that the database has this code's schema; create it in an empty one.

    Raises
    ------
    StoreMissingError
        It is empty and ``create`` is false.
    StoreSchemaError
        It is older, newer, or not Nuanyi's.
    """
    with engine.connect() as connection:
        found = current_revision(connection)
    if found == head_revision():
        return
    if found is None and not create:
        msg = (
            f"there are no stations yet: the database {engine.url.database} is empty; "
            "import some with nuanyi stations import FILE"
        )
        raise StoreMissingError(msg)
    if found is not None:
        _require_known(found)
        msg = (
            f"the store has schema {found}, this version of Nuanyi needs {head_revision()}; "
            "run nuanyi db upgrade"
        )
        raise StoreSchemaError(msg)
    with exclusive(engine) as connection:
        if current_revision(connection) is None:  # no other process was quicker
            _migrate(connection)


def current_revision(connection: Connection) -> str | None:
    """Return the revision written in the database, None where there is none."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def head_revision() -> str:
    """Return the newest revision this code knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


@cache
def _known_revisions() -> frozenset[str]:
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions())


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "geo.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _require_known(revision: str) -> None:
    if revision not in _known_revisions():
        msg = (
            f"the store has schema {revision}, which this version of Nuanyi (up to "
            f"{head_revision()}) does not know: a newer version wrote it; install that version"
        )
        raise StoreSchemaError(msg)


def _migrate(connection: Connection) -> None:
    """Run all missing migrations in the transaction of ``connection``.

    Raises
    ------
    StoreSchemaError
        The schema is newer, or the tables are another program's.
    """
    found = current_revision(connection)
    if found is not None:
        _require_known(found)
    elif clash := sorted(set(inspect(connection).get_table_names()) & set(METADATA.tables)):
        msg = (
            f"the database has tables {', '.join(clash)} that Nuanyi did not make; "
            "give it a database of its own"
        )
        raise StoreSchemaError(msg)
    with _ALEMBIC:
        command.upgrade(_config(connection), "head")
