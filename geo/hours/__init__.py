"""Opening hours: OSM ``opening_hours`` texts judged at local moments of mainland China."""

from geo.hours.chinese.reading import Reading, read_hours
from geo.hours.judge import (
    Interval,
    intervals,
    is_always_open,
    next_change,
    state_at,
)
from geo.hours.program import CLOSED, OPEN, UNKNOWN
from geo.hours.syntax import check_hours
from geo.hours.timeline import Timeline, make_timeline, open_mask, states
from geo.hours.timetable import Timetable
from geo.hours.words import say_hours

__all__ = [
    "CLOSED",
    "OPEN",
    "UNKNOWN",
    "Interval",
    "Reading",
    "Timeline",
    "Timetable",
    "check_hours",
    "intervals",
    "is_always_open",
    "make_timeline",
    "next_change",
    "open_mask",
    "read_hours",
    "say_hours",
    "state_at",
    "states",
]
