"""Timelines: the same states as single judgements, unknown outside their days."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import zones
from geo.hours import CLOSED, OPEN, UNKNOWN, intervals, make_timeline

EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001  # local wall clock
MONDAY = 20_514  # 2026-03-02
TEXTS = (
    "24/7",
    "",
    "Mo-Fr 08:30-11:30,13:30-17:00",
    "Mo-Su 22:00-06:00",
    'Mo-Fr 09:00-17:00; Sa "ring"',
    "Mo-Fr 22:00-06:00; PH off",
)


def days(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(sorted(set(numbers)), dtype=np.int64)


def moment_ms(day: int, minute: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the moment of a local day and minute, shape (1,)."""
    return zones.from_local_ms(np.array([day * zones.DAY_MS + minute * 60_000], dtype=np.int64))


@given(
    st.lists(st.sampled_from(TEXTS), max_size=4),
    st.lists(st.integers(20_440, 20_820), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1439)), max_size=6),
)
def test_timeline_equals_single_judgements(
    texts: list[str], numbers: list[int], moments: list[tuple[int, int]]
) -> None:
    timeline = make_timeline(texts, days(*numbers))
    for place, minute in moments:
        day = numbers[place % len(numbers)]
        wall = EPOCH + dt.timedelta(days=day, minutes=minute)
        expected = [intervals(t, wall, wall + dt.timedelta(minutes=1))[0].state for t in texts]
        slot = timeline.slot(moment_ms(day, minute))[0]
        assert timeline.state[:, slot].tolist() == expected


def test_slots_rise_and_no_two_neighbours_are_equal_inside_a_day() -> None:
    timeline = make_timeline(["Mo-Fr 08:30-11:30,13:30-17:00"], days(MONDAY))
    assert (np.diff(timeline.start_ms) > 0).all()
    assert timeline.state[0].tolist() == [CLOSED, OPEN, CLOSED, OPEN, CLOSED, UNKNOWN]


def test_a_moment_on_a_change_belongs_to_the_new_state() -> None:
    timeline = make_timeline(["Mo-Fr 08:30-17:00"], days(MONDAY))
    found = [timeline.state[0, timeline.slot(moment_ms(MONDAY, m))[0]] for m in (510, 509, 1020)]
    assert found == [OPEN, CLOSED, CLOSED]


def test_between_the_days_asked_for_nothing_is_known() -> None:
    timeline = make_timeline(["24/7", "Mo-Fr 08:30-17:00"], days(MONDAY, MONDAY + 3))
    slot = timeline.slot(moment_ms(MONDAY + 1, 600))[0]
    assert timeline.state[:, slot].tolist() == [UNKNOWN, UNKNOWN]


@pytest.mark.parametrize("day", [MONDAY - 1, MONDAY + 1])
def test_before_and_after_the_days_asked_for_nothing_is_known(day: int) -> None:
    timeline = make_timeline(["24/7"], days(MONDAY))
    assert timeline.state[0, timeline.slot(moment_ms(day, 600))[0]] == UNKNOWN


def test_no_days_make_no_slots() -> None:
    timeline = make_timeline(["24/7"], days())
    assert (timeline.start_ms.shape, timeline.state.shape) == ((0,), (1, 0))


def test_no_texts_make_slots_without_states() -> None:
    timeline = make_timeline([], days(MONDAY))
    assert timeline.state.shape == (0, len(timeline.start_ms))


def test_a_text_that_cannot_be_read_is_unknown() -> None:
    assert set(make_timeline(["24/7", "daily"], days(MONDAY)).state[1]) == {UNKNOWN}
