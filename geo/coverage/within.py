"""All stations within a walk limit of positions, exactly; neighbouring positions share their sets.

One bounded search from every station fills a list of stations at each vertex near it. A position
between two vertices reaches the first so many of each one's list, by metres, so consecutive
positions with the same two counts have the same stations, and only runs of them are looked at.
Lengths lie on a grid, so a walk searched from the station is in every bit the walk of
`geo.reach.ReachField`, and whether it is within the limit is a comparison of whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from geo.coords import GEOD, geocentric_m, geodesic_m
from geo.network import OFF_NETWORK_M
from geo.network.graph import GRID_PER_M
from geo.reach import DETOUR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.network import Placement
    from geo.reach import Positions

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

_CELL_M: Final = 4000.0  # side of a neighbourhood whose stations are searched from together
_SLACK_M: Final = 120.0  # both ends of a way may be feet, each up to 50 m from its station
_MATRIX: Final = 2_000_000  # walks in memory at once, 16 MB
_BLOCK: Final = 100_000  # positions looked at on a straight line at once
_CANDIDATES: Final = 2_000_000  # and so many stations for them
_CELLS_PER_REACH: Final = 4  # of positions that share their candidates
_SURE_M: Final = 1e-6  # what a chord may be off by, and more than a geodesic is
_TIGHTEST_M: Final = GEOD.b**2 / GEOD.a  # the least radius of curvature of the ellipsoid
_PART_BITS: Final = 4  # up to 16 parts of the limit, by which lists are looked up
_HALF: Final = 32  # bits
_LOW: Final = (1 << _HALF) - 1


@dataclass(frozen=True)
class Within:
    """The stations within the limit of n positions, by group."""

    group: Ints  # (n,) positions of one group have the same stations
    offset: Ints  # (groups + 1,)
    station: Ints  # rows of the placement: those of group g from offset[g] to offset[g + 1], rising


class StationsWithin:
    """The stations of one placement within one limit; prepared once, asked often."""

    def __init__(self, placement: Placement, limit_m: float) -> None:
        """Search from every station.

        Parameters
        ----------
        placement : Placement
            Network with s stations, on chains or on edges; s may be 0.
        limit_m : float
            Metres, >= 0, finite. Time and memory grow with its square.
        """
        rows = np.flatnonzero(placement.door < 0)
        self._lists = _build_lists(placement, limit_m)
        self._around = _Circle(placement.lon, placement.lat, limit_m)
        self._around_off = _Circle(placement.lon[rows], placement.lat[rows], limit_m)
        self._off_row: Ints = rows
        longest_m = placement.links.length_m.max() + OFF_NETWORK_M
        self._off_m = self._around_off.least_m(_vertex_places(placement), longest_m)
        self._off_m[len(placement.links.node) :] -= OFF_NETWORK_M  # a foot is not at its station

    def nearest_m(self, stations: Mask) -> Floats:
        """Return metres from every vertex to the nearest of some stations on the network.

        Parameters
        ----------
        stations : ndarray of bool, shape (s,)
            Which of them count.

        Returns
        -------
        ndarray, shape (g,)
            Of the placement's graph; inf beyond the limit.
        """
        return self._lists.nearest_m(stations)

    def find(self, positions: Positions) -> Within:
        """Return the stations within the limit of positions that the placement located.

        Parameters
        ----------
        positions : Positions, n rows
            From `geo.reach.locate` on the same placement; n may be 0.

        Returns
        -------
        Within
            Exactly the stations to which `ReachField.walks` gives a walk <= the limit when each is
            the only usable one. Positions on the same link that reach the same stations over each
            of its ends are of one group, wherever they stand in the arrays.
        """
        n, ends = len(positions), positions.ends
        by_a = self._lists.count(ends.a, ends.to_a_m)
        by_b = self._lists.count(ends.b, ends.to_b_m)
        straight = self._straight(positions)
        is_first = _changes(ends.a) | _changes(by_a) | _changes(ends.b) | _changes(by_b)
        if len(straight):
            row, station = _unpacked(straight)
            is_first |= _is_new(np.bincount(row, minlength=n), station)
            straight = straight[is_first[row]]
            straight = _packed(
                (np.cumsum(is_first) - 1)[row[is_first[row]]], _unpacked(straight)[1]
            )
        first = np.flatnonzero(is_first)
        group, one = _alike(
            [_packed(ends.a[first], by_a[first]), _packed(ends.b[first], by_b[first])],
            apart=np.unique(_unpacked(straight)[0]),
        )
        row, station = _unpacked(straight)
        some = first[one]
        found = np.concatenate(
            [
                self._lists.pairs(ends.a[some], by_a[some]),
                self._lists.pairs(ends.b[some], by_b[some]),
                _packed(group[row], station),
            ]
        )
        found.sort(kind="stable")  # two or three parts, sorted or nearly so: they are merged
        owner, station = _unpacked(found[_changes(found)])
        size = np.bincount(owner, minlength=len(some))
        return Within(
            group=group[np.cumsum(is_first) - 1],
            offset=np.concatenate([[0], np.cumsum(size)]),
            station=station,
        )

    def _straight(self, positions: Positions) -> Ints:
        """Return the stations within the limit where the walk is a straight line, as pairs."""
        on, ends = positions.on_network, positions.ends
        off = np.flatnonzero(~on)
        pairs = [self._around.pairs(positions.lon[off], positions.lat[off], off)]
        if len(self._off_row):
            most_m = self._around_off.radius_m + 1.0 + 1.001 * ends.to_a_m  # a line is no longer
            near = np.flatnonzero(on & (self._off_m[ends.a] <= most_m))
            found = self._around_off.pairs(positions.lon[near], positions.lat[near], near)
            row, station = _unpacked(found)
            pairs.append(_packed(row, self._off_row[station]))
        return np.sort(np.concatenate(pairs), kind="stable")


@dataclass(frozen=True)
class _Lists:
    """By vertex of a graph (g) the stations within the limit, e entries."""

    limit: int  # in 2^-18 m
    first: Ints  # (g + 1,) where each vertex's entries begin
    key: Ints  # (e + 1,) vertex x (limit + 1) + walk in 2^-18 m, sorted; one more that is greater
    bits: int  # walks of one value >> bits are looked up together
    start: NDArray[np.int32]  # (g, limit >> bits + 1) how many keys lie before such walks
    entry: Ints  # (e,) station, packed under its place by metres; by vertex, then by station
    vertex: NDArray[np.int32]  # (e,) in the order of the keys
    station: NDArray[np.int32]  # (e,) likewise

    def count(self, vertex: Ints, way_m: Floats) -> Ints:
        """Return how many stations are within the limit over a vertex so many metres away."""
        beyond = (self.limit + 1) / GRID_PER_M
        left = self.limit - (np.minimum(way_m, beyond) * GRID_PER_M).astype(np.int64)
        most = vertex * (self.limit + 1) + left
        after = self.start[vertex, np.maximum(left, 0) >> self.bits].astype(np.int64)
        rows = np.flatnonzero(self.key[after] <= most)
        while len(rows):
            after[rows] += 1
            rows = rows[self.key[after[rows]] <= most[rows]]
        return np.asarray(after - self.first[vertex])

    def nearest_m(self, stations: Mask) -> Floats:
        """Return metres from every vertex to the nearest of some stations, inf beyond the limit."""
        entry = np.flatnonzero(stations[self.station])
        entry = entry[_changes(self.vertex[entry])]
        vertex = self.vertex[entry].astype(np.int64)
        metres = np.full(len(self.first) - 1, np.inf)
        metres[vertex] = (self.key[entry] - vertex * (self.limit + 1)) / GRID_PER_M
        return metres

    def pairs(self, vertex: Ints, count: Ints) -> Ints:
        """Return pairs of place in the arrays and station, for the nearest so many of a vertex."""
        begin = self.first[vertex]
        size = np.where(count > 0, self.first[vertex + 1] - begin, 0)
        entry = self.entry[_spread(begin, size)]
        pairs = np.repeat(np.arange(len(size)) << _HALF, size) | (entry & _LOW)
        return np.asarray(pairs[entry < np.repeat(count << _HALF, size)])


def _build_lists(placement: Placement, limit_m: float) -> _Lists:
    """Search from the feet of all stations on the network."""
    limit, vertices = int(np.floor(limit_m * GRID_PER_M)), placement.graph.shape[0]
    parts = list(_search(placement, limit_m, limit))
    key = np.concatenate([np.empty(0, dtype=np.int64), *(part[0] for part in parts)])
    station = np.concatenate([np.empty(0, dtype=np.int64), *(part[1] for part in parts)])
    by_metres = np.argsort(key)
    key, station = key[by_metres], station[by_metres]
    vertex = key // (limit + 1)
    first = np.searchsorted(vertex, np.arange(vertices + 1))
    place = np.arange(len(key)) - first[vertex]
    entry = _packed(place, station)[np.argsort(_packed(vertex, station))]
    key = np.append(key, vertices * (limit + 1))
    bits = max(limit.bit_length() - _PART_BITS, 0)
    part_starts = np.arange((limit >> bits) + 1) << bits
    lowest = np.arange(vertices)[:, np.newaxis] * (limit + 1) + part_starts
    start = np.searchsorted(key, lowest).astype(np.int32)
    return _Lists(
        limit, first, key, bits, start, entry, vertex.astype(np.int32), station.astype(np.int32)
    )


def _search(placement: Placement, limit_m: float, limit: int) -> Iterator[tuple[Ints, Ints]]:
    """Search from the stations of one neighbourhood after the other, on cut-outs of the graph.

    Yields
    ------
    tuple of ndarray
        Keys as in the lists, not sorted, and stations.
    """
    on = np.flatnonzero(placement.door >= 0)
    places = _vertex_places(placement)
    graph = _without_doors(placement.graph, len(places))
    tree = KDTree(places)
    feet = placement.foot[on]
    for near in _by_cell(places[feet], max(_CELL_M, 2.0 * limit_m)):
        middle = places[feet[near]].mean(axis=0)
        wide = np.linalg.norm(places[feet[near]] - middle, axis=1).max()
        vertex = np.sort(tree.query_ball_point(middle, wide + limit_m + _SLACK_M))
        cut = graph[vertex][:, vertex]
        rows = max(1, _MATRIX // len(vertex))
        for some in (near[at : at + rows] for at in range(0, len(near), rows)):
            walk = dijkstra(cut, indices=np.searchsorted(vertex, feet[some]), limit=limit_m)
            row, column = np.nonzero(np.isfinite(walk))
            station = on[some[row]]
            metres = walk[row, column] + placement.snapped.connector_m[station]
            inside = metres <= limit_m
            units = (metres[inside] * GRID_PER_M).astype(np.int64)
            yield vertex[column[inside]] * (limit + 1) + units, station[inside]


def _vertex_places(placement: Placement) -> Floats:
    """Return where the graph's vertices are, geocentric; a foot is given as its station."""
    node = placement.links.node
    on = np.flatnonzero(placement.door >= 0)
    on = on[np.argsort(placement.door[on])]
    return np.concatenate(
        [
            geocentric_m(placement.network.lon[node], placement.network.lat[node]),
            geocentric_m(placement.lon[on], placement.lat[on]),
        ]
    )


