"""When a worker last said that a station is open: found anew after each report, at little cost."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from webmap.opened import Opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.store import Store
    from tests.webmap.conftest import Save

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def say(save: Save, own_store: Store) -> Callable[..., None]:
    save(*({"code": code, "name": code} for code in "ABCD"))

    def _say(code: str, at: dt.datetime, device: str = "d", state: str = "open") -> None:
        own_store.add_report(code, state, devices=[device], at=at, now=at)

    return _say


def test_each_report_counts_at_once(own_store: Store, say: Callable[..., None]) -> None:
    opened = Opened(lambda: own_store)
    assert opened.last("A", NOW) is None
    say("A", NOW - 3 * HOUR)
    assert opened.last("A", NOW) == NOW - 3 * HOUR
    assert opened.last("B", NOW) is None
    say("B", NOW - 2 * HOUR, "e", "locked")
    assert opened.last("B", NOW) is None
    say("A", NOW - HOUR, "e")
    assert [opened.last(code, NOW) for code in "AB"] == [NOW - HOUR, None]


def test_a_burst_takes_away_what_was_known(own_store: Store, say: Callable[..., None]) -> None:
    opened = Opened(lambda: own_store)
    for code in "ABC":
        say(code, NOW - HOUR)
    assert opened.last("A", NOW) == NOW - HOUR
    say("D", NOW - HOUR)
    assert [opened.last(code, NOW) for code in "AD"] == [None, None]


def test_only_new_reports_are_read_after_a_report(
    own_store: Store, say: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    say("A", NOW - HOUR)
    opened = Opened(lambda: own_store)
    opened.last("A", NOW)
    asked: list[Any] = []
    codes_told = own_store.codes_told

    def _codes_told(*given: Any, **options: Any) -> list[str]:  # noqa: ANN401 - as it is called
        asked.append(options.get("after"))
        return codes_told(*given, **options)

    monkeypatch.setattr(own_store, "codes_told", _codes_told)
    seen = own_store.reports_seq()
    say("B", NOW - HOUR, "e")
    assert opened.last("B", NOW) == NOW - HOUR
    assert opened.last("A", NOW + 24 * HOUR) == NOW - HOUR  # another day: all
    assert asked == [seen, None]
