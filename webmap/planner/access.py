"""The planner's blueprint, and who may see a run: its owner and admins; others find none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app

from webmap.roles import account
from webmap.runs import Desk, Run

if TYPE_CHECKING:
    from webmap.roles import Account
    from webmap.settings import Settings

blueprint = Blueprint("planner", __name__, url_prefix="/plan")


@blueprint.after_request
def _keep_out_of_caches(response: Response) -> Response:
    """Let no cache keep what only its owner may see."""
    response.headers["Cache-Control"] = "no-store"
    return response


def desk() -> Desk:
    """Return the desk of this installation's runs."""
    return Desk(settings())


def settings() -> Settings:
    """Return the settings of this application."""
    chosen: Settings = current_app.extensions["settings"]
    return chosen


def me() -> Account:
    """Return who is logged in; the guard lets nobody else come here."""
    who = account()
    if who is None:
        abort(401)
    return who


def may_see(run: Run) -> bool:
    """Return whether the account at hand owns a run or is an admin."""
    return run.owner == me().name or me().may("admin")


def visible_run(run_id: str) -> Run | None:
    """Return a run that the account at hand may see, None if there is none."""
    run = desk().find(run_id)
    return run if run is not None and may_see(run) else None


def require_run(run_id: str) -> Run:
    """Return a run that the account at hand may see; else the answer is 404."""
    run = visible_run(run_id)
    if run is None:
        abort(404)
    return run
