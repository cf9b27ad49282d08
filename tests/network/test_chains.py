"""Chains of edges: junctions as vertices, exact lengths, rings, loops and parallel ways."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.network import Network, place_stations
from geo.network.chains import Links
from geo.network.graph import make_network
from geo.reach import locate, reach_field
from tests.networks import network_of, random_network, to_degrees

BENT = ([(0, 0), (300, 0), (600, 0), (900, 100), (1300, 0)], [(0, 1), (1, 2), (2, 3), (3, 4)])
RING = ([(0, 0), (400, 0), (400, 300), (0, 300)], [(0, 1), (1, 2), (2, 3), (0, 3)])
LOLLIPOP = (  # a street that ends in a loop
    [(-500, 0), (0, 0), (200, 200), (400, 0), (200, -200)],
    [(0, 1), (1, 2), (2, 3), (3, 4), (1, 4)],
)
EYE = (  # two ways round between the same two junctions, and a third that is straight
    [(-300, 0), (0, 0), (400, 300), (800, 0), (400, -100), (1100, 0)],
    [(0, 1), (1, 2), (2, 3), (1, 4), (3, 4), (1, 3), (3, 5)],
)


def bent_network(seed: int) -> Network:
    """Return a random network in which each street has a few bends, nodes in a random order."""
    rng = np.random.default_rng(seed)
    net = random_network(seed, side=4, spacing_m=250.0)
    bends = rng.integers(0, 4, len(net.u))
    first = len(net.lon) + np.cumsum(bends) - bends
    lon, lat = [net.lon], [net.lat]
    ends = []
    for edge, (u, v, count) in enumerate(zip(net.u, net.v, bends, strict=True)):
        share = np.arange(1, count + 1) / (count + 1)
        lon.append(net.lon[u] + share * (net.lon[v] - net.lon[u]) + rng.normal(0, 2e-4, count))
        lat.append(net.lat[u] + share * (net.lat[v] - net.lat[u]) + rng.normal(0, 2e-4, count))
        stops = [u, *range(first[edge], first[edge] + count), v]
        ends.extend(pairwise(stops))
    shuffled = rng.permutation(sum(map(len, lon)))
    back = np.argsort(shuffled)
    degrees = np.concatenate(lon)[shuffled], np.concatenate(lat)[shuffled]
    return make_network(*degrees, np.arange(len(back)), back[np.asarray(ends)])


def test_a_bent_street_is_one_link_of_the_summed_length() -> None:
    network = network_of(*BENT)
    links = network.chains
    assert sorted(links.node.tolist()) == [0, 4]
    assert links.length_m.tolist() == [network.length_m.sum()]
    assert sorted([links.u[0], links.v[0]]) == [0, 1]


def test_a_place_on_an_edge_is_as_far_along_the_link_whichever_way_the_edge_runs() -> None:
    network = network_of([(0, 0), (900, 0), (300, 0), (1300, 0)], [(0, 2), (1, 2), (1, 3)])
    link, along = network.chains.along(np.array([0, 1, 2]), np.array([100.0, 100.0, 100.0]))
    from_start = along if network.chains.node[network.chains.u[0]] == 0 else 1300 - along
    assert link.tolist() == [0, 0, 0]
    assert from_start == pytest.approx([100, 800, 1000], abs=0.01)


def test_a_ring_without_junction_is_one_loop() -> None:
    network = network_of(*RING)
    links = network.chains
    assert links.node.tolist() == [0]
    assert (links.u.tolist(), links.v.tolist()) == ([0], [0])
    assert links.length_m.tolist() == [network.length_m.sum()]


def test_ways_round_are_links_between_the_same_junctions() -> None:
    links = network_of(*EYE).chains
    assert len(links.node) == 4
    ends = np.sort(links.node[np.column_stack([links.u, links.v])], axis=1)
    assert sorted(ends.tolist()) == [[0, 1], [1, 3], [1, 3], [1, 3], [3, 5]]


def test_edges_as_links_are_the_edges() -> None:
    network = random_network(3)
    links = Links.of_edges(network)
    assert (links.node == np.arange(len(network.lon))).all()
    assert (links.u == network.u).all()
    link, along = links.along(np.array([4]), np.array([1.5]))
    assert (link.tolist(), along.tolist()) == ([4], [1.5])


@pytest.mark.parametrize("streets", [BENT, RING, LOLLIPOP, EYE])
@pytest.mark.parametrize("seed", range(4))
def test_walks_on_chains_are_the_walks_on_edges_in_every_bit(
    streets: tuple[list[tuple[float, float]], list[tuple[int, int]]], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    require_same_walks(network_of(*streets), rng, x=(-550, 1350), y=(-220, 320), stations=seed)


@pytest.mark.parametrize("seed", range(20))
def test_walks_on_chains_are_those_on_edges_in_any_network(seed: int) -> None:
    network = bent_network(seed)
    assert len(network.chains.node) < 0.5 * len(network.lon)
    rng = np.random.default_rng(seed)
    require_same_walks(network, rng, x=(-50, 1050), y=(-50, 1050), stations=1 + seed)


def require_same_walks(
    network: Network,
    rng: np.random.Generator,
    *,
    x: tuple[float, float],
    y: tuple[float, float],
    stations: int,
) -> None:
    """Compare the walks of positions near the network and of all nodes, with doubled stations."""
    edge = rng.integers(0, len(network.u), 60)
    share = rng.choice([0.0, 0.25, 0.5, 1.0, *rng.random(6)], 60)
    lon = network.lon[network.u[edge]] * (1 - share) + network.lon[network.v[edge]] * share
    lat = network.lat[network.u[edge]] * (1 - share) + network.lat[network.v[edge]] * share
    strewn = to_degrees(rng.uniform(*x, 60), rng.uniform(*y, 60))
    lon, lat = np.concatenate([lon, strewn[0]]), np.concatenate([lat, strewn[1]])
    at = np.repeat(rng.integers(0, len(lon), stations), 2)
    usable = rng.random(len(at)) < 0.8
    fields = [
        reach_field(place_stations(network, lon[at], lat[at], links=links), usable)
        for links in (Links.of_edges(network), network.chains)
    ]
    of_edges, of_chains = (field.walks(locate(field.placement, lon, lat)) for field in fields)
    np.testing.assert_array_equal(of_chains.metres, of_edges.metres)
    np.testing.assert_array_equal(fields[1].nodes().metres, fields[0].nodes().metres)
    np.testing.assert_array_equal(fields[0].nodes().metres, fields[0].vertex_m[: len(network.lon)])


def test_scipy_takes_the_least_of_doubled_entries_and_minds_no_loops() -> None:
    graph = csr_array(
        (
            np.array([7.0, 5.0, 3.0, 3.0, 5.0, 0.0, 0.0]),
            np.array([0, 1, 1, 0, 0, 2, 2], dtype=np.int32),
            np.array([0, 3, 6, 7], dtype=np.int32),
        ),
        shape=(3, 3),
    )
    assert dijkstra(graph, indices=[0])[0].tolist() == [0.0, 3.0, 3.0]
    assert dijkstra(graph, indices=[0], min_only=True).tolist() == [0.0, 3.0, 3.0]
    assert dijkstra(graph, indices=[0], limit=2.0)[0].tolist() == [0.0, np.inf, np.inf]
