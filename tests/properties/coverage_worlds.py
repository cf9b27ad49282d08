"""Small made-up worlds for the properties of coverage, with every option in play; from a seed."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import strategies as st

from geo.coverage import Coverage, coverage, write_coverage, write_streets, write_stretches
from geo.coverage.write import gaps_frame
from geo.tracks import read_tracks
from geo.zones import LOCAL_ZONE
from tests.effort import HEAVY
from tests.networks import random_network, random_positions, stations_at
from tests.walks import MONDAY_0400_MS, random_walks, write_walks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network

NETWORKS: Final = 12  # different ones: their tables are made once
WORLDS: Final = 3 * HEAVY.max_examples  # each is measured as it stands in many tests, but once
seeds: Final = st.integers(0, WORLDS)
SATURDAY_0400_MS: Final = MONDAY_0400_MS + 5 * 86_400_000
AS_OF: Final = dt.datetime(2026, 3, 9, 8, tzinfo=ZoneInfo(LOCAL_ZONE))
FRESH, STALE = "2026-02-10", "2025-06-01"  # 180 days before AS_OF is 2025-09-10
SHIFTS: Final = ("Mo-Fr 04:00-11:00", "Mo-Su 10:00-18:30")
HOURS: Final = (
    "24/7",
    "24/7",
    "Mo-Fr 08:30-11:00,13:30-17:00",
    "06:00-22:00",
    "22:00-08:00",
    "Sa-Su 05:00-20:00",
    "",
    "06:00-08:00 unknown, 08:00-20:00",
)
SELF_HOURS: Final = ("", "", "", "", "18:00-06:00", "24/7")
AMENITIES: Final = ("", "toilet", "toilet", "toilet;hot_water", "toilet:broken", "toilet:no;seat")
AMENITY_HOURS: Final = ("", "", "", "toilet: 06:00-14:00")
ENTRIES: Final = ("", "open_door", "open_door", "qr", "qr;guard")
PHONE: Final = ("", "", "", "yes", "no")


@dataclass(frozen=True)
class World:
    """What a run of coverage is asked about."""

    network: Network
    walks: pd.DataFrame
    stations: gpd.GeoDataFrame
    options: dict[str, Any]

    def where(self, **options: object) -> World:
        """Return the world under other options."""
        return replace(self, options=self.options | options)


@cache
def network_of_seed(seed: int) -> Network:
    return random_network(seed)


@lru_cache(maxsize=WORLDS + 1)
def make_world(seed: int, *, stations: int = 8) -> World:
    """Return a world of three workers on a weekday and a Saturday, some of their way off the net.

    Stations differ in hours, status, age of evidence, amenities and entry; some are locked. The
    same world is given to all who ask, so nobody may change it in place.
    """
    rng = np.random.default_rng([seed, 5])
    network = network_of_seed(seed % NETWORKS)
    frame = make_stations(rng, seed, stations)
    options: dict[str, Any] = {
        "limit_m": float(rng.choice([150.0, 300.0, 500.0])),
        "as_of": AS_OF,
        "locked": tuple(frame["code"][rng.random(stations) < 0.25]),
        "needs": [(), ("toilet",), ("toilet", "hot_water")][rng.integers(3)],
        "no_phone": bool(rng.random() < 0.4),
        "shifts": SHIFTS,
        "areas": make_areas(network),
    }
    if rng.random() < 0.5:
        options["evidence"] = make_evidence(rng, frame)
    return World(network, make_walks(rng, network, seed), frame, options)


def make_stations(rng: np.random.Generator, seed: int, count: int) -> gpd.GeoDataFrame:
    """Return stations in and around the network; some are closed for a time, some for good."""
    found = stations_at(*random_positions(seed, count))
    cells = {
        "hours": HOURS,
        "self_hours": SELF_HOURS,
        "verified_on": ("", FRESH, FRESH, STALE),
        "amenities": AMENITIES,
        "amenity_hours": AMENITY_HOURS,
        "entry_mode": ENTRIES,
        "needs_phone": PHONE,
        "status": (*["open"] * 8, "temporarily_closed", "closed"),
        "status_until": ("2026-03-08T08:00:00+08:00", "2026-05-01T08:00:00+08:00"),
    }
    for name, choices in cells.items():
        found[name] = [choices[nth] for nth in rng.integers(0, len(choices), count)]
    found["self_entry_mode"] = np.where(found["self_hours"] != "", "qr", "")
    found["amenity_hours"] = found["amenity_hours"].where(found["amenities"] == "toilet", "")
    found["status_until"] = found["status_until"].where(found["status"] != "open", "")
    return found


def make_evidence(rng: np.random.Generator, stations: gpd.GeoDataFrame) -> dict[str, dt.datetime]:
    """Return when stations were last found in order, for most of them."""
    ages = rng.integers(0, 360, len(stations)).tolist()
    pairs = zip(stations["code"], ages, strict=True)
    return {code: AS_OF - dt.timedelta(days=age) for code, age in pairs if age % 7}


def make_walks(rng: np.random.Generator, network: Network, seed: int) -> pd.DataFrame:
    """Return fixes of three workers with two routes each and a stretch away from all streets."""
    weekday = random_walks(network, seed, workers=2, fixes=45)
    saturday = random_walks(network, seed + 1, workers=1, fixes=45, start_ms=SATURDAY_0400_MS)
    walks = pd.concat([weekday, saturday.assign(worker="w2")], ignore_index=True)
    walks["route"] = np.where(np.arange(len(walks)) % 45 < 20, "a", "b")
    away = int(rng.integers(len(walks) - 8))
    walks.loc[away : away + 7, "lat"] += 0.0035
    return walks


def make_areas(network: Network) -> list[gpd.GeoDataFrame]:
    """Return two layers: one with a hole and an overlap, one that leaves a part out."""
    west, south, east, north = network.bounds
    middle, level = west + 0.3 * (east - west), (south + north) / 2
    hole = shapely.Point(west + (middle - west) / 2, level).buffer((middle - west) / 4)
    left = shapely.box(west, south - 1, middle + (east - west) / 10, north + 1).difference(hole)
    right = shapely.box(middle - (east - west) / 10, south - 1, east, north + 1)
    bands = [
        shapely.box(west - 1, south - 1, east + 1, level),
        shapely.box(west - 1, level + (north - level) / 3, east + 1, north),
    ]
    return [
        gpd.GeoDataFrame(
            {"name": ["左", "右"], "level": "district"}, geometry=[left, right], crs=4326
        ),
        gpd.GeoDataFrame({"name": ["下", "上"], "level": "subdistrict"}, geometry=bands, crs=4326),
    ]


@lru_cache(maxsize=WORLDS + 1)
def measured_world(seed: int) -> Coverage:
    """Return the coverage of a world as it stands, measured once."""
    return measured(make_world(seed))


def measured(
    world: World, *, files: int = 1, max_rows_in_memory: int = 4_000_000, **options: object
) -> Coverage:
    """Measure a world through files of tracks."""
    with tempfile.TemporaryDirectory() as directory:
        paths = [
            write_walks(world.walks.iloc[nth::files], Path(directory) / f"walks-{nth}.csv")
            for nth in range(files)
        ]
        with read_tracks(paths, max_rows_in_memory=max_rows_in_memory) as tracks:
            asked = world.options | options
            return coverage(tracks, world.stations, world.network, **asked)


SUMS: Final = ("ms", "mm", "effective_ms", "effective_mm")


def groups_of(result: Coverage) -> list[Any]:
    """Return the tables whose rows share the whole among them."""
    tally = result.tally
    return [tally.by_hour, tally.by_route, tally.by_shift, *tally.by_area]


def whole_of(result: Coverage) -> dict[str, list[int]]:
    """Return the whole by class, in milliseconds and millimetres, nominal and effective."""
    return {name: getattr(result.tally.total, name)[0].tolist() for name in SUMS}


def bits_of(result: Coverage) -> dict[str, Any]:
    """Return all integers of a result, its gap lines, table of stations and summary."""
    tally, gaps = result.tally, result.gaps
    tables = [tally.total, tally.straight, *groups_of(result)]
    return {
        "sums": [[getattr(table, name).tolist() for name in SUMS] for table in tables],
        "gaps": {field.name: _plain(getattr(gaps, field.name)) for field in fields(gaps)},
        "stations": result.station_table().to_json(orient="split", double_precision=15),
        "summary": summary_of(result),
    }


def summary_of(result: Coverage, *but: str) -> str:
    """Return the summary as text, without what it says of the files and without some keys."""
    left = {key: value for key, value in result.summary().items() if key not in {"data", *but}}
    return json.dumps(left, ensure_ascii=False, indent=1, default=str)


def files_of(result: Coverage) -> dict[str, bytes]:
    """Return the content of the files that are written, by name."""
    with tempfile.TemporaryDirectory() as directory:
        return {path.name: path.read_bytes() for path in write_coverage(result, Path(directory))}


def drawn_of(result: Coverage) -> dict[str, bytes]:
    """Return the content of the files of stretches and streets, by name."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        write_stretches(result, folder / "stretches.geojson")
        write_streets(result, folder)
        return {path.name: path.read_bytes() for path in folder.iterdir()}


def cells_of(table: pd.DataFrame, *names: str) -> list[NDArray[np.int64]]:
    """Return columns of the table of stations as the integers that they were made of."""
    return [
        np.rint(table[name].to_numpy() * (60_000 if name.endswith("_min") else 1000)).astype(int)
        for name in names
    ]


def covered_of(result: Coverage) -> NDArray[np.int64]:
    """Return what is covered, nominal and effective, of time and length, hour by hour and area."""
    tables = [result.tally.total, result.tally.by_hour, *result.tally.by_area]
    return np.concatenate(
        [np.column_stack([getattr(table, name)[:, 0] for name in SUMS]) for table in tables]
    )


def gap_table(result: Coverage) -> pd.DataFrame:
    """Return the gap lines: cause and area as written, times and lengths as integers."""
    gaps = result.gaps
    names = ("start_ms", "end_ms", "duration_ms", "length_mm", "workers")
    integers = {name: getattr(gaps, name) for name in names}
    return pd.DataFrame(gaps_frame(result)[["cause", "area"]]).assign(**integers)


def _plain(values: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    return values.tolist() if hasattr(values, "tolist") else list(values)
