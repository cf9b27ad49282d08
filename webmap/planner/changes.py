"""What its owner may do to a run: name it, show it to others, keep its files, try once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from webmap.planner.access import blueprint, desk, me, require_own_run
from webmap.planner.options import LONGEST_NAME
from webmap.roles import needs_role

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from webmap.runs import Run


@blueprint.post("/runs/<run_id>/rename")
@needs_role("viewer")
def rename(run_id: str) -> Response:
    """Give a run another name; an empty one changes nothing."""
    found = require_own_run(run_id)
    name = " ".join(request.form.get("name", "").split())[:LONGEST_NAME]
    if name:
        desk().rename(found.id, name)
        flash(gettext("改好了，现在叫“%(name)s”。", name=name), "good")
    else:
        flash(gettext("名字不能空着，没有改。"))
    return _back(found)


@blueprint.post("/runs/<run_id>/share")
@needs_role("viewer")
def share(run_id: str) -> Response:
    """Show a run to all who work here, or to its owner alone again."""
    found = require_own_run(run_id)
    is_shared = request.form.get("shared") == "yes"
    desk().share(found.id, is_shared)
    said = (
        gettext("现在这里有账号的人都能看“%(name)s”。")
        if is_shared
        else gettext("“%(name)s”又只有你和管理员能看了。")
    )
    flash(said % {"name": found.name}, "good")
    return _back(found)


@blueprint.post("/runs/<run_id>/keep")
@needs_role("viewer")
def keep(run_id: str) -> Response:
    """Keep what was uploaded, or remove it now."""
    found = require_own_run(run_id)
    keeps = request.form.get("keep") == "yes"
    desk().keep_upload(found.id, keeps)
    said = gettext("传上来的文件会留着。") if keeps else gettext("传上来的文件删掉了。")
    flash(said, "good")
    return _back(found)


@blueprint.post("/runs/<run_id>/retry")
@needs_role("viewer")
def retry(run_id: str) -> Response:
    """Measure the same once more with the same options."""
    found = require_own_run(run_id)
    again = desk().retry(found.id, owner=me().name)
    if again is None:
        flash(gettext("传上来的文件已经删了，请重新选一次。"))
        return redirect(url_for("planner.home", again=found.id), 303)
    return redirect(url_for("planner.run", run_id=again.id), 303)


def _back(found: Run) -> Response:
    if request.form.get("next") == "home":
        return redirect(url_for("planner.home"), 303)
    return redirect(url_for("planner.run", run_id=found.id), 303)
