"""What a phone keeps for when there is no line: stations, and their hours as minutes of a week.

All judging of texts is done here; the phone only compares minutes. A timeline is a flat list of
minute and state, ``[0, 0, 480, 1, 1200, 0]``: minutes from the pack's start, rising, each state
(CLOSED, OPEN, UNKNOWN) until the next; from the pack's end on all is UNKNOWN.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.coords import geocentric_m
from geo.hours import CLOSED, OPEN, UNKNOWN, Timetable, intervals, is_always_open
from geo.nearest.arrival import ZONE, wall_time
from geo.nearest.needs import NO_PHONE, Entry, amenity_hours, amenity_states
from geo.stations.status import in_use, is_in_use, reopens_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

PACK_STATIONS: Final = 500
PACK_LASTS: Final = dt.timedelta(days=7)

_MINUTE: Final = dt.timedelta(minutes=1)
_STATE_OF_PHONE: Final = {"no": OPEN, "yes": CLOSED, "": UNKNOWN}


@dataclass(frozen=True, slots=True)
class PackedStation:
    """What the phone compares of one station; minutes are from the pack's start."""

    times: int  # number of its timeline
    from_min: int  # in use from here on; 0: already
    locked_min: tuple[int, int] | None  # last called locked, and when that runs out
    is_always: bool  # open 24 hours on every day
    needs: Mapping[str, int | list[int]]  # OPEN: met, CLOSED: fails; [number]: by that timeline


@dataclass(frozen=True, slots=True)
class Pack:
    """Some stations over some days; times are aware, in the stations' zone."""

    start: dt.datetime  # the midnight before it was made
    end: dt.datetime
    timelines: list[list[int]]
    stations: list[PackedStation]


def nearest_in_use(
    stations: pd.DataFrame, lon: float, lat: float, *, at: dt.datetime, limit: int = PACK_STATIONS
) -> NDArray[np.int64]:
    """Return the rows of the stations nearest by straight line that count within ``PACK_LASTS``.

    Parameters
    ----------
    stations : DataFrame, n rows
        Canonical cells ``lon``, ``lat``, ``status`` and ``status_until``.
    lon, lat : float
        Degrees, WGS-84.
    at : datetime
        Aware.
    limit : int
        At most so many.

    Returns
    -------
    ndarray of int, shape (<= limit,)
        The nearest first; of equals the first row.
    """
    rows = np.flatnonzero(in_use(stations, at + PACK_LASTS))
    x = stations["lon"].to_numpy(dtype=np.float64)[rows]
    y = stations["lat"].to_numpy(dtype=np.float64)[rows]
    here = geocentric_m(np.array([lon]), np.array([lat]))
    square = np.square(geocentric_m(x, y) - here).sum(axis=1)
    found: NDArray[np.int64] = rows[np.argsort(square, kind="stable")[:limit]]
    return found


def make_pack(
    stations: Sequence[Mapping[str, Any]],
    *,
    at: dt.datetime,
    locked: Mapping[str, tuple[dt.datetime, dt.datetime]],
) -> Pack:
    """Return stations as a phone keeps them.

    Parameters
    ----------
    stations : sequence of mapping
        Canonical cells.
    at : datetime
        Aware; the pack holds from the midnight before to ``PACK_LASTS`` later.
    locked : mapping of str to tuple of datetime
        By code, of stations reported locked: the last report, and when it runs out; aware.

    Returns
    -------
    Pack
        Stations in the order given.
    """
    midnight = dt.datetime.combine(wall_time(at).date(), dt.time())
    packer = _Packer(midnight, wall_time(at) + PACK_LASTS)
    packed = [packer.station(row, at, locked.get(row["code"])) for row in stations]
    return Pack(
        start=midnight.replace(tzinfo=ZONE),
        end=packer.end.replace(tzinfo=ZONE),
        timelines=packer.timelines,
        stations=packed,
    )


class _Packer:
    """Numbers the different timelines of one pack; ``start`` and ``end`` are naive, local."""

    def __init__(self, start: dt.datetime, end: dt.datetime) -> None:
        self.start, self.end = start, end.replace(second=0, microsecond=0)
        self.timelines: list[list[int]] = []
        self._numbers: dict[tuple[int, ...], int] = {}
        self._of_table: dict[Timetable | str, int] = {}

    def station(
        self,
        row: Mapping[str, Any],
        at: dt.datetime,
        locked: tuple[dt.datetime, dt.datetime] | None,
    ) -> PackedStation:
        """Return one station."""
        table = Timetable.of(row)
        back = None if is_in_use(row, at) else reopens_at(row["status"], row["status_until"])
        return PackedStation(
            times=self._hours(table),
            from_min=self._minute(wall_time(back)) if back else 0,
            locked_min=(self._minute(wall_time(locked[0])), self._minute(wall_time(locked[1])))
            if locked
            else None,
            is_always=is_always_open(table),
            needs=self._needs(row),
        )

    def _needs(self, row: Mapping[str, Any]) -> dict[str, int | list[int]]:
        """Return what is known of each amenity, and of getting in without a phone."""
        own = amenity_hours(row["amenity_hours"])
        found: dict[str, int | list[int]] = {}
        for code, state in amenity_states(row["amenities"]).items():
            if state != "yes":
                found[code] = CLOSED
            else:
                found[code] = [self._hours(own[code])] if code in own else OPEN
        entry = Entry.of(row)
        if entry.phone_varies:
            found[NO_PHONE] = [self._phone(entry)]
        elif entry.phone_needed():
            found[NO_PHONE] = _STATE_OF_PHONE[entry.phone_needed()]
        return found

    def _hours(self, table: Timetable | str) -> int:
        """Return the number of a timetable's timeline."""
        if table not in self._of_table:
            spans = intervals(table, self.start, self.end)
            self._of_table[table] = self._number([(span.start, span.state) for span in spans])
        return self._of_table[table]

    def _phone(self, entry: Entry) -> int:
        """Return the number of the timeline of getting in without a phone."""
        both = (entry.hours, entry.self_hours)
        edges = {span.start for text in both for span in intervals(text, self.start, self.end)}
        changes = [(edge, _STATE_OF_PHONE[entry.phone_needed(edge)]) for edge in sorted(edges)]
        return self._number(changes)

    def _number(self, changes: list[tuple[dt.datetime, int]]) -> int:
        line: list[int] = []
        for moment, state in [*changes, (self.end, UNKNOWN)]:
            if not line or line[-1] != state:
                line += [self._minute(moment), state]
        key = tuple(line)
        if key not in self._numbers:
            self._numbers[key] = len(self.timelines)
            self.timelines.append(line)
        return self._numbers[key]

    def _minute(self, moment: dt.datetime) -> int:
        """Return the minute, rounded up: what begins within a minute holds from the next on."""
        return -((self.start - moment) // _MINUTE)
