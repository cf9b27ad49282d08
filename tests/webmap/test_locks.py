"""Locks of the site: judged from the store at once, by posted hours, staff and status."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from tests.store.frames import make_stations
from webmap import locks as locks_module
from webmap.locks import LOOKBACK, judge_locks, judge_stations, locked_codes

if TYPE_CHECKING:
    from flask import Flask

    from geo.store import Store
    from tests.webmap.conftest import Save

LOCAL = ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=LOCAL)  # a Monday
HOUR = dt.timedelta(hours=1)


def tell(
    store: Store,
    *devices: str,
    code: str = "A",
    at: dt.datetime = NOON,
    state: str = "locked",
) -> None:
    for device in devices:
        store.add_report(code, state, devices=[device], at=at, now=at)


def is_locked(store: Store, at: dt.datetime = NOON) -> bool:
    found = judge_locks(store, at)
    return "A" in found and found["A"].is_locked


def test_a_report_shows_in_the_same_minute(app: Flask, save: Save, own_store: Store) -> None:
    save({"code": "A", "name": "甲", "hours": "24/7"}, {"code": "B", "name": "乙"})
    with app.app_context():
        assert locked_codes(NOON) == frozenset()
        tell(own_store, "d", at=NOON + dt.timedelta(seconds=20))
        assert locked_codes(NOON) == frozenset()
        tell(own_store, "e", at=NOON + dt.timedelta(seconds=40))
        assert locked_codes(NOON) == {"A"}
        assert locked_codes(NOON - HOUR) == frozenset()
        assert locked_codes(NOON + 71 * HOUR) == {"A"}
        assert locked_codes(NOON + 73 * HOUR) == frozenset()


def test_reports_are_judged_once_a_minute(
    app: Flask, save: Save, own_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = []

    def judge(store: Store, at: dt.datetime) -> object:
        judged.append(at)
        return judge_locks(store, at)

    monkeypatch.setattr(locks_module, "judge_locks", judge)
    save({"code": "A", "name": "甲"})
    with app.app_context():
        for seconds in (0, 10, 59):
            locked_codes(NOON + dt.timedelta(seconds=seconds))
        assert len(judged) == 1
        locked_codes(NOON + dt.timedelta(seconds=60))
        tell(own_store, "d")
        locked_codes(NOON)
        save({"code": "A", "name": "新名"})
        locked_codes(NOON)
        assert len(judged) == 4


@pytest.mark.parametrize(
    ("cells", "locked"),
    [
        ({"hours": "Mo-Fr 09:00-17:00"}, True),
        ({"hours": "Mo-Fr 12:00-17:00"}, True),
        ({"hours": "Mo-Fr 09:00-12:00"}, False),
        ({"hours": "Sa 09:00-17:00"}, False),
        ({"hours": ""}, True),
        ({"hours": "Mo-Fr 09:00-12:00", "self_hours": "Mo-Su 12:00-24:00"}, True),
        ({"hours": "24/7", "status": "temporarily_closed"}, False),
        (
            {
                "hours": "24/7",
                "status": "temporarily_closed",
                "status_until": "2026-03-02T08:00+08:00",
            },
            True,
        ),
    ],
)
def test_only_inside_the_posted_hours_of_a_station_in_use(
    save: Save, own_store: Store, cells: dict[str, str], *, locked: bool
) -> None:
    save({"code": "A", "name": "甲", **cells})
    tell(own_store, "d", "e")
    assert is_locked(own_store) is locked


def change(store: Store, origin: str, at: dt.datetime, **cells: object) -> None:
    stations = make_stations(["A"], status=["open"], hours=["24/7"], **cells)
    store.save_stations(stations, actor="lin", origin=origin, now=at)


def test_staff_ends_a_lock_and_an_import_does_not(own_store: Store) -> None:
    change(own_store, "form", NOON - HOUR)
    tell(own_store, "d", "e")
    change(own_store, "import:list.csv", NOON + HOUR, note=["new"])
    assert is_locked(own_store, NOON + 2 * HOUR)
    change(own_store, "form", NOON + 2 * HOUR, note=["seen"])
    assert is_locked(own_store, NOON + 1.9 * HOUR)
    assert not is_locked(own_store, NOON + 2 * HOUR)
    tell(own_store, "d", "e", at=NOON + 3 * HOUR)
    assert is_locked(own_store, NOON + 3 * HOUR)


@pytest.mark.parametrize(("day", "locked"), [("2026-03-02", True), ("2026-03-03", False)])
def test_a_day_of_verification_counts_from_its_beginning(
    own_store: Store, day: str, *, locked: bool
) -> None:
    change(own_store, "import:list.csv", NOON - HOUR, verified_on=[day])
    tell(own_store, "d", "e")
    assert is_locked(own_store, NOON + 24 * HOUR) is locked


def test_a_burst_over_other_stations_takes_its_part_of_a_lock_away(
    save: Save, own_store: Store
) -> None:
    save(*({"code": code, "name": code} for code in "ABCD"))
    tell(own_store, "d", "e")
    assert is_locked(own_store)
    for code in "BCD":
        tell(own_store, "e", code=code, state="open")
    assert not is_locked(own_store)


def test_one_station_is_judged_by_itself(save: Save, own_store: Store) -> None:
    save({"code": "A", "name": "甲"}, {"code": "B", "name": "乙"})
    assert judge_stations(own_store, ["A"], NOON) == {}
    tell(own_store, "d")
    tell(own_store, "d", "e", code="B")
    found = judge_stations(own_store, ["A"], NOON)
    assert [(code, lock.is_locked, lock.devices) for code, lock in found.items()] == [
        ("A", False, 1)
    ]


def test_a_lock_renewed_for_a_week_stands(save: Save, own_store: Store) -> None:
    save({"code": "A", "name": "甲"})
    tell(own_store, "d", "e")
    for days in (2, 4, 6):
        tell(own_store, f"f{days}", at=NOON + days * 24 * HOUR)
    assert is_locked(own_store, NOON + 8 * 24 * HOUR)


def test_a_lock_that_ran_out_is_found_for_staff(save: Save, own_store: Store) -> None:
    save({"code": "A", "name": "甲"})
    tell(own_store, "d", "e")
    later = NOON + 5 * 24 * HOUR
    assert judge_locks(own_store, later) == {}
    assert judge_locks(own_store, later, recent=LOOKBACK)["A"].needs_check
