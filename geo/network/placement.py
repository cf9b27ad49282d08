"""Stations on the network: each splits its link and becomes a vertex; positions between the splits.

The graph of a placement has the vertices of the links first (junctions, or all nodes), then one
*foot* per station on the network (its link is split there), then one *door* per such station,
joined one way to its foot by the connector, so that a search that starts at the doors counts the
connectors and never runs through a station.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from geo.network.chains import Links
from geo.network.snap import Snapped

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.network.graph import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ends:
    """The two graph vertices that positions on the network lie between, arrays of shape (n,).

    A position off the network has ``a == b == 0`` and infinite ways.
    """

    a: Ints
    b: Ints
    to_a_m: Floats  # connector + way along the link
    to_b_m: Floats


@dataclass(frozen=True)
class Placement:
    """A network with stations on it."""

    network: Network
    links: Links  # what the stations split
    lon: Floats  # (s,) stations, degrees, WGS-84
    lat: Floats  # (s,)
    snapped: Snapped  # (s,)
    door: Ints  # (s,) graph vertex to start from, -1 for a station off the network
    graph: csr_array  # (g, g) metres
    _order: Ints  # (f,) stations on the network by link, then by way along it
    _link: Ints  # (f,) their links
    _along: Floats  # (f,) metres along these
    _key: Floats  # (f,) their places in a line of all links

    @property
    def foot(self) -> Ints:
        """The graph vertex of each station's foot, (s,); of no meaning for one off the network."""
        return self.door - len(self._order)

    def ends(self, snapped: Snapped) -> Ends:
        """Return the graph vertices on both sides of snapped positions, stations' feet included."""
        links = self.links
        on = snapped.on_network
        link, along = links.along(np.where(on, snapped.edge, 0), snapped.along_m)
        a, b = links.u[link], links.v[link]
        to_a, to_b = along.copy(), links.length_m[link] - along
        if len(self._order):
            after = np.searchsorted(self._key, self._line[link] + along)
            before = after - 1
            for side, vertex, way, sign in ((before, a, to_a, 1.0), (after, b, to_b, -1.0)):
                near = np.clip(side, 0, len(self._order) - 1)
                rows = np.flatnonzero((near == side) & (self._link[near] == link))
                vertex[rows] = len(links.node) + near[rows]
                way[rows] = sign * (along[rows] - self._along[near[rows]])
        a[~on], b[~on] = 0, 0
        return Ends(a, b, snapped.connector_m + to_a, snapped.connector_m + to_b)

    @cached_property
    def node_ends(self) -> Ends:
        """The graph vertices on both sides of each node of the network, in its order."""
        net = self.network
        edge, along = np.zeros(len(net.lon), dtype=np.int32), np.zeros(len(net.lon))
        edge[net.v] = np.arange(len(net.v))
        along[net.v] = net.length_m
        edge[net.u] = np.arange(len(net.u))
        along[net.u] = 0.0
        return self.ends(Snapped(edge, along, np.zeros(len(edge))))

    @cached_property
    def _line(self) -> Floats:
        return _link_starts(self.links)


def place_stations(
    network: Network, lon: ArrayLike, lat: ArrayLike, *, links: Links | None = None
) -> Placement:
    """Put stations on a network.

    Parameters
    ----------
    network : Network
        The walking network.
    lon, lat : array_like, shape (s,)
        Stations in degrees, WGS-84; s may be 0.
    links : Links, optional
        Of this network: ``network.chains`` for searches over junctions only, which give the same
        walks in less time; by default its edges, so that all nodes are vertices.

    Returns
    -------
    Placement
        Stations more than 50 m from the network are kept and marked: ``door == -1``.
    """
    links = links or Links.of_edges(network)
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    snapped = network.snapper.snap(x, y)
    rows = np.flatnonzero(snapped.on_network)
    link, along = links.along(snapped.edge[rows], snapped.along_m[rows])
    by_way = np.lexsort((rows, along, link))
    order, link, along = rows[by_way], link[by_way], along[by_way]
    vertices = len(links.node)
    feet = vertices + np.arange(len(order))
    doors = feet + len(order)
    door = np.full(len(x), -1, dtype=np.int64)
    door[order] = doors
    start, stop, metres = _split_links(links, link, along)
    graph = _directed_graph(
        np.concatenate([start, stop, doors]),
        np.concatenate([stop, start, feet]),
        np.concatenate([metres, metres, snapped.connector_m[order]]),
        vertices=vertices + 2 * len(order),
    )
    key = _link_starts(links)[link] + along
    return Placement(network, links, x, y, snapped, door, graph, order, link, along, key)


def _link_starts(links: Links) -> Floats:
    """Return where each link starts when all are laid in a line with 1 m between neighbours."""
    lengths = links.length_m + 1.0
    return np.cumsum(lengths) - lengths


def _split_links(links: Links, link: Ints, along: Floats) -> tuple[Ints, Ints, Floats]:
    """Return the undirected edges (start, stop, metres) after cutting at sorted feet."""
    whole = np.ones(len(links.u), dtype=bool)
    whole[link] = False
    foot = len(links.node) + np.arange(len(link))
    first = np.ones(len(link), dtype=bool)
    first[1:] = link[1:] != link[:-1]
    last = np.ones(len(link), dtype=bool)
    last[:-1] = first[1:]
    previous = np.where(first, links.u[link], foot - 1)
    from_previous = along - np.where(first, 0.0, np.roll(along, 1))
    start = np.concatenate([links.u[whole], previous, foot[last]])
    stop = np.concatenate([links.v[whole], foot, links.v[link[last]]])
    metres = np.concatenate(
        [links.length_m[whole], from_previous, links.length_m[link[last]] - along[last]]
    )
    return start, stop, np.maximum(metres, 0.0)


def _directed_graph(start: Ints, stop: Ints, metres: Floats, *, vertices: int) -> csr_array:
    """Return the CSR matrix, made by hand: zero lengths stay edges, and nothing is summed."""
    order = np.lexsort((stop, start))
    counts = np.bincount(start, minlength=vertices)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    columns = stop[order].astype(np.int32)
    return csr_array((metres[order], columns, offsets), shape=(vertices, vertices))
