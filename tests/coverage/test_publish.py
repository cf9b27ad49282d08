"""Published figures hold no part of tracks that few people walked, and say how much they lack."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from geo.coverage import Published, coverage, publish, write_coverage, write_streets
from geo.coverage.publish import PUBLISHED, read_published
from geo.errors import InvalidOptionError
from geo.tracks import read_beats, read_tracks
from geo.zones import hour_of_week, to_local_ms
from tests.coverage.worlds import random_beats, random_world, write_beats
from tests.networks import network_of, random_network, random_positions, stations_at
from tests.walks import MONDAY_0400_MS, random_walks, street_walk, write_walks

if TYPE_CHECKING:
    from geo.coverage import Coverage

WORKERS: Final = 14
MONDAY: Final = pd.Timestamp("2026-03-02").date()


@dataclass(frozen=True)
class Crowd:
    """A run of many people in a small place, and the people of each of its hours and areas."""

    result: Coverage
    by_hour: dict[int, set[str]]
    by_area: dict[str | None, set[str]]


@cache
def crowd(seed: int, workers: int = WORKERS) -> Crowd:
    network = random_network(seed, side=4)
    table = random_walks(network, seed, workers=workers, fixes=50)
    ms = pd.to_datetime(table["time"], format="ISO8601").map(lambda t: round(t.timestamp() * 1000))
    first = ms.groupby(table["worker"]).transform("min")
    late = 1_200_000 * table["worker"].str[1:].astype(int)  # they start 20 minutes apart
    ms = MONDAY_0400_MS + (ms - first) + late
    table["time"] = [moment.isoformat() for moment in pd.to_datetime(ms, unit="ms", utc=True)]
    west, south, east, north = network.bounds
    middle = (west + east) / 2
    corner = shapely.box(west - 1, south - 1, west + (east - west) / 9, south + (north - south) / 9)
    areas = gpd.GeoDataFrame(
        {"name": ["角", "东"]},
        geometry=[corner, shapely.box(middle, south - 1, east + 1, north + 1)],
        crs=4326,
    )
    lon, lat = random_positions(seed, 5)
    stations = stations_at(
        lon.tolist(), lat.tolist(), hours=["24/7", "05:00-08:00", "", "", "24/7"]
    )
    with tempfile.TemporaryDirectory() as folder:
        path = write_walks(table, Path(folder) / "walks.csv")
        with read_tracks([path]) as tracks:
            [steps] = list(tracks.parts())
            result = coverage(
                tracks, stations, network, limit_m=150.0, areas=[areas], area_names=["街道"],
                streets=True,
            )  # fmt: skip
    by_hour, by_area = defaultdict(set), defaultdict(set)
    hours = hour_of_week(to_local_ms(steps.t_ms)).tolist()
    for row in np.flatnonzero(steps.duration_ms > 0).tolist():
        who = str(steps.worker[row])
        place = shapely.Point(steps.lon[row], steps.lat[row])
        inside = (name for name, shape in zip(areas["name"], areas.geometry, strict=True)
                  if shape.intersects(place))  # fmt: skip
        by_hour[hours[row]].add(who)
        by_area[next(inside, None)].add(who)
    return Crowd(result, by_hour, by_area)


def written(result: Coverage, folder: Path) -> Path:
    write_coverage(result, folder)
    write_streets(result, folder)
    return folder


def read(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    published = json.loads((folder / PUBLISHED).read_text(encoding="utf-8"))
    found = read_published(folder)
    assert found is not None
    summary, streets = map(json.loads, found)
    assert {**streets, "summary": summary} == published
    return summary, streets["features"]


def cells_of(folder: Path) -> dict[tuple[Any, ...], int]:
    """Return the people of each street at each hour."""
    found = {}
    for row in pq.read_table(folder / "streets.parquet").to_pylist():
        course = tuple(zip(row["lon"], row["lat"], strict=True))
        found |= {(course, h): n for h, n in zip(row["hour"], row["workers"], strict=True)}
    return found


def published_cells(features: list[dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
    found = {}
    for feature in features:
        points = np.rint(np.array(feature["geometry"]["coordinates"]) * 1e6).astype(int)
        course = tuple(map(tuple, points.tolist()))
        for one in feature["properties"]["times"]:
            assert not any((course, hour) in found for hour in one["hours"])
            found |= {(course, hour): one for hour in one["hours"]}
    return found


@pytest.mark.parametrize("min_workers", [5, 7, WORKERS, WORKERS + 1])
@pytest.mark.parametrize("seed", [1, 2])
def test_only_what_enough_people_walked_is_published(
    tmp_path: Path, seed: int, min_workers: int
) -> None:
    found = crowd(seed)
    folder = written(found.result, tmp_path)
    told = publish(folder, folder, min_workers=min_workers)
    summary, features = read(folder)
    cells, shown = cells_of(folder), published_cells(features)
    assert set(shown) == {key for key, people in cells.items() if people >= min_workers}
    for key, one in shown.items():
        assert one["workers"] == cells[key] // 5 * 5
    hours = {hour for hour, figures in enumerate(summary["by_hour_of_week"]) if figures}
    assert hours == {hour for hour, who in found.by_hour.items() if len(who) >= min_workers}
    areas = {row["area"] for row in summary["by_area"]}
    assert areas == {name for name, who in found.by_area.items() if len(who) >= min_workers}
    assert (told.cells_kept, told.cells_kept + told.cells_withheld) == (len(shown), len(cells))
    assert told.stretches_kept == len(features)
    streets = {course for course, _ in cells}
    assert told.stretches_kept + told.stretches_withheld == len(streets)
    assert told.hours_kept + told.hours_withheld == len(found.by_hour)
    assert told.areas_kept + told.areas_withheld == len(found.by_area)
    assert (summary["nominal"] is None) == (min_workers > WORKERS)


def test_some_is_kept_and_some_withheld_of_a_crowd(tmp_path: Path) -> None:
    folder = written(crowd(1).result, tmp_path)
    told = publish(folder, folder)
    assert min(told.cells_kept, told.cells_withheld) > 10
    assert min(told.hours_kept, told.hours_withheld) > 0
    assert 0 < told.time_kept_share < 1


def test_shares_are_those_of_the_run_and_no_minutes_leave(tmp_path: Path) -> None:
    folder = written(crowd(1).result, tmp_path)
    publish(folder, folder)
    summary, features = read(folder)
    whole = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    for name in ("nominal", "effective", "straight"):
        assert summary[name]["share_time"] == round(whole[name]["share_time"], 3)
    for ours, theirs in zip(summary["by_hour_of_week"], whole["by_hour_of_week"], strict=True):
        assert ours is None or ours["effective_share"] == round(theirs["effective_share"], 3)
    assert [row["layer_name"] for row in summary["by_area"]] == ["街道"] * len(summary["by_area"])
    for feature in features:
        for one in feature["properties"]["times"]:
            assert set(one) == {
                "hours", "workers", "nominal_share", "effective_share", "gap_share", "cause",
            }  # fmt: skip
            assert 0 <= one["gap_share"] <= 1 - one["effective_share"] + 0.001
            assert (one["cause"] is None) <= (one["gap_share"] == 0)
    for secret in ("by_route", "worst_gaps", "longest_gap", '_min"', "demand", "routes", "fixes"):
        assert secret not in json.dumps({**summary, "published": None}).replace("by_limit_min", "")


def test_fewer_people_than_are_shown_publish_nothing(tmp_path: Path) -> None:
    folder = written(crowd(2, workers=4).result, tmp_path)
    told = publish(folder, folder)
    summary, features = read(folder)
    assert features == summary["by_area"] == []
    assert not any(summary["by_hour_of_week"])
    assert (told.workers, told.cells_kept, told.time_kept_share) == (0, 0, 0)
    assert (summary["nominal"], summary["by_cause"], summary["duration_h"]) == (None, None, None)


def test_beats_are_plans_and_shown_whole(tmp_path: Path) -> None:
    world = random_world(1)
    path = write_beats(random_beats(world, 1), tmp_path / "beats.geojson")
    with read_beats([path]).planned(MONDAY) as planned:
        options = world.options | {"streets": True}
        result = coverage(planned, world.stations, world.network, **options)
    folder = written(result, tmp_path)
    told = publish(folder, folder, min_workers=50)
    assert (told.cells_withheld, told.hours_withheld, told.areas_withheld) == (0, 0, 0)
    assert told.workers == result.summary()["workers"]
    _, features = read(folder)
    cells, shown = cells_of(folder), published_cells(features)
    assert {key: one["workers"] for key, one in shown.items()} == cells


def test_of_a_walk_away_from_all_streets_the_files_are_valid_and_empty(tmp_path: Path) -> None:
    network = network_of([(0, 0), (2000, 0)], [(0, 1)])
    path = write_walks(street_walk([0, 200], [0, 150], y_m=200.0), tmp_path / "walk.csv")
    with read_tracks([path]) as tracks:
        result = coverage(tracks, stations_at([], []), network, streets=True)
    folder = written(result, tmp_path)
    told = publish(folder, folder)
    assert (told.stretches_kept, told.stretches_withheld, told.time_kept_share) == (0, 0, 0)
    assert cells_of(folder) == {}
    assert len(gpd.read_file(folder / "published.geojson")) == 0


def test_publishing_again_gives_the_same_bytes_and_leaves_no_draft(tmp_path: Path) -> None:
    folder = written(crowd(1).result, tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    texts = set()
    for _ in range(2):
        publish(folder, out)
        texts.add(tuple(path.read_bytes() for path in sorted(out.iterdir())))
    assert len(texts) == 1
    assert [path.name for path in out.iterdir()] == ["published.geojson"]


def test_of_two_who_publish_at_once_a_reader_sees_either_whole(tmp_path: Path) -> None:
    folder = written(crowd(1).result, tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    assert read_published(out) is None
    expected = {}
    for least in (5, WORKERS):
        publish(folder, out, min_workers=least)
        expected[least] = (out / PUBLISHED).read_bytes()

    def _often(least: int) -> None:
        for _ in range(4):
            publish(folder, out, min_workers=least)

    with ThreadPoolExecutor(2) as both:
        jobs = [both.submit(_often, least) for least in expected]
        seen = set()
        while not all(job.done() for job in jobs):
            summary, streets = read_published(out) or (b"", b"")
            seen.add((json.loads(summary)["published"]["min_workers"], streets))
        for job in jobs:
            job.result()
    assert len(seen) <= 2
    for least, streets in seen:
        assert expected[least].startswith(streets.removesuffix(b"]}"))
    assert (out / PUBLISHED).read_bytes() in expected.values()
    assert [path.name for path in out.iterdir()] == [PUBLISHED]


def test_fewer_than_five_cannot_be_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InvalidOptionError, match="persons"):
        publish(tmp_path, tmp_path, min_workers=4)


def test_a_result_without_streets_cannot_be_published(tmp_path: Path) -> None:
    write_coverage(crowd(2, workers=2).result, tmp_path)
    with pytest.raises(InvalidOptionError, match="no streets"):
        publish(tmp_path, tmp_path)
    assert not list(tmp_path.glob("published*"))


def test_published_says_what_it_says(tmp_path: Path) -> None:
    folder = written(crowd(1).result, tmp_path)
    told = publish(folder, folder)
    summary, _ = read(folder)
    assert Published(**summary["published"]) == told
