"""The form stations have in memory, and the frame of text that tables are written from.

In memory: a GeoDataFrame in EPSG:4326 with the columns ``FIELD_NAMES`` and ``geometry``; lon, lat
and area_m2 are float64 (NaN = not known), capacity is Int64 (NA), all else canonical cell text.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from geopandas import GeoDataFrame, points_from_xy
from pandas import DataFrame, Series

from geo.coords import WGS84, from_wgs84
from geo.errors import CrsMismatchError, MissingCrsError
from geo.stations.cells import format_number
from geo.stations.schema import FIELD_NAMES, FIELDS, PUBLIC_NAMES, FieldType

if TYPE_CHECKING:
    from collections.abc import Iterator

FLOATS: Final = tuple(field.name for field in FIELDS if field.type is FieldType.NUMBER)
COUNTS: Final = tuple(field.name for field in FIELDS if field.type is FieldType.COUNT)


def to_stations(rows: DataFrame) -> GeoDataFrame:
    """Return stations in their form in memory, made of canonical text.

    Parameters
    ----------
    rows : DataFrame of str, n rows
        Columns ``FIELD_NAMES``, every cell canonical, lon and lat WGS-84 and never empty.

    Returns
    -------
    GeoDataFrame, n rows
        Index 0..n-1.
    """
    columns: dict[str, Series] = {}
    for name in FIELD_NAMES:
        cells = rows[name].tolist()
        if name in FLOATS:
            # float() is exact where pandas' own reader of numbers may be off in the last bit
            values = [float(cell) if cell else math.nan for cell in cells]
            columns[name] = Series(values, dtype="float64")
        elif name in COUNTS:
            columns[name] = Series([int(cell) if cell else pd.NA for cell in cells], dtype="Int64")
        else:
            columns[name] = Series(cells, dtype=str)
    points = points_from_xy(columns["lon"], columns["lat"])
    return GeoDataFrame(columns, geometry=points, crs=WGS84)


def to_frame(
    stations: GeoDataFrame, *, datum: str = "wgs84", public_only: bool = False
) -> DataFrame:
    """Return typed columns with positions in ``datum``, without geometry, index 0..n-1.

    Parameters
    ----------
    stations : GeoDataFrame, n rows
        Points, EPSG:4326; the geometry decides, not lon and lat. Absent fields come out empty.
    datum : {"wgs84", "gcj02", "bd09"}
        Of ``lon, lat`` in the answer.
    public_only : bool
        Leave the fields out that only staff may see.

    Returns
    -------
    DataFrame, n rows
        The columns of the schema, in its order.

    Raises
    ------
    MissingCrsError
        The frame has no CRS.
    CrsMismatchError
        It is not EPSG:4326.
    """
    if stations.crs is None:
        msg = "stations have no CRS; set EPSG:4326 if they are WGS-84 degrees"
        raise MissingCrsError(msg)
    if not stations.crs.equals(WGS84, ignore_axis_order=True):
        msg = f"stations are in {stations.crs.name}; reproject them with to_crs(4326)"
        raise CrsMismatchError(msg)
    degrees = from_wgs84(stations.geometry.x, stations.geometry.y, datum)
    known: dict[str, Any] = {**dict(stations.items()), "lon": degrees[0], "lat": degrees[1]}
    names = PUBLIC_NAMES if public_only else FIELD_NAMES
    return DataFrame({name: _column(name, known.get(name), len(stations)) for name in names})


def _column(name: str, values: Any, length: int) -> Series[Any]:  # noqa: ANN401  # any list-like
    """Return one field in its type, index 0..n-1; all empty where the frame lacks it."""
    given = [None] * length if values is None else list(values)
    if name in FLOATS:
        return Series(given, dtype="float64")
    if name in COUNTS:
        return Series(given, dtype="Int64")
    return Series([value if isinstance(value, str) else "" for value in given], dtype=str)


def records_of(frame: DataFrame) -> Iterator[tuple[Any, ...]]:
    """Return the rows as tuples; far quicker than ``itertuples`` where text is kept by Arrow."""
    return zip(*(frame[name].tolist() for name in frame.columns), strict=True)


def to_text(frame: DataFrame) -> DataFrame:
    """Return the frame of `to_frame` with every number as its canonical text."""
    numbers = {
        name: [
            "" if unknown else format_number(value)
            for value, unknown in zip(frame[name].tolist(), frame[name].isna(), strict=True)
        ]
        for name in frame.columns.intersection([*FLOATS, *COUNTS])
    }
    return DataFrame({name: numbers.get(name, frame[name]) for name in frame.columns}, dtype=str)
