"""What each station would newly cover if it alone opened earlier, or closed later.

A step gains by a station within the limit if it is not covered effectively, the station is shut
then, would be usable if it were open, and its next opening (last closing) lies within the minutes
asked. Between two changes of any of this all stations keep how near their openings are: such a
stretch of time has a set, as in `geo.coverage.states`, and steps are gathered by set and by the
stations around them.

Entry is taken as at that opening (in the last minute before that closing): with the staff, if they
are the ones who open. Amenities with hours of their own keep them. Time for which a station's own
hours are not known stays so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array

from geo import zones
from geo.coverage.tally import exact_sums
from geo.hours import CLOSED, OPEN, make_timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.coverage.states import StationStates
    from geo.hours import Timeline

    Ints = NDArray[np.int64]
    Codes = NDArray[np.uint8]

BY_MIN: Final = (60, 120, 180)
SIDES: Final = 2  # earlier, later
_MS_PER_MIN: Final = 60_000
_BY_MS: Final = np.array(BY_MIN, dtype=np.int64) * _MS_PER_MIN
_BITS: Final = 2  # of a level: 0 none, 1 by 60 minutes, 2 by 120, 3 by 180
_LEVEL: Final = 3


class ExtendedHours:
    """How near the openings and closings of s stations are, and what comes of it."""

    def __init__(self, states: StationStates) -> None:
        self._states = states
        stations = len(states.profile_of)
        self._sums = np.zeros((SIDES, len(BY_MIN), stations), dtype=np.int64)
        self._days: set[int] = set()
        self._start_ms: Ints = np.empty(0, dtype=np.int64)
        self._set_of_slot: Ints = np.empty(0, dtype=np.int64)
        nothing = np.zeros(len(states.tables), dtype=np.uint8)
        self._numbers = {nothing.tobytes(): 0}
        self._columns: Codes = nothing[np.newaxis]  # a row per set, two levels per profile

    @property
    def ms(self) -> Ints:
        """Person-milliseconds newly covered: earlier and later, by 60, 120, 180 min; (2, 3, s)."""
        return np.cumsum(self._sums, axis=1)

    def sets_at(self, t_ms: Ints) -> Ints:
        """Return the number of the set of each moment (epoch ms), shape (n,); 0: none gains."""
        days = np.unique(zones.local_day(zones.to_local_ms(t_ms)))
        new = np.array([day for day in days.tolist() if day not in self._days], dtype=np.int64)
        if len(new):
            self._add_days(new)
        return self._set_of_slot[np.searchsorted(self._start_ms, t_ms, side="right") - 1]

    def add(self, number: Ints, group: Ints, ms: Ints, around: csr_array) -> None:
        """Count steps that are not covered; the sums do not hang on their order.

        Parameters
        ----------
        number, group, ms : ndarray, shape (n,)
            Their set, the row of the stations around them, and what they weigh.
        around : csr_array, shape (g, s)
            1 where a station is within the limit.
        """
        some = np.flatnonzero(number)
        shape = len(self._columns), around.shape[0]
        gathered = csr_array((ms[some], (number[some], group[some])), shape=shape)
        found = (gathered @ around).tocoo()
        station = found.col.astype(np.int64)
        code = self._columns[found.row, self._states.profile_of[station]]
        shape = self._sums.shape[1:]
        for side in range(SIDES):
            level = code >> side * _BITS & _LEVEL
            at = np.flatnonzero(level)
            cell = (level[at].astype(np.int64) - 1) * shape[1] + station[at]
            gained = exact_sums(cell, found.data[at], shape[0] * shape[1])
            self._sums[side] += gained.reshape(shape)

    def _add_days(self, days: Ints) -> None:
        """Find the sets of some local days, sorted, none of which is known yet."""
        states = self._states
        around = np.unique(days[:, np.newaxis] + np.arange(-1, 2))
        line = make_timeline([*states.tables, *states.other_tables()], around)
        changes = [_changes(line, row) for row in range(len(states.tables))]
        start = np.unique(
            np.concatenate([line.start_ms, *(_bounds(*both) for both in changes)])
        ).astype(np.int64)
        start = start[np.isin(zones.local_day(zones.to_local_ms(start)), days)]
        codes = np.zeros((len(start), len(changes)), dtype=np.uint8)
        shut = line.state[:, line.slot(start)] == CLOSED
        for row, both in enumerate(changes):
            if states.may_be_usable[row]:
                self._judge(row, start, shut[row], both, codes[:, row])
        numbers = np.array([self._number(column) for column in codes], dtype=np.int64)
        self._start_ms = np.concatenate([self._start_ms, start])
        order = np.argsort(self._start_ms, kind="stable")
        self._start_ms = self._start_ms[order]
        self._set_of_slot = np.concatenate([self._set_of_slot, numbers])[order]
        self._days.update(days.tolist())
        known = [np.frombuffer(key, dtype=np.uint8) for key in self._numbers]
        self._columns = np.stack(known)

    def _judge(
        self, row: int, start: Ints, shut: NDArray[np.bool_], both: tuple[Ints, Ints], codes: Codes
    ) -> None:
        """Write the levels of a profile to its slots, shape (n,)."""
        opens, closes = both
        after = np.searchsorted(opens, start, side="right")
        before = np.searchsorted(closes, start, side="right") - 1
        for side, (moments, place, entry_ms) in enumerate(
            ((opens, after, 0), (closes, before, -_MS_PER_MIN))
        ):
            known = np.flatnonzero(shut & (place >= 0) & (place < len(moments)))
            moment = moments[place[known]]
            away = np.searchsorted(
                _BY_MS, np.abs(moment - start[known]), side="right" if side else "left"
            )
            near = away < len(BY_MIN)
            slots, moment, away = known[near], moment[near], away[near]
            met = self._states.are_needs_met(row, start[slots], moment + entry_ms)
            codes[slots[met]] |= ((away[met] + 1) << side * _BITS).astype(np.uint8)

    def _number(self, column: Codes) -> int:
        """Return the number of the set in which the profiles have these levels."""
        return self._numbers.setdefault(column.tobytes(), len(self._numbers))


def _changes(line: Timeline, row: int) -> tuple[Ints, Ints]:
    """Return the moments at which a timetable begins and ceases to be known open."""
    is_open = line.state[row] == OPEN
    later = line.start_ms[1:]
    return later[is_open[1:] & ~is_open[:-1]], later[is_open[:-1] & ~is_open[1:]]


def _bounds(opens: Ints, closes: Ints) -> Ints:
    """Return the moments at which an opening or a closing becomes near, or is so no more."""
    early, late = opens[:, np.newaxis] - _BY_MS, closes[:, np.newaxis] + _BY_MS
    return np.concatenate([early.ravel(), late.ravel()])
