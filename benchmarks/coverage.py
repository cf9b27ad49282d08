"""Coverage of timed GPS fixes over a week of hours, beside GeoPandas + pandana.

A made-up city of 400,000 nodes with 10,000 stations of 60 timetables, and workers whose fixes lie
in a CSV file. Each size runs in a process of its own: reading, then the whole measure (cleaning,
snapping, nominal and effective classes, straight lines, hours, areas, stations, gap lines), with
the memory it held on the way. The peer does the part of it that it can: nominal coverage by hour
of the week at the nearest node, its stations chosen anew for each hour (some hours are timed, and
all of them reckoned). ``python benchmarks/coverage.py [--quick] [--no-peer]``
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
import shapely
from machine import machine_line, print_table
from synthetic import beside_streets, city_network, fixes_of_workers

from geo.coverage import coverage
from geo.hours import Timetable, open_mask
from geo.stations.frames import to_stations
from geo.stations.schema import FIELD_NAMES
from geo.tracks import read_tracks
from geo.zones import aware

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.network import Network

CITY: Final = (400_000, 10_000)  # nodes, stations
QUICK_CITY: Final = (20_000, 500)
SIZES: Final = (1_000_000, 10_000_000)  # fixes
QUICK_SIZES: Final = (100_000, 1_000_000)
TIMETABLES: Final = 60
FIX_S: Final = 12
FIXES_PER_WORKER: Final = 200
MONDAY_MS: Final = 1_772_380_800_000  # 2026-03-02 00:00 in Asia/Shanghai, a week without holidays
WEEK_H: Final = 168
NOISE_M: Final = 8.0
LIMIT_M: Final = 1000.0
PEER_HOURS: Final = 4  # of 168, spread over the week
PEER_FIXES: Final = 1_000_000
SIDES: Final = 6  # areas are a grid of so many squares by so many
CHUNK: Final = 1_000_000


@dataclass(frozen=True)
class Sizes:
    """How large a run is."""

    nodes: int
    stations: int
    fixes: int


def main() -> int:
    """Run the sizes asked for, each in its own process, and print the table."""
    parser = argparse.ArgumentParser(description="Coverage beside GeoPandas + pandana.")
    parser.add_argument("--quick", action="store_true", help="a small city and fewer fixes")
    parser.add_argument("--no-peer", action="store_true", help="without pandana")
    parser.add_argument("--run", nargs=3, type=int, help=argparse.SUPPRESS)
    parser.add_argument("--peer", nargs=3, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run or options.peer:
        answer = run(Sizes(*options.run)) if options.run else run_peer(Sizes(*options.peer))
        print(json.dumps(answer))
        return 0
    nodes, stations = QUICK_CITY if options.quick else CITY
    print(machine_line(*([] if options.no_peer else ["pandana"])))
    print(f"about {nodes} nodes, {stations} stations, {TIMETABLES} timetables, a week")
    ours = [
        in_own_process("--run", Sizes(nodes, stations, fixes))
        for fixes in (QUICK_SIZES if options.quick else SIZES)
    ]
    print_table(
        (
            "fixes",
            "read /s",
            "measure s",
            "fixes/s",
            "sets",
            "searches",
            "peak MB",
            "MB on the way",
        ),
        [
            (
                f"{one['fixes']:,}",
                f"{one['fixes'] / one['read_s']:,.0f}",
                f"{one['measure_s']:.1f}",
                f"{one['fixes'] / one['measure_s']:,.0f}",
                f"{one['sets']}",
                f"{one['searches']}",
                f"{one['peak_mb']:.0f}",
                " ".join(f"{mb:.0f}" for mb in one["held_mb"]),
            )
            for one in ours
        ],
    )
    if not options.no_peer:
        fixes = min(PEER_FIXES, ours[0]["fixes"])
        print_peer(ours[0], in_own_process("--peer", Sizes(nodes, stations, fixes)))
    return 0


def print_peer(ours: dict[str, Any], peer: dict[str, Any]) -> None:
    """Print the peer's times beside ours."""
    print_table(
        ("GeoPandas + pandana", "seconds", "times ours"),
        [
            ("prepare the network (we: none)", f"{peer['prepare_s']:.1f}", ""),
            ("nodes and areas of the fixes", f"{peer['snap_s']:.1f}", ""),
            (f"{PEER_HOURS} of {WEEK_H} hours", f"{peer['hours_s']:.1f}", ""),
            (
                "all hours, reckoned",
                f"{peer['week_s']:.1f}",
                f"{(peer['snap_s'] + peer['week_s']) / ours['measure_s']:.1f}",
            ),
            (
                "with preparation",
                f"{peer['prepare_s'] + peer['snap_s'] + peer['week_s']:.1f}",
                f"{(peer['prepare_s'] + peer['snap_s'] + peer['week_s']) / ours['measure_s']:.1f}",
            ),
        ],
    )
    share, theirs = ours["peer_hours_share"], peer["share"]
    print(f"nominal share in these hours: {share:.4f}, of the peer {theirs:.4f}")
    print("(the peer takes the nearest node for the fix, and one moment for all of an hour)")


