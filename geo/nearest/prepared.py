"""Ways from any position to the stations around it, the nearest first, as far as asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.coords import GeodesicIndex, geodesic_m
from geo.nearest.lists import MOST_PER_NODE, build_lists
from geo.nearest.search import PointSearch
from geo.network import place_stations
from geo.reach import DETOUR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.nearest.lists import NodeLists
    from geo.network import Network, Placement
    from geo.network.snap import Snapped

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_MARGIN_DEG: Final = 0.001  # of latitude: 110 m, twice what a station may be off its edge
_LEAST_SEARCH_M: Final = 2000.0
_FIRST_OFF: Final = 8  # stations off the network beside the lists
_SLACK_M: Final = 5.0  # a way along a street of the plane may be shorter than the chord, by so much
_FARTHER: Final = ((2.0, 64), (6.0, 256), (np.inf, 2_048), (np.inf, 32_768), (np.inf, 2**62))
# times the radius of the lists to search, and stations off the network to look at
_STRAIGHT: Final = (64, 1_024, 16_384, 2**62)  # stations to look at from off the network


@dataclass(frozen=True)
class Found:
    """Stations by the length of their ways, k of them."""

    row: Ints  # (k,)
    metres: Floats  # (k,) rising, equal ones by row; inf: no way
    off_network: NDArray[np.bool_]  # (k,) the way is 1.3 x the straight line
    bound_m: float  # no other station's way is shorter; inf: there are no others


class PreparedWays:
    """The ways to s stations, made ready once; never changed once made."""

    def __init__(
        self,
        lon: Floats,
        lat: Floats,
        network: Network | None,
        *,
        per_node: int = MOST_PER_NODE,
        is_listed: bool = True,
    ) -> None:
        """Place the stations (degrees, WGS-84, shape (s,)) and search from each.

        ``per_node`` stations are listed at most; see `geo.nearest.lists.build_lists`. Without
        lists it is made in a fraction of the time, and every question searches the network.
        """
        self._lon, self._lat = lon, lat
        on = np.zeros(len(lon), dtype=bool)
        self._search: PointSearch | None = None
        self._lists: NodeLists | None = None
        if network is not None:
            near = _near(network, lon, lat)  # a country's other stations need no placing
            placement = place_stations(network, lon[near], lat[near])
            self._placed = near
            self._is_on = placement.door >= 0
            on[near] = self._is_on
            self._search = PointSearch(placement)
            if is_listed:
                self._lists = build_lists(placement, per_node=per_node)
            edge = np.where(self._is_on, placement.snapped.edge, -1)
            self._by_edge = np.argsort(edge, kind="stable")
            self._edges = edge[self._by_edge]
        self._straight_on, self._straight_off = self._straight(on), self._straight(~on)
        self._off_least_m = np.empty(0, dtype=np.float32)  # by node, to the nearest off the network
        if network is not None and self._lists is not None:
            self._off_least_m = self._straight_off.index.chords(network.lon, network.lat)

    @property
    def search(self) -> PointSearch | None:
        """The search behind the lists; None without a network."""
        return self._search

    @property
    def list_bytes(self) -> int:
        """Bytes of the lists."""
        return self._lists.nbytes if self._lists else 0

    def around(self, lon: float, lat: float) -> Iterator[Found]:
        """Look around a position (degrees, WGS-84), farther each time; the last finds all.

        Yields
        ------
        Found
            Its bound is inf in the last.
        """
        snapped = self._search.locate(lon, lat) if self._search else None
        if self._search is None or snapped is None:
            yield from self._from_off_network(lon, lat)
            return
        searched = _LEAST_SEARCH_M
        if self._lists is not None:
            listed = self._listed(self._lists, self._search.placement, lon, lat, snapped)
            yield listed
            searched = max(searched, listed.bound_m)
        walks, searched_m = np.empty(0), -1.0
        for times, count in _FARTHER:
            limit_m = times * searched
            if limit_m != searched_m:
                walks, searched_m = self._walks(self._search, snapped, limit_m), limit_m
            on = np.flatnonzero(walks < limit_m) if limit_m < np.inf else np.arange(len(walks))
            on = on[self._is_on[on]]
            found = self._with_off(lon, lat, self._placed[on], walks[on], limit_m, count)
            yield found
            if found.bound_m == np.inf:
                return

    def _listed(
        self, lists: NodeLists, placement: Placement, lon: float, lat: float, snapped: Snapped
    ) -> Found:
        """Return what the lists of both ends of the edge hold, and the stations on the edge."""
        net, at = placement.network, placement.snapped
        edge, along, connector = (
            int(snapped.edge[0]),
            float(snapped.along_m[0]),
            float(snapped.connector_m[0]),
        )
        to_u = connector + along
        to_v = connector + (float(net.length_m[edge]) - along)
        by_u, walks_u, radius_u = lists.of(int(net.u[edge]))
        by_v, walks_v, radius_v = lists.of(int(net.v[edge]))
        first, stop = np.searchsorted(self._edges, [edge, edge + 1])
        beside = self._by_edge[first:stop]
        walks = connector + np.abs(at.along_m[beside] - along) + at.connector_m[beside]
        row, metres = _least(
            np.concatenate([by_u, by_v, beside]),
            np.concatenate([walks_u + to_u, walks_v + to_v, walks]),
        )
        bound = min(radius_u + to_u, radius_v + to_v)
        if self._off_least_m[net.u[edge]] - to_u - _SLACK_M > bound / DETOUR:
            least = DETOUR * (bound / DETOUR)  # to the last bit as if they had been asked
            return _sorted(self._placed[row], metres, row[:0], metres[:0], min(bound, least))
        return self._with_off(lon, lat, self._placed[row], metres, bound, _FIRST_OFF)

    def _walks(self, search: PointSearch, snapped: Snapped, limit_m: float) -> Floats:
        """Return the ways to all placed stations; what they are off the network means nothing."""
        placement = search.placement
        foot = np.where(self._is_on, placement.foot, 0)
        walks = search.walks(snapped, limit_m)[foot]
        return np.asarray(walks + placement.snapped.connector_m)

    def _with_off(  # noqa: PLR0917 - one place, one thing found there
        self, lon: float, lat: float, row: Ints, metres: Floats, bound_m: float, count: int
    ) -> Found:
        """Add the stations off the network, keep what is nearer than the bound, and sort."""
        off, straight, least_m = self._straight_off.first(lon, lat, count, bound_m / DETOUR)
        bound_m = min(bound_m, DETOUR * least_m)
        return _sorted(row, metres, off, straight * DETOUR, bound_m)

    def _from_off_network(self, lon: float, lat: float) -> Iterator[Found]:
        """Look around by the straight line alone.

        Yields
        ------
        Found
            As `around`.
        """
        for count in _STRAIGHT:
            on, on_m, on_least = self._straight_on.first(lon, lat, count)
            off, off_m, off_least = self._straight_off.first(lon, lat, count)
            row, metres = np.concatenate([on, off]), np.concatenate([on_m, off_m]) * DETOUR
            bound_m = DETOUR * min(on_least, off_least)
            found = _sorted(row[:0], metres[:0], row, metres, bound_m)
            yield found
            if bound_m == np.inf:
                return

    def _straight(self, chosen: NDArray[np.bool_]) -> _Straight:
        row = np.flatnonzero(chosen)
        return _Straight(GeodesicIndex(self._lon[row], self._lat[row]), row)


@dataclass(frozen=True)
class _Straight:
    """A straight-line index over some stations, and their rows."""

    index: GeodesicIndex
    row: Ints

    def first(
        self, lon: float, lat: float, count: int, within_m: float = np.inf
    ) -> tuple[Ints, Floats, float]:
        """Return the nearest rows, their geodesics, and the least geodesic of the others."""
        near, least_m = self.index.first(lon, lat, count, within_m=within_m)
        if not len(near):
            return near, np.empty(0), least_m
        metres = geodesic_m(lon, lat, self.index.lon[near], self.index.lat[near])
        return self.row[near], metres, least_m


def _near(network: Network, lon: Floats, lat: Floats) -> Ints:
    """Return the stations that may be within 50 m of a network."""
    west, south, east, north = network.bounds
    high = _MARGIN_DEG
    wide = high / max(float(np.cos(np.radians(max(abs(south), abs(north)) + high))), 0.01)
    inside = (lon >= west - wide) & (lon <= east + wide)
    return np.flatnonzero(inside & (lat >= south - high) & (lat <= north + high))


def _least(row: Ints, metres: Floats) -> tuple[Ints, Floats]:
    """Return each row once, with the least of its ways."""
    order = np.argsort(metres, kind="stable")
    rows, first = np.unique(row[order], return_index=True)
    return rows, metres[order][first]


def _sorted(on: Ints, on_m: Floats, off: Ints, off_m: Floats, bound_m: float) -> Found:
    """Return stations on and off the network together, those within the bound, by their ways."""
    row, metres = np.concatenate([on, off]), np.concatenate([on_m, off_m])
    off_network = np.arange(len(row)) >= len(on)
    if bound_m < np.inf:
        within = metres < bound_m
        row, metres, off_network = row[within], metres[within], off_network[within]
    order = np.lexsort((row, metres))
    return Found(row[order], metres[order], off_network[order], bound_m)
