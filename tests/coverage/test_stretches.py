"""Stretches for drawing: they add up with what is hidden, stay few, and show nobody's door."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.coverage import Coverage, Drawing, coverage, write_coverage, write_stretches
from geo.coverage.classes import CLASS_NAMES
from geo.coverage.stretches import HIDDEN_M
from geo.errors import InvalidOptionError
from geo.tracks import read_tracks
from tests.networks import network_of, random_network, random_positions, stations_at, to_degrees
from tests.walks import random_walks, street_walk, write_walks

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from geo.network import Network

STREET = network_of([(0, 0), (5000, 0)], [(0, 1)])
LONG = street_walk(list(range(0, 3001, 50)), list(range(0, 61 * 40, 40)))  # 3 km from 04:00


def run(
    tmp_path: Path,
    stations: gpd.GeoDataFrame,
    fixes: pd.DataFrame = LONG,
    network: Network = STREET,
    **options: Any,  # noqa: ANN401 - passed on
) -> Coverage:
    path = write_walks(fixes, tmp_path / "walk.csv")
    with read_tracks([path]) as tracks:
        return coverage(tracks, stations, network, **{"drawing": Drawing(), **options})


def station_at(x_m: float, hours: str = "24/7") -> gpd.GeoDataFrame:
    lon, lat = to_degrees([x_m], [0])
    return stations_at(lon.tolist(), lat.tolist(), hours=hours)


def drawn(result: Coverage, tmp_path: Path) -> dict[str, Any]:
    write_stretches(result, tmp_path / "stretches.geojson")
    text = (tmp_path / "stretches.geojson").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def city_run(tmp_path: Path, seed: int = 7, **options: Any) -> Coverage:  # noqa: ANN401
    network = random_network(seed)
    lon, lat = random_positions(seed, 12)
    hours = ["24/7", "", "Mo-Su 08:00-18:00"] * 4
    walks = random_walks(network, seed, workers=5, fixes=120)
    stations = stations_at(lon.tolist(), lat.tolist(), hours=hours)
    return run(tmp_path, stations, walks, network, limit_m=200.0, **options)


def test_stretches_and_hidden_ends_add_up_to_the_whole(tmp_path: Path) -> None:
    result = city_run(tmp_path)
    assert result.stretches is not None
    lines = result.stretches.lines
    total_ms = int(result.tally.total.ms.sum())
    assert int(lines.duration_ms.sum()) + result.stretches.hidden_ms == total_ms
    for number in range(len(CLASS_NAMES)):
        of_class = int(lines.duration_ms[lines.found == number].sum())
        assert of_class <= int(result.tally.total.ms[0, number])


def test_every_class_that_occurs_is_drawn(tmp_path: Path) -> None:
    result = run(tmp_path, station_at(1000, "05:00-20:00"), limit_m=510.0)
    classes = [line["properties"]["class"] for line in drawn(result, tmp_path)["features"]]
    assert classes == ["no_station", "closed", "no_station"]
    result = run(tmp_path, station_at(1000), limit_m=510.0)
    classes = [line["properties"]["class"] for line in drawn(result, tmp_path)["features"]]
    assert classes == ["no_station", "covered", "no_station"]


def test_a_stretch_says_when_how_long_and_who_is_nearest(tmp_path: Path) -> None:
    result = run(tmp_path, station_at(1000), limit_m=510.0)
    middle = drawn(result, tmp_path)["features"][1]["properties"]
    assert middle["nearest_code"] == "S000"
    assert middle["length_m"] == pytest.approx(
        1050, abs=0.1
    )  # the steps from the fixes at 500 to 1,500 m
    assert middle["duration_min"] == pytest.approx(21 * 40 / 60)
    assert middle["start"] == "2026-03-02T04:00+08:00"  # 04:06:40, to the quarter hour
    assert middle["route"] == 1


def ends_of(fixes: pd.DataFrame) -> np.ndarray:
    return fixes[["lon", "lat"]].iloc[[0, -1]].to_numpy()


def metres_between(points: np.ndarray, place: np.ndarray) -> np.ndarray:
    north = (points[:, 1] - place[1]) * 111_000
    east = (points[:, 0] - place[0]) * 111_000 * np.cos(np.radians(place[1]))
    return np.asarray(np.hypot(north, east))


def test_nothing_drawn_or_written_is_near_the_ends_of_the_day(tmp_path: Path) -> None:
    result = run(tmp_path, station_at(4900), limit_m=200.0)
    write_coverage(result, tmp_path, hide_ends=True)
    drawn(result, tmp_path)
    for name in ("stretches.geojson", "gaps.geojson", "gaps.gpkg"):
        points = shapely.get_coordinates(gpd.read_file(tmp_path / name).geometry.to_numpy())
        assert len(points) >= 2
        for place in ends_of(LONG):
            assert metres_between(points, place).min() > HIDDEN_M


def test_figures_of_gap_lines_stay_where_their_ends_are_hidden(tmp_path: Path) -> None:
    result = run(tmp_path, station_at(4900), limit_m=200.0)
    write_coverage(result, tmp_path, hide_ends=True)
    gaps = gpd.read_file(tmp_path / "gaps.geojson")
    assert gaps["duration_min"].sum() == pytest.approx(40.0)


def test_standing_noisily_at_the_door_is_hidden_however_long(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    still = rng.normal(0, 6, 300).tolist()  # a day's first five minutes, a fix every second
    walk = street_walk([*still, *range(0, 2001, 50)], [*range(300), *range(300, 300 + 41 * 40, 40)])
    result = run(tmp_path, station_at(4900), walk, limit_m=200.0)
    points = np.concatenate(
        [np.array(line["geometry"]["coordinates"]) for line in drawn(result, tmp_path)["features"]]
    )
    assert metres_between(points, ends_of(walk)[0]).min() > HIDDEN_M


def test_a_day_that_stays_within_100_m_is_not_drawn_and_its_gap_has_no_shape(
    tmp_path: Path,
) -> None:
    walk = street_walk([0, 20, 40, 60, 80], [0, 60, 120, 180, 240])
    result = run(tmp_path, station_at(4900), walk, limit_m=200.0)
    document = drawn(result, tmp_path)
    assert document["features"] == []
    assert document["hidden_min"] == 4.0
    write_coverage(result, tmp_path, hide_ends=True)
    gaps = gpd.read_file(tmp_path / "gaps.geojson")
    assert gaps["duration_min"].tolist() == [4.0]
    assert gaps.geometry.isna().all()


def test_points_on_a_straight_way_are_left_out(tmp_path: Path) -> None:
    result = run(tmp_path, station_at(4900), limit_m=200.0)
    [line] = drawn(result, tmp_path)["features"]
    assert len(line["geometry"]["coordinates"]) == 2


def test_beyond_the_limit_the_shortest_are_not_drawn_and_are_counted(tmp_path: Path) -> None:
    full = city_run(tmp_path).stretches
    few = city_run(tmp_path, drawing=Drawing(max_points=30)).stretches
    assert full is not None
    assert few is not None
    assert len(few.lines.lon) <= 30
    assert full.not_drawn == 0
    assert few.not_drawn == len(full.lines) - len(few.lines) > 0
    assert few.not_drawn_ms == int(full.lines.duration_ms.sum() - few.lines.duration_ms.sum())
    for covered in (True, False):
        kept = few.lines.duration_ms[(few.lines.found == 0) == covered]
        every = np.sort(full.lines.duration_ms[(full.lines.found == 0) == covered])[::-1]
        assert np.array_equal(np.sort(kept)[::-1], every[: len(kept)])


@pytest.mark.parametrize("drawing", [Drawing(), Drawing(max_points=40)])
def test_blocks_change_no_byte(tmp_path: Path, drawing: Drawing) -> None:
    texts = set()
    for block_fixes in (1, 37, 500_000):
        drawn(city_run(tmp_path, drawing=drawing, block_fixes=block_fixes), tmp_path)
        texts.add((tmp_path / "stretches.geojson").read_bytes())
    assert len(texts) == 1


def test_without_a_drawing_there_are_no_stretches_to_write(tmp_path: Path) -> None:
    result = run(tmp_path, station_at(1000), drawing=None)
    with pytest.raises(InvalidOptionError, match="drawing"):
        write_stretches(result, tmp_path / "stretches.geojson")


def test_stretches_are_no_file_of_the_command(tmp_path: Path) -> None:
    names = {path.name for path in write_coverage(run(tmp_path, station_at(1000)), tmp_path)}
    assert names == {
        "summary.json",
        "by_hour.csv",
        "by_area.csv",
        "by_station.csv",
        "gaps.geojson",
        "gaps.gpkg",
    }