def _without_doors(graph: csr_array, vertices: int) -> csr_array:
    """Return the graph of the first vertices; no way leads from them to a door."""
    ways = int(graph.indptr[vertices])
    parts = graph.data[:ways], graph.indices[:ways], graph.indptr[: vertices + 1]
    return csr_array(parts, shape=(vertices, vertices))


class _Circle:
    """The places within a limit of positions when the walk is 1.3 x the geodesic."""

    def __init__(self, lon: Floats, lat: Floats, limit_m: float) -> None:
        self._limit_m = limit_m
        self.radius_m = radius_m = limit_m / DETOUR
        self._lon, self._lat = lon, lat
        self._places = geocentric_m(lon, lat)
        self._tree = KDTree(self._places)
        self._side_m = max(radius_m / _CELLS_PER_REACH, 1.0)
        # a curve nowhere bent more than a circle of this radius is no longer than its arc (Schur)
        arc = min((radius_m - _SURE_M) / (2.0 * _TIGHTEST_M), 0.5)
        self._surely_m = 2.0 * _TIGHTEST_M * np.sin(arc)

    def least_m(self, places: Floats, margin_m: float) -> Floats:
        """Return the chord from geocentric positions, shape (n, 3), to the nearest place.

        Far beyond the limit, and without any place, it is inf.
        """
        if not len(self._places):
            return np.full(len(places), np.inf)
        most = self.radius_m + 1.01 * margin_m + _SLACK_M
        return np.asarray(self._tree.query(places, distance_upper_bound=most)[0])

    def pairs(self, lon: Floats, lat: Floats, row: Ints) -> Ints:
        """Return pairs of row (rising) and place for all within the limit, sorted."""
        blocks = (slice(at, at + _BLOCK) for at in range(0, len(row), _BLOCK))
        return np.concatenate(
            [
                np.empty(0, dtype=np.int64),
                *(self._block(lon[block], lat[block], row[block]) for block in blocks),
            ]
        )

    def _block(self, lon: Floats, lat: Floats, row: Ints) -> Ints:
        here = geocentric_m(lon, lat)
        cell = np.floor(here / self._side_m)
        is_first = _changes(cell[:, 0]) | _changes(cell[:, 1]) | _changes(cell[:, 2])
        middle = (cell[is_first] + 0.5) * self._side_m
        reach_m = self.radius_m + 0.9 * self._side_m  # half a cube's diagonal is 0.87 of its side
        found = self._tree.query_ball_point(middle, reach_m, return_sorted=True)
        lists: list[list[int]] = np.asarray(found, dtype=object).tolist()
        size = np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))
        near = np.fromiter(chain.from_iterable(lists), dtype=np.int64, count=int(size.sum()))
        begin = np.cumsum(size) - size
        run = np.cumsum(is_first) - 1
        if size[run].sum() > _CANDIDATES and len(row) > 1:
            half = len(row) // 2
            parts = (slice(half), slice(half, None))
            return np.concatenate([self._block(lon[p], lat[p], row[p]) for p in parts])
        at = np.repeat(np.arange(len(run)), size[run])
        place = near[_spread(begin[run], size[run])]
        chord = np.sqrt(np.sum((here[at] - self._places[place]) ** 2, axis=1))
        within = chord <= self._surely_m
        open_ = np.flatnonzero(~within & (chord <= self.radius_m + _SURE_M))
        to = place[open_]
        metres = geodesic_m(lon[at[open_]], lat[at[open_]], self._lon[to], self._lat[to])
        within[open_] = DETOUR * metres <= self._limit_m
        return _packed(row[at[within]], place[within])


