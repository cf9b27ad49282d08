"""Positions are kept as they stand in the files, and converted when steps are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from geo.coords import DATUMS, to_wgs84
from geo.errors import InvalidDatumError
from geo.tracks import read_tracks
from tests.tracks.build import all_steps, same_bits, steps_of, write_csv

if TYPE_CHECKING:
    from pathlib import Path

FIXES = [
    f"a,r,{116.3 + n / 1e5:.5f},39.9,2024-05-01 08:{n // 60:02d}:{n % 60:02d}" for n in range(600)
]


@pytest.mark.parametrize("datum", DATUMS)
def test_a_datum_said_late_gives_the_bits_of_one_said_at_once(tmp_path: Path, datum: str) -> None:
    path = write_csv(tmp_path / "t.csv", FIXES)
    with read_tracks([path], datum="gcj02") as tracks:
        other = tracks.in_datum(datum)
        assert (other.datum, tracks.datum) == (datum, "gcj02")
        assert same_bits(all_steps(other), steps_of(path, datum=datum))
        assert same_bits(all_steps(tracks), steps_of(path, datum="gcj02"))


def test_fixes_are_dropped_in_the_datum_they_are_in(tmp_path: Path) -> None:
    jump = [*FIXES[:10], "a,r,116.9,39.9,2024-05-01 08:00:10"]
    with read_tracks([write_csv(tmp_path / "t.csv", jump)]) as tracks:
        assert tracks.dropped["impossible_speed"] == 1
        assert tracks.in_datum("bd09").dropped["impossible_speed"] == 1


def test_an_unknown_datum_is_refused(tmp_path: Path) -> None:
    with read_tracks([write_csv(tmp_path / "t.csv")]) as tracks, pytest.raises(InvalidDatumError):
        tracks.in_datum("wgs48")


def test_a_sample_of_few_is_all_as_they_stand(tmp_path: Path) -> None:
    with read_tracks([write_csv(tmp_path / "t.csv", FIXES)], datum="gcj02") as tracks:
        sample = tracks.sample(600)
    assert len(sample) == 600
    assert sample.lon[0] == 116.3
    assert sample.lon[0] != to_wgs84([116.3], [39.9], "gcj02")[0][0]


def test_a_sample_is_about_as_large_as_asked_and_of_no_order(tmp_path: Path) -> None:
    path, other = tmp_path / "t.csv", tmp_path / "u.csv"
    write_csv(path, FIXES)
    write_csv(other, FIXES[::-1])
    with read_tracks([path]) as one, read_tracks([other], max_rows_in_memory=0) as two:
        first, second = one.sample(200), two.sample(200)
    assert 140 < len(first) < 260
    assert np.array_equal(first.lon, second.lon)
    assert np.array_equal(first.lat, second.lat)
    assert first.lon.max() - first.lon.min() > 0.004  # spread over all
