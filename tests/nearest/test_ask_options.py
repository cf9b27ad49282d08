"""The worker's question: two timetables, closures with an end, locks, filters."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from geo.errors import InvalidOptionError
from tests.nearest.test_ask import MONDAY_NOON, ask, codes, stations_xy
from tests.networks import network_of

if TYPE_CHECKING:
    from geo.network import Network


@pytest.fixture(scope="module")
def street() -> Network:
    """Return a street of 2 km from west to east, one node every 100 m."""
    return network_of([(100 * k, 0) for k in range(21)], [(k, k + 1) for k in range(20)])


def test_a_station_that_keeps_itself_open_is_entered_its_own_way(street: Network) -> None:
    stations = stations_xy(
        (100, 0),
        hours="Mo-Fr 09:00-11:00",
        self_hours="Mo-Su 11:00-09:00",
        entry_mode="open_door",
        self_entry_mode="id_card",
    )
    (found,) = ask(stations, street)
    assert (found.state, found.entry_mode) == ("open", ("id_card",))


def test_a_phone_at_night_alone_rules_it_out_at_night_alone(street: Network) -> None:
    cells = {"hours": "Mo-Su 06:00-20:00", "self_hours": "Mo-Su 20:00-06:00"}
    stations = stations_xy((100, 0), **cells, entry_mode="open_door", self_entry_mode="qr")
    night = MONDAY_NOON + dt.timedelta(hours=10)
    assert codes(ask(stations, street, no_phone=True)) == ["S000"]
    assert codes(ask(stations, street, no_phone=True, at=night)) == []
    assert codes(ask(stations, street, at=night)) == ["S000"]


def test_a_closure_that_ends_before_arrival_is_over(street: Network) -> None:
    until = (MONDAY_NOON + dt.timedelta(minutes=10)).isoformat()
    cells = {"status": "temporarily_closed", "status_until": until}
    assert codes(ask(stations_xy((600, 0), **cells), street)) == []  # 9 minutes' walk
    assert codes(ask(stations_xy((700, 0), **cells), street)) == ["S000"]


def test_a_station_reported_locked_stands_after_the_unknown(street: Network) -> None:
    hours = ["24/7", "", "24/7", "Mo-Su 00:00-12:05", "off"]
    stations = stations_xy(*((x, 0) for x in (100, 500, 900, 1500, 200)), hours=hours)
    found = ask(stations, street, locked=["S000", "nobody"])
    assert [one.state for one in found] == [
        "open",
        "unknown",
        "reported_locked",
        "closes_before_arrival",
        "closed",
    ]
    assert found[2].code == "S000"


def test_filters_leave_out_what_was_not_asked_for(street: Network) -> None:
    stations = stations_xy(
        *((100 * x, 0) for x in range(1, 5)),
        hours=["24/7", "Mo-Su 09:00-17:00", "", "Mo-Su 13:00-17:00"],
        kind=["rest_station", "union_hub", "union_hub", "rest_station"],
    )
    assert codes(ask(stations, street, is_always=True)) == ["S000"]
    assert codes(ask(stations, street, is_open=True)) == ["S000", "S001"]
    assert codes(ask(stations, street, kinds=["union_hub"])) == ["S001", "S002"]
    assert codes(ask(stations, street, kinds=["union_hub"], is_open=True)) == ["S001"]


def test_an_unknown_kind_is_refused_with_the_list(street: Network) -> None:
    with pytest.raises(InvalidOptionError, match="unknown kind hotel; use rest_station"):
        ask(stations_xy((100, 0)), street, kinds=["hotel"])


def test_an_amenity_shut_on_arrival_fails_the_need(street: Network) -> None:
    stations = stations_xy((100, 0), amenities="toilet", amenity_hours="toilet: 14:00-18:00")
    assert codes(ask(stations, street, needs=["toilet"])) == []
    assert codes(ask(stations, street)) == ["S000"]
