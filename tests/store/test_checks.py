"""Checks in the store: one open per station, reason and amenity; done ones are not opened again."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from geo.errors import InvalidOptionError, UnknownCheckError
from geo.stations.doubts import Doubt
from geo.store import open_store
from tests.store.frames import NOON

if TYPE_CHECKING:
    from geo.store import Store

HOUR = dt.timedelta(hours=1)


def doubt(
    reason: str = "locked", at: dt.datetime = NOON, *, code: str = "A", amenity: str = ""
) -> Doubt:
    return Doubt(code, reason, amenity, at)


def test_a_doubt_opens_one_check(store: Store) -> None:
    assert store.open_checks([doubt(at=NOON - HOUR)], now=NOON) == 1
    assert store.open_checks([doubt(at=NOON - HOUR)], now=NOON + HOUR) == 0
    (check,) = store.list_checks()
    assert (check.code, check.reason, check.amenity) == ("A", "locked", "")
    assert (check.opened_at, check.told_at, check.done_at) == (NOON, NOON - HOUR, None)
    assert (store.count_checks(), store.list_checks(is_done=True)) == (1, [])
    assert store.find_check(check.id) == check


def test_an_open_check_hears_of_later_reports(store: Store) -> None:
    store.open_checks([doubt()], now=NOON)
    assert store.open_checks([doubt(at=NOON + HOUR)], now=NOON + HOUR) == 0
    assert store.open_checks([doubt(at=NOON - HOUR)], now=NOON + HOUR) == 0
    assert [check.told_at for check in store.list_checks()] == [NOON + HOUR]


def test_reasons_amenities_and_stations_have_checks_of_their_own(store: Store) -> None:
    several = [
        doubt(),
        doubt("gone"),
        doubt("broken", amenity="toilet"),
        doubt("broken", amenity="microwave"),
        doubt("missing", amenity="toilet"),
        doubt(code="B"),
    ]
    assert store.open_checks(several, now=NOON) == 6
    assert len(store.list_checks(code="A")) == 5
    assert store.open_checks([], now=NOON) == 0


def test_only_what_was_seen_after_it_was_done_opens_another(store: Store) -> None:
    store.open_checks([doubt()], now=NOON)
    (check,) = store.list_checks()
    assert store.finish_check(check.id, "true", actor="lin", now=NOON + HOUR, note="换了门锁")
    assert not store.finish_check(check.id, "fine", actor="wang", now=NOON + HOUR)
    (done,) = store.list_checks(is_done=True)
    assert (done.outcome, done.note, done.done_by) == ("true", "换了门锁", "lin")
    assert done.done_at == NOON + HOUR
    for told_at, opened in ((NOON, 0), (NOON + HOUR, 0), (NOON + 2 * HOUR, 1)):
        assert store.open_checks([doubt(at=told_at)], now=NOON + 3 * HOUR) == opened


def test_the_oldest_comes_first_and_of_the_done_the_latest(store: Store) -> None:
    for hours, code in enumerate("BAC"):
        store.open_checks([doubt(code=code)], now=NOON + hours * HOUR)
    assert [check.code for check in store.list_checks()] == ["B", "A", "C"]
    for hours, check in enumerate(store.list_checks()):
        store.finish_check(check.id, "fine", actor="lin", now=NOON + hours * HOUR)
    assert [check.code for check in store.list_checks(is_done=True)] == ["C", "A", "B"]


def test_a_door_found_fine_is_remembered(store: Store) -> None:
    many = [doubt(), doubt(code="B"), doubt("broken", code="C", amenity="toilet")]
    store.open_checks(many, now=NOON)
    many = [*many, doubt(code="D"), doubt("alike", code="E", amenity="A")]
    store.open_checks(many, now=NOON)
    outcomes = {"B": "true", "D": "mended"}
    for check in store.list_checks():
        outcome = outcomes.get(check.code, "fine")
        store.finish_check(check.id, outcome, actor="lin", now=NOON + HOUR)
    both = dict.fromkeys("AD", NOON + HOUR)
    assert store.found_fine("ABCDE", until=NOON + HOUR) == both
    assert store.found_fine("BC", until=NOON + HOUR) == {}
    assert store.found_fine("ABC", until=NOON) == {}


def test_a_check_whose_reason_is_gone_ends_with_nobody_named(store: Store) -> None:
    store.open_checks([doubt("unverified"), doubt("hours")], now=NOON)
    age, hours = sorted(store.list_checks(), key=lambda check: check.reason, reverse=True)
    assert store.withdraw_checks([], now=NOON) == 0
    assert store.withdraw_checks([age.id, "nobody"], now=NOON + HOUR) == 1
    assert store.withdraw_checks([age.id], now=NOON + HOUR) == 0
    assert store.list_checks() == [hours]
    assert store.list_checks(is_done=True) == []  # nobody did it
    ended = store.find_check(age.id)
    assert (ended.outcome, ended.done_by, ended.done_at) == ("over", "", NOON + HOUR)
    assert store.found_fine("A", until=NOON + HOUR) == {}
    later = doubt("unverified", NOON + 2 * HOUR)
    assert store.open_checks([later], now=NOON + 3 * HOUR) == 1


def test_no_more_are_opened_than_asked_for_and_none_is_counted_that_is_known(store: Store) -> None:
    many = [doubt("hours", code=code) for code in "ABCD"]
    assert store.open_checks(many[:1], now=NOON) == 1
    assert store.open_checks(many, now=NOON, most=2) == 2
    assert {check.code for check in store.list_checks()} == {"A", "B", "C"}
    assert store.open_checks(many, now=NOON, most=2) == 1


def test_of_those_done_no_more_come_than_asked_for(store: Store) -> None:
    store.open_checks([doubt(code=code) for code in "ABC"], now=NOON)
    for hours, check in enumerate(store.list_checks()):
        store.finish_check(check.id, "fine", actor="lin", now=NOON + hours * HOUR)
    last = [check.done_at for check in store.list_checks(is_done=True, most=2)]
    assert last == [NOON + 2 * HOUR, NOON + HOUR]


def test_an_unknown_check_or_outcome_is_refused(store: Store) -> None:
    with pytest.raises(UnknownCheckError, match="nobody"):
        store.find_check("nobody")
    with pytest.raises(UnknownCheckError):
        store.finish_check("nobody", "fine", actor="lin", now=NOON)
    store.open_checks([doubt()], now=NOON)
    (check,) = store.list_checks()
    with pytest.raises(InvalidOptionError, match="perhaps"):
        store.finish_check(check.id, "perhaps", actor="lin", now=NOON)


def test_two_processes_open_one_check(store: Store, store_url: str) -> None:
    with open_store(store_url) as other, ThreadPoolExecutor(8) as pool:
        both = [store, other] * 8
        opened = pool.map(lambda one: one.open_checks([doubt()], now=NOON), both)
        assert sum(opened) == 1
    assert store.count_checks() == 1


def test_checks_leave_the_change_number_alone(store: Store) -> None:
    before = store.change_seq()
    store.open_checks([doubt()], now=NOON)
    store.finish_check(store.list_checks()[0].id, "fine", actor="lin", now=NOON)
    assert store.change_seq() == before
