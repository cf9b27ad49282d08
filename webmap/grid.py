"""The stations of a map's view, clustered by cells of 64 pixels: what is drawn, never every dot.

All stations stand in one line along a Morton curve, so that the stations of any cell of any zoom
are neighbours in it: a cell is found by two binary searches, counted and averaged by differences
of running sums. Nothing is kept per zoom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from geo.errors import InvalidOptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

T = TypeVar("T", np.int64, np.float64)

LAST_CLUSTERED_ZOOM: Final = 16  # beyond, only stations at one place stay together
MAX_ZOOM: Final = 22
MAX_CELLS: Final = 4096  # of one window: a 4K screen and its margin
CELL_STEPS: Final = 2  # a cell of 64 px is a tile of 256 px, this many zooms deeper
_DEPTH: Final = 30  # bits of each axis of the curve: 4 cm at the equator
_MAX_LAT: Final = 85.05112877980659  # where the square of web Mercator ends


@dataclass(frozen=True)
class Window:
    """Cells x0..x1, y0..y1, ends included, numbered as tiles of zoom ``z + 2``, y from the north.

    Raises
    ------
    InvalidOptionError
        The zoom is not in 0-22, the window is empty, too large or not wholly in the world.
    """

    z: int
    x0: int
    y0: int
    x1: int
    y1: int

    def __post_init__(self) -> None:
        columns, rows = self.x1 - self.x0 + 1, self.y1 - self.y0 + 1
        corners = self.x0, self.y0, self.x1, self.y1
        msg = ""
        if not 0 <= self.z <= MAX_ZOOM:
            msg = f"zoom {self.z} is not in 0-{MAX_ZOOM}"
        elif columns < 1 or rows < 1:
            msg = "the window is empty; write the lower number of each axis first"
        elif columns * rows > MAX_CELLS:
            msg = f"{columns * rows} cells are more than {MAX_CELLS}; ask for less at a time"
        elif any(corner >> (self.z + CELL_STEPS) for corner in corners):
            last = (1 << (self.z + CELL_STEPS)) - 1
            msg = f"the window reaches out of the world; at zoom {self.z} give cells of 0-{last}"
        if msg:
            raise InvalidOptionError(msg)

    def codes(self) -> NDArray[np.uint64]:
        """Return the codes of the cells along the curve, rising."""
        x = np.arange(self.x0, self.x1 + 1, dtype=np.uint64)
        y = np.arange(self.y0, self.y1 + 1, dtype=np.uint64)
        return np.sort(_morton(x, y[:, np.newaxis]), axis=None)


@dataclass(frozen=True)
class Cells:
    """The cells of a window that hold stations, arrays of shape (k,)."""

    first: Ints  # place of the first station in the grid's order
    stop: Ints  # one past the last
    lon: Floats  # mean of the stations, degrees
    lat: Floats
    is_one_place: NDArray[np.bool_]  # no zoom could part the stations

    @property
    def count(self) -> Ints:
        """The number of stations, >= 1."""
        return self.stop - self.first

    def count_of(self, running: Ints) -> Ints:
        """Return how many stations of each cell have a flag; see `Grid.running`."""
        return running[self.stop] - running[self.first]


class Grid:
    """An index of n positions; build it once per layer."""

    def __init__(self, lon: Floats, lat: Floats) -> None:
        codes = _morton(*_fine_cells(lon, lat))
        self.order = np.argsort(codes, kind="stable").astype(np.int32)  # (n,) rows along the curve
        self._codes = codes[self.order]
        self._lon_sum = _running(lon[self.order])
        self._lat_sum = _running(lat[self.order])

    def cells(self, window: Window) -> Cells:
        """Return the cells of a window that hold stations, along the curve."""
        depth = window.z + CELL_STEPS
        shift = np.uint64(2 * (_DEPTH - depth))
        code = window.codes()
        first = np.searchsorted(self._codes, code << shift)
        stop = np.searchsorted(self._codes, (code + np.uint64(1)) << shift)
        some = first < stop
        first, stop = first[some], stop[some]
        if window.z > LAST_CLUSTERED_ZOOM:
            first, stop = self._places(first, stop)
        count = stop - first
        return Cells(
            first,
            stop,
            (self._lon_sum[stop] - self._lon_sum[first]) / count,
            (self._lat_sum[stop] - self._lat_sum[first]) / count,
            self._codes[first] == self._codes[stop - 1],
        )

    def _places(self, first: Ints, stop: Ints) -> tuple[Ints, Ints]:
        """Cut runs of stations where the place changes."""
        rows = np.concatenate(
            [np.arange(a, b) for a, b in zip(first, stop, strict=True)] or [first]
        )
        is_new = np.ones(len(rows), dtype=bool)
        is_new[1:] = self._codes[rows[1:]] != self._codes[rows[:-1]]
        starts = np.flatnonzero(is_new)
        counts = np.diff(starts, append=len(rows))
        return rows[starts], rows[starts] + counts

    def running(self, flags: NDArray[np.bool_]) -> Ints:
        """Return how many of the first 0, 1, ... n stations along the curve have a flag.

        Parameters
        ----------
        flags : ndarray of bool, shape (n,)
            In the order of the positions given.
        """
        return _running(flags[self.order].astype(np.int64))


def _fine_cells(lon: Floats, lat: Floats) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the tile numbers of positions at zoom 30, in web Mercator."""
    phi = np.radians(np.clip(lat, -_MAX_LAT, _MAX_LAT))
    x = lon / 360.0 + 0.5
    y = 0.5 - np.arcsinh(np.tan(phi)) / (2.0 * np.pi)
    last = float((1 << _DEPTH) - 1)
    fine = (np.clip(np.floor(part * (1 << _DEPTH)), 0.0, last) for part in (x, y))
    column, row = (part.astype(np.uint64) for part in fine)
    return column, row


def _morton(x: NDArray[np.uint64], y: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the bits of x and y, below 2^32, one after the other, y's higher."""
    return _spread(x) | (_spread(y) << np.uint64(1))


def _spread(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return 32 bits with a zero before each."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits


def _running(values: NDArray[T]) -> NDArray[T]:
    """Return the sums of the first 0, 1, ..., n values, shape (n + 1,)."""
    return np.concatenate([np.zeros(1, dtype=values.dtype), np.cumsum(values)])
