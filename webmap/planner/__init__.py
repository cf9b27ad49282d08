"""The planner's desk: upload tracks or draw beats, see where and when workers have nowhere."""

from webmap.planner import beats, changes, check, compare, publish, results, views, wishes
from webmap.planner.access import blueprint

__all__ = [
    "beats",
    "blueprint",
    "changes",
    "check",
    "compare",
    "publish",
    "results",
    "views",
    "wishes",
]
