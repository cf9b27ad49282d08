"""All stations within a limit of positions: those that one field per station says, in groups."""

from __future__ import annotations

import sys
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage.within import StationsWithin, Within
from geo.network import place_stations
from geo.reach import locate, reach_field
from tests.effort import HEAVY
from tests.networks import network_of, random_network, random_positions, to_degrees

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network, Placement
    from geo.reach import Positions

STREET = ([(0, 0), (2000, 0)], [(0, 1)])


def sets_of(within: Within) -> list[list[int]]:
    """Return each position's stations."""
    return [
        within.station[within.offset[group] : within.offset[group + 1]].tolist()
        for group in within.group
    ]


def brute_sets(placement: Placement, positions: Positions, limit_m: float) -> list[list[int]]:
    """Return each position's stations, one field per station."""
    stations = np.arange(len(placement.lon))
    walks = [reach_field(placement, stations == row).walks(positions).metres for row in stations]
    inside = np.array(walks).reshape(len(stations), len(positions)) <= limit_m
    return [np.flatnonzero(column).tolist() for column in inside.T]


def found_on(
    network: Network,
    stations: list[tuple[float, float]],
    places: list[tuple[float, float]],
    limit_m: float,
) -> Within:
    placement = place_stations(network, *to_degrees(*zip(*stations, strict=True)))
    positions = locate(placement, *to_degrees(*zip(*places, strict=True)))
    return StationsWithin(placement, limit_m).find(positions)


