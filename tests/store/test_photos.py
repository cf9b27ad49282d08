"""Photos in the store: loose, of a station, shown, refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from geo.errors import InvalidOptionError
from geo.photos import Photo
from geo.store.photos import MOST_OF_STATION

if TYPE_CHECKING:
    from geo.store import Store

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
PICTURE = Photo(b"\xff\xd8\xffpicture", 640, 480)


def added(store: Store, code: str = "A", *, hours: int = 0) -> str:
    id_ = store.add_photo(PICTURE, actor="小王", now=NOW + timedelta(hours=hours))
    if code:
        assert store.attach_photos([id_], code, actor="小王") == 1
    return id_


def test_photo_waits_until_it_is_judged(store: Store) -> None:
    id_ = added(store)
    (found,) = store.list_photos(codes=["A"])
    assert (found.id, found.state, found.width, found.added_by) == (id_, "waiting", 640, "小王")
    assert store.count_photos("waiting") == 1
    assert store.list_photos(codes=["A"], state="shown") == []
    assert store.judge_photo(id_, "shown", actor="老赵", now=NOW)
    (found,) = store.list_photos(codes=["A"], state="shown")
    assert (found.judged_by, found.judged_at) == ("老赵", "2026-03-02T04:00:00+00:00")
    assert store.read_jpeg(id_) == PICTURE.jpeg


def test_refused_photo_loses_its_picture_for_good(store: Store) -> None:
    id_ = added(store)
    assert store.judge_photo(id_, "shown", actor="老赵", now=NOW)
    assert store.judge_photo(id_, "refused", actor="老赵", now=NOW)
    assert store.read_jpeg(id_) == b""
    assert not store.judge_photo(id_, "shown", actor="老赵", now=NOW)
    found = store.find_photo(id_)
    assert found is not None
    assert found.state == "refused"


def test_loose_photo_belongs_to_its_account_and_goes_after_a_day(store: Store) -> None:
    loose = added(store, "")
    assert store.list_photos() == []
    assert not store.judge_photo(loose, "shown", actor="老赵", now=NOW)
    assert store.attach_photos([loose], "A", actor="小李") == 0
    added(store, "B", hours=25)
    assert store.find_photo(loose) is None


def test_photo_of_a_station_is_not_given_to_another(store: Store) -> None:
    id_ = added(store, "A")
    assert store.attach_photos([id_, "what"], "B", actor="小王") == 0
    assert [found.code for found in store.list_photos()] == ["A"]


def test_station_has_so_many_photos_and_no_more(store: Store) -> None:
    ids = [store.add_photo(PICTURE, actor="小王", now=NOW) for _ in range(MOST_OF_STATION + 2)]
    assert store.attach_photos(ids, "A", actor="小王") == MOST_OF_STATION
    (first, *_) = store.list_photos()
    store.judge_photo(first.id, "refused", actor="老赵", now=NOW)
    assert store.attach_photos(ids, "A", actor="小王") == 1


def test_photo_changes_no_station(store: Store) -> None:
    before = store.change_seq()
    store.judge_photo(added(store), "shown", actor="老赵", now=NOW)
    assert store.change_seq() == before


def test_photo_is_shown_or_refused_and_nothing_else(store: Store) -> None:
    with pytest.raises(InvalidOptionError):
        store.judge_photo(added(store), "waiting", actor="老赵", now=NOW)
    assert not store.judge_photo("what", "shown", actor="老赵", now=NOW)
    assert store.find_photo("what") is None
    assert store.read_jpeg("what") == b""
