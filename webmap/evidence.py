"""What the store knows of its stations at a moment: when each was last sure, which are locked."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from geo.stations.evidence import last_evidence
from geo.zones import aware, day_start_ms
from webmap.locks import judge_locks

if TYPE_CHECKING:
    from geo.store import Store

_EVER: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def judge_evidence(store: Store, as_of: dt.datetime) -> dict[str, dt.datetime]:
    """Return the evidence date of each station: what was last known of it at a moment.

    Parameters
    ----------
    store : Store
        Stations and reports.
    as_of : datetime, aware
        What came later is left out.

    Returns
    -------
    dict of str to datetime
        By code, aware: the latest of staff's verification (the start of that local day), a
        worker's "open" and the first entry. A station entered later has none, unless it was
        verified before.
    """
    verified = store.read_stations(columns=["verified_on"])
    days = {day: aware(day_start_ms(day)) for day in set(verified["verified_on"]) if day}
    by_staff = {
        str(code): days[day]
        for code, day in zip(verified["code"], verified["verified_on"], strict=True)
        if day
    }
    told = (report for report in store.reports_since(_EVER) if report.at <= as_of)
    latest: dict[str, dt.datetime] = {}
    for dates in (by_staff, store.first_entries(), last_evidence(told)):
        for code, date in dates.items():
            if date <= as_of:
                latest[code] = max(date, latest.get(code, date))
    return latest


def locked_at(store: Store, as_of: dt.datetime) -> frozenset[str]:
    """Return the codes of the stations that are ``reported_locked`` at a moment, aware."""
    return frozenset(code for code, lock in judge_locks(store, as_of).items() if lock.is_locked)
