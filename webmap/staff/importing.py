"""Bringing a list in: upload, a look at columns and datum, what would happen, and the commit."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely
from flask import (
    abort,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext

from geo.coords import AUTO, DATUMS
from geo.stations.headers import position_pairs
from geo.stations.schema import FIELD_NAMES, REQUIRED
from webmap.forms.labels import LABELS
from webmap.imports.draft import AT_WORK, FAILED, LOOKED, PLANNED, PLANNING, READING, SAVED, Drafts
from webmap.imports.work import Bench, start
from webmap.roles import account, needs_role
from webmap.runs.upload import MB, NO_ROOM, TOO_LARGE, Intake
from webmap.staff.base import blueprint, settings, writer
from webmap.staff.import_words import (
    say_conclusion,
    say_datum,
    say_evidence,
    say_trouble,
    say_work,
)
from webmap.staff.territory import find_territory
from webmap.walkways import network_distance

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from werkzeug.wrappers import Response

    from geo.stations.opened import OpenedFile
    from geo.store import Store
    from geo.store.import_plan import Holds
    from webmap.cities import Cities
    from webmap.imports.draft import Draft
    from webmap.stores import Stores

    Page = tuple[str, int]

UPLOAD_MB: Final = 50  # a list of 200,000 stations has less
ENDINGS: Final = (".xlsx", ".csv", ".geojson", ".gpkg", ".parquet")
_MENDABLE: Final = ("columns", "same_heads", "datum", "MissingCrsError", "CrsMismatchError")
_STATUS: Final = {TOO_LARGE: 413, NO_ROOM: 507}
_UNFIT: Final = 422
_SAMPLES: Final = 3
_LONGEST: Final = 40  # characters of a sample
_LEFT_OUT: Final = "-"  # of a column that is not wanted
_UNASKED: Final = ("demo", "source_datum")  # fields that no column of a list should fill


class Column(NamedTuple):
    """One column of the file, ready to be asked about."""

    number: int
    head: str
    samples: list[str]
    field: str  # that it fills; "" = none
    is_other: bool  # a second pair of positions, which is only a hint


@blueprint.url_value_preprocessor
def _take_uploads(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Send the file of a new import straight to the disk, before any look at the form."""
    who = account()
    if endpoint == "staff.import_start" and request.method == "POST" and who is not None:
        g.intake = Intake(drafts().coming, UPLOAD_MB * MB)
        g.intake.guard(request)


@blueprint.teardown_request
def _drop_uploads(_error: BaseException | None) -> None:
    """Remove what came in and became no import."""
    if "intake" in g:
        g.intake.discard()


@blueprint.get("/import")
@needs_role("editor")
def import_home() -> str:
    """Show the form for a file, and the imports that are not finished."""
    return _home("")


@blueprint.post("/import")
@needs_role("editor")
def import_start() -> Page | Response:
    """Take a file, or a table that was pasted, and go on to look at it."""
    intake: Intake = g.intake
    pasted = request.form.get("pasted", "")
    if pasted.strip() and not intake.files and not intake.refused:
        with intake.open(gettext("粘贴的表格") + ".csv", len(pasted)) as file:
            file.write(pasted.replace("\r\n", "\n").encode("utf-8-sig"))
    fault = intake.refused or ("" if intake.files else "no_file")
    name = intake.files[0].name if intake.files else ""
    if not fault and not name.lower().endswith(ENDINGS):
        fault = "old_excel" if name.lower().endswith((".xls", ".et")) else "format"
    if fault:
        return _home(fault), _STATUS.get(fault, _UNFIT)
    draft = drafts().add(intake.release() or drafts().coming(), owner=writer().name, name=name)
    start(bench(), draft, READING)
    return redirect(url_for("staff.import_one", id=draft.id), 303)


