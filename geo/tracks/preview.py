"""A first look at files of tracks: what would be read of them, from their beginnings alone.

Nothing is raised for what is wrong with a file: it is said of it, with the rows it is in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.coords import AUTO, named_datum, to_wgs84
from geo.errors import ConvergenceError, GeoError
from geo.tracks.archive import open_sources
from geo.tracks.columns import require_fields
from geo.tracks.look import look
from geo.tracks.planned import is_planned
from geo.tracks.seen import Asked, FileError, FileLook, Found
from geo.zones import LOCAL_ZONE, require_zone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_NO_COLUMNS: Final[Mapping[str, str]] = MappingProxyType({})
_MOST_FILES: Final = 20  # looked into, members of archives included
_MOST_BYTES: Final = 4_000_000  # of all of them together
_LEAST_BYTES: Final = 200_000  # of each
_MOST_BYTES_OF_ONE: Final = 2_000_000  # some 20,000 to 40,000 rows
_POSITIONS: Final = 500


class Box(NamedTuple):
    """Degrees, WGS-84."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Preview:
    """What was seen of some files."""

    files: tuple[FileLook, ...]
    unseen: int  # files that were not looked into, as there are many
    skipped: tuple[str, ...]  # members of archives that are no tracks
    zone: str  # of times without an offset
    zone_assumed: bool  # there are such times, and nobody named a zone
    datum: str  # in which the positions were taken to be
    datum_named: str  # by names of files or columns; "" where none says any
    lon: Floats = field(repr=False)  # shape (m,), degrees, WGS-84, some 500 of the good rows
    lat: Floats = field(repr=False)
    box: Box | None  # around all good rows; None without any
    first_ms: int | None  # epoch, of the good rows
    last_ms: int | None
    workers: int  # different ones among the good rows
    read: int  # rows
    used: int  # of them good
    has_steps: bool  # whether time passes between some of these, so that there is some to measure

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return not self.unseen and all(file.is_whole for file in self.files)

    @property
    def errors(self) -> tuple[FileError, ...]:
        """What keeps files from being read, in their order."""
        return tuple(file.error for file in self.files if file.error is not None)

    @property
    def is_planned(self) -> bool:
        """Whether some file holds planned lines without times: beats, not tracks."""
        return any(file.is_planned for file in self.files)

    @property
    def is_stepless(self) -> bool:
        """Whether there are fixes, and all were seen, yet no worker has two within a hole."""
        return self.used > 0 and self.is_whole and not self.has_steps

    @property
    def is_usable(self) -> bool:
        """Whether tracks can be measured as far as was seen."""
        return self.used > 0 and not self.errors and not self.is_stepless


def preview_tracks(
    paths: Sequence[Path],
    *,
    columns: Mapping[str, str] = _NO_COLUMNS,
    tz: str | None = None,
    datum: str = AUTO,
    rows: int = 10,
) -> Preview:
    """Look at the beginnings of files as `read_tracks` would read them.

    Parameters
    ----------
    paths : sequence of Path
        Files in the formats of `read_tracks`; one that cannot be read is said to be so.
    columns : mapping of str to str
        FIELD -> COLUMN, as for `read_tracks`.
    tz : str, optional
        IANA zone of times without an offset. Default: that of the stations.
    datum : {"auto", "wgs84", "gcj02", "bd09"}
        Of all positions; with ``auto`` that which names say, else WGS-84.
    rows : int
        How many rows of each file are shown.

    Returns
    -------
    Preview
        Of at most 20 files and members of archives, and about 4 MB of them all.

    Raises
    ------
    InvalidOptionError
        An unknown field in ``columns``, or an unknown zone.
    """
    require_fields(columns)
    zone = require_zone(tz) if tz else LOCAL_ZONE
    looks: list[FileLook] = []
    skipped: list[str] = []
    unseen = 0
    asked = Asked(columns, zone, datum, rows)
    share = max(_LEAST_BYTES, min(_MOST_BYTES_OF_ONE, _MOST_BYTES // max(len(paths), 1)))
    found: list[Found] = []
    for path in paths:
        some, left, others = _look_into(path, asked, share, _MOST_FILES - len(looks))
        looks.extend(one for one, _ in some)
        found.extend(good for _, good in some)
        unseen += left
        skipped.extend(others)
    return _gather(looks, Found.joined(found), unseen, skipped, tz=tz, datum=datum)


def _look_into(
    path: Path, asked: Asked, most_bytes: int, room: int
) -> tuple[list[tuple[FileLook, Found]], int, tuple[str, ...]]:
    """Return the looks at the sources of a file, how many had no room, and what was skipped."""
    try:
        if _is_planned(path, asked.columns):
            return [(FileLook(path.name, is_planned=True), Found.none())], 0, ()
        with open_sources(path) as opened:
            sources = opened.sources[: max(room, 0)]
            each = max(_LEAST_BYTES, most_bytes // max(len(sources), 1))
            looks = [look(one, asked, most_bytes=each) for one in sources]
            return looks, len(opened.sources) - len(sources), opened.skipped
    except GeoError as error:
        code = str(getattr(error, "code", "unreadable"))
        failed = FileError(code, path.name, str(error))
        return [(FileLook(path.name, error=failed), Found.none())], 0, ()


def _is_planned(path: Path, columns: Mapping[str, str]) -> bool:
    """Return whether a file holds lines without times; a GPX track without any does, too."""
    return path.is_file() and is_planned(path, columns, has_shift=True)


def _gather(
    looks: list[FileLook],
    found: Found,
    unseen: int,
    skipped: list[str],
    *,
    tz: str | None,
    datum: str,
) -> Preview:
    named = _named(looks)
    taken = datum if datum != AUTO else named or "wgs84"
    lon, lat, t_ms = found.lon, found.lat, found.t_ms
    x, y = _thinned(lon, lat, taken)
    corners = _in_wgs84(*_corners(lon, lat), taken) if len(lon) else None
    return Preview(
        files=tuple(looks),
        unseen=unseen,
        skipped=tuple(skipped),
        zone=tz or LOCAL_ZONE,
        zone_assumed=tz is None and found.naive,
        datum=taken,
        datum_named=named,
        lon=x,
        lat=y,
        box=corners and _box(*corners),
        first_ms=int(t_ms.min()) if len(t_ms) else None,
        last_ms=int(t_ms.max()) if len(t_ms) else None,
        workers=found.workers,
        has_steps=found.has_steps,
        read=sum(one.read for one in looks),
        used=sum(one.used for one in looks),
    )


def _named(looks: list[FileLook]) -> str:
    """Return the one datum that names of files or columns say; "" for none or several."""
    said = {one.datum_named or named_datum(one.name) or "" for one in looks} - {""}
    return said.pop() if len(said) == 1 else ""


def _thinned(lon: Floats, lat: Floats, datum: str) -> tuple[Floats, Floats]:
    """Return some positions, evenly over the rows, in WGS-84."""
    step = -(-len(lon) // _POSITIONS) or 1
    return _in_wgs84(lon[::step], lat[::step], datum)


def _in_wgs84(lon: Floats, lat: Floats, datum: str) -> tuple[Floats, Floats]:
    """Convert positions; on the edge of the Chinese shift they stay as they are."""
    try:
        return to_wgs84(lon, lat, datum)
    except ConvergenceError:
        return lon, lat


def _corners(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    west, east, south, north = lon.min(), lon.max(), lat.min(), lat.max()
    return np.array([west, east, west, east]), np.array([south, south, north, north])


def _box(x: Floats, y: Floats) -> Box:
    return Box(float(x.min()), float(y.min()), float(x.max()), float(y.max()))
