"""The worker's question answered plainly: every station judged at its own arrival, then sorted.

Hours are those of the minute-by-minute evaluator; the ways are given. A moment is judged by the
minute it lies in, because hours change at whole minutes only: the moments from arrival to 3 min
later lie in 4 minutes, and what opens in (arrival, arrival + 15 min] opens at one of the next 15.
All moments are local and naive: the stations' clock has had no summer time since 1991.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from tests.hours.minute_by_minute import DAY, day_states

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MINUTE: Final = dt.timedelta(minutes=1)
STAY: Final = 3 * MINUTE
SOON: Final = 15 * MINUTE
NEAR: Final = 15 * MINUTE
HORIZON: Final = dt.timedelta(days=8)
DAYS_SEEN: Final = 10  # the day of setting out, a way of hours, the horizon
DETOUR: Final = 1.3
NO_WAY: Final = float("inf")
AFTER: Final = ("unknown", "reported_locked", "closes_before_arrival", "closed")
BY_PHONE: Final = {"app", "qr"}
A_YEAR: Final = [dt.date(2026, 1, 1) + DAY * day for day in range(0, 366, 5)]  # two New Years

Tables = tuple[str, str]  # hours and self_hours


@dataclass(frozen=True)
class Asked:
    """What a worker asks for; the position is in the ways."""

    at: dt.datetime
    kmh: float
    limit: int
    needs: tuple[str, ...] = ()
    no_phone: bool = False
    kinds: tuple[str, ...] = ()
    is_open: bool = False
    is_always: bool = False
    locked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Days:
    """The state of a station's hours in each minute of some days."""

    midnight: dt.datetime
    states: tuple[str, ...]

    def minute(self, moment: dt.datetime) -> int:
        """Return the minute that a moment lies in."""
        return (moment - self.midnight) // MINUTE

    def state(self, moment: dt.datetime) -> str:
        """Return the state at a moment."""
        return self.states[self.minute(moment)]

    def between(self, start: dt.datetime, end: dt.datetime) -> tuple[str, ...]:
        """Return the states of all minutes that two moments and those between them lie in."""
        return self.states[self.minute(start) : self.minute(end) + 1]

    def next(self, state: str, after: dt.datetime) -> dt.datetime | None:
        """Return when a state begins after a moment; one that holds has to end first."""
        at = self.minute(after)
        while at < len(self.states) and self.states[at] == state:
            at += 1
        if state not in self.states[at:]:
            return None
        return self.midnight + MINUTE * self.states.index(state, at)


@dataclass(slots=True)
class Found:
    """One station of the answer."""

    code: str
    state: str
    needs_unknown: tuple[str, ...]
    walk_m: float
    straight_m: float
    arrive: dt.datetime
    inside: dt.datetime | None  # when the worker gets in; None: not within 15 min of arrival
    days: Days

    @property
    def opens(self) -> dt.datetime | None:
        """The next opening within 8 days; none for a station open on arrival, but if soon."""
        if self.days.state(self.arrive) == "open" and self.state != "opens_soon":
            return None
        return self._within(self.days.next("open", self.arrive))

    @property
    def closes(self) -> dt.datetime | None:
        """The end of the open time at arrival within 8 days; none if it ends in the unknown."""
        if self.days.state(self.arrive) != "open":
            return None
        shut = self._within(self.days.next("closed", self.arrive))
        return shut if shut and "unknown" not in self.days.between(self.arrive, shut) else None

    def _within(self, moment: dt.datetime | None) -> dt.datetime | None:
        return moment if moment and moment < self.arrive + HORIZON else None


def best_stations(
    stations: Sequence[Mapping[str, str]],
    walk_m: Sequence[float],
    straight_m: Sequence[float],
    asked: Asked,
) -> list[Found]:
    """Return the answer; a walk may be inf, the straight line is geodesic."""
    found = [
        one
        for station, walk, straight in zip(stations, walk_m, straight_m, strict=True)
        if (one := judge(station, walk, straight, asked)) is not None
    ]
    found.sort(key=rank)
    if found and not is_soon_inside(found[0], asked):
        for station in found[1:]:
            is_near = station.walk_m < NO_WAY and station.arrive - asked.at <= NEAR
            if station.state == "unknown" and is_near:
                found.remove(station)
                found.insert(1, station)
                break
    return found[: asked.limit]


def rank(station: Found) -> tuple[object, ...]:
    """Order the answer: way, needs, then as definitions.md says under Rank."""
    is_unknown = bool(station.needs_unknown)
    if station.walk_m == NO_WAY:
        return (True, is_unknown, station.straight_m, station.code)
    if station.inside is not None:
        return (False, is_unknown, 0, station.inside, station.walk_m, station.code)
    group = 1 + AFTER.index(station.state)
    return (False, is_unknown, group, station.walk_m, station.code)


