"""``/nearest`` and ``/way``: the worker's question, and the walk to one station."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from flask import Response, request

from geo.errors import UnknownStationError
from geo.nearest.needs import NO_PHONE
from geo.nearest.question import Question
from geo.reach import WALK_KMH
from geo.vocab import load_vocab
from webmap.api import parse
from webmap.api.base import blueprint, layer
from webmap.api.present import json_answer, nearest_data
from webmap.directions import lines_data, say_lines
from webmap.finders import ask_nearest, ask_way
from webmap.locks import locked_codes
from webmap.moments import now

if TYPE_CHECKING:
    from geo.nearest.ask import Mode

MOST_RESULTS: Final = 50
_NOT_KEPT: Final = "no-store"  # the address holds a position


@blueprint.get("/nearest")
def nearest() -> Response:
    """Answer with the best stations from a position, in their rank."""
    query = request.args
    lon, lat = parse.read_position(query)
    at = parse.read_moment(query, "at") or now()
    limit = parse.read_count(query, "limit", default=10, most=MOST_RESULTS)
    mode = cast("Mode", parse.read_choice(query, "mode", ("walk", "ride"), default="walk"))
    needs = parse.read_words(query, "need", [*load_vocab("amenity"), NO_PHONE])
    question = Question(
        lon,
        lat,
        at,
        limit,
        mode,
        needs=tuple(need for need in needs if need != NO_PHONE),
        no_phone=NO_PHONE in needs or parse.read_flag(query, NO_PHONE),
        kinds=parse.read_words(query, "kind", load_vocab("kind")),
        is_open=parse.read_flag(query, "open"),
        is_always=parse.read_flag(query, "always"),
        locked=locked_codes(at),
    )
    found = ask_nearest(question)
    results = [nearest_data(station) for station in found]
    answer = {"at": at, "mode": mode, "demo": layer().is_demo, "results": results}
    return json_answer(answer, keep=_NOT_KEPT)


@blueprint.get("/way")
def way() -> Response:
    """Answer with the walk from a position to a station: a GeoJSON line, and lines of words.

    The words are in the visitor's language (``?lang=``, else the cookie, else Chinese).

    Raises
    ------
    UnknownStationError
        No station shown has the code.
    """
    lon, lat = parse.read_position(request.args)
    code = request.args.get("code", "")
    stations = layer()
    row = stations.row_of(code)
    if row is None:
        msg = f"no station has the code {code!r}; take one from /api/v1/nearest"
        raise UnknownStationError(msg)
    found = ask_way(lon, lat, float(stations.lon[row]), float(stations.lat[row]))
    metres = found.metres if found else None
    feature = {
        "type": "Feature",
        "properties": {
            "code": code,
            "metres": None if metres is None else round(metres, 1),
            "minutes": None if metres is None else round(metres * 60 / (WALK_KMH * 1000), 1),
            "off_network": bool(found and found.off_network),
            "lines": lines_data(say_lines(found)) if found else [],
        },
        "geometry": {"type": "LineString", "coordinates": found.coordinates} if found else None,
    }
    return json_answer(feature, mimetype="application/geo+json", keep=_NOT_KEPT)
