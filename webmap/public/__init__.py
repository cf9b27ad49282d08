"""Public pages: the finder, the station, and what an operator asks."""

from webmap.public import finder, health, near, photos, privacy, station, tell
from webmap.public.base import blueprint

__all__ = ["blueprint", "finder", "health", "near", "photos", "privacy", "station", "tell"]
