"""A small map of one worst gap: its line, the streets around it, the stations near it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geo.coords import geodesic_m
from geo.report.canvas import Canvas
from geo.report.colours import EDGE
from geo.report.view import (
    degrees_box,
    draw_lines,
    draw_names,
    draw_scale,
    draw_stations,
    draw_streets,
    make_view,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from geo.coverage import Coverage
    from geo.network import Network

WIDTH: Final = 1040  # pixels: 520 on a page, sharp in print
HEIGHT: Final = 720
_TYPE: Final = 26
_NEAR_M: Final = 1500.0  # a nearest station further away is not brought into the window


def gap_picture(
    result: Coverage,
    gap: dict[str, Any],
    shape: BaseGeometry | None,
    *,
    network: Network,
    language: str,
) -> bytes:
    """Return a map of a gap as PNG of 1040 × 720 pixels, for half that size on a page.

    Parameters
    ----------
    result : Coverage
        For its stations.
    gap : dict
        A row of ``worst_gaps`` of the summary.
    shape : LineString, MultiLineString or None
        Its line, in degrees, as far as it may be shown.
    network : Network
        The streets below.
    language : {"zh", "en"}
        Of the scale.

    Returns
    -------
    bytes
        Empty where nothing of the gap may be shown. The nearest station is in the window unless
        it is more than 1.5 km from the line.
    """
    if shape is None or shape.is_empty:
        return b""
    lines = [shapely.get_coordinates(part) for part in shapely.get_parts(shape)]
    box = (0.0, 0.0, float(WIDTH), float(HEIGHT))
    canvas = Canvas(WIDTH, HEIGHT)
    view = make_view(_box_of(result, gap, np.concatenate(lines)), box)
    draw_streets(canvas, view, network)
    draw_lines(canvas, view, {gap["cause"]: lines}, scale=1.6)
    marks = draw_stations(canvas, view, result, px=26)
    codes, names = result.stations["code"].tolist(), result.stations["name"].tolist()
    marks = marks.ordered([codes[row] != gap["nearest_code"] for row in marks.rows.tolist()])
    draw_names(canvas, marks, names, px=_TYPE, within=box, most=8)
    draw_scale(canvas, view, language, px=_TYPE)
    canvas.frame(box, edge=EDGE)
    return canvas.png()


def _box_of(
    result: Coverage, gap: dict[str, Any], points: NDArray[np.float64]
) -> tuple[float, float, float, float]:
    """Return the box of the line, with the nearest station if it is near enough."""
    stations = result.stations
    rows = np.flatnonzero(stations["code"].to_numpy(dtype=object) == gap["nearest_code"])
    if len(rows):
        lon, lat = (float(stations[name].iloc[rows[0]]) for name in ("lon", "lat"))
        away = geodesic_m(
            points[:, 0], points[:, 1], np.full(len(points), lon), np.full(len(points), lat)
        )
        if away.min() <= _NEAR_M:
            points = np.vstack([points, [lon, lat]])
    return degrees_box(points[:, 0], points[:, 1])
