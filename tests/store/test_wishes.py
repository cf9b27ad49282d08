"""Wishes in the store: counted by cell and week, never by position."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coords import geodesic_m
from geo.errors import InvalidOptionError
from geo.store.wishes import cell_of, middle_of, week_of

if TYPE_CHECKING:
    from geo.store import Store

DAY = dt.date(2026, 3, 2)  # a Monday
WEEK = dt.timedelta(weeks=1)
HERE = (116.4074, 39.9042)


def wish(store: Store, *devices: str, day: dt.date = DAY, lon: float = HERE[0]) -> list[bool]:
    return [store.add_wish(lon, HERE[1], devices=[device], day=day) for device in devices]


def test_a_device_counts_once_in_a_cell_and_week(store: Store) -> None:
    assert wish(store, "a", "b", "a") == [True, True, False]
    assert wish(store, "a", day=DAY + dt.timedelta(days=6)) == [False]
    assert wish(store, "a", day=DAY + WEEK) == [True]
    assert wish(store, "a", lon=HERE[0] + 0.02) == [True]
    (found,) = store.count_wishes(least=2, since=DAY)
    assert (found.week, found.devices, found.cell) == ("2026-W10", 2, cell_of(*HERE))


def test_a_device_goes_on_by_the_name_it_bore(store: Store) -> None:
    assert store.add_wish(*HERE, devices=["old"], day=DAY)
    assert not store.add_wish(*HERE, devices=["old", "new"], day=DAY)
    assert store.add_wish(*HERE, devices=["old", "new"], day=DAY + WEEK)
    assert not store.add_wish(*HERE, devices=["old"], day=DAY + WEEK)


def test_fewer_than_asked_for_are_not_told(store: Store) -> None:
    wish(store, *"abcd")
    assert store.count_wishes(least=5, since=DAY) == []
    wish(store, "e")
    assert [found.devices for found in store.count_wishes(least=5, since=DAY)] == [5]


def test_the_last_week_and_the_most_wishes_come_first(store: Store) -> None:
    wish(store, *"abc")
    wish(store, *"ab", lon=HERE[0] + 0.1)
    wish(store, *"a", day=DAY + WEEK)
    found = store.count_wishes(least=1, since=DAY)
    assert [(one.week, one.devices) for one in found] == [
        ("2026-W11", 1), ("2026-W10", 3), ("2026-W10", 2),
    ]  # fmt: skip
    assert len(store.count_wishes(least=1, since=DAY + WEEK)) == 1


def test_old_weeks_are_purged(store: Store) -> None:
    wish(store, "a")
    wish(store, "a", day=DAY + WEEK)
    assert store.purge_wishes(before=DAY) == 0
    assert store.purge_wishes(before=DAY + WEEK) == 1
    assert [found.week for found in store.count_wishes(least=1, since=DAY)] == ["2026-W11"]


def test_no_position_is_kept(store: Store) -> None:
    store.add_wish(116.123456, 39.654321, devices=["a"], day=DAY)
    with store.engine.connect() as connection:
        (row,) = connection.exec_driver_sql("SELECT * FROM wishes").all()
    assert set(row) == {cell_of(116.123456, 39.654321), "2026-W10", "a"}


def test_a_wish_needs_a_device(store: Store) -> None:
    with pytest.raises(InvalidOptionError):
        store.add_wish(*HERE, devices=[], day=DAY)


@given(lon=st.floats(-180, 180), lat=st.floats(-70, 70))
def test_a_cell_is_about_500_m_wide_and_holds_its_positions(lon: float, lat: float) -> None:
    middle = middle_of(cell_of(lon, lat))
    assert cell_of(*middle) == cell_of(lon, lat)
    half_diagonal = 357.0
    assert float(geodesic_m(*middle, lon, lat)) < half_diagonal


@pytest.mark.parametrize(
    ("day", "week"),
    [("2026-01-01", "2026-W01"), ("2027-01-01", "2026-W53"), ("2025-12-29", "2026-W01")],
)
def test_weeks_are_those_of_iso_8601(day: str, week: str) -> None:
    assert week_of(dt.date.fromisoformat(day)) == week
