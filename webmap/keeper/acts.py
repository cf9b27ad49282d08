"""What a keeper does to a station, as cells to save and checks to end; words stand in the views."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pandas as pd

from geo.errors import StoreConflictError
from geo.nearest.arrival import wall_time
from geo.stations.cells import format_cell, parse_cell
from geo.stations.doubts import DOOR
from geo.stations.evidence import LOCKED, OF_AMENITY
from geo.stations.schema import FIELD_BY_NAME
from geo.stations.status import OPEN, PAUSED
from geo.store.checks import MENDED, TRUE
from geo.zones import LOCAL_ZONE
from webmap.checks import confirm_station, tend_checks

if TYPE_CHECKING:
    from geo.store import Store

ORIGIN: Final = "keeper"  # of a change in the history
AMENITY_ORIGIN: Final = "keeper:amenity"  # it says nothing of the door: ends no lock
LONGEST_CLOSURE: Final = dt.timedelta(days=366)
YES, BROKEN, _NO = "yes", "broken", "no"
TOLD: Final = (YES, BROKEN)  # states of an amenity that a keeper tells
_NOTE: Final = "站点上的人说的"  # of a check that ends by it
_TRIES: Final = 3  # to write over a station that others change as well
_AMENITIES: Final = FIELD_BY_NAME["amenities"]


def confirm(store: Store, code: str, *, actor: str, at: dt.datetime) -> None:
    """Write that all is as it stands; checks of the door end, as when staff find nothing wrong."""
    confirm_station(store, code, actor=actor, origin=ORIGIN, now=at, note=_NOTE)


def close(store: Store, code: str, until: dt.date | None, *, actor: str, at: dt.datetime) -> None:
    """Close for a while, until the beginning of a day; None: nobody knows until when.

    An open check of a locked door ends: it was so.
    """
    end = ""
    if until is not None:
        end = dt.datetime.combine(until, dt.time(), tzinfo=ZoneInfo(LOCAL_ZONE)).isoformat()
    cells = {"code": code, "status": PAUSED, "status_until": end}
    _save(store, cells, actor=actor, at=at)
    _end_checks(store, code, "", TRUE, actor=actor, at=at, reasons=(LOCKED,))


def reopen(store: Store, code: str, *, actor: str, at: dt.datetime) -> None:
    """Open again; today's date is the last confirmation."""
    today = wall_time(at).date().isoformat()
    cells = {"code": code, "status": OPEN, "status_until": "", "verified_on": today}
    _save(store, cells, actor=actor, at=at)
    _end_checks(store, code, "", MENDED, actor=actor, at=at, reasons=DOOR)


def tell_amenity(
    store: Store, code: str, amenity: str, state: str, *, actor: str, at: dt.datetime
) -> bool:
    """Write that an amenity is broken, or works again; checks of it end.

    Parameters
    ----------
    store : Store
        That of the station.
    code, amenity, state : str
        Station, amenity, and one of ``TOLD``.
    actor : str
        Account name.
    at : datetime, aware
        The moment.

    Returns
    -------
    bool
        False: the station has no such amenity, and nothing was written.

    Raises
    ------
    StoreConflictError
        Others changed the station each time meanwhile.
    """
    for tries_left in reversed(range(_TRIES)):
        seq = store.change_seq()  # the cell holds all amenities: no other's change may get lost
        found = store.read_stations(codes=[code], columns=["amenities"])
        states = {} if found.empty else amenity_cells(found["amenities"].iloc[0])
        if states.get(amenity, _NO) == _NO:
            return False
        cells = {"code": code, "amenities": format_cell(_AMENITIES, states | {amenity: state})}
        try:
            _save(store, cells, actor=actor, at=at, origin=AMENITY_ORIGIN, unchanged_since=seq)
            break
        except StoreConflictError:
            if not tries_left:
                raise
    outcome = MENDED if state == YES else TRUE
    _end_checks(store, code, amenity, outcome, actor=actor, at=at, reasons=OF_AMENITY)
    return True


def amenity_cells(text: str) -> dict[str, str]:
    """Return the states of the amenities of a cell by code; a damaged cell has none."""
    found = parse_cell(_AMENITIES, text)
    return dict(found) if isinstance(found, dict) else {}


def _save(
    store: Store,
    cells: dict[str, str],
    *,
    actor: str,
    at: dt.datetime,
    origin: str = ORIGIN,
    unchanged_since: int | None = None,
) -> None:
    store.save_stations(
        pd.DataFrame([cells]),
        actor=actor,
        origin=origin,
        now=at,
        blank=True,
        unchanged_since=unchanged_since,
    )


def _end_checks(
    store: Store,
    code: str,
    amenity: str,
    outcome: str,
    *,
    actor: str,
    at: dt.datetime,
    reasons: tuple[str, ...],
) -> None:
    """End the open checks of a station, for some reasons and of one amenity; "" of the door."""
    tend_checks(store, at, codes=[code])
    for check in store.list_checks(code=code):
        if check.amenity == amenity and check.reason in reasons:
            store.finish_check(check.id, outcome, actor=actor, now=at, note=_NOTE)
