"""One question of a worker, checked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from geo.coords import MAX_LAT, MAX_LON
from geo.errors import InvalidOptionError
from geo.nearest.arrival import wall_time
from geo.reach import WALK_KMH
from geo.vocab import load_vocab

if TYPE_CHECKING:
    import datetime as dt

Mode = Literal["walk", "ride"]

RIDE_KMH: Final = 12.0
_YEARS: Final = range(1980, 2100)  # as for tracks
_SLOWEST_KMH: Final = 1.0


@dataclass(frozen=True)
class Question:
    """Where a worker is, when, how, and what for.

    Raises
    ------
    InvalidOptionError
        ``at`` is naive or not in 1980-2099, the position is not on Earth, ``limit`` < 1, a speed
        below 1 km/h, an unknown need, kind or mode.
    """

    lon: float  # degrees, WGS-84
    lat: float
    at: dt.datetime  # aware; the moment of setting out
    limit: int = 10
    mode: Mode = "walk"
    needs: tuple[str, ...] = ()  # amenity codes
    no_phone: bool = False
    kinds: tuple[str, ...] = ()  # of stations; () asks for all
    is_open: bool = False  # only those open on arrival
    is_always: bool = False  # only those open 24 hours on every day
    locked: frozenset[str] = frozenset()  # codes that workers reported locked
    walk_kmh: float = WALK_KMH
    ride_kmh: float = RIDE_KMH

    def __post_init__(self) -> None:
        msg = self._fault()
        if msg:
            raise InvalidOptionError(msg)

    @cached_property
    def wall(self) -> dt.datetime:
        """The moment of setting out, naive, on the stations' clock."""
        return wall_time(self.at)

    def minutes(self, metres: float) -> float:
        """Return the minutes of a way in the chosen mode."""
        return metres * 60 / ((self.walk_kmh if self.mode == "walk" else self.ride_kmh) * 1000)

    def _fault(self) -> str:
        """Return what cannot be answered and what could be; "" if all is well."""
        if self.at.tzinfo is None:
            return f"the time {self.at.isoformat()} has no zone; write 2026-01-31T04:30+08:00"
        if self.at.year not in _YEARS:
            return f"the year {self.at.year} is not in 1980-2099"
        if self.limit < 1:
            return f"limit is {self.limit}; it must be at least 1"
        if self.mode not in {"walk", "ride"}:
            return f"unknown mode {self.mode!r}; use walk or ride"
        return self._slow() or self._strange_words() or self._off_earth()

    def _slow(self) -> str:
        for kmh in (self.walk_kmh, self.ride_kmh):
            if not kmh >= _SLOWEST_KMH:  # NaN is not either
                return f"speed {kmh} km/h; speeds must be at least {_SLOWEST_KMH:g}"
        return ""

    def _strange_words(self) -> str:
        for what, vocab, words in (("need", "amenity", self.needs), ("kind", "kind", self.kinds)):
            known = load_vocab(vocab)
            strange = ", ".join(word for word in words if word not in known)
            if strange:
                return f"unknown {what} {strange}; use {', '.join(known)}"
        return ""

    def _off_earth(self) -> str:
        lon, lat = self.lon, self.lat
        if abs(lon) <= MAX_LON and abs(lat) <= MAX_LAT:
            return ""
        hint = "; are lon and lat swapped?" if abs(lon) <= MAX_LAT and abs(lat) > MAX_LAT else ""
        return f"position lon {lon}, lat {lat} is not on Earth{hint}"
