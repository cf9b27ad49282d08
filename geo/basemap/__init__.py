"""A basemap without a network: OSM extract -> PMTiles, and its tiles."""

from __future__ import annotations

from geo.basemap.build import build_basemap
from geo.basemap.file import Basemap

__all__ = ["Basemap", "build_basemap"]
