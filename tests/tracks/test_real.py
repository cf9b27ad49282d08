"""The real tracks of ../shared/data."""

from __future__ import annotations

import numpy as np
import pytest

from geo.errors import EmptyTracksError
from geo.tracks import read_tracks
from tests.shared_data import SHARED, needs_shared_data
from tests.tracks.build import all_steps


@needs_shared_data
def test_haidian_tracks_add_up() -> None:
    with read_tracks([SHARED / "beijing-haidian" / "tracks.csv.gz"], tz="UTC") as tracks:
        steps = all_steps(tracks)
        assert (tracks.workers, tracks.fixes, tracks.zone_assumed) == (1, 30_635, False)
        assert len(steps) + sum(tracks.dropped.values()) == tracks.fixes
    assert tracks.dropped["impossible_speed"] == 47
    assert len(np.unique(steps.trip)) == 84
    ends = np.flatnonzero(np.diff(steps.trip, append=-1))
    starts = np.append(0, ends[:-1] + 1)
    assert steps.duration_ms.sum() == (steps.t_ms[ends] - steps.t_ms[starts]).sum()
    assert 28.3 < steps.duration_ms.sum() / 3.6e6 < 28.5


@needs_shared_data
def test_times_without_a_year_give_one_clear_error() -> None:
    mapped = {
        "time": "pickup_gps_time",
        "lon": "pickup_gps_lng",
        "lat": "pickup_gps_lat",
        "worker": "courier_id",
    }
    with pytest.raises(EmptyTracksError, match=r"pickup_gps_time '05-01 .*' has no year.*2024"):
        read_tracks([SHARED / "lade" / "pickups.csv.gz"], columns=mapped)
