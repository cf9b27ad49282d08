"""The page of doubtful records: two that may be one, side by side; positions that look odd."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar, cast

import pandas as pd
from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from geo.errors import StoreConflictError
from geo.nearest.arrival import wall_time
from geo.stations.schema import FIELD_BY_NAME
from geo.store.settled import ALIKE, Question
from webmap.record_doubts import SETTLED, DoubtLists
from webmap.roles import needs_role
from webmap.staff.asking import surroundings
from webmap.staff.base import blueprint, settings, writer
from webmap.staff.desk import open_desk
from webmap.staff.doubt_lines import couple_of, holds, read_rows, spot_of
from webmap.staff.territory import find_territory
from webmap.words import say_list

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from werkzeug.wrappers import Response

    from geo.store import Store
    from webmap.record_doubts import Doubts, Pair, Place
    from webmap.staff.desk import Desk
    from webmap.staff.territory import Territory

    One = TypeVar("One", Pair, Place)

_ORIGIN: Final = "doubts"  # of a change that the end of a doubt makes
_GONE: Final = "duplicate_of"
_NOTE_LETTERS: Final = FIELD_BY_NAME["note"].max_length


@blueprint.get("/doubts")
@needs_role("viewer")
def doubts() -> str:
    """Show what is doubtful, a page at a time, the account's own area first."""
    desk = open_desk()
    found, territory = _found(desk), _territory(desk.store)
    is_editor = writer().may("editor")
    pairs, places = _own_first(desk, found.pairs), _own_first(desk, found.places)
    asked = request.args.get("what", "")
    is_pairs = asked == "pairs" or (asked != "places" and bool(pairs or not places))
    shown_pairs = _part(pairs) if is_pairs else []
    shown_places = [] if is_pairs else _part(places)
    codes = [code for pair in shown_pairs for code in (pair.code, pair.other)]
    rows = read_rows(desk.store, [*codes, *(place.code for place in shown_places)])
    return render_template(
        "staff/doubts.html",
        desk=desk,
        what="pairs" if is_pairs else "places",
        pairs=len(pairs),
        places=len(places),
        couples=[couple_of(pair, rows, territory, may=is_editor) for pair in shown_pairs],
        spots=[spot_of(place, rows, territory, may=is_editor) for place in shown_places],
        zones=say_list([f"{zone}（{count}）" for zone, count in found.zones]),
        page=_page(len(pairs if is_pairs else places))[0],
        pages=_page(len(pairs if is_pairs else places))[1],
    )


@blueprint.post("/doubts/same")
@needs_role("editor")
def same() -> Response:
    """Mark one of two stations as a record of the other; nothing of either is lost."""
    store, at = open_desk().store, current_app.extensions["clock"]()
    keep, drop = request.form.get("keep", ""), request.form.get("drop", "")
    seen = store.change_seq()
    rows = read_rows(store, [keep, drop])
    if len(rows) != len({keep, drop}) or keep == drop or rows[keep]["status"] == _GONE:
        abort(400)
    if not holds(_territory(store), rows[drop]):
        abort(403)
    if rows[drop]["status"] in SETTLED:
        flash(gettext("这一条同事已经处理了。"))
        return _back("pairs")
    said = _say_gone(keep, rows[keep]["name"], at)
    note = "\n".join(filter(None, [said, rows[drop]["note"]]))[:_NOTE_LETTERS]
    cells = {"code": [drop], "status": [_GONE], "note": [note]}
    try:
        store.save_stations(
            pd.DataFrame(cells),
            actor=writer().name,
            origin=_ORIGIN,
            now=at,
            unchanged_since=seen,
        )
    except StoreConflictError:
        flash(gettext("刚才有人改了这个驿站，没有动它。看一遍再点。"), "fault")
        return _back("pairs")
    flash(
        gettext(
            "记下了：%(drop)s 是重复的，大家只看到 %(keep)s。",
            drop=rows[drop]["name"],
            keep=rows[keep]["name"],
        )
    )
    return _back("pairs")


@blueprint.post("/doubts/right")
@needs_role("editor")
def right() -> Response:
    """Keep that all is right with two stations, or with a position: nobody is asked again."""
    desk = open_desk()
    store, at = desk.store, current_app.extensions["clock"]()
    question = Question(*(request.form.get(name, "") for name in ("kind", "code", "about")))
    if question.kind == ALIKE:
        question = Question.of_pair(question.code, question.about)
    codes = [question.code, *([question.about] if question.kind == ALIKE else [])]
    rows = read_rows(store, codes)
    if not any(holds(_territory(store), row) for row in rows.values()):
        abort(403 if rows else 404)
    what = "pairs" if question.kind == ALIKE else "places"
    if not _all(desk).has(question):
        flash(gettext("这一条已经不在了：有人改过，或者处理过。"))
        return _back(what)
    store.settle([question], actor=writer().name, now=at)
    flash(gettext("记下了，不再问。"))
    return _back(what)


def _found(desk: Desk) -> Doubts:
    return _all(desk).unsettled(desk.store.settled_questions())


def _all(desk: Desk) -> Doubts:
    lists = cast("DoubtLists", current_app.extensions.setdefault("doubts", DoubtLists()))
    return lists.of(desk.store, surroundings(desk))


def _own_first(desk: Desk, items: Sequence[One]) -> list[One]:
    """Return doubts, those of the account's own area before all others."""
    territory = _territory(desk.store)
    if not territory.code:
        return list(items)
    rows = read_rows(desk.store, [one.code for one in items])
    return sorted(items, key=lambda one: not holds(territory, rows[one.code]))


def _part(items: Sequence[One]) -> list[One]:
    """Return the page of a list that is asked for."""
    size, (page, _) = settings().page_size, _page(len(items))
    return list(items[(page - 1) * size : page * size])


def _page(total: int) -> tuple[int, int]:
    """Return the number of the page asked for, and how many there are."""
    pages = max(1, -(-total // settings().page_size))
    return min(max(1, request.args.get("page", 1, type=int)), pages), pages


def _say_gone(code: str, name: str, at: dt.datetime) -> str:
    """Return what the note of a duplicate says; a stored text: Chinese."""
    return f"与 {code} {name} 是同一个（{writer().name}，{wall_time(at).date().isoformat()}）"


def _territory(store: Store) -> Territory:
    return find_territory(writer().area, store.read_areas())


def _back(what: str) -> Response:
    return redirect(url_for("staff.doubts", what=what), 303)
