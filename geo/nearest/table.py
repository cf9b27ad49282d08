"""The stations that count, their cells kept so that any number of questions can be asked."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.coords import geodesic_m
from geo.hours import Timetable, is_always_open
from geo.nearest.answer import NearestStation, Ranked
from geo.nearest.arrival import ZONE, coming_changes, is_shut_throughout, judge_state, wall_time
from geo.nearest.needs import Entry, amenity_hours, amenity_states, unknown_needs
from geo.nearest.packed import Words, keep, pack_texts
from geo.reach import DETOUR
from geo.stations.status import reopens_at
from geo.vocab import load_vocab

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geo.nearest.arrival import State
    from geo.nearest.question import Question

SHUT_FOR: Final = dt.timedelta(hours=4)  # ways this long are covered by `Table.shut`
MET: Final = 0
UNVERIFIED: Final = 1
FAILED: Final = 2
VARIES: Final = 3  # decided by the moment of getting inside

COLUMNS: Final = (
    "code", "name", "kind", "status", "status_until", "lon", "lat", "hours", "self_hours",
    "entry_mode", "self_entry_mode", "needs_phone", "amenities", "amenity_hours",
)  # fmt: skip

_QUARTER: Final = dt.timedelta(minutes=15)
_BIT: Final = {code: bit for bit, code in enumerate(load_vocab("amenity"))}
_PHONE_CLASS: Final = {"no": MET, "": UNVERIFIED, "yes": FAILED}


@dataclass(slots=True)
class Judged(Ranked):
    """One station judged on arrival; ``row`` is that of the table, whose order is by code."""

    row: int
    walk_m: float | None
    minutes: float | None
    straight_m: float  # nan where the way alone decides
    off_network: bool
    state: State
    arrive_at: dt.datetime
    opens_at: dt.datetime | None  # only if that is soon
    needs_unknown: tuple[str, ...]

    @property
    def tie(self) -> int:
        """The row, as rows are in the order of codes."""
        return self.row


@dataclass(frozen=True, slots=True)
class Classes:
    """How stations stand to what a worker asks for: MET, UNVERIFIED, FAILED or VARIES."""

    of: NDArray[np.int8]  # (s,)
    count: NDArray[np.int64]  # (4,) stations of each class
    with_hours: NDArray[np.int64]  # (4,) those of which hours are known


class Table:
    """The stations in use, or so from a known moment on, s rows in the order of their codes."""

    def __init__(self, stations: GeoDataFrame) -> None:
        """Copy the cells of ``COLUMNS`` in the form of `geo.stations`."""
        pairs = zip(stations["status"].tolist(), stations["status_until"].tolist(), strict=True)
        ends = [None if status == "open" else reopens_at(status, until) for status, until in pairs]
        is_open = (stations["status"] == "open").to_numpy(dtype=bool)
        counted = np.flatnonzero(is_open | np.array([end is not None for end in ends], dtype=bool))
        codes = stations["code"].take(counted).tolist()
        order = np.array(sorted(range(len(codes)), key=codes.__getitem__), dtype=np.int64)
        rows = counted[order]
        self._code = pack_texts(stations["code"], rows)
        self._name = pack_texts(stations["name"], rows)
        self.lon = stations["lon"].to_numpy(dtype=np.float64)[rows]  # degrees, WGS-84
        self.lat = stations["lat"].to_numpy(dtype=np.float64)[rows]
        self._reopens = {place: end for place, row in enumerate(rows) if (end := ends[row])}
        paused = sorted(self._reopens, key=self._reopens.__getitem__)
        self._paused_rows = np.array(paused, dtype=np.int64)
        self._paused_until = [self._reopens[row] for row in paused]
        self._kind = Words.of([stations["kind"]], rows)
        tables = Words.of([stations["hours"], stations["self_hours"]], rows)
        self._hours = Words(tables.number, [Timetable(*pair) for pair in tables.words])
        entry = ["entry_mode", "self_entry_mode", "needs_phone", "hours", "self_hours"]
        entries = Words.of([stations[name] for name in entry], rows)
        self._entry = Words(entries.number, [Entry(*cells) for cells in entries.words])
        amenities = [stations["amenities"], stations["amenity_hours"]]
        self._amenities = Words.of(amenities, rows)
        self._quarters: dict[dt.datetime, NDArray[np.bool_]] = {}
        self._asked: dict[Hashable, Classes] = {}
        self._rows: dict[frozenset[str], frozenset[int]] = {}

    def __len__(self) -> int:
        return len(self.lon)

    def codes(self) -> list[str]:
        """Return the code of each row."""
        return cast("list[str]", self._code.to_pylist())

    def judge(
        self, row: int, metres: float, question: Question, *, off_network: bool
    ) -> Judged | None:
        """Return a station judged on arrival; None if it is not what is asked for.

        Parameters
        ----------
        row : int
            Of the table.
        metres : float
            The way; inf without one: then it is judged by the straight line.
        question : Question
            Who asks.
        off_network : bool
            Whether the way is 1.3 x the straight line.
        """
        if not self._is_asked_for(row, question):
            return None
        has_way = metres != np.inf
        straight = np.nan if has_way else float(self.straight_m([row], question)[0])
        minutes = question.minutes(metres if has_way else straight * DETOUR)
        arrive = (question.at + dt.timedelta(minutes=minutes)).astimezone(ZONE)
        if row in self._reopens and arrive < self._reopens[row]:
            return None
        wall = arrive.replace(tzinfo=None)
        state, opens = judge_state(self._hours[row], question.wall, wall)
        if row in self.rows_of(question.locked):
            state, opens = "reported_locked", None
        if question.is_open and state != "open":
            return None
        unknown = self._unknown_needs(row, question, opens or wall)
        if unknown is None:
            return None
        return Judged(
            row=row,
            walk_m=metres if has_way else None,
            minutes=minutes if has_way else None,
            straight_m=straight,
            off_network=off_network,
            state=state,
            arrive_at=arrive,
            opens_at=opens.replace(tzinfo=ZONE) if opens else None,
            needs_unknown=unknown,
        )

    def answers(self, best: Sequence[Judged], question: Question) -> tuple[NearestStation, ...]:
        """Return judged stations with all that is said of them."""
        straight_m = self.straight_m([one.row for one in best], question).tolist()
        return tuple(map(self._answer, best, straight_m, repeat(question)))

    def straight_m(self, rows: Sequence[int], question: Question) -> NDArray[np.float64]:
        """Return the geodesics from the worker to some stations."""
        return geodesic_m(question.lon, question.lat, self.lon[rows], self.lat[rows])

    def _answer(self, judged: Judged, straight_m: float, question: Question) -> NearestStation:
        row, metres = judged.row, judged.walk_m
        opens, closes = coming_changes(self._hours[row], judged.arrive_at, judged.state)
        inside = judged.opens_at or judged.arrive_at
        return NearestStation(
            code=self._code[row].as_py(),
            name=self._name[row].as_py(),
            kind=self._kind[row][0],
            lon=float(self.lon[row]),
            lat=float(self.lat[row]),
            walk_m=metres,
            walk_min=None if metres is None else metres * 60 / (question.walk_kmh * 1000),
            minutes=judged.minutes,
            straight_m=straight_m,
            off_network=judged.off_network,
            state=judged.state,
            arrive_at=judged.arrive_at,
            opens_at=opens,
            closes_at=closes,
            entry_mode=self._entry[row].modes(inside.replace(tzinfo=None)),
            amenities=self._amenities[row][0],
            needs_unknown=judged.needs_unknown,
        )

    @cached_property
    def has_hours(self) -> NDArray[np.bool_]:
        """False where hours are not known at all: such a station is ``unknown`` at any time."""
        return self._hours.mask(lambda table: bool(table.hours or table.self_hours))

    def shut(self, at: dt.datetime) -> NDArray[np.bool_]:
        """Return which stations are ``closed`` for whoever sets out at ``at`` and walks <= 4 h.

        Returns
        -------
        ndarray of bool, shape (s,)
            Of the others nothing is said.
        """
        wall = wall_time(at)
        quarter = wall.replace(minute=wall.minute // 15 * 15, second=0, microsecond=0)
        end = quarter + SHUT_FOR + 2 * _QUARTER  # the quarter itself, and opening soon
        return keep(
            self._quarters,
            quarter,
            lambda: self._hours.mask(lambda table: is_shut_throughout(table, quarter, end)),
        )

    def rows_of(self, codes: frozenset[str]) -> frozenset[int]:
        """Return the rows of some codes; those of no station are passed over."""
        return keep(self._rows, codes, lambda: self._find(codes)) if codes else frozenset()

    def classify(self, question: Question) -> Classes:
        """Return how each station stands to what is asked for; see `geo.nearest.needs`."""
        asked = question.needs, question.no_phone, question.kinds, question.is_always
        key = (*asked, question.locked, self._ended(question.at))
        return keep(self._asked, key, lambda: self._classify(question))

    def _ended(self, at: dt.datetime) -> int:
        """Return how many of the closures, the first to end first, have ended."""
        return bisect_right(self._paused_until, at)

    def _find(self, codes: frozenset[str]) -> frozenset[int]:
        found = pc.index_in(pa.array(sorted(codes), self._code.type), self._code)
        return frozenset(row for row in found.to_pylist() if row is not None)

    def _classify(self, question: Question) -> Classes:
        bits = np.uint64(sum(1 << _BIT[need] for need in set(question.needs)))
        works, fails, timed = (part[self._amenities.number] for part in self._amenity_bits)
        worst = np.where((works & bits) == bits, MET, UNVERIFIED)
        varies = (timed & bits) != 0
        if question.no_phone:
            of_entry = [_PHONE_CLASS[entry.phone_needed()] for entry in self._entry.words]
            worst = np.maximum(worst, np.array(of_entry, dtype=np.int8)[self._entry.number])
            varies |= self._entry.mask(lambda entry: entry.phone_varies)
        worst[varies] = VARIES
        worst[self._paused_rows[self._ended(question.at) :]] = VARIES
        worst[(fails & bits) != 0] = FAILED
        if question.kinds:
            worst[~self._kind.mask(lambda kind: kind[0] in question.kinds)] = FAILED
        if question.is_always:
            worst[~self._hours.mask(is_always_open)] = FAILED
        has_hours = self.has_hours.copy()
        has_hours[list(self.rows_of(question.locked))] = True  # known to be reported_locked
        return Classes(
            worst.astype(np.int8),
            np.bincount(worst, minlength=4),
            np.bincount(worst[has_hours], minlength=4),
        )

    @cached_property
    def _amenity_bits(self) -> tuple[NDArray[np.uint64], ...]:
        """Return, for each text of amenities, those that work, do not, and have own hours."""
        works, fails, timed = [], [], []
        for text, hours in self._amenities.words:
            states = amenity_states(text).items()
            works.append(sum(1 << _BIT[code] for code, state in states if state == "yes"))
            fails.append(sum(1 << _BIT[code] for code, state in states if state != "yes"))
            timed.append(sum(1 << _BIT[code] for code in amenity_hours(hours)))
        return tuple(np.array(part, dtype=np.uint64) for part in (works, fails, timed))

    def _is_asked_for(self, row: int, question: Question) -> bool:
        """Return whether a station is of the kind asked for, whatever the time."""
        is_kind = not question.kinds or self._kind[row][0] in question.kinds
        return is_kind and (not question.is_always or is_always_open(self._hours[row]))

    def _unknown_needs(
        self, row: int, question: Question, at: dt.datetime
    ) -> tuple[str, ...] | None:
        if not question.needs and not question.no_phone:
            return ()
        entry, (amenities, hours) = self._entry[row], self._amenities[row]
        cells = {
            "amenities": amenities,
            "amenity_hours": hours,
            "entry_mode": entry.mode,
            "self_entry_mode": entry.self_mode,
            "needs_phone": entry.needs_phone,
            "hours": entry.hours,
            "self_hours": entry.self_hours,
        }
        return unknown_needs(cells, question.needs, no_phone=question.no_phone, at=at)
