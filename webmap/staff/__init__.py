"""The staff desk: the list of stations, the form, checks, the history and acts upon many."""

from webmap.staff import acts, checks, home, past, reading, station, undo, undo_change
from webmap.staff.base import blueprint

__all__ = [
    "acts",
    "blueprint",
    "checks",
    "home",
    "past",
    "reading",
    "station",
    "undo",
    "undo_change",
]
