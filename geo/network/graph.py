"""The walking graph as arrays: nodes, straight edges of geodesic length, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.coords import geodesic_m, local_metric_crs
from geo.errors import EmptyNetworkError
from geo.network.names import NAMELESS, StreetNames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pyproj import CRS

    from geo.network.chains import Links
    from geo.network.names import Street
    from geo.network.snap import Snapper

GRID_PER_M: Final = 2.0**18  # lengths on this grid (4 um) add up exactly, in whatever order
MIN_COMPONENT_M: Final = 1000.0  # definitions.md: smaller components are removed before snapping


@dataclass(frozen=True)
class NetworkSummary:
    """What a network holds and what was removed from it; lengths in metres."""

    nodes: int
    edges: int
    length_m: float  # of all walkable ways of the extract, each stretch once
    components: int  # in the extract
    largest_share: float  # length of the largest component / length_m
    kept_length_m: float
    removed_components: int
    removed_length_m: float
    barriers: int  # nodes that stop a walker
    sources: tuple[str, ...]  # names of the extracts


@dataclass(frozen=True)
class Network:
    """A walking network; an edge is one straight stretch between two neighbouring OSM nodes.

    Components with less than 1 km of ways are gone. Two edges never join the same two nodes.
    """

    lon: NDArray[np.float64]  # (n,) degrees, WGS-84
    lat: NDArray[np.float64]  # (n,)
    osm_id: NDArray[np.int64]  # (n,) copies of a shut barrier share its id
    u: NDArray[np.int32]  # (m,) node at the start of the edge
    v: NDArray[np.int32]  # (m,) node at its end
    length_m: NDArray[np.float64]  # (m,) geodesic, on the grid of `on_grid`
    component: NDArray[np.int32]  # (n,) 0 = the longest
    facts: NetworkSummary
    names: StreetNames | None = None  # of a file of an older version: none are known

    @cached_property
    def crs(self) -> CRS:
        """The local metric CRS, centred on the network."""
        west, south, east, north = self.bounds
        return local_metric_crs((west + east) / 2, (south + north) / 2)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        return (
            float(self.lon.min()),
            float(self.lat.min()),
            float(self.lon.max()),
            float(self.lat.max()),
        )

    @cached_property
    def snapper(self) -> Snapper:
        """The index that finds the nearest edge; built at first use."""
        from geo.network.snap import Snapper  # noqa: PLC0415  # snap builds on this class

        return Snapper(self)

    @cached_property
    def chains(self) -> Links:
        """The chains of edges between junctions, for searches; built at first use."""
        from geo.network.chains import Links  # noqa: PLC0415  # chains builds on this class

        return Links.contracted(self)

    def edge_between(self, one: int, other: int) -> int:
        """Return the edge that joins two nodes; -1 if none does."""
        low, high = min(one, other), max(one, other)
        first, stop = np.searchsorted(self.u, [low, low + 1])  # edges are sorted by u, then v
        edge = int(first + np.searchsorted(self.v[first:stop], high))
        return edge if edge < stop and self.v[edge] == high else -1

    def street_of(self, edge: int) -> Street:
        """Return the street that an edge is part of; `NAMELESS` where that is not known."""
        return self.names.name_of(edge) if self.names and edge >= 0 else NAMELESS

    def summary(self) -> NetworkSummary:
        """Return counts and lengths, of the extract and of what was kept."""
        return self.facts

    def length_inside_m(self, west: float, south: float, east: float, north: float) -> float:
        """Return the length in metres of the kept ways inside a box of degrees, cut at its edge."""
        ends = np.stack(
            [
                np.column_stack([self.lon[self.u], self.lat[self.u]]),
                np.column_stack([self.lon[self.v], self.lat[self.v]]),
            ],
            axis=1,
        )
        lines = shapely.linestrings(ends)
        whole = shapely.length(lines)
        inside = shapely.length(shapely.clip_by_rect(lines, west, south, east, north))
        share = np.divide(inside, whole, out=np.zeros_like(whole), where=whole > 0)
        return float(np.sum(share * self.length_m))


def make_network(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    osm_id: NDArray[np.int64],
    ends: NDArray[np.int64],
    *,
    street: NDArray[np.int64] | None = None,
    streets: Sequence[Street] = (),
    barriers: int = 0,
    sources: tuple[str, ...] = (),
) -> Network:
    """Make a network of nodes and edges: measure, join double edges, remove small components.

    Parameters
    ----------
    lon, lat : ndarray, shape (n,)
        Nodes in degrees, WGS-84.
    osm_id : ndarray, shape (n,)
        Their OSM ids (any integers for made-up networks).
    ends : ndarray, shape (m, 2)
        Node indices of each edge, in any order, doubles and loops allowed.
    street : ndarray, shape (m,), optional
        The street of each edge, a row of ``streets``; -1 = it has no name. Of doubled edges with
        several names the lowest row counts.
    streets : sequence of Street
        The names.
    barriers : int
        Number of barrier nodes that were cut, for the summary.
    sources : tuple of str
        Names of the extracts, for the summary.

    Returns
    -------
    Network
        Nodes in the order given, less the removed ones.

    Raises
    ------
    EmptyNetworkError
        No component has 1 km of ways.
    """
    ends, street = unique_edges(ends, street)
    u, v = ends[:, 0], ends[:, 1]
    length = geodesic_m(lon[u], lat[u], lon[v], lat[v])
    label, component_m = _components(len(lon), u, v, length)
    kept_component = component_m >= MIN_COMPONENT_M
    if not kept_component.any():
        longest = component_m.max(initial=0.0)
        msg = (
            f"no walkable network: the longest connected piece in {', '.join(sources) or 'it'} has "
            f"{longest:.0f} m of ways, at least {MIN_COMPONENT_M:.0f} m are needed"
        )
        raise EmptyNetworkError(msg)
    kept_node = kept_component[label]
    kept_edge = kept_node[u]
    renumber = np.cumsum(kept_node) - 1
    total = float(component_m.sum())
    kept = float(component_m[kept_component].sum())
    facts = NetworkSummary(
        nodes=int(kept_node.sum()),
        edges=int(kept_edge.sum()),
        length_m=total,
        components=int(np.count_nonzero(component_m)),
        largest_share=float(component_m[0]) / total,
        kept_length_m=kept,
        removed_components=int(np.count_nonzero(component_m[~kept_component])),
        removed_length_m=total - kept,
        barriers=barriers,
        sources=sources,
    )
    return Network(
        lon=lon[kept_node],
        lat=lat[kept_node],
        osm_id=osm_id[kept_node],
        u=renumber[u[kept_edge]].astype(np.int32),
        v=renumber[v[kept_edge]].astype(np.int32),
        length_m=on_grid(length[kept_edge]),
        component=label[kept_node].astype(np.int32),
        facts=facts,
        names=StreetNames.of_rows(street[kept_edge], streets),
    )


def on_grid(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return metres rounded to 2^-18 m: sums are exact, so equal ways are equal in every bit."""
    return np.rint(metres * GRID_PER_M) / GRID_PER_M


