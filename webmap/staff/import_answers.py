"""What an import would do, row by row; answers to its questions; the commit and what came of it."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import Response, abort, redirect, render_template, request, send_file, url_for
from flask_babel import gettext

from geo.stations.tables import write_table
from geo.store.import_plan import REFUSED
from geo.store.import_refused import refused_rows
from webmap.forms.say import say_changes
from webmap.imports.draft import PLANNED, PLANNING, SAVED, SAVING
from webmap.imports.rows import PARTS, part_of, read_rows
from webmap.imports.work import ROWS, start, why_left_out
from webmap.roles import needs_role
from webmap.staff.base import blueprint, settings
from webmap.staff.import_words import say_datum, say_row
from webmap.staff.importing import bench, drafts, require_draft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from webmap.forms.say import Change
    from webmap.imports.draft import Draft

_MIME: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
_KM_M: Final = 1000.0


class Likely(NamedTuple):
    """A stored station that a new row may be."""

    code: str
    name: str
    address: str
    why: list[str]


class Line(NamedTuple):
    """One row of the file, ready to be written."""

    row: int
    code: str
    name: str
    outcome: str
    changes: list[Change]
    errors: list[str]
    notes: list[str]
    alike: list[Likely]
    answer: str


@blueprint.get("/import/<id>/plan")
@needs_role("editor")
def import_plan(id: str) -> Response | str:  # noqa: A002 - as in the address
    """Show what would happen: counts first, then the rows of one part, a page at a time."""
    draft = require_draft(id)
    if draft.state != PLANNED:
        return redirect(url_for("staff.import_one", id=id), 303)  # type: ignore[return-value]  # werkzeug's Response
    rows = read_rows(drafts().place(draft, ROWS))
    shown = [part for part in PARTS if draft.counts.get(part)]
    asked = request.args.get("part", "")
    first = next((part for part in ("alike", "refused", "doubtful") if part in shown), "")
    part = asked if asked in PARTS else first or (shown or ["new"])[0]
    found = part_of(rows, part)
    size = settings().page_size
    pages = max(1, -(-len(found) // size))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "staff/import_plan.html",
        draft=draft,
        datum=say_datum(draft.settled),
        parts=[
            (name, count)
            for name in PARTS
            if (count := draft.counts.get(name, 0)) or name != "zoned"
        ],
        part=part,
        lines=[_line(row, draft) for row in found[(page - 1) * size : page * size]],
        page=page,
        pages=pages,
        good=_good(draft, rows),
    )


@blueprint.post("/import/<id>/answers")
@needs_role("editor")
def import_answers(id: str) -> Response:  # noqa: A002 - as in the address
    """Take the answers of one page, and plan again with those that name a station."""
    draft = require_draft(id)
    if draft.state != PLANNED:
        return redirect(url_for("staff.import_one", id=id), 303)  # type: ignore[return-value]  # as above
    rows = {str(row["row"]): row for row in read_rows(drafts().place(draft, ROWS))}
    for name, answer in request.form.items():
        row = rows.get(name.removeprefix("row_"))
        if row is None or not name.startswith("row_"):
            continue
        if answer in {"new", "leave", *(one["code"] for one in row["alike"])}:
            draft.answers[str(row["row"])] = answer
    start(bench(), draft, PLANNING)
    return redirect(url_for("staff.import_one", id=id), 303)  # type: ignore[return-value]  # as above


@blueprint.post("/import/<id>/save")
@needs_role("editor")
def import_save(id: str) -> Response:  # noqa: A002 - as in the address
    """Bring the rows in, as one act that can be undone."""
    draft = require_draft(id)
    if draft.state == PLANNED:
        draft.rest = "new" if request.form.get("rest") == "new" else "leave"
        draft.holds_doubtful = request.form.get("doubtful") == "leave"
        start(bench(), draft, SAVING)
    return redirect(url_for("staff.import_one", id=id), 303)  # type: ignore[return-value]  # as above


@blueprint.get("/import/<id>/done")
@needs_role("editor")
def import_done(id: str) -> Response | str:  # noqa: A002 - as in the address
    """Show what came in, how to undo it, and what did not."""
    draft = require_draft(id)
    if draft.state != SAVED:
        return redirect(url_for("staff.import_one", id=id), 303)  # type: ignore[return-value]  # as above
    return render_template("staff/import_done.html", draft=draft)


@blueprint.get("/import/<id>/refused.<ending>")
@needs_role("editor")
def import_refused(id: str, ending: str) -> Response:  # noqa: A002 - as in the address
    """Hand out the rows that do not come in, as the same sheet with a column of reasons."""
    draft = require_draft(id)
    if ending not in _MIME or draft.state not in {PLANNED, SAVED}:
        abort(404)
    content = _refused_sheet(draft, ending)
    name = f"{Path(draft.name).stem}-{gettext('没有导入的')}.{ending}"
    return send_file(
        io.BytesIO(content), mimetype=_MIME[ending], as_attachment=True, download_name=name
    )


def _refused_sheet(draft: Draft, ending: str) -> bytes:
    """Return the sheet of what was refused or left out by the last plan."""
    words = {
        "alike": gettext("可能和已有的驿站重复，先没有导入"),
        "doubtful": gettext("位置可疑，先没有导入"),
    }
    reasons = {}
    for row in read_rows(drafts().place(draft, ROWS)):
        if row["outcome"] == REFUSED:
            reasons[row["row"]] = " ".join(say_row(row["problems"], "error"))
        elif why := why_left_out(draft, row):
            reasons[row["row"]] = words[why]
    sheet = refused_rows(
        drafts().opened(draft),
        reasons,
        columns=draft.columns,
        datum=draft.settled,
        head=gettext("没有导入的原因"),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"refused.{ending}"
        write_table(sheet, path)
        return path.read_bytes()


def _good(draft: Draft, rows: list[dict[str, Any]]) -> int:
    """Return how many rows would change something if saved as answered so far."""
    held = [row for row in rows if row["alike"] and why_left_out(draft, row)]
    return draft.counts["new"] + draft.counts["alike"] + draft.counts["changed"] - len(held)


def _line(row: Mapping[str, Any], draft: Draft) -> Line:
    changes = row["changes"]
    before = {name: pair[0] for name, pair in changes.items()}
    after = {name: pair[1] for name, pair in changes.items()}
    return Line(
        row=row["row"],
        code=row["code"],
        name=row["name"],
        outcome=row["outcome"],
        changes=say_changes(before, after),
        errors=say_row(row["problems"], "error"),
        notes=say_row(row["problems"], "warning"),
        alike=[_likely(one) for one in row["alike"]],
        answer=draft.answers.get(str(row["row"]), ""),
    )


def _likely(one: Mapping[str, Any]) -> Likely:
    words = {
        "same_name": gettext("名字一样"),
        "similar_name": gettext("名字很像"),
        "no_own_name": gettext("名字里都没有自己的叫法"),
        "same_address": gettext("地址一样"),
        "similar_address": gettext("地址很像"),
        "same_phone": gettext("电话一样"),
        "same_place": gettext("就在同一个地方"),
        "twin": gettext("正好差一个坐标的偏移，坐标可能选错了"),
    }
    metres = one["distance_m"]
    away = gettext("相距 %(metres)s 米", metres=metres)
    if metres >= _KM_M:
        away = gettext("相距 %(km)s 公里", km=f"{metres / _KM_M:.1f}")
    why = [words[reason] for reason in one["reasons"] if reason in words]
    return Likely(one["code"], one["name"], one["address"], [*why, away])
