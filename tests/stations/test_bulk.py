"""One change for many stations: what each becomes, and which cannot take it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from geo.errors import InvalidOptionError
from geo.hours import CLOSED, OPEN, read_hours, state_at
from geo.stations.bulk import BULK_FIELDS, BulkChange, BulkPlan, plan_bulk
from geo.stations.dated import OFF, DatedHours, join_hours, say_words, split_hours

TODAY = dt.date(2026, 11, 20)
FEAST = DatedHours(dt.date(2027, 2, 5), dt.date(2027, 2, 12), OFF)
SHORT = FEAST._replace(times="10:00-16:00")
SHANGHAI = ZoneInfo("Asia/Shanghai")
FEAST_OSM = "2027 Feb 05-2027 Feb 12 off"


def plan(change: BulkChange, *rows: dict[str, str]) -> BulkPlan:
    empty = dict.fromkeys(BULK_FIELDS, "")
    full = [{"code": f"S{place}", **empty, **row} for place, row in enumerate(rows)]
    frame = pd.DataFrame(full, columns=["code", *BULK_FIELDS], dtype=str)
    return plan_bulk(frame, change, today=TODAY)


def one(change: BulkChange, **row: str) -> dict[str, str]:
    """Return what one station becomes."""
    return {str(name): cell for name, cell in plan(change, row).stations.iloc[0].items()}


def test_new_hours_replace_words_and_osm_text() -> None:
    change = BulkChange(hours="Mo-Su 08:30-20:30", hours_text="每天8:30-20:30")
    found = one(change, hours="Mo-Su 09:00-21:00", hours_text="夏季9:00-21:00")
    assert found == {"code": "S0", "hours": "Mo-Su 08:30-20:30", "hours_text": "每天8:30-20:30"}


def test_new_hours_keep_the_dates_to_come_and_drop_those_that_are_over() -> None:
    old = f"Mo-Su 09:00-21:00; 2026 Feb 10-2026 Feb 18 off; {FEAST_OSM}"
    change = BulkChange(hours="Mo-Su 08:30-20:30", hours_text="每天8:30-20:30")
    found = one(change, hours=old, hours_text="每天九点到二十一点")
    assert found["hours"] == f"Mo-Su 08:30-20:30; {FEAST_OSM}"
    assert found["hours_text"] == "每天8:30-20:30；2027年2月5日至2月12日休息"
    assert one(BulkChange(hours="", hours_text=""), hours=old)["hours"] == ""


def test_an_exception_closes_its_days_and_no_others() -> None:
    found = one(BulkChange(exception=FEAST), hours="Mo-Su 08:00-20:00")
    noon = [dt.datetime(2027, 2, day, 12, tzinfo=SHANGHAI) for day in (4, 5, 12, 13)]
    assert found["hours"] == f"Mo-Su 08:00-20:00; {FEAST_OSM}"
    assert [state_at(found["hours"], at.replace(tzinfo=None)) for at in noon] == [
        OPEN, CLOSED, CLOSED, OPEN,
    ]  # fmt: skip


@pytest.mark.parametrize("regular", ["24/7", "Mo-Fr 08:00-12:00,13:00-18:00; PH off"])
def test_an_exception_gives_its_days_other_hours(regular: str) -> None:
    found = one(BulkChange(exception=SHORT), hours=regular)["hours"]
    for day in (5, 8, 12):  # a holiday week, Saturday and Sunday among them
        states = [state_at(found, dt.datetime(2027, 2, day, hour)) for hour in (9, 12, 17)]  # noqa: DTZ001 - local
        assert states == [CLOSED, OPEN, CLOSED]


def test_words_tell_the_exception_and_read_back_as_the_hours() -> None:
    old = {"hours": "Mo-Fr 08:30-17:30", "hours_text": "周一至周五8:30-17:30"}
    turn = DatedHours(dt.date(2026, 12, 28), dt.date(2027, 1, 3), OFF)
    for exception in (FEAST, SHORT, DatedHours(FEAST.first, FEAST.first, OFF), turn):
        found = one(BulkChange(exception=exception), **old)
        assert found["hours_text"] == f"周一至周五8:30-17:30；{say_words(exception)}"
        assert read_hours(found["hours_text"]).osm == found["hours"]
    assert one(BulkChange(exception=FEAST), hours=old["hours"])["hours_text"] == ""


def test_an_exception_takes_the_place_of_those_within_its_days() -> None:
    first = one(BulkChange(exception=FEAST), hours="24/7", hours_text="全天")
    second = one(BulkChange(exception=SHORT), **first)
    assert second["hours"] == "24/7; 2027 Feb 05-2027 Feb 12 10:00-16:00"
    assert second["hours_text"] == f"全天；{say_words(SHORT)}"
    part = DatedHours(dt.date(2027, 2, 6), dt.date(2027, 2, 7), "10:00-12:00")
    third = one(BulkChange(exception=part), **first)
    assert split_hours(third["hours"]).dated == (FEAST, part)
    assert plan(BulkChange(exception=FEAST), first).unchanged == ("S0",)


def test_an_exception_holds_without_staff_only_if_asked() -> None:
    row = {"hours": "Mo-Su 08:00-20:00", "self_hours": "Mo-Su 20:00-23:00"}
    assert "self_hours" not in one(BulkChange(exception=FEAST), **row)
    found = one(BulkChange(exception=FEAST, with_self=True), **row)
    assert found["self_hours"] == f"Mo-Su 20:00-23:00; {FEAST_OSM}"
    assert one(BulkChange(exception=FEAST, with_self=True), hours="24/7")["self_hours"] == ""


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({}, "no_hours"),
        ({"hours_text": "看心情"}, "no_hours"),
        ({"hours": '08:00-10:00 || "ask"'}, "odd_hours"),
        ({"hours": "24/7", "hours_text": "话" * 495}, "too_long"),
        ({"hours": "24/7", "self_hours": '20:00-22:00 || "ask"'}, "odd_hours"),
    ],
)
def test_a_station_that_cannot_take_an_exception_is_refused(
    row: dict[str, str], reason: str
) -> None:
    found = plan(BulkChange(exception=FEAST, with_self=True), row, {"hours": "24/7"})
    assert found.refused == {"S0": reason}
    assert found.stations["code"].tolist() == ["S1"]


def test_a_status_comes_with_its_end_and_touches_nothing_else() -> None:
    until = "2027-02-13T08:00:00+08:00"
    found = plan(
        BulkChange(status="temporarily_closed", status_until=until),
        {"status": "open", "hours": "24/7"},
        {"status": "temporarily_closed", "status_until": until},
    )
    assert found.stations.to_dict("records") == [
        {"code": "S0", "status": "temporarily_closed", "status_until": until}
    ]
    assert found.unchanged == ("S1",)
    assert one(BulkChange(status="open"), status="planned", status_until=until) == {
        "code": "S0", "status": "open", "status_until": "",
    }  # fmt: skip


def test_a_change_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidOptionError, match="what to change"):
        plan(BulkChange())


def test_no_station_gives_no_row() -> None:
    found = plan(BulkChange(status="open"))
    assert (len(found.stations), found.unchanged, found.refused) == (0, (), {})


@pytest.mark.parametrize(
    "osm",
    [
        "", "24/7", "Mo-Fr 08:00-18:00; PH off", f"24/7; {FEAST_OSM}", "2027 Feb 05 off",
        "24/7; 2027 Feb 30 off", "24/7; 2027 Feb 12-2027 Feb 05 off", "2027 Feb 05 off; 24/7",
        '24/7 "a; b"; 2027 Feb 05 off',
    ],
)  # fmt: skip
def test_hours_taken_apart_are_the_same_when_put_together(osm: str) -> None:
    split = split_hours(osm)
    assert join_hours(split).removeprefix("; ") == osm
