"""The page between an upload and its run: what was read, what is wrong, and the options."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from flask import abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from geo.coords import AUTO
from geo.errors import GeoError, InvalidOptionError
from geo.tracks import plain_week
from geo.tracks.beat_files import BeatsFound, look_at_beats
from geo.tracks.preview import Preview, preview_tracks
from webmap.beats import frame_of, rows_of
from webmap.maps import compose
from webmap.moments import now
from webmap.planner.access import blueprint, desk, me, require_own_run, settings
from webmap.planner.beats import area_names, beat_store
from webmap.planner.drawing import may_keep
from webmap.planner.looked import (
    beat_faults,
    beat_rows,
    columns_of,
    facts_of,
    look_files,
    wait_for_shift,
)
from webmap.planner.options import (
    LEAST_M,
    LIMITS_M,
    MOST_DAYS,
    MOST_M,
    OWN,
    ZONES,
    Form,
    need_words,
)
from webmap.planner.place import find_elsewhere
from webmap.planner.shifts import read_words, say_understood
from webmap.planner.words import say_moment
from webmap.roles import needs_role
from webmap.runs import DRAFT, Run
from webmap.runs.record import BEATS, UPLOADED, Options
from webmap.runs.upload import uploaded_paths
from webmap.staff.territory import find_territory

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from geo.tracks.beat_files import Beat
    from webmap.stores import Stores

_UNFIT: Final = 422
_DECIMALS: Final = 4  # of positions on the map, about 10 m


class Lines(NamedTuple):
    """The planned lines of an upload."""

    found: BeatsFound
    shift: str  # typed, for lines without one
    shift_fault: str
    area: str
    datum: str


@blueprint.get("/runs/<run_id>/check")
@needs_role("viewer")
def check(run_id: str) -> AnyResponse | str:
    """Show what was read of an upload, and the options."""
    run = require_own_run(run_id)
    if run.state != DRAFT:
        return redirect(url_for("planner.run", run_id=run.id), 303)
    return _page(run, Form.of(run.name, run.options, keeps_upload=run.keeps_upload))


@blueprint.post("/runs/<run_id>/check")
@needs_role("viewer")
def begin(run_id: str) -> AnyResponse | str | tuple[str, int]:
    """Look again with other columns, zone or datum, or start the run."""
    run = require_own_run(run_id)
    if run.state != DRAFT:
        return redirect(url_for("planner.run", run_id=run.id), 303)
    form = Form.typed(request.form, beats=run.options.beats)
    if request.form.get("restore"):
        return _page(run, form)
    options = form.options(run.files, today=now().date())
    if form.errors:
        return _page(run, form), _UNFIT
    name = form.name or run.name
    desk().adjust(run.id, name=name, options=options, keeps_upload=form.keeps_upload)
    if request.form.get("do") == "look":
        return redirect(url_for("planner.check", run_id=run.id), 303)
    if run.source == UPLOADED:
        seen = _preview(run, options)
        if not seen.is_usable or find_elsewhere(seen):
            return _page(run, form), _UNFIT
        if options.datum == AUTO and seen.datum_named:
            options = replace(options, datum=seen.datum_named)
    desk().begin(run.id, name, options)
    return redirect(url_for("planner.run", run_id=run.id), 303)


@blueprint.get("/runs/<run_id>/positions.json")
@needs_role("viewer")
def positions(run_id: str) -> Response:
    """Hand some positions of a draft to its owner's map, to about 10 m."""
    run = require_own_run(run_id)
    if run.state != DRAFT or run.source != UPLOADED:
        abort(404)
    seen = _preview(run, run.options)
    places = np.column_stack([seen.lon, seen.lat]).round(_DECIMALS)
    return jsonify(positions=np.unique(places, axis=0).tolist())


@blueprint.post("/runs/<run_id>/beats")
@needs_role("editor")
def keep_beats(run_id: str) -> AnyResponse | str | tuple[str, int]:
    """Keep the planned lines of an upload as beats; the upload goes."""
    run = require_own_run(run_id)
    if run.state != DRAFT or run.source != UPLOADED:
        abort(404)
    form = Form.of(run.name, run.options)
    lines = _lines(run)
    if request.form.get("do") != "keep" or lines.shift_fault or not lines.found.beats:
        return _page(run, form, lines=lines), 200 if request.form.get("do") == "look" else _UNFIT
    if lines.found.faults:
        return _page(run, form, lines=lines), _UNFIT
    store = beat_store()
    areas = store.read_areas()
    source = run.files[0].name
    rows = rows_of(lines.found.beats, source=source, area=lines.area, areas=areas)
    mine = find_territory(me().area, areas)
    kept = [row for row in rows if may_keep(mine, row["geometry"], row["area"], areas)]
    if not kept:
        flash(gettext("没有存：这些线路都不在“%(area)s”里。", area=mine.name))
        return redirect(url_for("planner.check", run_id=run.id), 303)
    store.save_beats(frame_of(kept), actor=me().name, now=now())
    desk().delete(run.id)
    flash(ngettext("存了 %(num)s 条固定线路。", "存了 %(num)s 条固定线路。", len(kept)), "good")
    if len(kept) < len(rows):
        left = len(rows) - len(kept)
        flash(gettext("另外 %(left)s 条不在“%(area)s”里，没有存。", left=left, area=mine.name))
    return redirect(url_for("planner.beats"), 303)


