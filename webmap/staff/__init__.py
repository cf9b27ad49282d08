"""The staff desk: the list of stations, the form, checks, history, imports, acts upon many."""

from webmap.staff import (
    acts,
    alike,
    bulk,
    check_acts,
    checks,
    doubts,
    export,
    home,
    import_answers,
    importing,
    past,
    place,
    platforms,
    reading,
    station,
    undo,
    undo_change,
)
from webmap.staff.base import blueprint

__all__ = [
    "acts",
    "alike",
    "blueprint",
    "bulk",
    "check_acts",
    "checks",
    "doubts",
    "export",
    "home",
    "import_answers",
    "importing",
    "past",
    "place",
    "platforms",
    "reading",
    "station",
    "undo",
    "undo_change",
]
