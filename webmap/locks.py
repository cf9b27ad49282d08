"""Which stations workers found locked: judged once a minute, and at once when a report comes in.

A report, a check done, or a change of a station moves a number of the store that every request can
afford to ask for; only then, or in another minute, are the reports judged anew, and of them only
those of stations that two devices called locked, the last of them within three days.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast
from zoneinfo import ZoneInfo

from flask import current_app

from geo.hours import CLOSED, Timetable, state_at
from geo.stations.evidence import LOCK_LASTS, NO_LOCK, find_locks
from geo.stations.status import is_in_use
from geo.zones import LOCAL_ZONE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from geo.stations.evidence import HoursOf, Lock
    from geo.store import Store
    from webmap.chores import Chores
    from webmap.devices import DeviceKeys
    from webmap.stores import Stores

    Stations = Mapping[str, Mapping[str, Any]]
    Key = tuple[Store, int, int, str, dt.datetime]

LOOKBACK: Final = dt.timedelta(days=14)  # how far back a lock that was renewed may have begun
_MINUTES_KEPT: Final = 4  # the present one, and some that visitors ask for
_COLUMNS: Final = ("status", "status_until", "hours", "self_hours", "verified_on")
_ZONE: Final = ZoneInfo(LOCAL_ZONE)


class Locked(NamedTuple):
    """What stands of the reports "locked" in one minute; all who ask share it."""

    locks: Mapping[str, Lock]  # by code, of stations that two devices called locked
    codes: frozenset[str]  # of those that are reported_locked


class Locks:
    """Returns the locks of the store that is shown; safe between threads."""

    def __init__(self, shown: Callable[[], Store]) -> None:
        self._shown = shown
        self._kept: OrderedDict[Key, Locked] = OrderedDict()
        self._lock = threading.Lock()

    def at(self, moment: dt.datetime) -> Locked:
        """Return the locks at the end of a minute, the same object until something changes.

        Parameters
        ----------
        moment : datetime, aware
            Any second of the minute; things seen within it count.
        """
        store = self._shown()
        minute = moment.replace(second=0, microsecond=0)
        key = store, *_numbers(store), minute
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                found = judge_locks(store, minute + dt.timedelta(seconds=59))
                codes = frozenset(code for code, lock in found.items() if lock.is_locked)
                kept = self._kept[key] = Locked(found, codes)
                while len(self._kept) > _MINUTES_KEPT:
                    self._kept.popitem(last=False)
            return kept


def _numbers(store: Store) -> tuple[int, int, str]:
    """Return what of a store moves when its locks may have: stations, reports, checks done."""
    return store.change_seq(), store.reports_seq(), store.last_check_done()


def locked_codes(at: dt.datetime) -> frozenset[str]:
    """Return the codes of this site's stations that are ``reported_locked`` at a moment, aware."""
    return locked(at).codes


def lock_of(code: str, at: dt.datetime) -> Lock:
    """Return what stands of the reports "locked" of a station of this site, if two devices did."""
    return locked(at).locks.get(code, NO_LOCK)


def locked(at: dt.datetime) -> Locked:
    """Return what stands of the reports "locked" on this site; see `Locks.at`."""
    extensions = current_app.extensions
    now: dt.datetime = extensions["clock"]()
    cast("DeviceKeys", extensions["devices"]).throw_away(now)
    cast("Chores", extensions["chores"]).tend(cast("Stores", extensions["stores"]).shown(), now)
    return cast("Locks", extensions["locks"]).at(at)


def judge_locks(
    store: Store, at: dt.datetime, *, recent: dt.timedelta = LOCK_LASTS
) -> dict[str, Lock]:
    """Read and judge the reports of all stations that two devices called locked within 24 h.

    Parameters
    ----------
    store : Store
        Reports, stations and their history.
    at : datetime, aware
        The moment judged.
    recent : timedelta
        Only stations that somebody called locked within this time. Those whose lock ran out, and
        which need a check, are found by more than 72 hours, at most ``LOOKBACK``.

    Returns
    -------
    dict of str to Lock
        As of ``geo.stations.evidence.find_locks``.
    """
    since = at - LOOKBACK
    codes = store.called_locked(since=since, recent=at - recent)
    return judge_stations(store, codes, at)


def judge_stations(store: Store, codes: Collection[str], at: dt.datetime) -> dict[str, Lock]:
    """Read and judge the reports of some stations; see `judge_locks`."""
    told = store.reports_since(at - LOOKBACK, codes, with_devices=True)
    if not told:
        return {}
    rows = store.read_stations(codes=codes, columns=_COLUMNS).drop(columns="geometry")
    stations = {str(row["code"]): row for row in rows.to_dict("records")}
    verified = _verified(store, stations, at)
    found = find_locks(told, at=at, hours_of=_hours_of(stations), staff_verified=verified)
    return {code: lock for code, lock in found.items() if code in stations}


def staff_verified(store: Store, codes: Collection[str], at: dt.datetime) -> dict[str, dt.datetime]:
    """Return by code when staff last verified or changed stations, up to a moment, aware.

    A day of verification counts from its beginning; a check of the door that found nothing wrong
    counts as well. Stations that staff never looked at are left out.
    """
    rows = store.read_stations(codes=codes, columns=("verified_on",)).drop(columns="geometry")
    stations = {str(row["code"]): row for row in rows.to_dict("records")}
    return _verified(store, stations, at)


def _hours_of(stations: Stations) -> HoursOf:
    """Return the posted hours; a station out of use is closed."""

    def state_of(code: str, at: dt.datetime) -> int:
        row = stations.get(code)
        if row is None or not is_in_use(row, at):
            return CLOSED
        return state_at(Timetable.of(row), at.astimezone(_ZONE).replace(tzinfo=None))

    return state_of


def _verified(store: Store, stations: Stations, at: dt.datetime) -> dict[str, dt.datetime]:
    moments = store.staff_changes(stations, until=at)
    for code, fine_at in store.found_fine(stations, until=at).items():
        moments[code] = max(fine_at, moments.get(code, fine_at))
    for code, row in stations.items():
        if row["verified_on"]:
            day = dt.date.fromisoformat(row["verified_on"])
            start = dt.datetime.combine(day, dt.time(), tzinfo=_ZONE)
            if start <= at:
                moments[code] = max(start, moments.get(code, start))
    return moments
