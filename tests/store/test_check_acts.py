"""Who looks into a check and what they saw: one at a time, nothing is overwritten unseen."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from geo.errors import InvalidOptionError
from geo.stations.doubts import Doubt
from tests.store.frames import NOON

if TYPE_CHECKING:
    from geo.store import Store

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def check(store: Store) -> str:
    """Open a check and return its id."""
    store.open_checks([Doubt("A", "locked", "", NOON)], now=NOON)
    return store.list_checks()[0].id


def test_a_check_is_taken_by_one_and_put_back_by_that_one(store: Store, check: str) -> None:
    assert store.take_check(check, actor="lin", now=NOON + HOUR)
    found = store.find_check(check)
    assert (found.taken_by, found.taken_at, found.done_at) == ("lin", NOON + HOUR, None)
    assert not store.put_back_check(check, actor="wang", now=NOON + HOUR)
    assert store.put_back_check(check, actor="lin", now=NOON + 2 * HOUR)
    found = store.find_check(check)
    assert (found.taken_by, found.taken_at) == ("", None)
    acts = [(act.kind, act.actor, act.at) for act in store.check_acts([check])[check]]
    assert acts == [("taken", "lin", NOON + HOUR), ("put_back", "lin", NOON + 2 * HOUR)]


def test_it_is_taken_over_only_from_whom_one_sees(store: Store, check: str) -> None:
    assert store.take_check(check, actor="lin", now=NOON)
    assert not store.take_check(check, actor="wang", now=NOON)
    assert not store.take_check(check, actor="wang", now=NOON, from_whom="zhao")
    assert store.take_check(check, actor="wang", now=NOON, from_whom="lin")
    assert not store.put_back_check(check, actor="lin", now=NOON)
    assert store.find_check(check).taken_by == "wang"


def test_of_many_at_once_one_takes_it(store: Store, check: str) -> None:
    names = [f"u{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda name: store.take_check(check, actor=name, now=NOON), names))
    assert sum(won) == 1
    assert store.find_check(check).taken_by == names[won.index(True)]
    assert len(store.check_acts([check])[check]) == 1


def test_an_answer_leaves_it_open_and_an_earlier_one_is_kept(store: Store, check: str) -> None:
    assert store.answer_check(check, "打电话没人接", actor="lin", now=NOON + HOUR)
    assert store.answer_check(check, "换了锁，已叫人", actor="wang", now=NOON + 2 * HOUR)
    found = store.find_check(check)
    assert (found.answer, found.answered_by) == ("换了锁，已叫人", "wang")
    assert (found.answered_at, found.done_at) == (NOON + 2 * HOUR, None)
    told = [(act.actor, act.text) for act in store.check_acts([check])[check]]
    assert told == [("lin", "打电话没人接"), ("wang", "换了锁，已叫人")]


def test_what_is_done_is_neither_taken_nor_answered(store: Store, check: str) -> None:
    store.finish_check(check, "mended", actor="lin", now=NOON, note="修好了")
    assert not store.take_check(check, actor="wang", now=NOON)
    assert not store.put_back_check(check, actor="", now=NOON)
    assert not store.answer_check(check, "?", actor="wang", now=NOON)
    (act,) = store.check_acts([check])[check]
    assert (act.kind, act.actor, act.text) == ("done", "lin", "修好了")


def test_no_check_has_no_acts(store: Store, check: str) -> None:
    assert not store.take_check("nobody", actor="lin", now=NOON)
    assert not store.answer_check("nobody", "?", actor="lin", now=NOON)
    assert store.check_acts([check, "nobody"]) == {}
    with pytest.raises(InvalidOptionError, match="zone"):
        store.take_check(check, actor="lin", now=dt.datetime(2026, 3, 2))  # noqa: DTZ001 - the fault
