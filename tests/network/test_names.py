"""The names of streets: from the ways of an extract to the edges of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from geo.network import build_network
from geo.network.graph import unique_edges
from geo.network.names import NAMELESS, Street
from tests.network.test_build import extract, way
from tests.shared_data import SHARED, needs_shared_data

if TYPE_CHECKING:
    from pathlib import Path

    from geo.network import Network

EAST: Final[dict[int, tuple[float, float]]] = {1: (0, 0), 2: (500, 0), 3: (1200, 0), 4: (1200, 400)}


def streets_of(network: Network) -> dict[tuple[int, int], Street]:
    """Return the street of each edge by the OSM ids of its ends."""
    ids = network.osm_id
    return {
        (int(ids[u]), int(ids[v])): network.street_of(edge)
        for edge, (u, v) in enumerate(zip(network.u, network.v, strict=True))
    }


def test_each_edge_knows_the_name_of_its_way(tmp_path: Path) -> None:
    named = {"highway": "residential", "name": "东四大街", "name:en": "Dongsi Street"}
    ways = way(1, [1, 2, 3], **named) + way(2, [3, 4], highway="footway")
    found = streets_of(build_network([extract(tmp_path, EAST, ways)]))
    dongsi = Street("东四大街", "Dongsi Street")
    assert found == {(1, 2): dongsi, (2, 3): dongsi, (3, 4): NAMELESS}


def test_of_two_ways_over_one_stretch_the_named_one_gives_its_name(tmp_path: Path) -> None:
    ways = way(1, [1, 2, 3], highway="footway")
    ways += way(2, [3, 2], highway="residential", name="东四大街")
    found = streets_of(build_network([extract(tmp_path, EAST, ways)]))
    assert found == {(1, 2): NAMELESS, (2, 3): Street("东四大街", "")}


def test_a_platform_is_no_street(tmp_path: Path) -> None:
    ways = way(1, [1, 2, 3], highway="platform", name="东四站")
    found = streets_of(build_network([extract(tmp_path, EAST, ways)]))
    assert set(found.values()) == {NAMELESS}


def test_doubles_and_loops_go_and_the_lowest_name_of_a_pair_stays() -> None:
    ends = np.array([[3, 1], [1, 3], [2, 2], [1, 3], [0, 1]])
    found, street = unique_edges(ends, np.array([-1, 4, 0, 2, -1]))
    assert found.tolist() == [[0, 1], [1, 3]]
    assert street.tolist() == [-1, 2]


def test_an_edge_is_found_by_its_ends_in_either_order(tmp_path: Path) -> None:
    ways = way(1, [1, 2, 3, 4], highway="footway")
    network = build_network([extract(tmp_path, EAST, ways)])
    assert [network.edge_between(a, b) for a, b in ((0, 1), (2, 1), (3, 2))] == [0, 1, 2]
    assert network.edge_between(0, 3) == -1
    assert network.street_of(-1) == NAMELESS


@needs_shared_data
def test_streets_of_haidian_have_their_names() -> None:
    network = build_network([SHARED / "beijing-haidian" / "walk.osm.pbf"])
    assert network.names is not None
    named_m = {name: 0.0 for name, _ in network.names.streets}
    for edge, metres in enumerate(network.length_m):
        named_m[network.street_of(edge).name] += float(metres)
    assert named_m["成府路"] > 1000
    assert sum(named_m.values()) == pytest.approx(network.facts.kept_length_m, rel=1e-6)
