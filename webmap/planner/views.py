"""The start of the planner's desk: tracks come in to be looked at; all runs so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext

from geo.errors import GeoError
from webmap.demo import demo_file
from webmap.planner.access import blueprint, desk, may_change, may_see, me, settings, visible_run
from webmap.planner.faults import Explained, explain
from webmap.planner.options import Form, find_file_fault
from webmap.planner.words import STATE_WORDS, say_moment
from webmap.roles import account, needs_role
from webmap.runs import DONE, DRAFT, QUEUED, Run
from webmap.runs.leftover import is_retry
from webmap.runs.record import DEMO, DEMO_TRACKS, UPLOADED, Fault, File, Options
from webmap.runs.upload import MB, NO_ROOM, TOO_LARGE, Intake

if TYPE_CHECKING:
    from werkzeug.exceptions import RequestEntityTooLarge
    from werkzeug.wrappers import Response

    from webmap.stores import Stores

MOST_SHOWN: Final = 200  # runs of the list
_STATUS: Final = {TOO_LARGE: 413, NO_ROOM: 507}
_UNFIT: Final = 422
_PAIR: Final = 2


class Row(NamedTuple):
    """One run of the list."""

    run: Run
    state: str
    when: str
    mine: bool  # the account at hand may change it
    is_draft: bool
    can_compare: bool
    is_retry: bool


@blueprint.url_value_preprocessor
def _take_uploads(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Send the files of a new run straight to the disk; this comes before any look at the form.

    A visitor may send no more than to any form: the answer to more comes at once.
    """
    if endpoint == "planner.start" and request.method == "POST" and _is_planner():
        g.intake = Intake(desk().draft, settings().upload_mb * MB)
        g.intake.guard(request)


@blueprint.teardown_request
def _drop_uploads(_error: BaseException | None) -> None:
    """Remove what came in and became no run."""
    if "intake" in g:
        g.intake.discard()


@blueprint.errorhandler(413)
def _much_too_large(_error: RequestEntityTooLarge) -> Response | tuple[str, int]:
    """Answer a body so large that it was not read."""
    if not _is_planner():
        return redirect(url_for("account.login", next=url_for("planner.home")), 303)
    return _home(Fault(TOO_LARGE)), _STATUS[TOO_LARGE]


@blueprint.get("/")
@needs_role("viewer")
def home() -> Response | str:
    """Show the sources of a run, and the runs so far."""
    again = visible_run(request.args.get("again", ""))
    if again is not None and may_change(again) and desk().can_retry(again):
        return redirect(url_for("planner.again", run_id=again.id), 303)
    return _home(again=again)


@blueprint.post("/")
@needs_role("viewer")
def start() -> Response | str | tuple[str, int]:
    """Take tracks, or the demo's, and go on to look at them."""
    earlier = visible_run(request.form.get("again", ""))
    if request.form.get("restore"):
        return _home(again=earlier)
    intake: Intake = g.intake
    is_demo = request.form.get("source") == DEMO and has_demo()
    if is_demo:
        intake.discard()
    files = intake.files
    fault = None if is_demo else _files_fault(intake, files)
    if fault:
        return _home(fault, again=earlier), _STATUS.get(fault.code, _UNFIT)
    made = Run(
        id="",
        owner=me().name,
        name=gettext("演示线路") if is_demo else files[0].name,
        source=DEMO if is_demo else UPLOADED,
        options=_kept_options(earlier),
        files=files,
        state=DRAFT,
    )
    run = desk().add(intake.release() or desk().draft(), made)
    return redirect(url_for("planner.check", run_id=run.id), 303)


@blueprint.get("/pair")
@needs_role("viewer")
def pair() -> Response:
    """Send two chosen runs to the page that compares them."""
    chosen = request.args.getlist("run")
    if len(chosen) != _PAIR:
        flash(gettext("勾上两个，不多不少。"))
        return redirect(url_for("planner.home"), 303)
    earlier, later = sorted(chosen, key=_created)
    return redirect(url_for("planner.compare", a=earlier, b=later), 303)


def form_words(form: Form, files_fault: Explained | None = None) -> dict[str, Any]:
    """Return what the template of an upload needs."""
    return {
        "form": form,
        "files_fault": files_fault,
        "upload_mb": settings().upload_mb,
        "has_demo": has_demo(),
    }


def has_demo() -> bool:
    """Return whether the demo and its routes are in this installation."""
    stores: Stores = current_app.extensions["stores"]
    try:
        return stores.demo() is not None and demo_file(DEMO_TRACKS).is_file()
    except GeoError:
        return False


def _is_planner() -> bool:
    """Return whether who asks may plan, which is to be known before the guard of the pages."""
    who = account()
    return who is not None and who.may("viewer")


def _kept_options(earlier: Run | None) -> Options:
    """Return the options of an earlier run of uploaded files, else the usual ones."""
    return earlier.options if earlier is not None and earlier.source == UPLOADED else Options()


def _created(run_id: str) -> str:
    run = visible_run(run_id)
    return run.created if run else ""


def _files_fault(intake: Intake, files: tuple[File, ...]) -> Fault | None:
    """Return what is wrong with an upload at first sight."""
    code, name = (intake.refused, "") if intake.refused else find_file_fault(files)
    return Fault(code, name) if code else None


def _home(fault: Fault | None = None, *, again: Run | None = None) -> str:
    the_desk = desk()
    the_desk.tend()
    said = explain(fault, upload_mb=settings().upload_mb) if fault else None
    seen = [run for run in the_desk.runs() if may_see(run)]
    rows = [_row(run) for run in seen[:MOST_SHOWN]]
    return render_template(
        "planner/home.html",
        rows=rows,
        unshown=max(0, len(seen) - MOST_SHOWN),
        has_others=any(row.run.owner != me().name for row in rows),
        lacks_worker=any(row.run.state == QUEUED for row in rows) and not the_desk.has_worker(),
        can_compare=sum(row.can_compare for row in rows) > 1,
        endpoints=current_app.view_functions,
        again=again,
        **form_words(Form(), said),
    )


def _row(run: Run) -> Row:
    return Row(
        run=run,
        state=str(STATE_WORDS[run.state]),
        when=say_moment(run.created),
        mine=may_change(run),
        is_draft=run.state == DRAFT,
        can_compare=run.state == DONE,
        is_retry=is_retry(settings().runs / run.id),
    )
