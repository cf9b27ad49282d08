"""What the end of a check does to its station: verified, open again, an amenity mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.errors import StoreConflictError
from geo.nearest.arrival import wall_time
from geo.stations.cells import canonical_cell, format_cell, parse_cell
from geo.stations.doubts import ALIKE, DOOR, REOPENS
from geo.stations.evidence import BROKEN, MISSING, OF_AMENITY
from geo.stations.schema import FIELD_BY_NAME
from geo.stations.status import OPEN, PAUSED
from geo.store.checks import FINE, MENDED, TRUE
from geo.store.settled import Question

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from geo.store import Store
    from geo.store.checks import Check

DOOR_ORIGIN: Final = "check"  # of these changes in the history
AMENITY_ORIGIN: Final = "check:amenity"  # ends no lock: see ``Store.staff_changes``
_AMENITIES: Final = FIELD_BY_NAME["amenities"]
_WORSE: Final = {BROKEN: "broken", MISSING: "empty"}  # what is so -> state of the amenity
_READ: Final = ("status", "status_until", "amenities", "verified_on")
_TRIES: Final = 5  # while others change the same station


def settle(store: Store, check: Check, outcome: str, *, actor: str, now: dt.datetime) -> bool:
    """Write into the station what the end of its check says of it; return whether that is all.

    Who found the door usable, or made it so, has verified the station today. Of an amenity its
    state is written; of a closure that is over, that the station is open again.

    Parameters
    ----------
    store : Store
        Nothing is done if it does not hold the station any more.
    check : Check
        It is done.
    outcome : str
        One of ``geo.store.checks.OUTCOMES``.
    actor : str
        Account name.
    now : datetime, aware
        The moment to record.

    Returns
    -------
    bool
        False: what is so has to be written into the record by hand, such as until when a station
        is closed.

    Raises
    ------
    StoreConflictError
        Others went on changing the station.
    """
    if check.reason == ALIKE and outcome == FINE:  # and the page of doubtful records asks no more
        store.settle([Question.of_pair(check.code, check.amenity)], actor=actor, now=now)
    for attempt in range(_TRIES):
        seen = store.change_seq()
        rows = store.read_stations(codes=[check.code], columns=_READ)
        if rows.empty:
            return True
        row: Mapping[str, Any] = rows.drop(columns="geometry").iloc[0].to_dict()
        cells = _changes(check, outcome, row, wall_time(now).date())
        if not cells:
            break
        try:
            store.save_stations(
                pd.DataFrame([{"code": check.code} | cells]),
                actor=actor,
                origin=AMENITY_ORIGIN if check.reason in OF_AMENITY else DOOR_ORIGIN,
                now=now,
                blank={check.code: ["status_until"]},
                unchanged_since=seen,
            )
            break
        except StoreConflictError:
            if attempt == _TRIES - 1:
                raise
    return outcome != TRUE or check.reason in OF_AMENITY


def _changes(check: Check, outcome: str, row: Mapping[str, Any], today: dt.date) -> dict[str, str]:
    """Return the cells that the end of a check changes."""
    if check.reason in OF_AMENITY:
        state = _WORSE[check.reason] if outcome == TRUE else "yes"
        return {"amenities": _with_amenity(row["amenities"], check.amenity, state)}
    if check.reason not in DOOR or outcome not in {FINE, MENDED}:
        return {}
    cells = {"verified_on": today.isoformat()}
    if check.reason == REOPENS and row["status"] == PAUSED:
        cells |= {"status": OPEN, "status_until": ""}
    return cells


def _with_amenity(cell: str, amenity: str, state: str) -> str:
    """Return the cell of amenities with one of them in another state."""
    known = parse_cell(_AMENITIES, cell)
    states = dict(known) if isinstance(known, dict) else {}
    return canonical_cell(_AMENITIES, format_cell(_AMENITIES, states | {amenity: state}))
