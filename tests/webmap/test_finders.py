"""Finders: made at the first question, taken over, or made beside while the earlier one answers."""

from __future__ import annotations

import datetime as dt
import json
import threading
from typing import TYPE_CHECKING, Any, cast

import pytest

from geo.nearest.question import Question
from geo.network import write_network
from tests.networks import network_of
from webmap import finders as module

if TYPE_CHECKING:
    from flask import Flask

    from tests.webmap.conftest import Save
    from webmap.finders import Finders
    from webmap.settings import Settings


@pytest.fixture
def finders(app: Flask) -> Finders:
    """Return the finders of the application."""
    return cast("Finders", app.extensions["finders"])


def codes(finders: Finders) -> list[str]:
    return finders.at(116.0, 40.0).table.codes()


def test_an_unchanged_layer_keeps_its_finder(finders: Finders, save: Save) -> None:
    save({"code": "A", "name": "x"})
    assert finders.at(116.0, 40.0) is finders.at(116.5, 40.5)


def test_a_quick_finder_is_made_anew_at_once(finders: Finders, save: Save) -> None:
    save({"code": "A", "name": "x"})
    assert codes(finders) == ["A"]
    save({"code": "B", "name": "x"})
    assert codes(finders) == ["A", "B"]


def test_where_that_takes_long_the_earlier_one_answers_meanwhile(
    finders: Finders, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUICK_S", -1.0)
    save({"code": "A", "name": "x"})
    assert codes(finders) == ["A"]
    gate, made = threading.Event(), threading.Event()
    make = module.Finder

    def slowly(*args: Any, **more: Any) -> Any:  # noqa: ANN401  # passed on
        gate.wait(20)
        try:
            return make(*args, **more)
        finally:
            made.set()

    monkeypatch.setattr(module, "Finder", slowly)
    save({"code": "B", "name": "x"})
    assert codes(finders) == ["A"]
    assert codes(finders) == ["A"]
    gate.set()
    assert made.wait(20)
    join_threads()
    assert codes(finders) == ["A", "B"]


def test_the_first_question_of_a_large_city_does_not_wait_for_its_lists(
    finders: Finders, save: Save, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGE", 1)
    network = network_of([(100 * k, 0) for k in range(21)], [(k, k + 1) for k in range(20)])
    folder = settings.cities / "street"
    folder.mkdir(parents=True)
    write_network(network, folder / "network")
    west, south, east, north = network.bounds
    box = {"west": west, "south": south - 0.01, "east": east, "north": north + 0.01}
    (folder / "city.json").write_text(json.dumps({"code": "street", **box, "sources": []}))
    save({"code": "A", "name": "x", "lon": repr(west + 0.001), "lat": repr(north)})
    first = finders.at(west, north)
    assert first.ways.list_bytes == 0
    join_threads()
    second = finders.at(west, north)
    assert second.ways.list_bytes > 0
    at = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    asked = Question(west, north, at)
    assert first.nearest(asked) == second.nearest(asked)


def join_threads() -> None:
    for thread in threading.enumerate():
        if thread.name == module.THREAD:
            thread.join(20)
