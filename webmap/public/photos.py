"""The photos of a station that everybody may see: those a reviewer has looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, current_app, request

from geo.store.photos import SHOWN
from webmap.public.base import blueprint

if TYPE_CHECKING:
    from geo.store import Store
    from geo.store.photos import KeptPhoto
    from webmap.stores import Stores

_DAY_S = 24 * 3600  # somebody may think better of it


def shown_photos(store: Store, code: str) -> list[KeptPhoto]:
    """Return the photos of a station for its public page, the newest first."""
    return store.list_photos(codes=[code], state=SHOWN)[::-1]


@blueprint.get("/s/<path:code>/photo/<id>.jpg")
def photo(code: str, id: str) -> Response:  # noqa: A002 - the column's name
    """Answer with a photo of a station, which a browser may keep for a day."""
    stores: Stores = current_app.extensions["stores"]
    store = stores.shown()
    found = store.find_photo(id)
    if found is None or found.state != SHOWN or found.code != code:
        abort(404)
    response = Response(store.read_jpeg(id), mimetype="image/jpeg")
    response.cache_control.public = True
    response.cache_control.max_age = _DAY_S
    response.set_etag(id)
    response.make_conditional(request)
    return response
