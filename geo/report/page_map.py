"""The map of the page as a picture, for print: lines, streets, stations, a scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.report.canvas import Canvas
from geo.report.colours import EDGE
from geo.report.view import (
    degrees_box,
    draw_lines,
    draw_scale,
    draw_stations,
    draw_streets,
    height_for,
    make_view,
)

if TYPE_CHECKING:
    from geo.coverage import Coverage
    from geo.network import Network
    from geo.report.pictures import Drawn

WIDTH: Final = 1800
LEAST_HIGH, MOST_HIGH = 480, 840  # what page one has room for
_LINE: Final = 3.0  # pixels of the frame, which is drawn inside
_TYPE: Final = 30
_MANY_STATIONS: Final = 150
_NEAR, _FAR = 1.5, 1.0  # widths of lines
_FAR_PX_PER_M: Final = 0.3  # below it lines are drawn thinner


def page_map(result: Coverage, drawn: Drawn, *, network: Network, language: str) -> bytes:
    """Return the map as PNG, 1800 pixels wide and 480 to 840 high, as its lines are.

    Parameters
    ----------
    result : Coverage
        For its stations.
    drawn : Drawn
        Lines of the whole run.
    network : Network
        The streets below.
    language : {"zh", "en"}
        Of the scale.
    """
    points = drawn.points
    box = degrees_box(points[:, 0], points[:, 1]) if len(points) else network.bounds
    height = round(height_for(box, WIDTH, least=LEAST_HIGH, most=MOST_HIGH))
    window = (_LINE, _LINE, WIDTH - _LINE, height - _LINE)
    canvas, view = Canvas(WIDTH, height), make_view(box, window)
    draw_streets(canvas, view, network)
    scale = _FAR if view.px_per_m < _FAR_PX_PER_M else _NEAR
    draw_lines(canvas, view, drawn.lines, scale=scale)
    stations = result.stations
    at = view.to_px(stations["lon"].to_numpy(dtype=float), stations["lat"].to_numpy(dtype=float))
    is_many = int(np.count_nonzero(view.holds(at))) > _MANY_STATIONS
    draw_stations(canvas, view, result, px=11 if is_many else 22)
    draw_scale(canvas, view, language, px=_TYPE)
    canvas.frame(window, edge=EDGE)
    return canvas.png()
