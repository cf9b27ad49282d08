"""Evidence dates and locks of the store, as they stood at a moment."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.webmap.conftest import NOW
from webmap.evidence import judge_evidence, locked_at

if TYPE_CHECKING:
    from geo.store import Store
    from tests.webmap.conftest import Save

DAY = dt.timedelta(days=1)
LATER = NOW + 30 * DAY


def tell(store: Store, code: str, state: str, at: dt.datetime, *devices: str) -> None:
    for device in devices:
        store.add_report(code, state, devices=[device], at=at, now=at)


def test_evidence_is_the_latest_of_entry_staff_and_workers(own_store: Store, save: Save) -> None:
    save(
        {"code": "entered", "name": "甲"},
        {"code": "verified", "name": "乙", "verified_on": "2026-02-05"},
        {"code": "before", "name": "丙", "verified_on": "2025-01-01"},
        {"code": "told", "name": "丁", "verified_on": "2026-02-05"},
        {"code": "locked", "name": "戊"},
    )
    tell(own_store, "told", "open", NOW + 20 * DAY, "d")
    tell(own_store, "locked", "locked", NOW + 20 * DAY, "d")
    assert judge_evidence(own_store, LATER) == {
        "entered": NOW,
        "verified": dt.datetime.fromisoformat("2026-02-05T00:00+08:00"),
        "before": NOW,
        "told": NOW + 20 * DAY,
        "locked": NOW,
    }


def test_what_came_after_the_moment_is_no_evidence(own_store: Store, save: Save) -> None:
    save(
        {"code": "A", "name": "甲", "verified_on": "2026-02-05"},
        {"code": "B", "name": "乙", "verified_on": "2025-01-01"},
    )
    tell(own_store, "A", "open", NOW + 2 * DAY, "d")
    assert judge_evidence(own_store, NOW + DAY) == {"A": NOW, "B": NOW}
    before = NOW - DAY
    verified = dt.datetime.fromisoformat("2025-01-01T00:00+08:00")
    assert judge_evidence(own_store, before) == {"B": verified}


def test_a_burst_is_no_evidence(own_store: Store, save: Save) -> None:
    codes = list("ABCD")
    save(*({"code": code, "name": code} for code in codes))
    for code in codes:
        tell(own_store, code, "open", NOW + DAY, "one device")
    assert judge_evidence(own_store, LATER) == dict.fromkeys(codes, NOW)


def test_locks_are_those_of_the_moment(own_store: Store, save: Save) -> None:
    save({"code": "A", "name": "甲", "hours": "24/7"})
    tell(own_store, "A", "locked", NOW + DAY, "one", "two")
    assert locked_at(own_store, NOW + DAY) == {"A"}
    assert locked_at(own_store, NOW) == frozenset()
    assert locked_at(own_store, NOW + 5 * DAY) == frozenset()
