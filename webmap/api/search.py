"""``/search``: stations and named places by what somebody typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from flask import request

from geo.search import MOST_SIGNS
from webmap.api import parse
from webmap.api.base import blueprint
from webmap.api.parse import BadParameterError
from webmap.api.present import json_answer
from webmap.search import find

if TYPE_CHECKING:
    from flask import Response

MOST_FOUND: Final = 50
_FIELDS: Final = ["code", "name", "kind", "lon", "lat", "address", "district", "subdistrict"]
_NOT_KEPT: Final = "no-store"  # the address may hold a position


@blueprint.get("/search")
def search() -> Response:
    """Answer with the stations and the places that words find, the best first.

    Raises
    ------
    BadParameterError
        No words, or too many.
    """
    query = request.args
    words = query.get("q", "").strip()
    if not words or len(words) > MOST_SIGNS:
        msg = f"q needs 1 to {MOST_SIGNS} characters: a name, an address, pinyin or initials"
        raise BadParameterError(msg, "q")
    limit = parse.read_count(query, "limit", default=10, most=MOST_FOUND)
    near = parse.read_position(query) if "lon" in query or "lat" in query else None
    found = find(words, limit=limit, near=near)
    rows = found.layer.rows.loc[found.rows, _FIELDS]
    answer: dict[str, Any] = {
        "q": words,
        "is_guess": found.is_guess,
        "demo": found.layer.is_demo,
        "stations": cast("list[dict[str, Any]]", rows.to_dict("records")),
        "places": [place._asdict() for place in found.places],
    }
    return json_answer(answer, keep=_NOT_KEPT)
