"""Checks that records open by themselves, and end by themselves once they are put right."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from geo.stations.doubts import Doubt
from geo.store.settled import Question
from tests.webmap.conftest import NOW
from webmap import checks
from webmap.checks import Rules, open_asked, tend_records

if TYPE_CHECKING:
    import pytest

    from geo.store import Store
    from tests.webmap.conftest import Save

DAY = dt.timedelta(days=1)


def keys(store: Store) -> list[tuple[str, str]]:
    """Return code and reason of the open checks."""
    return sorted((check.code, check.reason) for check in store.list_checks())


def test_a_station_grows_old_and_is_verified_again(own_store: Store, save: Save) -> None:
    save({"code": "A", "name": "甲"})
    assert tend_records(own_store, NOW + 180 * DAY) == (0, 0)
    assert tend_records(own_store, NOW + 181 * DAY) == (1, 0)
    assert tend_records(own_store, NOW + 182 * DAY) == (0, 0)
    assert keys(own_store) == [("A", "unverified")]
    save({"code": "A", "name": "甲", "verified_on": "2026-08-01"})
    assert tend_records(own_store, NOW + 183 * DAY) == (0, 1)
    assert keys(own_store) == []


def test_a_worker_who_was_inside_keeps_a_station_young(own_store: Store, save: Save) -> None:
    save({"code": "A", "name": "甲"})
    own_store.add_report("A", "open", devices=["d"], at=NOW + 90 * DAY, now=NOW + 90 * DAY)
    assert tend_records(own_store, NOW + 200 * DAY) == (0, 0)


def test_hours_that_are_put_right_are_asked_about_no_more(own_store: Store, save: Save) -> None:
    save({"code": "A", "name": "甲", "hours_text": "看情况"})
    assert tend_records(own_store, NOW + DAY) == (1, 0)
    (check,) = own_store.list_checks()
    own_store.finish_check(check.id, "fine", actor="lin", now=NOW + 2 * DAY)
    assert tend_records(own_store, NOW + 3 * DAY) == (0, 0)  # somebody has said: so it is
    save({"code": "B", "name": "乙", "hours_text": "看情况"})
    assert tend_records(own_store, NOW + 4 * DAY) == (1, 0)
    save({"code": "B", "name": "乙", "hours": "24/7", "hours_text": "24小时"})
    assert tend_records(own_store, NOW + 5 * DAY) == (0, 1)


def test_nobody_is_asked_about_a_record_that_was_put_away(own_store: Store, save: Save) -> None:
    save(*({"code": code, "name": code} for code in "ABC"))
    asked = [("A", "position", ""), ("B", "alike", "C"), ("B", "area", "")]
    assert open_asked(own_store, asked, NOW) == 3
    assert tend_records(own_store, NOW + DAY) == (0, 0)
    own_store.open_checks([Doubt("A", "gone", "", NOW)], now=NOW)
    save(
        {"code": "A", "name": "A", "status": "closed"},
        {"code": "C", "name": "C", "status": "duplicate_of"},
    )
    assert tend_records(own_store, NOW + DAY) == (0, 2)
    assert keys(own_store) == [("A", "gone"), ("B", "area")]  # workers' words stay


def test_a_pair_that_the_page_of_doubts_has_settled_is_asked_about_no_more(
    own_store: Store, save: Save
) -> None:
    save(*({"code": code, "name": code} for code in "ABC"))
    open_asked(own_store, [("B", "alike", "A"), ("C", "alike", "A")], NOW)
    own_store.settle([Question.of_pair("A", "B")], actor="lin", now=NOW)
    assert tend_records(own_store, NOW + DAY) == (0, 1)
    assert keys(own_store) == [("C", "alike")]


def test_a_whole_register_that_grows_old_comes_piece_by_piece_the_oldest_first(
    own_store: Store, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_MOST_AT_ONCE", 2)
    days = {"A": "2026-02-03", "B": "2026-02-01", "C": "2026-02-02"}
    save(*({"code": code, "name": code, "verified_on": day} for code, day in days.items()))
    at = NOW + 300 * DAY
    assert tend_records(own_store, at) == (2, 0)
    assert [code for code, _ in keys(own_store)] == ["B", "C"]
    assert tend_records(own_store, at) == (1, 0)
    assert tend_records(own_store, at) == (0, 0)


def test_records_are_judged_once_an_hour_and_after_each_change(
    own_store: Store, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[dt.datetime] = []
    monkeypatch.setattr(checks, "tend_records", lambda _, at: judged.append(at))
    rules, minute = Rules(), dt.timedelta(minutes=1)
    rules.tend(own_store, NOW)
    rules.tend(own_store, NOW + minute)
    assert len(judged) == 1
    save({"code": "A", "name": "甲"})
    rules.tend(own_store, NOW + minute)
    rules.tend(own_store, NOW + 60 * minute)
    assert len(judged) == 3
