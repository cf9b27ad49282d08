"""Needs at the moment of getting in: the way in by timetable, amenities with hours of their own."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.nearest.needs import NO_PHONE, Entry, phone_needed, shut_amenities, unknown_needs
from geo.stations.schema import FIELD_NAMES

NOON = dt.datetime(2026, 3, 2, 12)  # noqa: DTZ001 - local; a Monday
NIGHT = dt.datetime(2026, 3, 2, 23)  # noqa: DTZ001
EMPTY = dict.fromkeys(FIELD_NAMES, "")
BOTH = {**EMPTY, "hours": "Mo-Su 09:00-17:00", "self_hours": "Mo-Su 17:00-09:00"}


@pytest.mark.parametrize(
    ("mode", "stated", "needed"),
    [
        ("", "", ""),
        ("", "yes", "yes"),
        ("qr", "", "yes"),
        ("app;qr", "", "yes"),
        ("qr;id_card", "", "no"),
        ("open_door", "", "no"),
        ("qr", "no", "no"),
        ("open_door", "yes", "yes"),
    ],
)
def test_a_phone_is_needed_as_stated_else_if_nothing_else_will_do(
    mode: str, stated: str, needed: str
) -> None:
    assert phone_needed({**EMPTY, "entry_mode": mode, "needs_phone": stated}) == needed


@pytest.mark.parametrize(
    ("mode", "self_mode", "stated", "at_noon", "at_night", "at_any_time"),
    [
        ("open_door", "qr", "", "no", "yes", ""),
        ("qr", "id_card", "", "yes", "no", ""),
        ("open_door", "id_card", "", "no", "no", "no"),
        ("open_door", "", "", "no", "", ""),
        ("open_door", "", "no", "no", "no", "no"),
        ("open_door", "qr", "no", "no", "yes", ""),  # what is known of the night goes before
    ],
)
def test_one_gets_in_by_the_timetable_of_the_hour(  # noqa: PLR0917 - a table
    mode: str, self_mode: str, stated: str, at_noon: str, at_night: str, at_any_time: str
) -> None:
    cells = {**BOTH, "entry_mode": mode, "self_entry_mode": self_mode, "needs_phone": stated}
    found = [phone_needed(cells, at) for at in (NOON, NIGHT, None)]
    assert found == [at_noon, at_night, at_any_time]


def test_ways_in_are_those_of_the_hour() -> None:
    entry = Entry.of({**BOTH, "entry_mode": "open_door", "self_entry_mode": "id_card;qr"})
    assert entry.modes(NOON) == ("open_door",)
    assert entry.modes(NIGHT) == ("id_card", "qr")
    assert [entry.is_by_itself(at) for at in (NOON, NIGHT)] == [False, True]


def test_of_a_station_that_is_shut_all_ways_in_are_told() -> None:
    cells = {**BOTH, "self_hours": "Mo-Su 17:00-20:00", "self_entry_mode": "qr"}
    entry = Entry.of({**cells, "entry_mode": "open_door"})
    assert entry.modes(NIGHT) == ("open_door", "qr")


@pytest.mark.parametrize(
    ("amenities", "hours", "at", "unknown"),
    [
        ("toilet", "", NOON, ()),
        ("toilet", "toilet: 08:00-20:00", NOON, ()),
        ("toilet", "toilet: 08:00-20:00", NIGHT, None),
        ("toilet", "toilet: 08:00-20:00", None, ()),
        ("toilet", 'toilet: "ask"', NOON, ("toilet",)),
        ("toilet", "wifi: 08:00-09:00", NOON, ()),
        ("toilet:broken", "toilet: 08:00-20:00", NOON, None),
        ("", "toilet: 08:00-20:00", NOON, ("toilet",)),
    ],
)
def test_an_amenity_is_there_in_its_own_hours(
    amenities: str, hours: str, at: dt.datetime | None, unknown: tuple[str, ...] | None
) -> None:
    cells = {**EMPTY, "amenities": amenities, "amenity_hours": hours}
    assert unknown_needs(cells, ["toilet"], at=at) == unknown


def test_what_nobody_has_verified_is_told_in_order_no_phone_last() -> None:
    assert unknown_needs(EMPTY, ["wifi", "toilet"], no_phone=True) == ("wifi", "toilet", NO_PHONE)


def test_amenities_known_shut_are_told() -> None:
    cell = 'shower: 08:00-20:00 | toilet: 24/7 | wifi: "ask"'
    assert shut_amenities(cell, NIGHT) == {"shower"}
