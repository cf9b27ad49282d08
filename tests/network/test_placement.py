"""Stations on edges: each splits its edge; a fix takes the least over the ends it is between."""

from __future__ import annotations

import numpy as np
import pytest

from geo.network import place_stations
from geo.reach import locate, reach_field
from tests.networks import network_of, to_degrees

LONG_EDGE = ([(0, 0), (3000, 0), (3000, 500)], [(0, 1), (1, 2)])


def walks_m(
    stations: list[tuple[float, float]],
    fixes: list[tuple[float, float]],
    streets: tuple[list[tuple[float, float]], list[tuple[int, int]]] = LONG_EDGE,
) -> list[float]:
    """Return the walk of each fix to the nearest of the stations; all in metres."""
    network = network_of(*streets)
    lon, lat = to_degrees(*zip(*stations, strict=True))
    walks = []
    for links in (None, network.chains):
        placement = place_stations(network, lon, lat, links=links)
        field = reach_field(placement, np.ones(len(stations), dtype=bool))
        places = locate(placement, *to_degrees(*zip(*fixes, strict=True)))
        walks.append(field.walks(places).metres.tolist())
    assert walks[0] == walks[1]
    return walks[0]


def test_fix_and_station_on_one_long_edge_are_apart_by_the_way_along_it() -> None:
    [walk] = walks_m([(1200, 0)], [(1500, 0)])
    assert walk == pytest.approx(300, abs=0.01)


def test_both_connectors_count() -> None:
    [walk] = walks_m([(1200, 20)], [(1500, -30)])
    assert walk == pytest.approx(20 + 300 + 30, abs=0.01)


def test_a_fix_between_two_stations_on_one_edge_goes_to_the_nearer() -> None:
    walks = walks_m([(1000, 0), (1400, 0)], [(1150, 0), (1350, 0), (1200, 0)])
    assert walks == pytest.approx([150, 50, 200], abs=0.01)


def test_a_station_at_the_end_of_an_edge_is_reached_from_both_edges() -> None:
    walks = walks_m([(3000, 0)], [(2900, 0), (3000, 200)])
    assert walks == pytest.approx([100, 200], abs=0.01)


def test_two_stations_at_the_same_place_are_both_there() -> None:
    assert walks_m([(1200, 0), (1200, 0)], [(1200, 0)]) == pytest.approx([0], abs=1e-6)


def test_the_way_round_is_taken_when_it_is_shorter() -> None:
    ring = ([(0, 0), (3000, 0), (3000, 40), (0, 40)], [(0, 1), (1, 2), (2, 3), (3, 0)])
    [walk] = walks_m([(10, 0)], [(10, 40)], ring)  # 10 m back, 40 m over, 10 m out
    assert walk == pytest.approx(60, abs=0.01)


def test_no_way_runs_through_a_station_off_the_street() -> None:
    rails = ([(0, 0), (1500, 0), (0, 80), (1500, 80)], [(0, 1), (2, 3)])
    walks = walks_m([(700, 40)], [(700, 0), (700, 80)], rails)
    assert sorted(np.isinf(walks).tolist()) == [False, True]  # it stands on one of the two only


def test_on_a_ring_the_shorter_way_is_taken_past_where_its_link_begins() -> None:
    ring = ([(0, 0), (800, 0), (800, 400), (0, 400)], [(0, 1), (1, 2), (2, 3), (3, 0)])
    walks = walks_m([(200, 0)], [(0, 300), (600, 0), (600, 400)], ring)
    assert walks == pytest.approx([500, 400, 1200], abs=0.01)


def test_a_station_off_the_network_is_kept_and_marked() -> None:
    network = network_of(*LONG_EDGE)
    placement = place_stations(network, *to_degrees([1000, 1000], [0, 400]))
    assert (placement.door >= 0).tolist() == [True, False]


def test_no_stations_are_a_placement_too() -> None:
    network = network_of(*LONG_EDGE)
    placement = place_stations(network, [], [])
    assert placement.graph.shape[0] == len(network.lon)
    assert place_stations(network, [], [], links=network.chains).graph.shape[0] == 2
