"""``nuanyi db upgrade`` brings the demo along: the site would not show an older one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command

from geo.errors import StoreSchemaError
from geo.store import open_store, revision
from geo.store.engine import build_engine, exclusive, parse_url

if TYPE_CHECKING:
    from tests.webmap.conftest import Run
    from webmap.settings import Settings


def test_an_older_demo_is_upgraded_with_the_own_store(settings: Settings, run: Run) -> None:
    settings.make_instance()
    for url in (settings.database, settings.demo_database):
        engine = build_engine(parse_url(url))
        with exclusive(engine) as connection:
            command.upgrade(revision._config(connection), "0001")  # noqa: SLF001 - knows the migrations
        engine.dispose()
    with pytest.raises(StoreSchemaError, match="nuanyi db upgrade"):
        open_store(settings.demo_database)
    assert "from schema 0001" in run("db", "upgrade").stdout
    for url in (settings.database, settings.demo_database):
        with open_store(url) as store:
            assert store.reports_seq() == 0
