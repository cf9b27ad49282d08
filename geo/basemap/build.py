"""OSM extracts -> one PMTiles file: GDAL cuts each layer into tiles, here the layers are joined."""

from __future__ import annotations

import gzip
import heapq
import logging
import tempfile
import time
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyogrio
from pmtiles.reader import MmapSource, all_tiles
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from geo.basemap.features import read_layers
from geo.basemap.layers import MAX_ZOOM, SHEETS
from geo.basemap.sheets import make_sheet
from geo.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd

    from geo.basemap.layers import Sheet

log = logging.getLogger(__name__)

_NOWHERE: Final = (np.inf, np.inf, -np.inf, -np.inf)
_LARGEST_TILE: Final = 500_000  # bytes; GDAL coarsens what is beyond
_FINE, _COARSE = 4096, 2048  # steps along a tile's side; fine: 0.3 m at zoom 15
_SMOOTH: Final = {_FINE: 1.0, _COARSE: 3.0}  # steps by which a line may be straightened


def build_basemap(extracts: Sequence[Path], out: Path, *, progress: Progress = silent) -> None:
    """Write the basemap of one or more OSM extracts into exactly ``out``; same input, same bytes.

    Parameters
    ----------
    extracts : sequence of Path
        ``.osm`` or ``.osm.pbf`` files, WGS-84; an object that stands in several counts once.
    out : Path
        A PMTiles file of vector tiles, zooms 9-15: streets, water, green, buildings, railways and
        names, no boundary of any kind. It appears whole or not at all; an extract with nothing to
        draw makes one with a single empty tile.
    progress : Progress
        Told after each layer.

    Raises
    ------
    SourceFormatError
        An extract cannot be read.
    """
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix=".nuanyi-", dir=out.absolute().parent) as work:
        box = np.array(_NOWHERE)
        sheets: list[Path] = []
        for done, (name, features) in enumerate(read_layers(extracts), start=1):
            wanted = [sheet for sheet in SHEETS if sheet.layer == name]
            drawn = [(sheet, make_sheet(features, sheet)) for sheet in wanted]
            sheets += [_write_sheet(part, sheet, Path(work)) for sheet, part in drawn if len(part)]
            if len(features):
                box = _around(box, features.total_bounds)
            progress("drawing the map", done, len({sheet.layer for sheet in SHEETS}))
        made = Path(work) / out.name
        _join(sheets, made, box)
        made.replace(out)
    log.info("basemap: %d layers in %.1f s", len(sheets), time.perf_counter() - started)


def _write_sheet(features: gpd.GeoDataFrame, sheet: Sheet, folder: Path) -> Path:
    """Let GDAL cut one sheet into tiles."""
    path = folder / f"{sheet.layer}-{sheet.first}.sheet.pmtiles"
    extent = _FINE if sheet.last == MAX_ZOOM and not sheet.is_plain else _COARSE
    pyogrio.write_dataframe(
        features,
        path,
        layer=sheet.layer,
        driver="PMTiles",
        geometry_type="Unknown",  # rivers are lines and areas
        MINZOOM=sheet.first,
        MAXZOOM=sheet.last,
        MAX_SIZE=_LARGEST_TILE,
        EXTENT=extent,
        SIMPLIFICATION=_SMOOTH[extent],
    )
    return path


def _around(box: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the box (west, south, east, north) around two."""
    return np.concatenate([np.minimum(box[:2], other[:2]), np.maximum(box[2:], other[2:])])


def _join(sheets: Sequence[Path], out: Path, box: np.ndarray[Any, Any]) -> None:
    """Put the tiles of all layers together: a tile's bytes are those of its layers in a row."""
    tiles = heapq.merge(*(_tiles(path) for path in sheets), key=itemgetter(0))
    with out.open("wb") as file:
        writer = Writer(file)
        for tile_id, parts in groupby(tiles, key=itemgetter(0)):
            whole = b"".join(part for _, part in parts)
            writer.write_tile(tile_id, gzip.compress(whole, mtime=0))
        if not sheets:  # the format knows no file without a tile
            writer.write_tile(0, gzip.compress(b"", mtime=0))
        writer.finalize(_header(box if sheets else np.zeros(4)), {"vector_layers": _about()})


def _tiles(path: Path) -> Iterator[tuple[int, bytes]]:
    """Read one layer's tiles, decompressed, in the order of their numbers.

    Yields
    ------
    int, bytes
        Number of the tile, its content.
    """
    with path.open("rb") as file:
        for zxy, data in all_tiles(MmapSource(file)):
            yield zxy_to_tileid(*zxy), gzip.decompress(data)


def _header(box: np.ndarray[Any, Any]) -> dict[str, Any]:
    west, south, east, north = (round(float(degrees) * 1e7) for degrees in box)
    return {
        "tile_compression": Compression.GZIP,
        "tile_type": TileType.MVT,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
    }


def _about() -> list[dict[str, Any]]:
    fields = {"kind": "String", "name": "String", "name_en": "String"}
    firsts = {sheet.layer: sheet.first for sheet in reversed(SHEETS)}
    return [
        {"id": name, "fields": fields, "minzoom": first, "maxzoom": MAX_ZOOM}
        for name, first in sorted(firsts.items())
    ]
