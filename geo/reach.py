"""The reach field: for a whole network at once, the walk to the nearest usable station."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.coords import GeodesicIndex
from geo.network import place_stations

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import ArrayLike, NDArray

    from geo.network import Network, Placement
    from geo.network.placement import Ends

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

WALK_KMH: Final = 4.0  # 15 min = 1 km, the national rule
DETOUR: Final = 1.3  # definitions.md: a walk off the network is the geodesic distance x 1.3
_MOST_LEFT: Final = 0.7  # of all vertices; with more a whole search is as quick


@dataclass(frozen=True)
class Positions:
    """Positions made ready for any number of fields on one placement, arrays of shape (n,)."""

    lon: Floats  # degrees, WGS-84
    lat: Floats
    on_network: NDArray[np.bool_]
    ends: Ends
    edge: NDArray[np.int32]  # of the network, the nearest one; -1: off it

    def __getitem__(self, rows: Ints | slice) -> Positions:
        """Return some of the positions."""
        ends = self.ends
        part = type(ends)(ends.a[rows], ends.b[rows], ends.to_a_m[rows], ends.to_b_m[rows])
        return Positions(
            self.lon[rows], self.lat[rows], self.on_network[rows], part, self.edge[rows]
        )

    def __len__(self) -> int:
        return len(self.lon)


@dataclass(frozen=True)
class Walks:
    """The nearest usable station of positions, arrays of shape (n,)."""

    metres: Floats  # inf: no way to any
    station: Ints  # row of the station, -1: none


@dataclass(frozen=True)
class WalkField:
    """The walk to the nearest usable station from every vertex of a placement's graph.

    On chains (`Network.chains`) the vertices are junctions and stations' feet.
    """

    placement: Placement
    usable: NDArray[np.bool_]  # (s,)
    vertex_m: Floats  # (g,) metres, connector at the station included; inf: no way

    def metres(self, positions: Positions) -> Floats:
        """Return each position's walk to the nearest usable station, shape (n,); inf: no way.

        On the network: the least over the two ends of the (split) edge, or 1.3 x geodesic to a
        station off the network if that is less. Off the network: 1.3 x geodesic.
        """
        ends = positions.ends
        metres = np.minimum(
            self.vertex_m[ends.a] + ends.to_a_m, self.vertex_m[ends.b] + ends.to_b_m
        )
        off = np.flatnonzero(~positions.on_network)
        if len(off):
            metres[off], _ = _beeline(self._any_usable, positions, off)
        if self._off_network is not None:
            on = np.flatnonzero(positions.on_network)
            straight, _ = _beeline(self._off_network, positions, on)
            metres[on] = np.minimum(metres[on], straight)
        return metres

    @cached_property
    def _any_usable(self) -> _Rows:
        return _Rows.of(self.placement, np.flatnonzero(self.usable))

    @cached_property
    def _off_network(self) -> _Rows | None:
        rows = np.flatnonzero(self.usable & (self.placement.door < 0))
        return _Rows.of(self.placement, rows) if len(rows) else None


@dataclass(frozen=True)
class ReachField(WalkField):
    """The same, and which station it is.

    `nodes` gives the walks from the network's nodes, on chains and on edges alike.
    """

    vertex_station: NDArray[np.int32]  # (g,) row of the station, -1: none

    def nodes(self) -> Walks:
        """Return each network node's walk over the network, shape (n,), in the network's order.

        Stations off the network are passed by: a node's straight line to them does not count.
        """
        return self._by_network(self.placement.node_ends)

    def walks(self, positions: Positions) -> Walks:
        """Return each position's walk, as `metres`, and whose it is."""
        found = self._by_network(positions.ends)
        metres, station = found.metres, found.station
        off = np.flatnonzero(~positions.on_network)
        metres[off], station[off] = _beeline(self._any_usable, positions, off)
        if self._off_network is not None:
            on = np.flatnonzero(positions.on_network)
            straight, row = _beeline(self._off_network, positions, on)
            nearer = straight < metres[on]
            metres[on[nearer]], station[on[nearer]] = straight[nearer], row[nearer]
        station[np.isinf(metres)] = -1
        return Walks(metres, station)

    def _by_network(self, ends: Ends) -> Walks:
        by_a = self.vertex_m[ends.a] + ends.to_a_m
        by_b = self.vertex_m[ends.b] + ends.to_b_m
        metres = np.minimum(by_a, by_b)
        station = self.vertex_station[np.where(by_a <= by_b, ends.a, ends.b)].astype(np.int64)
        station[np.isinf(metres)] = -1
        return Walks(metres, station)


@dataclass(frozen=True)
class _Rows:
    """A straight-line index over some stations, and their rows."""

    index: GeodesicIndex
    row: Ints

    @classmethod
    def of(cls, placement: Placement, row: Ints) -> _Rows:
        return cls(GeodesicIndex(placement.lon[row], placement.lat[row]), row)


