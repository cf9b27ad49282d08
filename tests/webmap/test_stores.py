"""Own store and demo store: which of them is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.store import open_store
from webmap.stores import Stores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.webmap.conftest import Save
    from webmap.settings import Settings


@pytest.fixture
def stores(settings: Settings) -> Iterator[Stores]:
    """Make the stores of an installation.

    Yields
    ------
    Stores
        Closed after the test.
    """
    settings.make_instance()
    made = Stores(settings)
    yield made
    made.close()


@pytest.fixture
def demo(settings: Settings) -> None:
    """Make an empty demo store."""
    settings.make_instance()
    with open_store(settings.demo_database) as store:
        store.mark_demo()


def test_without_a_demo_the_own_store_is_shown(stores: Stores) -> None:
    assert stores.demo() is None
    assert stores.shown() is stores.own()


@pytest.mark.usefixtures("demo")
def test_the_demo_is_shown_until_the_own_store_holds_a_station(stores: Stores, save: Save) -> None:
    assert stores.shown().is_demo
    save({"code": "A1", "name": "甲"})
    assert stores.shown() is stores.own()
    assert not stores.shown().is_demo


@pytest.mark.usefixtures("demo")
def test_a_closed_own_station_does_not_bring_the_demo_back(stores: Stores, save: Save) -> None:
    save({"code": "A1", "name": "甲", "status": "closed"})
    assert stores.shown() is stores.own()


def test_a_demo_made_while_the_site_runs_is_found(stores: Stores, settings: Settings) -> None:
    assert stores.shown() is stores.own()
    with open_store(settings.demo_database) as store:
        store.mark_demo()
    assert stores.shown().is_demo
