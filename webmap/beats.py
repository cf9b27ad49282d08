"""Beats between files and the store: frames to save, and the area a line lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.area_index import AreaIndex
from geo.coords import WGS84, geodesic_m
from geo.store.beats import TOLD
from webmap.runs.record import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.tracks.beat_files import Beat

TRADES: Final = ("sanitation", "courier", "rider", "other")
LONGEST: Final = {"name": 80, "note": 500, "shift_text": 200}  # characters
_LEVELS: Final = ("subdistrict", "district", "city")  # the smallest first


def frame_of(rows: Sequence[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Return beats as ``Store.save_beats`` takes them; each has all cells and a ``geometry``."""
    cells = {name: [row[name] for row in rows] for name in TOLD}
    return gpd.GeoDataFrame(cells, geometry=[row["geometry"] for row in rows], crs=WGS84)


def rows_of(
    beats: Iterable[Beat], *, source: str, area: str, areas: gpd.GeoDataFrame
) -> list[dict[str, Any]]:
    """Return the beats of a file as cells.

    Parameters
    ----------
    beats : iterable of Beat
        As they were read.
    source : str
        The file.
    area : str
        Code for all of them; "" = of each that in which most of it lies.
    areas : GeoDataFrame
        As ``Store.read_areas`` returns them.
    """
    return [_cells(beat, source, area, areas) for beat in beats]


def _cells(beat: Beat, source: str, area: str, areas: gpd.GeoDataFrame) -> dict[str, Any]:
    lines = [shapely.LineString(line) for line in beat.lines]
    shape = lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)
    name = beat.name or beat.route or source
    return {
        "id": new_id(),
        "name": name[: LONGEST["name"]],
        "area": area or suggest_area(shape, areas),
        "trade": beat.trade if beat.trade in TRADES else "",
        "shift": beat.shift,
        "shift_text": "",
        "workers": beat.workers,
        "source": source,
        "note": "",
        "geometry": shape,
    }


def suggest_area(shape: shapely.Geometry, areas: gpd.GeoDataFrame) -> str:
    """Return the code of the smallest area in which most corners of a line lie; "" for none."""
    lon, lat = shapely.get_coordinates(shape).T
    for level in _LEVELS:
        some = areas[areas["level"] == level]
        if some.empty:
            continue
        rows = AreaIndex(some).find(lon, lat)
        counts = np.bincount(rows[rows >= 0], minlength=len(some))
        if counts.max() * 2 > len(rows):
            return str(some["code"].iloc[int(counts.argmax())])
    return ""


def length_m(shape: shapely.Geometry) -> float:
    """Return the length of a line on the ellipsoid, metres."""
    metres = 0.0
    for part in shapely.get_parts(shape):
        at = shapely.get_coordinates(part)
        metres += float(geodesic_m(at[:-1, 0], at[:-1, 1], at[1:, 0], at[1:, 1]).sum())
    return metres
