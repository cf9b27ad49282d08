"""What the stations within the limit make of fixes: their class, and which stations serve them.

Fixes with the same stations around them, at times of the same set, are gathered in a cell. All that
is asked of a cell is how many of its stations are open, usable and so on: products of a sparse
matrix of whole numbers, cells by stations.

A step within the limit of several stations counts for each of them, so rows of stations do not add
up to the whole; what a station serves alone does, and is lost if it shuts.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array

from geo.coverage.classes import COVERED, Reached, classify
from geo.coverage.extended import ExtendedHours
from geo.coverage.states import PERHAPS, RULED_OUT, USABLE
from geo.coverage.tally import exact_sums
from geo.coverage.within import StationsWithin
from geo.hours import OPEN, UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.coverage.states import StationSet, StationStates
    from geo.network import Placement
    from geo.reach import Positions

    Ints = NDArray[np.int64]
    Codes = NDArray[np.uint8]

_FIRST_PIECE: Final = 20_000  # positions whose stations are in memory at once
_LARGEST_PIECE: Final = 1_000_000
_ENTRIES: Final = 4_000_000  # wanted in a piece, 16 bytes each


@dataclass(frozen=True)
class Service:
    """Sums per station, arrays of shape (s,)."""

    alone: Ints
    shared: Ints  # with others open too
    effective_alone: Ints
    effective_shared: Ints
    lost: Ints  # covered nominally, not effectively, while it was known open
    reach: Ints  # at any hour

    @classmethod
    def nothing(cls, stations: int) -> Service:
        """Return sums of 0."""
        return cls(*(np.zeros(stations, dtype=np.int64) for _ in fields(cls)))


@dataclass(frozen=True)
class _Cells:
    """The c cells of a piece of n fixes, by number of their set."""

    of_fix: Ints  # (n,)
    group: Ints  # (n,) row of the stations around, of groups
    groups: csr_array  # (g, s) 1 where a station is within the limit
    number: Ints  # (c,) of the set, rising
    around: csr_array  # (c, s) 1 where a station is within the limit


@dataclass(frozen=True)
class _Counts:
    """How many of the stations around are what, and the classes, arrays of shape (c,)."""

    open: Ints
    usable: Ints
    open_row: Ints  # of the station, where one is open
    usable_row: Ints
    nominal: Codes
    effective: Codes


class Near:
    """Judges fixes by the stations within the limit, and gathers what each of s stations serves."""

    def __init__(self, placement: Placement, states: StationStates, limit_m: float) -> None:
        self.within = StationsWithin(placement, limit_m)
        self.extended = ExtendedHours(states)
        self._states = states
        self._stations = len(placement.lon)
        self._piece = _FIRST_PIECE
        self.ms, self.mm = Service.nothing(self._stations), Service.nothing(self._stations)

    def judge(
        self, positions: Positions, t_ms: Ints, set_of: Ints, ms: Ints, mm: Ints
    ) -> tuple[Codes, Codes]:
        """Count n steps of weights ``ms`` and ``mm``, and return their classes.

        Parameters
        ----------
        positions : Positions, n rows
            Quick where neighbours in the arrays are neighbours on the ground.
        t_ms, set_of : ndarray, shape (n,)
            Each one's time, epoch ms, and the number of the set of stations then.
        ms, mm : ndarray, shape (n,)
            What the steps weigh; the sums do not hang on their order.

        Returns
        -------
        tuple of ndarray, each of shape (n,)
            Nominal and effective class.
        """
        nominal, effective = np.empty((2, len(positions)), dtype=np.uint8)
        extended_of = self.extended.sets_at(t_ms)
        start = 0
        while start < len(positions):
            rows = slice(start, start + self._piece)
            cells = self._cells(positions[rows], set_of[rows])
            counts = self._count(cells, positions.on_network[rows])
            nominal[rows] = counts.nominal[cells.of_fix]
            effective[rows] = counts.effective[cells.of_fix]
            for weight, sums in ((ms[rows], self.ms), (mm[rows], self.mm)):
                self._add(cells, counts, exact_sums(cells.of_fix, weight, len(cells.number)), sums)
            left = np.flatnonzero(effective[rows] != COVERED)
            self.extended.add(
                extended_of[rows][left], cells.group[left], ms[rows][left], cells.groups
            )
            start += self._piece
            fitting = self._piece * _ENTRIES // max(cells.around.nnz, 1)
            self._piece = min(max(fitting, _FIRST_PIECE), 2 * self._piece, _LARGEST_PIECE)
        return nominal, effective

    def _cells(self, positions: Positions, set_of: Ints) -> _Cells:
        """Gather fixes by set, by the stations around, and by whether they are on the network."""
        within = self.within.find(positions)
        groups = len(within.offset) - 1
        key = (set_of * groups + within.group) * 2 + positions.on_network
        starts = np.flatnonzero(np.diff(key, prepend=-1))  # neighbours first: they are most
        distinct, of_run = np.unique(key[starts], return_inverse=True)
        times = np.diff(np.append(starts, len(key)))
        around = csr_array(
            (np.ones(len(within.station), dtype=np.int64), within.station, within.offset),
            shape=(groups, self._stations),
        )
        group = distinct // 2 % groups
        of_fix = np.repeat(of_run, times)
        return _Cells(of_fix, within.group, around, distinct // 2 // groups, around[group])

    def _count(self, cells: _Cells, on_network: NDArray[np.bool_]) -> _Counts:
        """Count the stations around each cell by what they are during its set."""
        on = np.ones(len(cells.number), dtype=np.bool_)
        on[cells.of_fix] = on_network
        found = np.zeros((len(cells.number), 7), dtype=np.int64)
        cuts = np.flatnonzero(np.diff(cells.number, prepend=-1, append=-1))
        for start, stop in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
            columns = _columns(self._states[int(cells.number[start])])
            found[start:stop] = cells.around[start:stop] @ columns
        is_open, unknown, usable, perhaps, ruled_out, open_row, usable_row = found.T
        some = np.diff(cells.around.indptr) > 0
        return _Counts(
            open=is_open,
            usable=usable,
            open_row=open_row,
            usable_row=usable_row,
            nominal=classify(Reached(is_open > 0, unknown > 0, None, some), on),
            effective=classify(Reached(usable > 0, perhaps > 0, ruled_out > 0, some), on),
        )

    def _add(self, cells: _Cells, counts: _Counts, weight: Ints, sums: Service) -> None:
        """Add the weights of cells to what stations serve."""
        is_lost = (counts.nominal == COVERED) & (counts.effective != COVERED)
        shape = 2 * len(self._states), len(cells.number)
        place = cells.number * 2 + is_lost
        gathered = csr_array((weight, (place, np.arange(len(place)))), shape=shape)
        found = (gathered @ cells.around).tocoo()
        place, station = found.row.astype(np.int64), found.col.astype(np.int64)
        hours, effective = self._states.at(place // 2, station)
        for name, serves in {
            "reach": np.ones(len(place), dtype=np.bool_),
            "shared": hours == OPEN,  # those served alone are taken away again
            "effective_shared": effective == USABLE,
            "lost": (hours == OPEN) & (place % 2 == 1),
        }.items():
            served = exact_sums(station[serves], found.data[serves], self._stations)
            getattr(sums, name)[:] += served
        for count, row, alone, shared in (
            (counts.open, counts.open_row, sums.alone, sums.shared),
            (counts.usable, counts.usable_row, sums.effective_alone, sums.effective_shared),
        ):
            single = np.flatnonzero(count == 1)
            served = exact_sums(row[single], weight[single], self._stations)
            alone[:] += served
            shared[:] -= served


def _columns(stations: StationSet) -> Ints:
    """Return what s stations are during a set, shape (s, 7): flags, and rows of open and usable.

    The sum of the rows of one station is its row.
    """
    is_open, usable = stations.hours == OPEN, stations.effective == USABLE
    row = np.arange(len(is_open))
    states = (
        is_open, stations.hours == UNKNOWN, usable, stations.effective == PERHAPS,
        stations.effective == RULED_OUT, is_open * row, usable * row,
    )  # fmt: skip
    return np.column_stack(states).astype(np.int64)
