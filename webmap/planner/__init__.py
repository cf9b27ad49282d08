"""The planner's desk: upload tracks, see where and when workers have nowhere."""

from webmap.planner.views import blueprint

__all__ = ["blueprint"]
