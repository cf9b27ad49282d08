"""The installation's own store, opened once in a process for all who ask for runs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from geo.store import open_store

if TYPE_CHECKING:
    from geo.store import Store
    from webmap.settings import Settings

_MOST: Final = 4  # a process has one; tests open many, one after the other

_opened: Final[OrderedDict[str, Store]] = OrderedDict()
_lock: Final = threading.Lock()


def own_store(settings: Settings) -> Store:
    """Return the open store of these settings; the errors are those of ``open_store``."""
    with _lock:
        store = _opened.get(settings.database)
        if store is None:
            if settings.is_database_inside:
                settings.make_instance()
            store = _opened[settings.database] = open_store(settings.database)
        _opened.move_to_end(settings.database)
        while len(_opened) > _MOST:
            _opened.popitem(last=False)[1].close()
        return store
