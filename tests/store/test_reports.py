"""Reports in the store: kept once, beside the stations, without touching their history."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from alembic import command

from geo.errors import InvalidOptionError, StoreConflictError, UnknownStationError
from geo.stations.evidence import Report
from geo.store import open_store, restore_store, revision, upgrade
from geo.store.engine import build_engine, exclusive, parse_url
from tests.store.frames import BY, NOON, count_history, make_stations

if TYPE_CHECKING:
    from pathlib import Path

    from geo.store import Store

FIRST = "0b6e5b0e-6f0b-4d0e-9c58-6d4e3f0b9a11"
HOUR = dt.timedelta(hours=1)


def add(
    store: Store, code: str = "A", device: str = "d", at: dt.datetime = NOON, *, state: str = "open"
) -> Report:
    return store.add_report(code, state, devices=[device], at=at, now=at).report


def test_a_report_comes_back_as_it_was_added(store: Store) -> None:
    store.save_stations(make_stations(), **BY)
    local = dt.timezone(8 * HOUR)
    at = (NOON - HOUR).astimezone(local)
    filed = store.add_report("A", "locked", devices=["d"], at=at, now=NOON, id=FIRST, near=True)
    expected = Report("A", "d", "locked", NOON - HOUR, FIRST, near=True, received_at=NOON)
    assert filed == (expected, True)
    assert store.find_report(FIRST, code="A", state="locked") == expected
    assert store.find_report(FIRST[::-1], code="A", state="locked") is None
    assert store.reports_since(NOON - HOUR) == [expected]
    assert store.reports_since(NOON) == []


def test_whether_the_device_was_near_may_be_unknown(store: Store) -> None:
    store.save_stations(make_stations(), **BY)
    for near in (True, False, None):
        store.add_report("A", "open", devices=["d"], at=NOON, now=NOON, near=near)
    assert {report.near for report in store.reports_since(NOON)} == {True, False, None}


def test_an_id_is_kept_once(store: Store) -> None:
    store.save_stations(make_stations(), **BY)
    first = store.add_report("A", "locked", devices=["d"], at=NOON, now=NOON, id=FIRST)
    again = store.add_report("A", "locked", devices=["e"], at=NOON + HOUR, now=NOON, id=FIRST)
    assert again == (first.report, False)
    assert len(store.reports_since(NOON)) == 1
    assert store.reports_seq() == 1


@pytest.mark.parametrize(("code", "state"), [("B", "locked"), ("A", "open")])
def test_an_id_of_another_report_is_refused(store: Store, code: str, state: str) -> None:
    store.save_stations(make_stations(), **BY)
    store.add_report("A", "locked", devices=["d"], at=NOON, now=NOON, id=FIRST)
    with pytest.raises(StoreConflictError, match="another report"):
        store.add_report(code, state, devices=["d"], at=NOON, now=NOON, id=FIRST)
    with pytest.raises(StoreConflictError, match="another report"):
        store.find_report(FIRST, code=code, state=state)


def test_what_cannot_be_kept_is_refused(store: Store) -> None:
    store.save_stations(make_stations(), **BY)
    with pytest.raises(UnknownStationError, match="nowhere"):
        add(store, "nowhere")
    with pytest.raises(InvalidOptionError, match="shut"):
        add(store, state="shut")
    with pytest.raises(InvalidOptionError, match="device"):
        store.add_report("A", "open", devices=[], at=NOON, now=NOON)
    with pytest.raises(InvalidOptionError, match="zone"):
        add(store, at=NOON.replace(tzinfo=None))
    assert store.reports_seq() == 0


def test_a_device_goes_on_by_the_oldest_name_it_has_reported_under(store: Store) -> None:
    store.save_stations(make_stations(), **BY)

    def name_of(*devices: str) -> str:
        return store.add_report("A", "open", devices=devices, at=NOON, now=NOON).report.device

    assert name_of("k1", "k2") == "k2"
    assert name_of("k1", "k2", "k3") == "k2"
    assert name_of("k3", "k4") == "k4"
    assert name_of("k2", "k3", "k4") == "k2"


def test_reports_are_narrowed_to_stations_and_their_devices(store: Store) -> None:
    store.save_stations(make_stations(["A", "B", "C"]), **BY)
    add(store, "C", "f", NOON + 3 * HOUR)
    add(store, "B", "e", NOON + 2 * HOUR)
    add(store, "A", "e", NOON + HOUR)
    add(store, "A", "d", NOON)

    def found(codes: list[str] | None, *, with_devices: bool = False) -> str:
        reports = store.reports_since(NOON, codes, with_devices=with_devices)
        return " ".join(report.code + report.device for report in reports)

    assert found(None) == found(None, with_devices=True) == "Ad Ae Be Cf"
    assert found(["A"]) == "Ad Ae"
    assert found(["A"], with_devices=True) == "Ad Ae Be"
    assert found([]) == found([], with_devices=True) == ""
    many = [f"S{place}" for place in range(40_000)]
    assert found([*many, "B"]) == "Be"
    assert found(["A", *many, "B"], with_devices=True) == "Ad Ae Be"


def test_what_was_seen_at_once_comes_as_it_came(store: Store) -> None:
    store.save_stations(make_stations(), **BY)
    for device in "dbca":
        add(store, "A", device)
    assert "".join(report.device for report in store.reports_since(NOON)) == "dbca"


def test_stations_that_two_devices_called_locked_are_found(store: Store) -> None:
    store.save_stations(make_stations(["A", "B", "C", "D", "E"]), **BY)
    for code, device, later in (("A", "d", 0), ("A", "e", 5), ("B", "d", 1), ("B", "d", 5)):
        add(store, code, device, NOON + later * HOUR, state="locked")
    add(store, "C", "d", NOON + 5 * HOUR, state="locked")
    add(store, "C", "e", NOON + 5 * HOUR, state="open")
    for place, device in enumerate("ddedd"):
        add(store, "D", device, NOON + place * 12 * HOUR, state="locked")
    for place, device in enumerate("de"):
        add(store, "E", device, NOON + place * 24.1 * HOUR, state="locked")

    def found(since: float, recent: float) -> str:
        return "".join(store.called_locked(since=NOON + since * HOUR, recent=NOON + recent * HOUR))

    assert found(0, 0) == "AD"
    assert found(0, 5.1) == "D"
    assert found(0, 49) == ""
    assert found(1, 1) == "D"


def test_reports_leave_stations_and_their_numbers_alone(store: Store) -> None:
    store.save_stations(make_stations(), **BY)
    before = store.change_seq(), count_history(store), store.last_change()
    add(store, state="gone")
    assert (store.change_seq(), count_history(store), store.last_change()) == before
    assert list(store.read_stations()["status"]) == list(make_stations()["status"])


def test_the_number_of_reports_grows_with_each(store: Store) -> None:
    store.save_stations(make_stations(), **BY)
    numbers = [store.reports_seq()]
    for _twice in range(2):
        add(store)
        numbers.append(store.reports_seq())
    assert numbers == [0, 1, 2]


def test_reports_of_a_device_are_counted_by_when_they_came(store: Store) -> None:
    store.save_stations(make_stations(), **BY)
    store.add_report("A", "open", devices=["d"], at=NOON - 40 * HOUR, now=NOON)
    add(store, "B", "d", NOON - 2 * HOUR)
    add(store, "B", "e", NOON)
    assert store.count_reports(["d", "x"], since=NOON - HOUR) == 1
    assert store.count_reports(["d", "e"], since=NOON - 2 * HOUR) == 3
    assert store.count_reports([], since=NOON) == 0


def test_old_reports_are_purged_and_numbers_never_given_twice(store: Store) -> None:
    store.save_stations(make_stations(), **BY)
    add(store, at=NOON - 400 * 24 * HOUR)
    add(store, at=NOON)
    assert store.purge_reports(before=NOON - 399 * 24 * HOUR) == 1
    assert [report.at for report in store.reports_since(NOON - 999 * 24 * HOUR)] == [NOON]
    assert store.purge_reports(before=NOON + HOUR) == 1
    add(store)
    assert store.reports_seq() == 3


def test_staff_changes_are_told_from_imports(store: Store) -> None:
    codes = ["A", "B", "C", "D"]
    for place, origin in enumerate(("form", "import:list.csv", "demo")):
        stations = make_stations(codes[place : place + 1])
        store.save_stations(stations, actor="lin", origin=origin, now=NOON)
    store.set_status("B", "open", actor="lin", origin="form", now=NOON + HOUR)
    store.save_stations(
        make_stations(["B"], note=["x"]), actor="lin", origin="import:b.csv", now=NOON + 2 * HOUR
    )
    later = NOON + 9 * HOUR
    assert store.staff_changes(codes, until=later) == {"A": NOON, "B": NOON + HOUR}
    assert store.staff_changes(codes, until=NOON) == {"A": NOON}
    assert store.staff_changes(["D"], until=later) == {}


def test_reports_are_in_a_backup_and_come_back(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'nuanyi.db'}"
    with open_store(address) as store:
        store.save_stations(make_stations(), **BY)
        add(store)
        store.backup(tmp_path / "backup.db")
        add(store)
        restore_store(address, tmp_path / "backup.db")
        assert len(store.reports_since(NOON)) == 1
        add(store)
        assert len(store.reports_since(NOON)) == 2


@pytest.mark.parametrize("engine_name", ["sqlite", "postgres"])
def test_a_store_of_the_first_schema_is_upgraded(
    engine_name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    address = f"sqlite:///{tmp_path / 'nuanyi.db'}"
    if engine_name == "postgres":
        address = request.getfixturevalue("bare_postgres_url")
    engine = build_engine(parse_url(address))
    with exclusive(engine) as connection:
        command.upgrade(revision._config(connection), "0001")  # noqa: SLF001 - knows the migrations
    engine.dispose()
    assert upgrade(address).before == "0001"
    with open_store(address) as store:
        store.save_stations(make_stations(), **BY)
        add(store)
        assert store.reports_seq() == 1


def test_first_entries_stay_when_a_station_changes(store: Store) -> None:
    store.save_stations(make_stations(), **BY)
    entered = dict.fromkeys(make_stations()["code"], NOON)
    assert store.first_entries() == entered
    changed = make_stations().assign(name="x")
    store.save_stations(changed, **BY | {"now": NOON + HOUR})
    assert store.first_entries() == entered
