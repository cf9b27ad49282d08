"""Areas of a city: districts and subdistricts from a polygon file; which one a position is in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from geo.coords import MAX_LAT, MAX_LON, WGS84, require_datum, settle_datum, to_wgs84
from geo.errors import InvalidOptionError, MissingCrsError, SourceFormatError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

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

    Returns
    -------
    Areas
        Polygons valid, collections reduced to their polygons, rows without any left out and said;
        codes as the file has them, perhaps twice.

    Raises
    ------
    SourceFormatError
        The file cannot be read, has no polygon, lacks a field that was named, or holds numbers
        that are no degrees.
    MissingCrsError
        The file does not declare a CRS.
    InvalidOptionError
        ``level`` is not one of the three.
    """
    if level not in LEVELS:
        msg = f"unknown level {level!r}; use one of {', '.join(LEVELS)}"
        raise InvalidOptionError(msg)
    frame = _read_file(path)
    datum = settle_datum(datum, path.name)
    frame = _in_wgs84(frame, path, datum)
    _require_degrees(frame, path)
    polygons, notes = _only_polygons(frame.geometry.to_numpy(), path)
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
    return Areas(result, notes, datum)


class AreaIndex:
    """Finds the area of positions; of overlapping areas the first in the file."""

    def __init__(self, areas: gpd.GeoDataFrame) -> None:
        self.names: tuple[str, ...] = tuple(areas["name"])
        polygons = areas.geometry.to_numpy()
        shapely.prepare(polygons)
        self._tree = shapely.STRtree(polygons)

    def find(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
        """Return the row of each position's area, -1 for none, shape (n,).

        A position on a border belongs to the first area that touches it.
        """
        x = np.asarray(lon, dtype=np.float64)
        found = np.full(x.shape, len(self.names), dtype=np.int64)
        position, row = self._tree.query(shapely.points(x, np.asarray(lat)), predicate="intersects")
        np.minimum.at(found, position, row)
        found[found == len(self.names)] = -1
        return found


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


def _in_wgs84(frame: gpd.GeoDataFrame, path: Path, datum: str) -> gpd.GeoDataFrame:
    if require_datum(datum) == "wgs84":
        if frame.crs is None:
            msg = f"{path}: does not say its coordinate reference system; save it with one"
            raise MissingCrsError(msg)
        return frame.to_crs(WGS84)

    def convert(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84(degrees[:, 0], degrees[:, 1], datum))

    moved = shapely.transform(shapely.force_2d(frame.geometry.to_numpy()), convert)
    return frame.set_geometry(gpd.GeoSeries(moved, index=frame.index), crs=None).set_crs(
        WGS84, allow_override=True
    )


def _require_degrees(frame: gpd.GeoDataFrame, path: Path) -> None:
    west, south, east, north = frame.total_bounds
    if max(-west, east) > MAX_LON or max(-south, north) > MAX_LAT:
        msg = (
            f"{path}: its coordinates reach from {west:.6g}, {south:.6g} to {east:.6g}, "
            f"{north:.6g}, which are no degrees; save it with the CRS they are in"
        )
        raise SourceFormatError(msg)


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
