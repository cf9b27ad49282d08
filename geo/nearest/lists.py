"""Per node of a network the stations near it, with their walks: the prepared part of the finder.

One bounded search from every station, the stations of one neighbourhood at a time on a cut-out of
the graph, from south to north. Nodes that no later search can reach are finished at once, so that
little is held besides the result. As lengths lie on a grid (`geo.network.graph.on_grid`), a walk
searched from the station is bit for bit the walk searched from the worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse.csgraph import dijkstra

from geo.network.graph import GRID_PER_M

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.network import Placement

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MOST_PER_NODE: Final = 64  # three times what a question by day looks at
MAX_ENTRIES: Final = 16_000_000  # of 8 bytes, 128 MB: larger networks hold less per node
LEAST_PER_NODE: Final = 16
_TRIAL_M: Final = 3000.0
_WIDEST_M: Final = 12_000.0  # below 16384 m, which is what 32 bits of 2^-18 m hold
_TRIALS: Final = 4  # neighbourhoods searched first, to find the radius
_FOUND: Final = 1.5  # entries to find per entry to keep: stations are not strewn evenly
_CELL_M: Final = 2000.0  # side of a neighbourhood
_CHUNK: Final = 64  # stations per search: its matrix stays at a few MB
_SLACK_M: Final = 200.0  # a foot is up to 50 m from its station, a degree not the same everywhere
_DEGREE_M: Final = 110_500.0  # of latitude, at the least
_HALF: Final = np.uint64(32)  # bits


@dataclass(frozen=True)
class NodeLists:
    """Stations by node, e entries; complete for all walks below each node's radius."""

    rank: NDArray[np.int32]  # (n,) place of each node's list
    first: Ints  # (n + 1,) where each list begins
    station: NDArray[np.int32]  # (e,) row of the placement, nearest first
    units: NDArray[np.uint32]  # (e,) walk from the node, connector included, in 2^-18 m
    radius_m: Floats  # (n,) by place

    def of(self, node: int) -> tuple[NDArray[np.int32], Floats, float]:
        """Return the stations near a node, their walks in metres, rising, and the radius."""
        place = self.rank[node]
        part = slice(self.first[place], self.first[place + 1])
        return self.station[part], self.units[part] / GRID_PER_M, float(self.radius_m[place])

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(array.nbytes for array in vars(self).values())


