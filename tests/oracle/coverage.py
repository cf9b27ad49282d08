"""Nominal coverage fix by fix: the class of every step, sums, hours of the week, gap lines."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from tests.oracle.hours import hour_of_week, state
from tests.oracle.network import Network, WalksFrom, geodesic_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from tests.oracle.tracks import Fix, Step

GAPS = ("closed", "no_station", "off_network")
CLASSES = ("covered", "unknown", *GAPS)
WALK_KMH = 4.0
MINUTES = (5, 10, 15, 20)


@dataclass(frozen=True)
class Station:
    """What nominal coverage needs of a station; ``hours`` is OSM text, empty when not known."""

    code: str
    lonlat: tuple[float, float]
    hours: str
    status: str = "open"


@dataclass(frozen=True)
class Sum:
    """Time and length of some steps."""

    ms: int = 0
    mm: int = 0

    def plus(self, step: Step) -> Sum:
        """Return the sum with one step more."""
        return Sum(self.ms + step.duration_ms, self.mm + step.length_mm)


@dataclass(frozen=True)
class Sight:
    """What one fix has around it: metres to every open-status station, by walk and straight."""

    off_network: bool
    walk_m: dict[str, float]
    straight_m: dict[str, float]


@dataclass(frozen=True)
class GapLine:
    """A run of gap steps of one trip with one cause; ``steps`` are positions in the list."""

    trip: int
    cause: str
    steps: list[int]
    start: datetime
    ms: int
    mm: int


@dataclass(frozen=True)
class AtLimit:
    """Everything measured at one limit; ``by_hour`` is keyed by hour of week, then class."""

    limit_m: float
    classes: list[str]
    by_class: dict[str, Sum]
    by_hour: dict[int, dict[str, Sum]]
    gap_lines: list[GapLine]
    longest_gap: GapLine | None


@dataclass(frozen=True)
class Coverage:
    """The answer: by walk and by straight line at each limit, and the times by minutes' walk."""

    total: Sum
    sights: list[Sight]
    walk: dict[float, AtLimit]
    straight: dict[float, AtLimit]
    by_limit_min_ms: dict[str, int]


def read_stations(path: Path) -> list[Station]:
    """Read code, lon, lat, hours and (if there) status of a stations CSV in WGS-84."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Station(
                row["code"],
                (float(row["lon"]), float(row["lat"])),
                row["hours"],
                row.get("status") or "open",
            )
            for row in csv.DictReader(file)
        ]


def look_around(network: Network, stations: Sequence[Station], fixes: Iterable[Fix]) -> list[Sight]:
    """Return what every fix has around it, from one search per station."""
    usable = [s for s in stations if s.status == "open"]
    walks = {s.code: WalksFrom(network, network.snap(s.lonlat)) for s in usable}
    sights = []
    for fix in fixes:
        here = network.snap(fix.lonlat)
        walk_m = {code: walk.walk_m(here) for code, walk in walks.items()}
        straight_m = {s.code: geodesic_m(s.lonlat, fix.lonlat) for s in usable}
        sights.append(Sight(here.off_network, walk_m, straight_m))
    return sights


def nominal_class(states_within: set[str], *, off_network: bool) -> str:
    """Return the class of a step from the states of the stations within the limit of its fix."""
    if "open" in states_within:
        return "covered"
    if "unknown" in states_within:
        return "unknown"
    if "closed" in states_within:
        return "closed"
    return "off_network" if off_network else "no_station"


def classify(
    steps: Sequence[Step],
    metres: Sequence[dict[str, float]],
    sights: Sequence[Sight],
    stations: Sequence[Station],
    limit_m: float,
) -> list[str]:
    """Return the class of each step; ``metres`` to each station by code, one dict per step."""
    hours = {s.code: s.hours for s in stations}
    classes = []
    for step, to_station, sight in zip(steps, metres, sights, strict=True):
        within = [code for code, distance_m in to_station.items() if distance_m <= limit_m]
        states = {state(hours[code], step.first.time) for code in within}
        classes.append(nominal_class(states, off_network=sight.off_network))
    return classes


def sum_by_class(steps: Iterable[Step], classes: Iterable[str]) -> dict[str, Sum]:
    """Return time and length by class; every class is there, 0 if it did not occur."""
    sums = dict.fromkeys(CLASSES, Sum())
    for step, name in zip(steps, classes, strict=True):
        sums[name] = sums[name].plus(step)
    return sums


def sum_by_hour(steps: Sequence[Step], classes: Sequence[str]) -> dict[int, dict[str, Sum]]:
    """Return time and length by hour of the week and class; hours without a step are left out."""
    sums: dict[int, dict[str, Sum]] = {}
    for step, name in zip(steps, classes, strict=True):
        of_hour = sums.setdefault(hour_of_week(step.first.time), dict.fromkeys(CLASSES, Sum()))
        of_hour[name] = of_hour[name].plus(step)
    return sums


def find_gap_lines(steps: Sequence[Step], classes: Sequence[str]) -> list[GapLine]:
    """Return the runs of gap steps, cut where the trip ends or the cause changes."""
    lines = []
    runs = groupby(range(len(steps)), key=lambda i: (steps[i].trip, classes[i]))
    for (trip, cause), numbers in runs:
        if cause not in GAPS:
            continue
        run = list(numbers)
        ms = sum(steps[i].duration_ms for i in run)
        mm = sum(steps[i].length_mm for i in run)
        lines.append(GapLine(trip, cause, run, steps[run[0]].first.time, ms, mm))
    return lines


def longest(lines: Iterable[GapLine]) -> GapLine | None:
    """Return the line of greatest duration; ties: the longer one, then the earlier one."""
    ordered = sorted(lines, key=lambda line: (-line.ms, -line.mm, line.start))
    return ordered[0] if ordered else None


def at_limit(steps: Sequence[Step], classes: list[str], limit_m: float) -> AtLimit:
    """Add up everything about one list of classes."""
    lines = find_gap_lines(steps, classes)
    return AtLimit(
        limit_m,
        classes,
        sum_by_class(steps, classes),
        sum_by_hour(steps, classes),
        lines,
        longest(lines),
    )


def measure(
    network: Network, stations: Sequence[Station], steps: Sequence[Step], limits_m: Sequence[float]
) -> Coverage:
    """Return nominal coverage of the steps at every limit."""
    sights = look_around(network, stations, [step.first for step in steps])
    walks = [sight.walk_m for sight in sights]
    straights = [sight.straight_m for sight in sights]
    by_walk = {}
    by_straight = {}
    for limit_m in limits_m:
        classes = classify(steps, walks, sights, stations, limit_m)
        by_walk[limit_m] = at_limit(steps, classes, limit_m)
        classes = classify(steps, straights, sights, stations, limit_m)
        by_straight[limit_m] = at_limit(steps, classes, limit_m)
    by_limit_min_ms = {}
    for minutes in MINUTES:
        limit_m = WALK_KMH * 1000 * minutes / 60
        sums = sum_by_class(steps, classify(steps, walks, sights, stations, limit_m))
        by_limit_min_ms[str(minutes)] = sums["covered"].ms
        by_limit_min_ms["over"] = sum(sums[gap].ms for gap in GAPS)  # the last, 20 min, stays
    total = Sum(sum(s.duration_ms for s in steps), sum(s.length_mm for s in steps))
    return Coverage(total, sights, by_walk, by_straight, by_limit_min_ms)
