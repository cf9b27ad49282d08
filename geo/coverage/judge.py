"""Judge fixes by how far stations are: minutes to an open one, walks of gaps, straight lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.coverage.classes import UNKNOWN, Reached, classify
from geo.coverage.fields import FieldCache
from geo.coverage.near import Near
from geo.coverage.states import USABLE
from geo.coverage.straight import StraightReach

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.coverage.states import StationSet, StationStates
    from geo.network import Placement
    from geo.reach import Positions

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Codes = NDArray[np.uint8]

_UINT16: Final = 2**16


@dataclass(frozen=True)
class Judgement:
    """What is found of fixes, arrays of shape (n,)."""

    nominal: Codes  # class
    effective: Codes  # class
    straight: Codes  # nominal class, by the geodesic
    level: Codes  # the first of the limits in minutes that reaches an open station, nominally
    is_over: Flags  # whether the step is a gap at the last of them
    walk_usable_m: Floats  # to the nearest station known open and usable; inf: no way to any
    walk_any_m: Floats  # to the nearest whatever its hours
    nearest: Ints  # row of that one, -1: none


class Judge:
    """Judges fixes by the stations of one placement."""

    def __init__(
        self,
        placement: Placement,
        states: StationStates,
        *,
        limit_m: float,
        limits_m: tuple[float, ...],
        gaps_only: bool,
    ) -> None:
        """Make ready.

        Parameters
        ----------
        placement : Placement
            Network with s stations.
        states : StationStates
            Of the same stations.
        limit_m, limits_m : float, tuple of float
            Covered means a walk up to the first; the others, rising, are those in minutes.
        gaps_only : bool
            Whether walks and nearest stations are wanted of gap steps alone, inf and -1 elsewhere.
        """
        self.placement, self.states = placement, states
        self.near = Near(placement, states, limit_m)
        self.fields = FieldCache(placement, self.near.within)
        self._limits_m, self._gaps_only = np.array(limits_m), gaps_only
        self._straight = StraightReach(placement.lon, placement.lat, limit_m)
        self._all = np.ones(len(placement.lon), dtype=np.bool_)

    def judge(self, positions: Positions, t_ms: Ints, ms: Ints, mm: Ints) -> Judgement:
        """Judge n fixes, each at its own time, and count what stations serve of their weights.

        Fixes at times of one set are measured together.
        """
        set_of = self.states.sets_at(t_ms)
        nominal, effective = self.near.judge(positions, t_ms, set_of, ms, mm)
        n = len(positions)
        found = Judgement(
            nominal=nominal,
            effective=effective,
            straight=np.empty(n, dtype=np.uint8),
            level=np.empty(n, dtype=np.uint8),
            is_over=np.empty(n, dtype=np.bool_),
            walk_usable_m=np.full(n, np.inf),
            walk_any_m=np.full(n, np.inf),
            nearest=np.full(n, -1, dtype=np.int64),
        )
        small = set_of.astype(np.uint16) if len(self.states) <= _UINT16 else set_of  # sorts quicker
        order = np.argsort(small, kind="stable")  # neighbours in time stay neighbours
        ordered = positions[order]
        cuts = np.flatnonzero(np.diff(set_of[order], prepend=-1, append=-1))
        for start, stop in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
            rows, some = order[start:stop], ordered[start:stop]
            self._measure_set(self.states[int(set_of[rows[0]])], some, rows, found)
        return found

    def _measure_set(
        self, stations: StationSet, positions: Positions, rows: Ints, found: Judgement
    ) -> None:
        """Measure fixes at times of one set, and write what is found to their rows."""
        last_m = float(self._limits_m[-1])
        to_open = self._walk_m(stations.is_open, positions)
        found.level[rows] = np.searchsorted(self._limits_m, to_open)
        is_over = to_open > last_m
        over = np.flatnonzero(is_over)
        is_over[over] = self._walk_m(stations.is_unknown, positions[over]) > last_m
        found.is_over[rows] = is_over
        found.straight[rows] = self._straightly(stations, positions)
        if self._gaps_only:
            at = np.flatnonzero(found.effective[rows] > UNKNOWN)
            positions, rows, to_open = positions[at], rows[at], to_open[at]
        usable = stations.effective == USABLE
        is_same = np.array_equal(usable, stations.is_open)
        found.walk_usable_m[rows] = to_open if is_same else self._walk_m(usable, positions)
        every = self.fields.every.walks(positions)
        found.walk_any_m[rows], found.nearest[rows] = every.metres, every.station

    def _walk_m(self, stations: Flags, positions: Positions) -> Floats:
        """Return walks to the nearest of some stations; inf: no way to any."""
        if not stations.any() or not len(positions):
            return np.full(len(positions), np.inf)
        return self.fields.field(stations).metres(positions)

    def _straightly(self, stations: StationSet, positions: Positions) -> Codes:
        """Return the nominal classes by the geodesic; each question only where it matters."""
        found = np.zeros((3, len(positions)), dtype=np.bool_)
        left = np.arange(len(positions))
        for row, mask in enumerate((stations.is_open, stations.is_unknown, self._all)):
            if len(left) and mask.any():
                near = self._straight.reached(mask, positions.lon[left], positions.lat[left])
                found[row, left] = near
                left = left[~near]
        usable, perhaps, others = found
        return classify(Reached(usable, perhaps, None, others), positions.on_network)
