"""Made-up walking networks, stations and walks for tests; everything from a seed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from pandas import DataFrame
from pyproj import Transformer

from geo.coords import WGS84, local_metric_crs
from geo.network.graph import Network, make_network
from geo.stations.frames import to_stations
from geo.stations.schema import FIELD_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

LON, LAT = 116.3, 40.0


def to_degrees(x: object, y: object) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the degrees of metres east and north of the tests' middle."""
    lon, lat = _inverse().transform(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    return np.asarray(lon), np.asarray(lat)


def network_of(xy: Sequence[tuple[float, float]], ends: Sequence[tuple[int, int]]) -> Network:
    """Return a network of nodes in metres and edges between their indices."""
    points = np.asarray(xy, dtype=float)
    lon, lat = to_degrees(points[:, 0], points[:, 1])
    return make_network(lon, lat, np.arange(len(points)), np.asarray(ends, dtype=np.int64))


def random_network(seed: int, *, side: int = 8, spacing_m: float = 90.0) -> Network:
    """Return an irregular grid with missing links, some diagonals and a long dead end."""
    rng = np.random.default_rng(seed)
    column, row = np.meshgrid(np.arange(side), np.arange(side))
    xy = np.column_stack([column.ravel(), row.ravel()]) * spacing_m
    xy = xy + rng.normal(0, spacing_m / 6, xy.shape)
    node = np.arange(side * side).reshape(side, side)
    links = np.concatenate(
        [
            np.column_stack([node[:, :-1].ravel(), node[:, 1:].ravel()]),
            np.column_stack([node[:-1].ravel(), node[1:].ravel()]),
            np.column_stack([node[:-1, :-1].ravel(), node[1:, 1:].ravel()])[::5],
        ]
    )
    links = links[rng.random(len(links)) > 0.12]
    tail = len(xy)
    xy = np.vstack([xy, [side * spacing_m + 400.0, 0.0]])
    links = np.vstack([links, [[side - 1, tail]]])
    return network_of([tuple(p) for p in xy], [tuple(e) for e in links])


def random_positions(
    seed: int, count: int, *, side_m: float = 750.0, margin_m: float = 90.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return positions in and around a random network, some of them off it."""
    rng = np.random.default_rng(seed)
    return to_degrees(
        rng.uniform(-margin_m, side_m + margin_m, count),
        rng.uniform(-margin_m, side_m + margin_m, count),
    )


def stations_at(
    lon: Sequence[float], lat: Sequence[float], *, hours: Sequence[str] | str = "24/7", **cells: str
) -> GeoDataFrame:
    """Return stations S000, S001, ... in their form in memory."""
    rows = DataFrame({name: [""] * len(lon) for name in FIELD_NAMES}, dtype=str)
    rows["code"] = [f"S{row:03d}" for row in range(len(lon))]
    rows["name"] = rows["code"]
    rows["kind"], rows["status"], rows["source_datum"] = "rest_station", "open", "wgs84"
    rows["lon"] = [repr(float(value)) for value in lon]
    rows["lat"] = [repr(float(value)) for value in lat]
    rows["hours"] = hours
    for name, value in cells.items():
        rows[name] = value
    return to_stations(rows)


@cache
def _inverse() -> Transformer:
    return Transformer.from_crs(local_metric_crs(LON, LAT), WGS84, always_xy=True)
