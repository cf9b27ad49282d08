"""Stations go in and come out as they are; what is empty, unchanged or stale does no harm."""

from __future__ import annotations

import math
import traceback
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import hypothesis.strategies as st
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, given, settings
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from geo.errors import (
    InvalidOptionError,
    InvalidStationError,
    StoreConflictError,
    UnknownStationError,
)
from geo.stations.schema import FIELD_NAMES
from geo.store.engine import writing
from geo.store.tables import STATIONS
from tests.store.frames import BY, NOON, count_history, make_stations

if TYPE_CHECKING:
    from geo.store import Store

_TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)


def test_stations_come_back_as_they_were_saved(store: Store) -> None:
    stations = make_stations(
        ["A", "B", "C"],
        amenities=["drinking_water;toilet:no", "", "wifi"],
        capacity=[12, None, 0],
        area_m2=[7.5, math.nan, 0.1 + 0.2],
        note=["一行\n二行 'quoted' \\ %s :x", "", "`${alert(1)}` <b>"],
    )
    store.save_stations(stations, **BY)
    assert_geodataframe_equal(store.read_stations(), stations)


@given(
    rows=st.lists(
        st.tuples(_TEXTS, st.floats(-180, 180), st.floats(-90, 90), st.none() | st.integers(0, 9)),
        max_size=5,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_and_number_comes_back(
    store: Store, rows: list[tuple[str, float, float, int | None]]
) -> None:
    codes = [f"S{place}" for place in range(len(rows))]
    notes, lon, lat, capacity = zip(*rows, strict=True) if rows else ((), (), (), ())
    fields = {"note": notes, "lon": lon, "lat": lat, "capacity": capacity}
    stations = make_stations(codes, **{name: list(cells) for name, cells in fields.items()})
    store.save_stations(stations, blank=True, **BY)
    assert_geodataframe_equal(store.read_stations(codes=codes), stations)


def test_an_empty_store_gives_an_empty_frame_of_the_same_form(store: Store) -> None:
    empty = store.read_stations()
    assert_geodataframe_equal(empty, make_stations([]))
    assert list(empty.columns) == [*FIELD_NAMES, "geometry"]
    assert store.count_stations() == 0
    assert store.last_change() is None


def test_stations_are_ordered_by_code_point_on_both_engines(store: Store) -> None:
    codes = ["b", "暖", "B", "a-1", "a1", "_"]
    store.save_stations(make_stations(codes), **BY)
    assert list(store.read_stations()["code"]) == sorted(codes)


def test_codes_select_and_unknown_codes_are_left_out(store: Store) -> None:
    store.save_stations(make_stations(["A", "B", "C"]), **BY)
    assert list(store.read_stations(codes=["C", "nobody", "A", "A"])["code"]) == ["A", "C"]
    assert store.read_stations(codes=[]).empty


def test_columns_select_and_keep_the_position(store: Store) -> None:
    store.save_stations(make_stations(), **BY)
    slim = store.read_stations(columns=["hours", "name"])
    assert list(slim.columns) == ["code", "name", "lon", "lat", "hours", "geometry"]
    with pytest.raises(InvalidOptionError, match="shoe_size"):
        store.read_stations(columns=["shoe_size"])


def test_the_report_says_what_a_save_did(store: Store) -> None:
    store.save_stations(make_stations(["A", "B"]), **BY)
    mixed = make_stations(["C", "B", "A"], lon=[1.0, 116.31, 116.30], note=["", "", "neu"])
    report = store.save_stations(mixed, **BY)
    assert (report.created, report.updated, report.unchanged) == (1, 1, 1)
    assert report.codes == ("C", "A")


def test_empty_cells_and_missing_columns_keep_what_is_stored(store: Store) -> None:
    store.save_stations(make_stations(["A"], note=["keep"], capacity=[9]), **BY)
    store.save_stations(make_stations(["A"], floor=["2"]), **BY)
    store.save_stations(pd.DataFrame({"code": ["A"], "host": ["bank"]}), blank=True, **BY)
    row = store.read_stations().iloc[0]
    assert (row["note"], row["capacity"], row["floor"], row["host"]) == ("keep", 9, "2", "bank")


def test_blank_empties_the_cells_of_the_columns_given(store: Store) -> None:
    store.save_stations(make_stations(["A"], note=["gone"], capacity=[9], floor=["2"]), **BY)
    change = pd.DataFrame({"code": ["A"], "note": [""], "capacity": [None]})
    store.save_stations(change, blank=True, **BY)
    row = store.read_stations().iloc[0]
    assert (row["note"], row["floor"]) == ("", "2")
    assert row["capacity"] is pd.NA


def test_a_save_that_changes_nothing_leaves_no_trace(store: Store) -> None:
    stations = make_stations()
    store.save_stations(stations, **BY)
    report = store.save_stations(
        store.read_stations(), actor="other", origin="cli", now=NOON + timedelta(days=1)
    )
    assert (report.unchanged, report.codes) == (2, ())
    assert store.change_seq() == 1
    assert count_history(store) == 2
    assert store.last_change() == NOON


def test_the_change_number_grows_by_one_for_each_transaction(store: Store) -> None:
    assert store.change_seq() == 0
    store.save_stations(make_stations(["A", "B", "C"]), **BY)
    assert store.change_seq() == 1
    store.save_stations(make_stations(["A", "B"], note=["x", "y"]), **BY)
    assert store.change_seq() == 2


def test_changed_since_gives_the_changed_stations_only(store: Store) -> None:
    store.save_stations(make_stations(["A", "B", "C"]), **BY)
    seen = store.change_seq()
    store.save_stations(make_stations(["A", "B", "D"], lon=[116.3, 5.0, 6.0]), **BY)
    assert list(store.read_stations(changed_since=seen)["code"]) == ["B", "D"]
    assert list(store.read_stations(changed_since=seen, codes=["A", "D"])["code"]) == ["D"]
    assert store.read_stations(changed_since=store.change_seq()).empty


def test_a_dry_run_reports_and_writes_nothing(store: Store) -> None:
    report = store.save_stations(make_stations(), dry_run=True, **BY)
    assert report.created == 2
    assert (store.count_stations(), store.change_seq(), count_history(store)) == (0, 0, 0)


def test_a_stale_edit_is_refused(store: Store) -> None:
    store.save_stations(make_stations(), **BY)
    seen = store.change_seq()
    store.save_stations(make_stations(["A"], note=["first"]), **BY)
    mine = make_stations(["A", "B"], note=["second", "also"])
    with pytest.raises(StoreConflictError, match="station A was changed meanwhile"):
        store.save_stations(mine, unchanged_since=seen, **BY)
    assert list(store.read_stations()["note"]) == ["first", ""]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (make_stations(["A", "A"]), "more than once.*A"),
        (make_stations(["A", ""]), "needs a code"),
        (make_stations().drop(columns="code"), "needs a code"),
        (make_stations().assign(shoe_size="42"), "no fields shoe_size"),
        (make_stations(name=["x", ""]), "no name.*B"),
        (make_stations(lon=[1.0, math.nan]), "lon.*B"),
        (make_stations(lat=[116.3, 39.9]), "lat.*A"),
        (make_stations(lon=[math.inf, 1.0]), "lon.*A"),
        (pd.DataFrame({"code": ["A"], "name": ["no position"]}), "lon.*A"),
    ],
)
def test_a_faulty_frame_is_refused_whole(store: Store, bad: pd.DataFrame, message: str) -> None:
    with pytest.raises(InvalidStationError, match=message):
        store.save_stations(bad, **BY)
    assert (store.count_stations(), store.change_seq()) == (0, 0)


