"""Beats: points every 10 m in each quarter of the shift, on lines whose length a reader knows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from geo.coords import GEOD, geodesic_m
from geo.errors import EmptyTracksError, InvalidOptionError
from geo.tracks import beats as beats_module
from geo.tracks import plain_week, read_beats, read_tracks
from tests.tracks.beats_build import (
    PLAIN,
    beats_of,
    clock,
    feature,
    joined,
    line_east,
    steps_of,
    write_beats,
)
from tests.tracks.build import same_bits, write_csv

DEMO = Path(__file__).resolve().parents[2] / "data/demo/beats.geojson"
HOUR = "Mo 04:00-05:00"  # four slots


def test_points_are_every_10_m_and_the_last_step_ends_at_the_end(tmp_path: Path) -> None:
    line = line_east(25)
    steps = steps_of(beats_of(tmp_path, feature(line, shift=HOUR)))
    assert len(steps) == 4 * (3 + 1)
    assert steps.length_mm[:4].tolist() == [10_000, 10_000, 5_000, 0]
    assert steps.duration_ms[:4].tolist() == [300_000, 300_000, 300_000, 0]
    assert [steps.lon[0], steps.lat[0]] == line[0]
    assert [steps.lon[3], steps.lat[3]] == line[1]
    assert clock(steps.t_ms[::4]) == ["Mon 04:00", "Mon 04:15", "Mon 04:30", "Mon 04:45"]
    assert np.unique(np.diff(steps.t_ms[:4])).tolist() == [300_000]


@pytest.mark.parametrize(("metres", "points"), [(0.4, 1), (10, 1), (10.001, 2), (100, 10)])
def test_a_length_is_whole_millimetres(tmp_path: Path, metres: float, points: int) -> None:
    steps = steps_of(beats_of(tmp_path, feature(line_east(metres), shift=HOUR)))
    assert len(steps) == 4 * (points + 1)


def test_the_way_between_points_is_10_m_also_round_corners(tmp_path: Path) -> None:
    corner = line_east(25)
    corner.append(list(GEOD.fwd(corner[1][0], corner[1][1], 0.0, 25.0)[:2]))
    steps = steps_of(beats_of(tmp_path, feature(corner, shift=HOUR)))[:6]
    ways = geodesic_m(steps.lon[2:4], steps.lat[2:4], *corner[1])
    assert ways == pytest.approx([5, 5], abs=1e-6)
    assert steps.length_mm[2] == round(float(np.hypot(5, 5)) * 1000)
    assert steps.duration_ms.sum() == 900_000


def test_spacing_is_exact_over_kilometres(tmp_path: Path) -> None:
    steps = steps_of(beats_of(tmp_path, feature(line_east(12_345), shift=HOUR)))[:1235]
    metres = geodesic_m(steps.lon[:-1], steps.lat[:-1], steps.lon[1:], steps.lat[1:])
    assert np.abs(metres[:-1] - 10).max() < 1e-6
    assert steps.length_mm[:1234].tolist() == [10_000] * 1234
    assert len(np.unique(steps.trip)) == 1


def test_a_slot_is_a_quarter_of_an_hour_whatever_the_number_of_points(tmp_path: Path) -> None:
    line = line_east(6_995)  # 700 points do not divide 900,000 ms
    steps = steps_of(beats_of(tmp_path, feature(line, shift=HOUR)))
    trips, first = np.unique(steps.trip, return_index=True)
    assert len(trips) == 4
    assert np.add.reduceat(steps.duration_ms, first).tolist() == [900_000] * 4
    assert np.add.reduceat(steps.length_mm, first).tolist() == [6_995_000] * 4
    assert set(steps.duration_ms.tolist()) == {0, 1285, 1286}


def test_corners_given_twice_are_one(tmp_path: Path) -> None:
    start, end = line_east(95)
    once, twice = (
        steps_of(beats_of(tmp_path, feature(line, shift=HOUR)))
        for line in ([start, end], [start, start, end, end])
    )
    assert same_bits(once, twice)


def test_parts_of_a_line_share_the_slot_by_length_with_nothing_between(tmp_path: Path) -> None:
    near, far = line_east(20), line_east(40, lat=40.1)
    steps = steps_of(beats_of(tmp_path, feature(near, far, shift="Mo 04:00-04:15")))
    assert steps.duration_ms.tolist() == [150_000, 150_000, 0, *[150_000] * 4, 0]
    assert steps.length_mm.tolist() == [10_000, 10_000, 0, *[10_000] * 4, 0]
    assert (np.diff(steps.trip) != 0).tolist() == [False, False, True, *[False] * 4]
    assert steps.t_ms[2] == steps.t_ms[3]
    assert steps.lat[2:4].round(3).tolist() == [40.0, 40.1]


def test_workers_and_shift_are_columns_and_multiply_nothing(tmp_path: Path) -> None:
    one = feature(line_east(20), route="a", shift="Tu 08:00-09:00", workers=1)
    many = feature(line_east(20), route="b", shift=HOUR, workers=12)
    beats = beats_of(tmp_path, many, one)
    steps = steps_of(beats)
    assert beats.shifts == (HOUR, "Tu 08:00-09:00")
    assert (beats.workers, beats.routes) == (13, 2)
    assert steps.worker.tolist() == steps.route.tolist() == [1] * 12 + [2] * 12
    assert steps.workers.tolist() == [1] * 12 + [12] * 12
    assert steps.shift.tolist() == [1] * 12 + [0] * 12
    assert steps.duration_ms[:12].tolist() == steps.duration_ms[12:].tolist()


def test_trips_are_unique_and_rise_and_days_are_local(tmp_path: Path) -> None:
    night = feature(line_east(20), line_east(20, lat=40.1), route="a", shift="22:00-06:00")
    steps = steps_of(beats_of(tmp_path, night, feature(line_east(20), route="b", shift=HOUR)))
    starts = np.flatnonzero(np.diff(steps.trip, prepend=-1))
    assert (np.diff(steps.trip) >= 0).all()
    assert len(starts) == 7 * 8 * 4 * 2 + 4
    assert (steps.trip >> 32 == steps.worker).all()
    monday = (PLAIN - dt.date(1970, 1, 1)).days
    assert np.unique(steps.day).tolist() == [monday + ahead for ahead in range(7)]
    start_of = np.repeat(steps.t_ms[starts], np.diff(np.append(starts, len(steps))))
    assert (steps.day == (start_of + 8 * 3_600_000) // 86_400_000).all()


def test_the_order_of_files_and_lines_changes_nothing(tmp_path: Path) -> None:
    features = [
        feature(line_east(500 + 7 * n), route=f"r{n % 3}", name=f"n{n % 2}", shift=HOUR, workers=n)
        for n in range(1, 7)
    ]
    whole = steps_of(beats_of(tmp_path, *features))
    halves = [
        write_beats(tmp_path / "first.geojson", *features[:2]),
        write_beats(tmp_path / "second.geojson", *reversed(features[2:])),
    ]
    for paths in (halves, halves[::-1]):
        assert same_bits(whole, steps_of(read_beats(paths)))


def test_parts_are_whole_beats_or_whole_slots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats = beats_of(
        tmp_path,
        *(feature(line_east(100), route=f"{n}", shift=HOUR) for n in range(5)),
        feature(line_east(400), route="9", shift=HOUR),
    ).planned(PLAIN)
    whole = joined(list(beats.parts()))
    monkeypatch.setattr(beats_module, "_ROWS_PER_PART", 100)
    parts = list(beats.parts())
    assert [len(part) for part in parts] == [88, 88, 44, 82, 82]
    assert same_bits(joined(parts), whole)
    monkeypatch.setattr(beats_module, "_ROWS_PER_PART", 5)  # less than a slot
    parts = list(beats.parts())
    assert {len(np.unique(part.trip)) for part in parts} == {1}
    assert same_bits(joined(parts), whole)


def test_without_a_week_there_are_no_times(tmp_path: Path) -> None:
    beats = beats_of(tmp_path, feature(line_east(20), shift=HOUR))
    assert (beats.fixes, beats.monday) == (0, None)
    with pytest.raises(InvalidOptionError, match="before a week is chosen"):
        beats.parts()


def test_planning_leaves_the_beats_as_they_were(tmp_path: Path) -> None:
    beats = beats_of(tmp_path, feature(line_east(20), shift=HOUR))
    planned = beats.planned(PLAIN)
    assert (beats.fixes, planned.fixes, planned.monday) == (0, 8, PLAIN)
    assert planned.planned(PLAIN).fixes == 8
    with pytest.raises(InvalidOptionError, match="no Monday"):
        beats.planned(dt.date(2026, 11, 10))


def test_a_shift_without_hours_in_the_week_is_said_and_counts_nothing(tmp_path: Path) -> None:
    idle = feature(line_east(20), shift="2025 Jan 08:00-12:00")
    beats = beats_of(tmp_path, idle, feature(line_east(20), shift=HOUR)).planned(PLAIN)
    (note,) = beats.notes
    assert note.startswith("the shift 2025 Jan 08:00-12:00 has no quarter of an hour in the week")
    assert note.endswith("of 2026-11-09: its 1 line counts nothing")
    assert np.unique(steps_of(beats).worker).tolist() == [2]
    with pytest.raises(EmptyTracksError, match="no shift has a quarter of an hour") as caught:
        beats_of(tmp_path, idle).planned(PLAIN)
    assert caught.value.code == "no_hours"


def test_beats_have_the_face_of_tracks(tmp_path: Path) -> None:
    with beats_of(tmp_path, feature(line_east(20), shift=HOUR)) as beats:
        assert (beats.zone, beats.zone_assumed, beats.datum) == ("Asia/Shanghai", False, "wgs84")
        assert (beats.files, beats.skipped, beats.examples) == (("beats.geojson",), (), ())
        assert set(beats.dropped.values()) == {0}
        assert len(beats.dropped) == 4


def test_tracks_are_one_worker_each_and_of_no_shift(tmp_path: Path) -> None:
    with read_tracks([write_csv(tmp_path / "t.csv")]) as tracks:
        assert tracks.shifts == ()
        (steps,) = tracks.parts()
    assert steps.workers.strides == steps.shift.strides == (0,)  # no memory
    assert (steps[1:].workers.tolist(), steps[1:].shift.tolist()) == ([1, 1], [-1, -1])


def test_the_demo_has_24_beats_in_3_shifts() -> None:
    with read_beats([DEMO]) as beats:
        assert (beats.routes, beats.workers, len(beats.shifts)) == (24, 24, 3)
        planned = beats.planned(plain_week(dt.date(2026, 11, 15)))
    parts = list(planned.parts())
    assert sum(int(part.duration_ms.sum()) for part in parts) == 1337 * 3_600_000
    assert sum(len(part) for part in parts) == planned.fixes + 1337 * 4
    assert max(map(len, parts)) <= 1_000_000
    last = [int(part.worker[-1]) for part in parts]
    assert [int(part.worker[0]) for part in parts] == [1, *(number + 1 for number in last[:-1])]
