"""The blueprint of accounts, and what its pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app
from flask_babel import lazy_gettext

from geo.store.users import KEEPER
from webmap.people.reach import Reach
from webmap.roles import account

if TYPE_CHECKING:
    from flask import Response

    from geo.store import Store
    from webmap.roles import Account
    from webmap.stores import Stores

blueprint = Blueprint("people", __name__, url_prefix="/account")

ROLE_WORDS = {
    "viewer": lazy_gettext("只看"),
    "editor": lazy_gettext("登记和修改"),
    "reviewer": lazy_gettext("登记、修改和审核"),
    "admin": lazy_gettext("管理员"),
    KEEPER: lazy_gettext("站点上的人"),
}


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Let no cache keep a page with names, a new password or a link."""
    response.headers["Cache-Control"] = "no-store"
    return response


def store() -> Store:
    """Return the store of the accounts, also while the public sees the demo."""
    stores: Stores = current_app.extensions["stores"]
    return stores.own()


def me() -> Account:
    """Return who is logged in; the guard lets nobody else come here."""
    return cast("Account", account())


def my_reach() -> Reach:
    """Return which accounts and stations the account at hand may manage."""
    return Reach.of(me(), store())
