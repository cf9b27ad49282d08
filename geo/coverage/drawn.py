"""What is drawn of a run: each piece of a way once, with the hours of the week at which it holds.

A beat is walked slot after slot, and most of it is the same each time: the same points, classes and
nearest station. Such passes are one piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Codes = NDArray[np.uint8]

HOURS: Final = 168  # of a week
DECIMALS: Final = 6  # of a degree: 0.1 m


@dataclass(frozen=True)
class Drawn:
    """Pieces in columns, arrays of shape (d,).

    Piece i has ``size[i]`` points from ``first[i]`` on. Its hours are the rows of ``hour`` at which
    ``piece`` is i; they are sorted by piece and hour.
    """

    route: Ints
    effective: Codes  # class
    nominal: Codes
    straight: Codes  # nominal, by the geodesic
    area: Ints  # row in the first layer of areas, -1: none
    shift: Ints  # row among the run's shifts, -1: none
    nearest: Ints  # row of the station nearest to it, whatever its hours; -1: none
    duration_ms: Ints  # of one pass by one person
    length_mm: Ints  # of one pass
    shape: NDArray[np.uint64]  # the same of the same points
    workers: Ints  # how many people walk in each pass
    passes: Ints
    ms: Ints  # of all passes and people
    start_ms: Ints  # of the first pass, epoch ms
    walk_m: Floats  # greatest walk to a usable station; inf: none to be walked to
    first: Ints
    size: Ints
    lon: Floats  # (points,) degrees to 6 decimals
    lat: Floats
    piece: Ints  # (hours,)
    hour: Ints  # of the week
    nearest_ms: Ints  # when, in the first pass of that hour, the nearest station was nearest

    def __len__(self) -> int:
        return len(self.route)


_PER_POINT: Final = ("lon", "lat")
_PER_HOUR: Final = ("piece", "hour", "nearest_ms")
_PER_PIECE: Final = tuple(
    name for name in Drawn.__dataclass_fields__ if name not in {"first", *_PER_POINT, *_PER_HOUR}
)
_SAME: Final = (  # what the passes of one piece have in common, the gravest for its rank first
    "duration_ms", "length_mm", "route", "effective", "nominal", "straight", "area", "shift",
    "nearest", "shape",
)  # fmt: skip
_LONGEST_FIRST: Final = frozenset({"duration_ms", "length_mm"})
_TYPES: Final = {
    "effective": np.uint8, "nominal": np.uint8, "straight": np.uint8, "shape": np.uint64,
    "walk_m": np.float64, "lon": np.float64, "lat": np.float64,
}  # fmt: skip


def merge(parts: Sequence[Drawn]) -> Drawn:
    """Return all pieces, each once, those of the longest pass first.

    Neither the order nor the cut of the parts changes a bit of the answer.
    """
    whole = _concatenate(parts)
    if not len(whole):
        return whole
    keys = [getattr(whole, name) for name in _SAME]
    signed = [
        -key if name in _LONGEST_FIRST else key for name, key in zip(_SAME, keys, strict=True)
    ]
    order = np.lexsort(signed[::-1])
    is_new = np.zeros(len(whole), dtype=np.bool_)
    is_new[0] = True
    for key in keys:
        is_new[1:] |= key[order[1:]] != key[order[:-1]]
    starts = np.flatnonzero(is_new)
    of = np.empty(len(whole), dtype=np.int64)
    of[order] = np.cumsum(is_new) - 1
    columns = {name: getattr(whole, name)[order[starts]] for name in (*_PER_PIECE, "first")}
    for name, gathered in (
        ("ms", np.add), ("passes", np.add), ("start_ms", np.minimum), ("walk_m", np.maximum),
    ):  # fmt: skip
        columns[name] = gathered.reduceat(getattr(whole, name)[order], starts)
    return _pack(columns, whole, of[whole.piece])


def take(drawn: Drawn, rows: Ints) -> Drawn:
    """Return some of the pieces, in the order of the rows."""
    place = np.full(len(drawn), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    columns = {name: getattr(drawn, name)[rows] for name in (*_PER_PIECE, "first")}
    return _pack(columns, drawn, place[drawn.piece])


def shape_of(lon: Floats, lat: Floats, first: Ints, size: Ints) -> NDArray[np.uint64]:
    """Return a number per line that hangs on all its points and their order, shape (d,).

    Other points give another number, but for a chance of 1 in 2^64.
    """
    line = np.repeat(np.arange(len(first)), size)
    place = (np.arange(len(line)) - first[line]).astype(np.uint64)
    mixed = _mix(place)
    for values in (lon, lat):
        mixed = _mix(mixed ^ np.rint(values * 10**DECIMALS).astype(np.int64).view(np.uint64))
    return np.add.reduceat(mixed, first) if len(first) else mixed


def _mix(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return well spread numbers, the finaliser of splitmix64 (Steele, Lea & Flood 2014)."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def _pack(columns: dict[str, Any], source: Drawn, piece: Ints) -> Drawn:
    """Return pieces with their own points and hours; ``piece``: of each hour, -1 for none."""
    size, first = columns["size"], columns.pop("first")
    begins = np.cumsum(size) - size
    line = np.repeat(np.arange(len(size)), size)
    point = (first - begins)[line] + np.arange(len(line))
    rows = np.flatnonzero(piece >= 0)
    cell = piece[rows] * HOURS + source.hour[rows]
    order = np.lexsort((source.nearest_ms[rows], cell))
    cell, rows = cell[order], rows[order]
    new = np.flatnonzero(np.diff(cell, prepend=-1))
    return Drawn(
        **columns,
        first=begins,
        **{name: getattr(source, name)[point] for name in _PER_POINT},
        piece=cell[new] // HOURS,
        hour=cell[new] % HOURS,
        nearest_ms=source.nearest_ms[rows[new]],
    )


def _concatenate(parts: Sequence[Drawn]) -> Drawn:
    """Return all pieces in their order; none of no parts."""
    names = (*_PER_PIECE, *_PER_POINT, "hour", "nearest_ms")
    if not parts:
        empty = {name: np.empty(0, dtype=_TYPES.get(name, np.int64)) for name in names}
        nothing = np.empty(0, dtype=np.int64)
        return Drawn(**empty, first=nothing, piece=nothing)
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    points = np.cumsum([0, *(len(part.lon) for part in parts)])
    pieces = np.cumsum([0, *map(len, parts)])
    first = [part.first + before for part, before in zip(parts, points, strict=False)]
    piece = [part.piece + before for part, before in zip(parts, pieces, strict=False)]
    return Drawn(**columns, first=np.concatenate(first), piece=np.concatenate(piece))
