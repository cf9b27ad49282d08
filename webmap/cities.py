"""The cities of this installation, kept open in the process: their boxes, networks and basemaps."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from typing import TYPE_CHECKING, Final

from geo.basemap import Basemap
from geo.city import list_folders, read_city
from geo.errors import GeoError
from geo.network import read_network

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geo.city import City
    from geo.network import Network
    from webmap.settings import Settings
    from webmap.stores import Stores

logger = logging.getLogger(__name__)

DEMO_CITY: Final = "demo"
_LOOK_AGAIN_S: Final = 5.0  # how soon a city built meanwhile is seen


class Cities:
    """The cities that belong to the shown stations: the demo's alone, or all but the demo's."""

    def __init__(self, settings: Settings, stores: Stores) -> None:
        self._folder = settings.cities
        self._stores = stores
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        self._listed: tuple[City, ...] = ()
        self._looked_at = -_LOOK_AGAIN_S
        self._networks: dict[str, tuple[float, Network]] = {}
        self._basemaps: dict[str, tuple[float, Basemap]] = {}

    def shown(self) -> tuple[City, ...]:
        """Return the cities of what is shown, by code; a damaged one is left out and logged."""
        return self.of(is_demo=self._stores.shown().is_demo)

    def of(self, *, is_demo: bool) -> tuple[City, ...]:
        """Return the demo's city, or all others, by code."""
        return tuple(city for city in self._all() if (city.code == DEMO_CITY) == is_demo)

    def city_at(self, lon: float, lat: float) -> City | None:
        """Return the shown city that contains a position, of several the smallest box."""
        inside = [city for city in self.shown() if city.contains(lon, lat)]
        return min(
            inside,
            key=lambda city: (city.east - city.west) * (city.north - city.south),
            default=None,
        )

    def network(self, city: City) -> Network:
        """Return a city's walking network, read once until its file changes."""
        changed = _changed_at(city.network_path)
        with self._reading:  # minutes, perhaps: all else goes on
            kept = self._networks.get(city.code)
            if kept is None or kept[0] != changed:
                kept = changed, read_network(city.network_path)
                self._networks[city.code] = kept
            return kept[1]

    def basemaps(self) -> list[Basemap]:
        """Return the basemaps of the shown cities; a city built without one has none."""
        return [found for city in self.shown() if (found := self.basemap(city)) is not None]

    def bounds(self) -> tuple[float, float, float, float] | None:
        """Return west, south, east, north in degrees of all shown cities; None without a city."""
        boxes = [(city.west, city.south, city.east, city.north) for city in self.shown()]
        if not boxes:
            return None
        west, south, east, north = zip(*boxes, strict=True)
        return min(west), min(south), max(east), max(north)

    @property
    def version(self) -> str:
        """A mark of the shown basemaps, so that their tiles may be kept for long."""
        marks = [
            f"{city.code} {_changed_at(city.basemap_path)}"
            for city in self.shown()
            if city.basemap_path.is_file()
        ]
        return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:10]

    def basemap(self, city: City) -> Basemap | None:
        """Return a city's basemap, opened once until its file changes; None without one."""
        if not city.basemap_path.is_file():
            return None
        changed = _changed_at(city.basemap_path)
        with self._lock:
            kept = self._basemaps.get(city.code)
            if kept is None or kept[0] != changed:
                try:
                    kept = changed, Basemap(city.basemap_path)
                except GeoError as error:
                    logger.error("%s", error)  # noqa: TRY400 - the text says it all
                    return None
                self._basemaps[city.code] = kept
            return kept[1]

    def _all(self) -> tuple[City, ...]:
        """Return all cities, looked up again every few seconds."""
        with self._lock:
            if time.monotonic() - self._looked_at >= _LOOK_AGAIN_S:
                self._listed = tuple(_sound_cities(self._folder))
                self._looked_at = time.monotonic()
            return self._listed


def _sound_cities(folder: Path) -> Iterator[City]:
    """Read the cities below a folder; a damaged one is logged and left out.

    Yields
    ------
    City
        By code.
    """
    for place in list_folders(folder):
        try:
            yield read_city(place)
        except GeoError as error:
            logger.error("%s", error)  # noqa: TRY400 - the text says it all


def _changed_at(path: Path) -> float:
    """Return when a file was last written; -1 where there is none."""
    try:
        return path.stat().st_mtime
    except OSError:
        return -1.0
