"""Where what a station says about its entry contradicts itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

BY_PHONE: Final = frozenset({"app", "qr"})  # ways in that need a smartphone
_WALK_IN: Final = frozenset({"open_door", "ask_counter"})  # ways in that need nothing
_WITH_NAME: Final = frozenset({"app", "face", "service_card", "guard"})  # one is registered for

ENTRY_FAULTS: Final = {  # code -> the field to look at, what is wrong, what to do
    "phone_but_no_phone": (
        "needs_phone",
        "needs no phone, but the only ways in are an app or a code to scan",
        "say needs_phone yes, or name the other way in",
    ),
    "no_phone_but_phone": (
        "needs_phone",
        "needs a phone, but one can walk in or ask a clerk",
        "say needs_phone no, or remove the way in that is not there",
    ),
    "registered_but_not": (
        "needs_registration",
        "needs no registration, but every way in asks for one",
        "say needs_registration yes, or name the other way in",
    ),
    "self_hours_no_entry": (
        "self_entry_mode",
        "has hours without staff, but nobody said how one gets in then",
        "fill in self_entry_mode",
    ),
    "self_entry_no_hours": (
        "self_hours",
        "has a way in without staff, but nobody said at what hours",
        "fill in self_hours",
    ),
}


def find_entry_faults(cells: Mapping[str, str]) -> tuple[str, ...]:
    """Return what is contradictory or half said about the entry of a station.

    Parameters
    ----------
    cells : mapping of str to str
        Canonical cells ``entry_mode``, ``self_entry_mode``, ``needs_phone``,
        ``needs_registration`` and ``self_hours``.

    Returns
    -------
    tuple of str
        Keys of `ENTRY_FAULTS`. What is not known contradicts nothing.
    """
    ways = {way for way in cells["entry_mode"].split(";") if way}
    found = {
        "phone_but_no_phone": cells["needs_phone"] == "no" and bool(ways) and ways <= BY_PHONE,
        "no_phone_but_phone": cells["needs_phone"] == "yes" and bool(ways & _WALK_IN),
        "registered_but_not": (
            cells["needs_registration"] == "no" and bool(ways) and ways <= _WITH_NAME
        ),
        "self_hours_no_entry": bool(cells["self_hours"]) and not cells["self_entry_mode"],
        "self_entry_no_hours": bool(cells["self_entry_mode"]) and not cells["self_hours"],
    }
    return tuple(code for code, is_so in found.items() if is_so)
