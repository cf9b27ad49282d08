"""Coverage on the days of the national calendar, by two timetables, and around closures."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo.coverage import coverage
from geo.tracks import read_tracks
from tests.networks import network_of, stations_at, to_degrees
from tests.walks import street_walk, write_walks

if TYPE_CHECKING:
    from pathlib import Path

STREET = network_of([(0, 0), (2000, 0)], [(0, 1)])
EAST_LON, EAST_LAT = (values.tolist() for values in to_degrees([500], [0]))
NAMES = ("covered", "unknown", "unusable", "closed", "no_station", "off_network")
PH_OFF = "Mo-Fr 09:00-17:00; PH off"
PLAIN = "Mo-Fr 09:00-17:00"
EVERY_DAY = "09:00-17:00"


def walk_at(moment: str) -> pd.DataFrame:
    """Return ten minutes of a walk that begins at a local moment."""
    walk = street_walk([0, 200, 400, 600, 800], [0, 150, 300, 450, 600])
    start = pd.Timestamp(moment, tz="Asia/Shanghai")
    times = [start + pd.Timedelta(seconds=second) for second in (0, 150, 300, 450, 600)]
    return walk.assign(time=[time.isoformat() for time in times])


def class_of(tmp_path: Path, moment: str, as_of: str = "", **cells: str) -> str:
    """Return the one class that all of a walk belongs to."""
    path = write_walks(walk_at(moment), tmp_path / "walk.csv")
    when = dt.datetime.fromisoformat(f"{as_of}+08:00") if as_of else None
    with read_tracks([path]) as tracks:
        found = coverage(tracks, stations_at(EAST_LON, EAST_LAT, **cells), STREET, as_of=when)
    [name] = [name for name, ms in zip(NAMES, found.tally.total.ms[0], strict=True) if ms]
    return name


@pytest.mark.parametrize(
    ("moment", "ph_off", "plain", "every_day"),
    [
        ("2026-10-02T10:00", "closed", "unknown", "covered"),  # National Day, a Friday
        ("2026-02-18T10:00", "closed", "unknown", "covered"),  # Spring Festival, a Wednesday
        ("2026-10-10T10:00", "covered", "unknown", "covered"),  # a Saturday worked
        ("2026-10-10T06:00", "closed", "unknown", "closed"),
        ("2026-10-11T10:00", "closed", "closed", "covered"),  # a plain Sunday
        ("2026-10-12T10:00", "covered", "covered", "covered"),  # a plain Monday
        ("2027-01-01T10:00", "unknown", "unknown", "covered"),  # not published
    ],
)
def test_special_days_have_the_class_that_their_text_gives(
    tmp_path: Path, moment: str, ph_off: str, plain: str, every_day: str
) -> None:
    texts = (PH_OFF, PLAIN, EVERY_DAY)
    assert [class_of(tmp_path, moment, hours=text) for text in texts] == [ph_off, plain, every_day]


def test_a_station_that_keeps_itself_open_at_night_covers_the_night(tmp_path: Path) -> None:
    cells = {"hours": "09:00-17:00", "self_hours": "17:00-09:00"}
    assert class_of(tmp_path, "2026-03-02T04:00", **cells) == "covered"
    assert class_of(tmp_path, "2026-03-02T04:00", hours="09:00-17:00") == "closed"


@pytest.mark.parametrize(
    ("as_of", "found"),
    [("2026-03-01T23:59", "no_station"), ("2026-03-02T00:00", "covered"), ("", "no_station")],
)
def test_a_temporary_closure_is_over_as_of_its_end(tmp_path: Path, as_of: str, found: str) -> None:
    cells = {"status": "temporarily_closed", "status_until": "2026-03-02T00:00:00+08:00"}
    assert class_of(tmp_path, "2026-03-05T10:00", as_of=as_of, **cells) == found
