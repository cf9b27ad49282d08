"""What somebody at the door says of a station, from a page: a tap, or a form without JavaScript."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import abort, current_app, redirect, request, url_for
from flask_babel import gettext

from geo.stations.cells import parse_cell
from geo.stations.evidence import OF_AMENITY, STATES
from geo.stations.schema import FIELD_BY_NAME
from geo.vocab import load_vocab
from webmap.public.base import blueprint
from webmap.roles import csrf
from webmap.telling import Told, file_report, is_own_page
from webmap.words import say_word

if TYPE_CHECKING:
    import datetime as dt

    from werkzeug.wrappers import Response

    from webmap.stores import Stores

LONGEST = 1024  # bytes of the form


class Thing(NamedTuple):
    """An amenity that may be broken or missing."""

    code: str
    word: str


@blueprint.post("/s/<path:code>/tell")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF ships no types; no cookie, no token
def tell(code: str) -> Response:
    """Keep what a form says and go back to the station's page, which says thank you.

    The device goes by its address: a page without JavaScript keeps no mark.
    """
    request.max_content_length = LONGEST
    if not is_own_page(is_form=True):
        abort(HTTPStatus.FORBIDDEN)
    now: dt.datetime = current_app.extensions["clock"]()
    told = _read(request.form.get("what", ""), now)
    stores: Stores = current_app.extensions["stores"]
    store = stores.shown()
    if told is None:
        abort(HTTPStatus.BAD_REQUEST)
    if store.read_stations(codes=[code], columns=()).empty:
        abort(HTTPStatus.NOT_FOUND)
    is_kept = file_report(store, code, told, now) is not None
    said = told.state if is_kept else "later"
    return redirect(url_for("public.station", code=code, told=said, _anchor="tell"), 303)


def things_of(amenities: str) -> list[Thing]:
    """Return what a station is said to have and somebody may find broken or gone.

    Parameters
    ----------
    amenities : str
        The cell of the station.
    """
    states = parse_cell(FIELD_BY_NAME["amenities"], amenities)
    known = states if isinstance(states, dict) else {}
    return [Thing(code, say_word("amenity", code)) for code in known if known[code] == "yes"]


def told_words() -> dict[str, str]:
    """Return the sentences by which a page and its script answer a tap."""
    return {
        "open": gettext("谢谢！你说这里开着。"),
        "locked": gettext("谢谢！你说这里锁着。"),
        "gone": gettext("谢谢！你说这里不在了。"),
        "broken": gettext("谢谢！你说有东西坏了。"),
        "missing": gettext("谢谢！你说有东西没有了。"),
        "later": gettext("这一小时发得太多了，过一会儿再说。"),
        "undone": gettext("撤回了，没有发出去。"),
        "kept": gettext("已记下，有网时发出。"),
        "sent": gettext("已经发出，工作人员会看到。"),
        "locks": gettext("已经有两个人说锁着，页面会标出来，工作人员会来看。"),
        "failed": gettext("没有发成。可以打 12351。"),
        "undo": gettext("点错了，撤回"),
    }


@blueprint.app_context_processor
def _offer() -> dict[str, Any]:
    """Give every template what `tell.html` needs."""
    return {"things_of": things_of, "told_words": told_words}


def _read(what: str, now: dt.datetime) -> Told | None:
    """Return what a button means: a state, or a state and an amenity; None if it is none."""
    state, _, amenity = what.partition(":")
    is_known = amenity in load_vocab("amenity") if state in OF_AMENITY else not amenity
    return Told(state, now, amenity) if state in STATES and is_known else None
