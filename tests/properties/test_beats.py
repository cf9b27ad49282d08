"""Beats: the steps of a beat are those of a person who walks the whole line in each slot."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.coords import GEOD, geodesic_m
from geo.tracks import read_tracks
from geo.tracks.lengths import is_slow
from tests.tracks.beats_build import beats_of, feature, steps_of
from tests.tracks.build import all_steps, write_csv

MONDAY_MS = 1_794_153_600_000  # 2026-11-09 00:00 in Asia/Shanghai
SHIFTS = {  # quarters of an hour since Monday 00:00
    "Mo 04:00-05:00": [16, 17, 18, 19],
    "Tu 23:30-00:30": [190, 191, 192, 193],
    "Mo,We 07:50-08:20": [32, 33, 224, 225],
}


@st.composite
def courses(draw: st.DrawFn) -> list[list[float]]:
    """Draw a line of a few sides, 300 m to 6 km: less than 120 km/h, more than 0.3 m/s mostly."""
    corners = [[draw(st.floats(116.2, 116.4)), draw(st.floats(39.9, 40.1))]]
    for _ in range(draw(st.integers(1, 4))):
        azimuth, metres = draw(st.floats(0, 360)), draw(st.floats(300, 1500))
        lon, lat, _ = GEOD.fwd(corners[-1][0], corners[-1][1], azimuth, metres)
        corners.append([float(lon), float(lat)])
    return corners


def walk_rows(course: list[list[float]], quarters: list[int]) -> list[str]:
    """Return the timed walk of each slot, literally: a person per slot, a fix every 10 m."""
    sides = [GEOD.inv(start[0], start[1], end[0], end[1])[::2] for start, end in pairwise(course)]
    length_mm = round(sum(metres for _, metres in sides) * 1000)  # 300 m may be 300.00000000000003
    count = math.ceil(length_mm / 10_000)
    places = [position(course, sides, 10.0 * i) for i in range(count)] + [tuple(course[-1])]
    return [
        f"{quarter:03d},r,{lon!r},{lat!r},{MONDAY_MS + quarter * 900_000 + ms}"
        for quarter in quarters
        for i, (lon, lat) in enumerate(places)
        for ms in [round(i * 900_000 / count)]
    ]


def position(
    course: list[list[float]], sides: list[tuple[float, float]], at: float
) -> tuple[float, float]:
    """Return where one is after ``at`` metres: one side after the other."""
    for corner, (azimuth, metres) in zip(course, sides, strict=False):
        if at < metres:
            lon, lat, _ = GEOD.fwd(corner[0], corner[1], azimuth, at)
            return float(lon), float(lat)
        at -= metres
    return course[-1][0], course[-1][1]


@given(course=courses(), shift=st.sampled_from(sorted(SHIFTS)), workers=st.integers(1, 9))
def test_a_beat_is_the_timed_walk_of_each_slot(
    course: list[list[float]], shift: str, workers: int
) -> None:
    with TemporaryDirectory() as folder:
        beat = steps_of(beats_of(Path(folder), feature(course, shift=shift, workers=workers)))
        rows = walk_rows(course, SHIFTS[shift])
        with read_tracks([write_csv(Path(folder) / "walk.csv", rows)]) as tracks:
            assert set(tracks.dropped.values()) == {0}
            walk = all_steps(tracks)
    assert len(walk) == len(beat)
    assert np.array_equal(walk.t_ms, beat.t_ms)
    assert np.array_equal(walk.duration_ms, beat.duration_ms)
    assert np.array_equal(walk.day, beat.day)
    assert np.array_equal(np.diff(walk.trip) != 0, np.diff(beat.trip) != 0)
    assert geodesic_m(walk.lon, walk.lat, beat.lon, beat.lat).max() < 1e-6
    metres = beat.length_mm / 1000.0
    expected = np.where(is_slow(metres, beat.duration_ms), 0, beat.length_mm)
    assert np.abs(walk.length_mm - expected).max() <= 1  # where 1e-9 degrees cross half of one
    assert (beat.workers == workers).all()
