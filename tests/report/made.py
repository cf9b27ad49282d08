"""Small made-up runs to report on: with nasty names, with few workers, with nothing in them."""

from __future__ import annotations

import datetime as dt
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import shapely

from geo.coverage import Coverage, Drawing, coverage
from geo.tracks import read_beats, read_tracks
from tests.coverage.worlds import Beat, write_beats
from tests.networks import (
    network_of,
    random_network,
    random_positions,
    stations_at,
    to_degrees,
)
from tests.walks import random_walks, street_walk, write_walks

if TYPE_CHECKING:
    import pandas as pd

    from geo.network import Network

NASTY: Final = (
    '=HYPERLINK("http://evil.example","去")',
    "@SUM(A1:A9)",
    "+1+1",
    "-2-3",
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "${7*7} `x` {{7*7}}",
    "'单引号\"双引号",
    "铃\x07声\x1b",
    "两行\n名字\t制表",
    "表情😀与\u2028分行",
    "\u202e\u05d9\u05ea",
    "]]>&amp;<!--",
    "http://evil.example/?a=1&b=2",
    "_x0041_",
    "非\ufffe字\uffff符",
)
STREET: Final = network_of([(0, 0), (2500, 0), (5000, 0)], [(0, 1), (1, 2)])


def measured(
    fixes: pd.DataFrame,
    stations: gpd.GeoDataFrame,
    network: Network,
    **options: Any,  # noqa: ANN401 - passed on
) -> Coverage:
    """Measure fixes, drawn."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_walks(fixes, Path(folder) / "walk.csv")
        with read_tracks([path]) as tracks:
            return coverage(tracks, stations, network, **{"drawing": Drawing(), **options})


@cache
def nasty_run() -> tuple[Coverage, Network]:
    """Return a run of five workers whose stations and areas have nasty names, gaps of all kinds."""
    network = random_network(7)
    count = len(NASTY)
    lon, lat = random_positions(7, count)
    hours = (["24/7", "", "Mo-Su 08:00-18:00", "Mo-Fr 09:00-11:00"] * count)[:count]
    stations = stations_at(lon.tolist(), lat.tolist(), hours=hours)
    stations["name"] = list(NASTY)
    stations["kind"] = (["rest_station", "union_hub", "service_point"] * count)[:count]
    strips = [
        shapely.box(*_corner(place * 50 - 200, -500), *_corner(place * 50 - 150, 1500))
        for place in range(count)
    ]
    areas = gpd.GeoDataFrame({"name": list(NASTY)}, geometry=strips, crs=4326)
    walks = random_walks(network, 7, workers=5, fixes=60)
    locked = frozenset({"S000"})
    shifts = ("Mo-Fr 04:00-11:00",)
    run = measured(
        walks, stations, network, limit_m=200.0, areas=[areas], locked=locked, shifts=shifts
    )
    return run, network


@cache
def covered_run() -> tuple[Coverage, Network]:
    """Return a run of one worker who always has a station: no gap, no area, no shift."""
    return measured(_walk(), _stations_along([500.0, 1500.0]), STREET), STREET


@cache
def bare_run() -> tuple[Coverage, Network]:
    """Return a run where there is no station at all."""
    return measured(_walk(), _stations_along([]), STREET), STREET


@cache
def planned_run() -> tuple[Coverage, Network]:
    """Return a run of two planned lines on one street."""
    lines = [list(zip(*to_degrees([x, x + 1500], [0, 0]), strict=True)) for x in (100, 2500)]
    beats = [
        Beat(f"b{number}", [line], "Mo 05:00-06:00,20:00-20:30", 2)
        for number, line in enumerate(lines)
    ]
    with tempfile.TemporaryDirectory() as folder:
        read = read_beats([write_beats(beats, Path(folder) / "beats.geojson")])
    planned = read.planned(dt.date(2026, 3, 2))
    stations = _stations_along([1000.0, 4500.0], hours="08:00-19:00")
    return coverage(planned, stations, STREET, drawing=Drawing()), STREET


def _walk() -> pd.DataFrame:
    steps = list(range(0, 2001, 50))
    return street_walk([float(x) for x in steps], [x * 2 for x in steps])


def _stations_along(x_m: list[float], hours: str = "24/7") -> gpd.GeoDataFrame:
    lon, lat = to_degrees(x_m, [0.0] * len(x_m))
    return stations_at(lon.tolist(), lat.tolist(), hours=hours)


def _corner(x: float, y: float) -> tuple[float, float]:
    lon, lat = to_degrees([x], [y])
    return float(lon[0]), float(lat[0])
