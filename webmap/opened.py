"""When a worker last said that a station is open: asked of the store again after each report."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from flask import current_app

from geo.stations.evidence import OPEN, last_evidence
from webmap.chores import KEPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.store import Store

_NEVER: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


class _Known(NamedTuple):
    """What is known at one report of the store."""

    key: tuple[Store, int, dt.date]
    told: frozenset[str]  # codes of which anybody said "open"
    found: dict[str, dt.datetime]  # by code, of those asked for; _NEVER: bursts only


class Opened:
    """Returns it for the store that is shown; safe between threads."""

    def __init__(self, shown: Callable[[], Store]) -> None:
        self._shown = shown
        self._known: _Known | None = None
        self._lock = threading.Lock()

    def last(self, code: str, now: dt.datetime) -> dt.datetime | None:
        """Return when "open" was last said of a station, bursts left out; None if never."""
        store = self._shown()
        key = store, store.reports_seq(), now.date()
        with self._lock:
            known = self._known
            if known is None or known.key != key:
                known = self._known = _Known(key, _told(store, known, key, now), {})
            if code not in known.told:
                return None
            if code not in known.found:
                reports = store.reports_since(now - KEPT, [code], with_devices=True)
                known.found[code] = last_evidence(reports).get(code, _NEVER)
            found = known.found[code]
        return None if found == _NEVER else found


def _told(
    store: Store, known: _Known | None, key: tuple[Store, int, dt.date], now: dt.datetime
) -> frozenset[str]:
    """Return the codes of which anybody said "open"; of a day that goes on, what is new is read."""
    before = known.key if known else None
    if known and before and before[0] is key[0] and before[1] < key[1] and before[2] == key[2]:
        return known.told.union(store.codes_told((OPEN,), since=now - KEPT, after=before[1]))
    return frozenset(store.codes_told((OPEN,), since=now - KEPT))


def last_opened(code: str, now: dt.datetime) -> dt.datetime | None:
    """Return when a worker last said that a station of this site is open; see `Opened.last`."""
    return cast("Opened", current_app.extensions["opened"]).last(code, now)
