"""Links: what a shortest-path search runs along; chains of edges joined between junctions.

Most OSM nodes only bend a street. A *junction* is a node where the edges that meet are not two;
a *chain* is a run of edges between junctions through nodes that are none. As lengths lie on a grid
(`geo.network.graph.on_grid`), a chain's length is the exact sum of its edges', and a walk searched
on chains is bit for bit the walk searched on edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network.graph import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_BITS: Final = 16  # of a cell's row and column: 65,536 cells from edge to edge


@dataclass(frozen=True)
class Links:
    """A network's k vertices and the l links between them, and where its m edges lie on links.

    Several links may join the same two vertices, and a link may return to where it began.
    """

    node: Ints  # (k,) node of the network that each vertex is
    u: Ints  # (l,) vertex at the start of the link
    v: Ints  # (l,) vertex at its end
    length_m: Floats  # (l,)
    link: Ints  # (m,) the link that each edge is part of
    at_u_m: Floats  # (m,) metres from the link's start to the edge's first node
    sign: Floats  # (m,) 1.0: edge and link have one direction, -1.0: the other

    @classmethod
    def of_edges(cls, network: Network) -> Links:
        """Return the edges themselves as links, and all nodes, in order, as vertices."""
        edges = len(network.u)
        return cls(
            node=np.arange(len(network.lon)),
            u=network.u.astype(np.int64),
            v=network.v.astype(np.int64),
            length_m=network.length_m,
            link=np.arange(edges),
            at_u_m=np.zeros(edges),
            sign=np.ones(edges),
        )

    @classmethod
    def contracted(cls, network: Network) -> Links:
        """Return chains of edges as links, and junctions as vertices.

        A ring without a junction has one vertex, its node of the lowest index. Vertices that are
        near each other on the ground are near each other in the order, and links are sorted by
        their first vertex.
        """
        is_vertex = _find_vertices(network)
        node = np.flatnonzero(is_vertex)
        node = node[np.argsort(_along_curve(network.lon[node], network.lat[node]), kind="stable")]
        vertex = np.full(len(network.lon), -1, dtype=np.int64)
        vertex[node] = np.arange(len(node))
        tail = np.column_stack([network.u, network.v]).ravel().astype(np.int64)
        first, before_m = _follow_back(tail, is_vertex, network.length_m)
        ahead, back = first[::2], first[1::2]  # of each edge as it is, and turned round
        with_link = ahead <= back
        begin, link = np.unique(np.minimum(ahead, back), return_inverse=True)
        end = np.empty_like(begin)
        end[link] = np.maximum(ahead, back)
        length = np.empty(len(begin))
        length[link] = before_m[::2] + network.length_m + before_m[1::2]
        order = np.lexsort((vertex[tail[end]], vertex[tail[begin]]))
        return cls(
            node=node,
            u=vertex[tail[begin[order]]],
            v=vertex[tail[end[order]]],
            length_m=length[order],
            link=np.argsort(order)[link],
            at_u_m=np.where(with_link, before_m[::2], before_m[1::2] + network.length_m),
            sign=np.where(with_link, 1.0, -1.0),
        )

    def along(self, edge: NDArray[np.integer], along_m: Floats) -> tuple[Ints, Floats]:
        """Return link and metres along it of places on edges (metres along these), shape (n,)."""
        return self.link[edge], self.at_u_m[edge] + self.sign[edge] * along_m


def _find_vertices(network: Network) -> NDArray[np.bool_]:
    """Return True where a node is a junction, or stands for its ring, shape (n,)."""
    nodes = len(network.lon)
    ends = np.concatenate([network.u, network.v])
    is_vertex: NDArray[np.bool_] = np.bincount(ends, minlength=nodes) != 2  # noqa: PLR2004  # two edges: a bend
    has_one = np.bincount(network.component[is_vertex], minlength=network.component.max() + 1) > 0
    component, lowest = np.unique(network.component, return_index=True)
    is_vertex[lowest[~has_one[component]]] = True
    return is_vertex


def _follow_back(tail: Ints, is_vertex: NDArray[np.bool_], length_m: Floats) -> tuple[Ints, Floats]:
    """Return the first half-edge of each one's chain and the metres from there, shape (2 m,).

    Half-edge 2 e is edge e from its first node, 2 e + 1 from its second; ``tail`` is where it
    begins. Pointers are doubled: a chain of any length is followed in its logarithm of rounds.
    """
    half = np.arange(len(tail))
    inner = np.flatnonzero(~is_vertex[tail])
    inner = inner[np.argsort(tail[inner], kind="stable")]  # the two that leave one bend are a pair
    before = half.copy()
    before[inner] = inner.reshape(-1, 2)[:, ::-1].ravel() ^ 1
    metres = np.where(before == half, 0.0, length_m[before >> 1])
    while True:
        further = before[before]
        if np.array_equal(further, before):
            return before, metres
        metres += metres[before]
        before = further


def _along_curve(lon: Floats, lat: Floats) -> NDArray[np.uint64]:
    """Return the place of positions (degrees) on a Z-order curve over the box they fill."""
    place = np.zeros(len(lon), dtype=np.uint64)
    wide = max(float(np.ptp(lon)), float(np.ptp(lat)), np.finfo(np.float64).tiny)
    for shift, value in enumerate((lon, lat)):
        cell = ((value - value.min()) / wide * (2**_BITS - 1)).astype(np.uint64)
        for bit in range(_BITS):
            one = (cell >> np.uint64(bit)) & np.uint64(1)
            place |= one << np.uint64(2 * bit + shift)
    return place
