"""The hours engine, and the minute-by-minute evaluator, on cases worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.hours import CLOSED, OPEN, UNKNOWN, Timetable, next_change, state_at
from tests.hours.cases import Case, read_cases
from tests.hours.minute_by_minute import next_change_of, state_of

NAMES = {CLOSED: "closed", OPEN: "open", UNKNOWN: "unknown"}
CASES = read_cases()

each = pytest.mark.parametrize("case", CASES, ids=str)


def test_at_least_320_cases_and_half_of_them_not_open() -> None:
    assert len(CASES) >= 320
    assert sum(case.state != "open" for case in CASES) >= len(CASES) / 2


def test_no_case_stands_twice() -> None:
    asked = [(case.hours, case.self_hours, case.moment) for case in CASES]
    assert len(set(asked)) == len(asked)


@each
def test_state_at_the_moment(case: Case) -> None:
    found = state_at(Timetable(case.hours, case.self_hours), case.moment)
    assert NAMES[found] == case.state


@each
def test_next_change_after_the_moment(case: Case) -> None:
    found = next_change(Timetable(case.hours, case.self_hours), case.moment)
    assert (None if found is None else (found[0], NAMES[found[1]])) == case.next_change


@each
def test_minute_by_minute_agrees_with_the_hand(case: Case) -> None:
    asked = case.hours, case.self_hours, case.moment
    assert (state_of(*asked), next_change_of(*asked)) == (case.state, case.next_change)


@pytest.mark.parametrize("seconds", [1, 30, 59])
@pytest.mark.parametrize("case", [case for case in CASES if case.note], ids=str)
def test_a_state_lasts_its_minute(case: Case, seconds: int) -> None:
    later = case.moment + dt.timedelta(seconds=seconds)
    assert NAMES[state_at(Timetable(case.hours, case.self_hours), later)] == case.state
