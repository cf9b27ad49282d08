"""Ways on foot along and across the barriers: walks by the water, a footbridge, an underpass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from district import skeleton
from district.plane import dice, rounded, smooth
from district.streets import Street

if TYPE_CHECKING:
    from district.blocks import Ground

QUAY_M: Final = 10.0  # from the water to the walk beside it
BEYOND_M: Final = 120.0  # the walks go on so far outside the district
STEPS_M: Final = (170.0, 420.0)  # least and greatest way between steps down to the water
SHORTEST_M: Final = 50.0  # no walk is shorter


def crossings(ground: Ground) -> list[Street]:
    """Return the footbridge and the way under the station, from street to street."""
    streets = [street for street in ground.streets if street.highway != "track"]
    net = shapely.union_all([shapely.LineString(street.line) for street in streets])
    found = []
    for (name, en, points), barrier in (
        (skeleton.FOOTBRIDGE, ground.corridors.water),
        (skeleton.UNDERPASS, ground.corridors.rail_land),
    ):
        pieces = shapely.get_parts(shapely.LineString(smooth(points, step_m=40.0)).difference(net))
        over = [piece for piece in pieces if piece.intersects(barrier)]
        found.append(_street(max(over, key=lambda piece: round(piece.length)), "footway", name, en))
    return found


def promenades(ground: Ground) -> list[Street]:
    """Return the walks beside the water, and steps down to them."""
    rng = dice("steps to the water")
    inside = ground.border.buffer(BEYOND_M).difference(ground.corridors.rail_land.buffer(4.0))
    found = []
    for side in (1, -1):
        quay, road = (
            shapely.LineString(ground.corridors.river_side(metres, side)).intersection(inside)
            for metres in (QUAY_M, skeleton.BANK_M)
        )
        walks = [walk for walk in shapely.get_parts(quay) if walk.length > SHORTEST_M]
        found += [_street(walk, "footway") for walk in walks]
        for walk in walks:
            for way in np.cumsum(rng.uniform(*STEPS_M, int(walk.length / STEPS_M[0]))):
                steps = shapely.shortest_line(walk.interpolate(way), road)
                if way < walk.length and steps.length < skeleton.BANK_M:
                    found.append(_street(steps, "steps"))
    return found


def _street(line: shapely.LineString, highway: str, name: str = "", en: str = "") -> Street:
    return Street(rounded(line.coords), highway, name, en)
