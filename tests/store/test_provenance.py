"""Each field knows who set it, when, through what, and whether it was verified since."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from geo.store.provenance import trace_fields
from geo.zones import LOCAL_ZONE
from tests.store.frames import BY, NOON, make_stations

if TYPE_CHECKING:
    from geo.store import Store
    from geo.store.provenance import Provenance

DAY = dt.timedelta(days=1)


def trace(store: Store, code: str = "A") -> dict[str, Provenance]:
    return trace_fields(store.history(code), zone=LOCAL_ZONE)


def edit(store: Store, after: dt.timedelta, **cells: object) -> None:
    row = pd.DataFrame({"code": ["A"], **{name: [value] for name, value in cells.items()}})
    store.save_stations(row, actor="zhao", origin="form", now=NOON + after, blank=True)


def test_a_field_is_whose_change_put_it_there(store: Store) -> None:
    batch, _ = store.save_batch(
        make_stations(["A"], capacity=[4], hours=["24/7"]),
        kind="import",
        source="file.csv",
        actor="lin",
        origin="import:file.csv",
        now=NOON,
    )
    edit(store, DAY, capacity=6)
    found = trace(store)
    hours, capacity = found["hours"], found["capacity"]
    assert (hours.actor, hours.at, hours.origin) == ("lin", NOON, "import:file.csv")
    assert (hours.value, hours.batch) == ("24/7", batch)
    assert (capacity.actor, capacity.at, capacity.origin) == ("zhao", NOON + DAY, "form")
    assert (capacity.value, capacity.batch) == (6, "")
    assert set(found) == {"code", "name", "lon", "lat", "hours", "capacity"}


def test_an_emptied_field_comes_from_nowhere(store: Store) -> None:
    store.save_stations(make_stations(["A"], capacity=[4], note=["旧"]), **BY)
    edit(store, DAY, capacity=None, note="")
    assert not {"capacity", "note"} & trace(store).keys()


def test_a_field_is_verified_by_a_verification_not_before_the_day_it_was_set(
    store: Store,
) -> None:
    store.save_stations(make_stations(["A"], capacity=[4], verified_on=["2026-03-02"]), **BY)
    edit(store, DAY, note="新")
    found = trace(store)
    assert found["capacity"].verified_on == dt.date(2026, 3, 2)
    assert found["note"].verified_on is None
    edit(store, 2 * DAY, verified_on="2026-03-03")
    assert trace(store)["note"].verified_on == dt.date(2026, 3, 3)
    edit(store, 3 * DAY, verified_on="")
    assert trace(store)["note"].verified_on is None


def test_days_are_those_of_the_stations(store: Store) -> None:
    late = NOON.replace(hour=18)  # 02:00 of the next day in China
    row = make_stations(["A"], verified_on=["2026-03-02"])
    store.save_stations(row, actor="lin", origin="form", now=late)
    assert trace(store)["name"].verified_on is None


def test_a_station_entered_again_has_no_past(store: Store) -> None:
    store.save_stations(make_stations(["A"], note=["旧"], verified_on=["2026-03-05"]), **BY)
    store.undo_change(1, actor="wang", now=NOON)
    assert trace(store) == {}
    edit_again = make_stations(["A"])
    store.save_stations(edit_again, actor="zhao", origin="form", now=NOON)
    found = trace(store)
    assert {one.actor for one in found.values()} == {"zhao"}
    assert "note" not in found
    assert found["name"].verified_on is None
