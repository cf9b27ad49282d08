"""The worker's question: which station can I get into soonest, judged on arrival."""

from geo.nearest.answer import NearestStation
from geo.nearest.ask import RIDE_KMH, nearest
from geo.nearest.directions import Directions, tell_way
from geo.nearest.finder import Finder
from geo.nearest.way import Way
from geo.reach import WALK_KMH

__all__ = [
    "RIDE_KMH",
    "WALK_KMH",
    "Directions",
    "Finder",
    "NearestStation",
    "Way",
    "nearest",
    "tell_way",
]
