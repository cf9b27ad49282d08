"""What every station is at every moment of a run, and the sets of stations that come of it.

Stations that say the same of hours, entry and amenities, and are alike locked or unverified, share
a profile. Between two changes of any of the hours all profiles keep their state: such a stretch of
time has a set, and stretches in which all stations are the same share one. A city has some hundred
sets in a week, however many fixes there are.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo import zones
from geo.hours import CLOSED, OPEN, UNKNOWN, Timetable, make_timeline
from geo.nearest.needs import Entry, amenity_hours, unknown_needs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geo.coverage.conditions import Conditions

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Codes = NDArray[np.uint8]

# effective state of a station at a moment
SHUT: Final = 0
USABLE: Final = 1  # known open, not out, all needs known to be met
PERHAPS: Final = 2  # not out, hours or a need not known
RULED_OUT: Final = 3  # not known shut, but locked, unverified, or a need is known to fail
_STATES: Final = 4
_EPOCH: Final = dt.datetime(1970, 1, 1)  # noqa: DTZ001  # local wall time
_HOURS: Final = ("hours", "self_hours")
_CELLS: Final = (
    *_HOURS, "amenities", "amenity_hours", "entry_mode", "self_entry_mode", "needs_phone",
)  # fmt: skip


@dataclass(frozen=True)
class StationSet:
    """What all s stations are during one set, arrays of shape (s,)."""

    hours: Codes  # CLOSED, OPEN or UNKNOWN of geo.hours
    effective: Codes  # SHUT, USABLE, PERHAPS or RULED_OUT

    @property
    def is_open(self) -> Flags:
        """Known open."""
        return np.equal(self.hours, OPEN)

    @property
    def is_unknown(self) -> Flags:
        """Hours not known."""
        return np.equal(self.hours, UNKNOWN)


class StationStates:
    """The states of stations over the days of a run; days are added as they come."""

    def __init__(self, stations: GeoDataFrame, conditions: Conditions) -> None:
        self._needs, self._no_phone = conditions.needs, conditions.no_phone
        self._asks = bool(self._needs) or self._no_phone
        out = conditions.is_locked(stations) | conditions.is_unverified(stations)
        cells = [stations[name].tolist() for name in (_CELLS if self._asks else _HOURS)]
        keys = list(zip(*cells, out.tolist(), strict=True))
        profiles = {key: row for row, key in enumerate(dict.fromkeys(keys))}
        self.profile_of = np.array([profiles[key] for key in keys], dtype=np.int64)
        self._is_out = np.array([key[-1] for key in profiles], dtype=np.bool_)
        self._rows = [dict(zip(_CELLS, key[:-1], strict=False)) for key in profiles]
        self.tables = [Timetable(row["hours"], row["self_hours"]) for row in self._rows]
        self._varies = [self._asks and self._needs_vary(row) for row in self._rows]
        self._constant = [
            _MET if not self._asks or varies else self._need_state(row, None)
            for row, varies in zip(self._rows, self._varies, strict=True)
        ]
        self.may_be_usable = [
            not out and (varies or need == _MET)
            for out, varies, need in zip(
                self._is_out.tolist(), self._varies, self._constant, strict=True
            )
        ]  # by profile
        self._days: set[int] = set()
        self._start_ms: Ints = np.empty(0, dtype=np.int64)
        self._set_of_slot: Ints = np.empty(0, dtype=np.int64)
        self._numbers: dict[bytes, int] = {}
        self._sets: list[StationSet] = []
        self._columns: Codes = np.empty((0, len(profiles)), dtype=np.uint8)  # a row per set

    def __len__(self) -> int:
        return len(self._sets)

    def __getitem__(self, number: int) -> StationSet:
        """Return a set by its number."""
        return self._sets[number]

    def sets_at(self, t_ms: Ints) -> Ints:
        """Return the number of the set of each moment (epoch ms), shape (n,)."""
        days = np.unique(zones.local_day(zones.to_local_ms(t_ms)))
        new = np.array([day for day in days.tolist() if day not in self._days], dtype=np.int64)
        if len(new):
            self._add_days(new)
        slot = np.searchsorted(self._start_ms, t_ms, side="right") - 1
        return self._set_of_slot[slot]

    def at(self, number: Ints, station: Ints) -> tuple[Codes, Codes]:
        """Return hours and effective states of stations during sets, each of shape (n,)."""
        both = self._columns[number, self.profile_of[station]]
        return both // _STATES, both % _STATES

    def are_needs_met(self, profile: int, at_ms: Ints, entry_ms: Ints) -> Flags:
        """Return whether a profile is known to meet all needs at moments, shape (n,).

        Amenities are judged at ``at_ms``, the way in at ``entry_ms``, epoch ms.
        """
        if not self._varies[profile]:
            return np.full(len(at_ms), self._constant[profile] == _MET)
        row = self._rows[profile]
        moments = (_wall_times(at_ms), _wall_times(entry_ms))
        return np.array(
            [
                unknown_needs(row, self._needs, at=at) == ()
                and unknown_needs(row, (), no_phone=self._no_phone, at=entry) == ()
                for at, entry in zip(*moments, strict=True)
            ],
            dtype=np.bool_,
        )

    def _add_days(self, days: Ints) -> None:
        """Find the sets of some local days, sorted, none of which is known yet."""
        line = make_timeline([*self.tables, *self.other_tables()], days)
        local = zones.to_local_ms(line.start_ms)
        wanted = np.isin(zones.local_day(local), days)
        hours = line.state[: len(self.tables), wanted]
        code = np.where(hours == CLOSED, SHUT, np.where(hours == OPEN, USABLE, PERHAPS))
        need = self._need_states(local[wanted])
        code[(need == _MAYBE) & (hours == OPEN)] = PERHAPS
        code[((need == _FAILS) | self._is_out[:, np.newaxis]) & (hours != CLOSED)] = RULED_OUT
        both = np.ascontiguousarray((hours * _STATES + code).astype(np.uint8).T)
        numbers = np.array([self._number(column) for column in both], dtype=np.int64)
        start = np.concatenate([self._start_ms, line.start_ms[wanted]])
        order = np.argsort(start, kind="stable")
        self._start_ms = start[order]
        self._set_of_slot = np.concatenate([self._set_of_slot, numbers])[order]
        self._days.update(days.tolist())
        known = [np.frombuffer(key, dtype=np.uint8) for key in self._numbers]
        self._columns = np.stack(known) if known else self._columns

    def _number(self, column: Codes) -> int:
        """Return the number of the set in which the profiles have these states."""
        key = column.tobytes()
        if key not in self._numbers:
            self._numbers[key] = len(self._sets)
            of_station = column[self.profile_of]
            self._sets.append(StationSet(of_station // _STATES, of_station % _STATES))
        return self._numbers[key]

    def other_tables(self) -> list[Timetable]:
        """Return the hours that decide of needs, so that each of their changes begins a slot."""
        texts: dict[str, None] = {}
        for row, varies in zip(self._rows, self._varies, strict=True):
            if varies:
                own = amenity_hours(row["amenity_hours"])
                asked = (own[need] for need in self._needs if need in own)
                texts |= dict.fromkeys([row["hours"], row["self_hours"], *asked])
        return [Timetable(text) for text in texts]

    def _needs_vary(self, row: Mapping[str, str]) -> bool:
        """Return whether it hangs on the time if a station meets the needs."""
        own = amenity_hours(row["amenity_hours"])
        return any(need in own for need in self._needs) or (
            self._no_phone and Entry.of(row).phone_varies
        )

    def _need_states(self, local_ms: Ints) -> Codes:
        """Return whether needs are met, shape (profiles, slots)."""
        found = np.repeat(np.array(self._constant, dtype=np.uint8)[:, np.newaxis], len(local_ms), 1)
        moments = [_EPOCH + dt.timedelta(milliseconds=ms) for ms in local_ms.tolist()]
        for place in np.flatnonzero(self._varies).tolist():
            found[place] = [self._need_state(self._rows[place], moment) for moment in moments]
        return found

    def _need_state(self, row: Mapping[str, Any], at: dt.datetime | None) -> int:
        unknown = unknown_needs(row, self._needs, no_phone=self._no_phone, at=at)
        return _FAILS if unknown is None else _MAYBE if unknown else _MET


def _wall_times(t_ms: Ints) -> list[dt.datetime]:
    """Return local times, naive, of moments."""
    return [_EPOCH + dt.timedelta(milliseconds=ms) for ms in zones.to_local_ms(t_ms).tolist()]


_MET: Final = 0
_MAYBE: Final = 1
_FAILS: Final = 2
