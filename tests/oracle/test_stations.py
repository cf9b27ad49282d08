"""The oracle's stations: counted, usable, open, and how much their hours miss."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.oracle.grid import WEDNESDAY_NOON
from tests.oracle.stations import (
    CELLS,
    LOCAL,
    Conditions,
    Station,
    hour_of_week,
    missed_min,
    read_stations,
    to_local,
)
from tests.shared_data import SHARED, needs_shared_data

BANK = "Mo-Fr 09:00-17:00; Sa,Su 09:30-15:30"
POST = "Mo-Fr 08:30-17:30; Sa 09:00-16:00; PH off"
LIBRARY = "Mo-Su 08:00-22:00"


def station(code: str = "S", **cells: str) -> Station:
    """Return a station that is in use."""
    return Station(code, (116.3, 40.0), dict.fromkeys(CELLS, "") | {"status": "open"} | cells)


def local(text: str) -> datetime:
    """Return an aware moment of local time."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("text", "moment", "expected"),
    [
        ("24/7", "2008-11-05 03:00", "open"),
        ("", "2008-11-05 12:00", "unknown"),
        (BANK, "2008-11-07 08:59:59", "closed"),
        (BANK, "2008-11-07 09:00", "open"),
        (BANK, "2008-11-07 17:00", "closed"),
        (BANK, "2008-11-08 09:29:59", "closed"),
        (BANK, "2008-11-09 15:29:59", "open"),
        (BANK, "2008-11-09 15:30", "closed"),
        (POST, "2008-11-07 08:30", "open"),
        (POST, "2008-11-08 08:30", "closed"),
        (POST, "2008-11-08 15:59", "open"),
        (POST, "2008-11-09 12:00", "closed"),
        (POST, "2008-10-01 12:00", "closed"),  # National Day, a Wednesday
        (BANK, "2008-10-01 12:00", "unknown"),
        (LIBRARY, "2008-11-09 21:59", "open"),
        (LIBRARY, "2008-11-09 22:00", "closed"),
    ],
)
def test_state_on_the_stations_clock(text: str, moment: str, expected: str) -> None:
    assert station(hours=text).state(to_local(local(moment))) == expected


def test_self_service_opens_the_night() -> None:
    both = station(hours="09:00-17:00", self_hours="17:00-09:00")
    assert both.state(datetime.fromisoformat("2026-03-02 03:00")) == "open"


def test_hour_of_week_is_local() -> None:
    assert hour_of_week(local("2008-11-03 00:00")) == 0
    assert hour_of_week(local("2008-11-02 23:59")) == 167
    assert hour_of_week(WEDNESDAY_NOON) == 2 * 24 + 12


@needs_shared_data
def test_hours_of_the_stand_ins_are_known() -> None:
    for stand_in in read_stations(SHARED / "beijing-haidian" / "stations_standin.csv"):
        assert stand_in.state(to_local(WEDNESDAY_NOON)) in {"open", "closed"}


@pytest.mark.parametrize(
    ("status", "until", "as_of", "counts"),
    [
        ("open", "", None, True),
        ("closed", "", None, False),
        ("planned", "", "2026-03-02", False),
        ("temporarily_closed", "", "2026-03-02", False),
        ("temporarily_closed", "2026-03-02T00:00:00+08:00", None, False),
        ("temporarily_closed", "2026-03-02T00:00:00+08:00", "2026-03-01 23:59", False),
        ("temporarily_closed", "2026-03-02T00:00:00+08:00", "2026-03-02", True),
    ],
)
def test_counted(status: str, until: str, as_of: str | None, *, counts: bool) -> None:
    paused = station(status=status, status_until=until)
    assert paused.is_counted(local(as_of) if as_of else None) is counts


@pytest.mark.parametrize(
    ("verified_on", "as_of", "is_unverified"),
    [
        ("2026-01-01", "2026-06-30 00:00", False),  # exactly 180 days
        ("2026-01-01", "2026-06-30 00:01", True),
        ("", "2026-06-30", False),
        ("2000-01-01", None, False),
        ("2026-12-31", "2026-06-30", False),
    ],
)
def test_unverified(verified_on: str, as_of: str | None, *, is_unverified: bool) -> None:
    conditions = Conditions(local(as_of) if as_of else None)
    assert conditions.is_unverified(station(verified_on=verified_on)) is is_unverified


def test_evidence_given_goes_before_that_of_the_file() -> None:
    seen = station(verified_on="2026-06-01")
    old = Conditions(local("2026-06-30"), evidence={"S": local("2025-01-01")})
    assert old.is_unverified(seen)
    assert Conditions(local("2026-06-30"), evidence={}).evidence_of(seen) is None


@pytest.mark.parametrize(
    ("cells", "usable"),
    [
        ({"amenities": "toilet"}, None),  # nobody said anything of the entry
        ({"amenities": "toilet", "entry_mode": "open_door"}, True),
        ({"amenities": "toilet", "entry_mode": "qr;guard"}, True),
        ({"amenities": "toilet", "entry_mode": "qr"}, False),
        ({"amenities": "toilet", "needs_phone": "no"}, True),
        ({"amenities": "toilet:no", "needs_phone": "no"}, False),
        ({"amenities": "toilet:broken"}, False),  # fails, whatever the entry
        ({"amenities": "seat", "needs_phone": "no"}, None),
        ({"amenities": "seat", "needs_phone": "yes"}, False),
        (
            {"amenities": "toilet", "amenity_hours": "toilet: 08:00-20:00", "needs_phone": "no"},
            True,
        ),
        (
            {"amenities": "toilet", "amenity_hours": "toilet: 13:00-20:00", "needs_phone": "no"},
            False,
        ),
    ],
)
def test_needs_at_noon(cells: dict[str, str], *, usable: bool | None) -> None:
    conditions = Conditions(needs=("toilet",), no_phone=True)
    asked = station(hours="24/7", **cells)
    assert conditions.needs_met(asked, datetime.fromisoformat("2026-03-02 12:00")) is usable


@pytest.mark.parametrize(("hour", "usable"), [("12:00", True), ("20:00", False)])
def test_entry_is_that_of_the_timetable_that_lets_in(hour: str, *, usable: bool) -> None:
    cells = {"hours": "09:00-17:00", "self_hours": "17:00-09:00"}
    entry = {"entry_mode": "open_door", "self_entry_mode": "qr"}
    moment = datetime.fromisoformat(f"2026-03-02 {hour}")
    assert Conditions(no_phone=True).needs_met(station(**cells, **entry), moment) is usable


def test_locked_is_out_and_no_need_asks_nothing() -> None:
    assert Conditions(locked=frozenset("S")).is_out(station())
    assert not Conditions(locked=frozenset("T")).is_out(station())
    assert Conditions().needs_met(station(), datetime.fromisoformat("2026-03-02 12:00")) is True


@pytest.mark.parametrize(
    ("at", "minutes"),
    [
        ("2026-03-02 18:00", 60),  # closed at 17:00
        ("2026-03-03 08:30:30", 29.5),  # opens at 09:00
        ("2026-03-02 17:00", 0),
        ("2026-03-07 12:00", 19 * 60),  # Saturday; since Friday 17:00
    ],
)
def test_missed_minutes(at: str, minutes: float) -> None:
    assert missed_min(station(hours="Mo-Fr 09:00-17:00"), local(at)) == minutes


def test_nothing_is_missed_at_a_door_that_never_opens() -> None:
    shut = station(hours="24/7 off")
    assert missed_min(shut, local("2026-03-02 12:00")) is None
