"""From fixes to steps: order, cleaning and trips, exactly as ``definitions.md`` words them.

A worker's fixes are put in time order; of equal times the first in the input counts; a fix that
needs more than 120 km/h from the last good one is dropped; a hole of more than 20 minutes between
good fixes, or another worker, ends a trip. All lengths of time and way are integers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.coords import GEOD, geodesic_m
from geo.tracks.lengths import MS_PER_M_AT_LIMIT, is_impossible, is_slow, step_metres
from geo.zones import LOCAL_ZONE, local_day, to_local_ms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.tracks.fixes import Fixes

    Longs = NDArray[np.int64]
    Flags = NDArray[np.bool_]

HOLE_MS: Final = 20 * 60_000
TRIP_BITS: Final = 32  # a trip is numbered worker x 2^32 + its rank among the worker's trips


@dataclass(frozen=True, slots=True)
class Steps:
    """n good fixes by (worker, time), each with the step that starts at it.

    Workers and routes are numbers of this run from 1. A trip's number is unique within the run
    and grows with (worker, time). The last fix of a trip has duration and length 0.
    """

    worker: NDArray[np.int32]
    route: NDArray[np.int32]
    trip: Longs
    day: Longs  # local day of the trip's start, days since 1970-01-01
    t_ms: Longs  # epoch
    lon: NDArray[np.float64]  # degrees, WGS-84
    lat: NDArray[np.float64]
    duration_ms: Longs  # to the next fix of the trip
    length_mm: Longs  # geodesic to the next fix of the trip; 0 if slower than 0.3 m/s
    workers: NDArray[np.int32]  # how many people walk here: 1 of a track
    shift: NDArray[np.int32]  # row among the run's shifts, -1: of none, as every track

    def __len__(self) -> int:
        return len(self.t_ms)

    def __getitem__(self, rows: slice) -> Steps:
        """Return a run of the steps; cut between trips, or a step loses its end."""
        return Steps(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Steps, and how many fixes were dropped on the way to them."""

    steps: Steps
    duplicate_time: int
    impossible_speed: int


def clean(fixes: Fixes) -> Cleaned:
    """Order and clean the fixes of whole workers and cut them into trips.

    Parameters
    ----------
    fixes : Fixes, length n
        All fixes of each worker in it, in input order; n >= 1.

    Returns
    -------
    Cleaned
        At least one step per worker: the first fix of a worker is always good.
    """
    ordered = _in_order(fixes)
    repeated = _same_worker(ordered) & (np.diff(ordered.t_ms) == 0)
    single = ordered.take(_first_and(~repeated)) if repeated.any() else ordered
    gap_ms = np.diff(single.t_ms)
    metres = step_metres(single.lon, single.lat, gap_ms)
    good = _possible(single, _same_worker(single) & is_impossible(metres, gap_ms))
    if not good.all():
        kept = np.flatnonzero(good)
        single = single.take(kept)
        gap_ms = np.diff(single.t_ms)
        metres = metres[kept[:-1]]
        at = np.flatnonzero(np.diff(kept) > 1)  # pairs that became neighbours
        metres[at] = geodesic_m(
            single.lon[at], single.lat[at], single.lon[at + 1], single.lat[at + 1]
        )
    steps = _cut(single, gap_ms, metres)
    return Cleaned(steps, int(repeated.sum()), int(np.count_nonzero(~good)))


def _in_order(fixes: Fixes) -> Fixes:
    """Sort by worker and time; what is equal stays in input order."""
    step_back = (np.diff(fixes.t_ms) < 0) & _same_worker(fixes)
    if not step_back.any() and not (np.diff(fixes.worker) < 0).any():
        return fixes
    return fixes.take(np.lexsort((fixes.t_ms, fixes.worker)))


def _same_worker(fixes: Fixes) -> Flags:
    """Return whether each fix but the first has the worker of the one before, shape (n - 1,)."""
    return np.asarray(np.diff(fixes.worker) == 0, dtype=np.bool_)


def _first_and(flags: Flags) -> Flags:
    """Return flags of n fixes from those of n - 1 pairs: the first fix is always True."""
    return np.concatenate([np.ones(1, dtype=np.bool_), flags])


def _possible(fixes: Fixes, too_fast: Flags) -> Flags:
    """Return which fixes are good, shape (n,): a walk from fix to fix, but only where it matters.

    Between violations every fix is good, so the walk begins at each violation whose predecessor
    is good and ends at the first fix that can be reached from that predecessor.
    """
    good = np.ones(len(fixes), dtype=np.bool_)
    violations = np.flatnonzero(too_fast) + 1
    ends = np.searchsorted(fixes.worker, fixes.worker[violations], side="right")
    resume = 0
    for at, end in zip(violations.tolist(), ends.tolist(), strict=True):
        if at < resume or not good[at - 1]:
            continue
        resume = _next_possible(fixes, at - 1, at + 1, end)
        good[at:resume] = False
    return good


def _next_possible(fixes: Fixes, last_good: int, start: int, end: int) -> int:
    """Return the first of ``start`` to ``end`` - 1 that can be reached in time, else ``end``."""
    lon, lat, t_ms = fixes.lon, fixes.lat, fixes.t_ms
    x, y, t = float(lon[last_good]), float(lat[last_good]), int(t_ms[last_good])
    for at in range(start, end):
        _, _, metres = GEOD.inv(x, y, float(lon[at]), float(lat[at]))
        if metres * MS_PER_M_AT_LIMIT <= int(t_ms[at]) - t:
            return at
    return end


def _cut(fixes: Fixes, gap_ms: Longs, metres: NDArray[np.float64]) -> Steps:
    """Cut good fixes into trips and give each fix its step."""
    same = _same_worker(fixes) & (gap_ms <= HOLE_MS)
    starts = np.flatnonzero(_first_and(~same))
    sizes = np.diff(np.append(starts, len(fixes)))
    day = local_day(to_local_ms(fixes.t_ms[starts], zone=LOCAL_ZONE))
    length_mm = np.where(is_slow(metres, gap_ms), 0.0, np.rint(metres * 1000.0)).astype(np.int64)
    return Steps(
        worker=fixes.worker,
        route=fixes.route,
        trip=np.repeat(_trip_numbers(fixes.worker[starts]), sizes),
        day=np.repeat(day, sizes),
        t_ms=fixes.t_ms,
        lon=fixes.lon,
        lat=fixes.lat,
        duration_ms=np.append(np.where(same, gap_ms, 0), 0),
        length_mm=np.append(np.where(same, length_mm, 0), 0),
        workers=np.broadcast_to(np.int32(1), len(fixes)),  # no memory
        shift=np.broadcast_to(np.int32(-1), len(fixes)),
    )


def _trip_numbers(worker: NDArray[np.int32]) -> Longs:
    """Return the numbers of trips in order, given their workers; no other worker matters."""
    first = np.searchsorted(worker, worker, side="left")
    nth = np.arange(len(worker), dtype=np.int64) - first
    return (worker.astype(np.int64) << TRIP_BITS) + nth
