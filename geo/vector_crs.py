"""Positions of vector files in degrees: by the CRS a file states, or as they stand in a datum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo.coords import MAX_LAT, MAX_LON, WGS84, require_datum, to_wgs84
from geo.errors import MissingCrsError, SourceFormatError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def to_degrees(frame: gpd.GeoDataFrame, source: str, *, datum: str = "wgs84") -> gpd.GeoDataFrame:
    """Return a frame in EPSG:4326.

    Parameters
    ----------
    frame : GeoDataFrame, n rows
        As read from the file; n >= 1. Geometries may be missing.
    source : str
        The file, for messages.
    datum : {"wgs84", "gcj02", "bd09"}
        With another than ``wgs84`` the numbers are taken as they stand, whatever CRS is stated:
        no CRS can say GCJ-02.

    Returns
    -------
    GeoDataFrame, n rows
        In the order of ``frame``; in another datum without heights.

    Raises
    ------
    MissingCrsError
        ``datum`` is wgs84 and the frame states no CRS.
    InvalidDatumError
        ``datum`` is not known.
    ConvergenceError
        From `geo.coords.to_wgs84`: a position on the edge of the Chinese shift.
    SourceFormatError
        The numbers are no degrees.
    """
    frame = _in_wgs84(frame, source, datum)
    _require_degrees(frame, source)
    return frame


def _in_wgs84(frame: gpd.GeoDataFrame, source: str, datum: str) -> gpd.GeoDataFrame:
    if require_datum(datum) == "wgs84":
        if frame.crs is None:
            msg = f"{source}: does not say its coordinate reference system; save it with one"
            raise MissingCrsError(msg)
        return frame.to_crs(WGS84)

    def convert(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84(degrees[:, 0], degrees[:, 1], datum))

    moved = shapely.transform(shapely.force_2d(frame.geometry.to_numpy()), convert)
    return frame.set_geometry(gpd.GeoSeries(moved, index=frame.index), crs=None).set_crs(
        WGS84, allow_override=True
    )


def _require_degrees(frame: gpd.GeoDataFrame, source: str) -> None:
    west, south, east, north = frame.total_bounds
    if max(-west, east) > MAX_LON or max(-south, north) > MAX_LAT:
        msg = (
            f"{source}: its coordinates reach from {west:.6g}, {south:.6g} to {east:.6g}, "
            f"{north:.6g}, which are no degrees; save it with the CRS they are in"
        )
        raise SourceFormatError(msg)
