"""The keeper's blueprint, and the stations that the keeper at hand keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, abort, current_app

from webmap.roles import account

if TYPE_CHECKING:
    from flask import Response

    from geo.store import Store
    from webmap.roles import Account
    from webmap.stores import Stores

    Row = dict[str, Any]

blueprint = Blueprint("keeper", __name__, url_prefix="/keep")


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Let no cache keep whose stations these are."""
    response.headers["Cache-Control"] = "no-store"
    return response


def me() -> Account:
    """Return the keeper who is in; the guard lets nobody else come here."""
    return cast("Account", account())


def store() -> Store:
    """Return the own store; the demo has no keepers."""
    stores: Stores = current_app.extensions["stores"]
    return stores.own()


def kept_rows() -> list[Row]:
    """Return the stored cells of the stations that the keeper keeps, as they were given."""
    found = store().read_stations(codes=me().stations).drop(columns="geometry")
    rows = {row["code"]: row for row in cast("list[Row]", found.to_dict("records"))}
    return [rows[code] for code in me().stations if code in rows]


def kept_row(code: str) -> Row:
    """Return the cells of one station; 403 where the keeper does not keep it, 404 for none."""
    if code not in me().stations:
        abort(403)
    found = next((row for row in kept_rows() if row["code"] == code), None)
    if found is None:
        abort(404)
    return found
