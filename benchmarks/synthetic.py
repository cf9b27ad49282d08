"""A made-up city for the benchmarks: irregular streets, stations beside them, workers on them.

A jittered grid of blocks of about 80 m; a third of the streets are missing, a few diagonals cut
through. It lies in the empty Pacific, so that nobody takes it for a real place. Same seed, same
city.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from pyproj import Transformer

sys.path.insert(0, str(Path(__file__).parents[1]))  # measure this checkout, installed or not

from geo.coords import WGS84, local_metric_crs
from geo.network.graph import make_network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LON_LAT: Final = (160.0, 35.0)
BLOCK_M: Final = 80.0
JITTER_M: Final = 20.0  # most streets are 60 to 100 m long
MISSING: Final = 0.35  # leaves 2.7 edges at a node; OSM walking networks have 2.4 to 2.9
DIAGONALS: Final = 0.05
FIX_M: Final = 15.0  # between two fixes of a walking worker: one in 10 to 15 s


def city_network(nodes: int, *, seed: int = 1) -> Network:
    """Return a street network of about ``nodes`` nodes (a few small components are removed)."""
    rng = np.random.default_rng(seed)
    side = round(nodes**0.5)
    row, column = np.divmod(np.arange(side * side), side)
    x = (column - side / 2) * BLOCK_M + rng.uniform(-JITTER_M, JITTER_M, side * side) / 2
    y = (row - side / 2) * BLOCK_M + rng.uniform(-JITTER_M, JITTER_M, side * side) / 2
    index = np.arange(side * side).reshape(side, side)
    streets = np.concatenate(
        [
            np.column_stack([index[:, :-1].ravel(), index[:, 1:].ravel()]),
            np.column_stack([index[:-1].ravel(), index[1:].ravel()]),
        ]
    )
    cuts = np.column_stack([index[:-1, :-1].ravel(), index[1:, 1:].ravel()])
    ends = np.concatenate(
        [
            streets[rng.random(len(streets)) >= MISSING],
            cuts[rng.random(len(cuts)) < DIAGONALS],
        ]
    )
    lon, lat = to_degrees(x, y)
    return make_network(lon, lat, np.arange(side * side), ends, sources=("synthetic",))


def to_degrees(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return metres around ``LON_LAT`` as degrees, WGS-84, each shape (n,)."""
    back = Transformer.from_crs(local_metric_crs(*LON_LAT), WGS84, always_xy=True)
    lon, lat = back.transform(x, y)
    return np.asarray(lon), np.asarray(lat)


def beside_streets(
    network: Network, count: int, *, noise_m: float, seed: int = 2
) -> tuple[Floats, Floats]:
    """Return ``count`` positions (degrees) strewn along the streets, off them by ``noise_m``."""
    rng = np.random.default_rng(seed)
    edge = rng.choice(len(network.u), count, p=network.length_m / network.length_m.sum())
    return _off(network, network.u[edge], network.v[edge], rng.random(count), noise_m, rng)


def fixes_of_workers(
    network: Network, count: int, *, noise_m: float, seed: int = 3
) -> tuple[Floats, Floats]:
    """Return ``count`` GPS fixes (degrees), worker after worker, each on a random walk of 3 km."""
    rng = np.random.default_rng(seed)
    on_street, streets = round(BLOCK_M / FIX_M), 40
    workers = -(-count // (on_street * streets))
    first, neighbours = _neighbours(network)
    here = rng.integers(0, len(network.lon), workers)
    way = [here]
    for _ in range(streets):
        pick = rng.integers(0, np.diff(first)[here])
        here = neighbours[first[here] + pick]
        way.append(here)
    nodes = np.column_stack(way)
    start = np.repeat(nodes[:, :-1].ravel(), on_street)[:count]
    stop = np.repeat(nodes[:, 1:].ravel(), on_street)[:count]
    share = (np.arange(count) % on_street) / on_street
    return _off(network, start, stop, share, noise_m, rng)


def _neighbours(network: Network) -> tuple[Ints, Ints]:
    """Return the neighbours of all nodes in one array, and where each node's begin."""
    start = np.concatenate([network.u, network.v])
    stop = np.concatenate([network.v, network.u])
    counts = np.bincount(start, minlength=len(network.lon))
    return np.concatenate([[0], np.cumsum(counts)]), stop[np.argsort(start, kind="stable")]


def _off(  # noqa: PLR0917  # one line per argument says less
    network: Network,
    start: Ints,
    stop: Ints,
    share: Floats,
    noise_m: float,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Return positions at a share of the way between nodes, moved by normal noise."""
    degree_m = np.array([111_320.0 * np.cos(np.radians(LON_LAT[1])), 111_320.0])
    noise = rng.normal(0.0, noise_m, (len(start), 2)) / degree_m
    lon = network.lon[start] + share * (network.lon[stop] - network.lon[start]) + noise[:, 0]
    lat = network.lat[start] + share * (network.lat[stop] - network.lat[start]) + noise[:, 1]
    return lon, lat


if __name__ == "__main__":
    print(city_network(20_000).summary())
