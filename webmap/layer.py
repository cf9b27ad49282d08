"""What the public list shows of the stations, copied into the process, fresh by one counter.

Each request asks the store for its change counter; only when that has moved are the changed rows
read. Pages therefore cost the same at 50 stations and at 200,000.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.store import Store

logger = logging.getLogger(__name__)

COLUMNS: Final = (  # all that the list needs; the rest is read by code when a page wants it
    "code",
    "name",
    "aliases",
    "kind",
    "status",
    "address",
    "district",
    "subdistrict",
    "hours",
    "hours_text",
)
SHOWN: Final = ("open", "temporarily_closed", "built_not_open", "planned")
_SEARCHED: Final = ("name", "aliases", "address", "district", "subdistrict")


@dataclass(frozen=True, slots=True)
class Layer:
    """The shown stations at one change of the store, in the order of the list."""

    seq: int
    rows: pd.DataFrame  # COLUMNS and "order"; by district, then name
    is_demo: bool

    def find(self, words: str) -> pd.DataFrame:
        """Return the rows in which every word occurs in name, alias, address or area.

        Parameters
        ----------
        words : str
            Separated by spaces, taken literally, upper and lower case alike; "" finds all.

        Returns
        -------
        DataFrame
            Rows of ``rows`` in their order.
        """
        rows = self.rows
        for word in words.split():
            hits = pd.Series(data=False, index=rows.index)
            for column in _SEARCHED:
                hits |= rows[column].str.contains(word, case=False, regex=False)
            rows = rows[hits]
        return rows


class LayerCache:
    """Returns the newest `Layer` of the store that is shown; safe between threads."""

    def __init__(self, shown: Callable[[], Store]) -> None:
        self._shown = shown  # own store or demo store: may become another while the site runs
        self._store: Store | None = None
        self._all = pd.DataFrame(columns=list(COLUMNS), dtype="str")  # with those not shown
        self._layer = Layer(seq=-1, rows=self._all, is_demo=False)
        self._lock = threading.Lock()

    def current(self) -> Layer:
        """Return the layer of the store's present change counter."""
        store = self._shown()
        if store is self._store and store.change_seq() == self._layer.seq:
            return self._layer
        with self._lock:
            if store is not self._store:
                self._store, self._layer = store, Layer(-1, self._all, is_demo=False)
            if (seq := store.change_seq()) != self._layer.seq:
                self._layer = self._read(store, seq)
            return self._layer

    def _read(self, store: Store, seq: int) -> Layer:
        """Read what changed since the last layer; a counter that went back means a new store."""
        began = time.perf_counter()
        known = self._layer.seq
        since = known if 0 <= known < seq else None
        changed = store.read_stations(changed_since=since)[list(COLUMNS)]
        kept = self._all[~self._all["code"].isin(changed["code"])] if since is not None else None
        self._all = pd.DataFrame(changed) if kept is None else pd.concat([kept, changed])
        rows = _in_order(self._all[self._all["status"].isin(SHOWN)])
        logger.info(
            "read %d changed stations, %d shown, %.2f s",
            len(changed),
            len(rows),
            time.perf_counter() - began,
        )
        return Layer(seq=seq, rows=rows, is_demo=store.is_demo)


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Sort by district (those without one last), then name, both as a Chinese reader expects.

    GB 18030 keeps the order of GB 2312, whose 3,755 commonest characters stand in order of pinyin:
    near enough to a dictionary, without one.
    """
    keys = pd.DataFrame({
        "without": rows["district"] == "",
        "district": _gb18030(rows["district"]),
        "name": _gb18030(rows["name"]),
        "code": rows["code"],
    })  # fmt: skip
    order = keys.sort_values(list(keys.columns)).index
    return rows.loc[order].reset_index(drop=True)


def _gb18030(texts: pd.Series[str]) -> pd.Series[bytes]:
    """Return the GB 18030 bytes of texts, which sort by pinyin for common characters."""
    return pd.Series(
        [text.encode("gb18030", errors="replace") for text in texts],
        index=texts.index,
        dtype="object",
    )
