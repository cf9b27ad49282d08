"""What a worker needs of a station: amenities, and to get in without a smartphone."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NO_PHONE: Final = "no_phone"
_BY_PHONE: Final = frozenset({"app", "qr"})


def unknown_needs(
    station: Mapping[str, str], needs: Sequence[str], *, no_phone: bool = False
) -> tuple[str, ...] | None:
    """Return the needs that nobody has verified, ``no_phone`` last; None if one is known to fail.

    Parameters
    ----------
    station : mapping of str to str
        Canonical cells ``amenities``, ``entry_mode`` and ``needs_phone``.
    needs : sequence of str
        Amenity codes.
    no_phone : bool
        Whether the worker must get in without a smartphone.
    """
    if not needs and not no_phone:
        return ()
    return _unknown_needs(
        station["amenities"], phone_needed(station) if no_phone else "no", tuple(needs)
    )


def phone_needed(station: Mapping[str, str]) -> str:
    """Return yes, no or "" (not known), as stated, else by the ways to get in."""
    modes = {mode for mode in station["entry_mode"].split(";") if mode}
    if station["needs_phone"] or not modes:
        return station["needs_phone"]
    return "yes" if modes <= _BY_PHONE else "no"


def amenity_states(cell: str) -> dict[str, str]:
    """Return the state (yes, no, broken, empty) of each amenity in a canonical cell."""
    parts = (part.partition(":") for part in cell.split(";") if part)
    return {code: state or "yes" for code, _, state in parts}


@lru_cache(maxsize=65_536)  # many stations have the same amenities
def _unknown_needs(amenities: str, phone: str, needs: tuple[str, ...]) -> tuple[str, ...] | None:
    states = amenity_states(amenities)
    if phone == "yes" or any(states.get(need, "yes") != "yes" for need in needs):
        return None
    unknown = tuple(need for need in needs if need not in states)
    return unknown if phone == "no" else (*unknown, NO_PHONE)
