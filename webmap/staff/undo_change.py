"""Undoing one change of one station, field by field."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from geo.errors import StoreConflictError
from geo.store.reversal import UNITS
from webmap.forms.labels import LABELS
from webmap.forms.say import say_cell, say_stamp
from webmap.roles import needs_role
from webmap.staff.acts_words import say_fields
from webmap.staff.base import blueprint, my_territory, writer
from webmap.staff.desk import open_desk
from webmap.staff.history import say_difference
from webmap.staff.reason import LONGEST, read_reason
from webmap.staff.undo import cells_of, outside_of
from webmap.words import say_list

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from geo.store import UndoReport
    from geo.store.reversal import Past
    from webmap.forms.say import Change
    from webmap.staff.desk import Desk

    Page = tuple[str, int]

_ORDER: Final = list(LABELS)


class Choice(NamedTuple):
    """Fields that go back together: what they hold, and what they would hold again."""

    fields: str  # names, with commas between: the value of the box
    label: str
    changes: list[Change]  # from what they hold now to what they held
    back: str
    is_same: bool  # they hold it already
    actor: str  # who changed them since; "" nobody
    is_kept: bool  # they were changed since


@blueprint.get("/changes/<int:seq>/undo")
@needs_role("editor")
def undo_change(seq: int) -> Page:
    """Show what undoing one change would do."""
    desk = open_desk()
    return _page(desk, desk.store.find_change(seq))


@blueprint.post("/changes/<int:seq>/undo")
@needs_role("editor")
def undo_change_now(seq: int) -> Page | Response:
    """Take the chosen fields of one change back, or the whole of it."""
    desk = open_desk()
    past = desk.store.find_change(seq)
    is_update = past.action == "update"
    fields = [name for part in request.form.getlist("field") for name in part.split(",")]
    if is_update and not fields:
        flash(gettext("没有勾选要改回去的。"))
        return redirect(url_for("staff.undo_change", seq=seq), 303)
    seen = request.form.get("seen", default=-1, type=int)
    options: dict[str, Any] = {
        "actor": writer().name,
        "now": _now(),
        "fields": None if is_update and _is_whole(past, fields) else fields if is_update else None,
        "overwrite": is_update or request.form.get("sure") == "yes",
        "unchanged_since": seen,
    }
    try:
        trial = desk.store.undo_change(seq, dry_run=True, **options)
        if outside_of(my_territory(desk.store), trial.changes):
            return _page(desk, past, status=403)
        done = desk.store.undo_change(seq, note=read_reason("note"), **options)
    except StoreConflictError:
        flash(gettext("刚才又有人改了这个驿站。再看一遍，再点撤销。"))
        return redirect(url_for("staff.undo_change", seq=seq), 303)
    flash(
        gettext("撤销好了。") if done.batch else gettext("没有能改回去的，什么都没有动。"),
        "good" if done.batch else "message",
    )
    return redirect(url_for("staff.past", code=past.code), 303)


def _page(desk: Desk, past: Past, *, status: int = 200) -> Page:
    """Show a change, and what would go back."""
    store = desk.store
    seq = store.change_seq()  # before the rest: what changes meanwhile is noticed on saving
    trial = store.undo_change(past.seq, actor=writer().name, now=_now(), dry_run=True)
    forced = store.undo_change(
        past.seq, actor=writer().name, now=_now(), overwrite=True, dry_run=True
    )
    cells = cells_of(store, past.code)
    territory = my_territory(store)
    is_outside = bool(outside_of(territory, forced.changes))
    page = render_template(
        "staff/undo_change.html",
        desk=desk,
        past=past,
        name=(cells or {}).get("name") or _name(past),
        at=say_stamp(dt.datetime.fromisoformat(past.at)),
        choices=_choices(past, cells, trial) if past.action == "update" and cells else [],
        kept=trial.kept,
        can=bool(forced.changes),
        seen=seq,
        is_outside=is_outside,
        area=territory.name,
        longest=LONGEST,
    )
    return page, status


def _choices(past: Past, cells: dict[str, Any], trial: UndoReport) -> list[Choice]:
    """Return what can go back, by units of fields that mean one thing together."""
    kept = {one.field: one for one in trial.kept}
    going = {name for one in trial.changes for name in one.after}
    names = [name for name in past.after if name in LABELS]  # an older schema had others
    units = [tuple(name for name in unit if name in names) for unit in UNITS]
    single = [(name,) for name in names if not any(name in unit for unit in units)]
    found = []
    for unit in sorted(filter(None, [*units, *single]), key=lambda one: _ORDER.index(one[0])):
        back = say_list(filter(None, (say_cell(name, past.before.get(name)) for name in unit)))
        last = next((kept[name] for name in unit if name in kept), None)
        found.append(
            Choice(
                fields=",".join(unit),
                label=say_list(say_fields(unit)),
                changes=say_difference(
                    {name: cells[name] for name in unit},
                    {name: past.before.get(name, "") for name in unit},
                ),
                back=back,
                is_same=last is None and not going.intersection(unit),
                actor=last.actor if last else "",
                is_kept=last is not None,
            )
        )
    return found


def _is_whole(past: Past, fields: list[str]) -> bool:
    """Return whether all fields of a change are to go back."""
    return set(past.after) <= set(fields)


def _name(past: Past) -> str:
    return str(past.after.get("name") or past.before.get("name") or past.code)


def _now() -> dt.datetime:
    now: dt.datetime = current_app.extensions["clock"]()
    return now
