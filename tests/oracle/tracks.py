"""Trips and steps of fixes, one by one; read from a CSV (``lat,lng,datetime,uid``)."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.oracle.network import geodesic_m

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

HOLE = timedelta(minutes=20)
TOP_KMH = 120.0
STANDING_M_PER_S = 0.3


@dataclass(frozen=True)
class Fix:
    """One position of one worker; ``time`` is zone-aware, ``route`` "" if the file has none."""

    worker: str
    time: datetime
    lonlat: tuple[float, float]
    route: str = ""


@dataclass(frozen=True)
class Step:
    """The time and way between two consecutive fixes of one trip, credited to the first.

    ``workers`` walk it; ``shift`` is that of a planned line. ``end`` is where it leads.
    """

    trip: int
    first: Fix
    duration_ms: int
    length_mm: int
    end: tuple[float, float]
    workers: int = 1
    shift: str | None = None


@dataclass(frozen=True)
class Trips:
    """Trips in order of worker and time, and what was dropped on the way to them."""

    trips: list[list[Fix]]
    read: int
    duplicate_time: int
    impossible_speed: int

    @property
    def fixes(self) -> int:
        """Good fixes."""
        return sum(len(trip) for trip in self.trips)

    def steps(self) -> list[Step]:
        """Return all steps; trips are numbered from 0."""
        return [
            Step(number, a, milliseconds(b.time - a.time), length_mm(a, b), b.lonlat)
            for number, trip in enumerate(self.trips)
            for a, b in pairwise(trip)
        ]


def read_fixes(path: Path) -> list[Fix]:
    """Read the CSV (gzip if its name says so); naive times are UTC."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    return [
        Fix(
            row["uid"],
            datetime.strptime(row["datetime"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC),
            (float(row["lng"]), float(row["lat"])),
        )
        for row in csv.DictReader(text.splitlines())
    ]


def milliseconds(span: timedelta) -> int:
    """Return a span as a whole number of milliseconds."""
    return span // timedelta(milliseconds=1)


def length_mm(a: Fix, b: Fix) -> int:
    """Return the geodesic between two fixes in whole millimetres, 0 below 0.3 m/s."""
    metres = geodesic_m(a.lonlat, b.lonlat)
    if metres / (b.time - a.time).total_seconds() < STANDING_M_PER_S:
        return 0
    return round(metres * 1000)


def speed_kmh(a: Fix, b: Fix) -> float:
    """Return the speed that going from one fix to a later one needs."""
    hours = (b.time - a.time).total_seconds() / 3600
    return geodesic_m(a.lonlat, b.lonlat) / 1000 / hours


def make_trips(fixes: Iterable[Fix]) -> Trips:
    """Clean the fixes of each worker and cut them into trips at holes of more than 20 min."""
    of_worker: dict[str, list[Fix]] = {}
    for fix in fixes:
        of_worker.setdefault(fix.worker, []).append(fix)
    trips: list[list[Fix]] = []
    read = duplicate_time = impossible_speed = 0
    for worker in sorted(of_worker):
        read += len(of_worker[worker])
        last_good: Fix | None = None
        times_seen: set[datetime] = set()
        for fix in sorted(of_worker[worker], key=lambda f: f.time):  # stable: input order is kept
            if fix.time in times_seen:
                duplicate_time += 1
                continue
            times_seen.add(fix.time)
            if last_good is not None and speed_kmh(last_good, fix) > TOP_KMH:
                impossible_speed += 1
                continue
            if last_good is None or fix.time - last_good.time > HOLE:
                trips.append([])
            trips[-1].append(fix)
            last_good = fix
    return Trips(trips, read, duplicate_time, impossible_speed)
