"""How answers are written: JSON by orjson, and a station's public cells as plain data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import orjson
from flask import Response

from geo.stations.schema import FIELD_BY_NAME, PUBLIC_NAMES, FieldType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.nearest import NearestStation

_LISTS: Final = (FieldType.TEXT_LIST, FieldType.CODE_LIST)
_LIST_NAMES: Final = frozenset(name for name in PUBLIC_NAMES if FIELD_BY_NAME[name].type in _LISTS)
_WRITE: Final = orjson.OPT_OMIT_MICROSECONDS | orjson.OPT_SERIALIZE_NUMPY


def json_answer(data: object, *, mimetype: str = "application/json", keep: str) -> Response:
    """Return data as JSON; ``keep`` is the Cache-Control of the answer."""
    body = orjson.dumps(data, option=_WRITE)
    return Response(body, mimetype=mimetype, headers={"Cache-Control": keep})


def nearest_data(found: NearestStation) -> dict[str, Any]:
    """Return one answer as plain data, metres and minutes to two decimals."""
    return {
        "code": found.code,
        "name": found.name,
        "kind": found.kind,
        "lon": found.lon,
        "lat": found.lat,
        "walk_m": _round(found.walk_m),
        "walk_min": _round(found.walk_min),
        "minutes": _round(found.minutes),
        "straight_m": _round(found.straight_m),
        "off_network": found.off_network,
        "state": found.state,
        "arrive_at": found.arrive_at,
        "opens_at": found.opens_at,
        "closes_at": found.closes_at,
        "entry_mode": found.entry_mode,
        "amenities": found.amenities,
        "needs_unknown": found.needs_unknown,
    }


def station_data(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the public fields of a station: lists as lists, unknown numbers as null."""
    return {name: _plain(name, row[name]) for name in PUBLIC_NAMES}


def _plain(name: str, cell: Any) -> object:  # noqa: ANN401  # str, float, int or pandas' NA
    if name in _LIST_NAMES:
        return [part for part in cell.split(";") if part]
    if isinstance(cell, str):
        return cell
    known = isinstance(cell, int | float) and math.isfinite(cell)
    return cell if known else None


def _round(number: float | None) -> float | None:
    return None if number is None else round(number, 2)
