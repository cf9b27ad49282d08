"""Coverage fix by fix: the classes of every step, nominal, effective and straight, and sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from shapely import Point, intersects

from tests.hours.minute_by_minute import state_of
from tests.oracle.stations import Conditions, hour_of_week, to_local

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from shapely import Geometry

    from tests.oracle.stations import Station
    from tests.oracle.tracks import Step
    from tests.oracle.ways import Ways

GAPS: Final = ("unusable", "closed", "no_station", "off_network")
CLASSES: Final = ("covered", "unknown", *GAPS)

Layer = Sequence[tuple[str, "Geometry"]]  # names and polygons
Key = TypeVar("Key", bound="Hashable")


class Sum(NamedTuple):
    """Time and length of some steps, times those who walk them."""

    ms: int = 0
    mm: int = 0

    def plus(self, step: Step) -> Sum:
        """Return the sum with one step more."""
        ms, mm = step.duration_ms * step.workers, step.length_mm * step.workers
        return Sum(self.ms + ms, self.mm + mm)

    def and_also(self, other: Sum) -> Sum:
        """Return both together."""
        return Sum(self.ms + other.ms, self.mm + other.mm)


ByClass = dict[str, Sum]


class Sight(NamedTuple):
    """One counted station as seen from one fix at its time."""

    walk_m: float
    straight_m: float
    state: str  # open, closed, unknown
    usable: bool | None  # None: a need is unknown


@dataclass(frozen=True)
class Seen:
    """A step, whether it begins off the network, each counted station by code, and the areas.

    ``areas`` has a name or None for each layer.
    """

    step: Step
    off_network: bool
    sights: dict[str, Sight]
    areas: tuple[str | None, ...]

    def within(self, limit_m: float) -> dict[str, Sight]:
        """Return the stations whose walk is within a limit."""
        return {code: one for code, one in self.sights.items() if one.walk_m <= limit_m}

    def within_straight(self, limit_m: float) -> dict[str, Sight]:
        """Return the stations whose straight line is within a limit."""
        return {code: one for code, one in self.sights.items() if one.straight_m <= limit_m}


@dataclass(frozen=True)
class Judged:
    """A step with its classes at one limit."""

    seen: Seen
    nominal: str
    effective: str
    straight: str
    hour: int
    shift: str | None

    @property
    def step(self) -> Step:
        """The step."""
        return self.seen.step

    @property
    def areas(self) -> tuple[str | None, ...]:
        """The name of an area, or None, for each layer."""
        return self.seen.areas


@dataclass(frozen=True)
class Measure:
    """How to measure: the limit, the conditions, areas by layer, and shifts of tracks."""

    limit_m: float = 1000.0
    conditions: Conditions = Conditions()  # noqa: RUF009 - only its memory can change
    layers: tuple[Layer, ...] = ()
    shifts: tuple[str, ...] = ()
    walk_kmh: float = 4.0


def look_around(
    steps: Sequence[Step], ways: Sequence[Ways], stations: Iterable[Station], measure: Measure
) -> list[Seen]:
    """Return every step with what is around its first fix, whatever the limit.

    ``ways`` are those of the first fixes; they may hold stations that are not counted.
    """
    conditions = measure.conditions
    counted = [s for s in stations if s.is_counted(conditions.as_of)]
    is_out = {s.code: conditions.is_out(s) for s in counted}
    found = []
    for step, way in zip(steps, ways, strict=True):
        now = to_local(step.first.time)
        sights = {
            s.code: Sight(
                way.walk_m[s.code],
                way.straight_m[s.code],
                s.state(now),
                False if is_out[s.code] else conditions.needs_met(s, now),
            )
            for s in counted
        }
        areas = tuple(area_of(step, layer) for layer in measure.layers)
        found.append(Seen(step, way.off_network, sights, areas))
    return found


def nominal_class(within: Iterable[Sight], *, off_network: bool) -> str:
    """Return the class from the stations within the limit, whoever they let in."""
    states = {one.state for one in within}
    if "open" in states:
        return "covered"
    if "unknown" in states:
        return "unknown"
    if "closed" in states:
        return "closed"
    return "off_network" if off_network else "no_station"


def effective_class(within: Iterable[Sight], *, off_network: bool) -> str:
    """Return the class from the stations within the limit and their locks, ages and needs."""
    found = [(one.state, one.usable) for one in within]
    if ("open", True) in found:
        return "covered"
    if {("open", None), ("unknown", True), ("unknown", None)} & set(found):
        return "unknown"
    if {("open", False), ("unknown", False)} & set(found):
        return "unusable"
    if found:
        return "closed"
    return "off_network" if off_network else "no_station"


def judge(seen: Iterable[Seen], measure: Measure) -> list[Judged]:
    """Return every step with its classes at the measure's limit, its hour and shift."""
    found = []
    for one in seen:
        off, step = one.off_network, one.step
        within = one.within(measure.limit_m).values()
        straight = one.within_straight(measure.limit_m).values()
        found.append(
            Judged(
                one,
                nominal_class(within, off_network=off),
                effective_class(within, off_network=off),
                nominal_class(straight, off_network=off),
                hour_of_week(step.first.time),
                shift_of(step, measure.shifts),
            )
        )
    return found


def area_of(step: Step, layer: Layer) -> str | None:
    """Return the first area that the first fix lies in, its border included."""
    place = Point(step.first.lonlat)
    return next((name for name, shape in layer if intersects(shape, place)), None)


def shift_of(step: Step, shifts: Iterable[str]) -> str | None:
    """Return the shift of a planned line, or the first one that is on when the step begins."""
    now = to_local(step.first.time)
    return step.shift or next((text for text in shifts if state_of(text, "", now) == "open"), None)


def add_up(judged: Iterable[Judged], name: str) -> ByClass:
    """Return time and length by class, the one called nominal, effective or straight."""
    sums = dict.fromkeys(CLASSES, Sum())
    for one in judged:
        of = getattr(one, name)
        sums[of] = sums[of].plus(one.step)
    return sums


def group_by(judged: Iterable[Judged], key: Callable[[Judged], Key]) -> dict[Key, list[Judged]]:
    """Return the steps of each group; a group without steps is not there."""
    groups: dict[Key, list[Judged]] = {}
    for one in judged:
        groups.setdefault(key(one), []).append(one)
    return groups


def covered_within_ms(seen: Iterable[Seen], limit_m: float) -> tuple[int, int]:
    """Return nominal covered time and gap time at a limit."""
    covered = gap = 0
    for one in seen:
        within = one.within(limit_m).values()
        found = nominal_class(within, off_network=one.off_network)
        ms = one.step.duration_ms * one.step.workers
        covered += ms * (found == "covered")
        gap += ms * (found in GAPS)
    return covered, gap


def whole(sums: Mapping[str, Sum]) -> Sum:
    """Return all classes together."""
    total = Sum()
    for part in sums.values():
        total = total.and_also(part)
    return total