def unique_edges(
    ends: NDArray[np.int64], street: NDArray[np.int64] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each pair of different nodes once, the lower index first, sorted, shape (k, 2).

    And, shape (k,), the street of each: of doubled edges the lowest row that is not -1.
    """
    pairs = np.sort(ends.reshape(-1, 2), axis=1)
    rows = np.full(len(pairs), -1, dtype=np.int64) if street is None else street
    nameless_last = np.where(rows < 0, np.iinfo(np.int64).max, rows)
    order = np.lexsort((nameless_last, pairs[:, 1], pairs[:, 0]))
    order = order[pairs[order, 0] != pairs[order, 1]]
    pairs, rows = pairs[order], rows[order]
    is_first = np.ones(len(pairs), dtype=bool)
    is_first[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    return pairs[is_first], rows[is_first]


def _components(
    nodes: int, u: NDArray[np.int64], v: NDArray[np.int64], length: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return each node's component, numbered from the longest down, and the components' lengths."""
    links = coo_array((np.ones(len(u), dtype=np.int8), (u, v)), shape=(nodes, nodes))
    count, label = connected_components(links, directed=False)
    metres = np.bincount(label[u], weights=length, minlength=count).astype(np.float64)
    order = np.argsort(-metres, kind="stable")
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    return rank[label], metres[order]
