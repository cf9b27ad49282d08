"""What is walked on which street at which hour and by how many equals a count fix by fix."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from geo.coords import GEOD
from geo.coverage import Coverage, coverage, write_coverage, write_streets
from geo.coverage.classes import CLASS_NAMES
from geo.coverage.streets import StreetStore
from geo.errors import InvalidOptionError
from geo.network import build_network
from geo.stations import read_stations
from geo.tracks import read_beats, read_tracks
from geo.zones import hour_of_week, to_local_ms
from tests.coverage.worlds import (
    World,
    answer,
    fixes_of,
    random_beats,
    random_world,
    walks_in,
    write_beats,
)
from tests.networks import network_of, stations_at, to_degrees
from tests.oracle import tracks as oracle_tracks
from tests.oracle.beats import walk
from tests.walks import street_walk, write_walks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.network import Network
    from tests.oracle.coverage import Judged
    from tests.oracle.figures import Run

DEMO = Path(__file__).parents[2] / "data" / "demo"
MONDAY = dt.date(2026, 3, 2)
Course = frozenset[tuple[float, float]]  # of a street: all its points, to 6 decimals


@dataclass
class Cell:
    """A street at an hour of the week."""

    people: dict[str, int] = field(default_factory=dict)
    nominal: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    effective: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def plain(values: dict[str, int]) -> list[int]:
    return [values.get(name, 0) for name in CLASS_NAMES]


def chains_by_hand(network: Network) -> list[set[int]]:
    """Return the edges of each chain: those that meet where only two edges do are of one."""
    edges = list(zip(network.u.tolist(), network.v.tolist(), strict=True))
    at = defaultdict(list)
    for edge, ends in enumerate(edges):
        for node in ends:
            at[node].append(edge)
    left, found = set(range(len(edges))), []
    while left:
        chain, todo = set(), [left.pop()]
        while todo:
            edge = todo.pop()
            chain.add(edge)
            near = {one for node in edges[edge] if len(at[node]) == 2 for one in at[node]}
            todo += near & left
            left -= near
        found.append(chain)
    return found


def courses_by_hand(network: Network) -> list[Course]:
    """Return the course of the chain of each edge."""
    course: dict[int, Course] = {}
    for chain in chains_by_hand(network):
        nodes = {node for edge in chain for node in (network.u[edge], network.v[edge])}
        points = frozenset((round(network.lon[n], 6), round(network.lat[n], 6)) for n in nodes)
        course |= dict.fromkeys(chain, points)
    return [course[edge] for edge in range(len(network.u))]


def nearest_edges(network: Network, places: Iterable[tuple[float, float]]) -> list[int]:
    """Return the nearest edge of each place, of equals the first; -1 for more than 50 m."""
    from pyproj import Transformer  # noqa: PLC0415

    transform = Transformer.from_crs("EPSG:4326", network.crs, always_xy=True).transform
    nodes = np.column_stack(transform(network.lon, network.lat))
    lines = shapely.linestrings(np.stack([nodes[network.u], nodes[network.v]], axis=1))
    found = []
    for place in places:
        metres = shapely.distance(lines, shapely.Point(transform(*place)))
        near = int(np.flatnonzero(metres <= metres.min() + 1e-6)[0])
        found.append(near if metres.min() <= 50 else -1)
    return found


def count_by_hand(network: Network, judged: list[Judged]) -> dict[tuple[Course, int], Cell]:
    courses = courses_by_hand(network)
    edges = nearest_edges(network, (one.step.first.lonlat for one in judged))
    cells: dict[tuple[Course, int], Cell] = defaultdict(Cell)
    for one, edge in zip(judged, edges, strict=True):
        if edge >= 0:
            cell, step = cells[courses[edge], one.hour], one.step
            cell.people[step.first.worker] = step.workers
            cell.nominal[one.nominal] += step.duration_ms * step.workers
            cell.effective[one.effective] += step.duration_ms * step.workers
    return cells


def read_cells(path: Path) -> dict[tuple[Course, int], tuple[int, list[int], list[int]]]:
    found = {}
    for row in pq.read_table(path).to_pylist():
        points = (np.column_stack([row["lon"], row["lat"]]) / 1e6).round(6).tolist()
        course = frozenset(map(tuple, points))
        assert len(course) <= len(points) <= len(course) + 1  # a ring ends where it begins
        for nth, hour in enumerate(row["hour"]):
            six = slice(6 * nth, 6 * nth + 6)
            sums = row["nominal_ms"][six], row["effective_ms"][six]
            assert (course, hour) not in found
            found[course, hour] = (row["workers"][nth], *sums)
    return found


def assert_streets_are_those_of(run: Run, result: Coverage, network: Network) -> None:
    with tempfile.TemporaryDirectory() as directory:
        table, text = write_streets(result, Path(directory))
        ours, people = read_cells(table), json.loads(text.read_text(encoding="utf-8"))
    theirs = {
        key: (sum(cell.people.values()), plain(cell.nominal), plain(cell.effective))
        for key, cell in count_by_hand(network, run.judged).items()
    }
    assert ours == theirs
    total_ms = sum(one.step.duration_ms * one.step.workers for one in run.judged)
    assert people["ms"] == total_ms
    assert people["off_ms"] + sum(sum(nominal) for _, nominal, _ in ours.values()) == total_ms
    by_hour, by_area = defaultdict(dict), defaultdict(dict)  # type: ignore[var-annotated]
    for one in run.judged:
        who = {one.step.first.worker: one.step.workers}
        by_hour[one.hour] |= who
        for layer, name in enumerate(one.areas, start=1):
            by_area[layer, name] |= who
    hours = [sum(by_hour[hour].values()) for hour in range(168)]
    assert people["by_hour_of_week"] == hours
    areas = {(row["layer"], row["area"]): row["workers"] for row in people["by_area"]}
    assert areas == {key: sum(who.values()) for key, who in by_area.items()}


def walked(world: World, seed: int, **options: Any) -> tuple[Coverage, Run] | None:  # noqa: ANN401
    table = walks_in(world, seed)
    run = answer(world, oracle_tracks.make_trips(fixes_of(table)).steps(), {})
    with tempfile.TemporaryDirectory() as directory:
        path = write_walks(table, Path(directory) / "walks.csv")
        with read_tracks([path]) as tracks:
            asked = world.options | {"streets": True} | options
            result = coverage(tracks, world.stations, world.network, **asked)
    return (result, run) if run else None


@pytest.mark.parametrize("seed", range(6))
def test_streets_of_walks_equal_a_count_fix_by_fix(seed: int) -> None:
    world = random_world(seed)
    found = walked(world, seed)
    if found is None:
        pytest.skip("a walk is too near a limit to be sure")
    assert_streets_are_those_of(found[1], found[0], world.network)


@pytest.mark.parametrize("seed", range(3))
def test_streets_of_beats_count_their_workers(seed: int) -> None:
    world = random_world(seed)
    beats = random_beats(world, seed)
    run = answer(world, [step for step in walk(beats, MONDAY) if step.workers], {})
    with tempfile.TemporaryDirectory() as directory:
        path = write_beats(beats, Path(directory) / "beats.geojson")
        with read_beats([path]).planned(MONDAY) as planned:
            options = world.options | {"streets": True, "block_fixes": 300}
            result = coverage(planned, world.stations, world.network, **options)
    if run is None:
        pytest.skip("a walk is too near a limit to be sure")
    assert_streets_are_those_of(run, result, world.network)


@pytest.mark.parametrize(
    ("block_fixes", "most_records"), [(1, 10**6), (37, 60), (500_000, 60), (25, 1)]
)
def test_blocks_and_the_disk_change_no_byte(
    block_fixes: int, most_records: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = random_world(3)
    plainly = walked(world, 3)
    store = partial(StreetStore, most_records=most_records)
    measure = importlib.import_module("geo.coverage.measure")
    monkeypatch.setattr(measure, "StreetStore", store)
    other = walked(world, 3, block_fixes=block_fixes)
    texts = []
    for number, found in enumerate((plainly, other)):
        assert found is not None
        (tmp_path / str(number)).mkdir()
        paths = write_streets(found[0], tmp_path / str(number))
        texts.append([path.read_bytes() for path in paths])
    assert texts[0] == texts[1]


def test_a_street_is_written_from_junction_to_junction(tmp_path: Path) -> None:
    # a bent street between two junctions, its edges one with and one against it
    xy = [(0, 0), (300, 0), (600, 0), (600, 300), (0, 300), (900, 0), (-300, 0)]
    network = network_of(xy, [(0, 1), (2, 1), (2, 3), (4, 0), (2, 5), (6, 0)])
    lon, lat = to_degrees([0], [1000])
    path = write_walks(street_walk([100, 200, 400, 500], [0, 60, 120, 180]), tmp_path / "walk.csv")
    with read_tracks([path]) as tracks:
        stations = stations_at(lon.tolist(), lat.tolist())
        result = coverage(tracks, stations, network, streets=True)
    table, _ = write_streets(result, tmp_path)
    [row] = pq.read_table(table).to_pylist()
    expected = [np.rint(values * 1e6).astype(int).tolist() for values in to_degrees(
        [0, 300, 600], [0, 0, 0])]  # fmt: skip
    assert [row["lon"], row["lat"]] in (expected, [one[::-1] for one in expected])
    assert (row["hour"], row["workers"]) == ([4], [1])
    assert sum(row["nominal_ms"]) == 180_000


def test_streets_of_the_demo_add_up_to_the_whole(tmp_path: Path) -> None:
    network = build_network([DEMO / "district.osm.pbf"])
    with read_tracks([DEMO / "tracks.csv.gz"]) as tracks:
        stations = read_stations(DEMO / "stations.csv")
        result = coverage(tracks, stations, network, streets=True)
        steps = pd.concat(
            pd.DataFrame({"worker": part.worker, "t_ms": part.t_ms, "ms": part.duration_ms})
            for part in tracks.parts()
        )
    table, text = write_streets(result, tmp_path)
    rows = pq.read_table(table).to_pandas()
    people = json.loads(text.read_text(encoding="utf-8"))
    steps = steps[steps["ms"] > 0]
    steps["hour"] = hour_of_week(to_local_ms(steps["t_ms"].to_numpy()))
    by_hour = steps.groupby("hour")["worker"].nunique().reindex(range(168), fill_value=0)
    assert people["by_hour_of_week"] == by_hour.tolist()
    assert people["workers"] == steps["worker"].nunique() == 24
    on_street = sum(map(sum, rows["nominal_ms"]))
    assert on_street == sum(map(sum, rows["effective_ms"]))
    assert on_street + people["off_ms"] == people["ms"] == steps["ms"].sum()
    assert people["off_ms"] == result.tally.off_network_ms
    metres = [
        GEOD.line_length(np.array(row["lon"]) / 1e6, np.array(row["lat"]) / 1e6)
        for row in rows.to_dict("records")
    ]
    expected = network.chains.length_m[rows["link"]]
    assert metres == pytest.approx(expected.tolist(), abs=1.0, rel=0.02)
    assert np.abs(np.sum(metres) / expected.sum() - 1) < 1e-3


def test_without_streets_there_are_none_to_write(tmp_path: Path) -> None:
    world = random_world(0)
    found = walked(world, 0, streets=False)
    assert found is not None
    with pytest.raises(InvalidOptionError, match="without streets"):
        write_streets(found[0], tmp_path)
    write_coverage(found[0], tmp_path)
