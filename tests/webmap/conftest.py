"""What tests of the web and of the command line share: a folder, a store, a browser, a shell."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from click.testing import CliRunner
from jinja2 import BytecodeCache

from geo.stations import validate_stations
from geo.store import open_store
from tests.demo import copy_of_demo, demo_instance
from webmap import create_app
from webmap.cli import main
from webmap.settings import DEFAULT_DATABASE, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result
    from flask import Flask
    from flask.testing import FlaskClient
    from jinja2.bccache import Bucket

    from geo.store import Store

    Save = Callable[..., None]
    Run = Callable[..., Result]

__all__ = ["copy_of_demo", "demo_instance"]  # fixtures of these tests


class _Compiled(BytecodeCache):
    """Templates compiled once for all applications of a process; they are the same in each."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was kept; its key is that of the name, and the source is compared."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = _Compiled()
NOW = datetime(2026, 1, 31, 4, 30, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return settings of an empty installation, which the command line sees as well."""
    for name in ("NUANYI_DB", "NUANYI_SECRET", "NUANYI_PAGE_SIZE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NUANYI_INSTANCE", str(tmp_path / "instance"))
    return Settings.from_env()


@pytest.fixture
def own_store(settings: Settings, empty_sqlite: Path) -> Iterator[Store]:
    """Open the store of the installation (SQLite).

    Yields
    ------
    Store
        Closed after the test.
    """
    settings.make_instance()
    file = settings.instance / DEFAULT_DATABASE
    if not file.exists():  # an application may have made it
        shutil.copy(empty_sqlite, file)
    with open_store(settings.database) as opened:
        yield opened


@pytest.fixture
def save(own_store: Store) -> Save:
    """Return a function that saves stations given as dicts of cells."""

    def _save(*rows: dict[str, str]) -> None:
        places = [{"lon": f"{116 + n / 1000:.3f}", "lat": "40"} | row for n, row in enumerate(rows)]
        checked = validate_stations(pd.DataFrame(places).fillna(""), source="made up")
        assert len(checked.stations) == len(rows), checked.problems
        own_store.save_stations(checked.stations, actor="test", origin="test", now=NOW)

    return _save


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Make the application of the installation.

    Yields
    ------
    Flask
        Its store is closed after the test.
    """
    made = create_app(settings)
    made.jinja_env.bytecode_cache = COMPILED
    yield made
    made.extensions["stores"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def run(settings: Settings) -> Run:
    """Return a function that runs a command in the installation; real errors are raised."""
    assert settings

    def _run(*words: object, **options: object) -> Result:
        texts = [str(word) for word in words]
        result = CliRunner().invoke(main, texts, **options)  # type: ignore[arg-type]  # passed on
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return _run
