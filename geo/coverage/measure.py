"""Measure the coverage of tracks: snap each fix, judge it at its own time, add up the steps."""

from __future__ import annotations

import logging
import time
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from geo import zones
from geo.area_index import AreaIndex
from geo.coverage.asked import require_degrees, require_names, require_numbers
from geo.coverage.conditions import MAX_AGE_DAYS, make_conditions
from geo.coverage.facts import data_facts
from geo.coverage.gaps import GapStore
from geo.coverage.judge import Judge
from geo.coverage.lines import Judged, gap_lines
from geo.coverage.result import Coverage, StationService
from geo.coverage.shifts import Shifts
from geo.coverage.states import StationStates
from geo.coverage.streets import StreetStore
from geo.coverage.stretches import Drawer, Drawing, hidden_ends
from geo.coverage.tally import Tally, Weighed
from geo.errors import EmptyTracksError, OutsideNetworkError
from geo.network import place_stations
from geo.progress import Progress, silent
from geo.reach import WALK_KMH, locate
from geo.tracks import Beats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import ArrayLike, NDArray

    from geo.coverage.conditions import Conditions
    from geo.coverage.near import Near
    from geo.network import Network
    from geo.tracks import Steps, Tracks

log = logging.getLogger(__name__)

LIMIT_M: Final = 1000.0
BLOCK_FIXES: Final = 500_000


@dataclass
class _Run:
    """What a run holds while it works."""

    judge: Judge
    layers: tuple[AreaIndex, ...]
    shifts: Shifts
    tally: Tally
    bounds: tuple[float, float, float, float]
    drawer: Drawer | None
    streets: StreetStore | None
    gaps: GapStore = field(default_factory=GapStore)
    days: set[int] = field(default_factory=set)
    fixes: int = 0


def coverage(  # noqa: PLR0913  # one option of the measure each
    tracks: Tracks | Beats,
    stations: GeoDataFrame,
    network: Network,
    *,
    limit_m: float = LIMIT_M,
    areas: Sequence[GeoDataFrame] = (),
    area_names: Sequence[str] = (),
    as_of: dt.datetime | None = None,
    locked: Collection[str] = (),
    evidence: Mapping[str, dt.datetime] | None = None,
    max_age_days: float = MAX_AGE_DAYS,
    needs: Collection[str] = (),
    no_phone: bool = False,
    shifts: Sequence[str] = (),
    walk_kmh: float = WALK_KMH,
    drawing: Drawing | None = None,
    streets: bool = False,
    block_fixes: int = BLOCK_FIXES,
    progress: Progress = silent,
) -> Coverage:
    """Measure where and when tracks have a station within the limit, and why not.

    Parameters
    ----------
    tracks : Tracks or Beats
        From `geo.tracks.read_tracks`, or `geo.tracks.read_beats` with a week planned.
    stations : GeoDataFrame, s rows
        In the form of `geo.stations`; only rows whose ``status`` is ``open`` count, and temporary
        closures that have ended by ``as_of``; s may be 0.
    network : Network
        The walking network.
    limit_m : float
        Covered means walk <= limit, metres, > 0, at most 20,000; memory grows with its square.
    areas : sequence of GeoDataFrame
        Layers with ``name`` and polygons, EPSG:4326; gap lines are cut at the first one's borders.
    area_names : sequence of str
        What the layers are called, such as 街道 and 区; as many as layers, or none.
    as_of : datetime, optional
        Aware; the moment for which locks, ages and temporary closures are judged; default the
        latest date in the station data.
    locked : collection of str
        Codes of stations that are ``reported_locked`` at ``as_of``.
    evidence : mapping of str to datetime, optional
        By code, aware: when a station was last known to be as it says; default ``verified_on``. A
        station without any is not called unverified, but counted in ``never_verified_share``.
    max_age_days : float
        Stations whose evidence is older at ``as_of`` are unverified, > 0.
    needs : collection of str
        Amenities without which a station is not usable.
    no_phone : bool
        Whether one must get in without a smartphone.
    shifts : sequence of str
        OSM hours by which the steps of tracks are added up; of several the first counts. Beats
        have their own.
    walk_kmh : float
        For the limits in minutes, km/h, > 0.
    drawing : Drawing, optional
        Keep the lines of all classes for a map as well, this finely.
    streets : bool
        Keep what is walked on which street at which hour and by how many, for publishing.
    block_fixes : int
        Fixes in memory at once, about; no figure depends on it.
    progress : Progress
        Told the number of fixes done.

    Returns
    -------
    Coverage
        Figures, tables and gap lines, as defined in definitions.md (Coverage).

    Raises
    ------
    InvalidOptionError
        A limit, speed or age that is not above 0 or too great, a need that is no amenity, an
        ``as_of`` without an offset, beats without a week, shifts for beats, or not as many names
        as layers of areas.
    InvalidHoursError
        A shift is not OSM hours.
    MissingCrsError, CrsMismatchError
        A layer of areas says no CRS, or another one than EPSG:4326.
    EmptyTracksError
        No worker has two fixes that make a step.
    OutsideNetworkError
        No fix lies in the network's area.
    """
    require_numbers(limit_m=limit_m, walk_kmh=walk_kmh, block_fixes=block_fixes)
    require_degrees(areas)
    require_names(area_names, areas)
    conditions = make_conditions(
        stations,
        as_of=as_of,
        locked=locked,
        evidence=evidence,
        max_age_days=max_age_days,
        needs=needs,
        no_phone=no_phone,
    )
    started = time.perf_counter()
    counted = stations[conditions.counts(stations)].reset_index(drop=True)
    known = Shifts(tracks, shifts)
    tally = Tally(
        routes=tracks.routes,
        areas=[len(layer) for layer in areas],
        shifts=len(known.texts),
        walk_kmh=walk_kmh,
        limit_m=limit_m,
    )
    run = _Run(
        judge=_make_judge(counted, network, conditions, tally, gaps_only=drawing is None),
        layers=tuple(map(AreaIndex, areas)),
        shifts=known,
        tally=tally,
        bounds=_widened(network.bounds),
        drawer=Drawer(drawing, lat=sum(network.bounds[1::2]) / 2) if drawing else None,
        streets=StreetStore(network, list(map(len, areas))) if streets else None,
    )
    with closing(run.gaps), closing(run.streets) if run.streets else nullcontext():
        _measure_all(run, tracks, block_fixes, progress)
        gaps = run.gaps.finish()
        walked = run.streets.finish() if run.streets else None
    log.info(
        "coverage: %d fixes, %d stations, %d sets, %d searches in %.1f s",
        run.fixes, len(counted), len(run.judge.states), run.judge.fields.built,
        time.perf_counter() - started,
    )  # fmt: skip
    return Coverage(
        tally=tally,
        gaps=gaps,
        stations=counted,
        served=_served(run.judge.near, counted, conditions),
        areas=tuple(layer.names for layer in run.layers),
        shifts=known.texts,
        facts=data_facts(tracks, stations, network, days=run.days, conditions=conditions),
        far_stations=tuple(counted["code"][~_inside(run.bounds, counted["lon"], counted["lat"])]),
        stretches=run.drawer.finish() if run.drawer else None,
        area_names=tuple(area_names),
        streets=walked,
    )


