"""Two addresses by which an operator sees that the site lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, current_app, jsonify

from geo.errors import GeoError
from webmap.errors import problem
from webmap.public.base import blueprint

if TYPE_CHECKING:
    from webmap.stores import Stores


@blueprint.get("/healthz")
def alive() -> Response:
    """Say that this process answers; nothing else is touched."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
def ready() -> Response:
    """Say whether the store opens and its schema is the one this code knows."""
    stores: Stores = current_app.extensions["stores"]
    try:
        seq = stores.own().change_seq()
    except GeoError as error:
        return problem(503, "not_ready", str(error))
    return jsonify(status="ready", change_seq=seq)
