"""The districts and subdistricts of the shown stations, as the finder offers them."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

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


@lru_cache(maxsize=4)  # a layer is not equal to another one; two stores, before and after a change
def list_areas(stations: Layer) -> tuple[District, ...]:
    """Return the districts that name a subdistrict, in the order of the list."""
    rows = stations.rows
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
    """Return the rows of ``district/subdistrict``; all for ""."""
    if not value:
        return rows
    district, _, name = value.rpartition("/")
    return rows[(rows["district"] == district) & (rows["subdistrict"] == name)]
