"""Stations as vector files: GeoJSON, GeoPackage and GeoParquet in and out.

The geometry is the position; ``lon`` and ``lat`` are written beside it and not read. A file in
another CRS is reprojected by the CRS it declares. GCJ-02 and BD-09 have no EPSG code: with these
datums degrees are taken as they stand, whatever the file declares, and written without CRS.
"""

from __future__ import annotations

import json
import re
import warnings
from typing import TYPE_CHECKING, Final

import geopandas
import pyogrio
from geopandas import GeoDataFrame, points_from_xy
from pandas import DataFrame
from pyarrow import ArrowException
from pyarrow.parquet import ParquetFile
from pyogrio.errors import DataLayerError, DataSourceError

from geo.coords import DATUMS, WGS84
from geo.errors import CrsMismatchError, MissingCrsError, SourceFormatError
from geo.stations.cells import format_number
from geo.stations.columns import find_columns, rename_columns
from geo.stations.excel import MAX_BYTES
from geo.stations.frames import records_of
from geo.stations.problems import Problem, row_problem, row_warning
from geo.stations.typed import cell_text, is_known

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FIRST_FEATURE: Final = 1
_MAGIC: Final = {".geojson": b"{", ".gpkg": b"SQLite format 3\0", ".parquet": b"PAR1"}
_FIXED_DATE: Final = "2000-01-01T00:00:00.000Z"  # written into a GeoPackage; same bytes each run
_FAULTS: Final = (DataSourceError, DataLayerError, ArrowException, ValueError, KeyError, OSError)


def read_vector(
    path: Path, *, columns: Mapping[str, str], datum: str = "wgs84"
) -> tuple[DataFrame, list[Problem]]:
    """Read a vector file into a frame of text, one row per feature, and what its geometry lacks.

    Parameters
    ----------
    path : Path
        ``.geojson``, ``.gpkg`` or ``.parquet``.
    columns : mapping of str to str
        FIELD to COLUMN, before the names `find_columns` knows.
    datum : {"wgs84", "gcj02", "bd09"}
        What the positions are in.

    Returns
    -------
    tuple of DataFrame of str (shape (n, m)) and list of Problem
        Columns as `read_table`; lon, lat are the geometry's, "" where it is no point, which is a
        problem ``not_a_point``. A warning ``reprojected`` says when another CRS was declared.

    Raises
    ------
    SourceFormatError
        The file is not what its name says, cannot be read, holds no features or lacks a column.
    MissingCrsError
        ``datum`` is wgs84 and the file declares no CRS.
    CrsMismatchError
        The layer's name ends with another datum.
    """
    _require_kind(path)
    try:
        frame = _read_parquet(path) if _is_parquet(path) else _read_layer(path, datum)
    except _FAULTS as error:
        if isinstance(error, (CrsMismatchError, SourceFormatError)):
            raise
        msg = f"{path.name} cannot be read: {str(error)[:200]}; save it again from QGIS"
        raise SourceFormatError(msg) from error
    if frame.empty:
        msg = f"{path.name} holds no stations; every station is a feature"
        raise SourceFormatError(msg)
    frame, problems = _in_datum(frame.reset_index(drop=True), datum, path.name)
    return _to_text(frame, columns, path.name, problems), problems


def write_vector(frame: DataFrame, path: Path, *, datum: str = "wgs84") -> None:
    """Write typed columns with ``lon, lat`` in ``datum`` as points; the extension is the format."""
    crs = WGS84 if datum == "wgs84" else None
    layer = "stations" if datum == "wgs84" else f"stations_{datum}"
    stations = GeoDataFrame(frame, geometry=points_from_xy(frame["lon"], frame["lat"]), crs=crs)
    if _is_parquet(path):
        stations.to_parquet(path, index=False)
    elif path.suffix.lower() == ".gpkg":
        _write_geopackage(stations, path, layer)
    else:
        records = (dict(zip(frame.columns, cells, strict=True)) for cells in records_of(frame))
        lines = ",\n".join(map(_feature, records))
        head = f'{{"type":"FeatureCollection","name":"{layer}","features":['
        path.write_text(f"{head}\n{lines}\n]}}\n", encoding="utf-8")


def _is_parquet(path: Path) -> bool:
    return path.suffix.lower() == ".parquet"


def _require_kind(path: Path) -> None:
    """Look at the first bytes: GDAL opens by content, and some contents point at other files.

    Raises
    ------
    SourceFormatError
        The file cannot be read, is another kind of file, or is larger than 200 MB.
    """
    try:
        with path.open("rb") as file:
            head = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
        size = path.stat().st_size
    except OSError as error:
        msg = f"{path.name} cannot be read ({error.strerror}); check the path"
        raise SourceFormatError(msg) from error
    extension = path.suffix.lower()
    if not head.startswith(_MAGIC[extension]):
        msg = f"{path.name} is empty or no {extension[1:]} file inside; export it again"
        raise SourceFormatError(msg)
    if size > MAX_BYTES:
        msg = f"{path.name} is larger than {MAX_BYTES >> 20} MB; split it"
        raise SourceFormatError(msg)


