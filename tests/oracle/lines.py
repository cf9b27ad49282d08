"""Gap lines of the effective classes, the longest, and the worst ones joined."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final, TypeVar

from tests.oracle.beats import SLOT
from tests.oracle.coverage import GAPS
from tests.oracle.network import geodesic_m
from tests.oracle.stations import LOCAL, hour_of_week, missed_min

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from tests.oracle.coverage import Judged
    from tests.oracle.stations import Station

JOIN_M: Final = 30.0
JOIN_WITHIN: Final = timedelta(minutes=1)
WORST: Final = 100
DAWN: Final = datetime(2026, 1, 1, tzinfo=LOCAL)  # a slot begins there
TIE_M: Final = 1e-3  # walks that differ by less may be put in either order


@dataclass(frozen=True)
class GapLine:
    """A run of gap steps of one trip with one cause, in one area of the first layer."""

    steps: list[Judged]

    @property
    def first(self) -> Judged:
        """The step it begins with."""
        return self.steps[0]

    @property
    def trip(self) -> int:
        """The trip it is part of."""
        return self.first.step.trip

    @property
    def cause(self) -> str:
        """The gap class of all its steps."""
        return self.first.effective

    @property
    def area(self) -> str | None:
        """The area of the first layer."""
        return self.first.areas[0] if self.first.areas else None

    @property
    def start(self) -> datetime:
        """The time of its first fix."""
        return self.first.step.first.time

    @property
    def end(self) -> datetime:
        """The time at which its last step ends."""
        return self.start + timedelta(milliseconds=self.ms)

    @property
    def ms(self) -> int:
        """Milliseconds, of one person."""
        return sum(one.step.duration_ms for one in self.steps)

    @property
    def mm(self) -> int:
        """Millimetres, of one person."""
        return sum(one.step.length_mm for one in self.steps)

    @property
    def worst_walk_m(self) -> float:
        """The greatest walk to the nearest station known open and usable; inf: none somewhere."""
        return max(_nearest_usable_m(one) for one in self.steps)

    @property
    def nearest_codes(self) -> set[str]:
        """The station nearest to any of its fixes; several if they are about equally near."""
        least_m: dict[str, float] = {}
        for one in self.steps:
            for code, sight in one.seen.sights.items():
                least_m[code] = min(sight.walk_m, least_m.get(code, math.inf))
        nearest_m = min(least_m.values(), default=math.inf)
        if nearest_m == math.inf:
            return set()
        return {code for code, metres in least_m.items() if metres <= nearest_m + TIE_M}

    def missed_min(self, stations: Mapping[str, Station], code: str) -> list[float | None]:
        """Return the minutes missed at a station, for the cause closed.

        They are those at the fix nearest to it; several if some are about equally near.
        """
        if self.cause != "closed":
            return [None]
        walks = [one.seen.sights[code].walk_m for one in self.steps]
        near = [one for one, m in zip(self.steps, walks, strict=True) if m <= min(walks) + TIE_M]
        return [missed_min(stations[code], one.step.first.time) for one in near]


@dataclass(frozen=True)
class WorstGap:
    """Lines of one trip that lie so close together that they are felt as one."""

    pieces: list[GapLine]

    @property
    def start(self) -> datetime:
        """The time of its first fix."""
        return self.pieces[0].start

    @property
    def end(self) -> datetime:
        """The time at which its last step ends."""
        return self.pieces[-1].end

    @property
    def ms(self) -> int:
        """Milliseconds of the pieces."""
        return sum(line.ms for line in self.pieces)

    @property
    def mm(self) -> int:
        """Millimetres of the pieces."""
        return sum(line.mm for line in self.pieces)

    @property
    def worst_walk_m(self) -> float:
        """The worst of the pieces."""
        return max(line.worst_walk_m for line in self.pieces)

    @property
    def main(self) -> GapLine:
        """The piece of the longest time, of equal ones the first."""
        return max(self.pieces, key=lambda line: line.ms)


@dataclass(frozen=True)
class Place:
    """The walks through one gap of a planned line, in order of time; of a track just one."""

    walks: list[WorstGap]

    @property
    def main(self) -> WorstGap:
        """The first walk with the cause that most of the time has, of equal ones the first met."""
        ms: dict[str, int] = {}
        for one in self.walks:
            ms[one.main.cause] = ms.get(one.main.cause, 0) + one.ms
        cause = next(name for name, time in ms.items() if time == max(ms.values()))
        return next(one for one in self.walks if one.main.cause == cause)

    @property
    def start(self) -> datetime:
        """The time of the first fix of all."""
        return self.walks[0].start

    @property
    def ms(self) -> int:
        """Milliseconds of all walks."""
        return sum(one.ms for one in self.walks)

    @property
    def mm(self) -> int:
        """Millimetres of the first walk."""
        return self.walks[0].mm

    @property
    def worst_walk_m(self) -> float:
        """The worst of all walks."""
        return max(one.worst_walk_m for one in self.walks)

    @property
    def hours(self) -> list[int]:
        """The hours of the week of all lines."""
        found = set()
        for line in (line for one in self.walks for line in one.pieces):
            moment = line.start
            while moment < line.end:
                found.add(hour_of_week(moment))
                moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return sorted(found)


def places(gaps: Iterable[WorstGap], *, is_plan: bool) -> list[Place]:
    """Return the gaps by place: of a planned line, the same part of its walk in each slot."""
    found: dict[Hashable, list[WorstGap]] = {}
    for number, one in enumerate(sorted(gaps, key=lambda gap: gap.start)):
        step = one.pieces[0].first.step
        key = (step.first.worker, (one.start - DAWN) % SLOT, one.end - one.start)
        found.setdefault(key if is_plan else number, []).append(one)
    return [Place(walks) for walks in found.values()]


Line = TypeVar("Line", GapLine, WorstGap, Place)


def _nearest_usable_m(judged: Judged) -> float:
    sights = judged.seen.sights.values()
    usable = [one.walk_m for one in sights if one.state == "open" and one.usable is True]
    return min(usable, default=math.inf)


def find_gap_lines(judged: Iterable[Judged]) -> list[GapLine]:
    """Return the runs of gap steps, cut where the trip ends or the cause or area changes."""
    runs = groupby(judged, key=lambda one: (one.step.trip, one.effective, one.areas[:1]))
    return [GapLine(list(run)) for (_, name, _), run in runs if name in GAPS]


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Return lines by duration; ties: the longer one, then the earlier one."""
    return sorted(lines, key=lambda line: (-line.ms, -line.mm, line.start))


def join(lines: Sequence[GapLine]) -> list[WorstGap]:
    """Return the lines with those of one trip joined that are near in place or time."""
    found = [WorstGap([line]) for line in lines[:1]]
    for before, line in pairwise(lines):
        apart_m = geodesic_m(before.steps[-1].step.end, line.first.step.first.lonlat)
        is_near = apart_m < JOIN_M or line.start - before.end < JOIN_WITHIN
        if line.trip == before.trip and is_near:
            found[-1].pieces.append(line)
        else:
            found.append(WorstGap([line]))
    return found
