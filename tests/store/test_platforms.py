"""How far each station has come onto a map platform."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from geo.errors import InvalidOptionError
from tests.store.frames import NOON

if TYPE_CHECKING:
    from geo.store import Store


def states(store: Store, platform: str = "amap") -> dict[str, str]:
    return {code: one.state for code, one in store.platform_states(platform).items()}


def test_states_are_set_changed_and_forgotten_for_each_platform(store: Store) -> None:
    assert store.set_platform_state("amap", ["A", "B", "A"], "sent", actor="lin", now=NOON) == 2
    later = NOON + timedelta(hours=1)
    store.set_platform_state("amap", ["B"], "wrong", actor="wang", now=later, note="名称错了")
    store.set_platform_state("baidu", ["B"], "accepted", actor="lin", now=NOON)
    assert states(store) == {"A": "sent", "B": "wrong"}
    told = store.platform_states("amap")["B"]
    assert (told.note, told.set_by, told.set_at) == ("名称错了", "wang", later)
    store.set_platform_state("amap", ["A"], "", actor="lin", now=NOON)
    assert states(store) == {"B": "wrong"}
    assert states(store, "baidu") == {"B": "accepted"}


def test_they_change_no_station_and_no_number(store: Store) -> None:
    seq = store.change_seq()
    store.set_platform_state("amap", ["A"], "sent", actor="lin", now=NOON)
    assert store.change_seq() == seq


def test_an_unknown_state_is_refused(store: Store) -> None:
    with pytest.raises(InvalidOptionError, match="lost"):
        store.set_platform_state("amap", ["A"], "lost", actor="lin", now=NOON)
    assert states(store) == {}
