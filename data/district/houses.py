"""Houses on a plot: rows along its edges, or a grid that looks south; none touches another."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from district.plane import rounded, turned

if TYPE_CHECKING:
    from district.blocks import Block
    from district.plane import Points
    from district.streets import Street

STEP_M: Final = 5.0  # a house that does not fit is tried again so much further


@dataclass
class Shape:
    """A drawn ring or line that nobody walks on, with its tags."""

    line: Points
    tags: dict[str, str]


@dataclass
class Filling:
    """What stands on the blocks."""

    ways: list[Street] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    houses: list[Shape] = field(default_factory=list)
    gates: list[tuple[Points, dict[str, str]]] = field(default_factory=list)
    compounds: list[tuple[shapely.Polygon, str]] = field(default_factory=list)  # ground and name


@dataclass(frozen=True)
class Site:
    """A block that is being filled."""

    block: Block
    free: shapely.Polygon  # its ground less the streets' own width
    name: str  # if it needs one
    filling: Filling  # grows
    rng: np.random.Generator

    @property
    def name_tags(self) -> dict[str, str]:
        """The name of the place that was meant for this block, or the one at hand."""
        place = self.block.place
        return {"name": place.name, "name:en": place.en} if place else {"name": self.name}

    def cover(self, shape: shapely.Polygon, tags: dict[str, str]) -> None:
        """Draw an area."""
        self.filling.shapes.append(Shape(ring_of(shape), tags))


def ring_of(shape: shapely.Geometry) -> Points:
    """Return the outline of a polygon, counter-clockwise, to centimetres."""
    return rounded(
        shapely.get_coordinates(shapely.get_exterior_ring(shapely.orient_polygons(shape)))
    )


def inset(shape: shapely.Polygon, metres: float) -> shapely.Polygon:
    """Return a polygon made smaller all round; of several pieces the largest; maybe empty."""
    inner = shapely.buffer(shape, -metres, join_style="mitre").simplify(1.5)
    return largest(inner)


def largest(shape: shapely.Geometry) -> shapely.Polygon:
    """Return the largest polygon of a shape, without holes; maybe empty."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    best = max(parts, key=lambda part: round(part.area), default=shapely.Polygon())
    return best if best.is_empty else shapely.Polygon(best.exterior)


def grain(shape: shapely.Polygon) -> float:
    """Return the angle of a shape's edges to the east-west axis, radians in (-pi/4, pi/4]."""
    edges = np.diff(np.asarray(shape.exterior.coords), axis=0)
    angle = 4 * np.arctan2(edges[:, 1], edges[:, 0])
    east, north = np.hypot(*edges.T) @ np.column_stack([np.cos(angle), np.sin(angle)])
    return float(np.round(np.arctan2(north, east) / 4, 4))


class Plot:
    """Ground on which houses are placed without touching each other or the inner ways."""

    def __init__(self, ground: shapely.Geometry, ways: list[Points], keep_m: float = 5.0) -> None:
        lines = shapely.MultiLineString([way.tolist() for way in ways])
        self.ground = shapely.difference(ground, shapely.buffer(lines, keep_m, cap_style="flat"))
        shapely.prepare(self.ground)
        self.houses: list[shapely.Polygon] = []

    def build(self, corners: Points) -> None:
        """Build a house if there is room for it."""
        house = shapely.Polygon(corners)
        alone = not self.houses or not shapely.dwithin(np.array(self.houses), house, 0.8).any()
        if alone and shapely.contains_properly(self.ground, house):
            self.houses.append(house)

    def row(
        self,
        shape: shapely.Polygon,
        rng: np.random.Generator,
        *,
        wide: tuple[float, float],
        deep: tuple[float, float],
        gap: tuple[float, float],
        keep: float = 1.0,
    ) -> None:
        """Line the edges of a shape with houses that face outward; ``keep`` of them are built."""
        if shape.is_empty:
            return
        ring = ring_of(shape)
        for a, b in pairwise(ring):
            long = float(np.hypot(*(b - a)))
            ahead = (b - a) / max(long, 0.01)
            inward = np.array([-ahead[1], ahead[0]])
            at = rng.uniform(0.5, 3.0)
            while at + wide[0] < long:
                width, depth = min(rng.uniform(*wide), long - at), rng.uniform(*deep)
                p, q = a + ahead * at + inward * 0.3, a + ahead * (at + width) + inward * 0.3
                if rng.random() < keep:
                    self.build(np.array([p, q, q + inward * depth, p + inward * depth]))
                at += width + rng.uniform(*gap)

    def grid(
        self, angle: float, size: tuple[float, float], pitch: tuple[float, float], stagger: float
    ) -> None:
        """Build equal houses in rows, every other row moved by a share ``stagger`` of the pitch."""
        if self.ground.is_empty:
            return
        local = shapely.transform(self.ground, lambda xy: turned(xy, -angle))
        shapely.prepare(local)
        west, south, east, north = local.bounds
        y, rows = south + 1.0, 0
        while y < north - size[1]:
            start = west + 1.0 + (rows % 2) * stagger * pitch[0]
            x = np.arange(start, max(east - size[0], start), STEP_M)
            row = [shapely.box(left, y, left + size[0], y + size[1]) for left in x.tolist()]
            fits = shapely.contains_properly(local, np.array(row))
            chosen = _apart(x[fits], pitch[0])
            for left in chosen:
                box = shapely.box(left, y, left + size[0], y + size[1])
                self.houses.append(shapely.transform(box, lambda xy: turned(xy, angle)))
            rows, y = rows + bool(chosen), y + (pitch[1] if chosen else STEP_M)

    def into(self, filling: Filling, tags: dict[str, str]) -> None:
        """Hand the houses over."""
        filling.houses += [Shape(ring_of(house), dict(tags)) for house in self.houses]


def _apart(x: Points, pitch: float) -> list[float]:
    """Return the first, and each that is at least a pitch behind the last returned."""
    chosen: list[float] = []
    for one in x.tolist():
        if not chosen or one >= chosen[-1] + pitch:
            chosen.append(one)
    return chosen
