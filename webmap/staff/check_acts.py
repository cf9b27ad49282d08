"""What staff do with a check: take it or put it back, answer it, end it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from flask import abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext

from webmap.roles import needs_role
from webmap.staff.base import blueprint, writer
from webmap.staff.check_ends import settle
from webmap.staff.check_list import holds, stations_of
from webmap.staff.check_words import ENDS
from webmap.staff.desk import open_desk
from webmap.staff.territory import find_territory

if TYPE_CHECKING:
    import datetime as dt

    from werkzeug.wrappers import Response

    from geo.store import Store
    from geo.store.checks import Check

LONGEST_NOTE: Final = 500  # characters
_OF_LIST: Final = ("who", "about", "page")  # what a form knows of the list it stands on


@blueprint.post("/checks/<id>/take")
@needs_role("editor")
def take(id: str) -> Response:  # noqa: A002 - the column's name
    """Let colleagues know who looks into a check, or that nobody does any more."""
    store, check = _check(id)
    who, at = writer().name, _moment()
    if request.form.get("back"):
        is_done = store.put_back_check(id, actor=who, now=at)
        said = gettext("放回去了，别人可以去看。")
    else:
        is_done = store.take_check(id, actor=who, now=at, from_whom=request.form.get("from", ""))
        said = gettext("这一条归你去看。看完回来点一下结果。")
    flash(said if is_done else _too_late(store, check.id))
    return _back(id)


@blueprint.post("/checks/<id>/answer")
@needs_role("editor")
def answer(id: str) -> Response:  # noqa: A002 - as above
    """Keep what somebody saw; the check stays open."""
    store, check = _check(id)
    note = _note()
    if not note:
        flash(gettext("先写看到了什么，再记。"), "fault")
        return _back(id)
    is_kept = store.answer_check(id, note, actor=writer().name, now=_moment())
    flash(gettext("记下了，这一条还没有结束。") if is_kept else _too_late(store, check.id))
    return _back(id)


@blueprint.post("/checks/<id>")
@needs_role("editor")
def finish(id: str) -> Response:  # noqa: A002 - as above
    """End a check; what it says of the station is written down there."""
    store, check = _check(id)
    outcome, at, who = request.form.get("outcome", ""), _moment(), writer().name
    if outcome not in ENDS[check.reason]:
        abort(400)
    if not store.finish_check(id, outcome, actor=who, now=at, note=_note()):
        flash(gettext("这一条同事已经处理了。"))
        return _back()
    if settle(store, check, outcome, actor=who, now=at):
        flash(gettext("处理好了，谢谢。"))
        return _back()
    flash(gettext("记下了。再把这里的资料改对，比如状态、关到哪天，大家看到的才是对的。"))
    return redirect(url_for("staff.edit", code=check.code), 303)


def _check(id: str) -> tuple[Store, Check]:  # noqa: A002 - as above
    """Return the store of this request, and a check that the account at hand may act upon."""
    store = open_desk().store
    check = store.find_check(id)
    row = stations_of(store, [check.code]).get(check.code)
    if row is not None and not holds(find_territory(writer().area, store.read_areas()), row):
        abort(403)
    return store, check


def _too_late(store: Store, id: str) -> str:  # noqa: A002 - as above
    """Say why nothing was done with a check."""
    check = store.find_check(id)
    if check.done_at is None and check.taken_by:
        return gettext("%(who)s刚刚先拿去看了。", who=check.taken_by)
    if check.done_at is None:
        return gettext("这一条刚刚被放回来了，再点一次。")
    return gettext("这一条同事已经处理了。")


def _back(id: str = "") -> Response:  # noqa: A002 - as above
    """Go back to the list as it was filtered, to a check on it."""
    kept = {name: request.form[name] for name in _OF_LIST if request.form.get(name)}
    values: dict[str, str | None] = {**kept, "_anchor": f"c-{id}" if id else None}
    return redirect(url_for("staff.checks", **values), 303)  # type: ignore[arg-type]  # of Werkzeug


def _note() -> str:
    return request.form.get("note", "").strip()[:LONGEST_NOTE]


def _moment() -> dt.datetime:
    return cast("dt.datetime", current_app.extensions["clock"]())
