"""The states of a station on arrival, in the order in which definitions.md tests them."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.hours import Timetable
from geo.nearest.arrival import judge_arrival

DAY = "Mo-Su 09:00-17:00"
RING = 'Mo-Su 09:00-12:00, Mo-Su 12:00-13:00 unknown "ring"'
LATER = 'Mo-Su 09:00-09:10 unknown "ring", Mo-Su 09:10-17:00'
PAUSE = "Mo-Su 09:00-12:00,12:10-17:00"
LONG_PAUSE = "Mo-Su 09:00-12:00,13:00-17:00"
BLINK = "Mo-Su 09:00-12:00,12:01-17:00"
OFFICE = "Mo-Fr 09:00-17:00"


def moment(text: str) -> dt.datetime:
    """Return a local moment; without a date it is on Monday 2 March 2026."""
    full = text if "-" in text else f"2026-03-02T{text}"
    return dt.datetime.fromisoformat(f"{full}+08:00")


@pytest.mark.parametrize(
    ("hours", "now", "arrive", "state"),
    [
        ("", "10:00", "10:10", "unknown"),
        (RING, "12:05", "12:10", "unknown"),
        (RING, "11:50", "11:57", "unknown"),  # open at arrival, unknown 3 min later
        (RING, "11:50", "11:58:30", "unknown"),
        (RING, "11:50", "11:56:59", "open"),
        ("24/7", "10:00", "10:10", "open"),
        (DAY, "08:50", "09:00", "open"),  # the opening minute
        (DAY, "10:00", "16:56", "open"),
        (DAY, "10:00", "16:56:59", "open"),
        (DAY, "16:00", "16:57", "closes_before_arrival"),  # shut at arrival + 3 min
        (DAY, "16:00", "16:58", "closes_before_arrival"),
        (DAY, "16:00", "17:00", "closes_before_arrival"),  # the closing minute
        (DAY, "16:59", "20:00", "closes_before_arrival"),
        (DAY, "17:00", "17:05", "closed"),  # closed now
        (DAY, "08:30", "08:44:59", "closed"),
        (DAY, "08:30", "08:45", "opens_soon"),  # opens 15 min after arrival
        (DAY, "08:30", "08:59:30", "opens_soon"),
        (DAY, "20:00", "08:00", "closed"),
        (PAUSE, "11:30", "11:58", "opens_soon"),  # shuts during the stay, opens in 12 min
        (PAUSE, "11:30", "12:00", "opens_soon"),  # though it is open now
        (BLINK, "11:30", "11:59", "opens_soon"),
        (BLINK, "11:30", "12:00:30", "opens_soon"),
        (LONG_PAUSE, "11:30", "12:00", "closes_before_arrival"),
        (LATER, "08:00", "08:54", "closed"),  # not known to be open within 15 min
        (LATER, "08:00", "08:55", "opens_soon"),
        (OFFICE, "2026-10-02T10:00", "2026-10-02T10:05", "unknown"),  # National Day
        (OFFICE, "2026-09-30T16:50", "2026-10-01T00:00", "unknown"),
        ("24/7", "2026-09-30T23:50", "2026-09-30T23:58", "open"),
    ],
)
def test_state_on_arrival(hours: str, now: str, arrive: str, state: str) -> None:
    start = moment(now)
    end = moment(arrive)
    end = end if end >= start else end + dt.timedelta(days=1)
    assert judge_arrival(hours, start, end).state == state


def test_one_who_is_there_already_is_judged_now() -> None:
    assert judge_arrival(DAY, moment("10:00"), moment("10:00")).state == "open"


def test_hours_are_judged_on_the_stations_clock() -> None:
    utc = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)  # 09:00 there
    assert judge_arrival(DAY, utc, utc).state == "open"


def test_times_are_given_on_the_stations_clock() -> None:
    utc = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
    arrival = judge_arrival(DAY, utc, utc)
    assert arrival.arrive_at.isoformat() == "2026-03-02T10:00:00+08:00"
    assert arrival.closes_at is not None
    assert arrival.closes_at.isoformat() == "2026-03-02T17:00:00+08:00"


@pytest.mark.parametrize(
    ("hours", "arrive", "opens", "closes"),
    [
        (DAY, "10:00", None, "17:00"),
        (DAY, "08:50", "09:00", None),
        (DAY, "17:00", "2026-03-03T09:00", None),  # tomorrow
        (OFFICE, "2026-03-06T17:00", "2026-03-09T09:00", None),  # after the weekend
        (PAUSE, "11:58", "12:10", "12:00"),  # opens soon, though still open
        (LONG_PAUSE, "11:58", None, "12:00"),
        ("24/7", "10:00", None, None),
        ("", "10:00", None, None),
        ("2026 Mar 20-25 09:00-17:00", "10:00", None, None),  # more than 8 days away
        (RING, "12:30", "2026-03-03T09:00", None),
    ],
)
def test_opening_and_closing_after_arrival(
    hours: str, arrive: str, opens: str | None, closes: str | None
) -> None:
    arrival = judge_arrival(hours, moment(arrive), moment(arrive))
    expected = (opens and moment(opens), closes and moment(closes))
    assert (arrival.opens_at, arrival.closes_at) == expected


def test_hours_that_cannot_be_read_are_unknown() -> None:
    assert judge_arrival("daily", moment("10:00"), moment("10:00")).state == "unknown"


def test_a_lock_goes_before_all_hours() -> None:
    found = judge_arrival(DAY, moment("10:00"), moment("10:10"), is_locked=True)
    assert (found.state, found.closes_at) == ("reported_locked", moment("17:00"))


def test_two_timetables_are_judged_together() -> None:
    both = Timetable("Mo-Fr 09:00-17:00", "Mo-Su 17:00-22:00")
    found = judge_arrival(both, moment("16:00"), moment("16:58"))
    assert (found.state, found.closes_at) == ("open", moment("22:00"))
