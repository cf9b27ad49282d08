"""Whether a file holds planned lines without times (beats) or fixes with times (tracks)."""

from __future__ import annotations

import re
import zipfile
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LINE_FORMATS: Final = (
    ".gpkg",
    ".shp",
    ".fgb",
    ".kml",
    ".tab",
    ".mif",
)  # formats of lines, not of fixes
_CHUNK_BYTES: Final = 1 << 20
_OVERLAP_BYTES: Final = 1 << 10  # longer than any pattern found
_LINE: Final = re.compile(rb'"(?:Multi)?LineString"')
_POINT: Final = re.compile(rb'"type"\s*:\s*"Point"')
_GPX_FIX: Final = re.compile(rb"<(?:\w+:)?trkpt\b")
_GPX_ROUTE: Final = re.compile(rb"<(?:\w+:)?rtept\b")
_GPX_TIME: Final = re.compile(
    rb"<(?:\w+:)?trkpt\b(?:(?!</(?:\w+:)?trkpt)[\s\S]){0,800}?<(?:\w+:)?time\b"
)


def is_planned(path: Path, columns: Mapping[str, str], *, has_shift: bool = False) -> bool:
    """Return whether a file holds lines without times.

    Parameters
    ----------
    path : Path
        Any file; one that cannot be opened is taken for tracks, whose reader says why.
    columns : mapping of str to str
        FIELD -> COLUMN of the file; that of ``time`` also holds lists of times.
    has_shift : bool
        The caller gave a shift: GPX tracks without times are planned lines then.

    Returns
    -------
    bool
        True for GeoPackage, Shapefile and the like, also zipped; for GeoJSON with lines but
        neither points nor a list of times; for GPX with routes but no tracks.
    """
    suffix = path.suffix.lower()
    if suffix in LINE_FORMATS:
        return True
    try:
        if suffix == ".zip":
            return _packs_lines(path)
        if suffix in {".geojson", ".json"}:
            return _is_plain_geojson(path, columns)
        return suffix == ".gpx" and _is_plain_gpx(path, has_shift=has_shift)
    except OSError:
        return False


def _packs_lines(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.lower().endswith(LINE_FORMATS) for name in archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):  # damaged: its reader says so
        return False


def _is_plain_geojson(path: Path, columns: Mapping[str, str]) -> bool:
    names = [b"coordTimes", b"times"]
    if "time" in columns:
        names.append(re.escape(columns["time"].encode()))
    times = re.compile(rb'"(?:' + b"|".join(names) + rb')"\s*:\s*\[')
    with path.open("rb") as file:
        found = _search(file, _LINE, _POINT, times)
    return found == (True, False, False)


def _is_plain_gpx(path: Path, *, has_shift: bool) -> bool:
    with path.open("rb") as file:
        route, fix, time = _search(file, _GPX_ROUTE, _GPX_FIX, _GPX_TIME)
    return (route and not fix) or (has_shift and fix and not time)


def _search(file: IO[bytes], *patterns: re.Pattern[bytes]) -> tuple[bool, ...]:
    """Return which patterns occur in a file, of which a piece is in memory at a time."""
    found = [False] * len(patterns)
    tail = b""
    while (chunk := file.read(_CHUNK_BYTES)) and not all(found):
        text = tail + chunk
        for nth, pattern in enumerate(patterns):
            found[nth] = found[nth] or pattern.search(text) is not None
        tail = text[-_OVERLAP_BYTES:]
    return tuple(found)
