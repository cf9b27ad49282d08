"""Accounts: created once, changed by name, their hashes kept out of sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.errors import InvalidOptionError, StoreConflictError, UnknownUserError
from tests.store.frames import NOON

if TYPE_CHECKING:
    from geo.store import Store

_HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"


def test_an_account_comes_back_as_it_was_added(store: Store) -> None:
    added = store.add_user("林", role="editor", area="110101", password_hash=_HASH, now=NOON)
    assert store.find_user("林") == added
    assert (added.role, added.area, added.password_hash) == ("editor", "110101", _HASH)
    assert (added.created_at, added.disabled) == ("2026-03-02T12:00:00+00:00", False)


def test_nobody_is_found_under_an_unknown_name(store: Store) -> None:
    assert store.find_user("nobody") is None
    assert store.list_users() == []


def test_accounts_are_listed_by_name(store: Store) -> None:
    for name in ("wang", "Li", "an"):
        store.add_user(name, role="viewer", password_hash=_HASH, now=NOON)
    assert [user.name for user in store.list_users()] == ["Li", "an", "wang"]


def test_a_name_is_given_once(store: Store) -> None:
    store.add_user("lin", role="viewer", password_hash=_HASH, now=NOON)
    with pytest.raises(StoreConflictError, match="lin exists already"):
        store.add_user("lin", role="admin", password_hash=_HASH, now=NOON)
    assert [user.role for user in store.list_users()] == ["viewer"]


@pytest.mark.parametrize(
    ("name", "role", "password_hash"),
    [("", "viewer", _HASH), ("lin", "viewer", ""), ("lin", "king", _HASH)],
)
def test_a_faulty_account_is_refused(
    store: Store, name: str, role: str, password_hash: str
) -> None:
    with pytest.raises(InvalidOptionError):
        store.add_user(name, role=role, password_hash=password_hash, now=NOON)
    assert store.list_users() == []


def test_an_account_is_changed_in_the_parts_named(store: Store) -> None:
    store.add_user("lin", role="viewer", area="110101", password_hash=_HASH, now=NOON)
    store.change_user("lin", role="admin", area="", disabled=True)
    user = store.find_user("lin")
    assert user is not None
    assert (user.role, user.area, user.disabled) == ("admin", "", True)
    assert user.password_hash == _HASH
    before = store.change_seq()
    store.change_user("lin", disabled=True)
    assert store.change_seq() == before


def test_faulty_changes_are_refused(store: Store) -> None:
    store.add_user("lin", role="viewer", password_hash=_HASH, now=NOON)
    with pytest.raises(UnknownUserError, match="wang"):
        store.change_user("wang", role="admin")
    with pytest.raises(InvalidOptionError, match="king"):
        store.change_user("lin", role="king")
    with pytest.raises(InvalidOptionError, match="password"):
        store.change_user("lin", password_hash="")


def test_the_hash_stays_out_of_logs(store: Store) -> None:
    user = store.add_user("lin", role="viewer", password_hash=_HASH, now=NOON)
    assert "argon2" not in repr(user)


@pytest.mark.parametrize("name", ["a/b", " lin", "lin\n", "x" * 61, "\x00"])
def test_a_name_that_no_page_could_carry_is_refused(store: Store, name: str) -> None:
    with pytest.raises(InvalidOptionError, match="cannot be a name"):
        store.add_user(name, role="viewer", password_hash=_HASH, now=NOON)


def test_a_keeper_is_found_by_the_hash_of_the_link(store: Store) -> None:
    added = store.add_keeper("店里", stations=["B", "A", "B"], now=NOON, link_hash="h1")
    assert (added.role, added.stations, added.area) == ("keeper", ["B", "A"], "")
    assert store.find_keeper("h1") == store.find_user("店里") == added
    store.change_keeper("店里", link_hash="h2")
    assert store.find_keeper("h1") is None
    store.change_keeper("店里", link_hash="", stations=["C"])
    changed = store.find_user("店里")
    assert changed is not None
    assert (changed.link_hash, changed.stations) == ("", ["C"])


def test_no_link_is_nobodys(store: Store) -> None:
    store.add_user("lin", role="viewer", password_hash=_HASH, now=NOON)
    store.add_keeper("店里", stations=["A"], now=NOON)
    assert store.find_keeper("") is None


def test_a_keeper_has_stations_and_nothing_of_the_other_roles(store: Store) -> None:
    store.add_keeper("店里", stations=["A"], now=NOON)
    store.add_user("lin", role="viewer", password_hash=_HASH, now=NOON)
    with pytest.raises(InvalidOptionError, match="needs a station"):
        store.add_keeper("二店", stations=[], now=NOON)
    with pytest.raises(InvalidOptionError, match="needs a station"):
        store.change_keeper("店里", stations=[])
    with pytest.raises(InvalidOptionError, match="is a keeper"):
        store.change_user("店里", role="admin")
    with pytest.raises(InvalidOptionError, match="is a keeper"):
        store.change_user("店里", password_hash=_HASH)
    with pytest.raises(InvalidOptionError, match="is a keeper"):
        store.change_user("店里", area="110101")
    with pytest.raises(InvalidOptionError, match="keeper"):
        store.change_user("lin", role="keeper")
    with pytest.raises(InvalidOptionError, match="keeper"):
        store.add_user("an", role="keeper", password_hash=_HASH, now=NOON)
    with pytest.raises(UnknownUserError, match="no keeper"):
        store.change_keeper("lin", link_hash="h")
    store.change_user("店里", disabled=True)
    keeper = store.find_user("店里")
    assert keeper is not None
    assert keeper.disabled
