"""Opens checks for staff: what workers' reports and the records say now, judged and written down.

Ends those of records by themselves, once what they stood on is gone.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import pandas as pd

from geo.nearest.arrival import wall_time
from geo.stations.doubts import ALIKE, ASKED, AT_ONCE, BY_RULE, DOOR, Doubt, find_doubts
from geo.stations.evidence import LOCKED
from geo.stations.overdue import READ, find_overdue
from geo.store.checks import FINE
from geo.store.settled import Question
from webmap.evidence import judge_evidence
from webmap.locks import LOOKBACK, judge_stations, staff_verified

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable

    from geo.store import Store
    from geo.store.checks import Check

_PUT_AWAY: Final = ("closed", "duplicate_of")  # nobody is asked about a record of this status
_MOST_AT_ONCE: Final = 2_000  # checks of records opened in one go: a request waits for them
_HOUR_S: Final = 3600


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


class Rules:
    """When the records of each store were last judged by this process; safe between threads."""

    def __init__(self) -> None:
        self._done: WeakKeyDictionary[Store, tuple[int, int]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def tend(self, store: Store, now: dt.datetime) -> None:
        """Judge them, unless nothing changed within the same hour."""
        mark = int(now.timestamp()) // _HOUR_S, store.change_seq()
        with self._lock:
            if self._done.get(store) == mark:
                return
        tend_records(store, now)
        with self._lock:
            self._done[store] = mark


def tend_records(store: Store, now: dt.datetime) -> tuple[int, int]:
    """Open the checks that records give reason for, and end those that they no longer do.

    At most ``_MOST_AT_ONCE`` are opened, what came true first before all else: of a register that
    was imported on one day every station grows old on the same day. The others follow later.

    Parameters
    ----------
    store : Store
        Stations, reports and checks.
    now : datetime, aware
        The moment judged.

    Returns
    -------
    tuple of int
        How many checks were opened, and how many ended.
    """
    stations = pd.DataFrame(store.read_stations(columns=READ).drop(columns="geometry"))
    found = find_overdue(stations, at=now, evidence=judge_evidence(store, now))
    keys = {doubt.key for doubt in found}
    kept = frozenset(stations.loc[~stations["status"].isin(_PUT_AWAY), "code"])
    settled = store.settled_questions()
    over = [
        check.id
        for check in store.list_checks()
        if _is_over(check, keys, kept) or _question(check) in settled
    ]
    found.sort(key=lambda doubt: doubt.told_at)
    ended = store.withdraw_checks(over, now=now)
    return store.open_checks(found, now=now, most=_MOST_AT_ONCE), ended


def confirm_station(
    store: Store, code: str, *, actor: str, origin: str, now: dt.datetime, note: str = ""
) -> None:
    """Write down that somebody who knows the door found a station as its record says.

    It is verified today, and the open checks of its door end with nothing wrong; so does a lock,
    at this moment, also where nobody had a check of it open.

    Parameters
    ----------
    store : Store
        It holds the station.
    code : str
        The station.
    actor, origin : str
        As of ``Store.save_stations``.
    now : datetime, aware
        The moment to record.
    note : str
        What was found, for the checks.
    """
    today = wall_time(now).date().isoformat()
    verified = pd.DataFrame({"code": [code], "verified_on": [today]})
    store.save_stations(verified, actor=actor, origin=origin, now=now)
    lock = judge_stations(store, [code], now).get(code)
    if lock is not None and lock.is_locked:
        store.open_checks([Doubt(code, LOCKED, "", told_at=now)], now=now)
    for check in store.list_checks(code=code):
        if check.reason in DOOR:
            store.finish_check(check.id, FINE, actor=actor, now=now, note=note)


def open_asked(store: Store, doubts: Iterable[tuple[str, str, str]], now: dt.datetime) -> int:
    """Open checks of what a form or an import asked and was told to save all the same.

    Parameters
    ----------
    store : Store
        It holds the stations by now.
    doubts : iterable of (code, reason, other)
        ``reason`` of ``geo.stations.doubts.ASKED``; ``other`` is the code of the station that one
        of reason ``alike`` may be the same as, else "".
    now : datetime, aware
        The moment to record.

    Returns
    -------
    int
        How many are new.
    """
    return store.open_checks(
        [Doubt(code, reason, other, told_at=now) for code, reason, other in doubts], now=now
    )


def _question(check: Check) -> Question | None:
    """Return the question of a check as the page of doubtful records asks it; None of others."""
    return Question.of_pair(check.code, check.amenity) if check.reason == ALIKE else None


def _is_over(check: Check, keys: Collection[tuple[str, str, str]], kept: frozenset[str]) -> bool:
    """Return whether what a check of a record stood on is gone; workers' words never are."""
    if check.reason in BY_RULE:
        return (check.code, check.reason, check.amenity) not in keys
    if check.reason not in ASKED:
        return False
    return check.code not in kept or (check.amenity != "" and check.amenity not in kept)
