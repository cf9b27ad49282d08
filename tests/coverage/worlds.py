"""Small made-up worlds in which all of coverage happens, for the engine and the oracle alike."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tests.networks import LAT, LON, random_network, random_positions, stations_at, to_degrees
from tests.oracle import tracks as oracle_tracks
from tests.oracle.beats import Beat
from tests.oracle.coverage import Layer, Measure, judge, look_around
from tests.oracle.figures import MINUTES, Run
from tests.oracle.network import OFF_NETWORK_M, Network, Segment, geodesic_m
from tests.oracle.stations import LOCAL, Conditions, stations_of
from tests.oracle.ways import Ways, ways_by_graph
from tests.walks import random_walks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from geo.network import Network as OurNetwork
    from tests.oracle.tracks import Fix, Step

Cells = dict[str, tuple[str, ...]]

MARGIN_M: Final = 1e-3  # a walk nearer than this to a limit may fall on either side of it
FAR_M: Final = 300.0
CELLS: Final[Cells] = {
    "hours": (
        *("24/7", "", '"ask inside"', "Mo-Fr 08:30-11:00,13:30-17:00", "06:00-22:00"),
        *("22:00-06:00", "Mo-Fr 09:00-17:00; PH off", "24/7 off", "24/7"),
    ),
    "self_hours": ("", "", "", "22:00-06:00", "Sa,Su 00:00-24:00", '"by card"'),
    "amenities": ("", "toilet", "toilet;seat", "toilet:no", "toilet:broken;seat", "seat:empty"),
    "amenity_hours": ("", "", "toilet: 07:00-09:30,12:00-20:00", 'toilet: "ask"'),
    "entry_mode": ("", "open_door", "qr", "qr;guard", "app;qr"),
    "self_entry_mode": ("", "qr", "code_lock"),
    "needs_phone": ("", "", "", "yes", "no"),
    "verified_on": ("", "2025-06-01", "2026-02-20", "2025-09-03", "2026-03-01"),
    "status": ("open", "open", "open", "open", "temporarily_closed", "planned"),
    "status_until": ("", "2026-03-01T00:00:00+08:00", "2026-03-03T12:00:00+08:00"),
}
STARTS_MS: Final = tuple(
    round(dt.datetime(*day, 4, tzinfo=LOCAL).timestamp() * 1000)
    for day in ((2026, 3, 2), (2026, 3, 6), (2026, 10, 1))  # Monday, Friday, National Day
)
SHIFTS: Final = ("Mo-Fr 04:00-11:00", "Mo-Su 09:00-15:00", "22:00-05:00")
BEAT_SHIFTS: Final = ("Mo 05:45-06:15", "Sa 23:30-00:30", "Fr 08:00-08:30,13:00-13:30")


@dataclass(frozen=True)
class World:
    """A network, stations, and how to measure; ``limit_m`` is chosen once the walks are known."""

    network: OurNetwork
    stations: gpd.GeoDataFrame
    measure: Measure
    says_as_of: bool = True  # or leaves it to the engine to find in the dates

    @property
    def options(self) -> dict[str, Any]:
        """What the engine is given."""
        conditions = self.measure.conditions
        return {
            "limit_m": self.measure.limit_m,
            "areas": frames_of(self.measure.layers),
            "as_of": conditions.as_of if self.says_as_of else None,
            "locked": conditions.locked,
            "evidence": conditions.evidence,
            "max_age_days": conditions.max_age_days,
            "needs": conditions.needs,
            "no_phone": conditions.no_phone,
            "walk_kmh": self.measure.walk_kmh,
        }


def random_world(seed: int, *, count: int = 8) -> World:
    """Return a world made from a seed."""
    rng = np.random.default_rng(seed)
    network = random_network(seed % 50)
    lon, lat = random_positions(seed, count)
    stations = stations_at(lon.tolist(), lat.tolist())
    for name, cells in CELLS.items():
        stations[name] = [str(cell) for cell in rng.choice(cells, count)]
    if rng.random() < 0.4:
        stations = with_twin(stations)
    limit_m, walk_kmh = rng.uniform(80, 500), rng.choice([4.0, 2.5])
    layers = random_layers(rng)
    conditions = random_conditions(rng, stations)
    says_as_of = conditions.evidence is not None or rng.random() < 0.7
    if not says_as_of:
        days = [station.verified_at for station in stations_of(stations) if station.verified_at]
        conditions = replace(conditions, as_of=max(days, default=None))
    measure = Measure(float(limit_m), conditions, layers, (), float(walk_kmh))
    return World(network, stations, measure, says_as_of)


def with_twin(stations: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the stations with the first one twice, under another code."""
    twin = stations.iloc[[0]].assign(code="T000")
    return gpd.GeoDataFrame(pd.concat([stations, twin], ignore_index=True), crs=stations.crs)


def random_conditions(rng: np.random.Generator, stations: gpd.GeoDataFrame) -> Conditions:
    """Return locks, dates and needs, often none of them."""
    codes = stations["code"].tolist()
    as_of = dt.datetime(2026, 3, 3, 12, tzinfo=LOCAL)
    seen = {code: as_of - dt.timedelta(days=int(rng.integers(0, 400))) for code in codes}
    return Conditions(
        as_of,
        locked=frozenset(rng.choice(codes, rng.integers(0, 3)).tolist()),
        evidence=seen if rng.random() < 0.3 else None,
        max_age_days=int(rng.choice([180, 30, 1000])),
        needs=((), ("toilet",), ("seat", "toilet"))[rng.integers(0, 3)],
        no_phone=bool(rng.random() < 0.4),
    )


