"""Failed logins: each wait is twice the last, for many at once as well; a day forgets them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from geo.errors import InvalidOptionError
from geo.store.engine import reading
from geo.store.logins import FORGET, REMEMBER, Pace
from geo.store.tables import LOGINS
from tests.store.frames import NOON

if TYPE_CHECKING:
    from geo.store import Store

PACE = Pace(free=3, longest_s=10)
SECOND = timedelta(seconds=1)


def rows(store: Store) -> int:
    with reading(store.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(LOGINS)).scalar_one())


def fail(store: Store, times: int, *, key: str = "a", now: datetime = NOON) -> datetime:
    """Fail so often, each time as soon as it may be; return the moment of the last."""
    for _ in range(times):
        now += store.wait_of_login({key: PACE}, now=now) * SECOND
        assert store.begin_login({key: PACE}, now=now) == 0
    return now


def test_the_first_tries_are_free_and_each_wait_is_twice_the_last(store: Store) -> None:
    now = NOON
    waits = []
    for _ in range(9):
        waits.append(store.wait_of_login({"a": PACE}, now=now))
        now = fail(store, 1, now=now)
    assert waits == [0, 0, 0, 1, 2, 4, 8, 10, 10]


def test_who_comes_too_early_is_told_how_long_and_is_not_counted(store: Store) -> None:
    now = fail(store, 5)  # the next after 4 s
    for early_s, left_s in ((0, 4), (1, 3), (3, 1)):
        assert store.begin_login({"a": PACE}, now=now + early_s * SECOND) == left_s
    assert store.begin_login({"a": PACE}, now=now + 4 * SECOND) == 0
    assert store.wait_of_login({"a": PACE}, now=now + 4 * SECOND) == 8


def test_the_longest_wait_of_all_keys_holds_and_others_are_not_touched(store: Store) -> None:
    now = fail(store, 5, key="address")
    both = {"account": PACE, "address": PACE}
    assert store.begin_login(both, now=now) == 4
    assert store.begin_login({"account": PACE}, now=now) == 0
    assert store.wait_of_login({"account": PACE, "other": PACE}, now=now) == 0


def test_what_was_right_is_taken_back(store: Store) -> None:
    now = fail(store, 5)
    assert store.begin_login({"a": PACE}, now=now + 4 * SECOND) == 0
    store.take_back_login(["a"], now=now + 4 * SECOND)
    assert store.wait_of_login({"a": PACE}, now=now) == 4  # the five before are remembered
    store.take_back_login(["a"], now=now, clears=True)
    assert store.wait_of_login({"a": PACE}, now=now) == 0
    assert rows(store) == 0


def test_a_single_right_try_leaves_no_trace(store: Store) -> None:
    assert store.begin_login({"a": PACE, "b": PACE}, now=NOON) == 0
    store.take_back_login(["a", "b"], now=NOON)
    assert rows(store) == 0


def test_after_a_quiet_day_all_is_forgotten(store: Store) -> None:
    now = fail(store, 8)
    assert store.wait_of_login({"a": PACE}, now=now) == 10
    later = now + FORGET
    assert store.wait_of_login({"a": PACE}, now=later) == 0
    store.begin_login({"b": PACE}, now=later + SECOND)
    assert rows(store) == 1  # the row of "a" is gone


def test_a_clock_set_back_makes_nobody_wait_longer(store: Store) -> None:
    now = fail(store, 5)
    assert store.wait_of_login({"a": PACE}, now=now - timedelta(hours=1)) == 4


def test_a_thousand_at_once_get_no_further_than_one_after_another(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        tries = [pool.submit(store.begin_login, {"a": PACE}, now=NOON) for _ in range(40)]
        waits = [one.result() for one in tries]
    assert waits.count(0) == PACE.free
    assert set(waits) == {0, 1}


def test_a_place_is_known_for_half_a_year(store: Store) -> None:
    assert not store.is_known_login("home", now=NOON)
    store.remember_login("home", now=NOON)
    store.remember_login("home", now=NOON)
    assert store.is_known_login("home", now=NOON + REMEMBER - SECOND)
    assert not store.is_known_login("home", now=NOON + REMEMBER)
    store.begin_login({"a": PACE}, now=NOON + FORGET * 2)
    assert store.is_known_login("home", now=NOON + FORGET * 2)
    store.begin_login({"b": PACE}, now=NOON + REMEMBER + SECOND)
    assert rows(store) == 1


def test_logins_move_no_change_number(store: Store) -> None:
    before = store.change_seq()
    fail(store, 4)
    store.remember_login("home", now=NOON)
    assert store.change_seq() == before


def test_a_moment_needs_a_zone(store: Store) -> None:
    with pytest.raises(InvalidOptionError, match="zone"):
        store.begin_login({"a": PACE}, now=NOON.replace(tzinfo=None))
