"""Two phones find a door locked: badge, rank, effective coverage, a check; and how it ends."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pytest

from geo.coverage import coverage
from geo.network import write_network
from geo.stations.doubts import Doubt
from geo.store.engine import writing
from geo.store.records import Stamp
from geo.store.stations import save_stations
from geo.tracks import read_tracks
from tests.networks import network_of, to_degrees
from tests.walks import street_walk, write_walks
from tests.webmap.staff.conftest import send
from webmap.checks import confirm_station
from webmap.evidence import judge_evidence, locked_at
from webmap.keeper import acts

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from geo.network import Network
    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings

START: Final = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)  # Monday 10:00 on the stations' clock
HOUR: Final = dt.timedelta(hours=1)
NEAR, FAR = "A", "B"
BADGE = "人说锁着"


class World:
    """A street, two stations on it, a clock, and phones at the door of the nearer one."""

    def __init__(self, app: Flask, store: Store, network: Network, folder: Path) -> None:
        self.store, self.network, self.now = store, network, START
        self._folder, self._client = folder, app.test_client()
        app.extensions["clock"] = lambda: self.now

    def tell(self, state: str, phone: str, code: str = NEAR, **more: str) -> Any:  # noqa: ANN401
        """Let a phone report."""
        body = {"state": state, "mark": phone, **more}
        answer = self._client.post(f"/api/v1/stations/{code}/reports", json=body)
        assert answer.status_code == 201, answer.text
        return answer.get_json()

    def badge(self) -> str:
        """Return what a card of the nearer station says of locks, "" for nothing."""
        page = self._client.get(f"/near?{_at(100)}").text
        lines = [line for line in page.splitlines() if BADGE in line]
        return lines[0].strip() if lines else ""

    def rank(self) -> list[tuple[str, str]]:
        """Return code and state of the stations from 100 m along the street."""
        found = self._client.get(f"/api/v1/nearest?{_at(100)}").get_json()["results"]
        return [(one["code"], one["state"]) for one in found]

    def covered(self) -> tuple[float, float]:
        """Return nominal and effective coverage of a walk that only the nearer station serves."""
        path = write_walks(street_walk([0, 200, 400], [28_800, 28_980, 29_160]), self._folder)
        at = self.now
        with read_tracks([path]) as tracks:
            found = coverage(
                tracks,
                self.store.read_stations(),
                self.network,
                as_of=at,
                locked=locked_at(self.store, at),
                evidence=judge_evidence(self.store, at),
            )
        summary = found.summary()
        return summary["nominal"]["share_time"], summary["effective"]["share_time"]

    def checks(self) -> list[tuple[str, str]]:
        """Return station and reason of the open checks."""
        return [(check.code, check.reason) for check in self.store.list_checks()]

    def looks(self) -> tuple[bool, list[str], tuple[float, float], int]:
        """Return badge, order, coverage and number of checks, all at once."""
        order = [code for code, _ in self.rank()]
        return bool(self.badge()), order, self.covered(), len(self.checks())


@pytest.fixture
def world(app: Flask, own_store: Store, save: Save, settings: Settings, tmp_path: Path) -> World:
    """Make a street of 2 km, one station at its beginning, one 1.6 km on; both always open."""
    made = network_of([(100 * k, 0) for k in range(21)], [(k, k + 1) for k in range(20)])
    folder = settings.cities / "street"
    folder.mkdir(parents=True)
    write_network(made, folder / "network")
    west, south, east, north = made.bounds
    box = f'"west": {west}, "south": {south - 0.01}, "east": {east}, "north": {north + 0.01}'
    (folder / "city.json").write_text(f'{{"code": "street", {box}, "sources": []}}')
    lon, lat = to_degrees([0, 1600], [0, 0])
    save(
        *(
            {"code": code, "name": f"驿站 {code}", "lon": repr(x), "lat": repr(y), "hours": "24/7",
             "amenities": "microwave;toilet"}
            for code, x, y in zip((NEAR, FAR), lon.tolist(), lat.tolist(), strict=True)
        )
    )  # fmt: skip
    return World(app, own_store, made, tmp_path / "walk.csv")


def _at(x_m: float) -> str:
    (lon,), (lat,) = to_degrees([x_m], [0])
    return f"lon={float(lon)}&lat={float(lat)}"


FREE = (False, [NEAR, FAR], (1.0, 1.0), 0)
LOCKED = (True, [FAR, NEAR], (1.0, 0.0), 1)


def test_two_phones_change_badge_rank_coverage_and_open_a_check(world: World) -> None:
    assert world.looks() == FREE
    world.tell("locked", "one")
    assert world.looks() == FREE
    world.now += HOUR
    assert world.tell("locked", "two")["reported_locked"]
    assert world.looks() == LOCKED
    assert "刚才有 2 人说锁着" in world.badge()
    assert world.rank()[1] == (NEAR, "reported_locked")
    assert world.checks() == [(NEAR, "locked")]


def test_a_third_from_the_same_phone_changes_nothing(world: World) -> None:
    for phone in ("one", "one", "one"):
        world.tell("locked", phone)
    assert world.looks() == FREE
    world.tell("locked", "two")
    world.tell("locked", "two")
    assert world.looks() == LOCKED
    assert "有 2 人说锁着" in world.badge()


def test_one_open_of_another_phone_ends_it(world: World) -> None:
    world.tell("locked", "one")
    world.tell("locked", "two")
    world.now += HOUR
    world.tell("open", "three")
    badge, order, covered, checks = world.looks()
    assert (badge, order, covered) == FREE[:3]
    assert checks == 1  # somebody stood before a locked door: staff still look into it


def test_it_takes_two_open_of_those_who_said_locked(world: World) -> None:
    world.tell("locked", "one")
    world.tell("locked", "two")
    world.tell("open", "one")
    assert world.looks() == LOCKED
    world.tell("open", "two")
    assert world.looks()[:3] == FREE[:3]


def test_after_72_hours_it_ends_and_still_wants_a_check(world: World) -> None:
    world.tell("locked", "one")
    world.tell("locked", "two")
    world.now += 71.9 * HOUR
    assert world.looks() == LOCKED
    assert "3 天前有 2 人说锁着" in world.badge()
    world.now += 0.2 * HOUR
    assert world.looks()[:3] == FREE[:3]
    assert world.checks() == [(NEAR, "locked")]


def test_a_lock_that_ran_out_unseen_opens_its_check_within_the_hour(world: World) -> None:
    store, at = world.store, START
    for phone in ("one", "two"):  # as by a process that had no time to open the check
        store.add_report(NEAR, "locked", devices=[phone], at=at, now=at)
    world.now += 73 * HOUR
    assert world.checks() == []
    assert not world.badge()
    assert world.checks() == [(NEAR, "locked")]


def test_staff_end_it_from_the_list_of_checks(world: World, login: Login) -> None:
    world.tell("locked", "one")
    world.tell("locked", "two")
    world.now += HOUR
    browser = login()
    _finish(browser, world.store.list_checks()[0].id, "fine", note="打电话问过，一直开着")
    assert world.looks() == FREE
    (done,) = world.store.list_checks(is_done=True)
    assert (done.outcome, done.note, done.done_by) == ("fine", "打电话问过，一直开着", "小王")
    row = world.store.read_stations(codes=[NEAR]).iloc[0]
    assert row["verified_on"] == "2026-03-02"
    world.now += HOUR  # the same day: verified again, without another change of the station
    world.tell("locked", "one")
    world.tell("locked", "two")
    assert world.looks() == LOCKED
    _finish(browser, world.store.list_checks()[0].id, "fine")
    assert world.looks() == FREE


def test_what_staff_have_mended_is_open_at_once(world: World, login: Login) -> None:
    world.tell("locked", "one")
    world.tell("locked", "two")
    world.now += HOUR
    assert world.looks() == LOCKED
    _finish(login(), world.store.list_checks()[0].id, "mended")
    assert world.looks() == FREE
    assert world.store.read_stations(codes=[NEAR]).iloc[0]["verified_on"] == "2026-03-02"
    world.now += HOUR
    world.tell("locked", "one")
    assert world.looks() == FREE  # the earlier ones count no more
    world.tell("locked", "two")
    assert world.looks() == LOCKED


def test_who_confirms_the_station_ends_its_lock_with_and_without_a_check(world: World) -> None:
    for outcome in ("", "true"):  # of the check: open; done, and the lock goes on
        world.tell("locked", "one")
        world.tell("locked", "two")
        for check in world.store.list_checks() if outcome else ():
            world.store.finish_check(check.id, outcome, actor="小王", now=world.now)
        assert world.badge()
        world.now += HOUR
        confirm_station(world.store, NEAR, actor="店员", origin="keeper", now=world.now)
        assert world.looks() == FREE
        world.now += HOUR
    assert {check.done_by for check in world.store.list_checks(is_done=True)} == {"店员", "小王"}


def test_a_keeper_ends_a_lock_by_a_word_of_the_door_and_of_nothing_else(world: World) -> None:
    world.tell("locked", "one")
    world.tell("locked", "two")
    world.store.open_checks([Doubt(NEAR, "hours", "", world.now)], now=world.now)
    world.now += HOUR
    acts.tell_amenity(world.store, NEAR, "microwave", "broken", actor="店员", at=world.now)
    assert world.badge()
    acts.confirm(world.store, NEAR, actor="店员", at=world.now)
    assert not world.badge()
    assert world.checks() == [(NEAR, "hours")]  # a question of the record, not of the door


def test_an_amenity_that_is_checked_ends_no_lock(world: World, login: Login) -> None:
    world.tell("locked", "one")
    world.tell("locked", "two")
    world.tell("broken", "one", amenity="microwave")
    (check,) = [one for one in world.store.list_checks() if one.reason == "broken"]
    world.now += HOUR
    _finish(login(), check.id, "true")
    assert world.store.read_stations(codes=[NEAR]).iloc[0]["amenities"] == "microwave:broken;toilet"
    assert world.looks() == LOCKED


@pytest.mark.parametrize(("batch", "badge"), [("", ""), ("an act upon many", BADGE)])
def test_of_staffs_changes_an_act_upon_many_stations_ends_no_lock(
    world: World, batch: str, badge: str
) -> None:
    world.tell("locked", "one")
    world.tell("locked", "two")
    world.now += HOUR
    changed = pd.DataFrame({"code": [NEAR], "host": ["bank"]})
    stamp = Stamp("小王", "form", world.now.isoformat(timespec="seconds"), batch)
    with writing(world.store.engine) as work:
        save_stations(work, changed, stamp, blank=False, unchanged_since=None)
    assert badge in world.badge()
    assert bool(badge) == bool(world.badge())


def test_what_staff_say_is_so_stays_locked(world: World, login: Login) -> None:
    world.tell("locked", "one")
    world.tell("locked", "two")
    world.now += HOUR
    _finish(login(), world.store.list_checks()[0].id, "true")
    badge, order, covered, checks = world.looks()
    assert (badge, order, covered) == LOCKED[:3]
    assert checks == 0
    world.now += HOUR
    world.tell("locked", "three")
    assert world.checks() == [(NEAR, "locked")]


def _finish(browser: FlaskClient, check: str, outcome: str, *, note: str = "") -> None:
    typed = {"outcome": outcome, "note": note}
    answer = send(browser, f"/staff/checks/{check}", typed, page="/staff/checks")
    assert answer.status_code == 303, answer.text
