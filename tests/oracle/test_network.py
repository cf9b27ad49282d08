"""The oracle's network and walks against a grid whose distances a reader can add up."""

from __future__ import annotations

import math

import networkx as nx
import pytest
from shapely import Point

from tests.oracle import network, tracks
from tests.oracle.grid import GRID, at
from tests.oracle.stations import read_stations
from tests.oracle.ways import split_graph
from tests.shared_data import SHARED, needs_shared_data

HAIDIAN = SHARED / "beijing-haidian"
CM_10 = 0.1  # node positions are rounded to 1e-7 degrees, and meridians converge a little


@pytest.fixture(scope="module")
def grid() -> network.Network:
    """Return the hand-made network."""
    return network.read_network(GRID)


def walk_m(grid: network.Network, here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the walk between two places given in metres from node 1."""
    from_here = network.WalksFrom(grid, grid.snap(at(*here)))
    return from_here.walk_m(grid.snap(at(*there)))


# The network


def test_components_of_the_grid_add_up(grid: network.Network) -> None:
    blocks, long_edge, square = 12 * 200, 1000, 4 * 100
    expected = [blocks + long_edge + square, 1200, 300]
    assert grid.component_m == pytest.approx(expected, abs=CM_10)


def test_component_under_1_km_is_removed(grid: network.Network) -> None:
    assert grid.length_m == pytest.approx(3800 + 1200, abs=CM_10)
    assert (30, 0) not in grid.graph


def test_street_drawn_twice_counts_once(grid: network.Network) -> None:
    assert grid.repeats == 1
    assert len(grid.segments) == 12 + 1 + 4 + 1


def test_closed_gate_ends_each_street_in_its_own_dead_end(grid: network.Network) -> None:
    ends = {node for node in grid.graph if node[0] == 8}
    assert ends == {(8, 7), (8, 9), (8, 5)}
    assert all(grid.graph.degree(end) == 1 for end in ends)


def test_bollard_and_gate_with_foot_yes_let_a_walker_pass(grid: network.Network) -> None:
    assert grid.graph.degree((2, 0)) == 3
    assert grid.graph.degree((6, 0)) == 3


@pytest.mark.parametrize(
    ("tags", "walkable"),
    [
        ({"highway": "platform"}, True),
        ({"highway": "steps", "access": "customers"}, True),
        ({"highway": "primary", "motorroad": "yes"}, True),
        ({"highway": "path", "foot": "use_sidepath"}, True),
        ({"highway": "path", "foot": "use_sidepath", "access": "no"}, False),
        ({"highway": "path", "foot": "designated", "access": "private"}, True),
        ({"highway": "path", "foot": "private", "access": "yes"}, False),
        ({"highway": "motorway_link", "foot": "yes"}, False),
        ({"railway": "platform"}, False),
    ],
)
def test_walkable_by_tags(tags: dict[str, str], walkable: bool) -> None:  # noqa: FBT001 - a table
    assert network.is_walkable(tags) is walkable


# Walks


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        ((0, 0), (400, 0), 400),  # past the bollard
        ((400, 0), (0, 0), 400),
        ((0, 400), (400, 400), 200 + 400 + 200),  # round the gate by the middle street
        ((190, 400), (210, 400), 190 + 800 + 190),  # the two sides of the gate
        ((200, 390), (190, 400), 190 + 200 + 200 + 190),  # from the dead end of the south street
        ((0, 400), (-100, 500), 200),  # the square along its outline, not across
        ((0, 450), (-100, 450), 50 + 100 + 50),
        ((100, 10), (200, 130), 10 + 100 + 130),  # a connector of 10 m
        ((100, 10), (300, -20), 10 + 200 + 20),
        ((600, 10), (1100, -20), 10 + 500 + 20),  # both on the edge of 1,000 m
        ((600, 10), (600, -10), 20),
        ((600, 10), (400, 100), 10 + 200 + 100),
        ((0, -1000), (700, -1000), 700),  # the second component
    ],
)
def test_walk_adds_up(
    grid: network.Network, here: tuple[float, float], there: tuple[float, float], metres: float
) -> None:
    assert walk_m(grid, here, there) == pytest.approx(metres, abs=CM_10)


def test_no_way_between_two_components(grid: network.Network) -> None:
    assert math.isinf(walk_m(grid, (0, 0), (0, -1000)))


def test_walk_off_the_network_is_geodesic_and_30_percent(grid: network.Network) -> None:
    assert walk_m(grid, (-80, 200), (0, 200)) == pytest.approx(1.3 * 80, abs=CM_10)
    assert walk_m(grid, (0, 200), (-80, 200)) == pytest.approx(1.3 * 80, abs=CM_10)


def test_off_network_reaches_across_components(grid: network.Network) -> None:
    assert walk_m(grid, (0, -80), (0, -1000)) == pytest.approx(1.3 * 920, abs=CM_10)


def test_removed_component_does_not_catch_a_place(grid: network.Network) -> None:
    snap = grid.snap(at(150, -500))
    assert snap.off_network
    assert snap.connector_m == pytest.approx(500, abs=CM_10)


@pytest.mark.parametrize(("west_m", "off"), [(49.9, False), (50.1, True)])
def test_off_network_begins_beyond_50_m(
    grid: network.Network,
    west_m: float,
    off: bool,  # noqa: FBT001 - a table
) -> None:
    assert grid.snap(at(-west_m, 200)).off_network is off


# The real district: the shortcuts taken against the long way round


@pytest.fixture(scope="module")
def haidian() -> network.Network:
    """Return the real network."""
    return network.read_network(HAIDIAN / "walk.osm.pbf")


@pytest.fixture(scope="module")
def some_fixes() -> list[tracks.Fix]:
    """Return every 300th real fix."""
    return tracks.read_fixes(HAIDIAN / "tracks.csv.gz")[::300]


def walk_by_splitting_m(net: network.Network, here: network.Snap, there: network.Snap) -> float:
    """Return the way alone after literally putting both places into the graph as nodes."""
    graph = split_graph(net, {"here": here, "there": there})
    return float(nx.dijkstra_path_length(graph, "here", "there", weight="metres"))


@needs_shared_data
def test_walks_equal_dijkstra_on_the_split_graph(
    haidian: network.Network, some_fixes: list[tracks.Fix]
) -> None:
    stations = read_stations(HAIDIAN / "stations_standin.csv")
    for station in map(haidian.snap, [s.lonlat for s in stations[::4]]):
        walks = network.WalksFrom(haidian, station)
        for here in map(haidian.snap, [f.lonlat for f in some_fixes[::4]]):
            if here.off_network:
                continue
            way_m = walks.walk_m(here) - station.connector_m - here.connector_m
            assert way_m == pytest.approx(walk_by_splitting_m(haidian, station, here), abs=1e-6)


@needs_shared_data
def test_snap_is_the_least_of_all_segments(
    haidian: network.Network, some_fixes: list[tracks.Fix]
) -> None:
    for one in some_fixes[::5]:
        place = Point(haidian.to_xy(one.lonlat))
        least = min(place.distance(line) for line in haidian.lines)
        assert haidian.snap(one.lonlat).connector_m == pytest.approx(least, abs=1e-3)
