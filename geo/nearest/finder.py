"""The worker's question, prepared: the answers of `geo.nearest.nearest`, many times faster.

Stations are judged in the order of their ways until none that is farther could enter the answer.
What is alike for many is not judged one by one: of those shut for hours, and of those whose hours
nobody knows, only the nearest can matter.
"""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.coords import geodesic_m
from geo.nearest.answer import NEAR_MIN, by_rank, rank_key
from geo.nearest.prepared import PreparedWays
from geo.nearest.question import RIDE_KMH, Mode, Question
from geo.nearest.table import MET, SHUT_FOR, UNVERIFIED, Table
from geo.nearest.way import find_way
from geo.reach import WALK_KMH

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geo.nearest.answer import NearestStation
    from geo.nearest.prepared import Found
    from geo.nearest.table import Judged
    from geo.nearest.way import Way
    from geo.network import Network

    Bools = NDArray[np.bool_]

_TICK_S: Final = 1e-5  # moments are whole microseconds


class Finder:
    """The stations of one layer on one network, ready to be asked; never changed once made."""

    def __init__(
        self,
        stations: GeoDataFrame | Table,
        network: Network | None,
        *,
        earlier: Finder | None = None,
        is_listed: bool = True,
    ) -> None:
        """Search the network around every station that is near it, and index the others.

        Parameters
        ----------
        stations : GeoDataFrame or Table
            In the form of `geo.stations`, or made ready for another finder (`table`).
        network : Network or None
            As for `geo.nearest.nearest`.
        earlier : Finder, optional
            Its ways are taken over where network and positions are the same.
        is_listed : bool
            False: made in a fraction of the time, answers the same, but slowly.
        """
        self.table = stations if isinstance(stations, Table) else Table(stations)
        self.network = network
        has_same = earlier is not None and earlier.has_ways_of(self.table, network)
        self.ways: PreparedWays = (
            earlier.ways
            if earlier is not None and has_same
            else PreparedWays(self.table.lon, self.table.lat, network, is_listed=is_listed)
        )

    def has_ways_of(self, table: Table, network: Network | None) -> bool:
        """Return whether the ways to these stations are the ways of this finder."""
        return (
            network is self.network
            and np.array_equal(table.lon, self.table.lon)
            and np.array_equal(table.lat, self.table.lat)
        )

    def nearest(
        self,
        lon: float,
        lat: float,
        *,
        at: dt.datetime,
        limit: int = 10,
        mode: Mode = "walk",
        needs: Sequence[str] = (),
        no_phone: bool = False,
        walk_kmh: float = WALK_KMH,
        ride_kmh: float = RIDE_KMH,
    ) -> tuple[NearestStation, ...]:
        """Return exactly what `geo.nearest.nearest` returns; parameters and errors are its own."""
        question = Question(lon, lat, at, limit, mode, tuple(needs), no_phone, walk_kmh, ride_kmh)
        best = _Asking(self.table, question, self.ways.around(lon, lat)).best()
        return self.table.answers(best, question)

    def way(self, lon: float, lat: float, to_lon: float, to_lat: float) -> Way | None:
        """Return the walk from a position to another as a line; see `geo.nearest.way`.

        To a station its metres are the ``walk_m`` of `nearest`. All in degrees, WGS-84.
        """
        return find_way(self.ways.search, (lon, lat), (to_lon, to_lat))


