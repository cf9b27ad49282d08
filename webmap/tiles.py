"""``/base/z/x/y.mvt``: the basemap's vector tiles, gzip-compressed as they are stored."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, request

if TYPE_CHECKING:
    from webmap.cities import Cities

blueprint = Blueprint("tiles", __name__)

_YEAR_S: Final = 365 * 24 * 3600
_MINUTE_S: Final = 60
_NO_CONTENT: Final = 204


@blueprint.get("/base/<int:z>/<int:x>/<int:y>.mvt")
def tile(z: int, x: int, y: int) -> Response:
    """Answer with one tile; 204 where no basemap draws anything.

    The address on our pages names the version of the basemaps (``?v=``): then it is kept for a
    year, else for a minute.
    """
    cities: Cities = current_app.extensions["cities"]
    # where two cities meet, a tile holds one of them: the one that has more to draw
    stored = max(
        (found for basemap in cities.basemaps() if (found := basemap.tile(z, x, y))),
        key=len,
        default=None,
    )
    response = _answer(stored)
    response.cache_control.public = True
    is_named = request.args.get("v") == cities.version
    response.cache_control.max_age = _YEAR_S if is_named else _MINUTE_S
    response.vary.add("Accept-Encoding")
    return response


def _answer(stored: bytes | None) -> Response:
    if stored is None:
        return Response(status=_NO_CONTENT)
    kind = "application/vnd.mapbox-vector-tile"
    if not request.accept_encodings["gzip"]:
        return Response(gzip.decompress(stored), mimetype=kind)
    return Response(stored, mimetype=kind, headers={"Content-Encoding": "gzip"})
