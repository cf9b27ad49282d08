"""Beats in vector files: lines with a shift and a number of workers, checked one by one."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from geo.errors import GeoError, InvalidOptionError, SourceFormatError
from geo.tracks.shifts import read_shift
from geo.tracks.spacing import count_points
from geo.vector_crs import to_degrees

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from geo.tracks.spacing import Line

ALIASES: Final[dict[str, tuple[str, ...]]] = {  # field -> names, the earlier wins
    "shift": ("shift", "班次", "作业时间", "上班时间"),
    "workers": ("workers", "人数", "作业人数"),
    "route": ("route", "route_id", "线路", "路线"),
    "name": ("name", "名称"),
    "trade": ("trade", "工种", "岗位"),
}
_FAULTS: Final = (DataSourceError, DataLayerError, ValueError, OSError)
_LINES: Final = (
    shapely.GeometryType.LINESTRING,
    shapely.GeometryType.LINEARRING,
    shapely.GeometryType.MULTILINESTRING,
)
_MAX_WORKERS: Final = 1_000_000
_MAX_POINTS: Final = 100_000  # 1,000 km: nobody's shift, but degrees taken for metres or the like
_SHOWN: Final = 200  # characters of a cell in a message


@dataclass(frozen=True, slots=True)
class Beat:
    """A planned route, whoever walks it."""

    route: str
    name: str
    shift: str  # OSM text
    workers: int  # how many people walk it, >= 1
    lines: tuple[Line, ...]  # one or more, each with a length
    points: int  # every 10 m of all lines
    trade: str = ""  # who walks it, in a word; counts for nothing

    @property
    def key(self) -> tuple[str, str, str, tuple[bytes, ...], int]:
        """What says which of two beats comes first, in whatever order they were read."""
        return self.route, self.name, self.shift, tuple(map(_bytes, self.lines)), self.workers


@dataclass(frozen=True, slots=True)
class BeatsFound:
    """What a file of planned lines holds."""

    beats: tuple[Beat, ...]
    left_out: tuple[str, ...]  # sentences
    faults: tuple[tuple[str, GeoError], ...]  # where, and what is wrong there


def _bytes(line: Line) -> bytes:
    return line.tobytes()


@dataclass(frozen=True, slots=True)
class _Row:
    """One feature: where it stands, its cells as text ("" = none) and its shape."""

    place: str
    cells: Mapping[str, str]
    shape: shapely.Geometry | None


def read_beat_file(
    path: Path, *, shift: str, columns: Mapping[str, str], datum: str
) -> tuple[list[Beat], list[str]]:
    """Read the beats of a file.

    Parameters
    ----------
    path : Path
        Any vector file of lines that GDAL reads; of a GeoPackage the one layer with geometry, or
        that whose name begins with ``beats``; of GPX the routes and the tracks.
    shift : str
        Valid OSM text for lines without one; "" = they must have one.
    columns : mapping of str to str
        FIELD -> COLUMN of the file; known names are found by themselves.
    datum : {"wgs84", "gcj02", "bd09"}
        Of the coordinates.

    Returns
    -------
    tuple of list of Beat and list of str
        In the order of the file; what was left out, as sentences.

    Raises
    ------
    SourceFormatError
        Not readable, without lines, numbers that are no degrees, or a cell that cannot be used.
    MissingCrsError
        The file states no CRS, and ``datum`` is wgs84.
    InvalidHoursError
        A shift that is neither OSM text nor Chinese words that are fully understood.
    InvalidOptionError
        A line has no shift, and ``shift`` is "".
    """
    found = look_at_beats(path, shift=shift, columns=columns, datum=datum)
    if found.faults:
        first = _first_of([error for _, error in found.faults])
        raise first
    return list(found.beats), list(found.left_out)


def look_at_beats(path: Path, *, shift: str, columns: Mapping[str, str], datum: str) -> BeatsFound:
    """Look at all lines of a file, the faulty ones as well; parameters as of `read_beat_file`.

    Raises
    ------
    SourceFormatError
        Not readable, without lines, or numbers that are no degrees.
    MissingCrsError
        The file states no CRS, and ``datum`` is wgs84.
    """
    beats: list[Beat] = []
    faults: list[tuple[str, GeoError]] = []
    left_out: dict[str, list[str]] = {}
    layers = _layers(path)
    for layer in layers:
        source = path.name if len(layers) == 1 else f"{path.name} ({layer})"
        frame = to_degrees(_read_layer(path, layer), source, datum=datum)
        for row in _rows(frame, columns, source):
            try:
                found = _read_row(row, shift)
            except GeoError as error:
                faults.append((row.place, error))
                continue
            if isinstance(found, Beat):
                beats.append(found)
            else:
                left_out.setdefault(found, []).append(row.place)
    said = (f"{_listed(places)}: {why}" for why, places in left_out.items())
    return BeatsFound(tuple(beats), tuple(said), tuple(faults))


def _layers(path: Path) -> list[str]:
    """Return the names of the layers that hold the lines.

    Raises
    ------
    SourceFormatError
        Not readable, or it does not say which.
    """
    if not path.is_file():
        what = "is a folder; name the files in it" if path.is_dir() else "does not exist"
        msg = f"{path} {what}"
        raise SourceFormatError(msg)
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except _FAULTS as error:
        raise SourceFormatError(_unreadable(path, error)) from error
    if path.suffix.lower() == ".gpx":
        return [name for name in layers if name in {"routes", "tracks"}]
    named = [name for name in layers if name.startswith("beats")]
    chosen = layers if len(layers) == 1 else named
    if len(chosen) != 1:
        msg = f"{path.name} has the layers {', '.join(layers)}; keep one, or call the one with "
        msg += "planned lines 'beats'"
        if not layers:
            msg = f"{path.name}: holds no lines; give GeoJSON, GeoPackage, Shapefile or GPX"
        raise SourceFormatError(msg)
    return chosen


def _read_layer(path: Path, layer: str) -> gpd.GeoDataFrame:
    """Read one layer.

    Raises
    ------
    SourceFormatError
        It cannot be read, or holds nothing.
    """
    # GDAL takes a text column that looks like dates for dates, and rewrites it
    options = {"DATE_AS_STRING": "YES"} if path.suffix.lower() in {".geojson", ".json"} else {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a column of mixed types: cells are read as text
            frame = pyogrio.read_dataframe(path, layer=layer, on_invalid="ignore", **options)
    except _FAULTS as error:
        raise SourceFormatError(_unreadable(path, error)) from error
    return gpd.GeoDataFrame(frame)


def _unreadable(path: Path, error: Exception) -> str:
    why = shorten(str(error).partition(";")[0], _SHOWN, placeholder=" ...")
    return f"{path.name}: not a readable file of planned lines ({why})"


def _rows(frame: gpd.GeoDataFrame, columns: Mapping[str, str], source: str) -> list[_Row]:
    """Return the features with their fields.

    Raises
    ------
    SourceFormatError
        A column that was named is missing.
    """
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    missing = sorted(set(columns.values()) - set(names))
    if missing:
        msg = f"{source}: has no field {missing[0]!r}; its fields are {', '.join(names) or 'none'}"
        raise SourceFormatError(msg)
    known = {name.casefold(): name for name in reversed(names)}
    cells: dict[str, list[str]] = {}
    for field, aliases in ALIASES.items():
        usual = next((known[alias] for alias in aliases if alias in known), None)
        name = columns.get(field, usual)
        cells[field] = [""] * len(frame) if name is None else list(map(_text, frame[name].tolist()))
    return [
        _Row(f"{source}, line {nth + 1}", {field: cells[field][nth] for field in ALIASES}, shape)
        for nth, shape in enumerate(shapely.force_2d(frame.geometry.to_numpy()))
    ]


def _text(value: object) -> str:
    """Return a cell as text; whole numbers become floats where a row has none."""
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = str(value).strip()
    return text.removesuffix(".0") if isinstance(value, float) else text


def _read_row(row: _Row, shift: str) -> Beat | str:
    """Return the beat of a feature, or why it is left out.

    Raises
    ------
    SourceFormatError
        A cell or the geometry cannot be used.
    InvalidOptionError
        No shift.
    """
    workers = _read_workers(row)
    lines = _read_lines(row)
    sizes = [count_points(line) for line in lines]
    if sum(sizes) > _MAX_POINTS:
        msg = (
            f"{row.place}: it is {sum(sizes) / 100:.0f} km long; a beat is a line that people walk "
            "in a shift: is its coordinate reference system right?"
        )
        raise SourceFormatError(msg, "beat_long")
    if not sum(sizes):
        return "no line with a length, or one of its parts is a single point; left out"
    if not workers:
        return "0 workers, counts nothing"
    said = row.cells["shift"]
    if not said and not shift:
        msg = f"{row.place}: has no shift; fill its field 'shift', or give one with --shift"
        raise InvalidOptionError(msg)
    return Beat(
        route=row.cells["route"],
        name=row.cells["name"],
        shift=read_shift(said, source=row.place) if said else shift,
        workers=workers,
        lines=tuple(line for line, size in zip(lines, sizes, strict=True) if size),
        points=sum(sizes),
        trade=row.cells["trade"],
    )


def _read_workers(row: _Row) -> int:
    """Return how many people walk a beat, 1 if it does not say.

    Raises
    ------
    SourceFormatError
        No whole number of 0 to a million.
    """
    text = row.cells["workers"] or "1"
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_MAX_WORKERS))) or (
        int(text) > _MAX_WORKERS
    ):
        shown = shorten(text, _SHOWN, placeholder=" ...")
        msg = f"{row.place}: workers is {shown!r}; it is a whole number of 0 to {_MAX_WORKERS:,}"
        raise SourceFormatError(msg, "beat_workers")
    return int(text)


def _read_lines(row: _Row) -> list[Line]:
    """Return the lines of a feature; none if it has no geometry.

    Raises
    ------
    SourceFormatError
        It is no line, or has a coordinate that is no number.
    """
    if row.shape is None or shapely.is_empty(row.shape):
        return []
    if shapely.get_type_id(row.shape) not in _LINES:
        kind = shapely.GeometryType(int(shapely.get_type_id(row.shape))).name.lower()
        msg = f"{row.place}: its geometry is a {kind}; a beat is a line"
        raise SourceFormatError(msg, "beat_kind")
    lines = [shapely.get_coordinates(part) for part in shapely.get_parts(row.shape)]
    if not all(np.isfinite(line).all() for line in lines):
        msg = f"{row.place}: a coordinate is no number; draw it again"
        raise SourceFormatError(msg, "beat_number")
    return [line for line in lines if len(line) > 1]


def _first_of(faults: list[GeoError]) -> GeoError:
    """Return the first fault, saying how many more there are."""
    first = faults[0]
    if len(faults) > 1:
        more = len(faults) - 1
        first.args = (f"{first}; {more} more line{'s have' if more > 1 else ' has'} faults",)
    return first


def _listed(places: list[str]) -> str:
    more = len(places) - 1
    return places[0] + (f" and {more} more" if more else "")
