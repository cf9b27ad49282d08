"""What workers on their rounds said at the doors of stations in the weeks before 1 November."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from zlib import crc32

import numpy as np
from shapely import LineString, points

from district.facts import DAY
from district.plane import LAT_0, LON_0, M_PER_LAT, M_PER_LON, dice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from district.facts import Row
    from district.plane import Points
    from district.routes import Route

    Flags = NDArray[np.bool_]

CHINA: Final = dt.timezone(dt.timedelta(hours=8))
NEAR_M: Final = 250  # of a round: the doors its worker passes
REACH_M: Final = 750  # as the crow flies: about 1 km of walk
NOT_DAILY: Final = ("Jul-Sep", "Jun-Aug", "Tu-Su")  # such hours may be shut on a day of the week
EARLY: Final = {"sanitation": (260, 430), "courier": (470, 700), "rider": (1220, 1340)}
OFFICE: Final = {"sanitation": (605, 650), "courier": (875, 990), "rider": (635, 650)}
# ^ minutes of the day: within the shifts, the second also within everybody's office hours
OPENS: Final = 34
SINGLES: Final = 5  # one device alone said "locked"
LOCKED_NIGHTS, LOCKED_DAYS = 6, 4  # doors reported locked on 1 November: open all night, others
VERIFIED_SINCE, VERIFIED_BEFORE = "2026-05-06", "2026-10-28"  # and staff saw nothing of it
FORMER: Final = 4  # doors found locked earlier and since opened, or never looked at again
THURSDAY, FRIDAY, SATURDAY = (DAY - dt.timedelta(days=back) for back in (3, 2, 1))


@dataclass
class Notes:
    """Reports in the order in which they are made up."""

    rounds: Sequence[Route]
    rng: np.random.Generator
    rows: list[Row] = field(default_factory=list)

    def add(self, station: Row, state: str, day: dt.date, nth: int) -> None:
        """Let the worker of a round say what the door of a station was on a day."""
        seen = self.rounds[nth]
        windows = EARLY if station["hours"] == "24/7" else OFFICE
        minute = int(self.rng.integers(*windows[seen.trade.name]))
        at = dt.datetime.combine(day, dt.time(minute // 60, minute % 60), CHINA)
        device = f"demo-{crc32(f'{seen.worker} {day}'.encode()):08x}"  # lives for a day
        row = {"code": station["code"], "state": state, "at": at.isoformat(), "device": device}
        self.rows.append(row)


def make_reports(stations: Sequence[Row], rounds: Sequence[Route]) -> list[Row]:
    """Return reports ``code state at device`` in the order of their moments.

    As of 1 November, 08:00, ten doors are reported locked: two devices found
    them so on one of the three days before, inside posted hours, and nobody got in since.
    """
    rng = dice("reports")
    notes = Notes(rounds, rng)
    passed = _passed(stations, rounds)
    known = [row for row in range(len(stations)) if _is_daily(stations[row]) and passed[row].any()]
    order = [int(row) for row in rng.permutation(known)]
    locked = _find_locked(notes, stations, passed, order)
    left = [row for row in order if row not in locked]
    for row in left[:FORMER]:
        day = DAY - dt.timedelta(days=int(rng.integers(8, 15)))
        for nth in _some(passed[row], 2, rng):
            notes.add(stations[row], "locked", _workday(day), nth)
    for nth, row in enumerate([*left[: FORMER // 2], *left[FORMER : FORMER + OPENS + SINGLES]]):
        day = DAY - dt.timedelta(days=int(rng.integers(1, 7 if nth < FORMER else 21)))
        state = "open" if nth < FORMER // 2 + OPENS else "locked"
        notes.add(stations[row], state, _workday(day), *_some(passed[row], 1, rng))
    return sorted(notes.rows, key=lambda row: (row["at"], row["code"], row["device"]))


def _find_locked(
    notes: Notes, stations: Sequence[Row], passed: Flags, order: list[int]
) -> set[int]:
    """Let two workers find doors locked; of those open all night such as sweepers need."""
    beats = [route for route in notes.rounds if route.trade.name == "sanitation"]
    at_night = [row for row, station in enumerate(stations) if _is_sure_at_night(station)]
    unseen = [row for row in order if stations[row].get("verified_on", "") < VERIFIED_BEFORE]
    missed = [row for row in _sorely_missed(stations, at_night, beats) if row in unseen]
    by_day = [row for row in unseen if stations[row]["hours"] != "24/7"]
    found = [(row, (FRIDAY, SATURDAY)) for row in missed[:LOCKED_NIGHTS]]
    found += [(row, (THURSDAY, FRIDAY)) for row in by_day[:LOCKED_DAYS]]
    for row, days in found:
        day = days[int(notes.rng.integers(2))]
        for nth in _some(passed[row], 2, notes.rng):
            notes.add(stations[row], "locked", day, nth)
    return {row for row, _ in found}


def _passed(stations: Sequence[Row], rounds: Sequence[Route]) -> Flags:
    """Return which rounds pass which stations, shape (stations, rounds)."""
    doors = points(_metres(stations))
    away = [np.round(LineString(route.line).distance(doors)) for route in rounds]
    return np.column_stack(away) <= NEAR_M


def _sorely_missed(stations: Sequence[Row], rows: list[int], beats: Sequence[Route]) -> list[int]:
    """Return stations by the number of corners of beats that have no other of them within reach.

    The most comes first; of as many, the earlier.
    """
    xy = _metres([stations[row] for row in rows])
    corners = np.concatenate([beat.line for beat in beats])
    within = np.round(np.hypot(*(corners[:, None] - xy).transpose(2, 0, 1))) <= REACH_M
    only = within[within.sum(axis=1) == 1].sum(axis=0)
    return [rows[nth] for nth in np.argsort(-only, kind="stable")]


def _metres(stations: Sequence[Row]) -> Points:
    """Return positions in the plane of the district, shape (n, 2)."""
    degrees = np.array([[float(row["lon"]), float(row["lat"])] for row in stations])
    return (degrees - (LON_0, LAT_0)) * (M_PER_LON, M_PER_LAT)


def _is_daily(station: Row) -> bool:
    """Return whether a station is in use and open, or of unknown hours, in office hours."""
    return station["status"] == "open" and not station["hours"].startswith(NOT_DAILY)


def _is_sure_at_night(station: Row) -> bool:
    """Return whether a station never shuts, and somebody verified that in the last half year."""
    return station["hours"] == "24/7" and station.get("verified_on", "") >= VERIFIED_SINCE


def _workday(day: dt.date) -> dt.date:
    """Return the day, a Friday instead of a day at the weekend."""
    return day - dt.timedelta(days=max(day.weekday() - 4, 0))


def _some(passed: Flags, count: int, rng: np.random.Generator) -> list[int]:
    """Return so many rounds, those that pass before others."""
    order = [rng.permutation(np.flatnonzero(part)) for part in (passed, ~passed)]
    return [int(nth) for nth in np.concatenate(order)[:count]]
