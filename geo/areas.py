"""Areas of a city: districts and subdistricts from a polygon file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.coords import WGS84, settle_datum
from geo.errors import InvalidOptionError, SourceFormatError
from geo.vector_crs import to_degrees

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

LEVELS: Final = ("city", "district", "subdistrict")
COLUMNS: Final = ("code", "name", "level", "parent", "geometry")
_NAME_FIELDS: Final = (
    "name",
    "名称",
    "subdistrict",
    "township",
    "街道",
    "district",
    "区县",
    "city",
)
_CODE_FIELDS: Final = ("code", "adcode", "gb", "代码")
_SLIVER_M2: Final = 10_000.0  # borders drawn twice overlap by so much here and there
_M_PER_DEG: Final = 111_195.0  # of a great circle
_SLIVER_SHARE: Final = 0.01  # of the smaller area


@dataclass(frozen=True)
class Areas:
    """Areas read from a file, and what had to be done to read them."""

    frame: gpd.GeoDataFrame  # code, name, level, parent, geometry MultiPolygon, EPSG:4326
    notes: tuple[str, ...]  # sentences for the user: repaired, reduced, assumed
    datum: str = "wgs84"  # in which the coordinates were read


def read_areas(
    path: Path,
    *,
    level: str = "subdistrict",
    name_field: str | None = None,
    code_field: str | None = None,
    parent_field: str | None = None,
    datum: str = "wgs84",
    crs: str = "",
) -> Areas:
    """Read polygons with names from any vector file GDAL reads.

    Parameters
    ----------
    path : Path
        GeoJSON, GeoPackage, Shapefile, ...; reprojected from the CRS it declares, except that
        with another ``datum`` its numbers are taken as they stand (GeoJSON cannot say GCJ-02).
    level : {"city", "district", "subdistrict"}
        Written into every row.
    name_field, code_field, parent_field : str, optional
        Fields of the file; a usual name field is found by itself, a missing code is made from
        parent, name and position.
    datum : {"wgs84", "gcj02", "bd09", "auto"}
        Of the coordinates; ``auto``: what the file's name says, else WGS-84.
    crs : str
        Of a file that states none, such as ``EPSG:4490``; one that is stated wins, and that is
        said.

    Returns
    -------
    Areas
        Polygons valid, collections reduced to their polygons, rows without any left out, overlaps:
        all said. Codes as the file has them, perhaps twice.

    Raises
    ------
    SourceFormatError
        The file cannot be read, has no polygon, lacks a field that was named, or holds numbers
        that are no degrees.
    MissingCrsError
        The file does not declare a CRS, and ``crs`` says none.
    InvalidOptionError
        ``level`` is not one of the three, or ``crs`` is no CRS.
    """
    if level not in LEVELS:
        msg = f"unknown level {level!r}; use one of {', '.join(LEVELS)}"
        raise InvalidOptionError(msg)
    datum = settle_datum(datum, path.name)
    frame, assumed = _with_crs(_read_file(path), crs, path)
    frame = to_degrees(frame, str(path), datum=datum)
    polygons, repaired = _only_polygons(frame.geometry.to_numpy(), path)
    names = _texts(frame, name_field or _guess(frame, _NAME_FIELDS, path), path)
    parents = _texts(frame, parent_field, path) if parent_field else [""] * len(frame)
    known_code = code_field or next((name for name in _CODE_FIELDS if name in frame), None)
    codes = (
        _texts(frame, known_code, path)
        if known_code
        else [_made_code(*row) for row in zip(parents, names, polygons, strict=True)]
    )
    result = gpd.GeoDataFrame(
        {"code": codes, "name": names, "level": level, "parent": parents},
        geometry=polygons,
        crs=WGS84,
    )[list(COLUMNS)]
    result = result[~result.geometry.is_empty].reset_index(drop=True)
    if result.empty:
        msg = f"{path}: holds no polygon; give a file of polygons"
        raise SourceFormatError(msg)
    return Areas(result, (*assumed, *repaired, *_overlaps(result, path)), datum)


def _read_file(path: Path) -> gpd.GeoDataFrame:
    try:
        frame = gpd.read_file(path, engine="pyogrio", on_invalid="ignore")
    except (DataSourceError, DataLayerError, ValueError, OSError) as error:
        msg = f"{path}: not a readable file of areas ({error})"
        raise SourceFormatError(msg) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        msg = f"{path}: holds no areas; give a file of polygons such as GeoJSON or GeoPackage"
        raise SourceFormatError(msg)
    return frame


def _with_crs(
    frame: gpd.GeoDataFrame, crs: str, path: Path
) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Give a file that states no CRS the one named, and say so; one that is stated wins.

    Raises
    ------
    InvalidOptionError
        ``crs`` is no CRS.
    """
    if not crs:
        return frame, ()
    try:
        named = CRS.from_user_input(crs)
    except CRSError as error:
        msg = f"no coordinate reference system is called {crs!r}; write it like EPSG:4490"
        raise InvalidOptionError(msg) from error
    if frame.crs is None:
        return frame.set_crs(named), (f"{path.name}: states no CRS, read as {named.name}",)
    if frame.crs.equals(named, ignore_axis_order=True):
        return frame, ()
    return frame, (f"{path.name}: states {frame.crs.name} itself, so {crs} was left aside",)


