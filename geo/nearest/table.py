"""The stations that count, their cells kept so that any number of questions can be asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING, Final, TypeVar, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from geo.coords import geodesic_m
from geo.nearest.answer import NearestStation, Ranked
from geo.nearest.arrival import ZONE, coming_changes, is_shut_throughout, judge_state, wall_time
from geo.nearest.needs import amenity_states, phone_needed, unknown_needs
from geo.reach import DETOUR
from geo.vocab import load_vocab

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geo.nearest.arrival import State
    from geo.nearest.question import Question

K = TypeVar("K")
V = TypeVar("V")

SHUT_FOR: Final = dt.timedelta(hours=4)  # ways this long are covered by `Table.shut`
MET: Final = 0
UNVERIFIED: Final = 1
FAILED: Final = 2

_QUARTER: Final = dt.timedelta(minutes=15)
_KEPT: Final = 16  # answers about all stations, for quarters of an hour and for needs
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
    """How stations stand to what a worker needs: ``MET``, ``UNVERIFIED`` or ``FAILED``."""

    of: NDArray[np.int8]  # (s,)
    count: NDArray[np.int64]  # (3,) stations of each class
    with_hours: NDArray[np.int64]  # (3,) those of which hours are known


class Table:
    """The stations whose status is ``open``, s rows in the order of their codes."""

    def __init__(self, stations: GeoDataFrame) -> None:
        counted = np.flatnonzero((stations["status"] == "open").to_numpy(dtype=bool))
        codes = stations["code"].take(counted).tolist()
        order = np.array(sorted(range(len(codes)), key=codes.__getitem__), dtype=np.int64)
        rows = counted[order]
        self._code = _texts(stations["code"], rows)
        self._name = _texts(stations["name"], rows)
        self.lon = stations["lon"].to_numpy(dtype=np.float64)[rows]  # degrees, WGS-84
        self.lat = stations["lat"].to_numpy(dtype=np.float64)[rows]
        self._kind = _Words.of(stations["kind"], rows)
        self._hours = _Words.of(stations["hours"], rows)
        self._entry_mode = _Words.of(stations["entry_mode"], rows)
        self._needs_phone = _Words.of(stations["needs_phone"], rows)
        self._amenities = _Words.of(stations["amenities"], rows)
        self._quarters: dict[dt.datetime, NDArray[np.bool_]] = {}
        self._asked: dict[tuple[tuple[str, ...], bool], Classes] = {}

    def __len__(self) -> int:
        return len(self.lon)

    def codes(self) -> list[str]:
        """Return the code of each row."""
        return cast("list[str]", self._code.to_pylist())

    def judge(
        self, row: int, metres: float, question: Question, *, off_network: bool
    ) -> Judged | None:
        """Return a station judged on arrival; None if it fails a need.

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

        Raises
        ------
        InvalidHoursError
            The station's hours are not valid OSM text.
        """
        unknown = self._unknown_needs(row, question)
        if unknown is None:
            return None
        has_way = metres != np.inf
        straight = np.nan if has_way else float(self.straight_m([row], question)[0])
        minutes = question.minutes(metres if has_way else straight * DETOUR)
        arrive = (question.at + dt.timedelta(minutes=minutes)).astimezone(ZONE)
        state, opens = judge_state(self._hours[row], question.wall, arrive.replace(tzinfo=None))
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
        return NearestStation(
            code=self._code[row].as_py(),
            name=self._name[row].as_py(),
            kind=self._kind[row],
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
            entry_mode=tuple(part for part in self._entry_mode[row].split(";") if part),
            amenities=self._amenities[row],
            needs_unknown=judged.needs_unknown,
        )

    @cached_property
    def has_hours(self) -> NDArray[np.bool_]:
        """False where hours are not known at all: such a station is ``unknown`` at any time."""
        of_text = np.array([bool(text) for text in self._hours.words], dtype=bool)
        return of_text[self._hours.number]

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
        return _kept(
            self._quarters,
            quarter,
            lambda: np.array(
                [is_shut_throughout(text, quarter, end) for text in self._hours.words], dtype=bool
            )[self._hours.number],
        )

    def classify(self, needs: tuple[str, ...], *, no_phone: bool) -> Classes:
        """Return how each station stands to some needs; see `geo.nearest.needs`."""
        return _kept(self._asked, (needs, no_phone), lambda: self._classify(needs, no_phone))

    def _classify(self, needs: tuple[str, ...], no_phone: bool) -> Classes:  # noqa: FBT001 - private
        bits = np.uint64(sum(1 << _BIT[need] for need in needs))
        works, fails = (part[self._amenities.number] for part in self._amenity_bits)
        worst = np.where((works & bits) == bits, MET, UNVERIFIED)
        worst[(fails & bits) != 0] = FAILED
        if no_phone:
            modes, flags = self._entry_mode, self._needs_phone
            of_pair = [
                [_PHONE_CLASS[phone_needed({"entry_mode": mode, "needs_phone": flag})]
                 for flag in flags.words]
                for mode in modes.words
            ]  # fmt: skip
            table = np.array(of_pair, dtype=np.int8).reshape(len(modes.words), len(flags.words))
            worst = np.maximum(worst, table[modes.number, flags.number])
        return Classes(
            worst.astype(np.int8),
            np.bincount(worst, minlength=3),
            np.bincount(worst[self.has_hours], minlength=3),
        )

    @cached_property
    def _amenity_bits(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Return, for each text of amenities, those that work and those known not to, as bits."""
        works, fails = [], []
        for text in self._amenities.words:
            states = amenity_states(text).items()
            works.append(sum(1 << _BIT[code] for code, state in states if state == "yes"))
            fails.append(sum(1 << _BIT[code] for code, state in states if state != "yes"))
        return np.array(works, dtype=np.uint64), np.array(fails, dtype=np.uint64)

    def _unknown_needs(self, row: int, question: Question) -> tuple[str, ...] | None:
        if not question.needs and not question.no_phone:
            return ()
        cells = {
            "amenities": self._amenities[row],
            "entry_mode": self._entry_mode[row],
            "needs_phone": self._needs_phone[row],
        }
        return unknown_needs(cells, question.needs, no_phone=question.no_phone)


def _kept(kept: dict[K, V], key: K, make: Callable[[], V]) -> V:
    """Return what is kept under a key, made if it is not there; the oldest gives way."""
    found = kept.get(key)
    if found is None:
        found = make()
        while len(kept) >= _KEPT:
            kept.pop(next(iter(kept)), None)
        kept[key] = found
    return found


@dataclass(frozen=True, slots=True)
class _Words:
    """A column in which few texts come again and again."""

    number: NDArray[np.int32]  # (s,) place in `words`
    words: list[str]

    def __getitem__(self, row: int) -> str:
        return self.words[int(self.number[row])]

    @classmethod
    def of(cls, column: pd.Series[str], rows: NDArray[np.int64]) -> _Words:
        number, words = pd.factorize(column)
        return cls(number[rows].astype(np.int32), [str(word) for word in words])


def _texts(column: pd.Series[str], rows: NDArray[np.int64]) -> pa.Array:
    """Return a column's texts packed by Arrow: a fifth of what Python's own would take."""
    return pa.array(column.take(rows).tolist(), pa.large_string())