def random_layers(rng: np.random.Generator) -> tuple[Layer, ...]:
    """Return two halves, and two areas that overlap and leave much out; or fewer layers."""
    middle = rng.uniform(200, 500)
    halves = [("west", _box(-900, -900, middle, 2000)), ("east", _box(middle, -900, 2000, 2000))]
    overlap = [("a", _box(100, 100, 400, 500)), ("b", _box(300, 50, 600, 300))]
    return (tuple(halves), tuple(overlap))[: rng.integers(0, 3)]


def _box(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    (west, east), (south, north) = to_degrees([west, east], [south, north])
    return shapely.box(west, south, east, north)


def frames_of(layers: Iterable[Layer]) -> list[gpd.GeoDataFrame]:
    """Return layers as the engine wants them."""
    return [
        gpd.GeoDataFrame(
            {"name": [name for name, _ in layer]}, geometry=[shape for _, shape in layer], crs=4326
        )
        for layer in layers
    ]


# Walks and beats


def walks_in(world: World, seed: int) -> pd.DataFrame:
    """Return walks of three workers, some fixes far from the network, some with a route."""
    rng = np.random.default_rng(seed)
    start_ms = STARTS_MS[rng.integers(0, len(STARTS_MS))]
    table = random_walks(world.network, seed, fixes=40, start_ms=start_ms)
    is_off = rng.random(len(table)) < 0.1
    lon, lat = to_degrees(rng.uniform(0, FAR_M, len(table)), rng.uniform(0, FAR_M, len(table)))
    table["lon"] += np.where(is_off, lon - LON, 0.0)
    table["lat"] -= np.where(is_off, lat - LAT, 0.0)
    if rng.random() < 0.5:
        table["route"] = [f"r{place // 17 % 2}" for place in range(len(table))]
    return table


def fixes_of(table: pd.DataFrame) -> list[Fix]:
    """Return a table of walks as the oracle wants it."""
    return [
        oracle_tracks.Fix(
            row["worker"],
            dt.datetime.fromisoformat(row["time"]),
            (row["lon"], row["lat"]),
            row.get("route", ""),
        )
        for row in table.to_dict("records")
    ]


def random_beats(world: World, seed: int) -> list[Beat]:
    """Return planned lines of one or two parts that lead from node to node, each with a shift."""
    rng = np.random.default_rng(seed)
    beats = []
    for number in range(3):
        parts = [_random_line(world.network, rng) for _ in range(rng.integers(1, 3))]
        shift = BEAT_SHIFTS[rng.integers(0, len(BEAT_SHIFTS))]
        beats.append(Beat(f"b{number}", parts, shift, int(rng.integers(0, 4))))
    return beats


def _random_line(network: OurNetwork, rng: np.random.Generator) -> list[tuple[float, float]]:
    nodes = rng.integers(0, len(network.lon), rng.integers(2, 4))
    offset = rng.normal(0, 3e-4, len(nodes))
    return list(
        zip((network.lon[nodes] + offset).tolist(), network.lat[nodes].tolist(), strict=True)
    )


def write_beats(beats: Sequence[Beat], path: Path) -> Path:
    """Write planned lines as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {"route": beat.name, "shift": beat.shift, "workers": beat.workers},
            "geometry": {"type": "MultiLineString", "coordinates": beat.parts}
            if len(beat.parts) > 1
            else {"type": "LineString", "coordinates": beat.parts[0]},
        }
        for beat in beats
    ]
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


# The oracle's answer


def oracle_of(network: OurNetwork) -> Network:
    """Return a network as the oracle has it, edge by edge."""
    places = list(zip(network.lon.tolist(), network.lat.tolist(), strict=True))
    segments = [
        Segment((u, 0), (v, 0), places[u], places[v], geodesic_m(places[u], places[v]))
        for u, v in zip(network.u.tolist(), network.v.tolist(), strict=True)
    ]
    return Network(segments, least_m=0.0)


def answer(
    world: World, steps: Sequence[Step], numbers: Mapping[tuple[str, str], int]
) -> Run | None:
    """Return what the oracle finds; None where a walk is too near a limit to be sure."""
    stations = stations_of(world.stations)
    ways = ways_by_graph(oracle_of(world.network), stations, [step.first for step in steps])
    kmh = world.measure.walk_kmh
    limits = [world.measure.limit_m, *(kmh * 1000 * minutes / 60 for minutes in MINUTES)]
    if any(is_near(way.connector_m, OFF_NETWORK_M) for way in ways):
        return None
    if any(is_near(metres, limit) for metres in distances(ways) for limit in limits):
        return None
    seen = look_around(steps, ways, stations, world.measure)
    return Run(judge(seen, world.measure), world.measure, stations, numbers)


def distances(ways: Iterable[Ways]) -> list[float]:
    """Return all walks and straight lines."""
    both = ((*way.walk_m.values(), *way.straight_m.values()) for way in ways)
    return list(chain.from_iterable(both))


def is_near(metres: float, limit_m: float) -> bool:
    """Return whether rounding may put a distance on the other side of a limit."""
    return abs(metres - limit_m) < MARGIN_M


def with_shifts(world: World, shifts: tuple[str, ...]) -> World:
    """Return the world with shifts of tracks."""
    return replace(world, measure=replace(world.measure, shifts=shifts))
