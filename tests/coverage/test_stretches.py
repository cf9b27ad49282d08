"""Stretches for drawing: they add up with what is hidden, stay few, and show nobody's door."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.coverage import (
    Coverage,
    Drawing,
    coverage,
    worst_lines,
    write_coverage,
    write_stretches,
)
from geo.coverage.classes import CLASS_NAMES
from geo.coverage.stretches import HIDDEN_M
from geo.errors import InvalidOptionError
from geo.tracks import read_beats, read_tracks
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
    drawn, total = result.stretches.drawn, result.tally.total
    assert int(drawn.ms.sum()) + result.stretches.hidden_ms == int(total.ms.sum())
    for number in range(len(CLASS_NAMES)):
        for classes, whole in (
            (drawn.nominal, total.ms[0]),
            (drawn.effective, total.effective_ms[0]),
            (drawn.straight, result.tally.straight.ms[0]),
        ):
            assert int(drawn.ms[classes == number].sum()) <= int(whole[number])


def test_every_class_that_occurs_is_drawn(tmp_path: Path) -> None:
    result = run(tmp_path, station_at(1000, "05:00-20:00"), limit_m=510.0)
    classes = [line["properties"]["effective"] for line in drawn(result, tmp_path)["features"]]
    assert classes == ["no_station", "closed", "no_station"]
    result = run(tmp_path, station_at(1000), limit_m=510.0)
    classes = [line["properties"]["effective"] for line in drawn(result, tmp_path)["features"]]
    assert classes == ["no_station", "covered", "no_station"]


def test_a_stretch_says_when_how_long_and_who_is_nearest(tmp_path: Path) -> None:
    result = run(tmp_path, station_at(1000), limit_m=510.0)
    middle = drawn(result, tmp_path)["features"][1]["properties"]
    assert middle["nearest"] == "S000"
    assert middle["length_m"] == pytest.approx(
        1050, abs=0.1
    )  # the steps from the fixes at 500 to 1,500 m
    assert middle["minutes"] == pytest.approx(21 * 40 / 60)
    assert middle["start"] == "2026-03-02T04:00+08:00"  # 04:06:40, to the quarter hour
    assert middle["route"] == 1


def test_a_stretch_has_one_class_by_each_judgement_and_one_hour(tmp_path: Path) -> None:
    # 3 km of street from 04:00; the station at 1 km is locked and shuts at 04:20, so that
    # walkers past 500 m meet it open and those past 1,500 m do not; the straight line is as long
    x_m, seconds = list(range(0, 3001, 50)), list(range(0, 61 * 90, 90))
    result = run(
        tmp_path, station_at(1000, "04:00-04:20"), street_walk(x_m, seconds), limit_m=510.0,
        locked=["S000"],
    )  # fmt: skip
    rows = [line["properties"] for line in drawn(result, tmp_path)["features"]]
    names = ("effective", "nominal", "straight", "hours")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("no_station", "no_station", "no_station", [4]),
        ("unusable", "covered", "covered", [4]),
        ("closed", "closed", "closed", [4]),
        ("no_station", "no_station", "no_station", [4]),
        ("no_station", "no_station", "no_station", [5]),
    ]
    assert [row["missed_min"] for row in rows] == [None, None, 10.0, None, None]
    # walks: to the one station, which nobody can use
    assert [row["walk_m"] for row in rows] == [None] * 5
    assert {row["nearest"] for row in rows} == {"S000"}


def test_the_file_names_areas_shifts_and_stations(tmp_path: Path) -> None:
    (west, _), (south, north) = to_degrees([-10, 0], [-900, 900])
    (middle,), _ = to_degrees([1525], [0])
    area = gpd.GeoDataFrame(
        {"name": ["西"]}, geometry=[shapely.box(west, south, middle, north)], crs=4326
    )
    stations = station_at(1000, "24/7").assign(hours_text="全天")
    result = run(
        tmp_path, stations, areas=[area], shifts=["04:00-04:30", "04:00-05:00"], limit_m=3000.0
    )
    document = drawn(result, tmp_path)
    assert document["areas"] == ["西"]
    assert document["shifts"] == ["04:00-04:30", "04:00-05:00"]
    [(code, station)] = document["stations"].items()
    assert (code, station["name"], station["hours_text"]) == ("S000", "S000", "全天")
    assert (station["kind"], station["hours"]) == ("rest_station", "24/7")
    rows = [line["properties"] for line in document["features"]]
    assert [(row["area"], row["shift"]) for row in rows] == [(0, 0), (None, 0), (None, 1)]
    # from where the steps begin that are farthest: at 150, 2,200 and 2,800 m
    assert [row["walk_m"] for row in rows] == pytest.approx([850, 1200, 1800], abs=0.2)


def beat_run(tmp_path: Path, hours: str, shift: str, **options: Any) -> Coverage:  # noqa: ANN401
    """Return a beat of 900 m along the street, a metre per second, with a station 300 m on."""
    lon, lat = to_degrees([0, 900], [0, 0])
    line = shapely.LineString(list(zip(lon.tolist(), lat.tolist(), strict=True)))
    path = tmp_path / "beats.geojson"
    gpd.GeoDataFrame(
        {"shift": [shift], "workers": [3], "route": ["环卫一线"]}, geometry=[line], crs=4326
    ).to_file(path, driver="GeoJSON")
    with read_beats([path]).planned(dt.date(2026, 3, 2)) as beats:
        asked = {"limit_m": 305.0, "drawing": Drawing(), **options}
        return coverage(beats, station_at(300, hours), STREET, **asked)


def test_a_beat_is_drawn_once_with_the_hours_at_which_it_holds(tmp_path: Path) -> None:
    result = beat_run(tmp_path, "Mo-Su 06:00-20:00", "Mo-Tu 04:00-08:00")
    rows = [line["properties"] for line in drawn(result, tmp_path)["features"]]
    assert [(row["effective"], row["hours"]) for row in rows] == [
        ("closed", [4, 5, 28, 29]),
        ("no_station", [4, 5, 6, 7, 28, 29, 30, 31]),
        ("covered", [6, 7, 30, 31]),
    ]
    minutes = [row["minutes"] for row in rows]
    assert sum(minutes) == 3 * 15 * 4 * 8
    assert minutes[0] == minutes[2] == pytest.approx(3 * 16 * 15 * 610 / 900, abs=0.5)
    assert [row["length_m"] for row in rows] == pytest.approx([610, 290, 610], abs=0.1)
    assert [row["workers"] for row in rows] == [3, 3, 3]
    # the fix at 300 m is met 5 minutes after the quarter
    assert rows[0]["missed_min"] == 115.0
    assert rows[0]["missed_by_hour"] == [115.0, 55.0, 115.0, 55.0]
    assert rows[0]["start"] == "2026-03-02T04:00+08:00"
    assert "missed_by_hour" not in rows[1]


def test_the_same_gap_of_a_beat_is_one_of_the_worst_however_often_it_is_walked(
    tmp_path: Path,
) -> None:
    result = beat_run(tmp_path, "Mo-Su 06:00-20:00", "Mo-Tu 04:00-08:00")
    whole, end = result.worst_gaps()
    # before six all of the line is a gap, cut where the cause changes; then only its end
    assert (whole["hours"], whole["passes"], whole["pieces"]) == ([4, 5, 28, 29], 16, 2)
    assert (end["hours"], end["passes"], end["pieces"]) == ([6, 7, 30, 31], 16, 1)
    assert whole["duration_min"] == 16 * 15
    assert end["duration_min"] == pytest.approx(16 * 15 * 290 / 900, abs=0.5)
    assert (whole["length_m"], end["length_m"]) == pytest.approx((900, 290), abs=0.1)
    assert (whole["cause"], end["cause"]) == ("closed", "no_station")
    assert (whole["missed_min"], end["missed_min"]) == (115.0, None)
    assert (whole["start"], whole["end"]) == ("2026-03-02T04:00+08:00", "2026-03-02T04:15+08:00")
    lines = worst_lines(result)
    west, south, east, north = lines[0].bounds  # type: ignore[union-attr]
    assert whole["box"] == pytest.approx([west, south, east, north], abs=1e-6)
    assert (west, east) == pytest.approx(to_degrees([0, 900], [0, 0])[0], abs=1e-6)
    assert lines[0].geom_type == "MultiLineString"  # type: ignore[union-attr]
    assert lines[1].geom_type == "LineString"  # type: ignore[union-attr]


def test_a_place_of_two_causes_has_the_one_that_most_of_its_time_has(tmp_path: Path) -> None:
    result = beat_run(
        tmp_path, "Mo-Su 05:00-20:00", "Mo-Tu 04:00-08:00", limit_m=3000.0, locked=["S000"]
    )
    [gap] = result.worst_gaps()
    assert gap["cause"] == "unusable"
    assert (gap["hours"], gap["passes"]) == ([4, 5, 6, 7, 28, 29, 30, 31], 32)
    assert gap["start"] == "2026-03-02T05:00+08:00"
    assert gap["missed_min"] is None


@pytest.mark.parametrize("max_points", [60_000, 4, 3])
def test_blocks_of_beats_change_no_byte(tmp_path: Path, max_points: int) -> None:
    texts = set()
    for block_fixes in (1, 1000, 500_000):
        result = beat_run(
            tmp_path, "Mo-Su 06:10-20:00", "Mo-Tu 04:00-08:00", block_fixes=block_fixes,
            drawing=Drawing(max_points=max_points),
        )  # fmt: skip
        drawn(result, tmp_path)
        texts.add((tmp_path / "stretches.geojson").read_bytes())
        assert len(result.stretches.drawn.lon) <= max_points  # type: ignore[union-attr]
    assert len(texts) == 1


def test_what_may_not_be_shown_of_a_worst_gap_has_no_box(tmp_path: Path) -> None:
    walk = street_walk([0, 20, 40, 60, 80], [0, 60, 120, 180, 240])
    result = run(tmp_path, station_at(4900), walk, limit_m=200.0)
    [gap] = result.summary()["worst_gaps"]
    assert gap["box"] is None
    assert (gap["hours"], gap["passes"]) == ([4], 1)
    assert worst_lines(result) == [None]


def test_a_worst_gap_of_a_track_shows_nothing_near_the_ends(tmp_path: Path) -> None:
    result = run(tmp_path, station_at(4900), limit_m=200.0)
    [line] = worst_lines(result)
    points = shapely.get_coordinates(line)
    for place in ends_of(LONG):
        assert metres_between(points, place).min() > HIDDEN_M


def ends_of(fixes: pd.DataFrame) -> np.ndarray:
    return fixes[["lon", "lat"]].iloc[[0, -1]].to_numpy()


def metres_between(points: np.ndarray, place: np.ndarray) -> np.ndarray:
    north = (points[:, 1] - place[1]) * 111_000
    east = (points[:, 0] - place[0]) * 111_000 * np.cos(np.radians(place[1]))
    return np.asarray(np.hypot(north, east))


def test_nothing_drawn_or_written_is_near_the_ends_of_the_day(tmp_path: Path) -> None:
    result = run(tmp_path, station_at(4900), limit_m=200.0)
    write_coverage(result, tmp_path)
    drawn(result, tmp_path)
    for name in ("stretches.geojson", "gaps.geojson", "gaps.gpkg"):
        points = shapely.get_coordinates(gpd.read_file(tmp_path / name).geometry.to_numpy())
        assert len(points) >= 2
        for place in ends_of(LONG):
            assert metres_between(points, place).min() > HIDDEN_M


def test_figures_of_gap_lines_stay_where_their_ends_are_hidden(tmp_path: Path) -> None:
    result = run(tmp_path, station_at(4900), limit_m=200.0)
    write_coverage(result, tmp_path)
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
    write_coverage(result, tmp_path)
    for name in ("gaps.geojson", "gaps.gpkg"):
        gaps = gpd.read_file(tmp_path / name)
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
    assert len(few.drawn.lon) <= 30
    assert full.not_drawn == 0
    assert few.not_drawn == full.drawn.passes.sum() - few.drawn.passes.sum() > 0
    assert few.not_drawn_ms == int(full.drawn.ms.sum() - few.drawn.ms.sum())
    for covered in (True, False):
        kept = few.drawn.duration_ms[(few.drawn.effective == 0) == covered]
        every = np.sort(full.drawn.duration_ms[(full.drawn.effective == 0) == covered])[::-1]
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
