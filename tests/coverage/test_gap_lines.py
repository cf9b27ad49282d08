"""Gap lines as they are kept, joined for the list of worst gaps, and measured against hours."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geo.coverage.gaps import GapStore
from geo.coverage.lines import Lines, join_lines, points_of
from geo.coverage.missed import missed_min
from geo.coverage.worst import worst_gaps
from tests.networks import stations_at, to_degrees
from tests.walks import MONDAY_0400_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN = 60_000
CLOSED, NO_STATION = 3, 4


def line(
    start_min: float,
    end_min: float,
    x_m: Sequence[float],
    *,
    trip: int = 1,
    found: int = CLOSED,
    nearest: int = 0,
    length_mm: int = 0,
) -> Lines:
    """Return one line along a street, minutes after Monday 04:00."""
    lon, lat = to_degrees(list(x_m), [0.0] * len(x_m))
    start, end = (MONDAY_0400_MS + round(minute * MIN) for minute in (start_min, end_min))
    whole = {
        "route": trip, "trip": trip, "start_ms": start, "end_ms": end, "duration_ms": end - start,
        "length_mm": length_mm, "workers": 1, "shift": -1, "nearest": nearest,
        "nearest_ms": end, "area": -1, "first": 0, "size": len(x_m),
    }  # fmt: skip
    return Lines(
        **{name: np.array([value]) for name, value in whole.items()},
        found=np.array([found], dtype=np.uint8),
        worst_walk_m=np.array([float(start_min)]),
        lon=lon,
        lat=lat,
        is_hidden=np.zeros(len(x_m), dtype=bool),
    )


def pieces(*lines: Lines) -> list[int]:
    return worst_gaps(join_lines(list(lines)))["pieces"].tolist()


def test_lines_less_than_a_minute_apart_are_shown_as_one() -> None:
    apart = line(0, 10, [0, 500]), line(10.9, 20, [800, 900])
    assert pieces(*apart) == [2]


def test_lines_less_than_30_m_apart_are_shown_as_one() -> None:
    assert pieces(line(0, 10, [0, 500]), line(18, 20, [529, 900])) == [2]


@pytest.mark.parametrize(
    "other", [line(11, 20, [531, 900]), line(10, 20, [500, 900], trip=2), line(15, 20, [600, 900])]
)
def test_lines_apart_in_both_or_of_another_trip_stay_two(other: Lines) -> None:
    assert pieces(line(0, 10, [0, 500]), other) == [1, 1]


def test_a_joined_gap_counts_its_lines_and_not_what_lies_between() -> None:
    parts = line(0, 10, [0, 500]), line(10.5, 30, [500, 900], found=NO_STATION, nearest=3)
    [gap] = worst_gaps(join_lines(list(parts))).to_dict("records")
    assert gap["duration_ms"] == 29.5 * MIN
    assert (gap["found"], gap["nearest"]) == (NO_STATION, 3)  # of the longer one
    assert gap["end_ms"] - gap["start_ms"] == 30 * MIN
    assert gap["worst_walk_m"] == 10.5


def test_the_longest_come_first_and_no_more_than_asked_for() -> None:
    parts = [line(0, 5 + trip % 7, [0, 10], trip=trip) for trip in range(1, 30)]
    worst = worst_gaps(join_lines(parts), most=4)
    assert worst["duration_ms"].tolist() == [11 * MIN] * 4
    assert worst["route"].tolist() == [6, 13, 20, 27]


def test_no_gaps_make_an_empty_list() -> None:
    assert len(worst_gaps(join_lines([]))) == 0


@pytest.mark.parametrize("most_points", [0, 5, 1000])
def test_lines_are_the_same_from_memory_and_from_disk(most_points: int) -> None:
    parts = [line(9 - n, 20, [n, n + 1, n + 5][: 2 + n % 2], trip=9 - n) for n in range(9)]
    with closing(GapStore(most_points)) as store:
        for part in parts:
            store.add(part)
        found = store.finish()
    if most_points == 0:
        assert all(part.lon.base is None for part in store.stored)  # else memory is not let go
    expected = join_lines(parts)
    assert found.route.tolist() == list(range(1, 10))
    for name in ("start_ms", "duration_ms", "size"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()
    for name in ("lon", "lat", "is_hidden"):
        got, want = (
            np.asarray(getattr(lines, name))[points_of(lines)[1]].tolist()
            for lines in (found, expected)
        )
        assert got == want


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [
        ("Mo-Su 05:00-20:00", 40.0),  # nearest at 04:20
        ("Mo-Su 20:00-04:10", 10.0),
        ("Mo-Su 03:00-03:50,04:25-06:00", 5.0),
        ("Mo-Su 04:05-04:18", 2.0),
        ("Su 10:00-11:00", 17 * 60.0 + 20.0),
        ("", np.nan),
        ("off", np.nan),
    ],
)
def test_minutes_missed_are_to_the_nearer_end_of_the_hours_when_it_was_nearest(
    hours: str, minutes: float
) -> None:
    lon, lat = to_degrees([0], [0])
    stations = stations_at(lon.tolist(), lat.tolist(), hours=hours)
    one = line(0, 20, [0, 100])
    [found] = missed_min(one.nearest, one.nearest_ms, stations)
    assert found == pytest.approx(minutes, nan_ok=True)


def test_without_a_nearest_station_nothing_was_missed() -> None:
    stations = stations_at([], [])
    assert np.isnan(missed_min(np.array([-1]), np.array([MONDAY_0400_MS]), stations)).all()
