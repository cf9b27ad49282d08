"""Undoing on the page: first what would change and what would stay, then the act itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext

from geo.errors import StoreConflictError
from webmap.forms.labels import LABELS
from webmap.forms.say import say_cell, say_stamp
from webmap.roles import needs_role
from webmap.staff.acts_words import say_batch
from webmap.staff.base import blueprint, my_territory, roll_of, writer
from webmap.staff.desk import open_desk
from webmap.staff.history import say_difference
from webmap.staff.reason import LONGEST, read_reason

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from werkzeug.wrappers import Response

    from geo.store import Batch, Store, UndoReport
    from geo.store.reversal import Kept
    from geo.store.undo import Restored
    from webmap.forms.say import Change
    from webmap.staff.desk import Desk
    from webmap.staff.territory import Territory

    Page = tuple[str, int]

MOST_SHOWN: Final = 100


class Back(NamedTuple):
    """What an undo does to one station, ready to be written."""

    code: str
    name: str
    action: str  # create | update | remove
    changes: list[Change]


class Stays(NamedTuple):
    """What an undo leaves, and why."""

    code: str
    name: str
    label: str  # "" of a whole station
    now: str
    actor: str
    reason: str


@blueprint.get("/acts/<id>/undo")
@needs_role("editor")
def undo_act(id: str) -> Page:  # noqa: A002 - the column's name
    """Show what undoing an act upon many stations would change."""
    desk = open_desk()
    return _act_page(desk, desk.store.find_batch(id))


@blueprint.post("/acts/<id>/undo")
@needs_role("editor")
def undo_act_now(id: str) -> Page | Response:  # noqa: A002 - the column's name
    """Undo an act upon many stations, all of which lie in the writer's area."""
    desk = open_desk()
    store, batch = desk.store, desk.store.find_batch(id)
    if batch.undone_by:
        flash(gettext("这一次已经撤销过了。"))
        return redirect(url_for("staff.act", id=id), 303)
    seq = store.change_seq()
    who, at = writer().name, _now()
    seen = store.undo_batch(id, actor=who, now=at, dry_run=True)
    if outside_of(my_territory(store), seen.changes):
        return _act_page(desk, batch, status=403)
    try:
        done = store.undo_batch(
            id, actor=who, now=at, note=read_reason("note"), unchanged_since=seq
        )
    except StoreConflictError:
        flash(gettext("刚才又有人改了这里面的驿站。再看一遍，再点撤销。"))
        return redirect(url_for("staff.undo_act", id=id), 303)
    return _told(done, batch.id)


def outside_of(territory: Territory, changes: Sequence[Restored]) -> list[str]:
    """Return the codes of stations that lie outside an area, before or after a change."""
    return [
        one.code
        for one in changes
        if not (
            territory.holds_row(one.row)
            and (one.action != "update" or territory.holds_row({**one.row, **one.before}))
        )
    ]


def say_back(one: Restored) -> Back:
    """Put what happens to one station into words."""
    return Back(one.code, one.name, one.action, say_difference(one.before, one.after))


def say_stays(one: Kept, names: Mapping[str, str]) -> Stays:
    """Put what stays into words."""
    reasons = {
        "changed": gettext("后来有人改过"),
        "removed": gettext("驿站已经不在了"),
        "taken": gettext("又有了同一个编号的驿站"),
    }
    name = one.name or names.get(one.code, one.code)
    label = str(LABELS[one.field]) if one.field else ""
    now = say_cell(one.field, one.now) if one.field else ""
    return Stays(one.code, name, label, now, one.actor, reasons[one.reason])


def _act_page(desk: Desk, batch: Batch, *, status: int = 200) -> Page:
    """Show an act with what undoing it would do."""
    store = desk.store
    seen = None
    if not batch.undone_by:
        seen = store.undo_batch(batch.id, actor=writer().name, now=_now(), dry_run=True)
    territory = my_territory(store)
    outside = outside_of(territory, seen.changes) if seen else []
    names = _names(store)
    page = render_template(
        "staff/undo_act.html",
        desk=desk,
        batch=batch,
        title=say_batch(batch),
        at=say_stamp(batch.at),
        seen=seen,
        backs=[say_back(one) for one in seen.changes[:MOST_SHOWN]] if seen else [],
        stays=[say_stays(one, names) for one in seen.kept[:MOST_SHOWN]] if seen else [],
        outside=len(outside),
        area=territory.name,
        longest=LONGEST,
    )
    return page, status


def _names(store: Store) -> dict[str, str]:
    rows = roll_of(store)
    return dict(zip(rows["code"].tolist(), rows["name"].tolist(), strict=True))


def _told(done: UndoReport, id: str) -> Response:  # noqa: A002 - the column's name
    """Go to the undo, and say what it did."""
    if not done.batch:
        flash(gettext("没有能改回去的：都是原来的样子，或者后来有人改过。"))
        return redirect(url_for("staff.act", id=id), 303)
    number = len(done.restored) + len(done.removed)
    flash(
        ngettext("撤销好了，动了 %(num)s 个驿站。", "撤销好了，动了 %(num)s 个驿站。", number),
        "good",
    )
    return redirect(url_for("staff.act", id=done.batch), 303)


def _now() -> dt.datetime:
    now: dt.datetime = current_app.extensions["clock"]()
    return now


def cells_of(store: Store, code: str) -> dict[str, Any] | None:
    """Return all fields of a station; None if there is none of this code now."""
    found = store.read_stations(codes=[code]).drop(columns="geometry")
    return {str(name): cell for name, cell in found.iloc[0].items()} if len(found) else None
