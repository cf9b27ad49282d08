"""Opens checks for staff: what workers' reports say now, judged anew and written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.stations.doubts import AT_ONCE, find_doubts
from webmap.locks import LOOKBACK, judge_stations, staff_verified

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from geo.store import Store


def tend_checks(store: Store, now: dt.datetime, *, codes: Collection[str] | None = None) -> int:
    """Open the checks that reports give reason for, and return how many are new.

    Parameters
    ----------
    store : Store
        Reports, stations and checks.
    now : datetime, aware
        The moment judged; only reports of ``LOOKBACK`` before it count.
    codes : collection of str, optional
        Of these stations alone; of all if None, as for locks that run out by time.
    """
    since = now - LOOKBACK
    if codes is None:
        locked = store.called_locked(since=since, recent=since)
        codes = {*locked, *store.codes_told(AT_ONCE, since=since)}
    told = store.reports_since(since, codes, with_devices=True) if codes else []
    if not told:
        return 0
    doubts = find_doubts(
        told,
        at=now,
        locks=judge_stations(store, codes, now),
        staff_verified=staff_verified(store, codes, now),
    )
    return store.open_checks([doubt for doubt in doubts if doubt.code in codes], now=now)
