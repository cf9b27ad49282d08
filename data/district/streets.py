"""The streets that were drawn by hand, brought onto the map: avenues, quays, border roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
import shapely.ops

from district import skeleton
from district.plane import dice, rounded, smooth

if TYPE_CHECKING:
    from district.plane import Points
    from district.water import Corridors

STUB_M: Final = 90.0  # hand-drawn streets end at the crossing before so short a rest
FRAME_CORNERS: Final = 24
COUNTRY: Final = shapely.box(-2350, -5000, 5000, 2750)  # no road follows the border here


@dataclass
class Street:
    """A walkable line with what a mapper would write on it."""

    line: Points
    highway: str
    name: str = ""
    en: str = ""


def avenues() -> list[Street]:
    """Return the streets of the skeleton as curves."""
    return [
        Street(smooth(one.points, closed=one.closed, step_m=55.0), one.highway, one.name, one.en)
        for one in skeleton.AVENUES
    ]


def quays(corridors: Corridors) -> list[Street]:
    """Return the roads along the river, broken off at the railway."""
    found = []
    for side, name, en in ((-1, "滨河西路", "Binhe West Road"), (1, "滨河东路", "Binhe East Road")):
        line = shapely.LineString(corridors.river_side(skeleton.BANK_M, side))
        dry = line.difference(corridors.rail_land.buffer(6.0))
        found += [
            Street(np.asarray(part.coords), "tertiary", name, en) for part in shapely.get_parts(dry)
        ]
    return found


def border_roads(corridors: Corridors, border: shapely.Polygon) -> list[Street]:
    """Return the roads that follow the district's border, in the west and in the north."""
    barriers = shapely.union(corridors.river_strip(skeleton.BANK_M + 2), corridors.rail_land)
    walked = border.exterior.difference(shapely.union(barriers, COUNTRY))
    found = []
    for part in shapely.get_parts(shapely.line_merge(walked)):
        west = part.centroid.x < COUNTRY.bounds[0]
        name, en = ("西界路", "Xijie Road") if west else ("北界路", "Beijie Road")
        if part.length > STUB_M:
            found.append(Street(np.asarray(part.coords), "tertiary", name, en))
    return found


def frame() -> Points:
    """Return the edge of the extract, with round corners and not quite straight."""
    angle = np.arange(FRAME_CORNERS) / FRAME_CORNERS * 2 * np.pi
    square = skeleton.FRAME_M / np.maximum(np.abs(np.cos(angle)), np.abs(np.sin(angle)))
    radius = np.minimum(square, skeleton.FRAME_M * 1.32)
    radius *= dice("frame").uniform(0.985, 1.0, FRAME_CORNERS)
    ring = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return smooth(ring.tolist(), closed=True, step_m=120.0)


def trimmed(streets: list[Street], edge: Points) -> list[Street]:
    """Cut the streets at the edge of the extract, and short rests beyond their last crossing."""
    inside = shapely.Polygon(edge)
    lines = [shapely.LineString(street.line) for street in streets]
    tree = shapely.STRtree(lines)
    found = []
    for nth, (street, line) in enumerate(zip(streets, lines, strict=True)):
        kept: shapely.Geometry = line.intersection(inside)
        others = [lines[other] for other in np.sort(tree.query(line)) if other != nth]
        if isinstance(kept, shapely.LineString) and not line.is_closed:
            kept = _without_rests(kept, shapely.union_all(others))
        found += [
            Street(rounded(part.coords), street.highway, street.name, street.en)
            for part in shapely.get_parts(kept)
            if part.length > STUB_M
        ]
    return found


def _without_rests(line: shapely.LineString, others: shapely.Geometry) -> shapely.Geometry:
    crossings = shapely.get_parts(shapely.intersection(line, others))
    met = shapely.line_locate_point(line, crossings).tolist()
    first = min((way for way in met if way < STUB_M), default=0.0)
    last = max((way for way in met if way > line.length - STUB_M), default=line.length)
    return shapely.ops.substring(line, first, last)
