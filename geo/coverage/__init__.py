"""Coverage of routes: where and when workers have a station within the limit, and why not."""

from geo.coverage.measure import LIMIT_M, coverage
from geo.coverage.publish import LEAST_WORKERS, Published, publish
from geo.coverage.result import Coverage, worst_lines
from geo.coverage.streets_file import write_streets
from geo.coverage.stretches import Drawing
from geo.coverage.stretches_file import write_stretches
from geo.coverage.write import write_coverage
from geo.reach import WALK_KMH

__all__ = [
    "LEAST_WORKERS",
    "LIMIT_M",
    "WALK_KMH",
    "Coverage",
    "Drawing",
    "Published",
    "coverage",
    "publish",
    "worst_lines",
    "write_coverage",
    "write_streets",
    "write_stretches",
]
