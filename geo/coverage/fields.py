"""Reach fields of the sets of stations that come up, kept while they fit in memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.reach import ReachField, reach_field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Placement

_BUDGET_BYTES: Final = 500_000_000
_BYTES: Final = 12  # per vertex: metres and station


class FieldCache:
    """The fields of one placement, the least recently used given up first."""

    def __init__(self, placement: Placement, *, budget_bytes: int = _BUDGET_BYTES) -> None:
        self.placement = placement
        self._fields: OrderedDict[tuple[bytes, float], ReachField] = OrderedDict()
        self._room = max(3, budget_bytes // (_BYTES * placement.graph.shape[0]))
        self.built = 0  # searches run so far

    def field(self, usable: NDArray[np.bool_], *, bound_m: float = np.inf) -> ReachField:
        """Return the reach field of a set of stations, shape (s,).

        Parameters
        ----------
        usable : ndarray of bool, shape (s,)
            Which stations count.
        bound_m : float
            Farther walks may be called inf.
        """
        key = np.packbits(usable).tobytes(), bound_m
        if key not in self._fields:
            self._fields[key] = reach_field(self.placement, usable, limit_m=bound_m)
            self.built += 1
            if len(self._fields) > self._room:
                self._fields.popitem(last=False)
        self._fields.move_to_end(key)
        return self._fields[key]
