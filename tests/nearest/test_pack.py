"""What a phone keeps: the nearest stations, and their hours as minutes of the coming week."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.coords import geodesic_m
from geo.hours import CLOSED, OPEN, UNKNOWN, Timetable, state_at
from geo.nearest.arrival import ZONE
from geo.nearest.pack import PACK_LASTS, make_pack, nearest_in_use

AT = dt.datetime(2026, 9, 29, 14, 5, tzinfo=ZONE)  # a Tuesday; the holidays begin on 1 October
DAY_MIN = 24 * 60
WEEKLY = "Mo-Fr 08:00-20:00; PH off"


def station(**cells: Any) -> dict[str, Any]:  # noqa: ANN401  # cells
    """Return a station open around the clock, some of its cells changed."""
    usual = dict.fromkeys(
        ("status_until", "self_hours", "entry_mode", "self_entry_mode", "needs_phone",
         "amenities", "amenity_hours"), "",
    )  # fmt: skip
    return usual | {"code": "A", "status": "open", "hours": "24/7", "lon": 116.0, "lat": 40} | cells


def state(line: list[int], minute: float) -> int:
    """Return the state of a timeline, read from its head."""
    found = UNKNOWN
    for start, what in zip(line[::2], line[1::2], strict=True):
        if start <= minute:
            found = what
    return found


@pytest.mark.parametrize(
    "hours", ["24/7", WEEKLY, "22:00-06:00", "", "Mo-Fr 08:00-20:00", "Sa 09:00-12:00 unknown"]
)
def test_a_timeline_is_the_hours_minute_by_minute(hours: str) -> None:
    pack = make_pack([station(hours=hours)], at=AT, locked={})
    (line,) = pack.timelines
    for minute in range(0, 7 * DAY_MIN, 7):
        moment = pack.start.replace(tzinfo=None) + dt.timedelta(minutes=minute)
        assert state(line, minute) == state_at(Timetable(hours), moment)
    assert pack.start == dt.datetime(2026, 9, 29, tzinfo=ZONE)
    assert pack.end == AT + PACK_LASTS
    assert state(line, (pack.end - pack.start) / dt.timedelta(minutes=1)) == UNKNOWN


def test_equal_hours_are_kept_once() -> None:
    rows = [station(hours=WEEKLY), station(), station(hours=WEEKLY)]
    pack = make_pack(rows, at=AT, locked={})
    assert [one.times for one in pack.stations] == [0, 1, 0]
    assert len(pack.timelines) == 2
    assert [one.is_always for one in pack.stations] == [False, True, False]


def test_needs_are_met_failed_or_timed() -> None:
    cells = {
        "amenities": "toilet;microwave:broken;seat:no;drinking_water",
        "amenity_hours": "drinking_water: 09:00-18:00",
        "needs_phone": "no",
    }
    pack = make_pack([station(**cells)], at=AT, locked={})
    needs = pack.stations[0].needs
    assert needs["toilet"] == OPEN
    assert (needs["microwave"], needs["seat"]) == (CLOSED, CLOSED)
    assert needs["no_phone"] == OPEN
    assert "wifi" not in needs  # nobody knows
    timed = needs["drinking_water"]
    assert isinstance(timed, list)
    line = pack.timelines[timed[0]]
    assert [state(line, 60 * hour) for hour in (8, 9, 18)] == [CLOSED, OPEN, CLOSED]


def test_whether_a_phone_is_needed_may_hang_on_the_hour() -> None:
    cells = {
        "hours": "08:00-20:00", "entry_mode": "attended", "needs_phone": "no",
        "self_hours": "20:00-22:00", "self_entry_mode": "qr",
    }  # fmt: skip
    pack = make_pack([station(**cells)], at=AT, locked={})
    timed = pack.stations[0].needs["no_phone"]
    assert isinstance(timed, list)
    line = pack.timelines[timed[0]]
    assert [state(line, 60 * hour) for hour in (9, 21, 23)] == [OPEN, CLOSED, UNKNOWN]


def test_a_closure_and_a_lock_end_at_their_minutes() -> None:
    back = station(status="temporarily_closed", status_until="2026-09-30T00:00+08:00")
    last = AT - dt.timedelta(hours=2)
    locked = {"B": (last, last + dt.timedelta(hours=72))}
    pack = make_pack([back, station(code="B")], at=AT, locked=locked)
    assert [one.from_min for one in pack.stations] == [DAY_MIN, 0]
    twelve = 12 * 60 + 5
    assert pack.stations[1].locked_min == (twelve, twelve + 3 * DAY_MIN)


def test_the_nearest_that_count_within_the_week_come_first() -> None:
    random = np.random.default_rng(4)
    places = random.uniform((115, 39), (117, 41), (300, 2))
    frame = pd.DataFrame(
        {"lon": places[:, 0], "lat": places[:, 1], "status": "open", "status_until": ""}
    )
    frame.loc[::3, "status"] = "planned"
    frame.loc[1::3, ["status", "status_until"]] = "temporarily_closed", "2026-10-01T00:00+08:00"
    frame.loc[1, "status_until"] = "2026-10-09T00:00+08:00"
    rows = nearest_in_use(frame, 116.0, 40.0, at=AT, limit=20)
    metres = geodesic_m(116.0, 40.0, places[:, 0], places[:, 1])
    counted = [row for row in range(300) if row % 3 and row != 1]
    assert rows.tolist() == sorted(counted, key=lambda row: float(metres[row]))[:20]
