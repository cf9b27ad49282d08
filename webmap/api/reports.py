"""``/stations/<code>/reports``: what a worker saw at a station's door.

No cookie and no token: a report is judged by its device, and a page of another site cannot send
one, as browsers do not send JSON there unasked.
"""

from __future__ import annotations

import datetime as dt
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import orjson
from flask import Response, abort, current_app, request

from geo.errors import UnknownStationError
from geo.stations.evidence import NO_LOCK, STATES
from geo.zones import LOCAL_ZONE
from webmap.api.base import blueprint
from webmap.api.parse import BadParameterError
from webmap.api.present import json_answer
from webmap.errors import problem
from webmap.locks import judge_stations
from webmap.roles import csrf

if TYPE_CHECKING:
    from geo.store import Store
    from webmap.devices import Bound, DeviceKeys
    from webmap.stores import Stores

LONGEST: Final = 4096  # bytes of a report
OLDEST: Final = dt.timedelta(hours=48)  # a report may wait so long for a connection
CLOCK_ERROR: Final = dt.timedelta(minutes=2)  # by which a phone may be ahead
BOUND_WITHIN: Final = dt.timedelta(hours=1)
MOST_OF_DEVICE: Final = 30  # within that time
MOST_OF_ADDRESS: Final = 300  # workers of one carrier may share an address
_ZONE: Final = ZoneInfo(LOCAL_ZONE)
_LONGEST_MARK: Final = 200  # characters
_OWN_SITES: Final = ("same-origin", "same-site", "none")


class _Seen(NamedTuple):
    """The fields of a report, checked."""

    state: str
    id: str
    at: dt.datetime
    near: bool | None
    mark: str


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
    earlier = store.find_report(seen.id, code=code, state=seen.state)
    if earlier is not None:
        return _answer(store, code, seen._replace(at=earlier.at), now, is_new=False)
    keys: DeviceKeys = current_app.extensions["devices"]
    devices = keys.names(seen.mark, request.remote_addr or "", now)
    if not _is_admitted(store, devices, keys.names("", request.remote_addr or "", now)[-1], now):
        return _too_many()
    filed = store.add_report(
        code, seen.state, devices=devices, at=seen.at, now=now, id=seen.id, near=seen.near
    )
    seen = seen._replace(id=filed.report.id, at=filed.report.at)
    return _answer(store, code, seen, now, is_new=filed.is_new)


def _answer(store: Store, code: str, seen: _Seen, now: dt.datetime, *, is_new: bool) -> Response:
    """Say what was kept, and what all reports of the station say; never who reported."""
    lock = judge_stations(store, [code], now).get(code, NO_LOCK)
    answer = {
        "id": seen.id,
        "code": code,
        "state": seen.state,
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
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    is_own = site is None or site in _OWN_SITES
    if origin is not None and site is None:
        is_own = origin.partition("://")[2] == request.host  # a proxy may hide the scheme
    if not is_own:
        abort(403, "a report comes from a page of this site, or from no page at all")


def _is_admitted(store: Store, devices: tuple[str, ...], place: str, now: dt.datetime) -> bool:
    """Return whether device and address may report once more this hour."""
    bound: Bound = current_app.extensions["reports_bound"]
    of_device = store.count_reports(devices, since=now - BOUND_WITHIN)
    return of_device < MOST_OF_DEVICE and bound.admits(place, now)


def _too_many() -> Response:
    refusal = problem(429, "too_many_requests", "too many reports within an hour; try again later")
    refusal.headers["Retry-After"] = str(int(BOUND_WITHIN.total_seconds()))
    return refusal


def _read(now: dt.datetime) -> _Seen:
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
    near = body.get("near")
    if near is not None and not isinstance(near, bool):
        msg = "near must be true or false"
        raise BadParameterError(msg, "near")
    mark = body.get("mark") or ""
    if not isinstance(mark, str) or len(mark) > _LONGEST_MARK:
        msg = f"mark must be a text of at most {_LONGEST_MARK} characters"
        raise BadParameterError(msg, "mark")
    return _Seen(body["state"], _read_id(body), _read_moment(body, now), near, mark)


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
        is_known = at.tzinfo is not None and now - OLDEST <= at <= now + CLOCK_ERROR
    except (ValueError, TypeError, OverflowError):
        is_known = False
        at = now
    if not is_known:
        msg = "at must be a moment of the last 48 hours with its offset: 2026-01-31T04:30:00+08:00"
        raise BadParameterError(msg, "at")
    return min(at, now)
