"""Which edges may be the nearest: for each small square of the plane a short list of them.

The list of a cell holds every edge within some reach of the cell, the closest first, each with
its gap to the cell. The best edge of a list is the nearest to a position in the cell if it lies
within the reach: any other edge is farther. Fine cells have a short reach and answer for nearly
all positions; for the others there are coarse cells, whose lists reach as far as is asked. Where
no edge is within that, nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from geo.raster import Raster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Int32s = NDArray[np.int32]

FINE_M: Final = 24.0  # measured against 16 (twice the memory) and 32
NEAR_M: Final = 20.0  # measured against 16 and 24; a phone among buildings errs by 8
_MOST: Final = 2**22  # coarse cells: 16 MB; over a wider box they are larger, and the fine too
_SLACK_M: Final = 1e-6  # more than rounding can make of a distance
_SHIFT: Final = 2  # a coarse cell is 4 x 4 fine ones
_SIDE: Final = 2**_SHIFT
_KEY_SHIFT: Final = 32  # a key to sort by: the cell, below it the entry
_ENTRY_BITS: Final = 31  # of an int32 without its sign
_STEPS: Final = 255  # of a reach; fewer where the numbers of very many edges need the bits


@dataclass(frozen=True)
class EdgeLists:
    """The lists of all cells, one after the other."""

    reach_m: float
    first: Int32s  # (cells + 1,) where each cell's list begins
    entry: Int32s  # edge, and in the bits above it the gap in steps; one more at the end
    edge_bits: int
    squares: Floats  # of the gap of each step, m2

    @classmethod
    def over(
        cls, pairs: Iterator[tuple[Ints, Ints, Floats]], cells: int, edges: int, reach_m: float
    ) -> Self:
        """Return the lists of pairs of cell and edge, with the gap in metres between the two."""
        edge_bits = max(edges - 1, 1).bit_length()
        steps = min(_STEPS, 2 ** (_ENTRY_BITS - edge_bits) - 1)
        keys = []
        for cell, edge, gap in pairs:
            step = (np.maximum(gap - _SLACK_M, 0.0) * (steps / reach_m)).astype(np.int64)
            keys.append((cell << _KEY_SHIFT) | (np.minimum(step, steps) << edge_bits) | edge)
        key = np.concatenate(keys)
        del keys
        key.sort()
        first = np.append(0, np.cumsum(np.bincount(key >> _KEY_SHIFT, minlength=cells)))
        entry = np.append(key & (2**_KEY_SHIFT - 1), 0)
        squares = (np.arange(steps + 1) * (reach_m / steps)) ** 2
        return cls(reach_m, first.astype(np.int32), entry.astype(np.int32), edge_bits, squares)

    def edge(self, entry: Int32s) -> Int32s:
        """Return the edges of entries."""
        return entry & np.int32(2**self.edge_bits - 1)

    def square(self, entry: Int32s) -> Floats:
        """Return what the squares of the distances of entries' edges are at least, m2."""
        return self.squares.take(entry >> np.int32(self.edge_bits))

    def edges_of(self, cell: int) -> list[int]:
        """Return the edges of one cell, the closest first."""
        edges: list[int] = self.edge(self.entry[self.first[cell] : self.first[cell + 1]]).tolist()
        return edges


class EdgeCells:
    """Fine and coarse cells over a network, and the edges near each; never changed once made."""

    def __init__(self, lines: Floats, reach_m: float) -> None:
        """Fill the lists.

        Parameters
        ----------
        lines : ndarray, shape (m, 4)
            x, y of the start of each edge, and the way in x and y to its end, metres; m > 0.
        reach_m : float
            Edges farther from a position than this are of no interest; at least ``NEAR_M``.
        """
        stops = lines[:, :2] + lines[:, 2:]
        low = np.minimum(lines[:, :2], stops).min(axis=0) - reach_m
        high = np.maximum(lines[:, :2], stops).max(axis=0) + reach_m
        box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        self._coarse = Raster.over(box, FINE_M * _SIDE, _MOST)
        self._fine = self._coarse.split(_SIDE)
        count = self._coarse.columns * self._coarse.rows
        every = EdgeLists.over(self._pairs(lines, reach_m, fine=False), count, len(lines), reach_m)
        some = np.flatnonzero(np.diff(every.first))
        self._slot = np.full(count, -1, dtype=np.int32)  # place of a coarse cell in the lists
        self._slot[some] = np.arange(len(some))
        self.far = replace(every, first=every.first[np.append(some, count)])
        count = len(some) * _SIDE * _SIDE
        self.near = EdgeLists.over(self._pairs(lines, NEAR_M, fine=True), count, len(lines), NEAR_M)

    def place(self, x: Floats, y: Floats) -> tuple[Ints, Int32s, Int32s]:
        """Return which positions have an edge within reach or not much farther, and their cells.

        Parameters
        ----------
        x, y : ndarray, shape (n,)
            Metres; what is no finite number is nowhere.

        Returns
        -------
        rows : ndarray, shape (k,)
            The positions, ascending.
        fine, coarse : ndarray, shape (k,)
            Their cells in the lists ``near`` and ``far``.
        """
        rows, column, row = self._fine.locate(x, y)
        fine, coarse = self._cells(column, row)
        some = np.flatnonzero(coarse >= 0)
        if len(some) < len(rows):
            rows, fine, coarse = rows.take(some), fine.take(some), coarse.take(some)
        return rows, fine, coarse

    def place_one(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the cells of one position in ``near`` and ``far``; None: no edge within reach."""
        fine = self._fine
        across, up = (x - fine.west) / fine.size, (y - fine.south) / fine.size
        if not (0.0 <= across < fine.columns and 0.0 <= up < fine.rows):
            return None
        column, row = int(across), int(up)
        coarse = int(self._slot[(row >> _SHIFT) * self._coarse.columns + (column >> _SHIFT)])
        if coarse < 0:
            return None
        within = (row & (_SIDE - 1)) << _SHIFT | column & (_SIDE - 1)
        return coarse << 2 * _SHIFT | within, coarse

    def _cells(self, column: Int32s, row: Int32s) -> tuple[Int32s, Int32s]:
        """Return the fine and the coarse cells of fine columns and rows; negative: no list."""
        width = np.int32(self._coarse.columns)
        coarse = self._slot.take((row >> _SHIFT) * width + (column >> _SHIFT))
        within = ((row & (_SIDE - 1)) << _SHIFT) | (column & (_SIDE - 1))
        return (coarse << (2 * _SHIFT)) | within, coarse

    def _pairs(
        self, lines: Floats, reach_m: float, *, fine: bool
    ) -> Iterator[tuple[Ints, Ints, Floats]]:
        """Yield cells and edges within reach of each other.

        Yields
        ------
        cell, edge : ndarray of int64, shape (p,)
        gap : ndarray, shape (p,)
            Metres.
        """
        raster = self._fine if fine else self._coarse
        for edge, column, row, gap in raster.near(lines, reach_m + _SLACK_M):
            if fine:
                cell = self._cells(column.astype(np.int32), row.astype(np.int32))[0]
                yield cell.astype(np.int64), edge, gap
            else:
                yield row * raster.columns + column, edge, gap
