"""Measure the coverage of tracks: snap each fix, judge it at its own time, add up the steps."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from geo import zones
from geo.areas import AreaIndex
from geo.coverage.classes import Distances, classify
from geo.coverage.fields import FieldCache
from geo.coverage.lines import Judged, Lines, gap_lines, join_lines
from geo.coverage.result import Coverage, count_mask, data_facts, last_change
from geo.coverage.stretches import Drawer, Drawing, hidden_ends
from geo.coverage.tally import Measured, Tally
from geo.errors import EmptyTracksError, InvalidOptionError, OutsideNetworkError
from geo.hours import OPEN, UNKNOWN, Timeline, Timetable, make_timeline
from geo.network import place_stations
from geo.progress import Progress, silent
from geo.reach import WALK_KMH, Positions, locate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import ArrayLike, NDArray

    from geo.network import Network
    from geo.tracks import Steps, Tracks

    Ints = NDArray[np.int64]

log = logging.getLogger(__name__)

LIMIT_M: Final = 1000.0
BLOCK_FIXES: Final = 500_000


@dataclass
class _Run:
    """What a run holds while it works."""

    fields: FieldCache
    table_of: Ints  # (s,) per station the row of its timetable
    tables: tuple[Timetable, ...]
    layers: tuple[AreaIndex, ...]
    tally: Tally
    bounds: tuple[float, float, float, float]
    drawer: Drawer | None
    gaps: list[Lines] = field(default_factory=list)
    days: set[int] = field(default_factory=set)
    fixes: int = 0


def coverage(
    tracks: Tracks,
    stations: GeoDataFrame,
    network: Network,
    *,
    limit_m: float = LIMIT_M,
    areas: Sequence[GeoDataFrame] = (),
    as_of: dt.datetime | None = None,
    walk_kmh: float = WALK_KMH,
    drawing: Drawing | None = None,
    block_fixes: int = BLOCK_FIXES,
    progress: Progress = silent,
) -> Coverage:
    """Measure where and when tracks have a station within the limit, and why not.

    Parameters
    ----------
    tracks : Tracks
        From `geo.tracks.read_tracks`.
    stations : GeoDataFrame, s rows
        In the form of `geo.stations`; only rows whose ``status`` is ``open`` count, and temporary
        closures that have ended by ``as_of``; s may be 0.
    network : Network
        The walking network.
    limit_m : float
        Covered means walk <= limit, metres, > 0.
    areas : sequence of GeoDataFrame
        Layers with ``name`` and polygons, EPSG:4326; gap lines are cut at the first one's borders.
    as_of : datetime, optional
        Aware; the moment for which the station data are judged; default their latest date.
    walk_kmh : float
        For the limits in minutes, km/h, > 0.
    drawing : Drawing, optional
        Keep the lines of all classes for a map as well, this finely.
    block_fixes : int
        Fixes in memory at once, about; no figure depends on it.
    progress : Progress
        Told the number of fixes done.

    Returns
    -------
    Coverage
        Figures, tables and gap lines, as defined in definitions.md (Coverage); nominal.

    Raises
    ------
    InvalidOptionError
        A limit or speed that is not above 0.
    EmptyTracksError
        No worker has two fixes that make a step.
    OutsideNetworkError
        No fix lies in the network's area.
    """
    _require_positive(limit_m=limit_m, walk_kmh=walk_kmh)
    started = time.perf_counter()
    as_of = as_of or last_change(stations)
    counted = stations[count_mask(stations, as_of)].reset_index(drop=True)
    pairs = list(zip(counted["hours"], counted["self_hours"], strict=True))
    tables = sorted(set(pairs))
    number = {pair: row for row, pair in enumerate(tables)}
    run = _Run(
        fields=FieldCache(place_stations(network, counted["lon"], counted["lat"])),
        table_of=np.array([number[pair] for pair in pairs], dtype=np.int64),
        tables=tuple(Timetable(*pair) for pair in tables),
        layers=tuple(AreaIndex(layer) for layer in areas),
        tally=Tally(
            routes=tracks.routes,
            areas=tuple(len(layer) for layer in areas),
            walk_kmh=walk_kmh,
            limit_m=limit_m,
        ),
        bounds=_widened(network.bounds),
        drawer=Drawer(drawing, lat=sum(network.bounds[1::2]) / 2) if drawing else None,
    )
    for part in tracks.parts():
        timeline = _timeline(run, part.t_ms)
        is_hidden = hidden_ends(part)
        for rows in _blocks(part, block_fixes):
            _measure(run, part[rows], timeline, is_hidden[rows])
            progress("measuring coverage", run.fixes, tracks.fixes)
    _require_steps(run, tracks)
    seconds = time.perf_counter() - started
    log.info(
        "coverage: %d fixes, %d stations, %d searches in %.1f s (%.0f fixes/s)",
        run.fixes, len(counted), run.fields.built, seconds, run.fixes / max(seconds, 1e-9),
    )  # fmt: skip
    return Coverage(
        tally=run.tally,
        gaps=join_lines(run.gaps),
        stations=counted,
        areas=tuple(layer.names for layer in run.layers),
        facts=data_facts(tracks, stations, network, days=run.days, as_of=as_of),
        far_stations=tuple(counted["code"][~_inside(run.bounds, counted["lon"], counted["lat"])]),
        stretches=run.drawer.finish() if run.drawer else None,
    )


def _measure(run: _Run, steps: Steps, timeline: Timeline, is_hidden: NDArray[np.bool_]) -> None:
    """Judge and count one block of whole trips."""
    placement = run.fields.placement
    positions = locate(placement, steps.lon, steps.lat)
    walk, straight, nearest = _distances(run, positions, steps.t_ms, timeline)
    local = zones.to_local_ms(steps.t_ms)
    found = classify(walk, positions.on_network, run.tally.limit_m)
    areas = tuple(layer.find(steps.lon, steps.lat) for layer in run.layers)
    run.tally.add(
        Measured(
            duration_ms=steps.duration_ms,
            length_mm=steps.length_mm,
            hour=zones.hour_of_week(local),
            route=steps.route.astype(np.int64),
            areas=areas,
            on_network=positions.on_network,
            walk=walk,
            straight=straight,
            by_walk=found,
        )
    )
    run.tally.outside_fixes += int(np.sum(~_inside(run.bounds, steps.lon, steps.lat)))
    area = areas[0] if areas else np.full(len(local), -1, dtype=np.int64)
    judged = Judged(found, area, walk.to_open, walk.to_any, nearest, is_hidden)
    run.gaps.append(gap_lines(steps, judged))
    if run.drawer:
        run.drawer.add(steps, judged)
    run.days.update(np.unique(steps.day).tolist())
    run.fixes += len(local)


def _distances(
    run: _Run, positions: Positions, t_ms: Ints, timeline: Timeline
) -> tuple[Distances, Distances, Ints]:
    """Return walks and geodesics to the nearest open, unknown and any station; the nearest's row.

    Fixes are grouped by the set of stations open at their time; a set is asked once for all.
    """
    n, stations = len(positions), len(run.table_of)
    slots, slot = np.unique(timeline.slot(t_ms), return_inverse=True)
    sets, set_of_slot = np.unique(timeline.state[:, slots], axis=1, return_inverse=True)
    set_of = set_of_slot.ravel()[slot]
    walk = Distances(np.empty(n), np.empty(n), np.empty(n))
    straight = Distances(np.empty(n), np.empty(n), np.empty(n))
    every = run.fields.field(np.ones(stations, dtype=bool))
    any_walk = every.walks(positions)
    walk.to_any[:], straight.to_any[:] = any_walk.metres, every.straight(positions)
    order = np.argsort(set_of, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(set_of[order])) + 1):
        state = sets[run.table_of, set_of[rows[0]]]
        some = positions[rows]
        for code, by_walk, by_line in (
            (OPEN, walk.to_open, straight.to_open),
            (UNKNOWN, walk.to_unknown, straight.to_unknown),
        ):
            reached = run.fields.field(state == code)
            by_walk[rows] = reached.walks(some).metres
            by_line[rows] = reached.straight(some)
    return walk, straight, any_walk.station


def _timeline(run: _Run, t_ms: Ints) -> Timeline:
    """Return the stations' hours over the local days of some moments."""
    return make_timeline(run.tables, np.unique(zones.local_day(zones.to_local_ms(t_ms))))


