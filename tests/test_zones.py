"""Local clocks: offsets, clock changes, days and hours of the week."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import zones
from geo.errors import InvalidOptionError

SHANGHAI = ZoneInfo(zones.LOCAL_ZONE)
moments_ms = st.integers(-(10**12), 4 * 10**12)  # 1938 to 2096


def epoch_ms(text: str) -> int:
    """Return the moment of an ISO 8601 text with an offset."""
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000)


def wall_ms(text: str) -> int:
    """Return a wall clock as milliseconds since a local 1970-01-01."""
    return epoch_ms(text + "+00:00")


def ints(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def test_local_time_is_eight_hours_ahead_of_utc() -> None:
    local = zones.to_local_ms(ints(epoch_ms("2026-03-02T20:00:00+00:00")))
    assert local.tolist() == [wall_ms("2026-03-03T04:00:00")]


def test_local_time_knows_the_summer_time_of_1988() -> None:
    local = zones.to_local_ms(ints(epoch_ms("1988-07-01T00:00:00+00:00")))
    assert local.tolist() == [wall_ms("1988-07-01T09:00:00")]


def test_no_moments_make_no_local_times() -> None:
    assert zones.to_local_ms(ints()).shape == (0,)
    assert zones.from_local_ms(ints()).shape == (0,)


def test_a_wall_clock_that_occurs_twice_is_its_first_occurrence() -> None:
    found = zones.from_local_ms(ints(wall_ms("2025-10-26T02:30:00")), zone="Europe/Berlin")
    assert found.tolist() == [epoch_ms("2025-10-26T02:30:00+02:00")]


def test_a_wall_clock_that_is_skipped_is_the_first_that_exists() -> None:
    found = zones.from_local_ms(ints(wall_ms("2025-03-30T02:30:00")), zone="Europe/Berlin")
    assert found.tolist() == [epoch_ms("2025-03-30T03:00:00+02:00")]


@given(st.lists(moments_ms, max_size=5))
def test_local_time_agrees_with_the_standard_library(moments: list[int]) -> None:
    found = zones.to_local_ms(ints(*moments))
    expected = [
        dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=moment)
        for moment in moments
    ]
    walls = [moment.astimezone(SHANGHAI).replace(tzinfo=dt.UTC) for moment in expected]
    assert found.tolist() == [round(wall.timestamp() * 1000) for wall in walls]


@given(st.integers(epoch_ms("1992-01-01T00:00:00+08:00"), 4 * 10**12))
def test_there_and_back_is_the_same_moment(moment: int) -> None:
    assert zones.from_local_ms(zones.to_local_ms(ints(moment))).tolist() == [moment]


@pytest.mark.parametrize(
    ("wall", "day"),
    [("1970-01-01T00:00:00", 0), ("1970-01-01T23:59:59", 0), ("1969-12-31T23:59:59", -1)],
)
def test_local_day_begins_at_midnight(wall: str, day: int) -> None:
    assert zones.local_day(ints(wall_ms(wall))).tolist() == [day]


@pytest.mark.parametrize(
    ("wall", "hour"),
    [
        ("2026-03-02T00:00:00", 0),  # a Monday
        ("2026-03-02T00:59:59", 0),
        ("2026-03-02T01:00:00", 1),
        ("2026-03-08T23:59:59", 167),
        ("2026-03-07T12:00:00", 5 * 24 + 12),
        ("1969-12-28T23:00:00", 167),  # a Sunday before the epoch
    ],
)
def test_hour_of_week_counts_from_monday_midnight(wall: str, hour: int) -> None:
    assert zones.hour_of_week(ints(wall_ms(wall))).tolist() == [hour]


def test_isoformat_is_local_and_to_the_minute() -> None:
    assert zones.isoformat(epoch_ms("2026-03-02T20:07:59+00:00")) == "2026-03-03T04:07+08:00"


def test_isodate_is_the_day_of_local_day() -> None:
    day = int(zones.local_day(ints(wall_ms("2026-03-02T15:00:00")))[0])
    assert zones.isodate(day) == "2026-03-02"


def test_a_known_zone_is_given_back() -> None:
    assert zones.require_zone("Asia/Urumqi") == "Asia/Urumqi"


@pytest.mark.parametrize("name", ["Asia/Peking", "", "../etc/passwd", "Asia", "+08:00", "a\0b"])
def test_an_unknown_zone_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(InvalidOptionError, match="Asia/Shanghai"):
        zones.require_zone(name)
