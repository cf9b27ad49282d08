"""The staff desk: the list of stations, the form, and checks."""

from webmap.staff import checks, home, reading, station
from webmap.staff.base import blueprint

__all__ = ["blueprint", "checks", "home", "reading", "station"]
