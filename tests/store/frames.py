"""Small frames in the form of ``geo.stations``, made by hand for the tests of the store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypedDict

import geopandas as gpd
import pandas as pd
import shapely

from geo.coords import WGS84
from geo.stations.schema import FIELDS, FieldType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.store import Store


class By(TypedDict):
    """Who, through what, when: what every save wants to know."""

    actor: str
    origin: str
    now: datetime


NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BY: Final[By] = {"actor": "lin", "origin": "form", "now": NOON}


def make_stations(codes: Sequence[str] = ("A", "B"), **fields: object) -> gpd.GeoDataFrame:
    """Return stations with all columns, empty where ``fields`` gives none, 0.01 degrees apart."""
    n = len(codes)
    known: dict[str, Any] = {
        "code": list(codes),
        "name": [f"暖心驿站 {code}" for code in codes],
        "lon": [116.30 + 0.01 * place for place in range(n)],
        "lat": [39.90] * n,
        **fields,
    }
    columns: dict[str, Any] = {}
    for field in FIELDS:
        dtype = {FieldType.NUMBER: "float64", FieldType.COUNT: "Int64"}.get(field.type, str)
        empty = "" if dtype is str else None
        columns[field.name] = pd.Series(known.get(field.name, [empty] * n), dtype=dtype)
    points = gpd.points_from_xy(columns["lon"], columns["lat"])
    return gpd.GeoDataFrame(columns, geometry=points, crs=WGS84)


def make_areas(
    codes: Sequence[str] = ("110101", "110102"), level: str = "district"
) -> gpd.GeoDataFrame:
    """Return squares of 0.1 degrees side by side."""
    boxes = [
        shapely.MultiPolygon([shapely.box(116.0 + 0.1 * place, 39.9, 116.1 + 0.1 * place, 40.0)])
        for place in range(len(codes))
    ]
    columns = {
        "code": list(codes),
        "name": [f"区 {code}" for code in codes],
        "level": [level] * len(codes),
        "parent": ["110000"] * len(codes),
    }
    return gpd.GeoDataFrame(pd.DataFrame(columns, dtype=str), geometry=boxes, crs=WGS84)


def count_history(store: Store) -> int:
    """Return how many rows of history the store holds."""
    with store.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM station_history").scalar_one())
