"""In which subdistrict a position lies, by the areas of the store that is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.area_index import AreaIndex

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from geo.store import Store
    from webmap.stores import Stores


@dataclass(frozen=True)
class _Areas:
    seq: tuple[Store, int]
    names: list[str]
    index: AreaIndex | None


class AreaNames:
    """Names areas by position, read anew when the areas change; safe between threads."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._kept: _Areas | None = None

    def at(self, lon: ArrayLike, lat: ArrayLike) -> list[str]:
        """Return the subdistrict of each position, or its district where none are stored.

        Parameters
        ----------
        lon, lat : array_like, shape (n,) or scalars
            Degrees, WGS-84.

        Returns
        -------
        list of str, length n
            "" outside all areas.
        """
        lon, lat = np.atleast_1d(lon), np.atleast_1d(lat)
        kept = self._current()
        if kept.index is None:
            return [""] * len(lon)
        return [kept.names[row] if row >= 0 else "" for row in kept.index.find(lon, lat).tolist()]

    def _current(self) -> _Areas:
        store = self._stores.shown()
        seq = store, store.areas_seq()
        kept = self._kept
        if kept is None or kept.seq != seq:
            areas = store.read_areas("subdistrict")
            areas = areas if len(areas) else store.read_areas("district")
            index = AreaIndex(areas) if len(areas) else None
            kept = self._kept = _Areas(seq, areas["name"].tolist(), index)
        return kept
