"""Which area a position is in: the answer of its cell, or the exact test beside borders."""

from __future__ import annotations

import math
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.raster import Raster

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Whole = NDArray[np.int32] | Ints

_FEW: Final = 1000  # so few positions are not worth the cells, which are made at first need
_CELLS: Final = 2**20  # over the box of the layer; 200 m in one as wide as Beijing
_SHIFT: Final = 3  # a cell with a border in it is 8 x 8 fine cells
_SIDE: Final = 2**_SHIFT
_LEAST: Final = 1e-5  # degrees, side of a cell
_ROUNDING: Final = 1e-6  # of a fine cell: a border so close to it may be in it
_NONE: Final = -1  # an answer is the row of an area, or one of these three
_BORDER: Final = -2  # test each position
_UNKNOWN: Final = -3  # not asked yet


class AreaIndex:
    """Finds the area of positions; of overlapping areas the first in the file.

    It may be asked from several threads: two may fill the same cell, but with the same row.
    """

    def __init__(self, areas: gpd.GeoDataFrame) -> None:
        self.names: tuple[str, ...] = tuple(areas["name"])
        self._polygons = areas.geometry.to_numpy()
        shapely.prepare(self._polygons)
        self._tree = shapely.STRtree(self._polygons)
        self._lock = threading.Lock()  # GEOS finishes preparing a polygon at its first test

    def find(self, lon: ArrayLike, lat: ArrayLike) -> Ints:
        """Return the row of each position's area, -1 for none, shape (n,).

        A position on a border belongs to the first area that touches it.
        """
        x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        if len(x) < _FEW or (cells := self._cells) is None:
            return self._test(x, y)
        rows, cell, column, row = cells.locate(x, y)
        answer = cells.answers.take(cell)
        unknown = np.flatnonzero(answer == _UNKNOWN)
        if len(unknown):
            fresh, nth = np.unique(cell.take(unknown), return_index=True)
            one = unknown.take(nth)  # no border is in its cell: any point of it has its answer
            cells.answers[fresh] = self._test(*cells.middle(column.take(one), row.take(one)))
            answer = cells.answers.take(cell)
        found = np.full(x.shape, _NONE, dtype=np.int64)
        found[rows] = answer
        beside = rows.take(np.flatnonzero(answer == _BORDER))
        found[beside] = self._test(x.take(beside), y.take(beside))
        return found

    def _test(self, x: Floats, y: Floats) -> Ints:
        """Return the first area that each position touches, -1 for none."""
        position, row = self._tree.query(shapely.points(x, y))
        with self._lock:
            touching = shapely.intersects_xy(self._polygons[row], x[position], y[position])
        found = np.full(x.shape, len(self.names), dtype=np.int64)
        np.minimum.at(found, position[touching], row[touching])
        found[found == len(self.names)] = _NONE
        return found

    @cached_property
    def _cells(self) -> _Cells | None:
        """The cells over all areas; None if no area has any width."""
        borders = _borders(self._polygons)
        if not len(borders):
            return None
        west, south = borders[:, :2].min(axis=0).tolist()
        east, north = borders[:, :2].max(axis=0).tolist()
        size = max(math.sqrt((east - west) * (north - south) / _CELLS), _LEAST)
        return _Cells(Raster.over((west, south, east, north), size, 2 * _CELLS), borders)


class _Cells:
    """Cells without a border in them, and fine cells in the place of those with one.

    Both are numbered together, the fine ones after all others.
    """

    def __init__(self, raster: Raster, borders: Floats) -> None:
        self._columns = raster.columns
        self._fine = raster.split(_SIDE)
        self._block = np.full(raster.columns * raster.rows, -1, dtype=np.int32)
        near = self._fine.size * _ROUNDING
        for _, column, row, _ in raster.near(borders, near):
            self._block[row * raster.columns + column] = 0
        split = np.flatnonzero(self._block == 0)
        self._block[split] = np.arange(len(split))
        count = len(self._block) + len(split) * _SIDE * _SIDE
        self.answers = np.full(count, _UNKNOWN, dtype=np.int32)
        for _, column, row, _ in self._fine.near(borders, near):
            self.answers[self._cell(column, row)] = _BORDER

    def locate(self, x: Floats, y: Floats) -> tuple[Ints, Ints, Whole, Whole]:
        """Return which positions are on the cells, shape (k,), their cells, fine columns, rows."""
        rows, column, row = self._fine.locate(x, y)
        return rows, self._cell(column, row), column, row

    def middle(self, column: Whole, row: Whole) -> tuple[Floats, Floats]:
        """Return the middles of fine cells."""
        return self._fine.middle(column, row)

    def _cell(self, column: Whole, row: Whole) -> Ints:
        """Return the cells that fine columns and rows are in."""
        cell = (row >> _SHIFT) * np.int64(self._columns) + (column >> _SHIFT)
        block = self._block.take(cell)
        split = np.flatnonzero(block >= 0)
        within = ((row.take(split) & (_SIDE - 1)) << _SHIFT) | (column.take(split) & (_SIDE - 1))
        cell[split] = len(self._block) + (block.take(split).astype(np.int64) << 2 * _SHIFT) + within
        return cell


def _borders(polygons: NDArray[np.object_]) -> Floats:
    """Return x, y and the way in x and y to the end of every side of polygons, shape (n, 4)."""
    rings = shapely.get_rings(shapely.get_parts(polygons))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    sides = np.flatnonzero(ring[1:] == ring[:-1])
    return np.column_stack([corners[sides], corners[sides + 1] - corners[sides]])
