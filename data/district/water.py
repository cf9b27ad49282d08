"""The river, the railway and the strips of land they take from the town."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from district import skeleton
from district.plane import lengths, offset, smooth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from district.plane import Points

STEP_M = 40.0


def closed(ring: Points) -> shapely.Polygon:
    """Return the polygon of a ring of points."""
    return shapely.Polygon(ring)


class Corridors:
    """River and railway as lines and strips; made once."""

    @cached_property
    def river(self) -> Points:
        """The middle of the river, north to south."""
        return smooth(skeleton.RIVER, step_m=STEP_M)

    @cached_property
    def river_half_m(self) -> NDArray[np.float64]:
        """Half the width of the water at each vertex: it swells a little in the bends."""
        way = lengths(self.river)
        return skeleton.RIVER_M / 2 * (1 + 0.16 * np.sin(way / 310.0) + 0.07 * np.sin(way / 97.0))

    def river_side(self, beyond_m: float, side: int) -> Points:
        """Return a line beyond the bank, ``side`` +1 east (left of the flow) or -1 west."""
        return offset(self.river, side * (self.river_half_m + beyond_m))

    @cached_property
    def water(self) -> shapely.Polygon:
        """The water of the river."""
        return self.river_strip(0.0)

    def river_strip(self, beyond_m: float) -> shapely.Polygon:
        """Return the river and its banks to some way beyond the water."""
        east, west = self.river_side(beyond_m, 1), self.river_side(beyond_m, -1)
        return closed(np.concatenate([east, west[::-1]]))

    @cached_property
    def railway(self) -> Points:
        """The middle of the tracks, west to east."""
        return smooth(skeleton.RAILWAY, step_m=STEP_M)

    @cached_property
    def rail_half_m(self) -> NDArray[np.float64]:
        """Half the width of the railway's land at each vertex."""
        x = self.railway[:, 0]
        half = np.full(len(x), skeleton.RAIL_HALF_M)
        for first, last, wide in (skeleton.YARD, skeleton.PLATFORMS):
            ramp = np.clip(np.minimum(x - first, last - x) / 250.0, 0.0, 1.0)
            half += ramp * (wide - skeleton.RAIL_HALF_M)
        return half

    def rail_side(self, side: int) -> Points:
        """Return the fence of the railway, ``side`` +1 north or -1 south."""
        return offset(self.railway, side * self.rail_half_m)

    @cached_property
    def rail_land(self) -> shapely.Polygon:
        """The railway's land between its fences."""
        return closed(np.concatenate([self.rail_side(1), self.rail_side(-1)[::-1]]))

    def tracks(self) -> list[tuple[Points, str]]:
        """Return the tracks and their service: two main lines, the yard, the platforms."""
        found = [(offset(self.railway, 2.5), "main"), (offset(self.railway, -2.5), "main")]
        for (first, last, wide), gap, kind in (
            (skeleton.YARD, 16.0, "yard"),
            (skeleton.PLATFORMS, 14.0, "siding"),
        ):
            x = self.railway[:, 0]
            inside = (x > first + 60) & (x < last - 60)
            part = self.railway[inside]
            share = np.clip(np.minimum(x - first - 60, last - 60 - x)[inside] / 320.0, 0.0, 1.0)
            count = int((wide - 20) / gap)
            for nth in [n for n in range(-count, count + 1) if n]:
                side = nth * gap
                sidings = offset(part, np.sign(side) * 2.5 + share * side)
                found.append((sidings, kind))
        return found
