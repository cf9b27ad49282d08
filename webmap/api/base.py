"""The blueprint of the interface; each noun's file adds its own addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, current_app

from webmap.api.parse import BadParameterError
from webmap.errors import problem

if TYPE_CHECKING:
    from webmap.layer import Layer, LayerCache

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


def layer() -> Layer:
    """Return the stations that are shown, as they are now."""
    return cast("LayerCache", current_app.extensions["layers"]).current()


@blueprint.errorhandler(BadParameterError)
def _answer_bad_parameter(error: BadParameterError) -> Response:
    """Answer by a problem whose code names the parameter."""
    return problem(400, f"invalid_{error.parameter}", str(error))
