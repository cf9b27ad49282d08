"""The walk from a position to another as a line along the network."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.coords import geodesic_m
from geo.reach import DETOUR

if TYPE_CHECKING:
    from geo.nearest.search import PointSearch
    from geo.network.names import Street
    from geo.network.snap import Snapped

    Position = tuple[float, float]

_LIKELY: Final = 3.0  # times the straight line; farther is searched only if that was in vain
_LIKELY_MORE_M: Final = 1000.0


@dataclass(frozen=True)
class Way:
    """A walk; off the network a straight line, whose metres are 1.3 x its length."""

    coordinates: tuple[tuple[float, float], ...]  # lon, lat, degrees, WGS-84, n of them, at least 2
    metres: float
    off_network: bool
    streets: tuple[Street | None, ...]  # (n - 1,) of each stretch between; None: on no street


def find_way(search: PointSearch | None, start: Position, end: Position) -> Way | None:
    """Return the shortest walk between two positions (lon, lat in degrees); None if there is none.

    Parameters
    ----------
    search : PointSearch or None
        Of a network, with any stations; None where there is no network.
    start, end : tuple of float
        If one of them is off the network, the way is a straight line.
    """
    first = search.locate(*start) if search else None
    last = search.locate(*end) if search else None
    if search is None or first is None or last is None:
        metres = DETOUR * float(geodesic_m(*start, *end))
        return Way((start, end), metres, off_network=True, streets=(None,))
    same_edge = first.edge[0] == last.edge[0]
    along = abs(float(first.along_m[0] - last.along_m[0])) if same_edge else np.inf
    metres = along + float(first.connector_m[0] + last.connector_m[0])
    likely_m = _LIKELY * float(geodesic_m(*start, *end)) + _LIKELY_MORE_M
    by_nodes, vertices = _by_nodes(search, first, last, likely_m)
    if min(by_nodes, metres) == np.inf:
        by_nodes, vertices = _by_nodes(search, first, last, np.inf)
    if by_nodes < metres:
        metres = by_nodes
    else:
        vertices = []
    if metres == np.inf:
        return None
    middle = [_position(search, vertex) for vertex in vertices]
    places = [start, _foot(search, first), *middle, _foot(search, last), end]
    streets = [None, *_streets(search, first, vertices, last), None]
    kept = [at for at, here in enumerate(places[:-1]) if not at or here != places[at - 1]]
    return Way(
        (*(places[at] for at in kept), end),
        metres,
        off_network=False,
        streets=tuple(streets[at - 1] for at in (*kept[1:], len(places) - 1)),
    )


def _by_nodes(
    search: PointSearch, first: Snapped, last: Snapped, at_most_m: float
) -> tuple[float, list[int]]:
    """Return the shortest way over the ends of the last edge, and the vertices it passes."""
    metres, before = search.walks_and_steps(first, at_most_m)
    ends = search.placement.ends(last)
    by_a = float(metres[ends.a[0]] + ends.to_a_m[0])
    by_b = float(metres[ends.b[0]] + ends.to_b_m[0])
    vertex = int(ends.a[0] if by_a <= by_b else ends.b[0])
    way = []
    while 0 <= vertex < search.source:
        way.append(vertex)
        vertex = int(before[vertex])
    return min(by_a, by_b), way[::-1]


def _streets(
    search: PointSearch, first: Snapped, vertices: list[int], last: Snapped
) -> list[Street]:
    """Return the street of each stretch from the first foot over the vertices to the last foot."""
    pairs = pairwise(vertices)
    edges = [int(first.edge[0]), *(_edge_between(search, *pair) for pair in pairs)]
    if vertices:
        edges.append(int(last.edge[0]))
    return [search.placement.network.street_of(edge) for edge in edges]


def _edge_between(search: PointSearch, one: int, other: int) -> int:
    """Return the edge between two vertices that follow each other: nodes, or feet of stations."""
    network = search.placement.network
    for vertex in (one, other):
        if vertex >= len(network.lon):
            return search.foot_place(vertex)[0]
    return network.edge_between(one, other)


def _position(search: PointSearch, vertex: int) -> Position:
    """Return the place of a vertex: a node, or the foot of a station."""
    placement = search.placement
    nodes = len(placement.network.lon)
    if vertex < nodes:
        return float(placement.network.lon[vertex]), float(placement.network.lat[vertex])
    return _along(search, *search.foot_place(vertex))


def _foot(search: PointSearch, snapped: Snapped) -> Position:
    return _along(search, int(snapped.edge[0]), float(snapped.along_m[0]))


def _along(search: PointSearch, edge: int, along_m: float) -> Position:
    """Return the place so many metres along an edge."""
    net = search.placement.network
    u, v, length = net.u[edge], net.v[edge], float(net.length_m[edge])
    share = along_m / length if length else 0.0
    lon = net.lon[u] + share * (net.lon[v] - net.lon[u])
    lat = net.lat[u] + share * (net.lat[v] - net.lat[u])
    return float(lon), float(lat)
