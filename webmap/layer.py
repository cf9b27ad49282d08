"""What the public sees of the stations, copied into the process, fresh by one counter.

Each request asks the store for its change counter; only when that has moved are the changed rows
read. Pages therefore cost the same at 50 stations and at 200,000. Only fields that anybody may see
are held, and of them those that list, map and finder ask for; the rest is read by code.
"""

from __future__ import annotations

import bisect
import datetime as dt
import logging
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from geo.hours import Timetable
from geo.nearest.arrival import State, state_now
from geo.stations.status import in_use
from webmap.once import once

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.store import Store
    from webmap.grid import Grid

logger = logging.getLogger(__name__)

COLUMNS: Final = (
    "code", "name", "aliases", "kind", "status", "status_until", "lon", "lat",
    "address", "district", "subdistrict", "hours", "hours_text", "self_hours",
    "entry_mode", "self_entry_mode", "needs_phone", "amenities", "amenity_hours", "verified_on",
)  # fmt: skip
SHOWN: Final = ("open", "temporarily_closed", "built_not_open", "planned")
_MINUTES_KEPT: Final = 4  # the present one, and some that visitors ask for


class States(NamedTuple):
    """The states of all stations in one minute; "closed" if not in use, whatever the hours."""

    words: NDArray[np.object_]  # (n,) of str
    is_open: NDArray[np.bool_]  # (n,)
    running: NDArray[np.int64]  # (n + 1,) open ones among the first 0, 1, ... of the grid's order


@dataclass(frozen=True, eq=False)
class Layer:
    """The shown stations at one change of the store, n rows in the order of the list."""

    seq: int
    rows: pd.DataFrame  # COLUMNS; by district, then name
    is_demo: bool

    @property
    def key(self) -> tuple[bool, int]:
        """What tells this layer from those before and after it."""
        return self.is_demo, self.seq

    @cached_property
    def lon(self) -> NDArray[np.float64]:
        """Degrees, WGS-84, shape (n,)."""
        return self.rows["lon"].to_numpy(dtype=np.float64)

    @cached_property
    def lat(self) -> NDArray[np.float64]:
        """Degrees, WGS-84, shape (n,)."""
        return self.rows["lat"].to_numpy(dtype=np.float64)

    @cached_property
    def by_code(self) -> NDArray[np.int32]:
        """The rows in the order of their codes, shape (n,)."""
        codes = self.rows["code"].tolist()
        return np.array(sorted(range(len(codes)), key=codes.__getitem__), dtype=np.int32)

    @cached_property
    def grid(self) -> Grid:
        """The stations as the map asks for them."""
        from webmap.grid import Grid  # noqa: PLC0415 - grid and layer name each other

        return Grid(self.lon, self.lat)

    def after(self, code: str) -> int:
        """Return the place in ``by_code`` of the first station whose code is greater."""
        codes = self.rows["code"].array
        return bisect.bisect_right(self.by_code, code, key=lambda row: str(codes[row]))

    def row_of(self, code: str) -> int | None:
        """Return the row of a station; None if none shown has this code."""
        place = self.after(code) - 1
        if place >= 0 and self.rows["code"].array[self.by_code[place]] == code:
            return int(self.by_code[place])
        return None

    def states(self, at: dt.datetime, locked: frozenset[str] = frozenset()) -> States:
        """Return the stations' states for somebody before their doors in the minute of ``at``.

        ``locked`` are the codes that workers reported locked.
        """
        minute = at.astimezone(dt.UTC).replace(second=0, microsecond=0)
        kept = self._states.get((minute, locked))
        if kept is None:
            kept = self._judge(minute, locked)
            while len(self._states) >= _MINUTES_KEPT:
                self._states.pop(next(iter(list(self._states))), None)
            self._states[minute, locked] = kept
        return kept

    def _judge(self, at: dt.datetime, locked: frozenset[str]) -> States:
        """Judge every timetable once."""
        hours, tables = self._hours
        of_table: list[State] = [state_now(table, at) for table in tables]
        place = np.where(in_use(self.rows, at), hours, len(tables))
        found = [row for code in locked if (row := self.row_of(code)) is not None]
        place[[row for row in found if place[row] < len(tables)]] = len(tables) + 1
        words = np.array([*of_table, "closed", "reported_locked"], dtype=object)[place]
        is_open = np.equal(words, "open").astype(np.bool_)
        return States(words, is_open, self.grid.running(is_open))

    @cached_property
    def _states(self) -> dict[tuple[dt.datetime, frozenset[str]], States]:
        return {}

    @cached_property
    def _hours(self) -> tuple[NDArray[np.int64], list[Timetable]]:
        """Each station's number in a list of the different timetables, and the list."""
        own, texts = pd.factorize(self.rows["hours"])
        by_itself, self_texts = pd.factorize(self.rows["self_hours"])
        pairs, number = np.unique(own * len(self_texts) + by_itself, return_inverse=True)
        each = (divmod(int(pair), len(self_texts)) for pair in pairs)
        return number, [Timetable(str(texts[one]), str(self_texts[two])) for one, two in each]


class LayerCache:
    """Returns the newest `Layer` of the store that is shown; safe between threads."""

    def __init__(self, shown: Callable[[], Store]) -> None:
        self._shown = shown  # own store or demo store: may become another while the site runs
        self._all = _no_rows()  # with those not shown
        self._now: tuple[Store | None, Layer] = (None, Layer(-1, self._all, is_demo=False))
        self._lock = threading.Lock()

    def current(self) -> Layer:
        """Return the layer of the store's present change counter."""
        return once((self, "layer"), self._newest)

    def _newest(self) -> Layer:
        store = self._shown()
        of, layer = self._now  # both at once: another thread may turn to another store
        if store is of and store.change_seq() == layer.seq:
            return layer
        with self._lock:
            of, layer = self._now
            known = layer.seq if store is of else -1
            if (seq := store.change_seq()) != known:
                layer = self._read(store, seq, known)
                self._now = store, layer
            return layer

    def _read(self, store: Store, seq: int, known: int) -> Layer:
        """Read what changed since ``known``; a counter that went back means a new store."""
        began = time.perf_counter()
        since = known if 0 <= known < seq else None
        changed = store.read_stations(changed_since=since, columns=COLUMNS)[list(COLUMNS)]
        self._all = merged(store, self._all if since is not None else None, changed, since)
        rows = _in_order(self._all[self._all["status"].isin(SHOWN)])
        logger.info(
            "read %d changed stations, %d shown, %.2f s",
            len(changed),
            len(rows),
            time.perf_counter() - began,
        )
        return Layer(seq=seq, rows=rows, is_demo=store.is_demo)


def merged(
    store: Store, kept: pd.DataFrame | None, changed: pd.DataFrame, since: int | None
) -> pd.DataFrame:
    """Return a copy of a store's rows brought up to date.

    Parameters
    ----------
    store : Store
        Asked which stations went out since.
    kept : DataFrame or None
        The rows as they were at the change number ``since``, column ``code``; None: none.
    changed : DataFrame
        Those read since, with the same columns. Reading them comes before this call: a station
        that went and came back meanwhile is among them.
    since : int or None
        None: ``changed`` is all there is.
    """
    if kept is None or since is None:
        return pd.DataFrame(changed)
    gone = [*store.removed_since(since), *changed["code"]]
    return pd.concat([kept[~kept["code"].isin(gone)], changed], ignore_index=True)


def _no_rows() -> pd.DataFrame:
    kinds = {name: "float64" if name in ("lon", "lat") else "str" for name in COLUMNS}
    return pd.DataFrame(columns=list(COLUMNS)).astype(kinds)


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
