"""Hand-made beats: lines with a shift, written as GeoJSON or made in memory."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.coords import GEOD
from geo.tracks import Beats, Steps, read_beats

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

Json = dict[str, Any]
Corners = list[list[float]]

PLAIN = dt.date(2026, 11, 9)  # the Monday of a week without holidays
LON, LAT = 116.3, 40.0


def line_east(metres: float, *, lon: float = LON, lat: float = LAT) -> Corners:
    """Return a straight line of this length."""
    end = GEOD.fwd(lon, lat, 90.0, metres)
    return [[lon, lat], [float(end[0]), float(end[1])]]


def feature(*lines: Corners, **properties: object) -> Json:
    """Return a LineString, or a MultiLineString of several lines."""
    shape = (
        {"type": "LineString", "coordinates": lines[0]}
        if len(lines) == 1
        else {"type": "MultiLineString", "coordinates": list(lines)}
    )
    return {"type": "Feature", "properties": properties, "geometry": shape}


def write_beats(path: Path, *features: Json) -> Path:
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


def beats_of(folder: Path, *features: Json, **options: Any) -> Beats:  # noqa: ANN401  # passed on
    return read_beats([write_beats(folder / "beats.geojson", *features)], **options)


def joined(parts: Sequence[Steps]) -> Steps:
    """Return all parts as one."""
    columns = ([getattr(part, field.name) for part in parts] for field in fields(Steps))
    return Steps(*(np.concatenate(column) for column in columns))


def steps_of(beats: Beats, monday: dt.date = PLAIN) -> Steps:
    return joined(list(beats.planned(monday).parts()))


def clock(t_ms: NDArray[np.int64]) -> list[str]:
    """Return moments as local weekday, hour and minute."""
    local = dt.timezone(dt.timedelta(hours=8))
    moments = (dt.datetime.fromtimestamp(ms / 1000, tz=local) for ms in t_ms.tolist())
    return [moment.strftime("%a %H:%M") for moment in moments]
