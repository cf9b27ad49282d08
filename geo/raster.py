"""Square cells of a plane, and which of them straight segments come near."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Int32s = NDArray[np.int32]
    Whole = Int32s | Ints

_ROUNDING: Final = 1e-6  # of a cell: more than a place can be off
_PIECE: Final = 50_000  # cells looked at at once, about: 5 MB


@dataclass(frozen=True)
class Raster:
    """Cells of one size in rows from the south, columns from the west."""

    west: float
    south: float
    size: float  # side of a cell, in the units of the plane
    columns: int
    rows: int

    @classmethod
    def over(cls, box: tuple[float, float, float, float], size: float, most: int) -> Raster:
        """Return cells over a box, of ``size`` or, lest there be more than ``most``, 2, 4, ... it.

        Parameters
        ----------
        box : tuple of float
            West, south, east, north in the units of the plane. Cells begin at whole sizes.
        size : float
            Side of a cell, > 0.
        most : int
            Number of cells allowed, at least 4.
        """
        while True:
            west, south = (math.floor(side / size - _ROUNDING) for side in box[:2])
            east, north = (math.floor(side / size + _ROUNDING) for side in box[2:])
            columns, rows = east - west + 1, north - south + 1
            if columns * rows <= most:
                return cls(west * size, south * size, size, columns, rows)
            size *= 2.0

    def split(self, times: int) -> Raster:
        """Return the raster in which each cell is ``times`` x ``times`` cells."""
        return Raster(
            self.west, self.south, self.size / times, self.columns * times, self.rows * times
        )

    def locate(self, x: Floats, y: Floats) -> tuple[Ints, Int32s, Int32s]:
        """Return which positions are on the raster, shape (k,), and their columns and rows."""
        column, row = (x - self.west) / self.size, (y - self.south) / self.size
        on = (column >= 0.0) & (column < self.columns) & (row >= 0.0) & (row < self.rows)
        which = np.flatnonzero(on)
        return which, column.take(which).astype(np.int32), row.take(which).astype(np.int32)

    def middle(self, column: Whole, row: Whole) -> tuple[Floats, Floats]:
        """Return x, y of the middles of cells."""
        x, y = column.astype(np.float64) + 0.5, row.astype(np.float64) + 0.5
        return self.west + x * self.size, self.south + y * self.size

    def near(self, lines: Floats, reach: float) -> Iterator[tuple[Ints, Ints, Ints, Floats]]:
        """Yield the cells that segments come near, piece by piece.

        Parameters
        ----------
        lines : ndarray, shape (n, 4)
            x, y of the start of each segment, and the way in x and y to its end.
        reach : float
            What is near, in the units of the plane; >= 0.

        Yields
        ------
        segment, column, row : ndarray of int64, shape (p,)
            Every cell with a point within reach of the segment, and perhaps some a bit farther.
        gap : ndarray, shape (p,)
            Lower bound of the distance between segment and cell, <= reach; 0 where they meet.
        """
        lines, facts = np.ascontiguousarray(lines), _facts(lines)  # else take copies all, each time
        long, wide = (np.abs(lines[:, 2:]).sum(axis=1) / self.size), 2.0 * reach / self.size + 2.0
        looked_at = np.append(0.0, np.cumsum((long + 2.0 * wide) * wide))
        pieces = np.arange(0.0, looked_at[-1] + _PIECE, _PIECE)
        for begin, end in pairwise(np.searchsorted(looked_at[1:], pieces, "right").tolist()):
            segment = np.arange(begin, end)
            segment, row = self._rows_near(lines, segment, reach)
            segment, row, column = self._columns_near(lines, segment, row, reach)
            gap = self._gap(facts.take(segment, axis=0), column, row)
            near = np.flatnonzero(gap <= reach)
            yield segment.take(near), column.take(near), row.take(near), gap.take(near)

    def _rows_near(self, lines: Floats, segment: Ints, reach: float) -> tuple[Ints, Ints]:
        """Return each segment with each row that it comes near."""
        y, dy = lines[segment, 1] - self.south, lines[segment, 3]
        low, high = y + np.minimum(dy, 0.0) - reach, y + np.maximum(dy, 0.0) + reach
        return _spread(segment, low / self.size, high / self.size, self.rows)

    def _columns_near(
        self, lines: Floats, segment: Ints, row: Ints, reach: float
    ) -> tuple[Ints, Ints, Ints]:
        """Return segment, row, column of the cells near the part of a segment that nears a row."""
        x, y, dx, dy = lines.take(segment, axis=0).T
        bottom = self.south + row * self.size - reach - y
        top = bottom + self.size + 2.0 * reach
        slope = np.where(dy == 0.0, 1.0, dy)
        one, other = np.clip(bottom / slope, 0.0, 1.0), np.clip(top / slope, 0.0, 1.0)
        one, other = np.where(dy == 0.0, 0.0, one), np.where(dy == 0.0, 1.0, other)
        low, high = np.minimum(one * dx, other * dx), np.maximum(one * dx, other * dx)
        x -= self.west
        pair, column = _spread(
            np.arange(len(segment)),
            (x + low - reach) / self.size,
            (x + high + reach) / self.size,
            self.columns,
        )
        return segment.take(pair), row.take(pair), column

    def _gap(self, facts: Floats, column: Ints, row: Ints) -> Floats:
        """Return the widest gap that a straight cut between segment and cell leaves (or boxes)."""
        half = self.size / 2.0
        mid_x, mid_y, half_dx, half_dy, normal_x, normal_y, width = facts.T
        east, north = self.middle(column, row)
        x, y = mid_x - east, mid_y - north
        beside = np.abs(x * normal_x + y * normal_y) - half * width
        across = np.maximum(np.abs(x) - half_dx - half, 0.0)
        along = np.maximum(np.abs(y) - half_dy - half, 0.0)
        gap: Floats = np.maximum(np.sqrt(across * across + along * along), beside)
        return gap


def _facts(lines: Floats) -> Floats:
    """Return middle, half extent, unit normal and the sum of its sides of segments, (n, 7)."""
    x, y, dx, dy = lines.T
    length = np.hypot(dx, dy)
    length[length == 0.0] = np.inf
    normal_x, normal_y = dy / length, -dx / length
    width = np.abs(normal_x) + np.abs(normal_y)
    half_dx, half_dy = dx / 2.0, dy / 2.0
    return np.column_stack(
        [x + half_dx, y + half_dy, np.abs(half_dx), np.abs(half_dy), normal_x, normal_y, width]
    )


def _spread(what: Ints, low: Floats, high: Floats, count: int) -> tuple[Ints, Ints]:
    """Return each of ``what`` with each whole number from low to high that is in [0, count)."""
    first = np.maximum(np.floor(low - _ROUNDING), 0.0).astype(np.int64)
    last = np.minimum(np.floor(high + _ROUNDING), count - 1.0).astype(np.int64)
    times = np.maximum(last - first + 1, 0)
    nth = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(what, times), np.repeat(first, times) + nth
