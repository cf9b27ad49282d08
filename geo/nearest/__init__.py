"""The worker's question: which station can I get into soonest, judged on arrival."""

from geo.nearest.answer import NearestStation
from geo.nearest.ask import RIDE_KMH, WALK_KMH, nearest

__all__ = ["RIDE_KMH", "WALK_KMH", "NearestStation", "nearest"]
