"""Beats keep their lines, shifts and workers on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
import shapely

from geo.errors import (
    CrsMismatchError,
    InvalidHoursError,
    InvalidOptionError,
    MissingCrsError,
    SourceFormatError,
)
from geo.store.beats import TOLD
from tests.store.frames import NOON

if TYPE_CHECKING:
    from geo.store import Store

LINE = shapely.LineString([(116.40, 39.92), (116.41, 39.92), (116.41, 39.93)])
TWO = shapely.MultiLineString([[(116.4, 39.9), (116.5, 39.9)], [(116.4, 39.8), (116.5, 39.8)]])


def make_beats(*rows: dict[str, Any], crs: object = 4326) -> gpd.GeoDataFrame:
    """Return beats of one line each, with whatever differs from the usual."""
    usual = {
        "id": "a", "name": "保洁一线", "area": "110101005", "trade": "sanitation",
        "shift": "Mo-Fr 04:00-11:00", "shift_text": "周一到周五 4点到11点", "workers": 2,
        "source": "drawn", "note": "", "geometry": LINE,
    }  # fmt: skip
    return gpd.GeoDataFrame([usual | row for row in rows], crs=crs)


def save(store: Store, *rows: dict[str, Any], actor: str = "lin") -> tuple[int, int]:
    return tuple(store.save_beats(make_beats(*rows), actor=actor, now=NOON))


def test_beats_come_back_as_they_were_saved_with_who_and_when(store: Store) -> None:
    assert save(store, {}, {"id": "b", "geometry": TWO, "workers": 1}) == (2, 0)
    found = store.read_beats()
    assert found[list(TOLD)].to_dict("records") == (
        make_beats({}, {"id": "b", "workers": 1})[list(TOLD)].to_dict("records")
    )
    assert [
        shapely.equals_exact(one, other)
        for one, other in zip(found.geometry, (LINE, TWO), strict=True)
    ] == [True, True]
    assert found.crs.to_epsg() == 4326
    assert set(found["created_by"]) == set(found["updated_by"]) == {"lin"}
    assert set(found["created_at"]) == {"2026-03-02T12:00:00+00:00"}


def test_an_empty_store_has_no_beats(store: Store) -> None:
    found = store.read_beats()
    assert (len(found), found["workers"].dtype, found.crs.to_epsg()) == (0, "int64", 4326)
    assert store.count_beats() == []
    assert store.delete_beats(["a"]) == 0
    assert store.change_seq() == 0


def test_beats_are_read_by_id_and_by_area_in_the_order_of_area_and_name(store: Store) -> None:
    save(
        store,
        {"id": "1", "area": "b", "name": "甲"},
        {"id": "2", "area": "", "name": "乙"},
        {"id": "3", "area": "b", "name": "丙"},
    )
    assert list(store.read_beats()["id"]) == ["2", "3", "1"]
    assert list(store.read_beats(["1", "2", "nobody"])["id"]) == ["2", "1"]
    assert list(store.read_beats(area="b")["id"]) == ["3", "1"]
    assert list(store.read_beats(area="")["id"]) == ["2"]
    assert list(store.read_beats([])["id"]) == []


def test_beats_and_workers_are_counted_by_area(store: Store) -> None:
    save(store, {}, {"id": "b", "workers": 5}, {"id": "c", "area": "", "workers": 1})
    assert store.count_beats() == [("", 1, 1), ("110101005", 2, 7)]


def test_only_what_differs_is_written_again_and_the_maker_stays(store: Store) -> None:
    save(store, {}, {"id": "b"})
    assert save(store, {}, {"id": "b"}, actor="wang") == (0, 0)
    assert store.change_seq() == 1
    assert save(store, {}, {"id": "b", "geometry": TWO}, actor="wang") == (0, 1)
    assert store.change_seq() == 2
    found = store.read_beats().set_index("id")
    assert found["updated_by"].to_dict() == {"a": "lin", "b": "wang"}
    assert found["created_by"].to_dict() == {"a": "lin", "b": "lin"}


def test_deleted_beats_are_gone_and_the_others_stay(store: Store) -> None:
    save(store, {}, {"id": "b"}, {"id": "c"})
    assert store.delete_beats(["a", "c", "nobody"]) == 2
    assert list(store.read_beats()["id"]) == ["b"]


def test_nasty_names_are_kept_to_the_letter(store: Store) -> None:
    name = "'; DROP TABLE beats; --<b>\u202e"
    save(store, {"name": name, "note": name})
    assert store.read_beats()[["name", "note"]].iloc[0].tolist() == [name, name]


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"id": ""}, SourceFormatError),
        ({"geometry": shapely.Point(1, 2)}, SourceFormatError),
        ({"geometry": shapely.LineString()}, SourceFormatError),
        ({"workers": 0}, InvalidOptionError),
        ({"workers": 1_000_001}, InvalidOptionError),
        ({"shift": "周一"}, InvalidHoursError),
        ({"shift": ""}, InvalidHoursError),
    ],
)
def test_one_bad_beat_keeps_all_of_them_out(
    store: Store, row: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        save(store, {"id": "good"}, row)
    assert store.read_beats().empty


def test_two_beats_of_one_id_are_refused(store: Store) -> None:
    with pytest.raises(SourceFormatError):
        save(store, {}, {})


def test_beats_without_or_of_another_crs_are_refused(store: Store) -> None:
    with pytest.raises(MissingCrsError):
        store.save_beats(make_beats({}, crs=None), actor="lin", now=NOON)
    with pytest.raises(CrsMismatchError):
        store.save_beats(make_beats({}, crs=3857), actor="lin", now=NOON)


def test_a_missing_column_is_named(store: Store) -> None:
    with pytest.raises(SourceFormatError, match="note"):
        store.save_beats(make_beats({}).drop(columns="note"), actor="lin", now=NOON)
