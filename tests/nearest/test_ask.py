"""The worker's question on a street whose walks a reader can add up."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from geo.coords import geodesic_m
from geo.errors import InvalidOptionError
from geo.nearest import nearest
from tests.networks import network_of, stations_at, to_degrees

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.nearest import NearestStation
    from geo.network import Network

MONDAY_NOON = dt.datetime.fromisoformat("2026-03-02T12:00+08:00")


@pytest.fixture(scope="module")
def street() -> Network:
    """Return a street of 2 km from west to east, one node every 100 m."""
    return network_of([(100 * k, 0) for k in range(21)], [(k, k + 1) for k in range(20)])


@pytest.fixture(scope="module")
def two_streets() -> Network:
    """Return two streets of 1.5 km, 200 m apart, with no way between them."""
    return network_of([(0, 0), (1500, 0), (0, 200), (1500, 200)], [(0, 1), (2, 3)])


def stations_xy(*xy: tuple[float, float], **cells: object) -> GeoDataFrame:
    """Return stations at metres, cells of one field each as a list or for all."""
    lon, lat = to_degrees([x for x, _ in xy], [y for _, y in xy])
    return stations_at(lon, lat, **cells)


def ask(
    stations: GeoDataFrame, network: Network | None, x: float = 0, y: float = 0, **options: object
) -> tuple[NearestStation, ...]:
    """Ask from a place in metres at noon on a plain Monday."""
    lon, lat = to_degrees([x], [y])
    return nearest(
        stations, network, float(lon[0]), float(lat[0]), **{"at": MONDAY_NOON, **options}
    )


def codes(found: tuple[NearestStation, ...]) -> list[str]:
    return [station.code for station in found]


# Ways


def test_a_walk_is_connector_and_street_and_connector(street: Network) -> None:
    (found,) = ask(stations_xy((640, 20)), street, 150, -30)
    assert found.walk_m == pytest.approx(30 + 490 + 20, abs=0.01)


def test_a_walk_within_one_edge_does_not_go_round_by_its_ends(street: Network) -> None:
    (found,) = ask(stations_xy((140, 0)), street, 130, 0)
    assert found.walk_m == pytest.approx(10, abs=0.01)


def test_a_walk_passes_other_stations_on_its_edge(street: Network) -> None:
    found = ask(stations_xy((160, 0), (140, 0), (180, 0)), street, 110, 0)
    assert [one.walk_m for one in found] == pytest.approx([30, 50, 70], abs=0.01)


def test_a_walk_never_runs_through_a_station_s_door(street: Network) -> None:
    found = ask(stations_xy((300, 40), (600, 40)), street)
    assert [one.walk_m for one in found] == pytest.approx([340, 640], abs=0.01)


def test_four_km_an_hour_on_foot(street: Network) -> None:
    (found,) = ask(stations_xy((1000, 0)), street)
    assert (found.minutes, found.walk_min) == (pytest.approx(15, abs=0.001),) * 2


def test_riding_shortens_minutes_but_not_the_walk(street: Network) -> None:
    (found,) = ask(stations_xy((1000, 0)), street, mode="ride")
    assert found.minutes == pytest.approx(5, abs=0.001)
    assert found.walk_min == pytest.approx(15, abs=0.001)
    assert found.walk_m == pytest.approx(1000, abs=0.01)


def test_speeds_can_be_given(street: Network) -> None:
    (walk,) = ask(stations_xy((1000, 0)), street, walk_kmh=5)
    (ride,) = ask(stations_xy((1000, 0)), street, mode="ride", ride_kmh=20)
    assert (walk.minutes, ride.minutes) == (
        pytest.approx(12, abs=0.001),
        pytest.approx(3, abs=0.001),
    )


def test_arrival_is_the_moment_of_setting_out_and_the_minutes(street: Network) -> None:
    (found,) = ask(stations_xy((1000, 0)), street)
    assert abs(found.arrive_at - MONDAY_NOON - dt.timedelta(minutes=15)).total_seconds() < 0.1


def test_straight_is_the_geodesic(street: Network) -> None:
    stations = stations_xy((640, 20))
    (found,) = ask(stations, street, 150, 0)
    lon, lat = to_degrees([150], [0])
    expected = geodesic_m(lon, lat, stations["lon"], stations["lat"])[0]
    assert found.straight_m == pytest.approx(float(expected))


# Off the network


def test_a_station_off_the_network_is_1_3_times_the_geodesic_away(street: Network) -> None:
    (found,) = ask(stations_xy((300, 51)), street)
    assert found.off_network
    assert found.walk_m == pytest.approx(1.3 * math.hypot(300, 51), abs=0.01)


def test_a_station_at_50_m_is_on_the_network(street: Network) -> None:
    (found,) = ask(stations_xy((300, 49.99)), street)
    assert not found.off_network
    assert found.walk_m == pytest.approx(349.99, abs=0.01)


def test_a_worker_off_the_network_goes_1_3_times_the_geodesic(street: Network) -> None:
    found = ask(stations_xy((300, 0), (600, 60)), street, 300, 400)
    assert [one.off_network for one in found] == [True, True]
    assert found[0].walk_m == pytest.approx(1.3 * 400, abs=0.01)


def test_stations_on_and_off_the_network_keep_their_own_ways(street: Network) -> None:
    found = ask(stations_xy((500, 0), (200, 100), (300, 0)), street)
    assert codes(found) == ["S001", "S002", "S000"]
    expected = [1.3 * math.hypot(200, 100), 300, 500]
    assert [one.walk_m for one in found] == pytest.approx(expected, abs=0.01)


def test_without_a_network_every_way_is_1_3_times_the_geodesic() -> None:
    (found,) = ask(stations_xy((300, 0)), None)
    assert found.off_network
    assert found.walk_m == pytest.approx(390, abs=0.01)


# No way


def test_a_station_on_another_component_has_no_way(two_streets: Network) -> None:
    (found,) = ask(stations_xy((0, 200)), two_streets)
    assert (found.walk_m, found.walk_min, found.minutes) == (None, None, None)
    assert not found.off_network
    assert found.straight_m == pytest.approx(200, abs=0.01)


def test_a_station_without_a_way_comes_last(two_streets: Network) -> None:
    found = ask(stations_xy((0, 200), (1400, 0)), two_streets)
    assert codes(found) == ["S001", "S000"]


def test_a_station_without_a_way_is_judged_by_1_3_times_the_straight_line(
    two_streets: Network,
) -> None:
    (found,) = ask(stations_xy((0, 200)), two_streets)
    minutes = (found.arrive_at - MONDAY_NOON) / dt.timedelta(minutes=1)
    assert minutes == pytest.approx(260 * 60 / 4000, abs=0.001)


# Which stations


@pytest.mark.parametrize(
    "status", ["planned", "built_not_open", "temporarily_closed", "closed", "duplicate_of"]
)
def test_only_stations_with_status_open_are_listed(street: Network, status: str) -> None:
    stations = stations_xy((100, 0), (200, 0), status=[status, "open"])
    assert codes(ask(stations, street)) == ["S001"]


def test_the_limit_counts_from_the_best(street: Network) -> None:
    stations = stations_xy(*[(100 * k, 0) for k in range(12, 0, -1)])
    assert codes(ask(stations, street, limit=2)) == ["S011", "S010"]


def test_ten_are_listed_by_default(street: Network) -> None:
    assert len(ask(stations_xy(*[(100 * k, 0) for k in range(15)]), street)) == 10


@pytest.mark.parametrize("with_network", [True, False])
def test_no_stations_give_no_answers(street: Network, *, with_network: bool) -> None:
    assert ask(stations_xy(), street if with_network else None) == ()


def test_the_index_of_the_frame_does_not_matter(street: Network) -> None:
    stations = stations_xy((300, 0), (100, 0))
    stations.index = pd.Index([7, 7])
    assert codes(ask(stations, street)) == ["S001", "S000"]


# Needs


def test_a_need_that_works_is_met(street: Network) -> None:
    (found,) = ask(stations_xy((100, 0), amenities="toilet;wifi"), street, needs=["toilet"])
    assert found.needs_unknown == ()


@pytest.mark.parametrize("state", ["no", "broken", "empty"])
def test_a_need_that_fails_leaves_the_station_out(street: Network, state: str) -> None:
    stations = stations_xy((100, 0), amenities=f"toilet:{state}")
    assert ask(stations, street, needs=["toilet"]) == ()


def test_a_need_nobody_verified_is_named(street: Network) -> None:
    stations = stations_xy((100, 0), amenities="wifi")
    (found,) = ask(stations, street, needs=["toilet", "wifi", "microwave"])
    assert found.needs_unknown == ("toilet", "microwave")


def test_verified_needs_come_first_even_if_farther(street: Network) -> None:
    stations = stations_xy((100, 0), (900, 0), amenities=["", "toilet"])
    assert codes(ask(stations, street, needs=["toilet"])) == ["S001", "S000"]


def test_without_needs_a_broken_microwave_does_not_matter(street: Network) -> None:
    assert len(ask(stations_xy((100, 0), amenities="microwave:broken"), street)) == 1


@pytest.mark.parametrize(("phone", "expected"), [("yes", None), ("no", ()), ("", ("no_phone",))])
def test_no_phone_is_a_need_of_the_entry(
    street: Network, phone: str, expected: tuple[str, ...] | None
) -> None:
    found = ask(stations_xy((100, 0), needs_phone=phone), street, no_phone=True)
    assert [one.needs_unknown for one in found] == ([] if expected is None else [expected])


def test_with_a_phone_in_hand_its_need_does_not_matter(street: Network) -> None:
    (found,) = ask(stations_xy((100, 0), needs_phone="yes"), street)
    assert found.needs_unknown == ()


# Hours


def test_hours_are_judged_on_arrival_not_now(street: Network) -> None:
    stations = stations_xy((1000, 0), hours="Mo-Fr 12:10-17:00")  # 15 min away
    assert ask(stations, street)[0].state == "open"


def test_a_rider_may_arrive_before_it_opens(street: Network) -> None:
    stations = stations_xy((1000, 0), hours="Mo-Fr 12:10-17:00")  # 5 min away
    assert ask(stations, street, mode="ride")[0].state == "opens_soon"


def test_a_moment_of_another_zone_is_the_same_moment(street: Network) -> None:
    stations = stations_xy((100, 0), hours="Mo-Fr 08:00-17:00")
    utc = MONDAY_NOON.astimezone(dt.UTC)
    assert ask(stations, street, at=utc) == ask(stations, street)


def test_hours_that_cannot_be_read_are_unknown(street: Network) -> None:
    (found,) = ask(stations_xy((100, 0), hours="daily"), street)
    assert found.state == "unknown"


# The answer


def test_an_answer_repeats_the_station_s_cells(street: Network) -> None:
    stations = stations_xy(
        (100, 0),
        name="驿站",
        kind="union_hub",
        entry_mode="open_door;qr",
        amenities="toilet:no;wifi",
    )
    (found,) = ask(stations, street)
    assert (found.name, found.kind, found.entry_mode) == ("驿站", "union_hub", ("open_door", "qr"))
    assert found.amenities == "toilet:no;wifi"
    assert (found.lon, found.lat) == (stations["lon"][0], stations["lat"][0])


def test_an_entry_that_is_not_known_is_empty(street: Network) -> None:
    assert ask(stations_xy((100, 0)), street)[0].entry_mode == ()


# Options


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"at": MONDAY_NOON.replace(tzinfo=None)}, "has no zone"),
        ({"limit": 0}, "at least 1"),
        ({"walk_kmh": 0.0}, "at least 1"),
        ({"ride_kmh": -1.0}, "at least 1"),
        ({"walk_kmh": math.nan}, "at least 1"),
        ({"ride_kmh": math.nan}, "at least 1"),
        ({"mode": "fly"}, "use walk or ride"),
        ({"needs": ["sauna"]}, "unknown need sauna; use seat, table"),
    ],
)
def test_an_option_out_of_range_is_refused(
    street: Network, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidOptionError, match=said):
        ask(stations_xy((100, 0)), street, **options)


@pytest.mark.parametrize(
    ("lon", "lat", "said"),
    [
        (40.0, 116.3, "swapped"),
        (181.0, 40.0, "not on Earth$"),
        (math.nan, 40.0, "not on Earth$"),
        (116.3, math.inf, "not on Earth"),
    ],
)
def test_a_position_not_on_earth_is_refused(
    street: Network, lon: float, lat: float, said: str
) -> None:
    with pytest.raises(InvalidOptionError, match=said):
        nearest(stations_xy((100, 0)), street, lon, lat, at=MONDAY_NOON)


@pytest.mark.parametrize(
    ("entry_mode", "needs_phone", "listed", "unknown"),
    [
        ("app", "", False, False),
        ("qr;app", "", False, False),
        ("qr;open_door", "", True, False),
        ("id_card", "", True, False),
        ("", "", True, True),
        ("app", "no", True, False),
        ("open_door", "yes", False, False),
    ],
)
def test_no_phone_is_judged_by_the_ways_to_get_in(
    entry_mode: str, needs_phone: str, *, listed: bool, unknown: bool
) -> None:
    stations = stations_at([116.3], [40.0], entry_mode=entry_mode, needs_phone=needs_phone)
    at = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    found = nearest(stations, None, 116.3, 40.0, at=at, no_phone=True)
    assert bool(found) is listed
    assert [bool(station.needs_unknown) for station in found] == [unknown] * listed
