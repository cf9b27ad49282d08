"""A device is known for a day, by nobody but this installation, and never by its address."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from webmap.devices import FOLDER, Bound, DeviceKeys

if TYPE_CHECKING:
    from pathlib import Path

NOON = dt.datetime(2026, 3, 2, 12, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
ADDRESS = "203.0.113.7"


@pytest.fixture
def keys(tmp_path: Path) -> DeviceKeys:
    return DeviceKeys(tmp_path)


def test_one_device_has_one_name_in_all_processes(keys: DeviceKeys, tmp_path: Path) -> None:
    names = keys.names("mark", ADDRESS, NOON)
    assert len(names) == 1
    assert DeviceKeys(tmp_path).names("mark", "198.51.100.1", NOON) == names
    assert keys.names("other", ADDRESS, NOON) != names
    assert keys.names("", ADDRESS, NOON) != names


def test_many_processes_starting_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        names = set(pool.map(lambda _: DeviceKeys(tmp_path).names("m", "", NOON), range(64)))
    assert len(names) == 1
    assert len(list((tmp_path / FOLDER).iterdir())) == 1


def test_a_name_lives_for_a_day_and_no_longer(keys: DeviceKeys) -> None:
    first = keys.names("mark", "", NOON)[0]
    for later in (1, 12, 23):
        assert keys.names("mark", "", NOON + later * HOUR)[0] == first
    assert first not in keys.names("mark", "", NOON + 24 * HOUR)


def test_a_key_is_thrown_away_when_it_is_a_day_old(keys: DeviceKeys, tmp_path: Path) -> None:
    keys.names("mark", "", NOON)
    (key,) = (tmp_path / FOLDER).iterdir()
    keys.throw_away(NOON + 23 * HOUR)
    assert key.exists()
    keys.throw_away(NOON + 24 * HOUR)
    assert not key.exists()


def test_nothing_is_made_where_nobody_reports(keys: DeviceKeys, tmp_path: Path) -> None:
    keys.throw_away(NOON)
    assert list(tmp_path.iterdir()) == []


def test_keys_are_private(keys: DeviceKeys, tmp_path: Path) -> None:
    keys.names("mark", "", NOON)
    folder = tmp_path / FOLDER
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_clock_that_goes_back_does_no_harm(keys: DeviceKeys) -> None:
    late = keys.names("mark", "", NOON + 5 * HOUR)
    early = keys.names("mark", "", NOON)
    assert len(early) == 1
    assert early != late


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (ADDRESS, ADDRESS, True),
        (ADDRESS, "203.0.113.8", False),
        (ADDRESS, f"::ffff:{ADDRESS}", True),
        ("2001:db8:1:2::3", "2001:db8:1:2:aaaa:bbbb:cccc:dddd", True),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", False),
        ("", "unix:", True),
    ],
)
def test_an_address_stands_for_a_device_without_a_mark(
    keys: DeviceKeys, one: str, other: str, *, same: bool
) -> None:
    assert (keys.names("", one, NOON) == keys.names("", other, NOON)) is same


def test_a_mark_that_looks_like_an_address_is_not_that_address(keys: DeviceKeys) -> None:
    assert keys.names(ADDRESS, "", NOON) != keys.names("", ADDRESS, NOON)


def test_a_bound_admits_so_many_within_a_time() -> None:
    bound = Bound(2, HOUR)
    assert [bound.admits("a", NOON) for _ in range(3)] == [True, True, False]
    assert bound.admits("b", NOON)
    assert not bound.admits("a", NOON + HOUR * 0.99)
    assert bound.admits("a", NOON + HOUR)