def walk_through(network: Network, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return positions of workers along some edges, every few metres, some beside the street."""
    rng = np.random.default_rng(seed)
    edge = np.repeat(rng.integers(0, len(network.u), 12), 8)
    share = np.tile(np.linspace(0, 1, 8), 12)
    u, v = network.u[edge], network.v[edge]
    beside = rng.normal(0, 3e-4, (2, len(edge))) * (rng.random(len(edge)) < 0.3)
    lon = network.lon[u] + share * (network.lon[v] - network.lon[u]) + beside[0]
    lat = network.lat[u] + share * (network.lat[v] - network.lat[u]) + beside[1]
    return lon, lat


@HEAVY
@given(st.integers(0, 2**32 - 1), st.integers(0, 12), st.sampled_from([0.0, 80.0, 300.0, 1234.5]))
def test_finds_the_stations_of_one_field_each(seed: int, stations: int, limit_m: float) -> None:
    network = random_network(seed % 500, side=5)
    lon, lat = random_positions(seed, stations, side_m=450.0, margin_m=150.0)
    if stations > 2:
        lon[1], lat[1] = lon[0], lat[0]  # two at one place
        lon[2], lat[2] = network.lon[seed % 20], network.lat[seed % 20]
    placement = place_stations(network, lon, lat, links=network.chains if seed % 3 else None)
    here = walk_through(network, seed)
    strewn = random_positions(seed + 1, 40, side_m=450.0, margin_m=400.0)
    positions = locate(
        placement,
        np.concatenate([here[0], strewn[0], lon]),
        np.concatenate([here[1], strewn[1], lat]),
    )
    within = StationsWithin(placement, limit_m).find(positions)
    assert sets_of(within) == brute_sets(placement, positions, limit_m)
    require_groups(within, len(positions))


def require_groups(within: Within, n: int) -> None:
    """Check that every group has a position, and every position a group."""
    assert within.group.shape == (n,)
    assert np.unique(within.group).tolist() == list(range(len(within.offset) - 1))


@HEAVY
@given(st.integers(0, 2**32 - 1))
def test_the_limit_is_met_in_the_last_bit(seed: int) -> None:
    network = random_network(seed % 500, side=5)
    lon, lat = random_positions(seed, 4, side_m=450.0, margin_m=120.0)
    placement = place_stations(network, lon, lat, links=network.chains)
    positions = locate(placement, *random_positions(seed + 1, 10, margin_m=120.0))
    walks = reach_field(placement, np.arange(4) == seed % 4).walks(positions).metres
    for walk in walks[np.isfinite(walks)]:
        for limit_m in (walk, np.nextafter(walk, 0.0)):
            within = StationsWithin(placement, float(limit_m)).find(positions)
            assert sets_of(within) == brute_sets(placement, positions, float(limit_m))


@pytest.mark.parametrize("limit_m", [50.0, 400.0, 3000.0])
def test_no_answer_hangs_on_how_positions_are_split(limit_m: float) -> None:
    network = random_network(7)
    placement = place_stations(network, *random_positions(7, 30), links=network.chains)
    ask = StationsWithin(placement, limit_m)
    positions = locate(placement, *walk_through(network, 7))
    whole = sets_of(ask.find(positions))
    rows = np.arange(len(positions))
    parts = [sets_of(ask.find(positions[part])) for part in np.array_split(rows, 7)]
    assert list(chain.from_iterable(parts)) == whole


@pytest.mark.parametrize("limit_m", [700.0, 2500.0])
@pytest.mark.parametrize("seed", range(4))
def test_a_city_of_many_neighbourhoods_is_searched_in_parts(seed: int, limit_m: float) -> None:
    network = random_network(seed, spacing_m=1500.0)  # 10 km wide, cut every 4 to 5 km
    lon, lat = walk_through(network, seed)
    stations = np.random.default_rng(seed).integers(0, len(lon), 40)
    placement = place_stations(network, lon[stations], lat[stations], links=network.chains)
    positions = locate(placement, lon, lat)
    within = StationsWithin(placement, limit_m).find(positions)
    assert sets_of(within) == brute_sets(placement, positions, limit_m)


def test_no_answer_hangs_on_how_much_is_in_memory_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    network = random_network(5)
    placement = place_stations(network, *random_positions(5, 60, margin_m=200.0))
    positions = locate(placement, *random_positions(6, 200, margin_m=200.0))
    whole = sets_of(StationsWithin(placement, 400.0).find(positions))
    for name in ("_MATRIX", "_BLOCK", "_CANDIDATES"):
        monkeypatch.setattr(sys.modules[StationsWithin.__module__], name, 7)
    assert sets_of(StationsWithin(placement, 400.0).find(positions)) == whole


def test_all_of_them_off_the_network() -> None:
    network = network_of(*STREET)
    stations = [(500, 200), (600, 500), (9000, 9000)]
    places = [(500, 300), (510, 300), (600, 900), (20_000, 0)]
    within = found_on(network, stations, places, 300.0)
    assert sets_of(within) == [[0, 1], [0, 1], [], []]


def test_positions_that_come_again_are_of_the_groups_they_were_of() -> None:
    network = network_of([(0, 0), (700, 0), (1400, 0), (2000, 0)], [(0, 1), (1, 2), (2, 3)])
    once = [(x, 0.0) for x in range(0, 2001, 10)]
    within = found_on(network, [(300, 0), (1200, 10)], [*once, *once[::-1]], 500.0)
    assert within.group[: len(once)].tolist() == within.group[len(once) :][::-1].tolist()
    assert len(within.offset) - 1 < 10  # of 201 places: cut at the stations and at their limits
    assert {tuple(one) for one in sets_of(within)} == {(0,), (0, 1), (1,), ()}


def test_a_station_beside_the_network_joins_those_on_it() -> None:
    network = network_of(*STREET)
    within = found_on(network, [(1000, 0), (1000, 80)], [(1000, 0), (1100, 0), (1150, 0)], 170.0)
    assert sets_of(within) == [[0, 1], [0, 1], [0]]


def test_a_station_beside_the_street_is_found_from_the_foot_of_one_on_the_other_side() -> None:
    network = network_of(*STREET)
    within = found_on(network, [(1000, 45), (1000, -60)], [(1001, 0)], 80.0)
    assert sets_of(within) == [[0, 1]]


def test_stations_on_the_other_side_of_the_world_are_no_harm() -> None:
    network = network_of(*STREET)
    lon, lat = to_degrees([300, 300], [0, 300])
    placement = place_stations(network, [*lon, -70.0, 180.0, 0.0], [*lat, -33.0, 0.0, 90.0])
    positions = locate(placement, [*lon, -70.0, -179.9999, 55.0], [*lat, -33.0, 0.0, 89.9999])
    within = StationsWithin(placement, 500.0).find(positions)
    assert sets_of(within) == [[0, 1], [0, 1], [2], [3], [4]]


def test_no_positions_and_no_stations_are_no_error() -> None:
    network = network_of(*STREET)
    none, some = place_stations(network, [], []), place_stations(network, *to_degrees([5], [0]))
    nowhere = StationsWithin(some, 500.0).find(locate(some, [], []))
    assert (len(nowhere.group), nowhere.offset.tolist(), len(nowhere.station)) == (0, [0], 0)
    nothing = StationsWithin(none, 500.0).find(locate(none, *to_degrees([5, 6], [0, 900])))
    assert sets_of(nothing) == [[], []]
