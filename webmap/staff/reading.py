"""What the station form asks while somebody types: how hours are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import jsonify, request

from webmap.forms.hours import LONGEST, tell_either, tell_osm, tell_words
from webmap.forms.tapped import tap_text
from webmap.roles import needs_role
from webmap.staff.base import blueprint

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from webmap.forms.hours import Told

_TELL: Final[dict[str, Callable[[str], Told]]] = {
    "hours_text": tell_words,
    "hours": tell_osm,
    "self_hours": tell_either,
}


@blueprint.get("/hours")
@needs_role("editor")
def read_hours() -> Response:
    """Say how the text of a field of hours is read; nothing is saved."""
    tell = _TELL.get(request.args.get("field", ""), tell_words)
    text = request.args.get("text", "")[:LONGEST]
    told = tell(text)
    return jsonify(status=told.status, lines=told.lines, tapped=tap_text(text))
