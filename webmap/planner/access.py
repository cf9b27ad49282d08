"""The planner's blueprint, and who may see a run: its owner, admins, and all if it is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app

from webmap.roles import account
from webmap.runs import Desk, Run

if TYPE_CHECKING:
    from webmap.roles import Account
    from webmap.settings import Settings
    from webmap.stores import Stores

blueprint = Blueprint("planner", __name__, url_prefix="/plan")


@blueprint.after_request
def _keep_out_of_caches(response: Response) -> Response:
    """Let no cache keep what only its owner may see."""
    response.headers["Cache-Control"] = "no-store"
    return response


def desk() -> Desk:
    """Return the desk of this installation's runs."""
    stores: Stores = current_app.extensions["stores"]
    return Desk(settings(), stores.own())


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
    """Return whether the account at hand may look at a run: its own, a shared one, or an admin."""
    return may_change(run) or (run.is_shared and run.has_begun)


def may_change(run: Run) -> bool:
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


def require_own_run(run_id: str) -> Run:
    """Return a run that the account at hand may change; 404 where it sees none, else 403."""
    run = require_run(run_id)
    if not may_change(run):
        abort(403)
    return run
