"""Coverage of routes: where and when workers have a station within the limit, and why not."""

from geo.coverage.measure import LIMIT_M, coverage
from geo.coverage.result import Coverage
from geo.coverage.stretches import Drawing
from geo.coverage.write import write_coverage, write_stretches
from geo.reach import WALK_KMH

__all__ = [
    "LIMIT_M",
    "WALK_KMH",
    "Coverage",
    "Drawing",
    "coverage",
    "write_coverage",
    "write_stretches",
]
