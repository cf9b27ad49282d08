"""The blueprint of the ways in and out, and how a session of an account begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, session
from flask_login import login_user

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from geo.store import Store
    from webmap.roles import Account
    from webmap.stores import Stores

blueprint = Blueprint("account", __name__)


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Let no cache keep a page that carries a form's fields."""
    response.headers["Cache-Control"] = "no-store"
    return response


def accounts() -> Store:
    """Return the store that holds the accounts."""
    stores: Stores = current_app.extensions["stores"]
    return stores.own()


def begin_session(who: Account) -> None:
    """Let an account in; nothing of an earlier session lives on in its own."""
    session.clear()
    session.permanent = True
    login_user(who)
