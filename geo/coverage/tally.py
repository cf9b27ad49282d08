"""Integer sums of steps: milliseconds and millimetres by class, hour of week, area and route.

Sums are integers, so any order and any partition of the steps gives the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.coverage.classes import CLASS_NAMES, COVERED, UNKNOWN, Distances, classify

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

HOURS_OF_WEEK: Final = 168
LIMITS_MIN: Final = (5, 10, 15, 20)
_CLASSES: Final = len(CLASS_NAMES)
_EXACT: Final = 2**53  # bincount adds in float64; up to here integers stay exact


@dataclass(frozen=True)
class Measured:
    """Steps with all that is counted of them, arrays of shape (n,)."""

    duration_ms: Ints
    length_mm: Ints
    hour: Ints  # of the week, 0..167
    route: Ints
    areas: tuple[Ints, ...]  # per layer the row of the area, -1: none
    on_network: NDArray[np.bool_]
    walk: Distances
    straight: Distances
    by_walk: NDArray[np.uint8]  # class


class Table:
    """Sums by group and class: ``ms`` and ``mm`` of shape (groups, classes)."""

    def __init__(self, groups: int) -> None:
        self.ms = np.zeros((groups, _CLASSES), dtype=np.int64)
        self.mm = np.zeros((groups, _CLASSES), dtype=np.int64)

    def add(self, group: Ints, found: NDArray[np.uint8], steps: Measured) -> None:
        """Count steps, group in 0..groups-1."""
        cell = group * _CLASSES + found
        self.ms += _sums(cell, steps.duration_ms, self.ms.size).reshape(self.ms.shape)
        self.mm += _sums(cell, steps.length_mm, self.mm.size).reshape(self.mm.shape)


class Tally:
    """All sums of one run."""

    def __init__(
        self, *, routes: int, areas: tuple[int, ...], walk_kmh: float, limit_m: float
    ) -> None:
        self.limit_m = float(limit_m)
        self.limits_m = tuple(minutes * walk_kmh * 1000.0 / 60.0 for minutes in LIMITS_MIN)
        self.total = Table(1)
        self.straight = Table(1)
        self.by_hour = Table(HOURS_OF_WEEK)
        self.by_route = Table(routes + 1)
        self.by_area = tuple(Table(count + 1) for count in areas)  # the last row: on no area
        self.within_ms = np.zeros(len(LIMITS_MIN), dtype=np.int64)
        self.over_ms = 0
        self.off_network_ms = 0
        self.outside_fixes = 0

    def add(self, steps: Measured) -> None:
        """Count some steps."""
        none = np.zeros(len(steps.hour), dtype=np.int64)
        straight = classify(steps.straight, steps.on_network, self.limit_m)
        self.total.add(none, steps.by_walk, steps)
        self.straight.add(none, straight, steps)
        self.by_hour.add(steps.hour, steps.by_walk, steps)
        self.by_route.add(steps.route, steps.by_walk, steps)
        for table, row in zip(self.by_area, steps.areas, strict=True):
            table.add(np.where(row < 0, len(table.ms) - 1, row), steps.by_walk, steps)
        self.off_network_ms += int(steps.duration_ms[~steps.on_network].sum())
        for place, limit_m in enumerate(self.limits_m):
            found = classify(steps.walk, steps.on_network, limit_m)
            self.within_ms[place] += int(steps.duration_ms[found == COVERED].sum())
            if place == len(self.limits_m) - 1:
                self.over_ms += int(steps.duration_ms[found > UNKNOWN].sum())


def _sums(cell: Ints, weight: Ints, size: int) -> Ints:
    """Return integer sums of weights by cell, exact up to 2^53."""
    sums = np.bincount(cell, weights=weight, minlength=size)
    if sums.max(initial=0.0) >= _EXACT:
        exact = np.zeros(size, dtype=np.int64)
        np.add.at(exact, cell, weight)
        return exact
    return sums.astype(np.int64)
