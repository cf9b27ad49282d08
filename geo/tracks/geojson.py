"""GeoJSON tracks: points with a time, or lines with a list of times (``coordTimes``)."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from geo.errors import SourceFormatError
from geo.tracks.columns import find_column
from geo.tracks.points import Points

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo.tracks.archive import Source
    from geo.tracks.rows import Rows

    Json = Any  # what json.loads gives; every use is checked by isinstance

_MAX_BYTES: Final = 100_000_000  # all of it is held in memory, about tenfold
_TIME_LISTS: Final = ("coordTimes", "times")
_FEATURES_NAMED: Final = 100  # looked at for names of properties
_LON_LAT_CRS: Final = ("CRS84", "4326")


def read_geojson(source: Source, columns: Mapping[str, str]) -> Iterator[Rows]:
    """Yield the points of a GeoJSON file in blocks.

    Points carry their time as a property; LineString and MultiLineString carry lists of times in
    ``coordTimes``, ``times`` or ``coordinateProperties.times``. The worker is a property, else the
    ``name`` of a line, else the file (with the number of the line).

    Parameters
    ----------
    source : Source
        RFC 7946; longitude first.
    columns : mapping
        FIELD -> property for time, date, worker and route; wins over the known names.

    Yields
    ------
    Rows
        Positions and times as text, "" where missing.

    Raises
    ------
    SourceFormatError
        Not JSON, cut off, too large, no features, or declared in another CRS.
    """
    points = Points(source.name)
    for number, feature in enumerate(_features(_load(source), source.name), start=1):
        _add_feature(points, feature, number, source.unnamed_worker, columns)
        yield from points.blocks()
    yield from points.blocks(last=True)


def property_names(source: Source) -> tuple[str, ...]:
    """Return the names of the properties of the first features, in the order they come.

    Raises
    ------
    SourceFormatError
        Not JSON, cut off, too large, no features, or declared in another CRS.
    """
    features = _features(_load(source), source.name)[:_FEATURES_NAMED]
    found = (_get(feature, "properties") for feature in features)
    return tuple(dict.fromkeys(str(key) for one in found if isinstance(one, dict) for key in one))


def _load(source: Source) -> Json:
    with source.open() as stream:
        data = stream.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        msg = f"{source.name}: over {_MAX_BYTES // 10**6} MB of GeoJSON; convert it to CSV"
        raise SourceFormatError(msg, "large_geojson")
    if not data.strip():
        msg = f"{source.name}: the file is empty; it needs points or lines"
        raise SourceFormatError(msg, "empty")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        msg = f"{source.name}: not valid JSON ({error}); the file is cut off or something else"
        raise SourceFormatError(msg, "damaged") from error


def _features(document: Json, name: str) -> list[Json]:
    kind = document.get("type") if isinstance(document, dict) else None
    features = [document] if kind == "Feature" else _get(document, "features")
    if not isinstance(features, list):
        msg = f"{name}: JSON but no GeoJSON; it needs a FeatureCollection of points or lines"
        raise SourceFormatError(msg, "disguised")
    crs = _get(_get(_get(document, "crs"), "properties"), "name")
    if isinstance(crs, str) and not crs.endswith(_LON_LAT_CRS):
        msg = f"{name}: is in {crs}; convert it to longitude and latitude (EPSG:4326)"
        raise SourceFormatError(msg, "crs")
    return features


def _add_feature(
    points: Points, feature: Json, number: int, unnamed: str, columns: Mapping[str, str]
) -> None:
    """Add the points of one feature, or count it as refused."""
    properties = _get(feature, "properties")
    properties = properties if isinstance(properties, dict) else {}
    kind, coordinates = (_get(_get(feature, "geometry"), key) for key in ("type", "coordinates"))
    worker, route = (_property(properties, field, columns) for field in ("worker", "route"))
    if kind == "Point":
        time = _property(properties, "time", columns)
        date = _property(properties, "date", columns)
        points.add(*_position(coordinates), time, worker or unnamed, route, date=date)
    elif kind in {"LineString", "MultiLineString"}:
        worker = worker or _text(properties.get("name")) or f"{unnamed}#{number}"
        lines, times = _list(coordinates), _list(_times(properties, columns))
        if kind == "LineString":
            lines, times = [lines], [times]
        for line, moments in zip_longest(lines, times):
            for place, moment in zip_longest(_list(line), _list(moments)):
                points.add(*_position(place), _text(moment), worker, route)
    else:
        what = kind or "feature without geometry"
        points.refuse(f"feature {number}", f"a {what} is no track, which is points or lines")


def _times(properties: dict[str, Json], columns: Mapping[str, str]) -> Json:
    """Return the list of times of a line, from wherever its writer put it."""
    named = [columns["time"]] if "time" in columns else _TIME_LISTS
    places = (properties, _get(properties, "coordinateProperties"))
    return next((found for place in places for key in named if (found := _get(place, key))), None)


def _property(properties: dict[str, Json], field: str, columns: Mapping[str, str]) -> str:
    name = find_column(list(properties), field, columns)
    return "" if name is None else _text(properties[name])


def _position(place: Json) -> tuple[str, str]:
    parts = _list(place)
    return (_text(parts[0]), _text(parts[1])) if len(parts) > 1 else ("", "")


def _text(value: Json) -> str:
    return value.strip() if isinstance(value, str) else "" if value is None else json.dumps(value)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _get(value: Json, key: str) -> Json:
    return value.get(key) if isinstance(value, dict) else None
