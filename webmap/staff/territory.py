"""The area an account works for: what its owner may change lies inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from geopandas import GeoDataFrame


@dataclass(frozen=True, slots=True)
class Territory:
    """An area by code, name and shape; without a code it is everywhere."""

    code: str
    name: str
    shape: shapely.Geometry | None  # None: known by name only

    def holds(self, lon: float, lat: float, names: Collection[str]) -> bool:
        """Return whether a station lies here.

        Parameters
        ----------
        lon, lat : float
            Degrees, WGS-84; a position on the border is inside.
        names : collection of str
            The district and subdistrict that the station names; they decide only where the area
            has no shape.
        """
        if not self.code:
            return True
        if self.shape is not None:
            return bool(shapely.intersects_xy(self.shape, lon, lat))
        return bool({self.code, self.name} & set(names))

    def holds_row(self, row: Mapping[str, Any]) -> bool:
        """Return whether a station lies here, by its cells lon, lat, district, subdistrict."""
        return self.holds(row["lon"], row["lat"], (row["district"], row["subdistrict"]))


def find_territory(code: str, areas: GeoDataFrame) -> Territory:
    """Return the area of an account.

    Parameters
    ----------
    code : str
        As the account has it; "" is everywhere, a code that no area has is taken for a name.
    areas : GeoDataFrame
        As ``Store.read_areas`` returns them.
    """
    found = areas[areas["code"] == code]
    if not code or found.empty:
        return Territory(code, code, None)
    shape = found.geometry.iloc[0]
    return Territory(code, str(found["name"].iloc[0]), None if shape.is_empty else shape)
