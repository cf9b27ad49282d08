"""Opening hours: OSM ``opening_hours`` texts judged at local moments of mainland China."""

from geo.hours.judge import CLOSED, OPEN, UNKNOWN, Interval, intervals
from geo.hours.syntax import check_hours
from geo.hours.timeline import Timeline, make_timeline

__all__ = [
    "CLOSED",
    "OPEN",
    "UNKNOWN",
    "Interval",
    "Timeline",
    "check_hours",
    "intervals",
    "make_timeline",
]
