"""The districts and subdistricts of the shown stations, as the finder offers them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import pandas as pd

    from webmap.layer import Layer


class Area(NamedTuple):
    """A subdistrict to choose: how the address names it, its name, and its stations counted."""

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
    counts = Counter(zip(named["district"], named["subdistrict"], strict=True))
    found: dict[str, list[Area]] = {}
    for (district, name), stations_of_it in counts.items():
        found.setdefault(district, []).append(Area(f"{district}/{name}", name, stations_of_it))
    return tuple(
        District(
            name, tuple(sorted(areas, key=lambda area: area.name.encode("gb18030", "replace")))
        )
        for name, areas in found.items()
    )


def in_area(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return the rows of ``district/subdistrict``, which may hold ``/`` themselves; all for ""."""
    if not value:
        return rows
    return rows[rows["district"].str.cat(rows["subdistrict"], sep="/") == value]


def name_of(districts: tuple[District, ...], value: str) -> str:
    """Return the name of a subdistrict in the list; "" for one that is not there."""
    known = (area for district in districts for area in district.areas)
    return next((area.name for area in known if area.value == value), "")
