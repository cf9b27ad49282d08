"""The demo's store: stations entered over two years, doors that workers found locked."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo.stations import read_stations
from geo.store import open_store
from webmap.demo import MADE_AT, demo_file
from webmap.evidence import judge_evidence, locked_at
from webmap.locks import judge_locks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geo.store import Store
    from webmap.settings import Settings

HALF_A_YEAR = dt.timedelta(days=180)


@pytest.fixture(scope="module")
def demo_store(copy_of_demo: Callable[[], Settings]) -> Iterator[Store]:
    """Open the demo's store once for this file; no test writes into it.

    Yields
    ------
    Store
        Closed after the last test.
    """
    with open_store(copy_of_demo().demo_database) as store:
        yield store


def test_in_the_end_it_holds_what_the_file_says(demo_store: Store) -> None:
    told = read_stations(demo_file("stations.csv")).drop(columns="geometry")
    kept = demo_store.read_stations()[told.columns]
    pd.testing.assert_frame_equal(
        pd.DataFrame(kept), pd.DataFrame(told).reset_index(drop=True), check_dtype=False
    )


def test_its_last_change_is_the_day_for_which_it_was_made(demo_store: Store) -> None:
    assert demo_store.last_change() == MADE_AT


def test_a_third_of_the_stations_stand_on_old_evidence(demo_store: Store) -> None:
    entered = demo_store.first_entries().values()
    assert len(set(entered)) > 20
    assert min(entered) < MADE_AT - 4 * HALF_A_YEAR
    assert max(entered) > MADE_AT - HALF_A_YEAR
    evidence = judge_evidence(demo_store, MADE_AT)
    assert len(evidence) == demo_store.count_stations()
    old = sum(MADE_AT - date > HALF_A_YEAR for date in evidence.values())
    assert 0.3 < old / len(evidence) < 0.42


def test_history_knows_no_verification_before_its_day(demo_store: Store) -> None:
    for code in demo_store.read_stations()["code"][::40]:
        for row in demo_store.history(code).to_dict("records"):
            assert row["after"].get("verified_on", "") <= row["at"][:10]


def test_ten_doors_are_reported_locked_some_of_them_of_stations_open_all_night(
    demo_store: Store,
) -> None:
    locked = locked_at(demo_store, MADE_AT)
    assert len(locked) == 10
    rows = demo_store.read_stations(codes=locked)
    assert (rows["hours"] == "24/7").sum() == 6
    assert judge_locks(demo_store, MADE_AT + dt.timedelta(days=3)) == {}


def test_no_device_reports_on_two_days_or_in_bursts() -> None:
    with demo_file("reports.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert 50 < len(rows) < 90
    assert {row["state"] for row in rows} == {"open", "locked"}
    days = {(row["device"], row["at"][:10]) for row in rows}
    assert len(days) == len({device for device, _ in days})
    moments = [dt.datetime.fromisoformat(row["at"]) for row in rows]
    assert moments == sorted(moments)
    assert moments[-1] < MADE_AT
