"""The ground an installation stands on: whether a position is plausible, and its area."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from flask_babel import gettext

from geo.area_index import AreaIndex
from geo.coords import geodesic_m, in_china_box

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame

    Floats = NDArray[np.float64]

FAR_M: Final = 50_000.0  # farther from everything known, a position is a slip of the finger
_FILLED: Final = ("district", "subdistrict")  # levels of areas that are fields of a station


@dataclass(frozen=True)
class Ground:
    """What is known of the place: areas, boxes of cities, other stations."""

    areas: GeoDataFrame  # as ``Store.read_areas`` returns them
    boxes: tuple[tuple[float, float, float, float], ...]  # west, south, east, north of cities
    stations: DataFrame  # code, lon, lat

    def fault(self, lon: float, lat: float, *, but: str = "") -> str:
        """Return what is wrong with a position, "" if it may be.

        Parameters
        ----------
        lon, lat : float
            Degrees, WGS-84.
        but : str
            Code of the station that is moved; its old position proves nothing.
        """
        if not in_china_box([lon], [lat])[0]:
            return gettext("这个位置在国外。经度和纬度填反了，或者少打了一位数？")
        if (away_m := self._away_m(lon, lat, but)) > FAR_M:
            return gettext(
                "这里离所有的驿站和街道都很远，最近的也有 %(km)s 公里。看看数字有没有打错；"
                "真的是新地方，请管理员先导入那里的街道。",
                km=f"{away_m / 1000:.0f}",
            )
        return ""

    def name_areas(self, cells: Mapping[str, str], lon: float, lat: float) -> dict[str, str]:
        """Return the district and subdistrict of a position, where the station names none."""
        found = {}
        for level in _FILLED:
            areas = self.areas[self.areas["level"] == level]
            if cells.get(level) or areas.empty:
                continue
            index = AreaIndex(areas)
            row = int(index.find([lon], [lat])[0])
            if row >= 0:
                found[level] = index.names[row]
        return found

    def _away_m(self, lon: float, lat: float, but: str) -> float:
        """Return the metres to the nearest thing known; 0 where nothing is known."""
        boxes = np.array([*self.areas.bounds.to_numpy().tolist(), *self.boxes], dtype=np.float64)
        others = self.stations[self.stations["code"] != but]
        boxes = boxes.reshape(-1, 4)
        x = np.concatenate([np.clip(lon, boxes[:, 0], boxes[:, 2]), others["lon"].to_numpy()])
        y = np.concatenate([np.clip(lat, boxes[:, 1], boxes[:, 3]), others["lat"].to_numpy()])
        if not len(x):
            return 0.0
        nearest = _nearest_few(x - lon, (y - lat), lat)
        x, y = x[nearest], y[nearest]
        return float(geodesic_m(np.full(len(x), lon), np.full(len(x), lat), x, y).min())


def _nearest_few(dx: Floats, dy: Floats, lat: float) -> NDArray[np.int64]:
    """Return the places of the few positions that may be nearest, by a flat measure."""
    flat = np.hypot(dx * math.cos(math.radians(lat)), dy)
    return np.argsort(flat)[:8]
