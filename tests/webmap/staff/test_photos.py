"""Photos sent with the form: kept through faults, looked at, shown to the public."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.test_photos import png_of
from tests.webmap.staff.conftest import STATION, error_at, fields_of, hidden, send

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

NEW, AT = "/staff/stations/new", "/staff/stations/A"


def jpeg(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


def send_with(
    browser: FlaskClient, address: str, typed: object, *files: tuple[bytes, str]
) -> TestResponse:
    """Send a form with photos as a browser sends it."""
    token = hidden(browser.get(address).text, "csrf_token")
    photos = [(io.BytesIO(data), name) for data, name in files]
    data = {"csrf_token": token, **dict(typed), "photo_file": photos}  # type: ignore[call-overload]
    return browser.post(address, data=data, content_type="multipart/form-data")


def shown_ids(store: Store) -> list[str]:
    return [photo.id for photo in store.list_photos(state="shown")]


def test_photo_of_a_new_station_waits_and_is_shown_once_it_was_looked_at(
    login: Login, own_store: Store
) -> None:
    browser = login()
    answer = send_with(browser, NEW, STATION, (jpeg(), "门口.jpg"))
    assert answer.status_code == 302
    assert "照片收到了，有人看过以后大家就能看到。" in browser.get("/staff/").text
    (photo,) = own_store.list_photos()
    code = own_store.read_stations()["code"].iloc[0]
    assert (photo.code, photo.state, photo.added_by) == (code, "waiting", "小王")
    public = f"/s/{code}/photo/{photo.id}.jpg"
    assert browser.get(public).status_code == 404
    assert photo.id not in browser.get(f"/s/{code}").text
    assert browser.get(f"/staff/photos/{photo.id}.jpg").mimetype == "image/jpeg"

    reviewer = login("老赵", "reviewer")
    assert "照片待看 1 张" in reviewer.get("/staff/").text
    assert photo.id in reviewer.get("/staff/photos").text
    judged = send(reviewer, f"/staff/photos/{photo.id}", {"outcome": "shown"}, page="/staff/photos")
    assert judged.status_code == 303
    assert public in reviewer.get(f"/s/{code}").text
    got = reviewer.get(public)
    assert got.data == own_store.read_jpeg(photo.id)
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "public, max-age=86400"
    again = reviewer.get(public, headers={"If-None-Match": got.headers["ETag"]})
    assert again.status_code == 304
    assert reviewer.get(f"/s/B/photo/{photo.id}.jpg").status_code == 404


def test_refused_photo_is_nowhere(login: Login, own_store: Store, save: Save) -> None:
    save({"code": "A", "name": "甲"})
    reviewer = login("老赵", "reviewer")
    send_with(reviewer, AT, fields_of(reviewer.get(AT).text), (jpeg(), "a.jpg"))
    (photo,) = own_store.list_photos()
    send(reviewer, f"/staff/photos/{photo.id}", {"outcome": "refused"}, page=AT)
    assert reviewer.get(f"/staff/photos/{photo.id}.jpg").status_code == 404
    assert reviewer.get(f"/s/A/photo/{photo.id}.jpg").status_code == 404
    assert photo.id not in reviewer.get(AT).text
    late = send(reviewer, f"/staff/photos/{photo.id}", {"outcome": "shown"}, page=AT)
    assert late.status_code == 303
    assert shown_ids(own_store) == []


def test_photo_survives_a_fault_elsewhere(login: Login, own_store: Store) -> None:
    browser = login()
    page = send_with(browser, NEW, STATION | {"name": ""}, (jpeg(), "a.jpg"))
    assert page.status_code == 422
    assert own_store.list_photos() == []
    shown = fields_of(page.text)
    assert browser.get(f"/staff/photos/{shown['photo_ids']}.jpg").status_code == 200
    assert login("小李").get(f"/staff/photos/{shown['photo_ids']}.jpg").status_code == 404
    assert send(browser, NEW, shown | {"name": "好名字"}).status_code == 302
    assert [photo.id for photo in own_store.list_photos()] == [shown["photo_ids"]]


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "门口.jpg", "不是照片"),
        (b"<!doctype html><script>alert(1)</script>", "门口.jpg", "不是照片"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "IMG_1.HEIC", "HEIC"),
        (png_of(10_000, 5_000), "门口.png", "像素太多"),
        (jpeg()[:300], "门口.jpg", "打不开"),
    ],
    ids=["svg", "html", "heic", "50-megapixel", "cut"],
)
def test_what_is_no_photo_is_said_at_its_field_and_nothing_is_saved(
    login: Login, own_store: Store, data: bytes, name: str, said: str
) -> None:
    page = send_with(login(), NEW, STATION, (data, name))
    assert page.status_code == 422
    assert said in error_at(page.text, "photo")
    assert fields_of(page.text)["name"] == STATION["name"]
    assert own_store.count_stations() == 0
    assert own_store.list_photos() == []


def test_good_photo_beside_a_bad_one_is_kept(login: Login) -> None:
    page = send_with(login(), NEW, STATION, (jpeg(), "a.jpg"), (b"GIF89a", "b.gif"))
    assert "不是照片" in error_at(page.text, "photo")
    assert fields_of(page.text)["photo_ids"]


def test_too_many_at_once_are_said(login: Login) -> None:
    page = send_with(login(), NEW, STATION, *[(jpeg(), "a.jpg")] * 5)
    assert "一次最多 4 张" in error_at(page.text, "photo")
    assert len(fields_of(page.text)["photo_ids"]) > 0


def test_photo_of_a_stored_station_alone_is_no_change_of_it(
    login: Login, own_store: Store, save: Save
) -> None:
    save({"code": "A", "name": "甲"})
    browser = login()
    before = len(own_store.history("A"))
    assert send_with(browser, AT, fields_of(browser.get(AT).text), (jpeg(), "a")).status_code == 302
    assert len(own_store.history("A")) == before
    assert [photo.code for photo in own_store.list_photos()] == ["A"]
    assert "等人看" in browser.get(AT).text


@pytest.mark.usefixtures("areas")
def test_reviewer_looks_at_the_photos_of_their_own_area(
    login: Login, own_store: Store, save: Save
) -> None:
    save(
        {"code": "A", "name": "甲", "lon": "116.41", "lat": "39.93"},
        {"code": "B", "name": "乙", "lon": "116.43", "lat": "39.93"},
    )
    ids = {}
    from geo.photos import Photo  # noqa: PLC0415 - for this test alone

    for code in ("A", "B"):
        now = datetime(2026, 3, 2, tzinfo=UTC)
        ids[code] = own_store.add_photo(Photo(jpeg(), 640, 480), actor="小王", now=now)
        own_store.attach_photos([ids[code]], code, actor="小王")
    reviewer = login("老赵", "reviewer", "110101005")
    page = reviewer.get("/staff/photos").text
    assert ids["A"] in page
    assert ids["B"] not in page
    foreign = send(
        reviewer, f"/staff/photos/{ids['B']}", {"outcome": "shown"}, page="/staff/photos"
    )
    assert foreign.status_code == 403
    odd = send(reviewer, f"/staff/photos/{ids['A']}", {"outcome": "x"}, page="/staff/photos")
    assert odd.status_code == 400
    assert shown_ids(own_store) == []


def test_form_without_a_session_may_carry_a_small_photo_and_is_kept(login: Login) -> None:
    browser = login()
    token = hidden(browser.get(NEW).text, "csrf_token")
    browser.delete_cookie("session")
    data = {"csrf_token": token, **STATION, "photo_file": [(io.BytesIO(jpeg()), "a.jpg")]}
    answer = browser.post(NEW, data=data, content_type="multipart/form-data")
    assert answer.status_code == 401
    assert STATION["name"] in answer.text