def in_own_process(flag: str, sizes: Sizes) -> dict[str, Any]:
    """Run one size in a new process and return its answer."""
    numbers = [str(number) for number in (sizes.nodes, sizes.stations, sizes.fixes)]
    command = [sys.executable, __file__, flag, *numbers]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def run(sizes: Sizes) -> dict[str, Any]:
    """Read and measure; return seconds, memory and some figures."""
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("geo.coverage").addHandler(handler)
    logging.getLogger("geo.coverage").setLevel(logging.INFO)
    network = city_network(sizes.nodes)
    stations = make_stations(network, sizes.stations)
    _ = network.snapper, network.chains  # belongs to loading
    with tempfile.TemporaryDirectory() as folder, MemoryWatch() as memory:
        path = Path(folder) / "fixes.csv"
        write_fixes(network, sizes.fixes, path)
        started = time.perf_counter()
        with read_tracks([path]) as tracks:
            read_s = time.perf_counter() - started
            memory.held.clear()
            started = time.perf_counter()
            result = coverage(
                tracks, stations, network, limit_m=LIMIT_M, areas=[make_areas(network)],
                as_of=aware(MONDAY_MS),
            )  # fmt: skip
            measure_s = time.perf_counter() - started
    sets, searches = (int(text) for text in re.findall(r"(\d+) (?:sets|searches)", said[-1]))
    hours = result.tally.by_hour.ms[peer_hours()]
    return {
        "fixes": tracks.fixes,
        "read_s": read_s,
        "measure_s": measure_s,
        "sets": sets,
        "searches": searches,
        "peak_mb": max(memory.held),
        "held_mb": [memory.held[(len(memory.held) - 1) * part // 4] for part in range(5)],
        "peer_hours_share": float(hours[:, 0].sum() / hours.sum()),
    }


def run_peer(sizes: Sizes) -> dict[str, Any]:
    """Do the part of the work that pandana can, hour by hour; return seconds and the share."""
    import pandana  # noqa: PLC0415  # heavy, and only this function needs it

    network = city_network(sizes.nodes)
    stations, areas = make_stations(network, sizes.stations), make_areas(network)
    fixes = pd.concat(make_fixes(network, sizes.fixes), ignore_index=True)
    started = time.perf_counter()
    graph = pandana.Network(
        pd.Series(network.lon), pd.Series(network.lat), pd.Series(network.u),
        pd.Series(network.v), pd.DataFrame({"metres": network.length_m}), twoway=True,
    )  # fmt: skip
    graph.precompute(LIMIT_M)
    prepared = time.perf_counter()
    frame = gpd.GeoDataFrame(
        fixes, geometry=gpd.points_from_xy(fixes["lon"], fixes["lat"]), crs=4326
    )
    frame = frame.sjoin(areas, how="left")
    frame["node"] = graph.get_node_ids(frame["lon"], frame["lat"])
    frame["hour"] = (frame["t_ms"] - MONDAY_MS) // 3_600_000 % WEEK_H
    snapped = time.perf_counter()
    covered = total = 0
    for hour in peer_hours():
        at = aware(MONDAY_MS + hour * 3_600_000 + 1_800_000).replace(tzinfo=None)
        is_open = open_mask([Timetable(text) for text in stations["hours"]], [at])[:, 0]
        some = stations[is_open]
        graph.set_pois("open", LIMIT_M, 1, some["lon"], some["lat"])
        metres = graph.nearest_pois(LIMIT_M, "open", num_pois=1)[1]
        within = metres.loc[frame.loc[frame["hour"] == hour, "node"]] < LIMIT_M
        covered, total = covered + int(within.sum()), total + len(within)
    hours_s = time.perf_counter() - snapped
    return {
        "prepare_s": prepared - started,
        "snap_s": snapped - prepared,
        "hours_s": hours_s,
        "week_s": hours_s * WEEK_H / PEER_HOURS,
        "share": covered / total,
    }


def peer_hours() -> list[int]:
    """Return the hours of the week that the peer is timed for: of mornings and afternoons."""
    return [24 * day + hour for day, hour in zip((0, 2, 3, 5), (6, 10, 15, 20), strict=True)]


def make_stations(network: Network, count: int) -> gpd.GeoDataFrame:
    """Return stations beside streets: most with hours, some not known, a third long unverified."""
    rng = np.random.default_rng(7)
    lon, lat = beside_streets(network, count, noise_m=15.0)
    texts = timetables(rng)
    rows = pd.DataFrame({name: [""] * count for name in FIELD_NAMES}, dtype=str)
    rows["code"] = rows["name"] = [f"B{row:05d}" for row in range(count)]
    rows["kind"], rows["status"], rows["source_datum"] = "rest_station", "open", "wgs84"
    rows["lon"], rows["lat"] = [[repr(float(value)) for value in part] for part in (lon, lat)]
    rows["hours"] = [texts[place] for place in rng.integers(0, len(texts), count)]
    rows["verified_on"] = np.where(rng.random(count) < 1 / 3, "2025-03-01", "2026-02-01")
    return to_stations(rows)


def timetables(rng: np.random.Generator) -> list[str]:
    """Return OSM hours as such stations have them; one in twenty is not known."""
    days = ("Mo-Fr", "Mo-Fr", "Mo-Sa", "Mo-Su")
    made = [
        f"{days[rng.integers(4)]} {start:02d}:{half * 30:02d}-{stop:02d}:00"
        for start, half, stop in zip(
            rng.integers(6, 10, TIMETABLES), rng.integers(0, 2, TIMETABLES),
            rng.integers(16, 23, TIMETABLES), strict=True,
        )
    ]  # fmt: skip
    return [*made[:-6], "24/7", "24/7", "24/7", "", "", "22:00-06:00"]


def make_areas(network: Network) -> gpd.GeoDataFrame:
    """Return a grid of areas over the network."""
    west, south, east, north = network.bounds
    x, y = np.linspace(west, east, SIDES + 1), np.linspace(south, north, SIDES + 1)
    boxes = [
        shapely.box(x[i], y[j], x[i + 1], y[j + 1]) for i in range(SIDES) for j in range(SIDES)
    ]
    return gpd.GeoDataFrame(
        {"name": [f"a{n}" for n in range(len(boxes))]}, geometry=boxes, crs=4326
    )


def make_fixes(network: Network, count: int) -> Iterator[pd.DataFrame]:
    """Yield fixes of workers on random walks of 40 minutes at any time of the week, in pieces.

    Yields
    ------
    DataFrame
        ``worker t_ms lon lat``.
    """
    for seed, start in enumerate(range(0, count, CHUNK)):
        size = min(CHUNK, count - start)
        rng = np.random.default_rng(100 + seed)
        lon, lat = fixes_of_workers(network, size, noise_m=NOISE_M, seed=100 + seed)
        worker = np.arange(size) // FIXES_PER_WORKER
        begin = MONDAY_MS + rng.integers(0, (WEEK_H - 1) * 3_600_000, worker[-1] + 1)
        t_ms = begin[worker] + np.arange(size) % FIXES_PER_WORKER * FIX_S * 1000
        name = worker + start // FIXES_PER_WORKER
        yield pd.DataFrame({"worker": name, "t_ms": t_ms, "lon": lon, "lat": lat})


def write_fixes(network: Network, count: int, path: Path) -> None:
    """Write the fixes as CSV, a piece at a time."""
    with path.open("wb") as file:
        for number, piece in enumerate(make_fixes(network, count)):
            moments = pa.array(piece["t_ms"] // 1000, pa.timestamp("s"))
            table = pa.table(
                {
                    "worker": piece["worker"],
                    "time": [f"{text}Z" for text in moments.cast(pa.string()).to_pylist()],
                    "lon": piece["lon"].round(6),
                    "lat": piece["lat"].round(6),
                }
            )
            pacsv.write_csv(table, file, pacsv.WriteOptions(include_header=number == 0))


class MemoryWatch:
    """Notes twice a second how many MB this process holds, in ``held``."""

    def __init__(self) -> None:
        self.held: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self.held.append(held_mb())

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            self.held.append(held_mb())


def held_mb() -> float:
    """Return the resident memory of this process, without file pages that can be dropped."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else float("nan")


if __name__ == "__main__":
    sys.exit(main())
