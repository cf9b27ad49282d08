"""What a record itself makes doubtful: too old, closed until a day that is over, hours not read."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo.stations.overdue import find_overdue

if TYPE_CHECKING:
    from geo.stations.doubts import Doubt

AT = dt.datetime(2026, 9, 1, 4, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)


def overdue(evidence: dict[str, dt.datetime] | None = None, **cells: str) -> list[Doubt]:
    """Judge one station, A."""
    usual = {"code": "A", "status": "open", "status_until": "", "hours": "24/7", "hours_text": ""}
    stations = pd.DataFrame([usual | cells])
    return find_overdue(stations, at=AT, evidence=evidence or {})


@pytest.mark.parametrize(("age", "found"), [(180 * DAY, 0), (180 * DAY + SECOND, 1), (DAY, 0)])
def test_a_station_is_unverified_after_180_days_and_not_on_the_very_moment(
    age: dt.timedelta, found: int
) -> None:
    doubts = overdue({"A": AT - age})
    assert len(doubts) == found
    assert [(one.key, one.told_at) for one in doubts] == [
        (("A", "unverified", ""), AT - age + 180 * DAY)
    ][:found]


def test_a_station_of_which_nothing_is_dated_is_not_called_old() -> None:
    assert overdue() == []


@pytest.mark.parametrize("status", ["planned", "built_not_open", "closed", "duplicate_of"])
def test_a_station_out_of_use_is_left_alone(status: str) -> None:
    assert overdue({"A": AT - 400 * DAY}, status=status, hours="", hours_text="看情况") == []


def test_a_temporary_closure_that_is_over_wants_a_look() -> None:
    (doubt,) = overdue(status="temporarily_closed", status_until="2026-08-31T00:00:00+08:00")
    assert (doubt.reason, doubt.told_at) == ("reopens", dt.datetime(2026, 8, 30, 16, tzinfo=dt.UTC))
    assert overdue(status="temporarily_closed", status_until="2026-09-02T00:00:00+08:00") == []
    assert overdue(status="temporarily_closed") == []


def test_words_for_the_hours_that_nobody_understood_want_a_look() -> None:
    day = {"A": AT - DAY}
    (doubt,) = overdue(day, hours="", hours_text="看情况")
    assert (doubt.reason, doubt.told_at) == ("hours", AT - DAY)
    assert overdue(day, hours="Mo-Fr 08:00-17:00", hours_text="工作日") == []
    assert overdue(day, hours="", hours_text="") == []  # nothing was said: not a fault


def test_doubts_of_many_come_in_the_order_of_their_keys() -> None:
    cells = {"status": "open", "status_until": "", "hours": "", "hours_text": "看情况"}
    stations = pd.DataFrame([{"code": code} | cells for code in "CAB"])
    found = find_overdue(stations, at=AT, evidence={"B": AT - 200 * DAY}, max_age_days=100)
    assert [(one.code, one.reason) for one in found] == [
        ("A", "hours"), ("B", "hours"), ("B", "unverified"), ("C", "hours"),
    ]  # fmt: skip
