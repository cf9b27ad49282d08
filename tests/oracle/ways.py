"""The ways from every fix to every station, by walk and straight."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx

from tests.oracle.network import OFF_NETWORK_FACTOR, WalksFrom, geodesic_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.oracle.network import Network, NodeKey, Snap
    from tests.oracle.stations import Station
    from tests.oracle.tracks import Fix


@dataclass(frozen=True)
class Ways:
    """What one fix has around it: metres to every station by code."""

    connector_m: float
    off_network: bool
    walk_m: dict[str, float]
    straight_m: dict[str, float]


def ways_by_station(
    network: Network, stations: Sequence[Station], fixes: Iterable[Fix]
) -> list[Ways]:
    """Return the ways of each fix from one search per station: for a big network."""
    from_station = {s.code: WalksFrom(network, network.snap(s.lonlat)) for s in stations}
    found = []
    for fix in fixes:
        here = network.snap(fix.lonlat)
        walk_m = {code: walks.walk_m(here) for code, walks in from_station.items()}
        found.append(Ways(here.connector_m, here.off_network, walk_m, straight(stations, fix)))
    return found


def ways_by_graph(
    network: Network, stations: Sequence[Station], fixes: Iterable[Fix]
) -> list[Ways]:
    """Return the ways of each fix from a graph that the fix and all stations are nodes of."""
    doors = {s.code: network.snap(s.lonlat) for s in stations}
    on_network = {code: snap for code, snap in doors.items() if not snap.off_network}
    found = []
    for fix in fixes:
        here = network.snap(fix.lonlat)
        straight_m = straight(stations, fix)
        walk_m = {code: OFF_NETWORK_FACTOR * metres for code, metres in straight_m.items()}
        if not here.off_network:
            graph = split_graph(network, on_network | {"": here})
            along_m = nx.single_source_dijkstra_path_length(graph, "", weight="metres")
            for code, door in on_network.items():
                way_m = along_m.get(code, math.inf)
                walk_m[code] = here.connector_m + way_m + door.connector_m
        found.append(Ways(here.connector_m, here.off_network, walk_m, straight_m))
    return found


def straight(stations: Iterable[Station], fix: Fix) -> dict[str, float]:
    """Return the geodesic to each station."""
    return {s.code: geodesic_m(s.lonlat, fix.lonlat) for s in stations}


def split_graph(network: Network, places: Mapping[str, Snap]) -> nx.Graph[NodeKey | str]:
    """Return the graph with places as nodes of their names on the edges they are snapped to."""
    graph = network.graph.copy()
    on_segment: dict[int, list[tuple[float, str]]] = {}
    for name, snap in places.items():
        on_segment.setdefault(snap.segment, []).append((snap.fraction, name))
    for number, there in on_segment.items():
        segment = network.segments[number]
        graph.remove_edge(segment.a, segment.b)
        stops = [(0.0, segment.a), *sorted(there), (1.0, segment.b)]
        for (f, a), (g, b) in pairwise(stops):
            graph.add_edge(a, b, metres=(g - f) * segment.length_m)
    return graph
