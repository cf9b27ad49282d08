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
                told = frozenset(store.codes_told((OPEN,), since=now - KEPT))
                known = self._known = _Known(key, told, {})
            if code not in known.told:
                return None
            if code not in known.found:
                reports = store.reports_since(now - KEPT, [code], with_devices=True)
                known.found[code] = last_evidence(reports).get(code, _NEVER)
            found = known.found[code]
        return None if found == _NEVER else found


def last_opened(code: str, now: dt.datetime) -> dt.datetime | None:
    """Return when a worker last said that a station of this site is open; see `Opened.last`."""
    return cast("Opened", current_app.extensions["opened"]).last(code, now)
