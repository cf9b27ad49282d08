"""How a worker's report is taken in: from whom, how often, and what it sets going."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from flask import current_app, request

from webmap.checks import tend_checks

if TYPE_CHECKING:
    from geo.store import Store
    from geo.store.reports import Filed
    from webmap.devices import Bound, DeviceKeys

BOUND_WITHIN: Final = dt.timedelta(hours=1)
MOST_OF_DEVICE: Final = 30  # within that time
MOST_OF_ADDRESS: Final = 300  # workers of one carrier may share an address
_OWN_SITES: Final = ("same-origin", "same-site", "none")


class Told(NamedTuple):
    """What somebody says of a station, checked."""

    state: str
    at: dt.datetime
    amenity: str = ""
    id: str = ""
    near: bool | None = None
    mark: str = ""  # what the device calls itself; "": its address stands for it


def is_own_page(*, is_form: bool = False) -> bool:
    """Return whether this request comes from a page of this site, or from no page at all.

    A form of ours says no origin (``null``), as our pages send no referrer; a browser on plain
    http then says nothing else, and it is believed.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in _OWN_SITES
    origin = request.headers.get("Origin")
    if origin is None or (is_form and origin == "null"):
        return True
    return origin.partition("://")[2] == request.host  # a proxy may hide the scheme


def device_names(mark: str, now: dt.datetime) -> tuple[str, ...]:
    """Return the names of the device that asks, the oldest first; see ``webmap.devices``."""
    keys = cast("DeviceKeys", current_app.extensions["devices"])
    return keys.names(mark, request.remote_addr or "", now)


def file_report(store: Store, code: str, told: Told, now: dt.datetime) -> Filed | None:
    """Keep a report and open the checks that it gives reason for; None if too many came.

    Parameters
    ----------
    store : Store
        It holds the station.
    code : str
        The station.
    told : Told
        What was seen.
    now : datetime, aware
        When it came.

    Raises
    ------
    StoreConflictError
        The id is that of another report.
    """
    devices = device_names(told.mark, now)
    place = device_names("", now)[-1]
    bound = cast("Bound", current_app.extensions["reports_bound"])
    if store.count_reports(devices, since=now - BOUND_WITHIN) >= MOST_OF_DEVICE:
        return None
    if not bound.admits(place, now):
        return None
    filed = store.add_report(
        code,
        told.state,
        devices=devices,
        at=told.at,
        now=now,
        id=told.id,
        near=told.near,
        amenity=told.amenity,
    )
    tend_checks(store, now, codes=[code])
    return filed
