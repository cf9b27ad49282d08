"""A private PostgreSQL server with PostGIS for one test run, and the store on both engines.

PostgreSQL refuses to run as root and pytest's ``tmp_path`` is closed to other accounts, so the
server lives in a folder of its own and, under root, as the account ``postgres``. It listens on a
socket in that folder only. Each pytest-xdist worker starts its own server.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from geo.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.store import Store

_START_S = 30
_TEMPLATE = "nuanyi_template"
_INITDB = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
_SETTINGS = (
    *("-c", "listen_addresses="),
    *("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
    *("-c", "max_connections=50", "-c", "jit=off"),
)


@dataclass
class PostgresServer:
    """A running server; databases are made from an empty store, which takes 50 ms."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, database: str) -> str:
        """Return the address of a database in the form a user writes."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def dsn(self, database: str) -> str:
        """Return the address in the form of libpq."""
        return f"host={self.folder} user=postgres dbname={database}"

    def run(self, statement: sql.SQL | sql.Composed) -> None:
        """Run one statement outside of any transaction."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def create_database(self, template: str = "template0") -> str:
        """Return the name of a new database."""
        name = f"test_{next(self.numbers)}"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.run(create.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, open connections or not."""
        self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    # start a server; skip (under CI=true: fail) where there is none to start
    programs = _find_programs()
    folder = Path(tempfile.mkdtemp(prefix="nuanyi-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        _run_as_server(programs / "initdb", "-D", data, "-U", "postgres", *_INITDB)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own words, no input
                _as_server(programs / "postgres", "-D", data, "-k", folder, *_SETTINGS),
                stdout=log,
                stderr=log,
                cwd=folder,
            )
        try:
            server = PostgresServer(folder)
            _wait_until_up(server, process)
            _make_template(server)
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # "fast": ends open sessions
            process.wait(timeout=_START_S)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # make an empty store once: a copy takes a tenth of the time
    file = tmp_path_factory.mktemp("empty") / "nuanyi.db"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path) -> Iterator[str]:
    # give the address of a new, empty store: once per engine
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'nuanyi.db')}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create_database(_TEMPLATE)
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    # give an empty store: every test that takes it runs on both engines
    with open_store(store_url) as opened:
        yield opened


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    # give the address of an empty store in PostgreSQL, for what SQLite does not have
    name = postgres_server.create_database(_TEMPLATE)
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture
def bare_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    # give the address of a PostgreSQL database in which nobody made anything yet
    name = postgres_server.create_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


def _find_programs() -> Path:
    """Return the folder of initdb and postgres, the newest if there are several."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    extension = list(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))
    on_path = shutil.which("initdb")
    if found and extension:
        return found[-1].parent
    if on_path and not found:
        return Path(on_path).resolve().parent
    missing = "PostGIS (postgresql-*-postgis-3)" if found else "PostgreSQL (initdb)"
    return _give_up(f"{missing} is not installed: tests of the store on PostgreSQL did not run")


def _give_up(reason: str) -> Path:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _as_server(*command: str | Path) -> list[str]:
    """Return a command for the account that may run a server, ending when we end."""
    words = [str(word) for word in command]
    if os.geteuid() != 0:
        return words
    account = ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=INT"]
    return ["setpriv", *account, *words]


def _run_as_server(*command: str | Path) -> None:
    words = _as_server(*command)
    done = subprocess.run(words, capture_output=True, text=True, cwd="/", check=False)  # noqa: S603 - same
    if done.returncode:
        _give_up(f"PostgreSQL could not be set up: {done.stderr.strip()}")


def _wait_until_up(server: PostgresServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(server.dsn("postgres")).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    _give_up(f"PostgreSQL did not start: {(server.folder / 'log').read_text()[-2000:]}")


def _make_template(server: PostgresServer) -> None:
    server.run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE)))
    open_store(server.url(_TEMPLATE)).close()
