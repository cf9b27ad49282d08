"""The stretches of a run as GeoJSON: what the maps of reports and of the planner's page draw."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.coverage.classes import CLASS_NAMES, CLOSED
from geo.coverage.missed import missed_min
from geo.coverage.result import MS_PER_MIN, rounded_times
from geo.errors import InvalidOptionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geo.coverage.drawn import Drawn
    from geo.coverage.result import Coverage
    from geo.coverage.stretches import Stretches


def write_stretches(result: Coverage, path: Path) -> None:
    """Write the stretches of all classes as GeoJSON, the same result as the same bytes.

    Parameters
    ----------
    result : Coverage
        Measured with a ``drawing``.
    path : Path
        Replaced if it exists. What stands in it is told in docs/coverage.md (Stretches).

    Raises
    ------
    InvalidOptionError
        The result holds no stretches.
    """
    stretches = result.stretches
    if stretches is None:
        msg = "this coverage was measured without stretches; give it a drawing"
        raise InvalidOptionError(msg)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_compact(_head(result, stretches))[:-1] + ',"features":[')
        for number, feature in enumerate(_features(stretches.drawn, result.stations)):
            file.write((",\n" if number else "\n") + _compact(feature))
        file.write("\n]}\n")


def _head(result: Coverage, stretches: Stretches) -> dict[str, Any]:
    """Return the members that stand before the features."""
    rows = np.unique(stretches.drawn.nearest)
    named = result.stations.iloc[rows[rows >= 0]]
    cells = ("name", "kind", "lon", "lat", "hours", "hours_text")
    return {
        "type": "FeatureCollection",
        "not_drawn": stretches.not_drawn,
        "not_drawn_min": stretches.not_drawn_ms / MS_PER_MIN,
        "hidden_min": stretches.hidden_ms / MS_PER_MIN,
        "areas": list(result.areas[0]) if result.areas else [],
        "shifts": list(result.shifts),
        "stations": {
            row["code"]: {name: row[name] for name in cells} for row in named.to_dict("records")
        },
    }


def _features(drawn: Drawn, stations: GeoDataFrame) -> Iterator[dict[str, Any]]:
    """Yield pieces as GeoJSON features.

    Yields
    ------
    dict
        One feature.
    """
    codes = [*stations["code"].tolist(), ""]
    starts = rounded_times(drawn.start_ms)
    missed = _missed(drawn, stations)
    stops = (drawn.first + drawn.size).tolist()
    points = np.column_stack([drawn.lon, drawn.lat]).tolist()
    cuts = np.searchsorted(drawn.piece, np.arange(1, len(drawn)))
    hours, nearest_ms = (np.split(values, cuts) for values in (drawn.hour, drawn.nearest_ms))
    by_hour = np.split(missed, cuts)
    for row in range(len(drawn)):
        area, shift, walk_m = int(drawn.area[row]), int(drawn.shift[row]), drawn.walk_m[row]
        yield {
            "type": "Feature",
            "properties": {
                "effective": CLASS_NAMES[drawn.effective[row]],
                "nominal": CLASS_NAMES[drawn.nominal[row]],
                "straight": CLASS_NAMES[drawn.straight[row]],
                "route": int(drawn.route[row]),
                "hours": hours[row].tolist(),
                "minutes": int(drawn.ms[row]) / MS_PER_MIN,
                "length_m": int(drawn.length_mm[row]) / 1000,
                "workers": int(drawn.workers[row]),
                "area": area if area >= 0 else None,
                "shift": shift if shift >= 0 else None,
                "nearest": codes[drawn.nearest[row]],
                "walk_m": None if np.isinf(walk_m) else round(float(walk_m), 1),
                **_missed_words(by_hour[row], int(nearest_ms[row].argmin())),
                "start": starts[row],
            },
            "geometry": {
                "type": "LineString",
                "coordinates": points[drawn.first[row] : stops[row]],
            },
        }


def _missed_words(minutes: NDArray[np.float64], first: int) -> dict[str, Any]:
    """Return what is missed in the first pass and, of several hours, in each of them."""
    known = [None if np.isnan(one) else float(one) for one in minutes]
    words: dict[str, Any] = {"missed_min": known[first]}
    if len(known) > 1 and any(one is not None for one in known):
        words["missed_by_hour"] = known
    return words


def _missed(drawn: Drawn, stations: GeoDataFrame) -> NDArray[np.float64]:
    """Return the minutes missed of each piece and hour that is closed, to 0.1, NaN of others."""
    found = np.full(len(drawn.hour), np.nan)
    closed = np.flatnonzero(drawn.effective[drawn.piece] == CLOSED)
    nearest = drawn.nearest[drawn.piece[closed]]
    found[closed] = missed_min(nearest, drawn.nearest_ms[closed], stations).round(1)
    return found


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