@blueprint.get("/import/<id>")
@needs_role("editor")
def import_one(id: str) -> Page | Response:  # noqa: A002 - as in the address
    """Show an import as far as it is."""
    draft = require_draft(id)
    if draft.state in AT_WORK:
        return render_template(
            "staff/import_wait.html", draft=draft, work=say_work(draft.state)
        ), 200
    if draft.state == PLANNED:
        return redirect(url_for("staff.import_plan", id=id), 303)
    if draft.state == SAVED:
        return redirect(url_for("staff.import_done", id=id), 303)
    return _look(draft)


@blueprint.get("/import/<id>/state")
@needs_role("editor")
def import_state(id: str) -> Response:  # noqa: A002 - as in the address
    """Tell the waiting page whether the work has ended."""
    draft = require_draft(id)
    return jsonify(
        has_ended=draft.state not in AT_WORK,
        share=None,
        word=say_work(draft.state),
        percent="",
        log="",
        lacks_worker=False,
    )


@blueprint.get("/import/<id>/look")
@needs_role("editor")
def import_look(id: str) -> Page | Response:  # noqa: A002 - as in the address
    """Show columns and datum once more, to change them."""
    draft = require_draft(id)
    if draft.state in (*AT_WORK, SAVED):
        return redirect(url_for("staff.import_one", id=id), 303)
    return _look(draft)


@blueprint.post("/import/<id>/look")
@needs_role("editor")
def import_chosen(id: str) -> Page | Response:  # noqa: A002 - as in the address
    """Take what was chosen: look again, or go on to what would happen."""
    draft = require_draft(id)
    if draft.state not in {LOOKED, FAILED, PLANNED}:
        return redirect(url_for("staff.import_one", id=id), 303)
    sheet = request.form.get("sheet", draft.sheet)
    datum = request.form.get("datum", AUTO)
    draft.datum = datum if datum in DATUMS else AUTO
    draft.answers, draft.remembered = {}, ""
    if sheet != draft.sheet:
        draft.sheet, draft.columns, draft.ignored = sheet, {}, []
        start(bench(), draft, READING)
        return redirect(url_for("staff.import_one", id=id), 303)
    if fault := _take_columns(draft):
        drafts().save(draft)
        return _look(draft, fault)
    start(bench(), draft, PLANNING)
    return redirect(url_for("staff.import_one", id=id), 303)


@blueprint.post("/import/<id>/delete")
@needs_role("editor")
def import_delete(id: str) -> Response:  # noqa: A002 - as in the address
    """Throw an import away; what it saved stays."""
    drafts().delete(require_draft(id))
    flash(gettext("不要的文件已经删了。"))
    return redirect(url_for("staff.import_home"), 303)


def drafts() -> Drafts:
    """Return the imports of this installation."""
    return Drafts(settings())


def own_store() -> Store:
    """Return the store into which files are brought: the own one, never the demo."""
    stores: Stores = current_app.extensions["stores"]
    return stores.own()


def require_draft(id: str) -> Draft:  # noqa: A002 - as in the address
    """Return an import of the account at hand; else the answer is 404."""
    draft = drafts().find(id, writer().name)
    if draft is None:
        abort(404)
    return draft


def bench() -> Bench:
    """Return what the work on an import needs, for the account at hand."""
    cities: Cities = current_app.extensions["cities"]
    store = own_store()
    return Bench(
        drafts(),
        store,
        network_distance(cities.of(is_demo=False), cities.network),
        _holds(store),
        writer().name,
        current_app.extensions["clock"](),
    )


def _holds(store: Store) -> Holds | None:
    """Return whether stations lie in the area of the account; None for one of everywhere."""
    territory = find_territory(writer().area, store.read_areas())
    if not territory.code:
        return None

    def _test(stations: GeoDataFrame) -> NDArray[np.bool_]:
        if territory.shape is not None:
            inside = shapely.intersects_xy(territory.shape, stations["lon"], stations["lat"])
            return np.asarray(inside, dtype=np.bool_)
        named = {territory.code, territory.name}
        rows = zip(stations["district"], stations["subdistrict"], strict=True)
        return np.array([bool(named & set(row)) for row in rows], dtype=np.bool_)

    return _test


