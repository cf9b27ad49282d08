"""Read a basemap: one tile, or what its header says; safe between threads."""

from __future__ import annotations

import mmap
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pmtiles.tile import (
    Compression,
    Entry,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from geo.errors import SourceFormatError

if TYPE_CHECKING:
    from pathlib import Path

_HEADER_BYTES: Final = 127
_MOST_LEVELS: Final = 4  # of directories, by the format
_KEPT: Final = 64  # directories kept decoded; one serves thousands of tiles
_DAMAGE: Final = (
    OSError, ValueError, KeyError, IndexError, EOFError, MagicNumberNotFound,
    SpecVersionUnsupported,
)  # fmt: skip  # all that the package raises over a foreign file


class Basemap:
    """An open PMTiles file of vector tiles, mapped into memory."""

    def __init__(self, path: Path) -> None:
        """Open a basemap that `build_basemap` wrote.

        Raises
        ------
        SourceFormatError
            The file is missing, damaged or of another kind.
        """
        self.path = path
        try:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._header = deserialize_header(self._bytes[:_HEADER_BYTES])
            is_ours = (self._header["tile_type"], self._header["tile_compression"]) == (
                TileType.MVT,
                Compression.GZIP,
            )
            self._directory = lru_cache(_KEPT)(self._read_directory)
            self._directory(self._header["root_offset"], self._header["root_length"])
        except _DAMAGE as error:
            raise self._damaged(error) from error
        if not is_ours or self._end() > len(self._bytes):
            raise self._damaged("cut short" if is_ours else "no vector tiles")

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what is drawn, degrees."""
        corners = ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
        west, south, east, north = (self._header[name] / 1e7 for name in corners)  # type: ignore[literal-required]  # the four above
        return west, south, east, north

    @property
    def min_zoom(self) -> int:
        """The first zoom with tiles."""
        return self._header["min_zoom"]

    @property
    def max_zoom(self) -> int:
        """The last zoom with tiles."""
        return self._header["max_zoom"]

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return a tile (Mapbox vector tile, gzip-compressed), None where nothing is drawn.

        Raises
        ------
        SourceFormatError
            The file is damaged at this place.
        """
        if not (0 <= z <= self.max_zoom and 0 <= x < 1 << z and 0 <= y < 1 << z):
            return None
        try:
            entry = self._find(zxy_to_tileid(z, x, y))
        except _DAMAGE as error:
            raise self._damaged(error) from error
        if entry is None:
            return None
        start = self._header["tile_data_offset"] + entry.offset
        return self._bytes[start : start + entry.length]

    def _find(self, number: int) -> Entry | None:
        """Walk down the directories to a tile's entry."""
        offset, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(_MOST_LEVELS):
            entry = find_tile(self._directory(offset, length), number)
            if entry is None or entry.run_length:
                return entry
            offset = self._header["leaf_directory_offset"] + entry.offset
            length = entry.length
        return None

    def _read_directory(self, offset: int, length: int) -> list[Entry]:
        return deserialize_directory(self._bytes[offset : offset + length])

    def _end(self) -> int:
        return self._header["tile_data_offset"] + self._header["tile_data_length"]

    def _damaged(self, why: object) -> SourceFormatError:
        msg = (
            f"{self.path}: not a basemap ({why}); "
            "make one with `nuanyi basemap build EXTRACT --out FILE`"
        )
        return SourceFormatError(msg)
