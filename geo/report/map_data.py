"""What the report's map draws: stretches, streets, stations, as compact columns for its script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.coverage.classes import CLASS_NAMES
from geo.report.opening import say_opening, say_osm
from geo.report.streets_ground import UNIT, encode_lines, streets_ground, widened
from geo.vocab import load_vocab

if TYPE_CHECKING:
    from collections.abc import Hashable

    from geo.coverage import Coverage
    from geo.network import Network
    from geo.report.streets_ground import Box

_ROUND: Final = {"m": ("minutes", 1), "l": ("length_m", 0), "d": ("walk_m", 0)}
_MAYBE: Final = {"a": "area", "f": "shift"}


def map_data(
    result: Coverage, network: Network, stretches: dict[str, Any], lang: str
) -> dict[str, Any]:
    """Return the map's data: plain, with texts as they are stored.

    Parameters
    ----------
    result : Coverage
        For its stations.
    network : Network
        That it was measured on.
    stretches : dict
        As ``stretches.geojson`` has them.
    lang : str
        Of the hours of stations and shifts.
    """
    features = stretches["features"]
    box = shown_box(result, network, features)
    stations, place = _stations(result, box, lang, set(stretches["stations"]))
    return {
        "box": [round(edge, 6) for edge in box],
        "unit": UNIT,
        "classes": list(CLASS_NAMES),
        "areas": stretches["areas"],
        "shifts": [say_osm(shift, lang) for shift in stretches["shifts"]],
        "stations": stations,
        "pieces": _pieces(features, box, place),
        "ground": streets_ground(network, box),
    }


def shown_box(result: Coverage, network: Network, features: list[dict[str, Any]]) -> Box:
    """Return what the map shows at first: the stretches and 300 m around, else the network."""
    points = [point for one in features for point in one["geometry"]["coordinates"]]
    if points:
        lon, lat = np.array(points, dtype=np.float64).T
        return widened((float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())))
    if len(result.stations):
        lon, lat = (result.stations[name].to_numpy(dtype=np.float64) for name in ("lon", "lat"))
        return widened((float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())))
    return widened(network.bounds)


def _stations(
    result: Coverage, box: Box, lang: str, named: set[str]
) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the stations inside the box and those that stretches name, and the place of each."""
    rows, served = [], result.served
    west, south, east, north = box
    for at, row in enumerate(result.stations.to_dict("records")):
        lon, lat = row["lon"], row["lat"]
        if row["code"] in named or (west <= lon <= east and south <= lat <= north):
            is_out = bool(served.is_locked[at] or served.is_unverified[at])
            rows.append((row, lon, lat, is_out))
    kinds = load_vocab("kind")
    columns = {
        "code": [row["code"] for row, *_ in rows],
        "name": [row["name"] for row, *_ in rows],
        "kind": [row["kind"] if row["kind"] in kinds else "rest_station" for row, *_ in rows],
        "hours": [say_opening(row, lang) for row, *_ in rows],
        "x": [round((lon - west) / UNIT) for _, lon, _, _ in rows],
        "y": [round((lat - south) / UNIT) for _, _, lat, _ in rows],
        "out": [int(is_out) for *_, is_out in rows],
    }
    return columns, {code: place for place, code in enumerate(columns["code"])}


def _pieces(features: list[dict[str, Any]], box: Box, place: dict[str, int]) -> dict[str, Any]:
    """Return the stretches as columns: no more of them than the map tells, no route, no date."""
    every = [feature["properties"] for feature in features]
    lines = [feature["geometry"]["coordinates"] for feature in features]
    points = np.array([point for line in lines for point in line], dtype=np.float64).reshape(-1, 2)
    sizes = np.array([len(line) for line in lines], dtype=np.int64)
    columns: dict[str, Any] = {
        letter: [CLASS_NAMES.index(one[judgement]) for one in every]
        for letter, judgement in (("e", "effective"), ("n", "nominal"), ("s", "straight"))
    }
    columns |= {
        letter: [-1 if one[name] is None else _rounded(one[name], digits) for one in every]
        for letter, (name, digits) in _ROUND.items()
    }
    columns |= {
        letter: [-1 if one[name] is None else one[name] for one in every]
        for letter, name in _MAYBE.items()
    }
    columns["x"] = [_missed(one) for one in every]
    columns["c"] = [place.get(one["nearest"], -1) for one in every]
    columns["h"], columns["sets"] = _once([tuple(one["hours"]) for one in every])
    columns["p"] = encode_lines(points[:, 0], points[:, 1], sizes, box)
    return columns


def _missed(one: dict[str, Any]) -> int | list[int]:
    """Return the minutes missed, of each of its hours where they are told; -1 of none."""
    if "missed_by_hour" in one:
        return [_minutes(value) for value in one["missed_by_hour"]]
    return _minutes(one["missed_min"])


def _minutes(value: float | None) -> int:
    return -1 if value is None else round(value)


def _once(values: list[Any]) -> tuple[list[int], list[Any]]:
    """Return the place of each value among the different ones, and these, by first occurrence."""
    known: dict[Hashable, int] = {}
    places = [known.setdefault(value, len(known)) for value in values]
    return places, list(known)


def _rounded(value: float, digits: int) -> float:
    """Return a number with so many decimals, a whole one without a point."""
    near = round(value, digits)
    return int(near) if near == int(near) else near