def is_soon_inside(station: Found, asked: Asked) -> bool:
    """Return whether the worker is inside within 15 minutes."""
    has_way = station.walk_m < NO_WAY
    return has_way and station.inside is not None and station.inside - asked.at <= NEAR


def judge(
    station: Mapping[str, str], walk_m: float, straight_m: float, asked: Asked
) -> Found | None:
    """Judge one station; None if it is not in use on arrival or not what is asked for."""
    tables = station["hours"], station["self_hours"]
    if asked.kinds and station["kind"] not in asked.kinds:
        return None
    if asked.is_always and not never_shuts(tables):
        return None
    metres = walk_m if walk_m < NO_WAY else straight_m * DETOUR
    arrive = asked.at + dt.timedelta(hours=metres / 1000 / asked.kmh)
    if not is_in_use(station, arrive):
        return None
    days = days_of(tables, asked.at.date())
    state, inside = state_on_arrival(days, asked.at, arrive)
    if station["code"] in asked.locked:
        state, inside = "reported_locked", None
    if asked.is_open and state != "open":
        return None
    met = needs_met(station, asked, inside or arrive)
    if False in met.values():
        return None
    unknown = tuple(need for need, is_met in met.items() if is_met is None)
    return Found(station["code"], state, unknown, walk_m, straight_m, arrive, inside, days)


def is_in_use(station: Mapping[str, str], arrive: dt.datetime) -> bool:
    """Return whether a station is open, or its temporary closure is over."""
    if station["status"] == "temporarily_closed" and station["status_until"]:
        local, _, zone = station["status_until"].partition("+")
        return zone == "08:00" and dt.datetime.fromisoformat(local) <= arrive
    return station["status"] == "open"


def state_on_arrival(
    days: Days, start: dt.datetime, arrive: dt.datetime
) -> tuple[str, dt.datetime | None]:
    """Return the state, and when the worker gets in; tested in the order of definitions.md."""
    stay = days.between(arrive, arrive + STAY)
    if stay[0] == "unknown" or (stay[0] == "open" and "unknown" in stay):
        return "unknown", None
    if set(stay) == {"open"}:
        return "open", arrive
    soon = days.between(arrive, arrive + SOON)
    if "open" in soon[1:]:
        opens = days.next("open", arrive)
        if opens and opens <= arrive + SOON:
            return "opens_soon", opens
    return ("closes_before_arrival" if days.state(start) == "open" else "closed"), None


def needs_met(
    station: Mapping[str, str], asked: Asked, inside: dt.datetime
) -> dict[str, bool | None]:
    """Return for each need whether it is met when the worker is inside; None: nobody knows."""
    met = {need: has_amenity(station, need, inside) for need in asked.needs}
    if asked.no_phone:
        met["no_phone"] = opens_without_phone(station, inside)
    return met


def has_amenity(station: Mapping[str, str], need: str, inside: dt.datetime) -> bool | None:
    """Return whether an amenity is there and works."""
    said = split_cell(station["amenities"], ";", ":")
    if need not in said:
        return None
    if said[need] not in {"", "yes"}:
        return False
    hours = split_cell(station["amenity_hours"], " | ", ": ")
    if need not in hours:
        return True
    state = days_of((hours[need], ""), inside.date()).state(inside)
    return {"open": True, "closed": False}.get(state)


def opens_without_phone(station: Mapping[str, str], inside: dt.datetime) -> bool | None:
    """Return whether one gets in without a smartphone: as stated, else by the ways in."""
    stated = {"yes": False, "no": True}.get(station["needs_phone"])
    attended = lets_in(station["entry_mode"]) if stated is None else stated
    if not station["self_hours"]:
        return attended
    alone = lets_in(station["self_entry_mode"]) if station["self_entry_mode"] else stated
    by_staff, by_itself = (
        days_of((station[name], ""), inside.date()).state(inside)
        for name in ("hours", "self_hours")
    )
    if by_staff == "open":
        return attended
    if by_staff == "closed" and by_itself == "open":
        return alone
    return attended if attended == alone else None


def lets_in(cell: str) -> bool | None:
    """Return whether one of the ways in needs no smartphone; None: no way is known."""
    modes = set(cell.split(";")) - {""}
    return bool(modes - BY_PHONE) if modes else None


@cache
def split_cell(cell: str, between: str, within: str) -> dict[str, str]:
    """Return what a cell says of each code."""
    parts = (part.partition(within) for part in cell.split(between))
    return {code: said for code, _, said in parts}


@cache
def never_shuts(tables: Tables) -> bool:
    """Return whether a station is open in every minute of every fifth day of a year."""
    return all(set(day_states(*tables, day)) == {"open"} for day in A_YEAR)


@lru_cache(maxsize=4096)
def days_of(tables: Tables, first: dt.date) -> Days:
    """Return the states of a station from the midnight of a day on."""
    states = (day_states(*tables, first + DAY * day) for day in range(DAYS_SEEN))
    return Days(dt.datetime.combine(first, dt.time()), tuple(chain.from_iterable(states)))
