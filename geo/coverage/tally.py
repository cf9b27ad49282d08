"""Integer sums of steps: milliseconds and millimetres by class, hour of week, area, route, shift.

Sums are integers, so any order and any partition of the steps gives the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.coverage.classes import CLASS_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.coverage.judge import Judgement

    Ints = NDArray[np.int64]
    Codes = NDArray[np.uint8]

HOURS_OF_WEEK: Final = 168
LIMITS_MIN: Final = (5, 10, 15, 20)
_CLASSES: Final = len(CLASS_NAMES)
_PAIRS: Final = _CLASSES * _CLASSES  # nominal and effective class of a step
_EXACT: Final = 2**53  # bincount adds in float64; up to here integers stay exact


@dataclass(frozen=True)
class Weighed:
    """Steps with what they weigh and the groups they belong to, arrays of shape (n,)."""

    ms: Ints  # duration x workers
    mm: Ints  # length x workers
    hour: Ints  # of the week, 0..167
    route: Ints
    areas: tuple[Ints, ...]  # per layer the row of the area, -1: none
    shift: Ints  # -1: none
    on_network: NDArray[np.bool_]


class Table:
    """Sums by group and class, arrays of shape (groups, classes): nominal and effective."""

    def __init__(self, groups: int) -> None:
        self.ms, self.mm, self.effective_ms, self.effective_mm = (
            np.zeros((groups, _CLASSES), dtype=np.int64) for _ in range(4)
        )

    def add(self, group: Ints, pair: Ints, ms: Ints, mm: Ints) -> None:
        """Count steps: group in 0..groups-1, -1 for the last; pair = nominal x 6 + effective."""
        groups = len(self.ms)
        if not len(group):
            return
        group = np.where(group < 0, groups - 1, group)
        low, high = int(group.min()), int(group.max()) + 1  # a worker has few of all routes
        cell = (group - low) * _PAIRS + pair
        for weight, nominal, effective in (
            (ms, self.ms, self.effective_ms),
            (mm, self.mm, self.effective_mm),
        ):
            sums = exact_sums(cell, weight, (high - low) * _PAIRS)
            cube = sums.reshape(high - low, _CLASSES, _CLASSES)
            nominal[low:high] += cube.sum(axis=2)
            effective[low:high] += cube.sum(axis=1)


class Tally:
    """All sums of one run; the last row of areas and of shifts is for steps on or in none."""

    def __init__(
        self,
        *,
        routes: int,
        areas: Sequence[int] = (),
        shifts: int = 0,
        walk_kmh: float,
        limit_m: float,
    ) -> None:
        self.limit_m = float(limit_m)
        self.limits_m = tuple(minutes * walk_kmh * 1000.0 / 60.0 for minutes in LIMITS_MIN)
        self.total = Table(1)
        self.straight = Table(1)  # nominal only
        self.by_hour = Table(HOURS_OF_WEEK)
        self.by_route = Table(routes + 1)
        self.by_area = tuple(Table(count + 1) for count in areas)
        self.by_shift = Table(shifts + 1)
        self.within_ms = np.zeros(len(LIMITS_MIN), dtype=np.int64)
        self.over_ms = 0
        self.off_network_ms = 0
        self.outside_fixes = 0

    def add(self, steps: Weighed, judged: Judgement) -> None:
        """Count some steps."""
        pair = judged.nominal.astype(np.int64) * _CLASSES + judged.effective
        none = np.zeros(len(pair), dtype=np.int64)
        self.by_hour.add(steps.hour, pair, steps.ms, steps.mm)
        self.by_route.add(steps.route, pair, steps.ms, steps.mm)
        for table, row in zip(self.by_area, steps.areas, strict=True):
            table.add(row, pair, steps.ms, steps.mm)
        self.by_shift.add(steps.shift, pair, steps.ms, steps.mm)
        self.total.add(none, pair, steps.ms, steps.mm)
        self.straight.add(none, judged.straight.astype(np.int64) * _CLASSES, steps.ms, steps.mm)
        levels = exact_sums(judged.level, steps.ms, len(LIMITS_MIN) + 1)
        self.within_ms += np.cumsum(levels)[:-1]
        self.over_ms += int(steps.ms[judged.is_over].sum())
        self.off_network_ms += int(steps.ms[~steps.on_network].sum())


def exact_sums(cell: Ints | Codes, weight: Ints, size: int) -> Ints:
    """Return integer sums of weights by cell, shape (size,)."""
    sums = np.bincount(cell, weights=weight, minlength=size)
    if sums.max(initial=0.0) >= _EXACT:
        exact = np.zeros(size, dtype=np.int64)
        np.add.at(exact, cell, weight)
        return exact
    return sums.astype(np.int64)