def _make_judge(
    stations: GeoDataFrame,
    network: Network,
    conditions: Conditions,
    tally: Tally,
    *,
    gaps_only: bool,
) -> Judge:
    """Place stations on a network, and make ready to judge by them."""
    return Judge(
        place_stations(network, stations["lon"], stations["lat"], links=network.chains),
        StationStates(stations, conditions),
        limit_m=tally.limit_m,
        limits_m=tally.limits_m,
        gaps_only=gaps_only,
    )


def _measure_all(run: _Run, tracks: Tracks | Beats, block_fixes: int, progress: Progress) -> None:
    """Judge and count all steps, block by block; see that there were any."""
    for part in tracks.parts():
        is_hidden = _hidden(part, is_plan=isinstance(tracks, Beats))
        for rows in _blocks(part, block_fixes):
            _measure(run, part[rows], is_hidden[rows])
            progress("measuring coverage", min(run.fixes, tracks.fixes), tracks.fixes)
    _require_steps(run, tracks)


def _measure(run: _Run, steps: Steps, is_hidden: NDArray[np.bool_]) -> None:
    """Judge and count one block of whole trips."""
    positions = locate(run.judge.placement, steps.lon, steps.lat)
    areas = tuple(layer.find(steps.lon, steps.lat) for layer in run.layers)
    workers = steps.workers.astype(np.int64)
    weighed = Weighed(
        ms=steps.duration_ms * workers,
        mm=steps.length_mm * workers,
        hour=zones.hour_of_week(zones.to_local_ms(steps.t_ms)),
        route=steps.route.astype(np.int64),
        areas=areas,
        shift=run.shifts.of(steps),
        on_network=positions.on_network,
    )
    judged = run.judge.judge(positions, steps.t_ms, weighed.ms, weighed.mm)
    run.tally.add(weighed, judged)
    run.tally.outside_fixes += int(np.sum(~_inside(run.bounds, steps.lon, steps.lat)))
    lines = Judged(
        found=judged.effective,
        nominal=judged.nominal,
        straight=judged.straight,
        hour=weighed.hour,
        area=areas[0] if areas else np.full(len(steps), -1, dtype=np.int64),
        shift=weighed.shift,
        walk_usable_m=judged.walk_usable_m,
        walk_any_m=judged.walk_any_m,
        nearest=judged.nearest,
        is_hidden=is_hidden,
    )
    run.gaps.add(gap_lines(steps, lines))
    if run.drawer:
        run.drawer.add(steps, lines)
    if run.streets:
        run.streets.add(steps, lines, areas, positions.edge)
    run.days.update(np.unique(steps.day).tolist())
    run.fixes += len(steps)


def _hidden(steps: Steps, *, is_plan: bool) -> NDArray[np.bool_]:
    """Return which fixes are not to be shown, shape (n,): of a plan, which is nobody's, none."""
    return np.zeros(len(steps), dtype=np.bool_) if is_plan else hidden_ends(steps)


def _served(near: Near, stations: GeoDataFrame, conditions: Conditions) -> StationService:
    """Return what stations serve, and what rules them out."""
    dates = conditions.evidence_of(stations)
    return StationService(
        ms=near.ms,
        mm=near.mm,
        longer_ms=near.extended.ms,
        evidence=tuple(zones.local_date(date) if date else "" for date in dates),
        is_locked=conditions.is_locked(stations),
        is_unverified=conditions.is_unverified(stations),
    )


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


def _require_steps(run: _Run, tracks: Tracks | Beats) -> None:
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
