"""The staff desk: the list of stations, the form, checks, history, imports, acts upon many."""

from webmap.staff import (
    acts,
    check_acts,
    checks,
    home,
    past,
    place,
    reading,
    station,
    undo,
    undo_change,
)
from webmap.staff.base import blueprint

__all__ = [
    "acts",
    "blueprint",
    "check_acts",
    "checks",
    "home",
    "past",
    "place",
    "reading",
    "station",
    "undo",
    "undo_change",
]
