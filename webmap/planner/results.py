"""The pages of one run: how it gets on, its result, its files, its end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from flask import (
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    send_from_directory,
    url_for,
)
from flask_babel import gettext, lazy_gettext

from webmap.maps import compose
from webmap.planner.access import (
    blueprint,
    desk,
    may_change,
    may_see,
    require_own_run,
    require_run,
    settings,
)
from webmap.planner.faults import explain
from webmap.planner.files import is_readable
from webmap.planner.present import for_scripts, present, stations_said
from webmap.planner.words import STAGES, STATE_WORDS, STOPPING
from webmap.roles import needs_role
from webmap.runs import DONE, DRAFT, QUEUED, RUNNING, Run
from webmap.runs.leftover import KEPT_DAYS, is_kept_for_retry
from webmap.runs.record import STRETCHES, UPLOADED, Fault, result_folder

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.wrappers import Response as AnyResponse

    from webmap.stores import Stores

DOWNLOADS: Final = {  # file -> what it is
    "report.html": lazy_gettext("完整的报告，一个文件，没有网也能打开"),
    "report.xlsx": lazy_gettext("全部表格（Excel）"),
    "map.png": lazy_gettext("地图，一张图"),
    "hours.png": lazy_gettext("一周钟点表，一张图"),
    "summary.json": lazy_gettext("全部数字"),
    "by_hour.csv": lazy_gettext("按星期和钟点的表"),
    "by_area.csv": lazy_gettext("按街道的表"),
    "by_station.csv": lazy_gettext("按驿站的表"),
    "gaps.geojson": lazy_gettext("走不到驿站的路段"),
    "gaps.gpkg": lazy_gettext("走不到驿站的路段（QGIS 用）"),
    "stretches.geojson": lazy_gettext("地图上画的全部路段"),
}
PICTURE: Final = "map.png"
_LONGEST_LABEL: Final = 40


@blueprint.get("/runs/<run_id>")
@needs_role("viewer")
def run(run_id: str) -> str | AnyResponse:
    """Show how a run gets on, and its result once it is there."""
    desk().tend()
    found = require_run(run_id)
    if found.state == DRAFT:
        return redirect(url_for("planner.check", run_id=found.id))
    if found.state == DONE and is_readable(_folder(found)):
        return _result(found)
    why = Fault("old") if found.state == DONE else found.fault
    mine = may_change(found)
    return render_template(
        "planner/run.html",
        run=found,
        mine=mine,
        progress=_progress(found),
        fault=explain(why, upload_mb=settings().upload_mb) if why else None,
        kept_days=KEPT_DAYS
        if found.source == UPLOADED and is_kept_for_retry(found) and not found.keeps_upload
        else 0,
        can_retry=mine and found.has_ended and desk().can_retry(found),
        upload_mb=settings().upload_mb,
    )


@blueprint.get("/runs/<run_id>/state.json")
@needs_role("viewer")
def state(run_id: str) -> Response:
    """Say how a run gets on, for the page that waits for it."""
    desk().tend()
    return jsonify(_progress(require_run(run_id)))


@blueprint.post("/runs/<run_id>/stop")
@needs_role("viewer")
def stop(run_id: str) -> AnyResponse:
    """Ask a run to stop."""
    found = require_own_run(run_id)
    desk().stop(found.id)
    return redirect(url_for("planner.run", run_id=found.id), 303)


@blueprint.get("/runs/<run_id>/delete")
@needs_role("viewer")
def ask_delete(run_id: str) -> str:
    """Ask once before a run is removed."""
    return render_template("planner/delete.html", run=require_own_run(run_id))


@blueprint.post("/runs/<run_id>/delete")
@needs_role("viewer")
def delete(run_id: str) -> AnyResponse:
    """Remove a run and all its files."""
    found = require_own_run(run_id)
    desk().delete(found.id)
    flash(gettext("“%(name)s”删掉了，文件也都删了。", name=found.name), "good")
    return redirect(url_for("planner.home"), 303)


@blueprint.get("/runs/<run_id>/files/<name>")
@needs_role("viewer")
def download(run_id: str, name: str) -> Response:
    """Hand over one file of a result."""
    found = require_run(run_id)
    if name not in DOWNLOADS:
        abort(404)
    label = re.sub(r"[^\w-]+", "-", found.name).strip("-")[:_LONGEST_LABEL]
    response = send_from_directory(_folder(found), name, max_age=0)
    named = {  # the first is for browsers that do not know the second, and ASCII alone
        "filename": f"{found.id}-{name}",
        "filename*": f"UTF-8''{quote(f'{label or found.id}-{name}')}",
    }
    response.headers.set("Content-Disposition", "attachment", **named)
    return response


@blueprint.get("/runs/<run_id>/lines.json")
@needs_role("viewer")
def lines(run_id: str) -> Response:
    """Hand the lines of a result to its map."""
    path = _folder(require_run(run_id)) / STRETCHES
    return Response(path.read_bytes(), mimetype="application/geo+json")


@blueprint.get("/runs/<run_id>/stations.json")
@needs_role("viewer")
def stations(run_id: str) -> Response:
    """Name the stations that lines of a result point to."""
    return jsonify(stations_said(_folder(require_run(run_id))))


def _result(found: Run) -> str:
    folder = _folder(found)
    stores: Stores = current_app.extensions["stores"]
    has_pages = found.is_demo == stores.shown().is_demo
    return render_template(
        "planner/result.html",
        run=found,
        mine=may_change(found),
        can_compare=any(_is_other_result(run, found) for run in desk().runs()),
        has_upload=found.source == UPLOADED and desk().can_retry(found),
        result=present(folder),
        plan=for_scripts(found.id, folder, has_pages=has_pages),
        has_pages=has_pages,
        downloads={name: what for name, what in DOWNLOADS.items() if (folder / name).is_file()},
        picture=PICTURE if (folder / PICTURE).is_file() else "",
        map=compose("plan"),
    )


def _is_other_result(run: Run, found: Run) -> bool:
    """Return whether a run has a result that this one can be compared with."""
    return run.state == DONE and run.id != found.id and may_see(run)


def _folder(found: Run) -> Path:
    """Return the folder of a run's result; 404 while there is none."""
    if found.state != DONE:
        abort(404)
    return result_folder(settings().runs / found.id)


def _progress(found: Run) -> dict[str, Any]:
    """Return state, words and share of a run, as page and script show them."""
    word = str(STATE_WORDS[found.state])
    if found.state == RUNNING:
        word = _say_stage(found.stage or "prepare")
        if found.waits_for_stop:
            word = str(STOPPING)
    is_counted = found.has_ended or found.share > 0
    return {
        "state": found.state,
        "has_ended": found.has_ended,
        "word": word,
        "share": found.share if is_counted else None,  # None: nobody knows yet
        "percent": f"{100 * found.share:.0f} %" if is_counted else "",
        "lacks_worker": found.state == QUEUED and not desk().has_worker(),
        "log": found.log if may_change(found) else "",
    }


def _say_stage(stage: str) -> str:
    """Return what a run does, and which of its steps that is."""
    if stage not in STAGES:
        return str(STATE_WORDS[RUNNING])
    step = list(STAGES).index(stage) + 1
    what = str(STAGES[stage])
    return gettext(
        "第 %(step)s 步，共 %(steps)s 步：%(what)s", step=step, steps=len(STAGES), what=what
    )
