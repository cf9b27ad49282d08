"""The staff's list: every station of a store, closed ones included, and what is still to find out.

Kept in the process and refreshed by the store's change number, as the public layer is.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import pandas as pd

from webmap.layer import merged

if TYPE_CHECKING:
    from geo.store import Store

WANTED: Final = ("address", "hours", "entry_mode", "amenities", "verified_on")  # of a full record
SORTS: Final = ("name", "kind", "area", "status", "done", "verified_on")
_READ: Final = (
    "code", "name", "aliases", "kind", "status", "lon", "lat", "district", "subdistrict",
    "hours_text", *WANTED,
)  # fmt: skip
_SEARCHED: Final = ("name", "aliases", "code", "address", "area")
_DROPPED: Final = ("hours", "hours_text", "entry_mode", "amenities", "district", "subdistrict")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a visitor wants to see of the list; "" is no wish."""

    words: str = ""
    area: str = ""
    kind: str = ""
    status: str = ""
    sort: str = ""  # one of SORTS, with "-" before it for the other way round


class Rolls:
    """The lists of the open stores; safe between threads."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Store, tuple[int, pd.DataFrame]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, store: Store) -> pd.DataFrame:
        """Return the list of a store at its present change number.

        Returns
        -------
        DataFrame, n rows in the order of area, name, code
            code, name, aliases, kind, status, lon, lat, address, verified_on, area (district and
            subdistrict, one blank between them), done (how many of WANTED are known), and
            ``has_<field>`` for each of WANTED.
        """
        with self._lock:
            seq = store.change_seq()
            known, rows = self._kept.get(store, (-1, None))
            if rows is None or known != seq:
                rows = _read(store, known if 0 <= known < seq else None, rows)
                self._kept[store] = seq, rows
            return rows


def find(rows: pd.DataFrame, wish: Wish) -> pd.DataFrame:
    """Return the rows of a list that fit a wish, in the order asked for.

    Parameters
    ----------
    rows : DataFrame
        As `Rolls.of` returns them.
    wish : Wish
        Every one of its words occurs in name, alias, code, address or area, upper and lower case
        alike; an order that is none of SORTS is that of the list.
    """
    for column in ("area", "kind", "status"):
        if value := getattr(wish, column):
            rows = rows[rows[column] == value]
    for word in wish.words.split():
        hits = pd.Series(data=False, index=rows.index)
        for column in _SEARCHED:
            hits |= rows[column].str.contains(word, case=False, regex=False)
        rows = rows[hits]
    column = wish.sort.removeprefix("-")
    if column not in SORTS:
        return rows
    key = rows[column] if column == "done" else _by_sound(rows[column])
    return rows.loc[key.sort_values(kind="stable", ascending=wish.sort == column).index]


def areas_of(rows: pd.DataFrame) -> list[str]:
    """Return the areas that occur in a list, as a Chinese reader expects them."""
    found = pd.Series(rows["area"].unique(), dtype=str)
    found = found[found != ""]
    return found.loc[_by_sound(found).sort_values().index].tolist()


def _read(store: Store, since: int | None, kept: pd.DataFrame | None) -> pd.DataFrame:
    """Read all stations, or those changed since a change number, into the rows kept."""
    rows = pd.DataFrame(store.read_stations(changed_since=since, columns=_READ))[list(_READ)]
    rows["area"] = (rows["district"] + " " + rows["subdistrict"]).str.strip()
    for name in WANTED:
        rows[f"has_{name}"] = rows[name] != ""
    rows["has_hours"] |= rows["hours_text"] != ""
    rows["done"] = rows[[f"has_{name}" for name in WANTED]].sum(axis="columns")
    rows = rows.drop(columns=list(_DROPPED))
    rows = merged(store, kept, rows, since)
    keys = pd.DataFrame({
        "without": rows["area"] == "",
        "area": _by_sound(rows["area"]),
        "name": _by_sound(rows["name"]),
        "code": rows["code"],
    })  # fmt: skip
    return rows.loc[keys.sort_values(list(keys.columns)).index].reset_index(drop=True)


def _by_sound(texts: pd.Series[str]) -> pd.Series[bytes]:
    """Return the GB 18030 bytes of texts, which sort common characters by pinyin."""
    return pd.Series(
        [text.encode("gb18030", errors="replace") for text in texts],
        index=texts.index,
        dtype="object",
    )
