"""Public pages that are the same for everybody for a minute, kept in the process as written."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MOST_PAGES: Final = 200  # of some 40 kB


class Pages:
    """The pages asked for last, by all that they depend on; safe between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, write: Callable[[], str]) -> str:
        """Return the page of a key, written now if it is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        page = write()
        with self._lock:
            self._kept[key] = page
            if len(self._kept) > MOST_PAGES:
                self._kept.popitem(last=False)
        return page