class _Asking:
    """One question, from the nearest stations outward."""

    def __init__(self, table: Table, question: Question, farther: Iterator[Found]) -> None:
        self._table, self._question, self._farther = table, question, farther
        self._seen: list[Found] = []
        self._judged: dict[int, Judged] = {}
        self._classes = table.classify(question.needs, no_phone=question.no_phone)
        self._shut = table.shut(question.at)
        self._shut_within_m = SHUT_FOR.total_seconds() / 60 / question.minutes(1.0)

    def best(self) -> list[Judged]:
        """Return the first ``limit`` stations in their rank."""
        limit = self._question.limit
        order: list[Judged] = []
        for needs in (MET, UNVERIFIED):
            if len(order) < limit:
                order += self._with_way(needs, limit - len(order))
        if len(order) < min(limit, self._classes.count[: UNVERIFIED + 1].sum()):
            order += self._without_way(limit - len(order))
        if order and order[0].inside_min > NEAR_MIN:
            order = self._with_near_unknown(order)
        return order[:limit]

    def _with_way(self, needs: int, limit: int) -> list[Judged]:
        """Return the best stations of one class of needs that can be walked to."""
        if self._classes.count[needs]:
            for found in self._around():
                best = self._settled(found, needs, limit)
                if best is not None:
                    return best
        return []

    def _settled(self, found: Found, needs: int, limit: int) -> list[Judged] | None:
        """Return the best of a class; None if farther ones may be among them."""
        chosen = (self._classes.of[found.row] == needs) & (found.metres < np.inf)
        has_hours = self._table.has_hours[found.row]
        shut = self._shut[found.row] & (found.metres <= self._shut_within_m)
        live, inside_s = self._live(found, chosen & has_hours & ~shut, limit)
        if self._is_settled(inside_s, limit, found.bound_m):
            return by_rank(live)[:limit]
        is_all = found.bound_m == np.inf or np.count_nonzero(chosen) == self._classes.count[needs]
        if not is_all and np.count_nonzero(chosen & has_hours) < self._classes.with_hours[needs]:
            return None
        silent = list(self._judge(found, chosen & ~has_hours, limit))
        unknown = sum(one.state == "unknown" for one in live) + len(silent)
        if not is_all and len(inside_s) + unknown < limit:
            return None
        return by_rank([*live, *silent, *self._judge(found, chosen & shut, limit)])[:limit]

    def _live(self, found: Found, chosen: Bools, limit: int) -> tuple[list[Judged], list[float]]:
        """Judge stations until farther ones cannot enter; and when the worker is inside, sorted."""
        live: list[Judged] = []
        inside_s: list[float] = []
        for one in self._judge(found, chosen):
            if self._is_settled(inside_s, limit, one.walk_m or 0.0):
                break
            live.append(one)
            if one.inside_at is not None:
                insort(inside_s, one.inside_at.timestamp())
        return live, inside_s

    def _is_settled(self, inside_s: list[float], limit: int, metres: float) -> bool:
        """Return True if ``limit`` can be entered before anybody has walked so far."""
        if len(inside_s) < limit:
            return False
        arrive_s = self._question.at.timestamp() + 60 * self._question.minutes(metres)
        return inside_s[limit - 1] < arrive_s - _TICK_S

    def _without_way(self, limit: int) -> list[Judged]:
        """Return the nearest stations of other parts of the network, by straight line."""
        *_, found = self._around()
        rows = found.row[found.metres == np.inf]
        straight = geodesic_m(
            self._question.lon, self._question.lat, self._table.lon[rows], self._table.lat[rows]
        )
        of = self._classes.of[rows]
        order = np.lexsort((rows, straight, of))[: limit + np.count_nonzero(of > UNVERIFIED)]
        chosen = rows[order[of[order] <= UNVERIFIED]][:limit]
        judged = (self._judge_one(row, np.inf, off_network=False) for row in chosen.tolist())
        return by_rank(one for one in judged if one)

    def _with_near_unknown(self, order: list[Judged]) -> list[Judged]:
        """Put the best station whose state is unknown, within 15 minutes' way, second."""
        for found in self._around():
            if self._question.minutes(found.bound_m) > NEAR_MIN:
                break
        near = found.metres * (self._question.minutes(1.0)) <= NEAR_MIN + 1.0
        has_hours = self._table.has_hours[found.row]
        unknown = [
            one
            for needs in (MET, UNVERIFIED)
            for chosen, most in ((has_hours, None), (~has_hours, 2))
            for one in self._judge(
                found, near & chosen & (self._classes.of[found.row] == needs), most
            )
            if one.state == "unknown" and one.way_min <= NEAR_MIN and one is not order[0]
        ]
        if not unknown:
            return order
        second = min(unknown, key=rank_key)
        return [order[0], second, *(one for one in order[1:] if one is not second)]

    def _around(self) -> Iterator[Found]:
        """Look farther each time, but only once.

        Yields
        ------
        Found
            The last holds all stations.
        """
        yield from self._seen
        for found in self._farther:
            self._seen.append(found)
            yield found

    def _judge(self, found: Found, chosen: Bools, most: int | None = None) -> Iterator[Judged]:
        """Judge stations in the order of their ways.

        Yields
        ------
        Judged
            ``most`` of them, or all.
        """
        at = np.flatnonzero(chosen)[:most]
        for row, metres, off in zip(
            found.row[at].tolist(),
            found.metres[at].tolist(),
            found.off_network[at].tolist(),
            strict=True,
        ):
            judged = self._judge_one(row, metres, off_network=off)
            if judged is not None:
                yield judged

    def _judge_one(self, row: int, metres: float, *, off_network: bool) -> Judged | None:
        judged = self._judged.get(row)
        if judged is None:
            judged = self._table.judge(row, metres, self._question, off_network=off_network)
            if judged is not None:
                self._judged[row] = judged
        return judged
