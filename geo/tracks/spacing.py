"""Points at equal ways along a line, and the walk of a whole line in a given time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import starmap
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.coords import GEOD, geodesic_m

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]
    Line = NDArray[np.float64]  # shape (k, 2): lon, lat of its k >= 2 corners, degrees, WGS-84

SPACING_MM: Final = 10_000


@dataclass(frozen=True, slots=True)
class Walk:
    """The fixes of one walk along p lines: n points every 10 m, and the end of each line.

    Arrays of shape (n + p,), line after line. An end has duration and length 0.
    """

    line: Longs  # 0 to p - 1
    lon: Floats  # degrees, WGS-84
    lat: Floats
    offset_ms: Longs  # since the walk began; the end of a line is when the next one begins
    duration_ms: Longs  # to the next fix
    length_mm: Longs  # geodesic to the next fix

    def __len__(self) -> int:
        return len(self.lon)


def count_points(line: Line) -> int:
    """Return how many points a line has at 0 m, 10 m, 20 m, ... before its end; 0 if no length.

    Its length is the sum of the geodesics from corner to corner, in whole millimetres.
    """
    _, metres = _sides(line)
    return -(-round(float(metres.sum()) * 1000.0) // SPACING_MM)


def space_points(line: Line) -> tuple[Floats, Floats]:
    """Return the points of a line every 10 m, and its end.

    Parameters
    ----------
    line : ndarray, shape (k, 2)
        Corners of a line that has a length. Each side is a geodesic.

    Returns
    -------
    tuple of ndarray, each shape (`count_points` + 1,)
        Degrees, WGS-84. The way from one point to the next along the line is 10 m, to a
        micrometre; the last one is shorter. A corner in between makes the geodesic shorter still.
    """
    azimuth, metres = _sides(line)
    end_m = np.cumsum(metres)
    start_m = end_m - metres
    at_m = np.arange(count_points(line)) * (SPACING_MM / 1000.0)
    side = np.minimum(np.searchsorted(end_m, at_m, side="right"), len(metres) - 1)
    ahead_m = at_m - start_m[side]
    from_lon, from_lat = line[side, 0], line[side, 1]
    lon, lat, _ = GEOD.fwd(from_lon, from_lat, azimuth[side], ahead_m)
    is_corner = ahead_m == 0
    return (
        np.append(np.where(is_corner, from_lon, lon), line[-1, 0]),
        np.append(np.where(is_corner, from_lat, lat), line[-1, 1]),
    )


def walk_lines(lines: Sequence[Line], time_ms: int) -> Walk:
    """Return the walk along lines, one after the other, with the same time from point to point.

    Parameters
    ----------
    lines : sequence of ndarray, each shape (k, 2)
        At least one; each has a length. Nothing is walked, and no time passes, between two.
    time_ms : int
        Of the whole walk. Point i of all n is reached after i / n of it, to the millisecond.

    Returns
    -------
    Walk
        Its durations sum to ``time_ms``.
    """
    spaced = [space_points(line) for line in lines]
    sizes = np.array([len(lon) for lon, _ in spaced])
    line = np.repeat(np.arange(len(lines), dtype=np.int64), sizes)
    points = int(sizes.sum()) - len(lines)
    nth = np.arange(len(line)) - line  # an end counts as the first point of the next line
    offset = np.rint(nth * time_ms / points).astype(np.int64)
    is_end = np.append(np.diff(line) > 0, [True])
    return Walk(
        line=line,
        lon=np.concatenate([lon for lon, _ in spaced]),
        lat=np.concatenate([lat for _, lat in spaced]),
        offset_ms=offset,
        duration_ms=np.where(is_end, 0, np.diff(offset, append=time_ms)),
        length_mm=np.concatenate(list(starmap(_steps_mm, spaced))),
    )


def _sides(line: Line) -> tuple[Floats, Floats]:
    """Return the azimuths and lengths in metres of a line's sides, each shape (k - 1,)."""
    azimuth, _, metres = GEOD.inv(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1])
    return np.asarray(azimuth, dtype=np.float64), np.asarray(metres, dtype=np.float64)


def _steps_mm(lon: Floats, lat: Floats) -> Longs:
    """Return the geodesic from each position to the next in millimetres, the last one 0."""
    metres = geodesic_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return np.append(np.rint(metres * 1000.0).astype(np.int64), 0)
