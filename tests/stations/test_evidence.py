"""``reported_locked``, sentence by sentence, and the evidence date of workers."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.hours import CLOSED, OPEN, UNKNOWN
from geo.stations.evidence import (
    NO_LOCK,
    Lock,
    Report,
    drop_bursts,
    find_locked,
    find_locks,
    last_evidence,
)

START = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)


def hours(number: float) -> dt.datetime:
    """Return the moment so many hours after the start."""
    return START + dt.timedelta(hours=number)


def told(script: str, code: str = "A") -> list[Report]:
    """Return reports written as ``0 a locked, 1.5 b open``: hours, device, state."""
    parts = [part.split() for part in script.split(",") if part.strip()]
    return [
        Report(code, device, state, hours(float(hour)), id=str(place))
        for place, (hour, device, state) in enumerate(parts)
    ]


def always(_code: str, _at: dt.datetime) -> int:
    return OPEN


def is_locked(script: str, at: float) -> bool:
    return find_locked(told(script), at=hours(at), hours_of=always) == {"A"}


@pytest.mark.parametrize(
    ("script", "at", "locked"),
    [
        # two devices within 24 h
        ("", 1, False),
        ("0 a locked", 1, False),
        ("0 a locked, 0.5 a locked, 0.7 a locked", 1, False),
        ("0 a locked, 0 b locked", 0, True),
        ("0 a locked, 1 b locked", 0.9, False),
        ("0 a locked, 1 b locked", 1, True),
        ("0 a locked, 24 b locked", 24, True),
        ("0 a locked, 24.001 b locked", 25, False),
        ("0 a locked, 23 a locked, 40 b locked", 40, True),
        ("0 a locked, 30 b locked, 60 c locked", 60, False),
        # "open" from a device that did not say so
        ("0 a locked, 1 b locked, 2 c open", 2, False),
        ("0 a locked, 1 b locked, 2 c open", 1.9, True),
        ("0 a locked, 1 c open, 2 b locked", 2, False),
        ("0 c open, 1 a locked, 2 b locked", 2, True),
        ("0 a locked, 1 b locked, 2 c open, 3 d locked", 3, False),
        ("0 a locked, 1 b locked, 2 c open, 3 a locked", 3, False),
        ("0 a locked, 1 b locked, 2 c open, 3 a locked, 4 d locked", 4, True),
        ("0 a locked, 1 a open, 2 b locked", 2, True),
        ("0 a locked, 25 b locked, 26 a open, 27 c locked", 27, False),  # a is too long ago
        # two "open"
        ("0 a locked, 1 b locked, 2 a open", 2, True),
        ("0 a locked, 1 b locked, 2 a open, 3 a open", 3, True),
        ("0 a locked, 1 b locked, 2 a open, 3 b open", 3, False),
        ("0 a locked, 1 a open, 2 b locked, 3 b open", 3, True),
        ("0 a locked, 1 b locked, 2 a open, 3 c locked, 4 b open", 4, False),
        ("0 a locked, 1 a open, 30 b locked, 31 b open, 32 c locked", 32, True),
        # 72 h after the last "locked"
        ("0 a locked, 1 b locked", 72.999, True),
        ("0 a locked, 1 b locked", 73, False),
        ("0 a locked, 1 b locked, 60 a locked", 131.9, True),
        ("0 a locked, 1 b locked, 60 c locked", 132, False),
        ("0 a locked, 1 b locked, 80 c locked", 80, False),
        ("0 a locked, 1 b locked, 80 c locked, 81 d locked", 81, True),
        # "gone" hides nothing and contradicts nothing
        ("0 a gone, 1 b gone, 2 c gone", 3, False),
        ("0 a locked, 1 b gone", 2, False),
        ("0 a locked, 1 b locked, 2 c gone", 3, True),
    ],
)
def test_a_station_is_reported_locked(script: str, at: float, *, locked: bool) -> None:
    assert is_locked(script, at) is locked


def test_the_order_in_which_reports_come_is_of_no_matter() -> None:
    reports = told("0 a locked, 1 c open, 2 b locked, 3 d locked")
    found = find_locks(reports, at=hours(4), hours_of=always)
    assert find_locks(reports[::-1], at=hours(4), hours_of=always) == found
    assert found["A"] == Lock(is_locked=True, needs_check=False, devices=2, last_at=hours(3))


@pytest.mark.parametrize(("state", "locked"), [(OPEN, True), (UNKNOWN, True), (CLOSED, False)])
def test_only_inside_posted_or_unknown_hours(state: int, *, locked: bool) -> None:
    reports = told("0 a locked, 1 b locked")

    def closes(_code: str, at: dt.datetime) -> int:
        return OPEN if at < hours(0.5) else state

    assert bool(find_locked(reports, at=hours(2), hours_of=closes)) is locked


def test_hours_are_asked_for_the_time_of_each_report() -> None:
    asked = []

    def note(code: str, at: dt.datetime) -> int:
        asked.append((code, at))
        return OPEN

    find_locked(told("0 a locked, 1 b locked, 2 c open"), at=hours(9), hours_of=note)
    assert asked == [("A", hours(0)), ("A", hours(1))]


def test_it_ends_by_staff_and_begins_anew_after() -> None:
    reports = told("0 a locked, 1 b locked, 3 c locked, 4 d locked")

    def locked(at: float, verified: float) -> bool:
        staff = {"A": hours(verified), "B": hours(99)}
        return bool(find_locked(reports, at=hours(at), hours_of=always, staff_verified=staff))

    assert locked(2, verified=2) is False
    assert locked(2, verified=2.5) is True  # not yet verified then
    assert locked(3, verified=2) is False
    assert locked(4, verified=2) is True
    assert locked(2, verified=1) is False  # seen up to that moment
    assert locked(2, verified=-5) is True


def test_a_lock_that_ran_out_needs_a_check_until_somebody_is_inside() -> None:
    def needs_check(script: str, at: float) -> bool:
        found = find_locks(told(script), at=hours(at), hours_of=always)
        return found.get("A", NO_LOCK).needs_check

    two = "0 a locked, 1 b locked"
    assert not needs_check(two, 72)
    assert needs_check(two, 73)
    assert needs_check(two, 1000)
    assert needs_check(two + ", 90 c locked", 91)
    assert not needs_check(two + ", 90 c open", 91)
    assert not needs_check(two + ", 90 c locked, 91 d locked", 92)
    staff = {"A": hours(80)}
    assert find_locks(told(two), at=hours(81), hours_of=always, staff_verified=staff) == {}


def test_a_single_locked_is_counted_for_a_day() -> None:
    found = find_locks(told("0 a locked"), at=hours(1), hours_of=always)
    assert found == {"A": Lock(is_locked=False, needs_check=False, devices=1, last_at=hours(0))}
    assert find_locks(told("0 a locked"), at=hours(24.1), hours_of=always) == {}


def test_what_is_seen_at_once_counts_in_the_order_it_came() -> None:
    closed_last, open_last = (
        told("0 c open, 0 a locked, 0 b locked"),
        told("0 a locked, 0 b locked, 0 c open"),
    )
    assert find_locked(closed_last, at=hours(0), hours_of=always) == {"A"}
    assert find_locked(open_last, at=hours(0), hours_of=always) == frozenset()


def test_stations_are_judged_apart() -> None:
    reports = told("0 a locked, 1 b locked") + told("0 a locked", "B") + told("1 b locked", "C")
    assert find_locked(reports, at=hours(2), hours_of=always) == {"A"}


def burst(device: str, *stations: tuple[str, float], state: str = "locked") -> list[Report]:
    return [Report(code, device, state, hours(hour)) for code, hour in stations]


@pytest.mark.parametrize(
    ("stations", "kept"),
    [
        ([("A", 0), ("B", 0.1), ("C", 0.2)], "ABC"),
        ([("A", 0), ("B", 0.1), ("C", 0.2), ("A", 0.3), ("B", 0.4)], "ABCAB"),
        ([("A", 0), ("B", 0.1), ("C", 0.2), ("D", 0.3)], ""),
        ([("A", 0), ("B", 0.1), ("C", 0.2), ("D", 1)], ""),
        ([("A", 0), ("B", 0.1), ("C", 0.2), ("D", 1.01)], "ABCD"),
        ([("A", 0), ("B", 0.5), ("C", 0.6), ("D", 0.7), ("E", 1.6)], "E"),
        ([("A", 0), ("B", 1.1), ("C", 1.2), ("D", 1.3), ("E", 1.4), ("F", 2.5)], "AF"),
        ([("A", 0), ("B", 0.4), ("C", 0.8), ("D", 1.2), ("E", 1.4)], "A"),
    ],
)
def test_more_than_three_stations_from_one_device_in_an_hour_count_nothing(
    stations: list[tuple[str, float]], kept: str
) -> None:
    found = drop_bursts(burst("a", *stations))
    assert "".join(report.code for report in found) == kept


def test_a_long_burst_counts_nothing_from_its_beginning_to_its_end() -> None:
    spam = burst("a", *((f"S{place}", place * 0.25) for place in range(40)))
    alone = burst("a", ("A", -2), ("B", 12))
    assert drop_bursts(alone + spam) == alone


def test_a_burst_takes_the_other_states_with_it_and_no_other_device() -> None:
    fake = burst("a", ("A", 0), ("B", 0.1), ("C", 0.2)) + burst("a", ("D", 0.3), state="open")
    honest = told("0 b locked, 1 c locked")
    assert find_locked(fake + honest[:1], at=hours(2), hours_of=always) == frozenset()
    assert find_locked(fake + honest, at=hours(2), hours_of=always) == {"A"}
    assert last_evidence(fake) == {}


def test_evidence_is_the_last_open_of_each_station() -> None:
    reports = told("0 a open, 5 b open, 3 c open, 9 d locked, 9 e gone") + told("1 a open", "B")
    assert last_evidence(reports) == {"A": hours(5), "B": hours(1)}
