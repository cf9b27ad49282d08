"""The order of checks: workers' words first, then waiting times use; nobody waits for ever."""

from __future__ import annotations

import random

import pytest

from geo.stations.doubts import ASKED, BY_RULE, REASONS, TOLD
from geo.stations.urgency import grade_of, order_checks, typical_min


def test_every_reason_has_a_grade() -> None:
    assert sorted(REASONS) == sorted({*TOLD, *ASKED, *BY_RULE})
    assert {grade_of(reason) for reason in TOLD} == {0}
    assert {grade_of(reason) for reason in (*ASKED, "hours", "reopens")} == {1}
    assert grade_of("unverified") == 2


def test_what_a_worker_said_just_now_goes_before_old_doubts_of_records() -> None:
    order = order_checks(
        ["unverified", "alike", "locked"], [300, 90, 0], [900, 900, 0], usual_min=9
    )
    assert order.tolist() == [2, 1, 0]


def test_of_equal_waiting_the_station_that_more_rely_on_goes_first() -> None:
    assert order_checks(["locked"] * 3, [2, 2, 2], [0, 50, 10], usual_min=10).tolist() == [1, 2, 0]


def test_three_times_the_waiting_weighs_as_much_as_twice_the_usual_use() -> None:
    assert order_checks(["gone"] * 2, [1, 3.01], [20, 0], usual_min=10).tolist() == [1, 0]
    assert order_checks(["gone"] * 2, [1, 2.99], [20, 0], usual_min=10).tolist() == [0, 1]


def test_a_station_without_use_comes_first_if_it_waits_long_enough() -> None:
    assert order_checks(["gone"] * 2, [1, 5000], [9999, 0], usual_min=3).tolist() == [1, 0]


def test_without_a_run_the_longest_waiting_goes_first_and_ties_stay() -> None:
    order = order_checks(["locked"] * 4, [1, -2, 3, 0], [0] * 4, usual_min=typical_min([]))
    assert order.tolist() == [2, 0, 1, 3]
    assert order_checks([], [], [], usual_min=1).tolist() == []


@pytest.mark.parametrize(("served", "usual"), [([], 1), ([0, 0], 1), ([0, 4, 8, 100], 8)])
def test_what_is_usual_is_the_median_of_those_that_serve(served: list[float], usual: float) -> None:
    assert typical_min(served) == usual


def test_it_agrees_with_a_sort_by_hand() -> None:
    chance = random.Random(8)  # noqa: S311 - made-up checks, no secret
    reasons = [chance.choice(REASONS) for _ in range(300)]
    waited = [chance.choice([0, 0.5, 1, 40]) for _ in reasons]
    served = [chance.choice([0.0, 3, 60]) for _ in reasons]

    def weight(place: int) -> tuple[float, ...]:
        mass = waited[place] * (served[place] + 6)
        return (grade_of(reasons[place]), -mass, -waited[place], place)

    slow = sorted(range(len(reasons)), key=weight)
    assert order_checks(reasons, waited, served, usual_min=6).tolist() == slow
