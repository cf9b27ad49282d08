"""Coverage on a street whose figures a reader can add up."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.coverage import Coverage, coverage, write_coverage
from geo.coverage.write import gaps_frame
from geo.errors import EmptyTracksError, InvalidOptionError, OutsideNetworkError
from geo.tracks import read_tracks
from tests.networks import network_of, stations_at, to_degrees
from tests.walks import street_walk, write_walks

if TYPE_CHECKING:
    from pathlib import Path

STREET = network_of([(0, 0), (2000, 0)], [(0, 1)])
EAST_LON, EAST_LAT = (values.tolist() for values in to_degrees([1800], [0]))
WALK = street_walk([0, 200, 400, 600, 800], [0, 150, 300, 450, 600])  # 10 minutes from 04:00


def run(
    tmp_path: Path,
    stations: gpd.GeoDataFrame,
    fixes: pd.DataFrame = WALK,
    **options: float | dt.datetime | list[gpd.GeoDataFrame],
) -> Coverage:
    path = write_walks(fixes, tmp_path / "walk.csv")
    with read_tracks([path]) as tracks:
        return coverage(tracks, stations, STREET, **options)


def test_time_and_length_are_those_of_the_steps(tmp_path: Path) -> None:
    summary = run(tmp_path, stations_at(EAST_LON, EAST_LAT)).summary()
    assert summary["duration_min"] == 10.0
    assert summary["length_m"] == pytest.approx(800, abs=0.01)


def test_a_step_belongs_to_its_first_fix(tmp_path: Path) -> None:
    # the station at 1,800 m is within 1,300 m of the fixes at 600 m (and 800 m: no step left)
    nominal = run(tmp_path, stations_at(EAST_LON, EAST_LAT), limit_m=1300.0).summary()["nominal"]
    assert nominal["share_time"] == pytest.approx(0.25)


def test_walk_equal_to_the_limit_is_covered(tmp_path: Path) -> None:
    stations = stations_at(WALK["lon"][:1], WALK["lat"][:1])
    result = run(tmp_path, stations, WALK.iloc[:2], limit_m=1e-6)
    assert result.summary()["nominal"]["share_time"] == 1.0


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("24/7", "covered"),
        ("04:00-04:11", "covered"),
        ("", "unknown"),
        ('"ask inside"', "unknown"),
        ("05:00-20:00", "closed"),
        ("Tu-Su 00:00-24:00", "closed"),
        ("22:00-04:00", "closed"),  # shut at its closing minute
        ("22:00-06:00", "covered"),
    ],
)
def test_class_by_hours(tmp_path: Path, hours: str, expected: str) -> None:
    result = run(tmp_path, stations_at(EAST_LON, EAST_LAT, hours=hours), limit_m=2000.0)
    names = ("covered", "unknown", "unusable", "closed", "no_station", "off_network")
    assert result.tally.total.ms[0].tolist() == [600_000 * (name == expected) for name in names]


def test_hours_are_judged_at_the_time_of_each_fix(tmp_path: Path) -> None:
    stations = stations_at(EAST_LON, EAST_LAT, hours="04:05-20:00")
    summary = run(tmp_path, stations, limit_m=2000.0).summary()
    assert summary["by_cause"]["closed"]["min"] == 5.0  # two steps of 2.5 minutes
    assert summary["nominal"]["share_time"] == 0.5


def test_an_unknown_station_goes_before_a_shut_one_and_after_an_open_one(tmp_path: Path) -> None:
    three = stations_at(EAST_LON * 3, EAST_LAT * 3, hours=["24/7", "", "10:00-11:00"])
    for rows, share in (([0, 1, 2], "share_time"), ([1, 2], "unknown_share_time")):
        stations = three.iloc[rows]
        assert run(tmp_path, stations, limit_m=2000.0).summary()["nominal"][share] == 1.0


@pytest.mark.parametrize("status", ["planned", "temporarily_closed", "closed", "built_not_open"])
def test_only_stations_whose_status_is_open_count(tmp_path: Path, status: str) -> None:
    stations = stations_at(EAST_LON, EAST_LAT, status=status)
    summary = run(tmp_path, stations, limit_m=2000.0).summary()
    assert summary["by_cause"]["no_station"]["min"] == 10.0


def test_off_network_is_named_only_where_nothing_is_in_reach(tmp_path: Path) -> None:
    beside = street_walk([1800, 1800, 0, 0], [0, 60, 4000, 4060], y_m=120.0)
    summary = run(tmp_path, stations_at(EAST_LON, EAST_LAT), beside, limit_m=500.0).summary()
    assert summary["nominal"]["share_time"] == 0.5  # 120 m x 1.3
    assert summary["by_cause"]["off_network"]["min"] == 1.0
    assert summary["off_network_share"] == 1.0


def test_without_stations_everything_is_a_gap(tmp_path: Path) -> None:
    result = run(tmp_path, stations_at([], []))
    summary = result.summary()
    assert summary["nominal"]["share_time"] == 0.0
    assert summary["by_cause"]["no_station"]["min"] == 10.0
    assert summary["by_limit_min"] == {"5": 0.0, "10": 0.0, "15": 0.0, "20": 0.0, "over": 1.0}
    [gap] = gaps_frame(result).to_dict("records")
    assert gap["nearest_code"] == ""
    assert np.isnan(gap["worst_walk_m"])


def test_limits_in_minutes_are_walks_at_4_km_an_hour(tmp_path: Path) -> None:
    # walks from the four steps: 1,800, 1,600, 1,400 and 1,200 m; 20 minutes are 1,333 m
    summary = run(tmp_path, stations_at(EAST_LON, EAST_LAT)).summary()
    assert summary["by_limit_min"] == {"5": 0.0, "10": 0.0, "15": 0.0, "20": 0.25, "over": 0.75}


def test_a_gap_line_says_where_when_how_long_and_who_is_nearest(tmp_path: Path) -> None:
    stations = stations_at(EAST_LON, EAST_LAT, hours="05:00-20:00")
    [gap] = gaps_frame(run(tmp_path, stations, limit_m=1500.0)).iloc[[1]].to_dict("records")
    assert gap["cause"] == "closed"
    assert gap["nearest_code"] == "S000"
    assert gap["nearest_hours"] == "05:00-20:00"
    assert gap["duration_min"] == 5.0
    assert gap["length_m"] == pytest.approx(400, abs=0.01)
    assert gap["start"] == "2026-03-02T04:00+08:00"  # 04:05 and 04:10, to the quarter hour
    assert gap["end"] == "2026-03-02T04:15+08:00"
    assert gap["geometry"].length > 0


def test_a_gap_that_cannot_be_drawn_near_a_door_is_told_without_a_place(tmp_path: Path) -> None:
    stations = stations_at(EAST_LON, EAST_LAT, hours="05:00-20:00")
    door = street_walk([0, 80, 160], [0, 60, 120])
    result = run(tmp_path, stations, door, limit_m=2000.0)
    [gap] = gaps_frame(result).to_dict("records")
    [worst] = result.summary()["worst_gaps"]
    assert (gap["geometry"], worst["box"]) == (None, None)
    for row in (gap, worst):
        assert (row["cause"], row["duration_min"]) == ("closed", 2.0)
        assert row["length_m"] == pytest.approx(160, abs=0.01)
        assert pd.isna(row["worst_walk_m"])
        assert pd.isna(row["missed_min"])
        assert row["nearest_code"] == row["nearest_hours"] == ""
    assert gap["nearest_self_hours"] == ""
    write_coverage(result, tmp_path)
    for name in ("gaps.geojson", "gaps.gpkg", "summary.json"):
        assert b"S000" not in (tmp_path / name).read_bytes()


def test_gap_lines_are_cut_where_the_cause_changes(tmp_path: Path) -> None:
    stations = stations_at(EAST_LON, EAST_LAT, hours="05:00-20:00")
    causes = gaps_frame(run(tmp_path, stations, limit_m=1500.0))["cause"].tolist()
    assert causes == ["no_station", "closed"]


def halves() -> gpd.GeoDataFrame:
    """Return two areas that meet at 500 m along the street."""
    (west, middle, east), (south, _, north) = to_degrees([-50, 500, 5000], [-500, 0, 500])
    boxes = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    return gpd.GeoDataFrame({"name": ["西街", "东街"]}, geometry=boxes, crs=4326)


def test_gap_lines_are_cut_where_the_area_changes(tmp_path: Path) -> None:
    frame = gaps_frame(run(tmp_path, stations_at([], []), areas=[halves()]))
    assert frame["area"].tolist() == ["西街", "东街"]
    assert frame["duration_min"].tolist() == [7.5, 2.5]


def test_areas_add_up_to_the_whole_and_no_area_is_counted_as_such(tmp_path: Path) -> None:
    only_east = halves().iloc[[1]].reset_index(drop=True)
    rows = run(tmp_path, stations_at([], []), areas=[only_east]).summary()["by_area"]
    assert {row["area"]: row["demand_min"] for row in rows} == {"东街": 2.5, None: 7.5}


def test_hour_of_the_week_is_local(tmp_path: Path) -> None:
    hours = run(tmp_path, stations_at(EAST_LON, EAST_LAT)).summary()["by_hour_of_week"]
    assert [place for place, figures in enumerate(hours) if figures] == [4]  # Monday 04:00


def test_naive_times_are_read_in_shanghai_and_said_so(tmp_path: Path) -> None:
    naive = WALK.assign(time=[f"2026-03-02 04:{minute:02d}:00" for minute in range(5)])
    summary = run(tmp_path, stations_at(EAST_LON, EAST_LAT), naive).summary()
    assert summary["tz"] == {"zone": "Asia/Shanghai", "assumed": True, "local": "Asia/Shanghai"}
    assert summary["by_hour_of_week"][4] is not None


@pytest.mark.parametrize("limit_m", [0.0, -5.0, float("nan"), float("inf"), 1e14])
def test_a_limit_that_is_no_distance_is_refused(tmp_path: Path, limit_m: float) -> None:
    with pytest.raises(InvalidOptionError, match="limit_m"):
        run(tmp_path, stations_at(EAST_LON, EAST_LAT), limit_m=limit_m)


def test_tracks_entirely_outside_the_network_are_refused(tmp_path: Path) -> None:
    far = WALK.assign(lon=WALK["lon"] + 5.0)
    with pytest.raises(OutsideNetworkError, match="right city"):
        run(tmp_path, stations_at(EAST_LON, EAST_LAT), far)


def test_a_track_of_one_point_has_nothing_to_measure(tmp_path: Path) -> None:
    with pytest.raises(EmptyTracksError, match=r"walk\.csv"):
        run(tmp_path, stations_at(EAST_LON, EAST_LAT), WALK.iloc[:1])


def test_fixes_outside_the_network_are_counted(tmp_path: Path) -> None:
    mixed = pd.concat(
        [WALK, street_walk([90_000, 90_100], [9000, 9100]).assign(worker="far")], ignore_index=True
    )
    summary = run(tmp_path, stations_at(EAST_LON, EAST_LAT), mixed).summary()
    assert summary["outside_fixes"] == 2
    assert summary["workers"] == 2


def test_a_station_of_another_city_is_named_and_changes_no_figure(tmp_path: Path) -> None:
    near, both = stations_at(EAST_LON, EAST_LAT), stations_at([*EAST_LON, 122.5], [*EAST_LAT, 30.1])
    summary = run(tmp_path, both).summary()
    assert summary["outside_stations"] == ["S001"]
    assert summary["nominal"] == run(tmp_path, near).summary()["nominal"]


def test_standing_still_has_time_and_no_length(tmp_path: Path) -> None:
    summary = run(
        tmp_path, stations_at([], []), street_walk([100, 100, 100], [0, 60, 120])
    ).summary()
    assert summary["duration_min"] == 2.0
    assert summary["nominal"]["share_length"] is None


def test_as_of_is_the_latest_date_of_the_station_data_unless_given(tmp_path: Path) -> None:
    stations = stations_at(EAST_LON * 2, EAST_LAT * 2)
    stations["verified_on"] = ["2026-01-05", "2026-02-01"]
    assert run(tmp_path, stations).summary()["as_of"] == "2026-02-01T00:00:00+08:00"
    moment = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
    assert run(tmp_path, stations, as_of=moment).summary()["as_of"] == "2026-03-01T16:00:00+08:00"


def test_files_are_written_and_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    result = run(tmp_path, stations_at([], []), areas=[halves()])
    written = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        written.append([path.read_bytes() for path in write_coverage(result, tmp_path / name)])
    assert written[0] == written[1]


def test_files_hold_what_the_summary_says(tmp_path: Path) -> None:
    write_coverage(run(tmp_path, stations_at([], []), areas=[halves()]), tmp_path)
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    for name in ("gaps.geojson", "gaps.gpkg"):
        gaps = gpd.read_file(tmp_path / name)
        assert gaps["duration_min"].sum() == pytest.approx(summary["duration_min"])
        assert gaps.crs.to_epsg() == 4326
        assert gaps["area"].tolist() == ["西街", "东街"]
    areas = pd.read_csv(tmp_path / "by_area.csv", encoding="utf-8-sig")
    assert areas["no_station_min"].tolist() == [7.5, 2.5]
    hours = pd.read_csv(tmp_path / "by_hour.csv", encoding="utf-8-sig")
    assert hours[["weekday", "hour", "demand_min"]].to_numpy().tolist() == [["Mo", 4, 10.0]]


def test_time_on_no_area_has_a_row_without_a_name(tmp_path: Path) -> None:
    only_east = halves().iloc[[1]].reset_index(drop=True)
    write_coverage(run(tmp_path, stations_at([], []), areas=[only_east]), tmp_path)
    areas = pd.read_csv(tmp_path / "by_area.csv", encoding="utf-8-sig", keep_default_na=False)
    assert areas[["area", "demand_min"]].to_numpy().tolist() == [["东街", 2.5], ["", 7.5]]


def test_without_gaps_the_files_are_valid_and_empty(tmp_path: Path) -> None:
    write_coverage(run(tmp_path, stations_at(EAST_LON, EAST_LAT), limit_m=3000.0), tmp_path)
    for name in ("gaps.geojson", "gaps.gpkg"):
        assert len(gpd.read_file(tmp_path / name)) == 0


def test_an_area_name_cannot_become_a_formula(tmp_path: Path) -> None:
    areas = halves().assign(name=["=1+1", "@x"])
    write_coverage(run(tmp_path, stations_at([], []), areas=[areas]), tmp_path)
    text = (tmp_path / "by_area.csv").read_text(encoding="utf-8-sig")
    assert ",'=1+1," in text
    assert ",'@x," in text


def test_layers_carry_the_names_they_were_given(tmp_path: Path) -> None:
    result = run(tmp_path, stations_at([], []), areas=[halves(), halves()[:1]],
                 area_names=["街道", "区"])  # fmt: skip
    summary = result.summary()
    assert summary["kind"] == "tracks"
    rows = [(row["layer"], row["layer_name"], row["area"]) for row in summary["by_area"]]
    assert rows == [
        (1, "街道", "西街"), (1, "街道", "东街"), (2, "区", "西街"), (2, "区", None),
    ]  # fmt: skip
    unnamed = run(tmp_path, stations_at([], []), areas=[halves()]).summary()
    assert all("layer_name" not in row for row in unnamed["by_area"])


def test_as_many_names_as_layers_or_none(tmp_path: Path) -> None:
    with pytest.raises(InvalidOptionError, match=r"2 names .* 1 layers"):
        run(tmp_path, stations_at([], []), areas=[halves()], area_names=["街道", "区"])
