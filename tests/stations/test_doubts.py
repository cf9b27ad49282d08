"""Which reports somebody has to look into."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.stations.doubts import Doubt, find_doubts
from geo.stations.evidence import Lock, Report

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def tell(
    state: str, at: dt.datetime = NOON, *, code: str = "A", device: str = "d", amenity: str = ""
) -> Report:
    return Report(code, device, state, at, amenity=amenity)


def doubts(
    *reports: Report, locks: dict[str, Lock] | None = None, verified: dt.datetime | None = None
) -> list[tuple[str, str, dt.datetime]]:
    staff = {"A": verified} if verified else {}
    found = find_doubts(reports, at=NOON + HOUR, locks=locks or {}, staff_verified=staff)
    return [(doubt.reason, doubt.amenity, doubt.told_at) for doubt in found]


@pytest.mark.parametrize("state", ["gone", "broken", "missing"])
def test_one_device_is_enough_for_staff_to_look(state: str) -> None:
    amenity = "" if state == "gone" else "microwave"
    assert doubts(tell(state, amenity=amenity)) == [(state, amenity, NOON)]


def test_open_and_a_single_locked_are_no_doubt() -> None:
    assert doubts(tell("open"), tell("locked")) == []


@pytest.mark.parametrize(
    ("is_locked", "needs_check", "count"), [(True, False, 1), (False, True, 1), (False, False, 0)]
)
def test_a_lock_is_a_doubt_while_it_lasts_and_when_it_ran_out(
    *, is_locked: bool, needs_check: bool, count: int
) -> None:
    lock = Lock(is_locked, needs_check, devices=2, last_at=NOON)
    assert doubts(locks={"A": lock}) == [("locked", "", NOON)] * count


def test_each_amenity_is_a_doubt_of_its_own_with_its_last_report() -> None:
    found = doubts(
        tell("broken", NOON, amenity="toilet"),
        tell("broken", NOON - HOUR, amenity="toilet"),
        tell("missing", NOON, amenity="toilet"),
        tell("broken", NOON - HOUR, amenity="microwave"),
    )
    assert found == [
        ("broken", "microwave", NOON - HOUR),
        ("broken", "toilet", NOON),
        ("missing", "toilet", NOON),
    ]


def test_what_came_before_staff_looked_is_none() -> None:
    assert doubts(tell("gone", NOON), verified=NOON) == []
    assert len(doubts(tell("gone", NOON), verified=NOON - HOUR)) == 1
    assert len(doubts(tell("gone", NOON), verified=NOON + 2 * HOUR)) == 1  # after the moment judged


def test_what_is_seen_later_than_the_moment_is_none() -> None:
    assert doubts(tell("gone", NOON + 2 * HOUR)) == []


def test_a_burst_is_none() -> None:
    assert find_doubts([tell("gone", code=code) for code in "ABCD"], at=NOON, locks={}) == []


def test_the_key_tells_station_reason_and_amenity() -> None:
    doubt = Doubt("A", "broken", "toilet", NOON)
    assert doubt.key == ("A", "broken", "toilet")
