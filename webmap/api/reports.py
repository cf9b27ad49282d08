"""``/stations/<code>/reports``: what a worker saw at a station's door.

No cookie and no token: a report is judged by its device, and a page of another site cannot send
one, as browsers do not send JSON there unasked.
"""

from __future__ import annotations

import datetime as dt
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import orjson
from flask import Response, abort, current_app, request

from geo.errors import UnknownStationError
from geo.stations.evidence import NO_LOCK, OF_AMENITY, STATES
from geo.vocab import load_vocab
from geo.zones import LOCAL_ZONE
from webmap.api.base import blueprint
from webmap.api.parse import BadParameterError
from webmap.api.present import json_answer
from webmap.errors import problem
from webmap.locks import judge_stations
from webmap.roles import csrf
from webmap.telling import BOUND_WITHIN, Told, file_report, is_own_page

if TYPE_CHECKING:
    from geo.store import Store
    from webmap.stores import Stores

LONGEST: Final = 4096  # bytes of a report
OLDEST: Final = dt.timedelta(hours=48)  # a report may wait so long for a connection
CLOCK_ERROR: Final = dt.timedelta(minutes=2)  # by which a phone may be ahead
_ZONE: Final = ZoneInfo(LOCAL_ZONE)
_LONGEST_MARK: Final = 200  # characters


@blueprint.post("/stations/<path:code>/reports")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF ships no types
def report(code: str) -> Response:
    """Keep what a worker saw, once per ``id``, and answer with what all reports now say.

    Raises
    ------
    UnknownStationError
        No station has the code.
    """
    request.max_content_length = LONGEST
    _require_own_page()
    now: dt.datetime = current_app.extensions["clock"]()
    seen = _read(now)
    stores: Stores = current_app.extensions["stores"]
    store = stores.shown()
    if store.read_stations(codes=[code], columns=()).empty:
        msg = f"no station has the code {code!r}; take one from /api/v1/stations"
        raise UnknownStationError(msg)
    earlier = store.find_report(seen.id, code=code, state=seen.state, amenity=seen.amenity)
    if earlier is not None:
        return _answer(store, code, seen._replace(at=earlier.at), now, is_new=False)
    filed = file_report(store, code, seen, now)
    if filed is None:
        return _too_many()
    seen = seen._replace(id=filed.report.id, at=filed.report.at)
    return _answer(store, code, seen, now, is_new=filed.is_new)


def _answer(store: Store, code: str, seen: Told, now: dt.datetime, *, is_new: bool) -> Response:
    """Say what was kept, and what all reports of the station say; never who reported."""
    lock = judge_stations(store, [code], now).get(code, NO_LOCK)
    answer = {
        "id": seen.id,
        "code": code,
        "state": seen.state,
        "amenity": seen.amenity or None,
        "at": seen.at.astimezone(_ZONE),
        "demo": store.is_demo,
        "reported_locked": lock.is_locked,
        "needs_check": lock.needs_check,
        "locked_devices": lock.devices,
        "last_locked_at": lock.last_at and lock.last_at.astimezone(_ZONE),
    }
    response = json_answer(answer, keep="no-store")
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    return response


def _require_own_page() -> None:
    """Refuse what a page of another site, or a plain form, makes a browser send."""
    if request.mimetype != "application/json":
        abort(403, "a report is JSON; send it with Content-Type: application/json")
    if not is_own_page():
        abort(403, "a report comes from a page of this site, or from no page at all")


def _too_many() -> Response:
    refusal = problem(429, "too_many_requests", "too many reports within an hour; try again later")
    refusal.headers["Retry-After"] = str(int(BOUND_WITHIN.total_seconds()))
    return refusal


def _read(now: dt.datetime) -> Told:
    """Return the fields of the report; what else the JSON holds is not looked at.

    Raises
    ------
    BadParameterError
        It is no JSON object, or a field cannot be used.
    """
    try:
        body = orjson.loads(request.get_data())  # unlike `json` it stands 4,000 open brackets
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        msg = 'the body is no JSON object; send one like {"state": "locked"}'
        raise BadParameterError(msg, "body")
    if body.get("state") not in STATES:
        msg = f"state must be one of {', '.join(STATES)}"
        raise BadParameterError(msg, "state")
    amenity = _read_amenity(body)
    near = body.get("near")
    if near is not None and not isinstance(near, bool):
        msg = "near must be true or false"
        raise BadParameterError(msg, "near")
    mark = body.get("mark") or ""
    if not isinstance(mark, str) or len(mark) > _LONGEST_MARK:
        msg = f"mark must be a text of at most {_LONGEST_MARK} characters"
        raise BadParameterError(msg, "mark")
    return Told(body["state"], _read_moment(body, now), amenity, _read_id(body), near, mark)


def _read_amenity(body: dict[str, Any]) -> str:
    """Return the code of the amenity that is broken or missing, "" of the door.

    Raises
    ------
    BadParameterError
        None is named, an unknown one, or one that another state cannot be of.
    """
    amenity, is_needed = body.get("amenity") or "", body["state"] in OF_AMENITY
    if is_needed and not (isinstance(amenity, str) and amenity in load_vocab("amenity")):
        msg = f"{body['state']} needs an amenity: a code such as microwave or drinking_water"
        raise BadParameterError(msg, "amenity")
    if amenity and not is_needed:
        msg = f"an amenity goes with {' or '.join(OF_AMENITY)} only; leave it out"
        raise BadParameterError(msg, "amenity")
    return str(amenity)


def _read_id(body: dict[str, Any]) -> str:
    """Return the UUID in its usual spelling, "" if there is none.

    Raises
    ------
    BadParameterError
        It is no UUID.
    """
    given = body.get("id")
    if given is None:
        return ""
    try:
        return str(uuid.UUID(given))
    except (ValueError, AttributeError, TypeError) as error:
        msg = "id must be a UUID, such as 0b6e5b0e-6f0b-4d0e-9c58-6d4e3f0b9a11"
        raise BadParameterError(msg, "id") from error


def _read_moment(body: dict[str, Any], now: dt.datetime) -> dt.datetime:
    """Return when it was seen: now if not said, or if the phone's clock is a little ahead.

    A phone that says by the same clock when it sends is believed in the time between alone, so
    that a clock that is wrong does not matter.

    Raises
    ------
    BadParameterError
        No moment with an offset, or not of the last 48 hours.
    """
    given = body.get("at")
    if given is None:
        return now
    try:
        at = dt.datetime.fromisoformat(given)
        if body.get("sent_at") is not None:
            at = now - (dt.datetime.fromisoformat(body["sent_at"]) - at)
        is_known = at.tzinfo is not None and now - OLDEST <= at <= now + CLOCK_ERROR
    except (ValueError, TypeError, OverflowError):
        is_known = False
        at = now
    if not is_known:
        msg = "at must be a moment of the last 48 hours with its offset: 2026-01-31T04:30:00+08:00"
        raise BadParameterError(msg, "at")
    return min(at, now)
