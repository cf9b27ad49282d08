"""The stations around one that is being typed, while it is typed; nothing is saved.

The position comes in the body of a request, never in its address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
from flask import jsonify, request

from geo.coords import MAX_LAT, MAX_LON
from geo.stations.duplicates import USED
from geo.stations.frames import to_stations
from geo.stations.schema import FIELD_BY_NAME, FIELD_NAMES
from geo.whereabouts import find_odd
from webmap.roles import needs_role
from webmap.staff.alike_words import say_odd
from webmap.staff.asking import find_others, surroundings
from webmap.staff.base import blueprint
from webmap.staff.desk import open_desk

if TYPE_CHECKING:
    from flask import Response

_TYPED: Final = tuple(name for name in USED if name not in {"lon", "lat", "status"})


@blueprint.post("/alike")
@needs_role("editor")
def alike() -> Response:
    """Answer with the stations within 300 m, and what is odd about the position."""
    desk = open_desk()
    lon, lat = (request.form.get(name, type=float) for name in ("lon", "lat"))
    if lon is None or lat is None or not abs(lon) <= MAX_LON or not abs(lat) <= MAX_LAT:
        return jsonify({"others": [], "doubts": []})
    cells = dict.fromkeys(FIELD_NAMES, "") | {"lon": repr(lon), "lat": repr(lat)}
    for name in _TYPED:
        cells[name] = request.form.get(name, "")[: FIELD_BY_NAME[name].max_length]
    station = to_stations(pd.DataFrame([cells], dtype=str))
    others = find_others(desk, station, least=0.0)
    odd = find_odd([lon], [lat], surroundings(desk))
    return jsonify({
        "others": [other._asdict() for other in others],
        "doubts": [say_odd(one) for one in odd],
    })  # fmt: skip
