"""Addresses, connections and writing transactions of the two engines."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event, select, text, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from geo.errors import InvalidOptionError, StoreUnavailableError
from geo.store.tables import COUNTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine, ExceptionContext

BUSY_S: Final = 60  # a writer waits this long for another one; an import of a city takes 2 s
_CONNECT_S: Final = 10
_WRITES: Final = "nuanyi_writes"
_MIGRATION_LOCK: Final = 0x6E75616E7969  # "nuanyi"; any constant not used by another program


@dataclass(slots=True)
class Writing:
    """One writing transaction: its connection and the change number it takes if it changes rows."""

    connection: Connection
    seq: int
    changed: bool = False
    discard: bool = False  # undo everything at the end: a dry run


def parse_url(address: str) -> URL:
    """Return the SQLAlchemy form of a store's address.

    Raises
    ------
    InvalidOptionError
        It is not an address, names another engine, or an SQLite database without a file.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        msg = "the store's address cannot be read; write sqlite:///PATH or postgresql://HOST/NAME"
        raise InvalidOptionError(msg) from error
    engine = url.get_backend_name()
    if engine == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if engine != "sqlite":
        msg = f"the store runs on sqlite and postgresql, not on {engine}"
        raise InvalidOptionError(msg)
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        msg = "the store needs a file of its own: write sqlite:///PATH"
        raise InvalidOptionError(msg)
    return url


def sqlite_file(url: URL) -> Path | None:
    """Return the file of an SQLite address, None for PostgreSQL."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def require_sqlite_file(url: URL, tool: str) -> Path:
    """Return the file of an SQLite address; ``tool`` is PostgreSQL's own for the purpose.

    Raises
    ------
    InvalidOptionError
        The address is of PostgreSQL.
    """
    file = sqlite_file(url)
    if file is None:
        msg = f"this store is PostgreSQL; use {tool} for its backups"
        raise InvalidOptionError(msg)
    return file


def build_engine(url: URL) -> Engine:
    """Return an engine of a parsed address; nothing is opened yet."""
    as_json = partial(json.dumps, ensure_ascii=False)
    if url.get_backend_name() == "postgresql":
        engine = create_engine(
            url,
            json_serializer=as_json,
            hide_parameters=True,  # cells, such as phone numbers, stay out of logs
            pool_pre_ping=True,
            connect_args={"connect_timeout": _CONNECT_S, "application_name": "nuanyi"},
        )
        event.listen(engine, "handle_error", _hide_row)
        return engine
    engine = create_engine(
        url, json_serializer=as_json, hide_parameters=True, connect_args={"timeout": BUSY_S}
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _hide_row(context: ExceptionContext) -> None:
    """Cut PostgreSQL's details, which repeat the row at fault, from an error and its cause."""
    diagnosis = getattr(context.original_exception, "diag", None)
    if diagnosis is not None and diagnosis.message_detail:
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None:
                error.args = (str(error.args[0]).partition("\n")[0],)


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a raw DBAPI connection
    connection.isolation_level = None  # the driver must not begin by itself: see _begin_sqlite
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock first: a reader that turns writer late fails instead of waiting."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def exclusive(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that no other migration runs beside.

    Yields
    ------
    Connection
        Inside the transaction, which ends with the block.
    """
    with engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            if engine.dialect.name == "postgresql":
                lock = text("SELECT pg_advisory_xact_lock(:key)")
                connection.execute(lock, {"key": _MIGRATION_LOCK})
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Writing]:
    """Open the one writing transaction of the moment; others wait for its end.

    The lock on the counter's row makes change numbers commit in their order, so that a reader
    who asks for all rows after a number misses none. The number is used up only when
    ``changed`` was set; an exception undoes everything.

    Yields
    ------
    Writing
        The transaction; set its ``changed`` when rows were written.

    Raises
    ------
    StoreUnavailableError
        The database cannot be reached, is full, or another writer kept it too long.
    """
    with reaching(engine.url), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin() as transaction:
            seq = connection.execute(select(COUNTER.c.seq).with_for_update()).scalar_one()
            work = Writing(connection, int(seq) + 1)
            yield work
            if work.discard:
                transaction.rollback()
            elif work.changed:
                connection.execute(update(COUNTER).values(seq=work.seq))


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction on rows that have no change number; on PostgreSQL nobody waits for it.

    Yields
    ------
    Connection
        Inside the transaction, which ends with the block; an exception undoes everything.

    Raises
    ------
    StoreUnavailableError
        As in ``writing``.
    """
    with reaching(engine.url), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a connection to read with.

    Yields
    ------
    Connection
        Closed at the end of the block.

    Raises
    ------
    StoreUnavailableError
        The database cannot be reached.
    """
    with reaching(engine.url), engine.connect() as connection:
        yield connection


@contextmanager
def reaching(url: URL) -> Iterator[None]:
    """Turn what a database says of its own state into words for a user; never shows a password.

    Yields
    ------
    None
        Nothing; the block is what is watched.

    Raises
    ------
    StoreUnavailableError
        The server is away, the file is no database, the disk is full, a lock was not given.
    DatabaseError
        A fault of ours, such as broken SQL.
    """
    try:
        yield
    except DatabaseError as error:
        if type(error) not in {DatabaseError, OperationalError}:
            raise
        shown = sqlite_file(url) or url.render_as_string()
        msg = f"the store {shown} cannot be used: {error.orig}"
        raise StoreUnavailableError(msg) from error
