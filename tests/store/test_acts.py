"""Everything that was done is listed, a page at a time, and told in full for an audit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from geo.errors import InvalidOptionError
from geo.store import acts
from geo.store.acts import ActWish
from geo.store.reversal import Past
from tests.store.frames import BY, NOON, make_stations
from tests.store.test_undo import act, edit, undo

if TYPE_CHECKING:
    from geo.store import Store
    from geo.store.acts import Act


@pytest.fixture
def told(store: Store) -> Store:
    """Return a store after: one entered, an import of two, a change, the import undone."""
    store.save_stations(make_stations(["A"]), **BY)
    batch = act(store, ["B", "C"])
    edit(store, "A", capacity=2)
    undo(store, batch)
    return store


def words(found: list[Act]) -> list[str]:
    """Return what each act did."""
    return [one.what.action if isinstance(one.what, Past) else one.what.kind for one in found]


def test_acts_are_listed_the_last_first_each_act_upon_many_once(told: Store) -> None:
    found = told.list_acts()
    assert words(found) == ["undo", "update", "import", "create"]
    assert [one.origin for one in found] == ["", "form", "", "form"]


def test_a_list_is_read_page_by_page(told: Store) -> None:
    all_of_it = told.list_acts()
    first = told.list_acts(limit=3)
    told.save_stations(make_stations(["Z"]), **BY)
    rest = told.list_acts(below=first[-1].seq, limit=3)
    assert first + rest == all_of_it


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (ActWish(actor="lin"), ["import", "create"]),
        (ActWish(actor="wang"), ["undo"]),
        (ActWish(actor="nobody"), []),
        (ActWish(kind="one"), ["update", "create"]),
        (ActWish(kind="import"), ["import"]),
        (ActWish(kind="bulk"), []),
        (ActWish(since=NOON + timedelta(hours=1)), ["undo", "update"]),
        (ActWish(since=NOON, before=NOON + timedelta(hours=2)), ["update", "import", "create"]),
    ],
)
def test_acts_are_chosen_by_who_when_and_kind(
    told: Store, wish: ActWish, expected: list[str]
) -> None:
    assert words(told.list_acts(wish)) == expected


def test_an_unknown_kind_or_a_moment_without_zone_is_refused(store: Store) -> None:
    with pytest.raises(InvalidOptionError, match="drop"):
        ActWish(kind="drop")
    with pytest.raises(InvalidOptionError, match="zone"):
        store.list_acts(ActWish(since=datetime(2026, 1, 1)))  # noqa: DTZ001 - that is the matter


def test_everybody_who_ever_wrote_is_named(told: Store) -> None:
    assert told.list_actors() == ["lin", "wang", "zhao"]


def test_the_changes_of_an_act_are_told_by_code(told: Store) -> None:
    (batch,) = [one for one in told.list_batches() if one.kind == "import"]
    found = told.batch_changes(batch.id)
    assert [(one.code, one.action, one.actor) for one in found] == [
        ("B", "create", "lin"),
        ("C", "create", "lin"),
    ]
    assert told.batch_changes(batch.id, limit=1) == found[:1]
    assert told.batch_changes(batch.id, after="B") == found[1:]
    assert told.batch_changes("nobody") == []


def test_the_audit_tells_every_row_once_whatever_the_part(
    told: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(told.read_audit())
    monkeypatch.setattr(acts, "_CHUNK", 2)
    assert list(told.read_audit()) == whole
    assert [(one.code, one.action, one.kind) for one in whole] == [
        ("A", "create", "one"),
        ("B", "create", "import"),
        ("C", "create", "import"),
        ("A", "update", "one"),
        ("B", "remove", "undo"),
        ("C", "remove", "undo"),
    ]
    assert (whole[3].actor, whole[3].origin, whole[3].after) == ("zhao", "form", {"capacity": 2})
    assert [one.seq for one in told.read_audit(code="A")] == [whole[0].seq, whole[3].seq]
    assert [one.code for one in told.read_audit(ActWish(actor="wang"))] == ["B", "C"]
    assert [one.code for one in told.read_audit(ActWish(kind="one"))] == ["A", "A"]
    assert [one.code for one in told.read_audit(ActWish(kind="undo"))] == ["B", "C"]


def test_the_audit_says_why(store: Store) -> None:
    store.save_stations(make_stations(["A"]), **BY)
    store.set_status("A", "closed", actor="lin", origin="form", now=NOON, note="搬走了")
    batch, _ = store.save_batch(make_stations(["B"]), kind="bulk", source="", note="冬季时间", **BY)
    assert [one.note for one in store.read_audit()] == ["", "搬走了", "冬季时间"]
    assert [one.note for one in store.list_acts()] == ["冬季时间", "搬走了", ""]
    assert store.history("A")["note"].tolist() == ["", "搬走了"]
    assert [one.batch for one in store.read_audit()] == ["", "", batch]
