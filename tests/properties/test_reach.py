"""Properties of reach: plain Dijkstra from every station; never shorter than a geodesic."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.coords import GeodesicIndex, geodesic_m
from geo.network import Network, place_stations
from geo.reach import DETOUR, locate, reach_field
from tests.effort import HEAVY
from tests.networks import random_network, random_positions

seeds = st.integers(0, 2**32 - 1)


def plain_walk(network: Network, fix: tuple[float, float], station: tuple[float, float]) -> float:
    """Return one walk by networkx on a graph that is literally split at both ends."""
    lon, lat = zip(fix, station, strict=True)
    snapped = network.snapper.snap(lon, lat)
    if not snapped.on_network.all():
        return DETOUR * float(geodesic_m(*fix, *station))
    graph = nx.Graph()
    for u, v, metres in zip(network.u, network.v, network.length_m, strict=True):
        graph.add_edge(int(u), int(v), weight=float(metres))
    names = ("fix", "station")
    for name, edge, along, connector in zip(
        names, snapped.edge, snapped.along_m, snapped.connector_m, strict=True
    ):
        u, v = int(network.u[edge]), int(network.v[edge])
        graph.add_edge(name, u, weight=float(along + connector))
        graph.add_edge(name, v, weight=float(network.length_m[edge] - along + connector))
    ways = [nx.dijkstra_path_length(graph, *names)] if nx.has_path(graph, *names) else [np.inf]
    if snapped.edge[0] == snapped.edge[1]:
        ways.append(float(abs(np.diff(snapped.along_m)[0]) + snapped.connector_m.sum()))
    return min(ways)


@HEAVY
@given(seeds, st.integers(1, 6))
def test_reach_equals_plain_dijkstra_from_every_station(seed: int, stations: int) -> None:
    network = random_network(seed % 500, side=5)
    lon, lat = random_positions(seed, stations + 6, side_m=450.0, margin_m=70.0)
    placement = place_stations(network, lon[:stations], lat[:stations], links=network.chains)
    usable = np.random.default_rng(seed).random(stations) < 0.8
    walks = reach_field(placement, usable).walks(locate(placement, lon[stations:], lat[stations:]))
    for place, metres in enumerate(walks.metres, start=stations):
        fix = (float(lon[place]), float(lat[place]))
        expected = [
            plain_walk(network, fix, (float(lon[row]), float(lat[row])))
            for row in np.flatnonzero(usable)
        ]
        np.testing.assert_allclose(metres, min(expected, default=np.inf), rtol=0, atol=1e-6)


@HEAVY
@given(seeds)
def test_a_walk_is_never_shorter_than_the_geodesic(seed: int) -> None:
    network = random_network(seed % 500)
    lon, lat = random_positions(seed, 40)
    placement = place_stations(network, lon[:4], lat[:4], links=network.chains)
    field = reach_field(placement, np.ones(4, dtype=bool))
    positions = locate(placement, lon[4:], lat[4:])
    # 1 cm: an edge is straight in the projection, a geodesic bends away from it by less
    straight, _ = GeodesicIndex(lon[:4], lat[:4]).nearest(lon[4:], lat[4:])
    assert (field.walks(positions).metres >= straight - 0.01).all()


@HEAVY
@given(seeds)
def test_one_more_usable_station_never_makes_a_walk_longer(seed: int) -> None:
    network = random_network(seed % 500)
    lon, lat = random_positions(seed, 40)
    placement = place_stations(network, lon[:6], lat[:6], links=network.chains)
    positions = locate(placement, lon[6:], lat[6:])
    usable = np.random.default_rng(seed).random(6) < 0.5
    more = usable.copy()
    more[seed % 6] = True
    before = reach_field(placement, usable).walks(positions).metres
    assert (reach_field(placement, more).walks(positions).metres <= before + 1e-9).all()


@HEAVY
@given(seeds)
def test_the_station_named_is_the_one_walked_to(seed: int) -> None:
    network = random_network(seed % 500)
    lon, lat = random_positions(seed, 30)
    placement = place_stations(network, lon[:5], lat[:5], links=network.chains)
    positions = locate(placement, lon[5:], lat[5:])
    walks = reach_field(placement, np.ones(5, dtype=bool)).walks(positions)
    for row in range(5):
        alone = reach_field(placement, np.arange(5) == row).walks(positions).metres
        named = walks.station == row
        np.testing.assert_allclose(walks.metres[named], alone[named], rtol=0, atol=1e-6)
