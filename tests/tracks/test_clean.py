"""Order, cleaning, trips and lengths on tracks that a reader can add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from geo.coords import geodesic_m
from geo.tracks import read_tracks
from tests.tracks.build import all_steps, steps_of, write_csv

if TYPE_CHECKING:
    from pathlib import Path


def at(minute: float, *, lon: float = 116.3, lat: float = 39.9, who: str = "a,r") -> str:
    seconds = round(minute * 60)
    clock = f"{8 + seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{who},{lon},{lat},2024-05-01 {clock}"


def test_a_hole_of_exactly_20_minutes_stays_in_the_trip(tmp_path: Path) -> None:
    steps = steps_of(write_csv(tmp_path / "t.csv", [at(0), at(20)]))
    assert steps.duration_ms.tolist() == [20 * 60_000, 0]


def test_a_longer_hole_ends_the_trip(tmp_path: Path) -> None:
    steps = steps_of(write_csv(tmp_path / "t.csv", [at(0), at(1), at(21 + 1 / 60), at(22)]))
    assert steps.duration_ms.tolist() == [60_000, 0, 59_000, 0]
    assert len(np.unique(steps.trip)) == 2


def test_a_step_belongs_to_the_route_of_its_first_fix_and_a_trip_goes_on(tmp_path: Path) -> None:
    rows = [at(0), at(1), at(2, who="a,s"), at(3, who="a,s")]
    steps = steps_of(write_csv(tmp_path / "t.csv", rows))
    assert steps.duration_ms.tolist() == [60_000, 60_000, 60_000, 0]
    assert steps.route.tolist() == [1, 1, 2, 2]


def test_without_a_column_of_workers_each_route_is_a_worker(tmp_path: Path) -> None:
    rows = [f"{name},{116.3 + far},39.9,{1_772_395_200 + minute * 60}" for minute in (0, 1)
            for name, far in (("a", 0.0), ("b", 0.5))]  # fmt: skip
    path = write_csv(tmp_path / "t.csv", rows, header="route,lon,lat,time")
    with read_tracks([path]) as tracks:
        assert (tracks.workers, tracks.routes) == (2, 2)
        assert tracks.dropped["impossible_speed"] == 0


def test_lengths_are_geodesics_in_millimetres_and_standing_is_zero(tmp_path: Path) -> None:
    rows = [at(0), at(1, lon=116.301), at(2, lon=116.30101), at(3, lon=116.302)]
    steps = steps_of(write_csv(tmp_path / "t.csv", rows))
    expected = np.rint(geodesic_m(116.3, 39.9, 116.301, 39.9) * 1000)
    assert steps.length_mm[0] == expected
    assert steps.length_mm[1] == 0
    assert steps.length_mm[3] == 0


def test_of_equal_times_the_first_counts(tmp_path: Path) -> None:
    rows = [at(0), at(1, lon=116.3001), at(1, lon=116.3002), at(2)]
    with read_tracks([write_csv(tmp_path / "t.csv", rows)]) as tracks:
        assert all_steps(tracks).lon.tolist() == [116.3, 116.3001, 116.3]
        assert tracks.dropped["duplicate_time"] == 1


def test_equal_times_of_two_workers_are_no_duplicates(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [at(0), at(0, who="b,r")])
    with read_tracks([path]) as tracks:
        assert tracks.dropped["duplicate_time"] == 0
        assert tracks.workers == 2


def test_fixes_that_jump_away_are_dropped_until_the_worker_is_back(tmp_path: Path) -> None:
    rows = [at(0), at(1, lon=117), at(2, lon=117.0001), at(3, lon=116.3001), at(4)]
    with read_tracks([write_csv(tmp_path / "t.csv", rows)]) as tracks:
        steps = all_steps(tracks)
        assert steps.lon.tolist() == [116.3, 116.3001, 116.3]
        assert steps.duration_ms.tolist() == [3 * 60_000, 60_000, 0]
        assert tracks.dropped["impossible_speed"] == 2


def test_the_speed_is_tested_across_a_hole(tmp_path: Path) -> None:
    rows = [at(0), at(21, lon=117), at(22)]  # 60 km in 21 min
    with read_tracks([write_csv(tmp_path / "t.csv", rows)]) as tracks:
        assert tracks.dropped["impossible_speed"] == 1


def test_holes_are_measured_between_good_fixes(tmp_path: Path) -> None:
    rows = [at(0), at(11, lon=118), at(21)]
    steps = steps_of(write_csv(tmp_path / "t.csv", rows))
    assert steps.duration_ms.tolist() == [0, 0]


def test_times_going_backwards_are_put_in_order(tmp_path: Path) -> None:
    steps = steps_of(write_csv(tmp_path / "t.csv", [at(2), at(1), at(0)]))
    assert steps.duration_ms.tolist() == [60_000, 60_000, 0]


def test_a_track_of_one_point_has_no_step(tmp_path: Path) -> None:
    steps = steps_of(write_csv(tmp_path / "t.csv", [at(0)]))
    assert steps.duration_ms.tolist() == [0]
    assert steps.length_mm.tolist() == [0]


def test_a_trip_belongs_to_the_local_day_it_starts_on(tmp_path: Path) -> None:
    rows = ["a,r,116.3,39.9,2024-04-30T15:59:00Z", "a,r,116.3,39.9,2024-04-30T16:01:00Z"]
    steps = steps_of(write_csv(tmp_path / "t.csv", rows))  # 23:59 and 00:01 in Shanghai
    day = int(np.datetime64("2024-04-30").astype(int))
    assert steps.day.tolist() == [day, day]


def test_numbers_follow_the_texts_not_the_input(tmp_path: Path) -> None:
    rows = [at(0, who="b,y"), at(0, who="a,z"), at(1, who="b,x")]
    steps = steps_of(write_csv(tmp_path / "t.csv", rows))
    assert steps.worker.tolist() == [1, 2, 2]
    assert steps.route.tolist() == [1, 3, 2]


def test_a_long_foreign_stretch_is_walked_to_its_end(tmp_path: Path) -> None:
    away = [at(i / 60, lon=130, lat=45) for i in range(1, 600)]
    with read_tracks([write_csv(tmp_path / "t.csv", [at(0), *away, at(11)])]) as tracks:
        assert len(all_steps(tracks)) == 2
        assert tracks.dropped["impossible_speed"] == 599


def test_steps_are_cut_by_slices(tmp_path: Path) -> None:
    steps = steps_of(write_csv(tmp_path / "t.csv", [at(0), at(1), at(2)]))
    assert len(steps[1:3]) == 2
    assert steps[1:3].t_ms.tolist() == steps.t_ms[1:3].tolist()


@pytest.mark.parametrize("last_s", [29, 31])
def test_the_limit_of_speed_is_120_kmh(tmp_path: Path, last_s: int) -> None:
    lat = 39.9 + 1000 / 111_030.6  # about 1 km north: 30 s at 120 km/h
    rows = [at(0), at(last_s / 60, lat=lat)]
    with read_tracks([write_csv(tmp_path / "t.csv", rows)]) as tracks:
        assert tracks.dropped["impossible_speed"] == (last_s < 30)