def test_a_fault_late_in_a_long_frame_undoes_the_whole_save(store: Store) -> None:
    codes = [f"S{place}" for place in range(5_002)]
    with pytest.raises(InvalidStationError, match="S5001"):
        store.save_stations(
            make_stations(codes, name=["x"] * 5_001 + [""], lon=[1.0] * 5_002), **BY
        )
    assert (store.count_stations(), store.change_seq()) == (0, 0)


def test_a_moment_without_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001 - the point of the test
    with pytest.raises(InvalidOptionError, match="has no zone"):
        store.save_stations(make_stations(), actor="lin", origin="form", now=naive)


def test_a_status_is_set_and_a_closed_station_stays(store: Store) -> None:
    store.save_stations(make_stations(status=["temporarily_closed", "open"]), **BY)
    assert store.set_status("A", "closed", **BY).updated == 1
    assert store.set_status("A", "closed", **BY).unchanged == 1
    assert list(store.read_stations()["status"]) == ["closed", "open"]


def test_the_end_of_a_closure_is_kept_and_emptied_with_the_status(store: Store) -> None:
    store.save_stations(make_stations(["A"]), **BY)
    until = "2026-04-01T00:00:00+08:00"
    store.set_status("A", "temporarily_closed", until=until, **BY)
    assert list(store.read_stations()["status_until"]) == [until]
    store.set_status("A", "open", **BY)
    assert list(store.read_stations()["status_until"]) == [""]


def test_an_unknown_station_or_status_is_refused(store: Store) -> None:
    store.save_stations(make_stations(["A"]), **BY)
    with pytest.raises(UnknownStationError, match="Z"):
        store.set_status("Z", "closed", **BY)
    with pytest.raises(InvalidOptionError, match="temporarily_closed"):
        store.set_status("A", "shut", **BY)


def test_no_cell_stands_in_an_error_of_the_database(store: Store) -> None:
    row = dict.fromkeys(FIELD_NAMES, "") | {"contact": "13912345678", "lon": 116.3, "lat": 39.9}
    marks = {"capacity": None, "area_m2": None, "changed_seq": 1, "created_at": "", "name": None}
    with pytest.raises(IntegrityError) as caught, writing(store.engine) as work:
        work.connection.execute(insert(STATIONS), {**row, **marks, "updated_at": ""})
    told = "".join(traceback.format_exception(caught.value))
    assert "name" in told
    assert "13912345678" not in told
