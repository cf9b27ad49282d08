"""Made-up walks as CSV, for tests that run the whole chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.networks import to_degrees

if TYPE_CHECKING:
    from pathlib import Path

    from geo.network import Network

MONDAY_0400_MS = 1_772_395_200_000  # 2026-03-02 04:00 in Asia/Shanghai; no holiday near


def random_walks(
    network: Network,
    seed: int,
    *,
    workers: int = 3,
    fixes: int = 60,
    start_ms: int = MONDAY_0400_MS,
) -> pd.DataFrame:
    """Return fixes of workers who wander from node to node, with noise, through one day."""
    rng = np.random.default_rng(seed)
    neighbours: list[list[int]] = [[] for _ in network.lon]
    for u, v in zip(network.u, network.v, strict=True):
        neighbours[u].append(int(v))
        neighbours[v].append(int(u))
    rows = []
    for worker in range(workers):
        node = int(rng.integers(len(network.lon)))
        moment = start_ms + int(rng.integers(0, 16 * 3_600_000))
        for _ in range(fixes):
            noise = rng.normal(0, 2e-4, 2)
            rows.append(
                (f"w{worker}", moment, network.lon[node] + noise[0], network.lat[node] + noise[1])
            )
            node = int(rng.choice(neighbours[node])) if neighbours[node] else node
            moment += int(rng.integers(40_000, 200_000)) + 1_500_000 * int(rng.random() < 0.03)
    table = pd.DataFrame(rows, columns=["worker", "t_ms", "lon", "lat"])
    table["time"] = pd.to_datetime(table["t_ms"], unit="ms", utc=True).map(lambda t: t.isoformat())
    return table[["worker", "time", "lon", "lat"]]


def street_walk(x_m: list[float], seconds: list[int], *, y_m: float = 0.0) -> pd.DataFrame:
    """Return one worker's fixes at places along a street, seconds after Monday 04:00."""
    lon, lat = to_degrees(x_m, [y_m] * len(x_m))
    moments = pd.to_datetime(
        MONDAY_0400_MS + 1000 * np.asarray(seconds, dtype=np.int64), unit="ms", utc=True
    )
    return pd.DataFrame(
        {"worker": "w", "time": [m.isoformat() for m in moments], "lon": lon, "lat": lat}
    )


def write_walks(table: pd.DataFrame, path: Path) -> Path:
    """Write fixes as CSV with every digit."""
    table.to_csv(path, index=False, float_format="%.17g")
    return path