@blueprint.get("/runs/<run_id>/again")
@needs_role("viewer")
def again(run_id: str) -> AnyResponse | str:
    """Show the options of an earlier run, to measure its input once more."""
    run = require_own_run(run_id)
    if run.state == DRAFT:
        return redirect(url_for("planner.check", run_id=run.id), 303)
    if not desk().can_retry(run):
        return redirect(url_for("planner.home", again=run.id), 303)
    return _again(run, Form.of(run.name, run.options))


@blueprint.post("/runs/<run_id>/again")
@needs_role("viewer")
def start_again(run_id: str) -> AnyResponse | str | tuple[str, int]:
    """Make a new run of the input of an earlier one."""
    run = require_own_run(run_id)
    form = Form.typed(request.form, beats=run.options.beats)
    form.columns = dict(run.options.columns)
    if request.form.get("restore"):
        return _again(run, form)
    options = form.options(run.files, today=now().date())
    if form.errors:
        return _again(run, form), _UNFIT
    made = desk().retry(run.id, owner=me().name, name=form.name or run.name, options=options)
    if made is None:
        flash(gettext("上传的文件已经删了，重新选一次。"))
        return redirect(url_for("planner.home", again=run.id), 303)
    return redirect(url_for("planner.run", run_id=made.id), 303)


def option_words(form: Form, run: Run) -> dict[str, Any]:
    """Return what the template of the options needs."""
    return {
        "form": form,
        "run": run,
        "limits": LIMITS_M,
        "own": OWN,
        "least_m": LEAST_M,
        "most_m": MOST_M,
        "most_days": MOST_DAYS,
        "zones": ZONES,
        "needs": need_words(),
        "is_beats": run.source == BEATS,
        "is_upload": run.source == UPLOADED,
        "today": now().date().isoformat(),
        "plain_week": _plain_week(),
        "last_change": _last_change(),
    }


def _page(run: Run, form: Form, *, lines: Lines | None = None) -> str:
    words: dict[str, Any] = option_words(form, run)
    if run.source != UPLOADED:
        words |= {"seen": None, "lines": None, "elsewhere": None, "can_begin": True}
        return render_template("planner/check.html", **words)
    seen = _preview(run, _asked(run, form))
    elsewhere = None if seen.is_planned else find_elsewhere(seen)
    if seen.is_planned:
        words |= _line_words(run, lines)
    return render_template(
        "planner/check.html",
        seen=seen,
        files=look_files(seen, upload_mb=settings().upload_mb),
        columns=columns_of(seen, form.columns),
        facts=facts_of(seen),
        elsewhere=elsewhere,
        can_begin=seen.is_usable and elsewhere is None,
        map=compose("check") if len(seen.lon) else None,
        **{"lines": None} | words,
    )


def _again(run: Run, form: Form) -> str:
    return render_template("planner/again.html", **option_words(form, run))


def _asked(run: Run, form: Form) -> Options:
    """Return the options by which an upload is looked at: as typed, where that has a sense."""
    typed = Form(tz=form.tz, datum=form.datum, columns=form.columns)
    options = typed.options((), today=now().date())
    return run.options if typed.errors else options


def _preview(run: Run, options: Options) -> Preview:
    try:
        return preview_tracks(
            _paths(run), columns=options.columns, tz=options.tz or None, datum=options.datum
        )
    except InvalidOptionError:  # of an older version
        return preview_tracks(_paths(run))


def _paths(run: Run) -> list[Path]:
    return uploaded_paths(settings().runs / run.id, run.files)


def _lines(run: Run) -> Lines:
    """Read the planned lines of an upload with what was typed for them."""
    typed = request.form.get("shift", "").strip()[:200]
    shift, fault = read_words(typed) if typed else ("", "")
    datum = request.form.get("datum", AUTO)
    datum = datum if datum in {"gcj02", "bd09"} else "wgs84"
    beats: list[Beat] = []
    left_out: list[str] = []
    faults: list[tuple[str, GeoError]] = []
    for path in _paths(run):
        try:
            some = look_at_beats(path, shift=shift, columns={}, datum=datum)
        except GeoError as error:
            faults.append((path.name, error))
            continue
        beats += some.beats
        left_out += some.left_out
        faults += some.faults
    area = request.form.get("area", "")
    known = set(beat_store().read_areas()["code"])
    found = BeatsFound(tuple(beats), tuple(left_out), tuple(faults))
    return Lines(found, typed, fault, area if area in known else "", datum)


def _line_words(run: Run, lines: Lines | None) -> dict[str, Any]:
    """Return what the page says of planned lines."""
    lines = lines or _lines(run)
    shift, _ = read_words(lines.shift)
    return {
        "lines": lines,
        "line_rows": beat_rows(lines.found),
        "line_faults": beat_faults(lines.found),
        "lines_wait": wait_for_shift(lines.found),
        "line_shift": say_understood(shift) if shift else "",
        "areas": sorted(area_names(beat_store().read_areas()).items()),
        "may_keep": me().may("editor"),
    }


def _plain_week() -> str:
    """Return the Monday of the week that beats are walked in unless one is chosen; "" for none."""
    try:
        return plain_week(now().date()).isoformat()
    except InvalidOptionError:
        return ""


def _last_change() -> str:
    stores: Stores = current_app.extensions["stores"]
    at = stores.shown().last_change()
    return say_moment(at.isoformat()) if at else ""
