"""Photos at the staff desk: sent with the form of a station, looked at before the public sees them.

A photo comes before its station is saved, so it is kept loose, and the form carries its id until
it is; a fault in another field costs nobody a second upload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from flask import (
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext

from geo.errors import InvalidPhotoError
from geo.photos import MOST_BYTES, MOST_PIXELS, make_photo
from geo.store.photos import REFUSED, SHOWN, WAITING
from webmap.moments import say_ago
from webmap.roles import account, needs_role
from webmap.staff.base import blueprint, my_territory, writer
from webmap.staff.desk import open_desk

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from werkzeug.wrappers import Response as Answer

    from geo.store import Store
    from geo.store.photos import KeptPhoto
    from webmap.forms.faults import Faults

FILES: Final = "photo_file"  # in a form: files
IDS: Final = "photo_ids"  # those that came before
FIELD: Final = "photo"  # at which faults are said
MOST_AT_ONCE: Final = 4
_MB: Final = 1024 * 1024
_OF_STRANGERS: Final = 2 * _MB  # whose session ran out while the form lay open: a photo made small
_WITH_PHOTOS: Final = ("staff.create", "staff.change")
_MOST_SHOWN: Final = 60


class Received(NamedTuple):
    """The photos of the form at hand."""

    ids: list[str]
    faults: Faults


class Line(NamedTuple):
    """One photo to look at."""

    id: str
    code: str
    name: str
    place: str
    who: str
    since: str
    width: int
    height: int


@blueprint.url_value_preprocessor
def _allow_photos(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let the form of a station be as large as its photos; this comes before any look at it."""
    if endpoint in _WITH_PHOTOS and request.mimetype == "multipart/form-data":
        who = account()
        is_writer = who is not None and who.may("editor")
        request.max_content_length = MOST_AT_ONCE * MOST_BYTES + _MB if is_writer else _OF_STRANGERS


def receive_photos(store: Store) -> Received:
    """Keep the photos of the form at hand, once in a request; what is none is a fault."""
    if "photos" not in g:
        g.photos = _receive(store)
    return cast("Received", g.photos)


def _receive(store: Store) -> Received:
    ids, faults = request.form.getlist(IDS)[:MOST_AT_ONCE], list[str]()
    files = [file for file in request.files.getlist(FILES) if file.filename]
    if len(ids) + len(files) > MOST_AT_ONCE:
        faults.append(gettext("一次最多 %(most)s 张照片，多的没有收。", most=MOST_AT_ONCE))
    for file in files[: MOST_AT_ONCE - len(ids)]:
        try:
            photo = make_photo(file.stream.read(MOST_BYTES + 1))
        except InvalidPhotoError as error:
            faults.append(_FAULTS[error.code]())
        else:
            ids.append(store.add_photo(photo, actor=writer().name, now=_now()))
    return Received(ids, {FIELD: faults} if faults else {})


def attach_received(store: Store, code: str) -> list[str]:
    """Give the photos of the form at hand to its station, and return what is to be said of it."""
    ids = receive_photos(store).ids
    if not ids:
        return []
    count = store.attach_photos(ids, code, actor=writer().name)
    if count == len(ids):
        return [gettext("照片收到了，有人看过以后大家就能看到。")]
    return [gettext("这个驿站的照片够多了，这次的没有全收。")]


def photos_of(store: Store, code: str) -> list[KeptPhoto]:
    """Return the photos of a station that the form shows: those not refused."""
    return [photo for photo in store.list_photos(codes=[code]) if photo.state != REFUSED]


@blueprint.get("/photos")
@needs_role("reviewer")
def photos() -> str:
    """Show the photos that wait for a look, those of the account's area alone."""
    desk = open_desk()
    lines = _lines(desk.store, desk.store.list_photos(state=WAITING))
    return render_template(
        "staff/photos.html", desk=desk, lines=lines[:_MOST_SHOWN], total=len(lines)
    )


@blueprint.post("/photos/<id>")
@needs_role("reviewer")
def judge_photo(id: str) -> Answer:  # noqa: A002 - the column's name
    """Show a photo to the public, or refuse it."""
    store, outcome = open_desk().store, request.form.get("outcome", "")
    photo = store.find_photo(id)
    if photo is None or not photo.code:
        abort(404)
    if outcome not in {SHOWN, REFUSED}:
        abort(400)
    if not _lines(store, [photo]):
        abort(403)
    if store.judge_photo(id, outcome, actor=writer().name, now=_now()):
        said = gettext("照片公开了。") if outcome == SHOWN else gettext("照片没有用，已经删掉。")
    else:
        said = gettext("这张照片同事已经处理了。")
    flash(said)
    back = url_for("staff.edit", code=photo.code) if "back" in request.form else ""
    return redirect(back or url_for("staff.photos"), 303)


@blueprint.get("/photos/<id>.jpg")
@needs_role("viewer")
def photo_file(id: str) -> Response:  # noqa: A002 - as above
    """Answer with a photo, shown or not; a loose one to its owner alone."""
    store = open_desk().store
    photo = store.find_photo(id)
    if photo is None or (not photo.code and photo.added_by != writer().name):
        abort(404)
    jpeg = store.read_jpeg(id)
    if not jpeg:
        abort(404)
    return Response(jpeg, mimetype="image/jpeg")


def _lines(store: Store, found: list[KeptPhoto]) -> list[Line]:
    """Put photos of the account's area into words."""
    codes = sorted({photo.code for photo in found})
    names = ("name", "address", "district", "subdistrict")
    rows = store.read_stations(codes=codes, columns=names).set_index("code").to_dict("index")
    territory, at = my_territory(store), _now()
    lines = []
    for photo in found:
        row = cast("dict[str, Any] | None", rows.get(photo.code))
        if row is None:
            continue
        if territory.holds(row["lon"], row["lat"], (row["district"], row["subdistrict"])):
            since = say_ago(_moment(photo.added_at), at)
            place = row["address"] or row["subdistrict"]
            size = photo.width, photo.height
            lines.append(
                Line(photo.id, photo.code, row["name"], place, photo.added_by, since, *size)
            )
    return lines


def _moment(text: str) -> dt.datetime:
    return type(_now()).fromisoformat(text)


def _now() -> dt.datetime:
    clock = cast("Callable[[], dt.datetime]", current_app.extensions["clock"])
    return clock()


_FAULTS: Final[dict[str, Callable[[], str]]] = {
    "too_heavy": lambda: gettext(
        "照片文件太大了，最多 %(mb)s MB。在相册里存小一点再传。", mb=MOST_BYTES // _MB
    ),
    "heic": lambda: gettext(
        "这是 HEIC 格式的照片，浏览器打不开。在相册里选“导出为 JPEG”，或者截个图再传。"
    ),
    "not_a_photo": lambda: gettext("这个文件不是照片。只收 JPEG、PNG、WebP。"),
    "too_large": lambda: gettext(
        "照片的像素太多了，最多 %(most)s 万。把相机调小一档再拍，或者截个图。",
        most=MOST_PIXELS // 10_000,
    ),
    "too_small": lambda: gettext("照片太小，看不清。换一张大一点的。"),
    "damaged": lambda: gettext("照片打不开，可能没有传完。再传一次，或者换一张。"),
}
