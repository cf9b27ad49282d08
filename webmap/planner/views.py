"""The start of the planner's desk: tracks and options in, a run begins; all runs so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext

from geo.errors import GeoError
from webmap.demo import demo_file
from webmap.planner.access import blueprint, desk, may_see, me, settings, visible_run
from webmap.planner.faults import Explained, explain
from webmap.planner.options import LEAST_M, LIMITS_M, MOST_M, OWN, ZONES, Form, find_file_fault
from webmap.planner.words import STATE_WORDS, say_moment
from webmap.roles import account, needs_role
from webmap.runs import Run
from webmap.runs.record import DEMO, DEMO_TRACKS, UPLOADED, Fault, File
from webmap.runs.upload import MB, NO_ROOM, TOO_LARGE, Intake

if TYPE_CHECKING:
    from werkzeug.exceptions import RequestEntityTooLarge
    from werkzeug.wrappers import Response

    from webmap.stores import Stores

_STATUS: Final = {TOO_LARGE: 413, NO_ROOM: 507}
_UNFIT: Final = 422


@blueprint.url_value_preprocessor
def _take_uploads(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Send the files of a new run straight to the disk; this comes before any look at the form.

    A visitor may send no more than to any form: the answer to more comes at once.
    """
    if endpoint == "planner.start" and request.method == "POST" and account() is not None:
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
    if account() is None:
        return redirect(url_for("account.login", next=url_for("planner.home")), 303)
    return _home(Form(), Fault(TOO_LARGE)), _STATUS[TOO_LARGE]


@blueprint.get("/")
@needs_role("viewer")
def home() -> str:
    """Show the form that starts a run, and the runs so far."""
    again = visible_run(request.args.get("again", ""))
    return _home(Form.of(again.name, again.options) if again else Form())


@blueprint.post("/")
@needs_role("viewer")
def start() -> Response | str | tuple[str, int]:
    """Take tracks and options and start a run."""
    form = Form.typed(request.form)
    if request.form.get("restore"):
        return _home(form)
    intake: Intake = g.intake
    is_demo = request.form.get("source") == DEMO and has_demo()
    if is_demo:
        intake.discard()
    files = intake.files
    options = form.options(files)
    fault = None if is_demo else _files_fault(intake, files)
    if fault or form.errors:
        fault = fault or (Fault("again") if files else None)
        return _home(form, fault), _STATUS.get(fault.code, _UNFIT) if fault else _UNFIT
    name = form.name or (gettext("演示线路") if is_demo else files[0].name)
    source = DEMO if is_demo else UPLOADED
    run = Run(id="", owner=me().name, name=name, source=source, options=options, files=files)
    run = desk().add(intake.release() or desk().draft(), run)
    return redirect(url_for("planner.run", run_id=run.id), 303)


def form_words(form: Form, files_fault: Explained | None = None) -> dict[str, Any]:
    """Return what the form's template needs."""
    return {
        "form": form,
        "files_fault": files_fault,
        "limits": LIMITS_M,
        "own": OWN,
        "least_m": LEAST_M,
        "most_m": MOST_M,
        "zones": ZONES,
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


def _files_fault(intake: Intake, files: tuple[File, ...]) -> Fault | None:
    """Return what is wrong with an upload at first sight."""
    code, name = (intake.refused, "") if intake.refused else find_file_fault(files)
    return Fault(code, name) if code else None


def _home(form: Form, fault: Fault | None = None) -> str:
    the_desk = desk()
    the_desk.tend()
    said = explain(fault, upload_mb=settings().upload_mb) if fault else None
    runs = [
        (run, STATE_WORDS[run.state], say_moment(run.created))
        for run in the_desk.runs()
        if may_see(run)
    ]
    return render_template("planner/home.html", runs=runs, **form_words(form, said))
