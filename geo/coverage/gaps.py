"""The gap lines of a run as they come: columns in memory, points on disk once they are many."""

from __future__ import annotations

from dataclasses import replace
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final

import numpy as np

from geo.coverage.lines import concatenate_lines, join_lines, order_lines

if TYPE_CHECKING:
    from geo.coverage.lines import Lines

_POINT: Final = np.dtype([("lon", "<f8"), ("lat", "<f8"), ("is_hidden", "?")])
_NAMES: Final = ("lon", "lat", "is_hidden")
MOST_POINTS: Final = 4_000_000  # in memory, 17 bytes each


class GapStore:
    """Takes gap lines block by block and gives them back as one, by route and start."""

    def __init__(self, most_points: int = MOST_POINTS) -> None:
        self._most = most_points
        self._parts: list[Lines] = []
        self._points = 0  # of the parts
        self.stored: list[Lines] = []  # those on disk, without their points
        self._file: IO[bytes] | None = None
        self._written = 0  # points

    def add(self, lines: Lines) -> None:
        """Put lines behind those already here."""
        self._parts.append(lines)
        self._points += len(lines.lon)
        if self._points > self._most:
            self._file = self._file or TemporaryFile(prefix="nuanyi-gaps-")  # noqa: SIM115
            self._spill(self._file)

    def finish(self) -> Lines:
        """Return all lines; points on disk are read from there as they are asked for."""
        if self._file is None:
            return join_lines(self._parts)
        self._spill(self._file)
        points = np.memmap(self._file, dtype=_POINT, mode="r")
        lines = concatenate_lines(self.stored)
        return order_lines(replace(lines, **{name: points[name] for name in _NAMES}))

    def close(self) -> None:
        """Give the file back; lines that were given out stay readable."""
        if self._file is not None:
            self._file.close()

    def _spill(self, file: IO[bytes]) -> None:
        """Write the points in memory to the file."""
        lines = concatenate_lines(self._parts)
        records = np.empty(len(lines.lon), dtype=_POINT)
        for name in _NAMES:
            records[name] = getattr(lines, name)
        records.tofile(file)
        nothing = {name: np.empty(0, dtype=_POINT[name]) for name in _NAMES}  # no view of them
        self.stored.append(replace(lines, first=lines.first + self._written, **nothing))
        self._written += len(records)
        self._parts, self._points = [], 0
