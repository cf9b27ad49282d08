"""What a worker needs of a station: amenities, and to get in without a smartphone."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from geo.hours import CLOSED, OPEN, UNKNOWN, state_at
from geo.stations.entry import BY_PHONE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

NO_PHONE: Final = "no_phone"


class Entry(NamedTuple):
    """The ways into a station: with its staff, and by itself while only `self_hours` are open."""

    mode: str  # canonical cells
    self_mode: str
    needs_phone: str
    hours: str
    self_hours: str

    @classmethod
    def of(cls, station: Mapping[str, str]) -> Entry:
        """Return the entry in a station's cells."""
        return cls(
            station["entry_mode"],
            station["self_entry_mode"],
            station["needs_phone"],
            station["hours"],
            station["self_hours"],
        )

    @property
    def phone_varies(self) -> bool:
        """Whether it hangs on the hour if a phone is needed."""
        return bool(self.self_hours) and self._by_staff != self._by_itself

    def is_by_itself(self, at: dt.datetime) -> bool:
        """Return whether only its self-service lets in at a naive local moment."""
        return self._timetable(at) == "self"

    def modes(self, at: dt.datetime) -> tuple[str, ...]:
        """Return the ways in at a naive local moment.

        Of hours that are not sure, and while it is shut, the ways in of both timetables.
        """
        cells = {"staff": (self.mode,), "self": (self.self_mode,)}.get(
            self._timetable(at), (self.mode, self.self_mode)
        )
        parts = (part for cell in cells for part in cell.split(";") if part)
        return tuple(dict.fromkeys(parts))

    def phone_needed(self, at: dt.datetime | None = None) -> str:
        """Return yes, no or "" (not known), as stated, else by the ways to get in.

        While the station keeps itself open its own ways in decide, if they are known. Where both
        timetables may hold, or no moment is given, both must agree.
        """
        staff, by_itself = self._by_staff, self._by_itself
        if not self.self_hours or staff == by_itself:
            return staff
        which = self._timetable(at) if at is not None else "both"
        return {"staff": staff, "self": by_itself}.get(which, "")

    @property
    def _by_staff(self) -> str:
        return _phone_needed(self.mode, self.needs_phone)

    @property
    def _by_itself(self) -> str:
        return _phone_needed(self.self_mode, "") or self.needs_phone

    def _timetable(self, at: dt.datetime) -> str:
        """Return which timetable lets in at a moment: staff, self, or both where not sure."""
        if not self.self_hours or state_at(self.hours, at) == OPEN:
            return "staff"
        if state_at(self.self_hours, at) == OPEN and state_at(self.hours, at) == CLOSED:
            return "self"
        return "both"


def unknown_needs(
    station: Mapping[str, str],
    needs: Sequence[str],
    *,
    no_phone: bool = False,
    at: dt.datetime | None = None,
) -> tuple[str, ...] | None:
    """Return the needs that nobody has verified, ``no_phone`` last; None if one is known to fail.

    Parameters
    ----------
    station : mapping of str to str
        Canonical cells ``amenities``, ``amenity_hours``, ``entry_mode``, ``self_entry_mode``,
        ``needs_phone``, ``hours`` and ``self_hours``.
    needs : sequence of str
        Amenity codes.
    no_phone : bool
        Whether the worker must get in without a smartphone.
    at : datetime, optional
        Naive, local: when they are needed. Without it hours of their own are left out, and a
        phone must be needed, or not, with staff and without.
    """
    if not needs and not no_phone:
        return ()
    states = amenity_states(station["amenities"])
    hours = amenity_hours(station["amenity_hours"]) if at is not None else {}
    found = [_met(need, states, hours, at) for need in needs]
    if no_phone:
        found.append({"no": True, "yes": False}.get(Entry.of(station).phone_needed(at)))
    if False in found:
        return None
    asked = (*needs, NO_PHONE)
    return tuple(need for need, met in zip(asked, found, strict=False) if met is None)


def phone_needed(station: Mapping[str, str], at: dt.datetime | None = None) -> str:
    """Return yes, no or "" (not known); see `Entry.phone_needed`."""
    return Entry.of(station).phone_needed(at)


@lru_cache(maxsize=65_536)  # many stations have the same amenities
def amenity_states(cell: str) -> Mapping[str, str]:
    """Return the state (yes, no, broken, empty) of each amenity in a canonical cell."""
    parts = (part.partition(":") for part in cell.split(";") if part)
    return {code: state or "yes" for code, _, state in parts}


@lru_cache(maxsize=16_384)
def amenity_hours(cell: str) -> Mapping[str, str]:
    """Return the OSM hours of the amenities that have their own, of a canonical cell."""
    parts = (part.partition(": ") for part in cell.split(" | ") if part)
    return {code: hours for code, _, hours in parts}


def shut_amenities(cell: str, at: dt.datetime) -> frozenset[str]:
    """Return the amenities that are known shut at a naive local moment, by their own hours."""
    own = amenity_hours(cell).items()
    return frozenset(code for code, hours in own if state_at(hours, at) == CLOSED)


def _met(
    need: str, states: Mapping[str, str], hours: Mapping[str, str], at: dt.datetime | None
) -> bool | None:
    """Return whether a need is met at a moment; None: not known."""
    if need not in states:
        return None
    if states[need] != "yes":
        return False
    if at is None or need not in hours:
        return True
    return {OPEN: True, UNKNOWN: None}.get(state_at(hours[need], at), False)


def _phone_needed(modes: str, stated: str) -> str:
    """Return whether some ways in need a phone: as stated, else if nothing else will do."""
    ways = {mode for mode in modes.split(";") if mode}
    if stated or not ways:
        return stated
    return "yes" if ways <= BY_PHONE else "no"
