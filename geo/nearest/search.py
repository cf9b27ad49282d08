"""Shortest paths from any position of a placed network: one search, connectors included."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.network.snap import Snapped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Placement
    from geo.network.placement import Ends

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class PointSearch:
    """A placement's graph without its doors, and one more vertex: the position asked from.

    The last row of the matrix holds the two ways from the position to the ends of its edge; they
    are written anew for each search.
    """

    def __init__(self, placement: Placement) -> None:
        self.placement = placement
        self.source = int(placement.graph.shape[0] - np.sum(placement.door >= 0))
        indptr = placement.graph.indptr[: self.source + 1]
        ways = int(indptr[-1])
        self._graph = csr_array(
            (
                np.append(placement.graph.data[:ways], [0.0, 0.0]),
                np.append(placement.graph.indices[:ways], [0, 0]).astype(np.int32),
                np.append(indptr, ways + 2).astype(np.int32),
            ),
            shape=(self.source + 1, self.source + 1),
        )
        on = np.flatnonzero(placement.door >= 0)
        self._station_of_foot = on[np.argsort(placement.door[on])]
        self._lock = threading.Lock()

    def foot_place(self, vertex: int) -> tuple[int, float]:
        """Return edge and along_m of a vertex that is a station's foot."""
        row = self._station_of_foot[vertex - len(self.placement.network.lon)]
        snapped = self.placement.snapped
        return int(snapped.edge[row]), float(snapped.along_m[row])

    def locate(self, lon: float, lat: float) -> Snapped | None:
        """Return where a position meets the network, shape (1,); None off it."""
        found = self.placement.network.snapper.snap_one(lon, lat)
        if found is None:
            return None
        edge, along, connector = found
        return Snapped(np.array([edge], dtype=np.int32), np.array([along]), np.array([connector]))

    def walks(self, snapped: Snapped, limit_m: float) -> Floats:
        """Return metres from a position to every vertex; inf beyond the limit and without a way."""
        with self._lock:
            self._set_out(self.placement.ends(snapped))
            metres = dijkstra(self._graph, indices=[self.source], limit=limit_m)
            return np.asarray(metres[0])

    def walks_and_steps(self, snapped: Snapped, limit_m: float) -> tuple[Floats, NDArray[np.int32]]:
        """Return metres as `walks`, and the vertex before each one on the way to it."""
        with self._lock:
            self._set_out(self.placement.ends(snapped))
            metres, before = dijkstra(
                self._graph, indices=[self.source], limit=limit_m, return_predecessors=True
            )
            return np.asarray(metres[0]), np.asarray(before[0])

    def _set_out(self, ends: Ends) -> None:
        self._graph.indices[-2:] = ends.a[0], ends.b[0]
        self._graph.data[-2:] = ends.to_a_m[0], ends.to_b_m[0]