def _read_parquet(path: Path) -> GeoDataFrame:
    """Read a GeoParquet file unless it unpacks to too much.

    Raises
    ------
    SourceFormatError
        More than 200 MB unpacked.
    """
    with ParquetFile(path) as file:
        groups = [file.metadata.row_group(place) for place in range(file.num_row_groups)]
        if sum(group.total_byte_size for group in groups) > MAX_BYTES:
            msg = f"{path.name} unpacks to more than {MAX_BYTES >> 20} MB; split it"
            raise SourceFormatError(msg)
    return geopandas.read_parquet(path)


def _read_layer(path: Path, datum: str) -> GeoDataFrame:
    """Read the one layer with geometry, or of several the one called ``stations...``.

    Raises
    ------
    SourceFormatError
        No such layer.
    CrsMismatchError
        Its name ends with a datum that is not the one asked for.
    """
    spatial = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    named = [name for name in spatial if name.startswith("stations")]
    chosen = spatial if len(spatial) == 1 else named
    if len(chosen) != 1:
        msg = f"{path.name} has the layers {', '.join(spatial) or 'none'}; "
        raise SourceFormatError(msg + "keep one, or call the one with stations 'stations'")
    said = re.search(f"_({'|'.join(DATUMS)})$", chosen[0])
    if said and said[1] != datum:
        msg = f"{path.name}: its layer {chosen[0]} is in {said[1]}, not in {datum}; "
        raise CrsMismatchError(msg + f"choose the datum {said[1]}")
    # GDAL takes a text column that looks like dates for dates, and rewrites it
    options = {"DATE_AS_STRING": "YES"} if path.suffix.lower() == ".geojson" else {}
    frame: GeoDataFrame | DataFrame = pyogrio.read_dataframe(path, layer=chosen[0], **options)
    return GeoDataFrame(frame)


def _in_datum(frame: GeoDataFrame, datum: str, source: str) -> tuple[GeoDataFrame, list[Problem]]:
    """Return the frame in degrees, reprojected where its CRS says so, and a warning about that.

    Raises
    ------
    MissingCrsError
        No CRS, and the datum is wgs84.
    """
    if frame.crs is None:
        if datum == "wgs84":
            msg = (
                f"{source} does not say its CRS; set it in QGIS, or choose the datum gcj02 or bd09"
            )
            raise MissingCrsError(msg)
        return frame, []
    is_degrees = frame.crs.is_geographic
    as_it_stands = datum != "wgs84" and is_degrees
    if as_it_stands or frame.crs.equals(WGS84, ignore_axis_order=True):
        return frame, []
    what = f"positions were reprojected from {frame.crs.name} to degrees, as the file declares"
    return frame.to_crs(WGS84), [row_warning(source, 0, "", "reprojected", what)]


def _to_text(
    frame: GeoDataFrame, columns: Mapping[str, str], source: str, problems: list[Problem]
) -> DataFrame:
    """Return the attributes as text under field names, with lon, lat of the geometry."""
    shapes = frame.geometry
    plain = DataFrame(frame.drop(columns=shapes.name))
    attributes = plain.drop(columns=["lon", "lat"], errors="ignore")
    text = {str(name): [cell_text(value) for value in cells] for name, cells in attributes.items()}
    ours = DataFrame({**text, "lon": "", "lat": ""}, index=plain.index, dtype=str)
    is_point = (shapes.geom_type == "Point") & ~shapes.is_empty
    ours.loc[is_point, "lon"] = [format_number(x) for x in shapes[is_point].x]
    ours.loc[is_point, "lat"] = [format_number(y) for y in shapes[is_point].y]
    for place in ours.index[~is_point]:
        what = f"its geometry is {shapes[place].geom_type if shapes[place] else 'missing'}, not a "
        what += "point; a station is one position"
        problems.append(row_problem(source, place + FIRST_FEATURE, "lon", "not_a_point", what))
    header = [str(name) for name in ours.columns]
    found = find_columns(header, columns=columns, datum="", source=source)
    return rename_columns(ours, {**found, "lon": "lon", "lat": "lat"})


def _feature(record: Mapping[str, object]) -> str:
    properties = {name: value if is_known(value) else None for name, value in record.items()}
    point = {"type": "Point", "coordinates": [record["lon"], record["lat"]]}
    feature = {"type": "Feature", "properties": properties, "geometry": point}
    return json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _write_geopackage(stations: GeoDataFrame, path: Path, layer: str) -> None:
    """Write with a fixed date of change, so that the same stations give the same bytes."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="'crs' was not provided")  # GCJ-02 has none
            stations.to_file(path, driver="GPKG", layer=layer, engine="pyogrio")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