def _home(fault: str) -> str:
    return render_template(
        "staff/import.html",
        fault=say_trouble({"code": fault}) if fault else None,
        drafts=drafts().own(writer().name) if drafts().folder.is_dir() else [],
        most_mb=UPLOAD_MB,
        endings=ENDINGS,
        area=find_territory(writer().area, own_store().read_areas()).name,
        pasted=request.form.get("pasted", ""),
    )


def _look(draft: Draft, fault: str = "") -> Page:
    trouble = draft.fault if draft.state == FAILED else {}
    can_mend = not trouble or trouble["code"] in _MENDABLE or trouble["code"] == "lost"
    file = drafts().opened(draft)
    table = file.table
    body = render_template(
        "staff/import_look.html",
        draft=draft,
        trouble=say_trouble(trouble) if trouble else None,
        can_mend=can_mend and (table is not None or not trouble or trouble["code"] in _MENDABLE),
        fault=fault,
        columns=_columns(draft, file) if table is not None else [],
        fields=[
            (name, _label(name)) for name in FIELD_NAMES if name in LABELS and name not in _UNASKED
        ],
        must=REQUIRED,
        left_out=_LEFT_OUT,
        sheets=table.sheets if table is not None else (),
        others=table.others if table is not None else (),
        datums=[(name, say_datum(name)) for name in DATUMS],
        conclusion=say_conclusion(draft.basis, draft.settled, asked=draft.datum)
        if draft.basis
        else "",
        evidence=say_evidence(draft.evidence),
    )
    return body, _UNFIT if fault or trouble else 200


def _label(name: str) -> str:
    """Return the word of a field as a column; in a table hours stand as people write them."""
    words = {"hours": gettext("开放时间"), "hours_text": gettext("开放时间的原话")}
    return words.get(name) or str(LABELS[name])


def _columns(draft: Draft, file: OpenedFile) -> list[Column]:
    """Return the columns of a table with what each fills, as chosen or as its head says."""
    if file.table is None:
        return []
    heads = file.table.header
    fills: dict[str, list[str]] = {}
    for name, column in draft.columns.items():
        fills.setdefault(column, []).append(name)
    other = {name for pair in position_pairs(heads) for name in pair[:2]} - set(fills)
    columns = []
    for number, head in enumerate(heads):
        cells = file.table.frame.iloc[:, number]
        filled = [cell.strip()[:_LONGEST] for cell in cells[cells.str.strip() != ""][:_SAMPLES]]
        field = "position" if len(fills.get(head, [])) > 1 else "".join(fills.get(head, []))
        columns.append(Column(number, head, filled, field, head in other))
    return columns


def _take_columns(draft: Draft) -> str:
    """Take the chosen columns into the import; return what is wrong with them."""
    file = drafts().opened(draft)
    if file.table is None:
        return ""
    chosen: dict[str, str] = {}
    ignored, counted = [], Counter[str]()
    for number, head in enumerate(file.table.header):
        field = request.form.get(f"column_{number}", "")
        if field == "position":
            chosen |= {"lon": head, "lat": head}
            counted.update(("lon", "lat"))
        elif field in FIELD_NAMES:
            chosen[field] = head
            counted[field] += 1
        else:
            ignored.append(head)
    draft.columns, draft.ignored = chosen, ignored
    twice = [str(LABELS[name]) for name, times in counted.items() if times > 1]
    missing = [str(LABELS[name]) for name in REQUIRED if name not in chosen]
    if twice:
        return gettext("%(names)s选了两列，只能留一列。", names="、".join(twice))
    if missing:
        return gettext("还没有选%(names)s是哪一列。", names="、".join(missing))
    return ""