def _blocks(steps: Steps, size: int) -> Iterator[slice]:
    """Cut steps into blocks of about ``size`` fixes, between trips; return their rows."""
    starts = np.flatnonzero(np.diff(steps.trip, prepend=-1))
    wanted = np.arange(0, len(steps), size)
    cuts = np.unique(np.append(starts, len(steps))[np.searchsorted(starts, wanted)])
    spans = pairwise([*cuts.tolist(), len(steps)])
    return (slice(begin, end) for begin, end in spans if begin < end)


def _widened(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return a box of degrees about 1 km wider than the network's on every side."""
    west, south, east, north = bounds
    margin_lat = 1000.0 / 111_000.0
    margin_lon = margin_lat / np.cos(np.radians((south + north) / 2))
    return west - margin_lon, south - margin_lat, east + margin_lon, north + margin_lat


def _inside(
    bounds: tuple[float, float, float, float], lon: ArrayLike, lat: ArrayLike
) -> NDArray[np.bool_]:
    """Return True where positions lie in a box, shape (n,)."""
    west, south, east, north = bounds
    x, y = np.asarray(lon), np.asarray(lat)
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north))


def _require_positive(**options: float) -> None:
    for name, value in options.items():
        if not (np.isfinite(value) and value > 0):
            msg = f"{name} is {value}; it must be a number above 0"
            raise InvalidOptionError(msg)


def _require_steps(run: _Run, tracks: Tracks) -> None:
    if run.fixes and run.tally.outside_fixes == run.fixes:
        west, south, east, north = run.bounds
        msg = (
            f"{', '.join(tracks.files)}: all fixes lie outside the network ({west:.3f},{south:.3f} "
            f"to {east:.3f},{north:.3f}); is this the right city, and the right datum?"
        )
        raise OutsideNetworkError(msg)
    if not run.tally.total.ms.sum():
        msg = (
            f"{', '.join(tracks.files)}: no worker has two fixes at most 20 minutes apart, so "
            "there is no time to measure; give tracks with a fix every few seconds or minutes"
        )
        raise EmptyTracksError(msg, "no_steps")
