"""Areas in the store: city, districts and subdistricts as well-known binary on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely import MultiPolygon
from sqlalchemy import delete, func, insert, select

from geo.coords import WGS84
from geo.errors import CrsMismatchError, MissingCrsError, SourceFormatError
from geo.store.tables import AREAS

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from geo.store.engine import Writing

_COLUMNS: Final = ("code", "name", "level", "parent")
_COMPARED: Final = (*_COLUMNS, "wkb")


def read_areas(connection: Connection, level: str | None) -> gpd.GeoDataFrame:
    """Return areas as a frame; see ``Store.read_areas``."""
    query = select(*(AREAS.c[name] for name in _COMPARED))
    if level is not None:
        query = query.where(AREAS.c.level == level)
    rows = sorted(connection.execute(query).all(), key=lambda row: str(row.code))
    columns = {
        name: pd.Series([row[place] for row in rows], dtype=str)
        for place, name in enumerate(_COLUMNS)
    }
    shapes = shapely.from_wkb([row.wkb for row in rows])
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=WGS84)


def areas_seq(connection: Connection) -> int:
    """Return the greatest change number of an area; see ``Store.areas_seq``."""
    return int(connection.execute(select(func.max(AREAS.c.changed_seq))).scalar() or 0)


def save_areas(work: Writing, areas: gpd.GeoDataFrame) -> int:
    """Write the areas that differ from the stored ones; see ``Store.save_areas``."""
    _require_areas(areas)
    rows = [_row(*cells) for cells in zip(*_cells(areas), strict=True)]
    query = select(*(AREAS.c[name] for name in _COMPARED))
    stored = {row.code: tuple(row) for row in work.connection.execute(query)}
    changing = [row for row in rows if stored.get(row["code"]) != _compared(row)]
    replaced = [row["code"] for row in changing if row["code"] in stored]
    if replaced:
        work.connection.execute(delete(AREAS).where(AREAS.c.code.in_(replaced)))
    if changing:
        work.changed = True
        marked = [{**row, "changed_seq": work.seq} for row in changing]
        work.connection.execute(insert(AREAS), marked)
    return len(changing)


def _cells(areas: gpd.GeoDataFrame) -> list[list[Any]]:
    shapes = [
        shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape])
        for shape in areas.geometry
    ]
    return [*(areas[name].tolist() for name in _COLUMNS), shapes]


def _row(code: str, name: str, level: str, parent: object, shape: MultiPolygon) -> dict[str, Any]:
    west, south, east, north = shape.bounds
    return {
        "code": code,
        "name": name,
        "level": level,
        "parent": parent if isinstance(parent, str) else "",
        "wkb": shapely.to_wkb(shape, output_dimension=2, byte_order=1),
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }


def _compared(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _COMPARED)


def _require_areas(areas: gpd.GeoDataFrame) -> None:
    """Check CRS, columns, codes and shapes before anything is written.

    Raises
    ------
    MissingCrsError
        The frame does not say its CRS.
    CrsMismatchError
        The frame is not in EPSG:4326.
    SourceFormatError
        A column is missing, a code occurs twice, or a shape is not a polygon.
    """
    if areas.crs is None:
        msg = "the areas have no CRS; set EPSG:4326 if they are WGS-84 degrees"
        raise MissingCrsError(msg)
    if areas.crs != WGS84:
        msg = f"the areas are in {areas.crs.name}; convert them to EPSG:4326 first"
        raise CrsMismatchError(msg)
    missing = [name for name in _COLUMNS if name not in areas.columns]
    if missing:
        msg = f"the areas lack the columns {', '.join(missing)}"
        raise SourceFormatError(msg)
    if (twice := areas["code"].duplicated()).any():
        code = areas.loc[twice, "code"].iloc[0]
        msg = f"area code {code!r} occurs twice; name the field of unique codes with --code"
        raise SourceFormatError(msg)
    plane = areas.geometry.geom_type.isin(["Polygon", "MultiPolygon"]) & ~areas.geometry.is_empty
    if not plane.all():
        msg = f"area {areas.loc[~plane, 'code'].iloc[0]} is not a polygon with an inside"
        raise SourceFormatError(msg)
