"""What somebody should look at in a layer of stations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from geo.stations.check import CHECKED, OVERDUE_DAYS, check_stations, count_kinds
from geo.zones import LOCAL_ZONE
from tests.networks import stations_at

if TYPE_CHECKING:
    from geo.stations.check import Finding

NOW = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo(LOCAL_ZONE))
SOUND = dict.fromkeys(CHECKED, "") | {
    "code": "A",
    "name": "甲",
    "status": "open",
    "hours": "08:00-20:00",
    "entry_mode": "open_door",
}


def _check(*rows: dict[str, str]) -> tuple[Finding, ...]:
    return check_stations(pd.DataFrame([SOUND | row for row in rows]), as_of=NOW)


@pytest.mark.parametrize(
    ("row", "kinds"),
    [
        ({}, []),
        ({"hours_text": "每天8:00-20:00"}, []),
        ({"hours_text": "随商场营业时间"}, []),  # set by hand
        ({"hours": ""}, ["no_hours"]),
        ({"hours": "", "hours_text": "随商场营业时间"}, ["hours_not_understood"]),
        ({"hours": "", "hours_text": "每天8:00-20:00"}, ["hours_not_set"]),
        (
            {"hours": "08:30-17:30; PH unknown", "hours_text": "每天8:30-17:30，春节期间不打烊"},
            ["hours_partly_read"],
        ),
        ({"hours_text": "每天8:30-17:30，春节期间不打烊"}, []),  # set by hand
        ({"hours_text": "每天9:00-17:00"}, ["hours_disagree"]),
        ({"hours": "Mo-Fr 25:99", "hours_text": "每天9:00-17:00"}, ["invalid_hours"]),
        ({"status": "closed", "hours": "Mo-Fr 25:99", "entry_mode": ""}, ["invalid_hours"]),
        ({"status": "closed", "hours": "", "entry_mode": ""}, []),
        ({"status": "temporarily_closed"}, ["closed_without_end"]),
        ({"entry_mode": ""}, ["entry_unknown"]),
        ({"entry_mode": "qr;app", "needs_phone": "no"}, ["phone_but_no_phone"]),
        ({"entry_mode": "qr;id_card", "needs_phone": "no"}, []),
        ({"needs_phone": "yes"}, ["no_phone_but_phone"]),
        ({"entry_mode": "face", "needs_registration": "no"}, ["registered_but_not"]),
        ({"self_hours": "20:00-08:00"}, ["self_hours_no_entry"]),
        ({"self_entry_mode": "id_card"}, ["self_entry_no_hours"]),
        ({"self_hours": "20:00-08:00", "self_entry_mode": "id_card", "entry_mode": ""}, []),
        ({"self_hours": "晚上", "self_entry_mode": "id_card"}, ["invalid_hours"]),
    ],
)
def test_a_station_has_these_problems(row: dict[str, str], kinds: list[str]) -> None:
    assert [finding.kind for finding in _check(row)] == kinds


@pytest.mark.parametrize(("days", "kinds"), [(-1, []), (0, []), (1, ["closure_overdue"])])
def test_a_closure_is_overdue_a_week_after_its_end(days: int, kinds: list[str]) -> None:
    until = NOW - timedelta(days=OVERDUE_DAYS + days)
    row = {"status": "temporarily_closed", "status_until": until.isoformat()}
    assert [finding.kind for finding in _check(row)] == kinds


def test_a_finding_names_station_field_words_and_remedy() -> None:
    (finding,) = _check({"hours": "", "hours_text": "随商场营业时间"})
    assert (finding.code, finding.name, finding.field) == ("A", "甲", "hours_text")
    assert finding.words == "随商场营业时间"
    assert "随商场营业时间" in finding.problem
    assert finding.remedy


def test_findings_stand_in_the_order_of_the_stations_and_are_counted() -> None:
    findings = _check({"hours": ""}, {"code": "B", "entry_mode": ""}, {"code": "C", "hours": ""})
    assert [finding.code for finding in findings] == ["A", "B", "C"]
    assert count_kinds(findings) == {"no_hours": 2, "entry_unknown": 1}


@pytest.mark.parametrize(
    ("amenities", "own", "problem"),
    [
        ("wifi", "wifi: 08:00-20:00", ""),
        ("wifi:no", "wifi: 08:00-20:00", "not known to be there"),
        ("", "wifi: 08:00-20:00", "not known to be there"),
        ("wifi", "wifi: always", "no OSM text"),
    ],
)
def test_hours_of_an_amenity_need_the_amenity(amenities: str, own: str, problem: str) -> None:
    frame = stations_at([116.4], [39.9], amenities=amenities, amenity_hours=own)
    found = check_stations(frame, as_of=datetime(2026, 3, 2, tzinfo=ZoneInfo(LOCAL_ZONE)))
    told = [one.problem for one in found if one.field == "amenity_hours"]
    assert len(told) == bool(problem)
    assert all(problem in one for one in told)
