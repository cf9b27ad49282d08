"""One answer to the worker's question, and the order of answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.nearest.arrival import State

NEAR_MIN: Final = 15.0
_FAR: Final = float("inf")
_INSIDE: Final = ("open", "opens_soon")
_AFTER: Final = ("unknown", "reported_locked", "closes_before_arrival", "closed")


class Ranked:
    """What the rank of a station hangs on, whatever else is known of it."""

    __slots__ = ()

    walk_m: float | None  # None: no way (another part of the network)
    minutes: float | None  # in the chosen mode
    straight_m: float  # geodesic
    state: State
    arrive_at: dt.datetime
    opens_at: dt.datetime | None
    needs_unknown: tuple[str, ...]  # needs asked for that nobody has verified

    @property
    def tie(self) -> Any:  # noqa: ANN401  # anything that has an order
        """What decides between stations that are equal in all else."""
        raise NotImplementedError

    @property
    def way_min(self) -> float:
        """Minutes of the way in the chosen mode; inf without a way."""
        return _FAR if self.minutes is None else self.minutes

    @property
    def inside_at(self) -> dt.datetime | None:
        """The moment of getting inside; None unless open or opening soon on arrival."""
        if self.state not in _INSIDE or self.minutes is None:
            return None
        return self.opens_at if self.state == "opens_soon" else self.arrive_at

    @property
    def inside_min(self) -> float:
        """Minutes until inside, way and wait; inf unless open or opening soon on arrival."""
        if self.inside_at is None or self.minutes is None:
            return _FAR
        wait = (self.inside_at - self.arrive_at) / dt.timedelta(minutes=1)
        return round(self.minutes + wait, 6)  # moments are whole microseconds, ways are not


@dataclass(frozen=True)
class NearestStation(Ranked):
    """One station as the worker sees it; times are aware, in the stations' zone."""

    code: str
    name: str
    kind: str
    lon: float  # degrees, WGS-84
    lat: float
    walk_m: float | None  # None: no way (another part of the network)
    walk_min: float | None  # on foot, whatever the mode
    minutes: float | None  # in the chosen mode
    straight_m: float  # geodesic
    off_network: bool  # the way is 1.3 x the straight line: one end is off the network
    state: State
    arrive_at: dt.datetime
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    entry_mode: tuple[str, ...]
    amenities: str  # canonical cell
    needs_unknown: tuple[str, ...]  # needs asked for that nobody has verified

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON: times as ISO 8601, tuples as lists."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @property
    def tie(self) -> str:
        """The code."""
        return self.code


R = TypeVar("R", bound=Ranked)


def ranked(stations: list[R]) -> list[R]:
    """Return the stations in the rank of definitions.md.

    Those with all needs met first, then those with unknown needs; those without a way last of
    all, by straight line. If the first is more than 15 minutes from inside, the best unknown one
    within 15 minutes' way stands second.
    """
    order = by_rank(stations)
    if order and order[0].inside_min > NEAR_MIN:
        for place, station in enumerate(order[1:], start=1):
            if station.state == "unknown" and station.way_min <= NEAR_MIN:
                order.insert(1, order.pop(place))
                break
    return order


def by_rank(stations: Iterable[R]) -> list[R]:
    """Return the stations in their rank, without moving an unknown one to the second place."""
    return sorted(stations, key=rank_key)


def rank_key(station: Ranked) -> tuple[Any, ...]:
    """Return the sort key: way, needs, group of states, moment of getting inside, walk, code.

    The moment, not the minutes: stations that open at the same minute are exactly equal in it.
    """
    unknown_needs = bool(station.needs_unknown)
    if station.walk_m is None:
        return True, unknown_needs, 0, _FAR, station.straight_m, station.tie
    group = 0 if station.state in _INSIDE else 1 + _AFTER.index(station.state)
    inside = station.inside_at
    inside_s = inside.timestamp() if inside else _FAR
    return False, unknown_needs, group, inside_s, station.walk_m, station.tie


def _plain(value: object) -> object:
    """Return a field's value in its JSON form."""
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    return list(value) if isinstance(value, tuple) else value
