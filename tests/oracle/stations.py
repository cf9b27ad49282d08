"""One station at one moment, by the words of definitions.md: its hours, and whether it is usable.

Hours are those of the minute-by-minute evaluator; needs those of the finder's oracle.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from tests.hours.minute_by_minute import day_states
from tests.oracle.finder import has_amenity, opens_without_phone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from geopandas import GeoDataFrame

LOCAL: Final = ZoneInfo("Asia/Shanghai")
MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
HORIZON: Final = timedelta(days=7)
CELLS: Final = (
    *("name", "kind", "status", "status_until", "hours", "self_hours", "entry_mode"),
    *("self_entry_mode", "needs_phone", "amenities", "amenity_hours", "verified_on"),
)


@dataclass(frozen=True)
class Station:
    """A row of the stations; ``cells`` holds every one of CELLS, empty where nothing is known."""

    code: str
    lonlat: tuple[float, float]
    cells: Mapping[str, str]

    @property
    def hours(self) -> str:
        """What a gap line says of the hours."""
        return self.cells["hours"]

    @property
    def verified_at(self) -> datetime | None:
        """The start of the local day of verification."""
        day = self.cells["verified_on"]
        return datetime.fromisoformat(day).replace(tzinfo=LOCAL) if day else None

    def is_counted(self, as_of: datetime | None) -> bool:
        """Return whether its status is open, or a closure that is over."""
        if self.cells["status"] == "temporarily_closed" and self.cells["status_until"]:
            return as_of is not None and datetime.fromisoformat(self.cells["status_until"]) <= as_of
        return self.cells["status"] == "open"

    def state(self, local: datetime) -> str:
        """Return open, closed or unknown at a naive local moment."""
        states = day_states(self.cells["hours"], self.cells["self_hours"], local.date())
        return states[local.hour * 60 + local.minute]


@dataclass(frozen=True)
class Conditions:
    """What effective coverage asks; ``evidence``: dates by code, None for those of the file."""

    as_of: datetime | None = None
    locked: frozenset[str] = frozenset()
    evidence: Mapping[str, datetime] | None = None
    max_age_days: int = 180
    needs: tuple[str, ...] = ()
    no_phone: bool = False
    _met: dict[tuple[str, datetime], bool | None] = field(default_factory=dict, repr=False)

    def evidence_of(self, station: Station) -> datetime | None:
        """Return the evidence date."""
        return station.verified_at if self.evidence is None else self.evidence.get(station.code)

    def is_unverified(self, station: Station) -> bool:
        """Return whether the evidence is too old; none at all is not too old."""
        seen = self.evidence_of(station)
        if seen is None or self.as_of is None:
            return False
        return self.as_of - seen > timedelta(days=self.max_age_days)

    def is_out(self, station: Station) -> bool:
        """Return whether the station is locked or unverified."""
        return station.code in self.locked or self.is_unverified(station)

    def needs_met(self, station: Station, local: datetime) -> bool | None:
        """Return whether all needs are met at a naive local moment; None: nobody knows of one."""
        if not self.needs and not self.no_phone:
            return True
        minute = local.replace(second=0, microsecond=0)
        if (station.code, minute) not in self._met:
            self._met[station.code, minute] = self._all_met(station, minute)
        return self._met[station.code, minute]

    def _all_met(self, station: Station, local: datetime) -> bool | None:
        met = [has_amenity(station.cells, need, local) for need in self.needs]
        if self.no_phone:
            met.append(opens_without_phone(station.cells, local))
        if False in met:
            return False
        return None if None in met else True


def to_local(moment: datetime) -> datetime:
    """Return the naive time on the stations' clock."""
    return moment.astimezone(LOCAL).replace(tzinfo=None)


def hour_of_week(moment: datetime) -> int:
    """Return 24 x weekday + hour on the stations' clock, Monday 00:00 = 0."""
    local = to_local(moment)
    return 24 * local.weekday() + local.hour


def missed_min(station: Station, moment: datetime) -> float | None:
    """Return the minutes from a moment to the nearest edge of the open hours.

    The edges are the last closing up to it and the first opening from it on, each within 7 days;
    None if there is none.
    """
    at = to_local(moment)
    tables = station.cells["hours"], station.cells["self_hours"]
    days = [at.date() + DAY * n for n in range(-8, 9)]
    edges = [edge for day in days for edge in edges_of(*tables, day)]
    closings = [at - edge for edge, becomes in edges if becomes != "open" and edge <= at]
    openings = [edge - at for edge, becomes in edges if becomes == "open" and edge >= at]
    found = [apart for apart in closings[-1:] + openings[:1] if apart <= HORIZON]
    return min(found) / MINUTE if found else None


@cache
def edges_of(hours: str, self_hours: str, day: date) -> list[tuple[datetime, str]]:
    """Return when a day's open hours begin (the state then is open) and end (it is another)."""
    midnight = datetime.combine(day, time())
    states = (*day_states(hours, self_hours, day - DAY)[-1:], *day_states(hours, self_hours, day))
    return [
        (midnight + MINUTE * minute, now)
        for minute, (before, now) in enumerate(pairwise(states))
        if (before == "open") != (now == "open")
    ]


def read_stations(path: Path) -> list[Station]:
    """Read a CSV of stations in WGS-84; a missing status is open."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Station(
                row["code"],
                (float(row["lon"]), float(row["lat"])),
                {name: row.get(name) or "" for name in CELLS}
                | {"status": row.get("status") or "open"},
            )
            for row in csv.DictReader(file)
        ]


def stations_of(frame: GeoDataFrame) -> list[Station]:
    """Return the rows of stations in memory."""
    return [
        Station(
            row["code"], (row["lon"], row["lat"]), {name: str(row[name] or "") for name in CELLS}
        )
        for row in frame.to_dict("records")
    ]
