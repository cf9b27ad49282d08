"""The oracle's trips and steps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.oracle import tracks
from tests.oracle.grid import WEDNESDAY_NOON, at, fix

if TYPE_CHECKING:
    from pathlib import Path


def trip_times(trips: tracks.Trips) -> list[list[float]]:
    """Return the seconds of each fix of each trip."""
    return [[(f.time - WEDNESDAY_NOON).total_seconds() for f in trip] for trip in trips.trips]


def test_hole_of_20_min_stays_and_longer_ends_a_trip() -> None:
    trips = tracks.make_trips([fix(0, 0), fix(1200, 0), fix(2400, 0), fix(3601, 0)])
    assert trip_times(trips) == [[0, 1200, 2400], [3601]]


def test_fix_faster_than_120_kmh_is_dropped_and_measured_from_the_last_good() -> None:
    # 120 km/h is 33.3 m/s: 340 m in 10 s is too fast, the next (600 m in 20 s) is not
    trips = tracks.make_trips([fix(0, 0), fix(10, 340), fix(20, 600)])
    assert trip_times(trips) == [[0, 20]]
    assert trips.impossible_speed == 1


def test_hole_is_measured_between_good_fixes() -> None:
    # the fix at 1190 s is 50 km away: dropped, so the hole is 1210 s
    trips = tracks.make_trips([fix(0, 0), fix(1190, 50_000), fix(1210, 0)])
    assert trip_times(trips) == [[0], [1210]]


def test_impossible_speed_counts_across_a_hole() -> None:
    trips = tracks.make_trips([fix(0, 0), fix(1500, 60_000), fix(1510, 0)])
    assert trip_times(trips) == [[0], [1510]]


def test_first_of_equal_times_counts_per_worker() -> None:
    fixes = [fix(5, 1), fix(0, 0), fix(5, 2), fix(5, 3, worker="x")]
    trips = tracks.make_trips(fixes)
    assert trips.duplicate_time == 1
    assert [[f.lonlat for f in trip] for trip in trips.trips] == [[at(0, 0), at(1, 0)], [at(3, 0)]]


@pytest.mark.parametrize(("metres", "length_mm"), [(2.9, 0), (3.1, 3100)])
def test_step_slower_than_30_cm_a_second_has_no_length(metres: float, length_mm: int) -> None:
    (step,) = tracks.make_trips([fix(0, 0), fix(10, metres)]).steps()
    assert (step.duration_ms, step.length_mm) == (10_000, length_mm)


def test_csv_is_read_as_utc(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("lat,lng,datetime,uid\n40.0,116.3,2008-11-05 04:00:00,w\n", encoding="utf-8")
    assert tracks.read_fixes(file) == [tracks.Fix("w", WEDNESDAY_NOON, (116.3, 40.0))]


def test_another_route_does_not_end_a_trip() -> None:
    fixes = [fix(0, 0), fix(10, 10), replace(fix(20, 20), route="b"), fix(30, 30)]
    assert trip_times(tracks.make_trips(fixes)) == [[0, 10, 20, 30]]
