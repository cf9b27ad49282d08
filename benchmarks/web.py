"""The web beside its own empty answer: 200,000 stations, a city of 400,000 nodes, two workers.

The stations are strewn over 300 made-up cities; one of them has a walking network. The load comes
from another process over kept-alive connections, a few seconds for each address, on the same cores
as the server: read the rates as shares of the empty answer's.

``python benchmarks/web.py [--quick]``
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import html
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import numpy as np
import pandas as pd
from load import Rate, run_load
from machine import machine_line, print_table, timed
from phone import measure_phone
from synthetic import beside_streets, city_network

from geo.city import list_cities
from geo.nearest.finder import Finder
from geo.nearest.table import Table
from geo.network import write_network
from geo.stations.frames import to_stations
from geo.stations.schema import FIELD_NAMES
from geo.store import open_store
from webmap.grid import Grid, Window
from webmap.layer import LayerCache
from webmap.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geopandas import GeoDataFrame

    from geo.network import Network

SIZES: Final = {"full": (200_000, 10_000, 400_000), "quick": (20_000, 1_000, 40_000)}
WORKERS: Final = 2
SECONDS: Final = 4.0
CITIES: Final = 300
VIEWS: Final = 20
SCREEN: Final = (24, 16)  # cells of 64 px in a view, its margin included
HOURS: Final = (
    ["Mo-Fr 08:30-11:30,13:30-17:30; PH off"] * 5
    + ["Mo-Fr 09:00-17:00", "Mo-Su 08:00-20:00", "Mo-Su 07:00-22:00", "24/7", ""]
)  # fmt: skip
AMENITIES: Final = ("", "drinking_water;toilet", "drinking_water;microwave", "toilet:no;wifi")


def main() -> int:
    """Make the installation, measure its parts in this process, then the server."""
    parser = argparse.ArgumentParser(description="The web with 200,000 stations.")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    size = "quick" if parser.parse_args().quick else "full"
    print(machine_line("flask", "granian", "orjson"))
    total, in_city, nodes = SIZES[size]
    network = city_network(nodes)
    stations = make_stations(network, total, in_city)
    print(f"{total} stations, {in_city} of them in a city of {len(network.lon)} nodes\n")
    with tempfile.TemporaryDirectory() as folder:
        settings = make_installation(Path(folder), stations, network)
        measure_parts(settings, network)
        with serving(settings) as server:
            measure_server(server, network, stations)
            print_scenes(server, middle_of(network.bounds), f"{total} stations")
        demo = Settings.from_env({"NUANYI_INSTANCE": str(Path(folder) / "demo")})
        with serving(demo) as server:
            (city,) = list_cities(demo.cities)
            box = (city.west, city.south, city.east, city.north)
            print_scenes(server, middle_of(box), "the demo, with its map", has_map=True)
    return 0


def middle_of(box: tuple[float, float, float, float]) -> tuple[float, float]:
    """Return the middle of a box of west, south, east, north."""
    west, south, east, north = box
    return (west + east) / 2, (south + north) / 2


def print_scenes(
    server: Server, here: tuple[float, float], title: str, *, has_map: bool = False
) -> None:
    """Print what a phone waits for."""
    server.get("/")
    print(f"\n{title}, on a phone 4x slower, 50 kB/s after 400 ms")
    scenes = measure_phone(f"http://127.0.0.1:{server.port}", here, has_map=has_map)
    head = ("", "s", "of nothing", "kB", "requests")
    nothing = scenes[0].seconds
    print_table(
        head,
        [
            (one.name, f"{one.seconds:.1f}", f"{one.seconds / nothing:.1f}", f"{one.kb:.0f}",
             str(one.requests))
            for one in scenes
        ],
    )  # fmt: skip


def make_stations(network: Network, total: int, in_city: int) -> GeoDataFrame:
    """Return stations beside the streets of the city, and around the middles of other cities."""
    rng = np.random.default_rng(11)
    lon, lat = beside_streets(network, in_city, noise_m=12.0)
    middle = rng.integers(0, CITIES, total - in_city)
    lon = np.append(lon, (rng.uniform(140, 178, CITIES)[middle]) + rng.normal(0, 0.1, len(middle)))
    lat = np.append(lat, (rng.uniform(5, 32, CITIES)[middle]) + rng.normal(0, 0.1, len(middle)))
    rows = pd.DataFrame({name: [""] * total for name in FIELD_NAMES}, dtype=str)
    rows["code"] = [f"NY-{row:06d}" for row in rng.permutation(total)]
    rows["name"] = [f"第{row}号户外劳动者驿站" for row in range(total)]
    rows["kind"], rows["status"], rows["source_datum"] = "rest_station", "open", "wgs84"
    rows["district"] = [f"第{number:03d}区" for number in rng.integers(0, CITIES, total)]
    rows["lon"], rows["lat"] = ([f"{value:.6f}" for value in part] for part in (lon, lat))
    rows["hours"] = rng.choice(HOURS, total)
    rows["amenities"] = rng.choice(AMENITIES, total)
    return to_stations(rows)


def make_installation(folder: Path, stations: GeoDataFrame, network: Network) -> Settings:
    """Save the stations and the city."""
    settings = Settings.from_env({"NUANYI_INSTANCE": str(folder / "instance")})
    settings.make_instance()
    with open_store(settings.database) as store:
        now = dt.datetime.now(dt.UTC)
        store.save_stations(stations, actor="benchmark", origin="benchmark", now=now)
    city = settings.cities / "bench"
    city.mkdir(parents=True)
    write_network(network, city / "network")
    west, south, east, north = network.bounds
    about = {"code": "bench", "west": west, "south": south, "east": east, "north": north}
    (city / "city.json").write_text(json.dumps({**about, "sources": []}), encoding="utf-8")
    return settings


def measure_parts(settings: Settings, network: Network) -> None:
    """Print what a worker makes at its first requests, and what each part takes."""
    with open_store(settings.database) as store:
        rows = []
        before = memory_mb(os.getpid())
        layer_s, layer = timed(lambda: LayerCache(lambda: store).current())
        rows.append(("layer of stations", layer_s, memory_mb(os.getpid()) - before))
        grid_s, grid = timed(lambda: Grid(layer.lon, layer.lat))
        rows.append(("grid of the map", grid_s, _megabytes(grid)))
        states_s, _ = timed(lambda: layer.states(dt.datetime.now(dt.UTC)))
        rows.append(("states of one minute", states_s, 8e-6 * len(layer.rows)))
        before = memory_mb(os.getpid())
        table_s, table = timed(lambda: Table(layer.rows))
        rows.append(("table of the finder", table_s, memory_mb(os.getpid()) - before))
        finder_s, finder = timed(lambda: Finder(table, network))
        rows.append(("finder of the city (lists)", finder_s, finder.ways.list_bytes / 1e6))
    print_table(("", "s", "MB"), [(name, f"{s:.2f}", f"{mb:.0f}") for name, s, mb in rows])


def _megabytes(thing: object) -> float:
    return sum(getattr(part, "nbytes", 0) for part in vars(thing).values()) / 1e6


class Server:
    """A running site."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port, self._process = port, process

    def get(self, path: str, *, is_packed: bool = False) -> bytes:
        """Ask once over a connection of its own; return the body as it came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request(
            "GET", path, headers={"Accept-Encoding": "gzip, deflate"} if is_packed else {}
        )
        body = connection.getresponse().read()
        connection.close()
        return body

    def workers_mb(self) -> list[float]:
        """Return the resident memory of each process that has loaded stations."""
        found = [memory_mb(pid) for pid in _descendants(self._process.pid)]
        return [mb for mb in found if mb > 100]  # noqa: PLR2004 - the others are small


@contextmanager
def serving(settings: Settings) -> Iterator[Server]:
    """Run ``nuanyi serve`` on a free port of loopback.

    Yields
    ------
    Server
        Ended after use.
    """
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    words = ["serve", "--port", str(port), "--workers", str(WORKERS)]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", "from webmap.cli import main; main()", *words],
        env={**os.environ, "NUANYI_INSTANCE": str(settings.instance)},
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    try:
        assert process.stdout  # noqa: S101 - it is a pipe
        while process.stdout.readline() and not answers(port):
            pass  # another line stands before the one that says it is ready
        yield Server(port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def answers(port: int) -> bool:
    """Return whether somebody listens."""
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def measure_server(server: Server, network: Network, stations: GeoDataFrame) -> None:
    """Print sizes, memory and rates."""
    rng = np.random.default_rng(12)
    lon, lat = beside_streets(network, 2000, noise_m=10.0, seed=13)
    asked = [f"lon={x:.4f}&lat={y:.4f}" for x, y in zip(lon, lat, strict=True)]
    nearest = [f"/api/v1/nearest?{position}" for position in asked]
    views = make_views(stations, rng)
    first_s, _ = timed(lambda: [server.get(nearest[0]) for _ in range(8 * WORKERS)])
    print(f"first questions of both workers, finders made meanwhile: {first_s:.1f} s")
    list_bytes, map_bytes = first_load(server)
    sizes = [len(server.get(view, is_packed=True)) for view in views]
    kb = f"{list_bytes / 1e3:.1f} kB the list, {map_bytes / 1e3:.1f} kB with the map's files"
    print(f"first load of / over the wire: {kb}")
    kb = f"{max(sizes) / 1e3:.1f} kB at most, {np.median(sizes) / 1e3:.1f} kB in the middle"
    print(f"grid answers of {VIEWS} views, gzip: {kb}")
    by_day = "at=2026-03-02T10:00"
    loads = {
        "/healthz (empty answer)": ["/healthz"],
        "/": ["/"],
        "/api/v1/grid": views,
        "/api/v1/search, names": [
            f"/api/v1/search?q={row}{quote('号')}" for row in range(100, 300)
        ],
        "/api/v1/nearest, 10:00": [f"{path}&{by_day}" for path in nearest],
        "/api/v1/nearest, 10:00, a need": [f"{path}&{by_day}&need=toilet" for path in nearest],
        "/api/v1/nearest, 12:30": [f"{path}&at=2026-03-02T12:30" for path in nearest],
        "/api/v1/nearest, 03:00": [f"{path}&at=2026-03-02T03:00" for path in nearest],
    }
    rates = {name: run_load(server.port, paths, seconds=SECONDS) for name, paths in loads.items()}
    print(f"memory of the workers: {', '.join(f'{mb:.0f} MB' for mb in server.workers_mb())}\n")
    empty = next(iter(rates.values()))
    head = ("", "requests/s", "of empty", "p50 ms", "p99 ms", "errors")
    print_table(head, [rate_row(name, rate, empty) for name, rate in rates.items()])


def rate_row(name: str, rate: Rate, empty: Rate) -> tuple[str, ...]:
    """Return the cells of one address."""
    return (
        name,
        f"{rate.per_s:.0f}",
        f"{rate.per_s / empty.per_s:.2f}",
        f"{rate.p50_ms:.1f}",
        f"{rate.p99_ms:.1f}",
        str(rate.errors),
    )


def make_views(stations: GeoDataFrame, rng: np.random.Generator) -> list[str]:
    """Return addresses of the grid around random stations at zooms from the country's to a door."""
    views = []
    for zoom, row in zip(
        np.linspace(4, 17, VIEWS), rng.integers(0, len(stations), VIEWS), strict=True
    ):
        z = round(float(zoom))
        cells = 2 ** (z + 2)
        phi = np.radians(stations["lat"].iloc[row])
        x = int((stations["lon"].iloc[row] / 360 + 0.5) * cells)
        y = int((0.5 - np.arcsinh(np.tan(phi)) / (2 * np.pi)) * cells)
        wide, high = SCREEN
        last = 4 * 2**z - 1  # the world ends there
        west, north = max(0, x - wide // 2), max(0, y - high // 2)
        view = Window(z, west, north, min(last, x + wide // 2), min(last, y + high // 2))
        views.append(f"/api/v1/grid/{view.z}/{view.x0}/{view.y0}/{view.x1}/{view.y1}")
    return views


def first_load(server: Server) -> tuple[int, int]:
    """Return the gzipped bytes of the page with what it loads at once, and with the map's parts."""
    page = server.get("/", is_packed=True)
    text = gzip.decompress(page).decode()
    at_once = set(
        re.findall(r'<(?:script|link)[^>]*?(?:src|href)="(/(?:static|maps)/[^"]+)"', text)
    )
    later = set(re.findall(r'"(/(?:static|maps)/[^"]+\.(?:js|css)[^"]*)"', text)) - at_once
    size = {path: len(server.get(html.unescape(path), is_packed=True)) for path in at_once | later}
    alone = len(page) + sum(size[path] for path in at_once)
    return alone, alone + sum(size[path] for path in later)


def memory_mb(pid: int) -> float:
    """Return a process's resident memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _descendants(pid: int) -> list[int]:
    """Return a process's children, theirs, and so on."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has just ended
            continue
    found = [child for child, parent in parents.items() if parent == pid]
    return found + [one for child in found for one in _descendants(child)]


if __name__ == "__main__":
    sys.exit(main())