def _overlaps(areas: gpd.GeoDataFrame, path: Path) -> tuple[str, ...]:
    """Say which areas overlap by more than a sliver; empty if none do."""
    shapes = areas.geometry.to_numpy()
    shapely.prepare(shapes)
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = pairs[:, pairs[0] < pairs[1]]
    inside = ~shapely.touches(shapes[one], shapes[other])  # neighbours: all but a few
    one, other = one[inside], other[inside]
    metres, shared = _square_m(shapes), _square_m(shapely.intersection(shapes[one], shapes[other]))
    least = np.minimum(_SLIVER_M2, _SLIVER_SHARE * np.minimum(metres[one], metres[other]))
    wide = np.flatnonzero(shared > least)
    if not len(wide):
        return ()
    most = wide[np.argmax(shared[wide])]
    names = " and ".join(areas["name"].iloc[[one[most], other[most]]])
    note = (
        f"{path.name}: {len(wide)} pairs of areas overlap, {names} the most, by "
        f"{shared[most] / 1e6:.2g} km²; there the first in the file counts"
    )
    return (note,)


def _square_m(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return areas in square metres, shape (n,), to 1 %: enough to tell slivers."""
    south, north = shapely.bounds(shapes).reshape(-1, 4)[:, [1, 3]].T
    shrink = np.cos(np.radians(np.nan_to_num((south + north) / 2)))
    return np.asarray(shapely.area(shapes) * shrink * _M_PER_DEG**2, dtype=np.float64)


def _only_polygons(
    shapes: NDArray[np.object_], path: Path
) -> tuple[NDArray[np.object_], tuple[str, ...]]:
    """Return a valid MultiPolygon per shape (empty where there is none), and what was done."""
    shapes = shapely.force_2d(shapes)
    missing = shapely.is_missing(shapes)
    collections = int(
        np.sum(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION)
    )
    invalid = int(np.sum(~shapely.is_valid(shapes) & ~missing))
    polygons = np.array([_as_multipolygon(shape) for shape in shapely.make_valid(shapes)])
    empty = int(np.sum(shapely.is_empty(polygons)))
    said = (
        (collections, "geometry collections reduced to their polygons"),
        (invalid, "invalid polygons repaired"),
        (empty, "rows without a polygon left out"),
    )
    return polygons, tuple(f"{path.name}: {count} {what}" for count, what in said if count)


def _as_multipolygon(shape: shapely.Geometry | None) -> shapely.MultiPolygon:
    """Return the polygons of a shape; those of a collection that touch or overlap are joined."""
    parts = np.array([shape], dtype=object)
    while np.any(shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT):
        parts = shapely.get_parts(parts)
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    whole = shapely.MultiPolygon(polygons.tolist())
    if not whole.is_valid:
        whole = shapely.MultiPolygon(shapely.get_parts(shapely.union_all(polygons)).tolist())
    return whole


def _guess(frame: gpd.GeoDataFrame, usual: tuple[str, ...], path: Path) -> str:
    lower = {str(column).lower(): str(column) for column in frame.columns}
    for name in usual:
        if name in lower:
            return lower[name]
    fields = ", ".join(str(name) for name in frame.columns if name != "geometry")
    msg = f"{path}: which field holds the name? say one of {fields}"
    raise SourceFormatError(msg)


def _texts(frame: gpd.GeoDataFrame, name: str, path: Path) -> list[str]:
    if name not in frame:
        fields = ", ".join(str(column) for column in frame.columns if column != "geometry")
        msg = f"{path}: has no field {name!r}; its fields are {fields}"
        raise SourceFormatError(msg)
    return [_text(value) for value in frame[name].tolist()]


def _text(value: object) -> str:
    """Return a cell as text; GDAL's whole numbers become floats where a row has none."""
    if value is None or value != value:  # noqa: PLR0124  # NaN: the row has none
        return ""
    text = str(value).strip()
    return text.removesuffix(".0") if isinstance(value, float) else text


def _made_code(parent: str, name: str, polygon: shapely.MultiPolygon) -> str:
    """Return a code that the same file gives again: parent, name and middle to about 1 km."""
    if polygon.is_empty:
        return ""
    middle = polygon.representative_point()
    text = f"{parent}|{name}|{middle.x:.2f}|{middle.y:.2f}"
    return "A-" + hashlib.sha256(text.encode()).hexdigest()[:10]
