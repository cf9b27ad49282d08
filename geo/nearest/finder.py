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
from geo.nearest.table import FAILED, MET, SHUT_FOR, UNVERIFIED, VARIES, Table
from geo.nearest.way import find_way

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geo.nearest.answer import NearestStation
    from geo.nearest.prepared import Found
    from geo.nearest.question import Question
    from geo.nearest.table import Judged
    from geo.nearest.way import Way
    from geo.network import Network

    Bools = NDArray[np.bool_]

MOST_LOOKED_AT: Final = 64
SHUT: Final = ("reported_locked", "closes_before_arrival", "closed")

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

    def nearest(self, question: Question) -> tuple[NearestStation, ...]:
        """Return exactly what `geo.nearest.nearest` returns to a question; errors are its own."""
        best = _Asking(self.table, question, self.ways.around(question.lon, question.lat)).best()
        return self.table.answers(best, question)

    def among(self, question: Question, codes: Sequence[str]) -> tuple[NearestStation, ...]:
        """Return some stations in their rank, those that are what is asked for.

        They are what `nearest` would say of them alone, but an unknown one is not moved up. Codes
        of no station in use are passed over. Errors are those of `nearest`.
        """
        *_, found = self.ways.around(question.lon, question.lat)  # the last holds all
        some = np.isin(found.row, list(self.table.rows_of(frozenset(codes))))
        judged = [
            self.table.judge(
                int(found.row[at]),
                float(found.metres[at]),
                question,
                off_network=bool(found.off_network[at]),
            )
            for at in np.flatnonzero(some).tolist()
        ]
        best = by_rank(one for one in judged if one is not None)
        return self.table.answers(best[: question.limit], question)

    def passed_by(self, question: Question, first: NearestStation) -> NearestStation | None:
        """Return the nearest station known not to let in that is nearer than the first answer.

        Where many are open it never stands in the answer, but whoever sees it from where they
        stand wants to know why they are sent farther. Of those that may be shut, the nearest
        ``MOST_LOOKED_AT`` are looked at. Errors are those of `nearest`.
        """
        if first.walk_m is None:
            return None
        for found in self.ways.around(question.lon, question.lat):
            if found.bound_m >= first.walk_m:
                break
        may_be_shut = self.table.has_hours & (self.table.classify(question).of != FAILED)
        may_be_shut[list(self.table.rows_of(question.locked))] = True
        nearer = (found.metres < first.walk_m) & may_be_shut[found.row]
        for at in np.flatnonzero(nearer)[:MOST_LOOKED_AT].tolist():
            metres, off = float(found.metres[at]), bool(found.off_network[at])
            one = self.table.judge(int(found.row[at]), metres, question, off_network=off)
            if one is not None and one.state in SHUT:
                return self.table.answers([one], question)[0]
        return None

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
        self._judged: dict[int, Judged | None] = {}
        self._classes = table.classify(question)
        self._locked = np.array(sorted(table.rows_of(question.locked)), dtype=np.int64)
        self._shut = table.shut(question.at)
        self._shut_within_m = SHUT_FOR.total_seconds() / 60 / question.minutes(1.0)

    def best(self) -> list[Judged]:
        """Return the first ``limit`` stations in their rank."""
        limit = self._question.limit
        order: list[Judged] = []
        for needs in (MET, UNVERIFIED):
            if len(order) < limit:
                order += self._with_way(needs, limit - len(order))
        if len(order) < min(limit, self._classes.count.sum() - self._classes.count[FAILED]):
            order += self._without_way(limit - len(order))
        if order and order[0].inside_min > NEAR_MIN:
            order = self._with_near_unknown(order)
        return order[:limit]

    def _with_way(self, needs: int, limit: int) -> list[Judged]:
        """Return the best stations of one class of needs that can be walked to."""
        if self._classes.count[needs] + self._classes.count[VARIES]:
            for found in self._around():
                best = self._settled(found, needs, limit)
                if best is not None:
                    return best
        return []

    def _settled(self, found: Found, needs: int, limit: int) -> list[Judged] | None:
        """Return the best of a class; None if farther ones may be among them."""
        chosen = self._of_class(found, needs) & (found.metres < np.inf)
        has_hours, shut = self._has_hours(found), self._is_shut(found)
        live, inside_s = self._live(found, chosen & has_hours & ~shut, limit)
        if self._is_settled(inside_s, limit, found.bound_m):
            return by_rank(live)[:limit]
        is_all = found.bound_m == np.inf or self._holds_all(found, needs)
        if self._question.is_open:  # neither those shut nor those of unknown hours
            return by_rank(live)[:limit] if is_all else None
        if not is_all and not self._holds_all(found, needs, with_hours=True):
            return None
        silent = list(self._judge(found, chosen & ~has_hours, limit))
        unknown = sum(one.state == "unknown" for one in live) + len(silent)
        if not is_all and len(inside_s) + unknown < limit:
            return None
        return by_rank([*live, *silent, *self._judge(found, chosen & shut, limit)])[:limit]

    def _of_class(self, found: Found, needs: int) -> Bools:
        """Return which stations stand to the needs in one way, each at its own arrival."""
        of = self._classes.of[found.row]
        chosen: Bools = np.equal(of, needs)
        for at in np.flatnonzero(of == VARIES).tolist():
            metres, off = float(found.metres[at]), bool(found.off_network[at])
            one = self._judge_one(int(found.row[at]), metres, off_network=off)
            chosen[at] = one is not None and bool(one.needs_unknown) == (needs == UNVERIFIED)
        return chosen

    def _holds_all(self, found: Found, needs: int, *, with_hours: bool = False) -> bool:
        """Return whether all stations of a class, or that may be of it, are among those found."""
        classes = self._classes
        of = classes.of[found.row]
        among = (found.metres < np.inf) & ((of == needs) | (of == VARIES))
        if with_hours:
            among &= self._has_hours(found)
        total = classes.with_hours if with_hours else classes.count
        return bool(np.count_nonzero(among) == total[needs] + total[VARIES])

    def _has_hours(self, found: Found) -> Bools:
        """Return of which stations the state depends on the time, or on reports."""
        return self._table.has_hours[found.row] | self._is_locked(found)

    def _is_locked(self, found: Found) -> Bools:
        return np.isin(found.row, self._locked) if len(self._locked) else found.row < 0

    def _is_shut(self, found: Found) -> Bools:
        """Return which stations are closed at any arrival: no other state, and no locks."""
        within = found.metres <= self._shut_within_m
        return self._shut[found.row] & within & ~self._is_locked(found)

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
        order = np.lexsort((rows, straight))
        best: list[Judged] = []
        for needs in (MET, UNVERIFIED):
            may_be = (of[order] == needs) | (of[order] == VARIES)
            for row in rows[order[may_be]].tolist():
                if len(best) >= limit:
                    break
                one = self._judge_one(row, np.inf, off_network=False)
                if one is not None and bool(one.needs_unknown) == (needs == UNVERIFIED):
                    best.append(one)
        return by_rank(best)

    def _with_near_unknown(self, order: list[Judged]) -> list[Judged]:
        """Put the best station whose state is unknown, within 15 minutes' way, second."""
        for found in self._around():
            if self._question.minutes(found.bound_m) > NEAR_MIN:
                break
        near = found.metres * (self._question.minutes(1.0)) <= NEAR_MIN + 1.0
        has_hours = self._has_hours(found)
        unknown = [
            one
            for needs in (MET, UNVERIFIED)
            for chosen, most in ((has_hours, None), (~has_hours, 2))
            for one in self._judge(found, near & chosen & self._of_class(found, needs), most)
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
        if row not in self._judged:
            judged = self._table.judge(row, metres, self._question, off_network=off_network)
            self._judged[row] = judged
        return self._judged[row]
