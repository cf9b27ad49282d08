"""The steps of a planned line: every 10 m of it in every quarter hour of its shift in a week."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate, count, pairwise
from math import ceil
from typing import TYPE_CHECKING, Final

from tests.hours.minute_by_minute import kind_of, state_of
from tests.oracle.network import WGS84_GEOD, LonLat, geodesic_m
from tests.oracle.stations import LOCAL
from tests.oracle.tracks import Fix, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SPACING_M: Final = 10.0
SLOT: Final = timedelta(minutes=15)
SLOT_MS: Final = 900_000
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True)
class Beat:
    """A planned line of one or more parts, and how many people walk it in its shift."""

    name: str
    parts: Sequence[Sequence[LonLat]]
    shift: str
    workers: int = 1


def plain_week(day: date) -> date:
    """Return the Monday of the last week up to a day's in which no day is special."""
    monday = day - timedelta(days=day.weekday())
    while any(kind_of(monday + timedelta(days=n)) != "plain" for n in range(7)):
        monday -= WEEK
    return monday


def slots(shift: str, monday: date) -> list[datetime]:
    """Return the quarter hours of a week at whose start a shift is on, zone-aware."""
    first = datetime.combine(monday, time())
    starts = [first + SLOT * n for n in range(7 * 24 * 4)]
    return [at.replace(tzinfo=LOCAL) for at in starts if state_of(shift, "", at) == "open"]


def points(line: Sequence[LonLat]) -> list[LonLat]:
    """Return a place every 10 m along the geodesics of a line, from its start on."""
    ends_m = [0.0, *accumulate(geodesic_m(a, b) for a, b in pairwise(line))]
    found = []
    for nth in range(ceil(ends_m[-1] / SPACING_M)):
        at = bisect_right(ends_m, nth * SPACING_M) - 1
        (lon, lat), (to_lon, to_lat) = line[at], line[at + 1]
        bearing = WGS84_GEOD.inv(lon, lat, to_lon, to_lat)[0]
        lon, lat, _ = WGS84_GEOD.fwd(lon, lat, bearing, nth * SPACING_M - ends_m[at])
        found.append((float(lon), float(lat)))
    return found


def walk(beats: Iterable[Beat], monday: date) -> Iterator[Step]:
    """Walk planned lines in every slot of a week; no step is called slow.

    The parts of a line share the time of a slot by their points; each is a trip.

    Yields
    ------
    Step
        By beat, then by slot, then by part.
    """
    trip = count()
    for beat in beats:
        legs = [
            (part, here, there)
            for part, line in enumerate(beat.parts)
            for here, there in pairwise([*points(line), line[-1]])
        ]
        for start in slots(beat.shift, monday):
            numbers = [next(trip) for _ in beat.parts]
            for nth, (part, here, there) in enumerate(legs):
                since, until = (round(n * SLOT_MS / len(legs)) for n in (nth, nth + 1))
                fix = Fix(beat.name, start + timedelta(milliseconds=since), here)
                ms, mm = until - since, round(geodesic_m(here, there) * 1000)
                yield Step(numbers[part], fix, ms, mm, there, beat.workers, beat.shift)
