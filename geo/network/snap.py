"""Positions onto the nearest edge: a KD-tree over points along edges, then exact projection.

Sample points are the nodes and points along every edge, neighbours at most 10 m apart. An edge at
distance h from a position therefore has a sample within sqrt(h^2 + 5^2). Going through the samples
from the nearest on, once the next one is farther than that for the best edge found, no edge not
yet seen can be nearer, and the answer is exact. The few positions for which k samples do not prove
it are asked again with four times as many.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from pyproj import Transformer
from scipy.spatial import KDTree

from geo.coords import WGS84
from geo.network.graph import GRID_PER_M, on_grid

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.network.graph import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

OFF_NETWORK_M: Final = 50.0  # definitions.md: farther positions are off the network
SAMPLE_M: Final = 10.0
_REACH_M: Final = np.hypot(OFF_NETWORK_M, SAMPLE_M / 2) * 1.001  # farther samples decide nothing
_FIRST_K: Final = 3  # proves about 99 %; measured against 2 and 4
_PER_M: Final = 2.0**24  # on this binary grid (0.06 um) differences are exact: equals are equal
_EARTH_M: Final = 6_371_000.0


@dataclass(frozen=True)
class Snapped:
    """Where positions meet the network, arrays of shape (n,)."""

    edge: NDArray[np.int32]  # index of the nearest edge, -1 = off the network
    along_m: Floats  # metres from the edge's first node to the foot, along the edge
    connector_m: Floats  # metres from the position to the foot; inf off the network

    @property
    def on_network(self) -> NDArray[np.bool_]:
        """True where the position is at most 50 m from the network."""
        return self.edge >= 0


class Snapper:
    """The index of one network; build it once, ask it often."""

    def __init__(self, network: Network) -> None:
        self._length_m = network.length_m
        self._transform = Transformer.from_crs(WGS84, network.crs, always_xy=True)
        nodes = self._project(network.lon, network.lat)
        start, way = nodes[network.u], nodes[network.v] - nodes[network.u]
        square = np.sum(way * way, axis=1)
        square[square == 0] = 1.0  # an edge of no length: the share of it is 0, not 0 / 0
        self._line = np.column_stack([start, way, square])  # (m, 5): one gather fetches an edge
        points, self._first, self._edge = self._samples(network, nodes)
        self._tree = KDTree(points, leafsize=16, balanced_tree=False, compact_nodes=False)

    def snap(self, lon: ArrayLike, lat: ArrayLike) -> Snapped:
        """Return the nearest edge of each position, exactly; of equals the lowest index.

        Parameters
        ----------
        lon, lat : array_like, shape (n,)
            Degrees, WGS-84.

        Returns
        -------
        Snapped
            Arrays of shape (n,). Independent of how positions are split into calls.
        """
        xy = self._project(lon, lat)
        edge = np.full(len(xy), -1, dtype=np.int32)
        share, square = np.zeros(len(xy)), np.full(len(xy), np.inf)
        left = np.flatnonzero(np.isfinite(xy[:, 0]) & np.isfinite(xy[:, 1]))
        k = _FIRST_K
        while len(left):
            edge[left], share[left], square[left], proven = self._nearest_of(
                xy.take(left, axis=0), k
            )
            left = left[~proven]
            k *= 4
        return self._snapped(xy[:, 0], edge, share, np.sqrt(square))

    def snap_one(self, lon: float, lat: float) -> tuple[int, float, float] | None:
        """Return edge, along_m and connector_m of one position, bit for bit as `snap` would.

        In plain numbers, five times as fast for one. None off the network.
        """
        east, north = self._transform.transform(lon, lat)
        if not (math.isfinite(east) and math.isfinite(north)):
            return None
        x, y = round(east * _PER_M) / _PER_M, round(north * _PER_M) / _PER_M
        k, found = _FIRST_K, None
        while found is None:
            found = self._nearest_to(x, y, k)
            k *= 4
        edge, share, square = found
        stretch = (x / _EARTH_M) ** 2
        connector = math.sqrt(square) / (1.0 + stretch / 2.0 + stretch * stretch / 24.0)
        if not connector <= OFF_NETWORK_M:
            return None
        along = share * float(self._length_m[edge])
        return (
            edge,
            round(along * GRID_PER_M) / GRID_PER_M,
            round(connector * GRID_PER_M) / GRID_PER_M,
        )

    def _nearest_to(self, x: float, y: float, k: int) -> tuple[int, float, float] | None:
        """Return edge, share and square distance over k samples; None where not proven."""
        found = self._tree.query((x, y), k=k, distance_upper_bound=_REACH_M)
        far, sample = np.asarray(found[0]), np.asarray(found[1])
        best, unseen = (-1, 0.0, math.inf), 0.0
        for away, place in zip(far.tolist(), sample.tolist(), strict=True):
            unseen = away * away - (SAMPLE_M / 2) ** 2
            if best[2] <= unseen or place >= len(self._first) - 1:
                return best
            for edge in self._edge[self._first[place] : self._first[place + 1]].tolist():
                ux, uy, dx, dy, square = self._line[edge].tolist()
                px, py = x - ux, y - uy
                share = min(max((px * dx + py * dy) / square, 0.0), 1.0)
                rx, ry = px - share * dx, py - share * dy
                there = rx * rx + ry * ry
                if there < best[2] or (there == best[2] and edge < best[0]):
                    best = edge, share, there
        return best if best[2] <= unseen else None

    def _project(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        """Return x, y in metres, shape (n, 2), on a binary grid."""
        x, y = self._transform.transform(
            np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        )
        return np.asarray(np.rint(np.column_stack([x, y]) * _PER_M) / _PER_M)

    def _snapped(
        self, x: Floats, edge: NDArray[np.int32], share: Floats, offset: Floats
    ) -> Snapped:
        """Undo the projection's scale, and call what is too far off the network."""
        square = (np.where(np.isfinite(x), x, 0.0) / _EARTH_M) ** 2
        connector = offset / (1.0 + square / 2.0 + square * square / 24.0)
        off = ~(connector <= OFF_NETWORK_M)
        along = on_grid(share * self._length_m[edge])
        connector = on_grid(connector)
        edge[off], along[off], connector[off] = -1, 0.0, np.inf
        return Snapped(edge, along, connector)

    def _nearest_of(
        self, xy: Floats, k: int
    ) -> tuple[NDArray[np.int32], Floats, Floats, NDArray[np.bool_]]:
        """Return the best edge, share, square distance over k samples, and where that is proven."""
        found = self._tree.query(xy, k=k, distance_upper_bound=_REACH_M)
        far, sample = np.asarray(found[0]), np.asarray(found[1])
        unseen = far * far - (SAMPLE_M / 2) ** 2  # an edge first seen at this sample is not nearer
        best = np.full(len(xy), -1, dtype=np.int32)
        share, square = np.zeros(len(xy)), np.full(len(xy), np.inf)
        for column in range(k):
            rows = np.flatnonzero(square > unseen[:, column])
            place = sample[rows, column]
            nth, stop = self._first[place], self._first[place + 1]
            while len(rows):
                edge = self._edge[nth]
                at, away = self._foot(xy.take(rows, axis=0), edge)
                nearer = (away < square[rows]) | ((away == square[rows]) & (edge < best[rows]))
                to = rows[nearer]
                best[to], share[to], square[to] = edge[nearer], at[nearer], away[nearer]
                more = np.flatnonzero(nth + 1 < stop)
                rows, nth, stop = rows[more], nth[more] + 1, stop[more]
        return best, share, square, square <= unseen[:, -1]

    def _foot(self, xy: Floats, edge: NDArray[np.int32]) -> tuple[Floats, Floats]:
        """Return the share of the edge before the foot, in [0, 1], and its square distance."""
        ux, uy, dx, dy, square = self._line.take(edge, axis=0).T
        px, py = xy[:, 0] - ux, xy[:, 1] - uy
        share = np.clip((px * dx + py * dy) / square, 0.0, 1.0)
        rx, ry = px - share * dx, py - share * dy
        return share, rx * rx + ry * ry

    def _samples(self, network: Network, nodes: Floats) -> tuple[Floats, Ints, NDArray[np.int32]]:
        """Return the sample points (s, 2), where each one's edges begin in a list, and the list."""
        edges = np.arange(len(network.u), dtype=np.int32)
        inner = np.maximum(np.ceil(network.length_m * 1.001 / SAMPLE_M), 1).astype(np.int64) - 1
        edge = np.repeat(edges, inner)
        nth = np.arange(len(edge)) - (np.cumsum(inner) - inner)[edge] + 1
        line = self._line[edge]
        along = line[:, :2] + (nth / (inner[edge] + 1))[:, np.newaxis] * line[:, 2:4]
        ends = np.concatenate([network.u, network.v])
        order = np.argsort(ends, kind="stable")
        counts = np.concatenate([np.bincount(ends, minlength=len(nodes)), np.ones_like(edge)])
        first = np.concatenate([[0], np.cumsum(counts)])
        return (
            np.concatenate([nodes, along]),
            first,
            np.concatenate([np.tile(edges, 2)[order], edge]),
        )