def _by_cell(places: Floats, side_m: float) -> list[Ints]:
    """Return the indices of geocentric positions, shape (n, 3), by the cube they are in."""
    cell = np.floor(places / side_m)
    order = np.lexsort(cell.T)
    is_first = np.any(np.diff(cell[order], axis=0) != 0, axis=1)
    return np.split(order, np.flatnonzero(is_first) + 1) if len(order) else []


def _spread(begin: Ints, size: Ints) -> Ints:
    """Return the places of all elements of stretches of a long array, one after the other."""
    after = np.cumsum(size)
    return np.arange(after[-1] if len(after) else 0) + np.repeat(begin - after + size, size)


def _packed(row: Ints, station: NDArray[np.integer]) -> Ints:
    """Return pairs as one number each, which sort by row, then station."""
    return (row << _HALF) | station


def _unpacked(pairs: Ints) -> tuple[Ints, Ints]:
    return pairs >> _HALF, pairs & _LOW


def _changes(values: NDArray[np.generic]) -> Mask:
    """Return True where a value is not the one before it; at the first, shape (n,)."""
    is_new = np.ones(len(values), dtype=bool)
    is_new[1:] = values[1:] != values[:-1]
    return is_new


def _alike(keys: list[Ints], *, apart: Ints) -> tuple[Ints, Ints]:
    """Return a number for each row, the same for rows of the same keys, and the first row of each.

    ``apart`` are rows that are alike with no other.
    """
    number = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        codes, distinct = pd.factorize(key)
        number = pd.factorize(number * len(distinct) + codes)[0]
    number[apart] = number.max(initial=-1) + 1 + np.arange(len(apart))
    number, distinct = pd.factorize(number)  # without the numbers nobody has any more
    first = np.empty(len(distinct), dtype=np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    return number.astype(np.int64), first


def _is_new(size: Ints, member: Ints) -> Mask:
    """Return True where a set is not the one before it, shape of ``size``; at the first.

    ``member`` holds the sets' members (rising), one set after the other.
    """
    is_new = _changes(size)
    owner = np.repeat(np.arange(len(size)), size)
    rows = np.flatnonzero(~is_new[owner])
    differs = member[rows] != member[rows - size[owner[rows]]]
    is_new[owner[rows[differs]]] = True
    return is_new