def build_lists(placement: Placement, *, per_node: int = MOST_PER_NODE) -> NodeLists:
    """Search from every station of a placement.

    Parameters
    ----------
    placement : Placement
        A network with stations on it.
    per_node : int
        A node keeps so many at most, the nearest; of a network of more than 250,000 nodes fewer,
        so that ``MAX_ENTRIES`` are held in all. Its radius ends where they do. All searches have
        one radius, at most 12 km, such that nodes find about half as many again on average.
    """
    nodes = len(placement.network.lon)
    per_node = min(per_node, max(LEAST_PER_NODE, MAX_ENTRIES // nodes))
    search = _Search(placement)
    radius_m = _fit_radius(search, _FOUND * per_node * nodes)
    lists = _Lists(per_node, nodes, radius_m)
    for part in search.run(search.chunks, radius_m):
        lists.add(part)
    return lists.finished(search.rank)


def _fit_radius(search: _Search, entries: float) -> float:
    """Return the radius at which all searches find so many entries, judged by a few of them."""
    trial = search.chunks[:: max(1, len(search.chunks) // _TRIALS)]
    found = sum(len(part.key) for part in search.run(trial, _TRIAL_M))
    if not found:
        return _WIDEST_M
    share = sum(map(len, trial)) / sum(map(len, search.chunks))
    return float(min(_WIDEST_M, _TRIAL_M * np.sqrt(share * entries / found)))


@dataclass(frozen=True)
class _Part:
    """Entries of some searches, in any order."""

    key: NDArray[np.uint64]  # rank of the node x 2^32 + units
    station: NDArray[np.int32]
    done: int  # no later part has a node of a lower rank

    @classmethod
    def of(cls, parts: Sequence[_Part], done: int) -> _Part:
        """Return all entries as one part."""
        return cls(
            np.concatenate([np.empty(0, dtype=np.uint64), *(part.key for part in parts)]),
            np.concatenate([np.empty(0, dtype=np.int32), *(part.station for part in parts)]),
            done,
        )

    def __getitem__(self, chosen: NDArray[np.bool_] | Ints) -> _Part:
        return _Part(self.key[chosen], self.station[chosen], self.done)


class _Search:
    """A placement's graph, its vertices (nodes, then feet) in order from south to north.

    Feet are numbered as in the graph, ranks are those of nodes among nodes.
    """

    def __init__(self, placement: Placement) -> None:
        on = np.flatnonzero(placement.door >= 0)
        self._station = on[np.argsort(placement.door[on])]
        self._nodes = len(placement.network.lon)
        vertices = self._nodes + len(on)
        self._graph = placement.graph[:vertices, :vertices]  # without the doors
        self._connector = placement.snapped.connector_m[self._station]
        foot_lon, foot_lat = placement.lon[self._station], placement.lat[self._station]
        lon = np.concatenate([placement.network.lon, foot_lon])
        lat = np.concatenate([placement.network.lat, foot_lat])
        self._vertex = np.argsort(lat, kind="stable")  # from the south
        self._place = np.argsort(self._vertex)  # of each vertex
        self._lon, self._lat = lon[self._vertex], lat[self._vertex]
        self._nodes_before: Ints = np.cumsum(self._vertex < self._nodes) - (
            self._vertex < self._nodes
        )
        self.rank: Ints = self._nodes_before[self._place[: self._nodes]]
        self.chunks = list(_neighbourhoods(foot_lon, foot_lat))

    def run(self, chunks: Sequence[Ints], radius_m: float) -> Iterator[_Part]:
        """Search from feet, a chunk at a time.

        Yields
        ------
        _Part
            Walks below the radius.
        """
        for chunk, following in zip(chunks, [*chunks[1:], None], strict=False):
            done = self._nodes if following is None else self._rank_south_of(following, radius_m)
            yield self._part(chunk, radius_m, done)

    def _rank_south_of(self, feet: Ints, radius_m: float) -> int:
        """Return how many nodes lie south of all that searches from these feet's row reach."""
        lat = self._lat[self._place[self._nodes + feet]].min()
        row = np.floor(lat * (_DEGREE_M / _CELL_M)) * (_CELL_M / _DEGREE_M)
        south = np.searchsorted(self._lat, row - (radius_m + _SLACK_M) / _DEGREE_M)
        return int(self._nodes_before[south])

    def _part(self, feet: Ints, radius_m: float, done: int) -> _Part:
        """Search on the part of the graph that walks below the radius can touch."""
        start = self._place[self._nodes + feet]
        near = self._around(start, radius_m)
        vertex = self._vertex[near]
        cut = self._graph[vertex][:, vertex]
        walk = dijkstra(cut, indices=np.searchsorted(near, start), limit=radius_m)
        row, column = np.nonzero(np.isfinite(walk) & (vertex < self._nodes))
        metres = walk[row, column] + self._connector[feet[row]]
        key = (self.rank[vertex[column]].astype(np.uint64) << _HALF) | _to_units(metres)
        part = _Part(key, self._station[feet[row]].astype(np.int32), done)
        return part[metres < radius_m]

    def _around(self, place: Ints, radius_m: float) -> Ints:
        """Return the places of all vertices within the radius, and of some more."""
        lon, lat = self._lon[place], self._lat[place]
        high = (radius_m + _SLACK_M) / _DEGREE_M
        wide = high / max(float(np.cos(np.radians(np.abs(lat).max() + high))), 0.01)
        south, north = np.searchsorted(self._lat, [lat.min() - high, lat.max() + high]).tolist()
        east = self._lon[south:north]
        inside = (east >= lon.min() - wide) & (east <= lon.max() + wide)
        return np.asarray(south + np.flatnonzero(inside))


def _neighbourhoods(lon: Floats, lat: Floats) -> Iterator[Ints]:
    """Cut positions into chunks, each from one cell, rows of cells from south to north.

    Yields
    ------
    ndarray
        Indices of at most 64 positions.
    """
    row = np.floor(lat * (_DEGREE_M / _CELL_M))
    column = np.floor(lon * (_DEGREE_M / _CELL_M))
    order = np.lexsort((column, row))
    is_new = (np.diff(row[order]) != 0) | (np.diff(column[order]) != 0)
    for cell in np.split(order, np.flatnonzero(is_new) + 1):
        yield from (cell[at : at + _CHUNK] for at in range(0, len(cell), _CHUNK))


class _Lists:
    """Entries as they come, and the finished lists of the nodes from the south."""

    def __init__(self, per_node: int, nodes: int, radius_m: float) -> None:
        self._per_node, self._nodes = per_node, nodes
        self._radius = np.full(nodes, radius_m)
        self._counts = np.zeros(nodes, dtype=np.int64)
        self._open: list[_Part] = []
        self._station: list[NDArray[np.int32]] = [np.empty(0, dtype=np.int32)]
        self._units: list[NDArray[np.uint32]] = [np.empty(0, dtype=np.uint32)]
        self._done = 0

    def add(self, part: _Part) -> None:
        """Take entries in; finish the nodes that no later part has."""
        self._open.append(part)
        if part.done > self._done:
            found = _Part.of(self._open, part.done)
            ready = found.key < np.uint64(part.done) << _HALF
            self._open = [found[~ready]]
            self._finish(found[ready])

    def finished(self, rank: Ints) -> NodeLists:
        """Return the lists; ``rank`` of each node."""
        first = np.concatenate([[0], np.cumsum(self._counts)])
        station, units = np.concatenate(self._station), np.concatenate(self._units)
        return NodeLists(rank.astype(np.int32), first, station, units, self._radius)

    def _finish(self, part: _Part) -> None:
        """Sort the entries of the next nodes and keep the nearest of each."""
        part = part[np.argsort(part.key, kind="stable")]
        rank = (part.key >> _HALF).astype(np.int64)
        starts = np.searchsorted(rank, np.arange(self._done, part.done + 1))
        nth = np.arange(len(rank)) - starts[rank - self._done]
        units = part.key.astype(np.uint32)  # the lower half
        kept, cut = nth < self._per_node, nth == self._per_node
        self._radius[rank[cut]] = units[cut] / GRID_PER_M
        self._counts[self._done : part.done] = np.minimum(np.diff(starts), self._per_node)
        self._station.append(part.station[kept])
        self._units.append(units[kept])
        self._done = part.done


def _to_units(metres: Floats) -> NDArray[np.uint64]:
    return np.asarray(metres * GRID_PER_M).astype(np.uint64)
