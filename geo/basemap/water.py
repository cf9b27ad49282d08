"""Whether positions lie in water, as the basemap draws it: lakes, river beds, reservoirs."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Final

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError

from geo.basemap.layers import MAX_ZOOM

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.basemap.file import Basemap

    Floats = NDArray[np.float64]

_EXTENT: Final = 4096  # steps along a tile's side, at this zoom
_LAYER: Final = "water"
_MOST_LAT: Final = 85.0  # of a map in Mercator


def in_water(basemap: Basemap, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Return which positions lie in an area of water.

    Parameters
    ----------
    basemap : Basemap
        As `build_basemap` writes it; its finest tiles are read, exact to about 0.3 m.
    lon, lat : array_like, shape (n,)
        Degrees, WGS-84; off the map there is no water.

    Returns
    -------
    ndarray of bool, shape (n,)
        Streams drawn as lines are no area.

    Raises
    ------
    SourceFormatError
        The file is damaged at one of the places.
    """
    across, down = _in_tiles(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    tiles = np.column_stack([np.floor(across), np.floor(down)]).astype(np.int64)
    wet = np.zeros(len(tiles), dtype=np.bool_)
    kinds, kind_of = np.unique(tiles, axis=0, return_inverse=True)
    for number, (x, y) in enumerate(kinds.tolist()):
        rows = np.flatnonzero(kind_of.ravel() == number)
        if (area := _water_of(basemap, x, y)) is not None:
            # a tile's own steps, counted upwards from its south edge
            step_x = (across[rows] - x) * _EXTENT
            step_y = (y + 1 - down[rows]) * _EXTENT
            wet[rows] = shapely.intersects_xy(area, step_x, step_y)
    return wet


def _in_tiles(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return positions in tiles of the last zoom, eastwards and southwards (Web Mercator)."""
    phi = np.radians(np.clip(lat, -_MOST_LAT, _MOST_LAT))
    side = float(1 << MAX_ZOOM)
    return (lon + 180.0) / 360.0 * side, (1.0 - np.arcsinh(np.tan(phi)) / np.pi) / 2.0 * side


def _water_of(basemap: Basemap, x: int, y: int) -> shapely.Geometry | None:
    """Return the water of a tile in its own steps; None without any."""
    packed = basemap.tile(MAX_ZOOM, x, y)
    if not packed:
        return None
    try:
        shapes = pyogrio.read_dataframe(gzip.decompress(packed), layer=_LAYER).geometry.to_numpy()
    except DataLayerError:  # nothing of the kind is in this tile
        return None
    areas = shapes[shapely.get_dimensions(shapes) == 2]  # noqa: PLR2004 - not lines
    return shapely.union_all(shapely.make_valid(areas)) if len(areas) else None
