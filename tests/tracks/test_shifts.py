"""Shifts: texts read or refused, the week they stand for, its quarters of an hour."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from geo.errors import InvalidHoursError, InvalidOptionError
from geo.hours.calendar import day_kind
from geo.tracks import plain_week, read_shift
from geo.tracks.shifts import shift_slots
from tests.tracks.beats_build import PLAIN, clock


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        (" Mo-Fr 04:00-11:00\n", "Mo-Fr 04:00-11:00"),
        ("22:00-06:00", "22:00-06:00"),
        ("每天早上4点到11点", "04:00-11:00"),
        ("每天22:00-次日6:00", "22:00-06:00"),
    ],
)
def test_osm_texts_stay_and_words_that_are_understood_are_read(text: str, osm: str) -> None:
    assert read_shift(text) == osm


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("Mo-Fr 4-11", 7, "did you mean Mo-Fr 04:00-11:00?"),
        ("早班", 1, "this is not understood: 早班"),
        ("周一至周五 8:30-18:30，下雨除外", 1, "not understood"),
        (" ", 1, "without hours"),
        ("08:00-09:00," * 99, 1, "longer than 1,000 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, position: int, said: str) -> None:
    with pytest.raises(InvalidHoursError, match=r"^b\.geojson, line 2: ") as caught:
        read_shift(text, source="b.geojson, line 2")
    assert caught.value.position == position
    assert said in str(caught.value)


def test_a_plain_week_is_the_dates_own() -> None:
    assert plain_week(dt.date(2026, 11, 15)) == PLAIN
    assert plain_week(PLAIN) == PLAIN


def test_a_week_with_holidays_or_worked_days_moves_back() -> None:
    # 1 October: a holiday; the week before: Mid-autumn; before that: Sunday the 20th is worked
    assert plain_week(dt.date(2026, 10, 1)) == dt.date(2026, 9, 7)
    assert day_kind(dt.date(2026, 9, 20)) == "worked"


def test_in_a_year_without_a_calendar_days_that_may_be_holidays_count_as_such() -> None:
    monday = plain_week(dt.date(2040, 10, 4))
    assert monday < dt.date(2040, 10, 1)
    assert all(day_kind(monday + dt.timedelta(days=ahead)) == "plain" for ahead in range(7))


@pytest.mark.parametrize("date", [dt.date(1, 1, 3), dt.date(1979, 12, 31), dt.date(9999, 12, 31)])
def test_a_week_of_no_tracks_is_refused(date: dt.date) -> None:
    with pytest.raises(InvalidOptionError, match="1980 to 2099"):
        plain_week(date)


def test_a_year_of_holidays_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.tracks.shifts.day_kind", lambda _: "holiday")
    with pytest.raises(InvalidOptionError, match="no week of the two years up to 2026-11-09"):
        plain_week(PLAIN)


def test_slots_begin_on_quarters_within_the_shift() -> None:
    slots = shift_slots(["Tu 04:10-05:00"], PLAIN)[0].start_ms
    assert clock(slots) == ["Tue 04:15", "Tue 04:30", "Tue 04:45"]


def test_a_shift_past_midnight_belongs_to_the_week_it_is_on() -> None:
    slots = shift_slots(["22:00-06:00"], PLAIN)[0].start_ms
    assert len(slots) == 7 * 8 * 4
    assert clock(slots[[0, 23, 24, -1]]) == ["Mon 00:00", "Mon 05:45", "Mon 22:00", "Sun 23:45"]
    slots = shift_slots(["Su 23:30-00:30"], PLAIN)[0].start_ms
    assert clock(slots) == ["Mon 00:00", "Mon 00:15", "Sun 23:30", "Sun 23:45"]


def test_all_hours_are_the_whole_week() -> None:
    slots = shift_slots(["24/7"], PLAIN)[0].start_ms
    assert len(slots) == 672
    assert np.unique(np.diff(slots)).tolist() == [900_000]


def test_a_named_week_with_holidays_follows_the_calendar() -> None:
    texts = ["Mo-Su 08:00-09:00", "Mo-Su 08:00-09:00; PH off", "Mo-Fr 08:00-09:00"]
    on, off, bare = shift_slots(texts, dt.date(2026, 9, 28))
    assert (len(on.start_ms), on.unknown) == (7 * 4, 0)
    assert (len(off.start_ms), off.unknown) == (3 * 4, 0)  # National Day is on Thursday
    assert len(bare.start_ms) == 3 * 4
    assert bare.unknown >= 4 * 4  # of holidays it says nothing


def test_only_known_hours_are_a_shift() -> None:
    agreed, off = shift_slots(['"by agreement"', "off"], PLAIN)
    assert (len(agreed.start_ms), agreed.unknown) == (0, 672)
    assert (len(off.start_ms), off.unknown) == (0, 0)


def test_a_week_begins_on_monday() -> None:
    with pytest.raises(InvalidOptionError, match=r"2026-11-11 is no Monday.* 2026-11-09"):
        shift_slots(["24/7"], dt.date(2026, 11, 11))
