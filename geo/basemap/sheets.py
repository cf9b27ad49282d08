"""A layer as it is drawn at some zooms: fewer areas, no names, near things gathered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString, MultiLineString, MultiPolygon

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from geo.basemap.layers import Sheet

_CELL_DEG: Final = 0.01  # what is gathered lies within about 1 km: GDAL clips it by few tiles
_M_PER_DEG: Final = 111_195.0  # of latitude, on the mean sphere: near enough for drawing


def make_sheet(features: gpd.GeoDataFrame, sheet: Sheet) -> gpd.GeoDataFrame:
    """Return the features of a layer as a sheet draws them, in the same order of kinds.

    Parameters
    ----------
    features : GeoDataFrame
        Columns ``kind``, ``name``, ``name_en`` and geometry, EPSG:4326.
    sheet : Sheet
        What to leave out.

    Returns
    -------
    GeoDataFrame
        The same columns, EPSG:4326.
    """
    if sheet.least_m2:
        features = features[_area_m2(features) >= sheet.least_m2]
    return _gathered(features) if sheet.is_plain and len(features) else features


def _area_m2(features: gpd.GeoDataFrame) -> NDArray[np.float64]:
    shapes = features.geometry.to_numpy()
    lat = (shapely.bounds(shapes)[:, 1] + shapely.bounds(shapes)[:, 3]) / 2
    return np.asarray(shapely.area(shapes) * _M_PER_DEG**2 * np.cos(np.radians(lat)))


def _gathered(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put what is of one kind and near each other into one feature, lines joined end to end."""
    boxes = features.geometry.bounds
    cells = pd.DataFrame(
        {
            "kind": features["kind"],
            "column": np.floor((boxes["minx"] + boxes["maxx"]) / 2 / _CELL_DEG),
            "row": np.floor((boxes["miny"] + boxes["maxy"]) / 2 / _CELL_DEG),
        }
    )
    groups = features.geometry.groupby([cells[name] for name in cells], sort=False)
    shapes = [(key[0], _joined(group.to_numpy())) for key, group in groups]
    order = {kind: place for place, kind in enumerate(pd.unique(features["kind"]))}
    shapes.sort(key=lambda shape: order[shape[0]])
    kinds, geometry = zip(*shapes, strict=True)
    table = {"kind": kinds, "name": None, "name_en": None}
    return gpd.GeoDataFrame(table, geometry=list(geometry), crs=features.crs)


def _joined(shapes: NDArray[np.object_]) -> BaseGeometry:
    """Return lines joined to fewer, or areas side by side, in one shape."""
    parts = shapely.get_parts(shapes).tolist()
    if isinstance(parts[0], LineString):
        return shapely.line_merge(MultiLineString(parts))
    return MultiPolygon(parts)
