"""Positions onto the nearest edge: a KD-tree over points along edges, then exact projection.

Sample points lie at most 10 m apart along every edge, its two ends included. An edge at distance h
from a position therefore has a sample within sqrt(h^2 + 5^2): once the k-th nearest sample is
farther than that for the best edge found, no other edge can be nearer, and the answer is exact.
The few positions for which k samples do not prove it are asked again with four times as many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from pyproj import Transformer
from scipy.spatial import KDTree

from geo.coords import WGS84

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.network.graph import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

OFF_NETWORK_M: Final = 50.0  # definitions.md: farther positions are off the network
SAMPLE_M: Final = 10.0
_REACH_M: Final = np.hypot(OFF_NETWORK_M, SAMPLE_M / 2) * 1.001  # farther samples decide nothing
_FIRST_K: Final = 4
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
        self._network = network
        self._transform = Transformer.from_crs(WGS84, network.crs, always_xy=True)
        self._x, self._y = (
            np.asarray(axis, dtype=np.float64)
            for axis in self._transform.transform(network.lon, network.lat)
        )
        self._edge, points = self._samples()
        self._tree = KDTree(points, balanced_tree=False, compact_nodes=False)

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
        x, y = self._transform.transform(
            np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        )
        xy = np.column_stack([x, y])
        edge = np.full(len(xy), -1, dtype=np.int64)
        share = np.zeros(len(xy))
        offset = np.full(len(xy), np.inf)
        left = np.flatnonzero(np.isfinite(xy).all(axis=1))
        k = _FIRST_K
        while len(left):
            found, at, metres, proven = self._nearest_of(xy[left], k)
            edge[left], share[left], offset[left] = found, at, metres
            left = left[~proven]
            k *= 4
        return self._snapped(xy[:, 0], edge, share, offset)

    def _snapped(self, x: Floats, edge: Ints, share: Floats, offset: Floats) -> Snapped:
        """Undo the projection's scale, and call what is too far off the network."""
        turn = np.where(np.isfinite(x), x, 0.0) / _EARTH_M
        connector = offset / (1.0 + turn**2 / 2.0 + turn**4 / 24.0)
        off = ~(connector <= OFF_NETWORK_M)
        edge = np.where(off, -1, edge)
        along = np.where(off, 0.0, share * self._network.length_m[edge])
        return Snapped(edge.astype(np.int32), along, np.where(off, np.inf, connector))

    def _nearest_of(self, xy: Floats, k: int) -> tuple[Ints, Floats, Floats, NDArray[np.bool_]]:
        """Project onto the edges of the k nearest samples; say where that is proven the best."""
        k = min(k, self._tree.n)
        far, sample = self._tree.query(xy, k=k, distance_upper_bound=_REACH_M)
        far, sample = np.reshape(far, (len(xy), k)), np.reshape(sample, (len(xy), k))
        best = np.full(len(xy), -1, dtype=np.int64)
        share = np.zeros(len(xy))
        metres = np.full(len(xy), np.inf)
        for column in range(k):
            rows = np.flatnonzero(np.isfinite(far[:, column]))
            edge = self._edge[sample[rows, column]]
            at, away = self._project(xy[rows], edge)
            nearer = (away < metres[rows]) | ((away == metres[rows]) & (edge < best[rows]))
            rows, edge = rows[nearer], edge[nearer]
            best[rows], share[rows], metres[rows] = edge, at[nearer], away[nearer]
        farthest = far[:, -1]
        proven = np.isinf(farthest) | (metres**2 <= farthest**2 - (SAMPLE_M / 2) ** 2)
        return best, share, metres, proven | (k == self._tree.n)

    def _project(self, xy: Floats, edge: Ints) -> tuple[Floats, Floats]:
        """Return the share of the edge before the foot, in [0, 1], and the distance to the foot."""
        u, v = self._network.u[edge], self._network.v[edge]
        ux, uy = self._x[u], self._y[u]
        dx, dy = self._x[v] - ux, self._y[v] - uy
        px, py = xy[:, 0] - ux, xy[:, 1] - uy
        square = dx * dx + dy * dy
        dot = px * dx + py * dy
        share = np.divide(dot, square, out=np.zeros_like(dot), where=square > 0)
        share = np.clip(share, 0.0, 1.0)
        rx, ry = px - share * dx, py - share * dy
        return share, np.sqrt(rx * rx + ry * ry)

    def _samples(self) -> tuple[NDArray[np.int32], Floats]:
        """Return, for each sample point, its edge, and its x, y, shape (s, 2)."""
        net = self._network
        gaps = np.maximum(np.ceil(net.length_m * 1.001 / SAMPLE_M), 1).astype(np.int64)
        edge = np.repeat(np.arange(len(gaps), dtype=np.int32), gaps + 1)
        first = np.cumsum(gaps + 1) - (gaps + 1)
        share = (np.arange(len(edge)) - first[edge]) / gaps[edge]
        u, v = net.u[edge], net.v[edge]
        x = self._x[u] + share * (self._x[v] - self._x[u])
        y = self._y[u] + share * (self._y[v] - self._y[u])
        return edge, np.column_stack([x, y])
