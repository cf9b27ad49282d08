"""The staff desk: the list of stations and the form."""

from webmap.staff import home, reading, station
from webmap.staff.base import blueprint

__all__ = ["blueprint", "home", "reading", "station"]
