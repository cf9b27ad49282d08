"""Stations on the network: each splits its edge and becomes a node; positions between the splits.

The graph of a placement has the network's nodes first, then one *foot* per station on the network
(its edge is split there), then one *door* per such station, joined one way to its foot by the
connector, so that a search that starts at the doors counts the connectors and never runs through
a station.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.network.graph import Network
    from geo.network.snap import Snapped

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ends:
    """The two graph nodes that positions on the network lie between, arrays of shape (n,).

    A position off the network has ``a == b == 0`` and infinite ways.
    """

    a: Ints
    b: Ints
    to_a_m: Floats  # connector + way along the edge
    to_b_m: Floats


@dataclass(frozen=True)
class Placement:
    """A network with stations on it."""

    network: Network
    lon: Floats  # (s,) stations, degrees, WGS-84
    lat: Floats  # (s,)
    snapped: Snapped  # (s,)
    door: Ints  # (s,) graph node to start from, -1 for a station off the network
    graph: csr_array  # (g, g) metres
    _order: Ints  # stations on the network by edge, then by way along it
    _key: Floats  # their places in a line of all edges

    @property
    def foot(self) -> Ints:
        """The graph node of each station's foot, (s,); of no meaning for one off the network."""
        return self.door - len(self._order)

    def ends(self, snapped: Snapped) -> Ends:
        """Return the graph nodes on both sides of snapped positions, stations' feet included."""
        net = self.network
        on = snapped.on_network
        edge = np.where(on, snapped.edge, 0).astype(np.int64)
        a, b = net.u[edge].astype(np.int64), net.v[edge].astype(np.int64)
        to_a = snapped.along_m.copy()
        to_b = net.length_m[edge] - snapped.along_m
        if len(self._order):
            foot_edge = self.snapped.edge[self._order]
            foot_along = self.snapped.along_m[self._order]
            after = np.searchsorted(self._key, self._line[edge] + snapped.along_m)
            before = after - 1
            for side, node, way, sign in ((before, a, to_a, 1.0), (after, b, to_b, -1.0)):
                near = np.clip(side, 0, len(self._order) - 1)
                rows = np.flatnonzero((near == side) & (foot_edge[near] == edge))
                node[rows] = len(net.lon) + near[rows]
                way[rows] = sign * (snapped.along_m[rows] - foot_along[near[rows]])
        a[~on], b[~on] = 0, 0
        return Ends(a, b, snapped.connector_m + to_a, snapped.connector_m + to_b)

    @cached_property
    def _line(self) -> Floats:
        return _edge_starts(self.network)


def place_stations(network: Network, lon: ArrayLike, lat: ArrayLike) -> Placement:
    """Put stations on a network.

    Parameters
    ----------
    network : Network
        The walking network.
    lon, lat : array_like, shape (s,)
        Stations in degrees, WGS-84; s may be 0.

    Returns
    -------
    Placement
        Stations more than 50 m from the network are kept and marked: ``door == -1``.
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    snapped = network.snapper.snap(x, y)
    rows = np.flatnonzero(snapped.on_network)
    order = rows[np.lexsort((rows, snapped.along_m[rows], snapped.edge[rows]))]
    edge, along = snapped.edge[order].astype(np.int64), snapped.along_m[order]
    feet = len(network.lon) + np.arange(len(order))
    doors = feet + len(order)
    door = np.full(len(x), -1, dtype=np.int64)
    door[order] = doors
    start, stop, metres = _split_edges(network, edge, along)
    graph = _directed_graph(
        np.concatenate([start, stop, doors]),
        np.concatenate([stop, start, feet]),
        np.concatenate([metres, metres, snapped.connector_m[order]]),
        nodes=len(network.lon) + 2 * len(order),
    )
    key = _edge_starts(network)[edge] + along
    return Placement(network, x, y, snapped, door, graph, order, key)


def _edge_starts(network: Network) -> Floats:
    """Return where each edge starts when all are laid in a line with 1 m between neighbours."""
    lengths = network.length_m + 1.0
    return np.cumsum(lengths) - lengths


def _split_edges(network: Network, edge: Ints, along: Floats) -> tuple[Ints, Ints, Floats]:
    """Return the undirected edges (start, stop, metres) after cutting at sorted feet."""
    nodes = len(network.lon)
    whole = np.ones(len(network.u), dtype=bool)
    whole[edge] = False
    u, v = network.u.astype(np.int64), network.v.astype(np.int64)
    foot = nodes + np.arange(len(edge))
    first = np.ones(len(edge), dtype=bool)
    first[1:] = edge[1:] != edge[:-1]
    last = np.ones(len(edge), dtype=bool)
    last[:-1] = first[1:]
    previous = np.where(first, u[edge], foot - 1)
    from_previous = along - np.where(first, 0.0, np.roll(along, 1))
    start = np.concatenate([u[whole], previous, foot[last]])
    stop = np.concatenate([v[whole], foot, v[edge[last]]])
    metres = np.concatenate(
        [network.length_m[whole], from_previous, network.length_m[edge[last]] - along[last]]
    )
    return start, stop, np.maximum(metres, 0.0)


def _directed_graph(start: Ints, stop: Ints, metres: Floats, *, nodes: int) -> csr_array:
    """Return the CSR matrix, made by hand: zero lengths stay edges, and nothing is summed."""
    order = np.lexsort((stop, start))
    counts = np.bincount(start, minlength=nodes)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    columns = stop[order].astype(np.int32)
    return csr_array((metres[order], columns, offsets), shape=(nodes, nodes))
