"""Answers: their JSON form and the order of definitions.md."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from geo.nearest.answer import NearestStation, ranked

if TYPE_CHECKING:
    from geo.nearest.arrival import State

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PLAIN = NearestStation(
    code="S",
    name="驿站",
    kind="rest_station",
    lon=116.3,
    lat=40.0,
    walk_m=100.0,
    walk_min=1.5,
    minutes=1.5,
    straight_m=90.0,
    off_network=False,
    state="open",
    arrive_at=NOW,
    opens_at=None,
    closes_at=None,
    entry_mode=("open_door", "qr"),
    amenities="toilet;microwave:broken",
    needs_unknown=(),
)


def station(
    code: str, state: State = "open", minutes: float | None = 1.5, **more: object
) -> NearestStation:
    """Return an answer so many minutes away at 4 km/h; None: no way."""
    metres = None if minutes is None else minutes * 4000 / 60
    made: dict[str, Any] = {"code": code, "state": state, "minutes": minutes, "walk_min": minutes}
    arrive = NOW + dt.timedelta(minutes=minutes or 0)
    return dataclasses.replace(PLAIN, **{**made, "walk_m": metres, "arrive_at": arrive, **more})


def soon(code: str, minutes: float, wait: float) -> NearestStation:
    """Return an answer that opens so many minutes after arrival."""
    opens = NOW + dt.timedelta(minutes=minutes + wait)
    return station(code, "opens_soon", minutes, opens_at=opens)


def order(*stations: NearestStation) -> str:
    """Return the codes in their rank."""
    found = ranked(list(stations))
    assert found == ranked(list(reversed(stations)))
    return "".join(one.code for one in found)


def test_states_come_in_the_order_of_the_definitions() -> None:
    states = ["closed", "closes_before_arrival", "reported_locked", "unknown", "open"]
    stations = [station(str(rank), state) for rank, state in enumerate(states)]
    assert order(*stations) == "43210"


@pytest.mark.parametrize("state", ["unknown", "reported_locked", "closes_before_arrival", "closed"])
def test_within_a_state_the_shorter_walk_comes_first(state: str) -> None:
    assert order(station("a", state, 9), station("b", state, 3)) == "ba"


def test_open_and_opening_soon_share_one_rank_by_minutes_until_inside() -> None:
    assert order(station("a", "open", 8), soon("b", 3, 4), soon("c", 3, 6)) == "bac"


def test_equal_minutes_until_inside_go_by_walk() -> None:
    assert order(station("a", "open", 8), soon("b", 3, 5)) == "ba"


def test_stations_that_open_at_the_same_minute_go_by_walk_whatever_the_fractions() -> None:
    ways = [0.1 + k / 7 for k in range(9)]
    stations = [soon(str(rank), way, 12 - way) for rank, way in enumerate(ways)]
    assert order(*stations) == "012345678"


def test_equal_walks_go_by_code() -> None:
    assert order(station("b"), station("a")) == "ab"


def test_an_open_station_far_away_comes_before_a_closed_one_next_door() -> None:
    assert order(station("a", "closed", 0.1), station("b", "open", 14)) == "ba"


# Needs


def test_known_needs_come_before_unknown_ones_whatever_the_state() -> None:
    unverified = station("a", "open", 1, needs_unknown=("toilet",))
    assert order(unverified, station("b", "closed", 9)) == "ba"


# No way


def test_stations_without_a_way_come_last_by_straight_line() -> None:
    stations = [
        station("a", "open", None, straight_m=200.0),
        station("b", "closed", 30),
        station("c", "closed", None, straight_m=100.0),
    ]
    assert order(*stations) == "bca"


# The unknown one near by


def test_a_near_unknown_one_stands_second_if_the_first_is_far() -> None:
    stations = [station("a", "open", 16), station("b", "open", 17), station("c", "unknown", 15)]
    assert order(*stations) == "acb"


def test_the_nearest_of_several_unknown_ones_stands_second() -> None:
    near = [station("d", "unknown", 6), station("c", "unknown", 5)]
    assert order(station("a", "open", 16), station("b", "open", 17), *near) == "acbd"


def test_an_unknown_one_at_the_worker_s_feet_stands_second() -> None:
    stations = [station("a", "open", 16), station("b", "open", 17), station("c", "unknown", 0.0)]
    assert order(*stations) == "acb"


def test_waiting_counts_as_minutes_until_inside() -> None:
    assert order(soon("a", 5, 11), soon("b", 6, 11), station("c", "unknown", 9)) == "acb"


def test_one_that_opens_in_exactly_15_minutes_is_not_more_than_15_minutes_away() -> None:
    for way in (0.1, 1.3, 4.7, 11.9):
        unknown = station("c", "unknown", 5)
        assert order(soon("a", way, 15 - way), station("b", "open", 17), unknown) == "abc"


def test_an_unknown_one_keeps_its_place_if_the_first_is_within_15_minutes() -> None:
    stations = [station("a", "open", 15), station("b", "open", 17), station("c", "unknown", 5)]
    assert order(*stations) == "abc"


def test_an_unknown_one_more_than_15_minutes_away_keeps_its_place() -> None:
    stations = [station("a", "open", 16), station("b", "open", 17), station("c", "unknown", 15.1)]
    assert order(*stations) == "abc"


def test_an_unknown_one_with_unknown_needs_may_stand_second() -> None:
    near = station("c", "unknown", 5, needs_unknown=("toilet",))
    assert order(station("a", "closed", 3), station("b", "closed", 4), near) == "acb"


def test_nothing_is_ranked_to_nothing() -> None:
    assert ranked([]) == []


# JSON


def test_to_dict_is_json_with_all_fields() -> None:
    plain = PLAIN.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert list(plain) == [field.name for field in dataclasses.fields(NearestStation)]


def test_to_dict_writes_times_with_their_offset() -> None:
    plain = dataclasses.replace(PLAIN, closes_at=NOW + dt.timedelta(hours=8)).to_dict()
    assert plain["arrive_at"] == "2026-03-02T09:00:00+08:00"
    assert plain["closes_at"] == "2026-03-02T17:00:00+08:00"
    assert plain["opens_at"] is None


def test_to_dict_writes_tuples_as_lists() -> None:
    assert PLAIN.to_dict()["entry_mode"] == ["open_door", "qr"]


@pytest.mark.parametrize("state", ["unknown", "reported_locked", "closes_before_arrival", "closed"])
def test_minutes_until_inside_are_endless_unless_one_gets_in(state: str) -> None:
    assert station("a", state, 3).inside_min == float("inf")
