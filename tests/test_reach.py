"""The reach field: walks to the nearest usable station, on and off the network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coords import geodesic_m
from geo.network import place_stations
from geo.reach import complete_field, locate, reach, reach_field
from tests.networks import network_of, random_network, random_positions, stations_at, to_degrees

STREET = ([(0, 0), (2000, 0)], [(0, 1)])


def test_without_usable_stations_everything_is_out_of_reach() -> None:
    network = random_network(1)
    field = reach(stations_at([116.301], [40.001]), network, usable=np.array([False]))
    assert np.isinf(field.nodes().metres).all()
    assert (field.nodes().station == -1).all()


def test_without_any_station_everything_is_out_of_reach() -> None:
    network = network_of(*STREET)
    field = reach(stations_at([], []), network)
    walks = field.walks(locate(field.placement, *to_degrees([500, 500], [0, 900])))
    assert np.isinf(walks.metres).all()
    assert walks.station.tolist() == [-1, -1]


def test_a_node_has_the_walk_to_the_nearest_station_and_says_which() -> None:
    network = network_of(*STREET)
    nodes = reach(stations_at(*to_degrees([300, 1600], [10, 0])), network).nodes()
    assert nodes.metres == pytest.approx([310, 400], abs=0.01)
    assert nodes.station.tolist() == [0, 1]


def test_nodes_come_in_the_order_of_the_network_bends_among_them() -> None:
    bends = ([(900, 0), (0, 0), (1500, 0), (600, 0), (300, 0)], [(1, 4), (4, 3), (0, 3), (0, 2)])
    nodes = reach(stations_at(*to_degrees([700], [0])), network_of(*bends)).nodes()
    assert nodes.metres == pytest.approx([200, 700, 800, 100, 400], abs=0.01)


def test_a_search_with_a_limit_gives_the_walks_up_to_it() -> None:
    network = random_network(2)
    placement = place_stations(network, *random_positions(2, 5), links=network.chains)
    usable = np.ones(5, dtype=bool)
    positions = locate(placement, *random_positions(3, 200))
    whole = reach_field(placement, usable).walks(positions)
    limited = reach_field(placement, usable, limit_m=300.0).walks(positions)
    near = whole.metres <= 300.0
    assert 0 < near.sum() < 200
    assert (limited.metres[near] == whole.metres[near]).all()
    assert (limited.metres[~near] > 300.0).all()


def test_a_fix_off_the_network_is_the_geodesic_times_1_3_away() -> None:
    network = network_of(*STREET)
    stations = stations_at(*to_degrees([300], [0]))
    lon, lat = to_degrees([300], [600])
    field = reach(stations, network)
    walk = field.walks(locate(field.placement, lon, lat)).metres[0]
    assert walk == pytest.approx(1.3 * geodesic_m(lon, lat, stations["lon"], stations["lat"])[0])


def test_a_station_off_the_network_is_reached_straight_if_that_is_less() -> None:
    network = network_of(*STREET)
    stations = stations_at(*to_degrees([1900, 300], [0, 100]))
    field = reach(stations, network)
    walks = field.walks(locate(field.placement, *to_degrees([300, 1800], [0, 0])))
    assert walks.station.tolist() == [1, 0]
    assert walks.metres == pytest.approx([130, 100], abs=0.01)


def test_there_is_no_way_between_two_components() -> None:
    network = network_of([(0, 0), (1500, 0), (0, 300), (1500, 300)], [(0, 1), (2, 3)])
    field = reach(stations_at(*to_degrees([700], [0])), network)
    walks = field.walks(locate(field.placement, *to_degrees([700], [300])))
    assert np.isinf(walks.metres[0])
    assert walks.station[0] == -1


def test_unusable_stations_are_passed_by() -> None:
    network = network_of(*STREET)
    placement = place_stations(network, *to_degrees([500, 900], [0, 0]))
    field = reach_field(placement, np.array([False, True]))
    walks = field.walks(locate(placement, *to_degrees([450], [0])))
    assert walks.metres[0] == pytest.approx(450, abs=0.01)


@given(st.integers(0, 500), st.sampled_from([0.0, 60.0, 200.0, 500.0, 2000.0]))
def test_a_field_completed_from_near_walks_is_the_field_searched_whole(
    seed: int, near_m: float
) -> None:
    network = random_network(seed % 50)
    placement = place_stations(network, *random_positions(seed, 6), links=network.chains)
    usable = np.random.default_rng(seed).random(6) < 0.5
    whole = reach_field(placement, usable)
    known = np.where(whole.vertex_m <= near_m, whole.vertex_m, np.inf)
    found = complete_field(placement, usable, known)
    positions = locate(placement, *random_positions(seed + 1, 60))
    np.testing.assert_array_equal(found.metres(positions), whole.walks(positions).metres)
    np.testing.assert_array_equal(whole.metres(positions), whole.walks(positions).metres)
