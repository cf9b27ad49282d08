"""Publishing a run: first what would leave and what is withheld, then by an explicit word."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from geo.coverage.publish import LEAST_WORKERS, PUBLISHED, Published
from geo.coverage.publish import publish as write_published
from geo.errors import InvalidOptionError
from geo.report import say
from webmap.planner.access import blueprint, desk, require_run, settings
from webmap.planner.files import read_summary
from webmap.preferences import language
from webmap.roles import needs_role
from webmap.runs import DONE
from webmap.runs.record import moment_now, result_folder

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from webmap.runs import Run

_MOST: Final = 1000  # people asked for


@blueprint.get("/runs/<run_id>/publish")
@needs_role("reviewer")
def ask_publish(run_id: str) -> str | tuple[str, int]:
    """Show what of a run would be public, and what would be withheld."""
    found = _done(run_id)
    least, fault = _least(request.args.get("min_workers", str(LEAST_WORKERS)))
    return _ask(found, least, fault)


@blueprint.post("/runs/<run_id>/publish")
@needs_role("reviewer")
def publish(run_id: str) -> Response | str | tuple[str, int]:
    """Publish a run, if somebody said so with what would leave before their eyes."""
    found = _done(run_id)
    least, fault = _least(request.form.get("min_workers", ""))
    if fault:
        return _ask(found, least, fault)
    if request.form.get("sure") != "yes":
        return _ask(found, least, gettext("请先在下面打勾，再公开。"))
    folder = result_folder(settings().runs / found.id)
    counted = _count(folder, least)
    if counted is None or not counted.cells_kept:
        return _ask(found, least, gettext("没有一段可以公开。"))
    write_published(folder, folder, min_workers=least)
    desk().note_published(found.id, moment_now())
    flash(gettext("公开了。别的软件从 /api/v1/coverage/latest 取。"), "good")
    return redirect(url_for("planner.run", run_id=found.id), 303)


@blueprint.post("/runs/<run_id>/unpublish")
@needs_role("reviewer")
def unpublish(run_id: str) -> Response:
    """Take a published run back."""
    found = _done(run_id)
    desk().note_published(found.id, "")
    (result_folder(settings().runs / found.id) / PUBLISHED).unlink(missing_ok=True)
    if found.published:
        flash(gettext("收回来了，不再公开。别人已经取走的收不回来。"), "good")
    else:
        flash(gettext("这一次没有公开，不用收回。"))
    return redirect(url_for("planner.run", run_id=found.id), 303)


def _ask(found: Run, least: int, fault: str = "") -> str | tuple[str, int]:
    folder = result_folder(settings().runs / found.id)
    summary = read_summary(folder)
    counted = _count(folder, least)
    page = render_template(
        "planner/publish.html",
        run=found,
        counted=counted,
        time_share=say.percent(counted.time_kept_share if counted else None, language()),
        is_plan=say.kind(summary) == say.BEATS,
        headline=say.headline(summary, language()),
        least=least,
        least_of_all=LEAST_WORKERS,
        most=_MOST,
        fault=fault,
    )
    return (page, 422) if fault else page


def _count(folder: Path, least: int) -> Published | None:
    """Return what publishing would keep and withhold; None where the result holds no streets.

    It is the real thing, done beside the result and thrown away.
    """
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".look-") as trial:
        try:
            return write_published(folder, Path(trial), min_workers=least)
        except InvalidOptionError:
            return None


def _least(text: str) -> tuple[int, str]:
    """Return the least number of people, and what is wrong with what was typed."""
    typed = text.strip()
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= len(str(_MOST))
    if is_number and LEAST_WORKERS <= int(typed) <= _MOST:
        return int(typed), ""
    said = gettext("写 %(least)s 到 %(most)s 之间的一个数。", least=LEAST_WORKERS, most=_MOST)
    return LEAST_WORKERS, said


def _done(run_id: str) -> Run:
    """Return a run that has a result; else the answer is 404."""
    found = require_run(run_id)
    if found.state != DONE:
        abort(404)
    return found