def _beeline(stations: _Rows, positions: Positions, rows: Ints) -> tuple[Floats, Ints]:
    """Return 1.3 x geodesic to, and row of, the nearest station in a straight line."""
    metres, index = stations.index.nearest(positions.lon[rows], positions.lat[rows])
    station = stations.row[index] if len(stations.row) else index
    return DETOUR * metres, station


def locate(placement: Placement, lon: ArrayLike, lat: ArrayLike) -> Positions:
    """Snap positions (degrees, WGS-84, shape (n,)) to a placement, once for all its fields."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    snapped = placement.network.snapper.snap(x, y)
    return Positions(x, y, snapped.on_network, placement.ends(snapped), snapped.edge)


def reach_field(
    placement: Placement, usable: NDArray[np.bool_], *, limit_m: float = np.inf
) -> ReachField:
    """Run one multi-source shortest-path search from the usable stations.

    Parameters
    ----------
    placement : Placement
        Network with s stations.
    usable : ndarray of bool, shape (s,)
        Which of them count.
    limit_m : float
        The search ends there, which saves time where stations are few: walks along the network
        up to the limit are exact, longer ones may come out too long, or inf. Straight lines are
        not limited.

    Returns
    -------
    ReachField
        With no usable station on the network, all vertices are at inf.
    """
    doors = placement.door[usable & (placement.door >= 0)]
    vertices = placement.graph.shape[0]
    if not len(doors):
        nowhere = np.full(vertices, -1, dtype=np.int32)
        return ReachField(placement, usable, np.full(vertices, np.inf), nowhere)
    metres, _, source = dijkstra(
        placement.graph,
        directed=True,
        indices=doors,
        min_only=True,
        return_predecessors=True,
        limit=limit_m,
    )
    row_of = np.full(vertices + 1, -1, dtype=np.int32)  # the last: scipy's -9999 for "no way"
    row_of[placement.door[placement.door >= 0]] = np.flatnonzero(placement.door >= 0)
    station = row_of[np.where(source < 0, vertices, source)]
    return ReachField(placement, usable, metres, station)


def complete_field(placement: Placement, usable: NDArray[np.bool_], near_m: Floats) -> WalkField:
    """Search from where the walks near stations are known already, which takes less time.

    Parameters
    ----------
    placement : Placement
        Network with s stations; its links run both ways.
    usable : ndarray of bool, shape (s,)
        Which of them count.
    near_m : ndarray, shape (g,)
        Metres from the vertices to the nearest of them, exact for all that are within some
        distance; inf for the others.

    Returns
    -------
    WalkField
        Bit for bit the walks of `reach_field`.
    """
    graph, vertices = placement.graph, placement.graph.shape[0] - int(np.sum(placement.door >= 0))
    left = np.flatnonzero(np.isinf(near_m[:vertices]))
    if len(left) > _MOST_LEFT * vertices:
        return reach_field(placement, usable)
    place = np.full(graph.shape[0], -1, dtype=np.int64)
    place[left] = np.arange(len(left))
    rows = graph[left]
    owner = np.repeat(np.arange(len(left)), np.diff(rows.indptr))
    inner = place[rows.indices] >= 0
    entering = np.full(len(left), np.inf)  # the shortest way over a vertex that is known
    np.minimum.at(entering, owner, near_m[rows.indices] + rows.data)
    edge = np.flatnonzero(np.isfinite(entering))
    sizes = np.append(np.bincount(owner[inner], minlength=len(left)), len(edge))
    parts = csr_array(
        (
            np.concatenate([rows.data[inner], entering[edge]]),
            np.concatenate([place[rows.indices[inner]], edge]),
            np.concatenate([[0], np.cumsum(sizes)]),
        ),
        shape=(len(left) + 1, len(left) + 1),
    )
    metres = near_m.copy()
    metres[left] = dijkstra(parts, indices=[len(left)])[0, :-1]
    return WalkField(placement, usable, metres)


def reach(
    stations: GeoDataFrame, network: Network, *, usable: NDArray[np.bool_] | None = None
) -> ReachField:
    """Return the walk to the nearest usable station, from anywhere in a network.

    Parameters
    ----------
    stations : GeoDataFrame, s rows
        Columns ``lon``, ``lat``, degrees, WGS-84; s may be 0.
    network : Network
        The walking network.
    usable : ndarray of bool, shape (s,), optional
        Which stations count; all by default.

    Returns
    -------
    ReachField
        Its ``nodes()`` are the walks from the network's nodes in order, ``walks(locate(…))`` those
        from any position.
    """
    placement = place_stations(network, stations["lon"], stations["lat"], links=network.chains)
    mask = np.ones(len(stations), dtype=bool) if usable is None else np.asarray(usable, dtype=bool)
    return reach_field(placement, mask)
