"""``/stations``: all stations by page, and one by its code."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from flask import Response, current_app, request

from geo.errors import UnknownStationError
from geo.hours import Timetable
from geo.nearest.arrival import judge_arrival, wall_time
from geo.nearest.needs import NO_PHONE, unknown_needs
from geo.stations.schema import PUBLIC_NAMES
from geo.stations.status import is_in_use
from geo.vocab import load_vocab
from webmap.api import parse
from webmap.api.base import blueprint, layer
from webmap.api.parse import BadParameterError
from webmap.api.present import json_answer, station_data
from webmap.locks import locked_codes
from webmap.moments import now
from webmap.search import find

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geo.store import Store
    from webmap.layer import Layer
    from webmap.stores import Stores

MOST_STATIONS: Final = 1000
_DEFAULT: Final = 100
_ASK_AGAIN: Final = "no-cache"


@blueprint.get("/stations")
def stations() -> Response:
    """Answer with a page of the stations that pass all filters, in the order of their codes."""
    limit = parse.read_count(request.args, "limit", default=_DEFAULT, most=MOST_STATIONS)
    shown = layer()
    start = shown.after(_read_cursor(request.args.get("cursor"))) if "cursor" in request.args else 0
    passing = shown.by_code[start:]
    passing = passing[_filters(shown)[passing]][: limit + 1]
    codes = shown.rows["code"].take(passing).tolist()
    page = codes[:limit]
    rows = _store().read_stations(codes=page, columns=PUBLIC_NAMES) if page else None
    records = [] if rows is None else rows.drop(columns="geometry").to_dict("records")
    answer = {
        "demo": shown.is_demo,
        "seq": shown.seq,
        "stations": [station_data(row) for row in records],
        "next": _write_cursor(page[-1]) if len(codes) > limit else None,
    }
    return json_answer(answer, keep=_ASK_AGAIN)


@blueprint.get("/stations/<path:code>")  # a code may hold a slash
def station(code: str) -> Response:
    """Answer with what anybody may know of one station, and its state now.

    Raises
    ------
    UnknownStationError
        No station has the code.
    """
    store = _store()
    found = store.read_stations(codes=[code], columns=PUBLIC_NAMES)
    if found.empty:
        msg = f"no station has the code {code!r}; take one from /api/v1/stations"
        raise UnknownStationError(msg)
    row = cast("dict[str, Any]", found.drop(columns="geometry").to_dict("records")[0])
    at = now()
    arrival = judge_arrival(Timetable.of(row), at, at, is_locked=code in locked_codes(at))
    in_use = is_in_use(row, at)
    answer = {
        **station_data(row),
        "demo": store.is_demo,
        "at": at,
        "state": arrival.state if in_use else "closed",
        "opens_at": arrival.opens_at if in_use else None,
        "closes_at": arrival.closes_at if in_use else None,
    }
    return json_answer(answer, keep=_ASK_AGAIN)


def _store() -> Store:
    stores = cast("Stores", current_app.extensions["stores"])
    return stores.shown()


def _filters(shown: Layer) -> NDArray[np.bool_]:
    """Return which rows pass the filters of the query, shape (n,)."""
    query = request.args
    passing = np.ones(len(shown.rows), dtype=bool)
    if (box := parse.read_box(query)) is not None:
        west, south, east, north = box
        passing &= (shown.lon >= west) & (shown.lon <= east)
        passing &= (shown.lat >= south) & (shown.lat <= north)
    if kinds := parse.read_words(query, "kind", load_vocab("kind")):
        passing &= shown.rows["kind"].isin(kinds).to_numpy()
    if area := query.get("area"):
        rows = shown.rows
        passing &= ((rows["district"] == area) | (rows["subdistrict"] == area)).to_numpy(dtype=bool)
    if words := query.get("q"):
        is_found = np.zeros(len(passing), dtype=bool)
        is_found[find(words, layer=shown).rows] = True
        passing &= is_found
    if (at := parse.read_moment(query, "open_at")) is not None:
        passing &= shown.states(at, locked_codes(at)).is_open
    if needs := parse.read_words(query, "need", [*load_vocab("amenity"), NO_PHONE]):
        passing[passing] = _met(shown, np.flatnonzero(passing), needs, at or now())
    return passing


def _met(
    shown: Layer, rows: NDArray[np.int64], needs: Sequence[str], at: dt.datetime
) -> NDArray[np.bool_]:
    """Return which of some rows are known to meet all needs at a moment."""
    amenities = [need for need in needs if need != NO_PHONE]
    cells = cast("list[Mapping[str, str]]", shown.rows.take(rows).to_dict("records"))
    has_phone, wall = NO_PHONE not in needs, wall_time(at)
    found = (unknown_needs(row, amenities, no_phone=not has_phone, at=wall) for row in cells)
    return np.array([unknown == () for unknown in found], dtype=bool)


def _read_cursor(text: str | None) -> str:
    """Return the code after which the page begins.

    Raises
    ------
    BadParameterError
        No answer of ours ever held this cursor.
    """
    try:
        return base64.urlsafe_b64decode((text or "").encode("ascii")).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        msg = "cursor cannot be read; take `next` of the answer before, as it stands"
        raise BadParameterError(msg, "cursor") from error


def _write_cursor(code: str) -> str:
    return base64.urlsafe_b64encode(code.encode("utf-8")).decode("ascii")
