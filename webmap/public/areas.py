"""The districts and subdistricts of the shown stations, as the finder offers them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from webmap.layer import Layer

_COUNTED: Final = ("open", "temporarily_closed")


class Area(NamedTuple):
    """A subdistrict to choose: how the address names it, its name, and its stations counted.

    Those that have never been open do not count (`have_opened`), in lists on paper neither.
    """

    value: str
    name: str
    stations: int


class District(NamedTuple):
    """A district and its subdistricts."""

    name: str
    areas: tuple[Area, ...]


_kept: WeakKeyDictionary[Layer, tuple[District, ...]] = WeakKeyDictionary()


def list_areas(stations: Layer) -> tuple[District, ...]:
    """Return the districts that name a subdistrict, in the order of the list."""
    if stations not in _kept:
        _kept[stations] = _list_areas(stations.rows)
    return _kept[stations]


def _list_areas(rows: pd.DataFrame) -> tuple[District, ...]:
    named = rows[rows["subdistrict"] != ""]
    counts = Counter(dict.fromkeys(_pairs(named), 0))
    counts.update(_pairs(named[have_opened(named)]))
    found: dict[str, list[Area]] = {}
    for (district, name), stations_of_it in counts.items():
        found.setdefault(district, []).append(Area(f"{district}/{name}", name, stations_of_it))
    return tuple(
        District(
            name, tuple(sorted(areas, key=lambda area: area.name.encode("gb18030", "replace")))
        )
        for name, areas in found.items()
    )


def _pairs(rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(rows["district"], rows["subdistrict"], strict=True)


def have_opened(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which stations count: those built or planned that were never open do not."""
    return rows["status"].isin(_COUNTED).to_numpy(dtype=bool)


def in_area(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return the rows of ``district/subdistrict``, which may hold ``/`` themselves; all for ""."""
    if not value:
        return rows
    return rows[rows["district"].str.cat(rows["subdistrict"], sep="/") == value]


def name_of(districts: tuple[District, ...], value: str) -> str:
    """Return the name of a subdistrict in the list; "" for one that is not there."""
    known = (area for district in districts for area in district.areas)
    return next((area.name for area in known if area.value == value), "")
