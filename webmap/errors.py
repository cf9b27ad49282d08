"""What a visitor is told when something fails: one table from error to status, two shapes of page.

Programs get an RFC 9457 problem with a one-word ``code``; people get a page in their language that
says what happened, that nothing was lost, and the one thing to try. Only errors nobody foresaw
are logged with a stack; none shows one.
"""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

from flask import Response, render_template, request
from flask_babel import lazy_gettext
from werkzeug.exceptions import HTTPException

from geo import errors as geo_errors
from geo.errors import GeoError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

logger = logging.getLogger(__name__)


class Answer(NamedTuple):
    """The status of an error, and the one word by which a program knows it."""

    status: int
    code: str


ANSWERS: Final[Mapping[type[GeoError], Answer]] = {
    geo_errors.MissingCrsError: Answer(422, "missing_crs"),
    geo_errors.CrsMismatchError: Answer(422, "crs_mismatch"),
    geo_errors.InvalidDatumError: Answer(400, "invalid_datum"),
    geo_errors.UnreadPositionError: Answer(422, "unread_position"),
    geo_errors.InvalidPhotoError: Answer(422, "invalid_photo"),
    geo_errors.AmbiguousDatumError: Answer(422, "ambiguous_datum"),
    geo_errors.InvalidStationError: Answer(422, "invalid_station"),
    geo_errors.InvalidHoursError: Answer(422, "invalid_hours"),
    geo_errors.SourceFormatError: Answer(422, "source_format"),
    geo_errors.InvalidOptionError: Answer(400, "invalid_option"),
    geo_errors.EmptyTracksError: Answer(422, "empty_tracks"),
    geo_errors.EmptyNetworkError: Answer(422, "empty_network"),
    geo_errors.OutsideNetworkError: Answer(422, "outside_network"),
    geo_errors.UnknownStationError: Answer(404, "unknown_station"),
    geo_errors.UnknownUserError: Answer(404, "unknown_user"),
    geo_errors.UnknownCheckError: Answer(404, "unknown_check"),
    geo_errors.UnknownBatchError: Answer(404, "unknown_batch"),
    geo_errors.UnknownChangeError: Answer(404, "unknown_change"),
    geo_errors.StoreConflictError: Answer(409, "conflict"),
    geo_errors.StoreSchemaError: Answer(503, "store_schema"),
    geo_errors.StoreUnavailableError: Answer(503, "store_unavailable"),
    geo_errors.StoreMissingError: Answer(503, "store_missing"),
    geo_errors.InvalidCellError: Answer(422, "invalid_cell"),
    geo_errors.ConvergenceError: Answer(422, "no_convergence"),
}

_PLAN_PATH: Final = "/plan/"
_LINKS: Final = "/k/"  # of keepers
_PROBLEM_PATHS: Final = ("/api/", "/ogc", "/healthz", "/readyz")  # read by programs
_TITLES: Final = {
    400: lazy_gettext("这个网址里有看不懂的内容"),
    403: lazy_gettext("你的账号打不开这个页面"),
    404: lazy_gettext("没有这个页面"),
    405: lazy_gettext("这个页面不能这样用"),
    413: lazy_gettext("发来的内容太大了"),
    503: lazy_gettext("暂时打不开"),
}
_TRIES: Final = {
    400: lazy_gettext("回到驿站列表，重新点一次。"),
    403: lazy_gettext("工作上需要的话，请管理员给你的账号加上。"),
    404: lazy_gettext("看看网址有没有打错，或者回到驿站列表。"),
    405: lazy_gettext("回到驿站列表，重新点一次。"),
    413: lazy_gettext("按返回键，把内容缩短，或者把文件分成几份，再发一次。"),
    503: lazy_gettext("过一会儿再打开。一直这样的话，请告诉管理这个网站的人。"),
}
_PLAN_TRIES: Final = {  # in the planner's rooms, where these differ
    400: lazy_gettext("回到覆盖分析，重新点一次。"),
    404: lazy_gettext("看看网址有没有打错；也可能是它的主人删掉了，或者不再给大家看了。"),
    405: lazy_gettext("回到覆盖分析，重新点一次。"),
}
_TITLE_ELSE: Final = lazy_gettext("出了点问题")
_TRY_ELSE: Final = lazy_gettext("过一会儿再试一次。一直这样的话，请告诉管理这个网站的人。")


def add_error_pages(app: Flask) -> None:
    """Let ``app`` answer every error by a problem or a page, never by a stack."""
    app.register_error_handler(GeoError, _answer_geo_error)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(Exception, _answer_unforeseen)


def find_answer(error: GeoError) -> Answer:
    """Return status and code of an error by its class, or by the nearest class above it."""
    for kind in type(error).__mro__:
        if kind in ANSWERS:
            return ANSWERS[kind]
    return Answer(HTTPStatus.INTERNAL_SERVER_ERROR, "internal")


def problem(status: int, code: str, detail: str) -> Response:
    """Return an RFC 9457 problem; its title is the standard phrase of the status."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    return Response(
        json.dumps(body, ensure_ascii=False),
        status,
        headers={"Cache-Control": "no-store"},
        mimetype="application/problem+json",
    )


def _answer_geo_error(error: GeoError) -> Response:
    """Answer an error that geo raised on purpose; its text is fit for programs' users."""
    status, code = find_answer(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("%s %s: %s", request.method, _logged_path(), error)
    return _respond(status, code, str(error))


def _answer_http_error(error: HTTPException) -> Response | HTTPException:
    """Answer an error of HTTP itself and keep its headers; a redirect passes through."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if error.response is not None or status < HTTPStatus.BAD_REQUEST:
        return error
    code = HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
    response = _respond(status, code, error.description or HTTPStatus(status).phrase)
    kept = [item for item in error.get_headers() if item[0].lower() != "content-type"]
    response.headers.extend(kept)
    return response


def _answer_unforeseen(error: Exception) -> Response:
    """Log the stack of an error nobody foresaw and tell the visitor nothing of it."""
    logger.error("%s %s failed", request.method, _logged_path(), exc_info=error)
    detail = "something went wrong on our side; nothing was changed, please try again"
    return _respond(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", detail)


def _logged_path() -> str:
    """Return the path asked for; a keeper's link, which lets in who has it, stays out of logs."""
    return f"{_LINKS}…" if request.path.startswith(_LINKS) else request.path


def _respond(status: int, code: str, detail: str) -> Response:
    """Choose between problem and page by the address asked for."""
    if request.path.startswith(_PROBLEM_PATHS):
        return problem(status, code, detail)
    is_plan = request.path.startswith(_PLAN_PATH)
    tries = _TRIES | _PLAN_TRIES if is_plan else _TRIES
    page = render_template(
        "error.html",
        is_plan=is_plan,
        status=status,
        title=_TITLES.get(status, _TITLE_ELSE),
        attempt=tries.get(status, _TRY_ELSE),
    )
    return Response(page, status, headers={"Cache-Control": "no-store"}, mimetype="text/html")
