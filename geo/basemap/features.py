"""OSM extracts -> one frame per basemap layer, through GDAL's OSM driver."""

from __future__ import annotations

from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from geo.basemap import layers
from geo.coords import WGS84
from geo.errors import SourceFormatError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from geo.basemap.layers import Kinds

_COLUMNS: Final = ["kind", "name", "name_en", "geometry"]
_IDS: Final = ["osm_id", "osm_way_id"]  # of an area one of the two is set
_IS_BUILDING: Final = "building IS NOT NULL AND building <> 'no'"


def read_layers(extracts: Sequence[Path]) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Read what is to be drawn, a part of the extracts after the other, to spare memory.

    An object that stands in several extracts counts once, as the one that knows most of it has it.

    Yields
    ------
    str, GeoDataFrame
        A layer of `geo.basemap.layers.SHEETS` (each once) and its features in the order of
        painting, or of names in that of importance: ``kind``, ``name``, ``name_en`` (None = none)
        and geometry, EPSG:4326.

    Raises
    ------
    SourceFormatError
        An extract cannot be read.
    """
    lines = _read(extracts, "lines", "highway IS NOT NULL OR waterway IS NOT NULL OR railway <> ''")
    for name, kinds in layers.STREETS.items():
        yield name, _only(lines, kinds)
    above = lines["tunnel"].isna() | (lines["tunnel"] == "no")
    yield "rail", _only(lines[above], layers.RAIL)
    rivers = _only(lines[above], layers.WATER_LINES)
    del lines
    areas = _read(extracts, "multipolygons", f"NOT ({_IS_BUILDING})")
    yield "water", _joined(_only(areas, layers.WATER_AREAS), rivers)
    yield "ground", _by_size(_only(areas, layers.GROUND))
    named = _middles(areas)
    del areas
    buildings = _read(extracts, "multipolygons", _IS_BUILDING)
    yield "buildings", _nameless(buildings)
    named = _joined(named, _middles(buildings))
    del buildings
    named = _joined(_read(extracts, "points", "name IS NOT NULL"), named)
    yield "places", _only(named, layers.PLACES)
    yield "quarters", _only(named, layers.QUARTERS)
    yield "spots", _only(named, layers.SPOTS)
    yield "stops", _only(named, layers.STOPS)


def _read(extracts: Sequence[Path], layer: str, where: str) -> gpd.GeoDataFrame:
    """Read one of GDAL's layers of all extracts, in the order of the objects' ids."""
    with _gdal_settings() as settings:
        frames = [_read_one(path, layer, where, settings) for path in extracts]
    frame = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=WGS84)
    ids = [column for column in _IDS if column in frame]
    frame["_size"] = -shapely.get_num_coordinates(frame.geometry.to_numpy())
    frame = frame.sort_values([*ids, "_size"], kind="stable", ignore_index=True)
    return frame.drop_duplicates(ids, ignore_index=True).drop(columns="_size")


def _read_one(path: Path, layer: str, where: str, settings: Path) -> gpd.GeoDataFrame:
    try:
        frame = pyogrio.read_dataframe(
            path, layer=layer, where=where, on_invalid="ignore", CONFIG_FILE=str(settings)
        )
    except (DataSourceError, DataLayerError, ValueError) as error:
        msg = f"{path}: not a readable OSM extract ({error}); it may be cut short or misnamed"
        raise SourceFormatError(msg) from error
    return frame[frame.geometry.notna() & ~frame.geometry.is_empty]


@contextmanager
def _gdal_settings() -> Iterator[Path]:
    with as_file(files(__package__) / "osm.ini") as path:
        yield path


def _only(frame: gpd.GeoDataFrame, kinds: Kinds) -> gpd.GeoDataFrame:
    """Keep what is of one of the kinds, in their order and, among equals, bridges last."""
    rank = _rank(frame, kinds)
    kept = frame.assign(kind=np.array([*kinds, ""])[rank], _rank=rank)[rank < len(kinds)]
    height = ["z_order"] if "z_order" in kept else []
    return kept.sort_values([*height, "_rank"], kind="stable", ignore_index=True)[_COLUMNS]


def _rank(frame: gpd.GeoDataFrame, kinds: Kinds) -> NDArray[np.int64]:
    """Return the number of the first kind that holds for each row; one more than the last: none."""
    tests = [
        np.logical_or.reduce([frame[column].isin(values) for column, values in kind.items()])
        for kind in kinds.values()
    ]
    return np.select(tests, list(range(len(kinds))), len(kinds)).astype(np.int64)


def _by_size(ground: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put small areas after large ones of their kind, and the kinds in the order of painting."""
    order = pd.Categorical(ground["kind"], layers.GROUND_ORDER).codes
    size = -shapely.area(ground.geometry.to_numpy())
    return ground.iloc[np.lexsort([size, order])].reset_index(drop=True)


def _middles(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a point inside each area with a name, large ones first."""
    named = areas[areas["name"].notna()]
    named = named.iloc[np.argsort(-shapely.area(named.geometry.to_numpy()), kind="stable")]
    return named.set_geometry(named.geometry.representative_point())


def _nameless(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.assign(kind="building", name=None, name_en=None)[_COLUMNS]


def _joined(first: gpd.GeoDataFrame, second: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.concat([first, second], ignore_index=True), crs=WGS84)
