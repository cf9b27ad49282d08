"""The stores of an installation, opened when first asked: its own, and the demo's.

The demo is shown only while the own store holds no station; the first own station ends it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from geo.store import open_store
from webmap.once import once

if TYPE_CHECKING:
    from geo.store import Store
    from webmap.settings import Settings

OWN: Final = "own"
DEMO: Final = "demo"


class Stores:
    """The own store and, beside it, the demo store if its file is there; safe between threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open: dict[str, Store] = {}
        self._demo_file: tuple[int, int] | None = None  # which file the open demo store is
        self._emptiness: tuple[int, bool] = (-1, True)  # of the own store, at a change number
        self._lock = threading.Lock()

    def own(self) -> Store:
        """Return the own store; the errors are those of ``geo.store.open_store``."""
        return self._opened(OWN, self._settings.database)

    def demo(self) -> Store | None:
        """Return the demo store; None where none was made (``nuanyi demo``)."""
        try:
            about = self._settings.demo_file.stat()
        except OSError:
            return None
        with self._lock:
            if self._demo_file != (about.st_dev, about.st_ino):  # made anew: the old one is gone
                self._open.pop(DEMO, None)
                self._demo_file = about.st_dev, about.st_ino
        return self._opened(DEMO, self._settings.demo_database)

    def shown(self) -> Store:
        """Return the store that the public sees: the own one, or the demo while that is empty."""
        return once((self, "shown"), self._find_shown)

    def _find_shown(self) -> Store:
        own = self.own()
        return (self.demo() or own) if self.is_own_empty() else own

    def is_own_empty(self) -> bool:
        """Return whether the own store holds no station, closed ones included."""
        own = self.own()
        seq = own.change_seq()
        if self._emptiness[0] != seq:
            self._emptiness = seq, own.count_stations() == 0
        return self._emptiness[1]

    def close(self) -> None:
        """Close all; the next question opens them again."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()

    def _opened(self, name: str, url: str) -> Store:
        with self._lock:
            if name not in self._open:
                self._open[name] = open_store(url)
            return self._open[name]
