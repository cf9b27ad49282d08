"""What a site does by itself: checks opened every hour, old reports and wishes deleted every day.

No process of its own: the first page with stations that is asked for in a new hour does it.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from geo.errors import StoreUnavailableError
from webmap.checks import tend_checks

if TYPE_CHECKING:
    from geo.store import Store

logger = logging.getLogger(__name__)

KEPT: Final = dt.timedelta(days=400)  # a report or wish; then it is deleted
_HOUR_S: Final = 3600
_DAY_H: Final = 24


class Chores:
    """When the chores of each store were last done by this process; safe between threads."""

    def __init__(self) -> None:
        self._done: WeakKeyDictionary[Store, int] = WeakKeyDictionary()  # the hour since 1970
        self._lock = threading.Lock()

    def tend(self, store: Store, now: dt.datetime) -> None:
        """Do what is due; nothing within the same hour. A store that is away is left for later."""
        hour = int(now.timestamp()) // _HOUR_S
        with self._lock:
            last = self._done.get(store, -1)
            if hour <= last:
                return
            self._done[store] = hour
        try:
            tend_checks(store, now)
            if hour // _DAY_H > last // _DAY_H:
                purge(store, now)
        except StoreUnavailableError as error:
            logger.warning("chores are put off for an hour: %s", error)


def purge(store: Store, now: dt.datetime) -> None:
    """Delete reports and wishes older than ``KEPT``; a store without any is only read."""
    old = now - KEPT
    reports = store.purge_reports(before=old) if store.has_reports(before=old) else 0
    wishes = store.purge_wishes(before=old.date())
    if reports or wishes:
        logger.info("deleted %d old reports and %d old wishes", reports, wishes)
