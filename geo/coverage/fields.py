"""Fields of walks for the sets of stations that come up, kept while they fit in memory."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.reach import ReachField, WalkField, complete_field, reach_field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.coverage.within import StationsWithin
    from geo.network import Placement

_BUDGET_BYTES: Final = 500_000_000
_BYTES: Final = 8  # per vertex


class FieldCache:
    """The fields of one placement, the least recently used given up first."""

    def __init__(
        self, placement: Placement, within: StationsWithin, *, budget_bytes: int = _BUDGET_BYTES
    ) -> None:
        """Make ready; walks up to the limit of ``within`` are taken from its lists."""
        self.placement, self._within = placement, within
        self._fields: OrderedDict[bytes, WalkField] = OrderedDict()
        self._room = max(3, budget_bytes // (_BYTES * placement.graph.shape[0]))
        self.built = 0  # so far

    def field(self, usable: NDArray[np.bool_]) -> WalkField:
        """Return the field of a set of stations, shape (s,)."""
        key = np.packbits(usable).tobytes()
        if key not in self._fields:
            near_m = self._within.nearest_m(usable)
            self._fields[key] = complete_field(self.placement, usable, near_m)
            self.built += 1
            if len(self._fields) > self._room:
                self._fields.popitem(last=False)
        self._fields.move_to_end(key)
        return self._fields[key]

    @cached_property
    def every(self) -> ReachField:
        """The field of all stations, which says whose walk it is."""
        return reach_field(self.placement, np.ones(len(self.placement.lon), dtype=np.bool_))
