"""The planner's desk: upload tracks, see where and when workers have nowhere."""

from webmap.planner import results, views
from webmap.planner.access import blueprint

__all__ = ["blueprint", "results", "views"]
