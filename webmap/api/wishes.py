"""``/wishes``: somebody misses a station where he stands; counted by cell and week for planners."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

import orjson
from flask import Response, abort, current_app, request
from werkzeug.datastructures import MultiDict

from geo.nearest.arrival import wall_time
from webmap.api.base import blueprint
from webmap.api.parse import BadParameterError, read_position
from webmap.api.present import json_answer
from webmap.errors import problem
from webmap.roles import csrf
from webmap.telling import BOUND_WITHIN, device_names, is_own_page

if TYPE_CHECKING:
    import datetime as dt

    from webmap.devices import Bound
    from webmap.stores import Stores

LONGEST: Final = 1024  # bytes of a wish
_LONGEST_MARK: Final = 200  # characters


@blueprint.post("/wishes")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF ships no types
def wishes() -> Response:
    """Count a wish; its position is turned into a cell at once, and kept nowhere.

    Raises
    ------
    BadParameterError
        No JSON object, or no position in it.
    """
    request.max_content_length = LONGEST
    if request.mimetype != "application/json":
        abort(403, "a wish is JSON; send it with Content-Type: application/json")
    if not is_own_page():
        abort(403, "a wish comes from a page of this site, or from no page at all")
    body = _read()
    lon, lat = read_position(MultiDict({name: _text(body, name) for name in ("lon", "lat")}))
    now: dt.datetime = current_app.extensions["clock"]()
    bound = cast("Bound", current_app.extensions["wishes_bound"])
    if not bound.admits(device_names("", now)[-1], now):
        refusal = problem(429, "too_many_requests", "too many wishes within an hour; wait a little")
        refusal.headers["Retry-After"] = str(int(BOUND_WITHIN.total_seconds()))
        return refusal
    stores: Stores = current_app.extensions["stores"]
    store = stores.shown()
    devices = device_names(body.get("mark") or "", now)
    is_new = store.add_wish(lon, lat, devices=devices, day=wall_time(now).date())
    answer = json_answer({"counted": is_new, "demo": store.is_demo}, keep="no-store")
    answer.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    return answer


def _read() -> dict[str, Any]:
    """Return the JSON object that was sent.

    Raises
    ------
    BadParameterError
        It is none, or its mark is no short text.
    """
    try:
        body = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        msg = 'the body is no JSON object; send one like {"lon": 116.4074, "lat": 39.9042}'
        raise BadParameterError(msg, "body")
    mark = body.get("mark") or ""
    if not isinstance(mark, str) or len(mark) > _LONGEST_MARK:
        msg = f"mark must be a text of at most {_LONGEST_MARK} characters"
        raise BadParameterError(msg, "mark")
    return body


def _text(body: dict[str, Any], name: str) -> str:
    """Return a number as `read_position` reads it from an address; "" for anything else."""
    given = body.get(name)
    is_number = isinstance(given, (int, float)) and not isinstance(given, bool)
    return repr(given) if is_number else ""
