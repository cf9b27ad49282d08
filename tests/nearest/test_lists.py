"""Lists hold, for each node, every station below its radius, with the walk of a plain search."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from geo.nearest.lists import build_lists
from geo.network import place_stations
from tests.networks import random_network, random_positions


@pytest.mark.parametrize("per_node", [1, 5, 64])
@pytest.mark.parametrize("seed", range(3))
def test_lists_equal_a_search_from_every_node(seed: int, per_node: int) -> None:
    network = random_network(seed, side=40)  # 3.6 km: several neighbourhoods
    placement = place_stations(network, *random_positions(seed, 300, side_m=3600))
    lists = build_lists(placement, per_node=per_node)
    on = np.flatnonzero(placement.door >= 0)
    nodes = np.random.default_rng(seed).choice(len(network.lon), 40, replace=False)
    walks = dijkstra(placement.graph, indices=nodes)[:, placement.foot[on]]
    walks += placement.snapped.connector_m[on]
    for node, walk in zip(nodes.tolist(), walks, strict=True):
        station, metres, radius_m = lists.of(node)
        assert len(station) <= per_node
        below = metres < radius_m
        assert set(station[below]) == set(on[walk < radius_m])
        known = dict(zip(on, walk, strict=True))
        assert metres.tolist() == [known[row] for row in station]  # in every bit
        assert metres.tolist() == sorted(metres)


def test_without_stations_lists_are_empty() -> None:
    network = random_network(0)
    lists = build_lists(place_stations(network, [], []))
    station, metres, radius_m = lists.of(0)
    assert (len(station), len(metres)) == (0, 0)
    assert radius_m > 0


def test_few_stations_are_listed_from_farther_away() -> None:
    network = random_network(1, side=40)
    placement = place_stations(network, *random_positions(1, 2, side_m=3600))
    assert build_lists(placement).radius_m.min() > 3000
