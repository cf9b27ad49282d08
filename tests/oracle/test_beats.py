"""The oracle's planned lines: every 10 m, every quarter hour of the shift."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import hypot

import pytest

from tests.oracle.beats import Beat, plain_week, points, slots, walk
from tests.oracle.grid import at
from tests.oracle.network import geodesic_m
from tests.oracle.stations import LOCAL

MONDAY = date(2026, 3, 2)
BENT = [at(0, 0), at(0, 45), at(50, 45)]  # 95 m


def test_points_stand_every_10_m_round_the_bend() -> None:
    found = points(BENT)
    expected = [(0, 0), (0, 10), (0, 20), (0, 30), (0, 40), (5, 45), (15, 45), (25, 45), (35, 45)]
    assert len(found) == 10
    for place, metres in zip(found, expected, strict=False):
        assert geodesic_m(place, at(*metres)) < 0.01


def test_each_slot_is_a_walk_of_the_whole_line() -> None:
    found = list(walk([Beat("a", [BENT], "We 12:00-12:30", workers=3)], MONDAY))
    assert [step.trip for step in found] == [0] * 10 + [1] * 10
    assert [step.duration_ms for step in found] == [90_000] * 20
    assert found[0].first.time == datetime(2026, 3, 4, 12, tzinfo=LOCAL)
    assert found[19].first.time == datetime(2026, 3, 4, 12, 28, 30, tzinfo=LOCAL)
    round_the_bend_mm = hypot(5_000, 5_000)  # straight from point to point
    assert found[4].length_mm == pytest.approx(round_the_bend_mm, abs=10)
    in_all_mm = 2 * (85_000 + round_the_bend_mm)
    assert sum(step.length_mm for step in found) == pytest.approx(in_all_mm, abs=20)
    assert found[9].length_mm == pytest.approx(5_000, abs=10)
    assert {(step.workers, step.shift) for step in found} == {(3, "We 12:00-12:30")}


def test_a_slot_has_900_seconds_however_many_points() -> None:
    line = [at(0, 0), at(0, 67)]  # 7 points
    found = list(walk([Beat("a", [line], "Mo 00:00-00:15")], MONDAY))
    assert [step.duration_ms for step in found][:2] == [128_571, 128_572]
    assert sum(step.duration_ms for step in found) == 900_000


def test_parts_share_a_slot_by_their_points_and_are_trips() -> None:
    parts = [[at(0, 0), at(0, 19)], [at(500, 0), at(500, 10.5), at(500, 7)]]  # 2 points each
    found = list(walk([Beat("a", parts, "Mo 00:00-00:30")], MONDAY))
    assert [step.trip for step in found] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert [step.duration_ms for step in found] == [225_000] * 8
    lengths = [step.length_mm for step in found[:4]]
    assert lengths == pytest.approx([10_000, 9_000, 10_000, 3_000], abs=10)


@pytest.mark.parametrize(
    ("shift", "count", "first"),
    [
        ("Mo-Fr 04:00-11:00", 5 * 28, timedelta(hours=4)),
        ("Mo 22:00-02:00", 16, timedelta(hours=22)),
        ("Su 23:00-01:00", 8, timedelta(0)),  # the night of the Sunday before reaches into Monday
        ("We 04:10-04:20", 1, timedelta(days=2, hours=4, minutes=15)),
        ("We 04:01-04:14", 0, None),
    ],
)
def test_slots_that_begin_in_the_shift(shift: str, count: int, first: timedelta | None) -> None:
    found = slots(shift, MONDAY)
    assert len(found) == count
    if first is not None:
        assert found[0] == datetime(2026, 3, 2, tzinfo=LOCAL) + first


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2026, 3, 8), date(2026, 3, 2)),  # a Sunday
        (date(2026, 10, 1), date(2026, 9, 7)),  # 20 Sep is worked, 25 Sep a holiday
    ],
)
def test_the_week_is_the_last_without_holidays(day: date, monday: date) -> None:
    assert plain_week(day) == monday
