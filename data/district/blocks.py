"""Blocks: the hand-drawn lines cut the ground into faces, and faces are cut into blocks.

A face is halved again and again by a slightly bent street across its longer side, measured in the
size of block that its kind of quarter wants; neighbours are cut on their own, so most streets end
at an offset T, and some are shifted to meet the street across.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
import shapely.ops

from district import skeleton
from district.houses import grain
from district.plane import CM, bowed, dice, rounded, smooth, turned
from district.streets import Street, avenues, border_roads, frame, quays, trimmed
from district.water import Corridors

if TYPE_CHECKING:
    from district.plane import Points

BLOCK_M: Final = {  # wanted block, along and across the quarter's east-west grain
    "old": (175.0, 74.0), "mid": (225.0, 165.0), "new": (330.0, 285.0),
    "industrial": (440.0, 330.0), "farm": (560.0, 420.0),
}  # fmt: skip
TOLERANCE: Final = 1.42  # a block may be so much longer than wanted
BOW: Final = {"old": 0.035, "mid": 0.02, "new": 0.02, "industrial": 0.012, "farm": 0.05}
CLASSES: Final = ((330_000.0, "tertiary"), (110_000.0, "unclassified"), (0.0, "residential"))
LANE_M2: Final = 60_000.0  # in the old town a street that cuts less than this is a lane
MEETING: Final = 0.6  # of the streets look for one across, which they meet if it is as near as
SHIFT_M: Final = 45.0
SLIVER_M2: Final = 2500.0  # nothing smaller is a face or a block
OVER_M: Final = 0.05  # a cut reaches beyond the edge, to cut it for sure


@dataclass
class Block:
    """A piece of ground between streets."""

    shape: shapely.Polygon
    use: str
    place: skeleton.Place | None = None


@dataclass
class Ground:
    """The streets and the blocks between them; strips along river and railway left green."""

    corridors: Corridors
    border: shapely.Polygon
    streets: list[Street] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    faces: list[shapely.Polygon] = field(default_factory=list)  # of the district, for its areas
    ends: list[Points] = field(default_factory=list)  # where cutting streets end


@dataclass(frozen=True)
class Piece:
    """A shape that may be cut, and its box along its own grain."""

    shape: shapely.Polygon
    use: str
    angle: float
    low: Points  # (2,) of the box, turned by -angle
    high: Points

    @classmethod
    def of(cls, shape: shapely.Polygon, border: shapely.Polygon) -> Piece:
        """Measure a shape."""
        middle = shape.centroid
        inside = border.contains(shape.representative_point())
        angle = grain(shape)
        corners = turned(np.asarray(shape.exterior.coords), -angle)
        use = skeleton.use_at(middle.x, middle.y) if inside else "farm"
        return cls(shape, use, angle, corners.min(axis=0), corners.max(axis=0))

    @property
    def blocks(self) -> Points:
        """How many wanted blocks it is long and wide, shape (2,)."""
        return (self.high - self.low) / BLOCK_M[self.use]

    @property
    def fill(self) -> float:
        """The share of the box that it fills."""
        return float(self.shape.area / np.prod(self.high - self.low))


def make_ground() -> Ground:
    """Draw the streets of the skeleton and cut everything between them into blocks."""
    corridors = Corridors()
    border = shapely.Polygon(smooth(skeleton.BORDER, closed=True, step_m=60.0))
    shapely.prepare(border)
    ground = Ground(corridors, border)
    drawn = [*avenues(), *border_roads(corridors, border)]
    edge = frame()
    lines = [*(street.line for street in drawn), np.asarray(border.exterior.coords), edge]
    sides = [corridors.river_side(skeleton.BANK_M, side) for side in (1, -1)]
    fences = [corridors.rail_side(side) for side in (1, -1)]
    strips = shapely.union(corridors.river_strip(skeleton.BANK_M - 4), corridors.rail_land)
    for face in _faces([*lines, *sides, *fences]):
        middle = face.representative_point()
        if not strips.contains(middle):
            _cut(ground, face, dice(f"cut {middle.x:.0f} {middle.y:.0f}"))
    whole = _faces([*lines, corridors.river, corridors.railway])
    ground.faces = [face for face in whole if border.contains(face.representative_point())]
    ground.streets[:0] = trimmed([*drawn, *quays(corridors)], edge)
    return ground


def _faces(lines: list[Points]) -> list[shapely.Polygon]:
    """Return the faces between lines, ordered by place so that nothing hangs on the library."""
    noded = shapely.union_all([shapely.LineString(line) for line in lines])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))).tolist()
    return sorted(
        (face for face in faces if face.area > SLIVER_M2),
        key=lambda face: tuple(np.round(face.representative_point().coords[0], 1)),
    )


def _cut(ground: Ground, shape: shapely.Polygon, rng: np.random.Generator) -> None:
    """Cut a shape into blocks, or keep it as one."""
    piece = Piece.of(shape, ground.border)
    place = next(
        (one for one in skeleton.PLACES if shape.contains(shapely.Point(one.x, one.y))), None
    )
    if place is not None and shape.area <= place.max_m2:
        ground.blocks.append(Block(shape, place.use, place))
        return
    most = TOLERANCE * rng.uniform(0.85, 1.15) / max(piece.fill, 0.7) ** 0.5
    parts = _halved(ground, piece, rng) if max(piece.blocks) >= most else []
    if not parts:
        ground.blocks.append(Block(shape, piece.use))
    for part in parts:
        _cut(ground, part, rng)


def _halved(ground: Ground, piece: Piece, rng: np.random.Generator) -> list[shapely.Polygon]:
    """Cut a piece in two or more by a bent street and keep the street; [] if that fails."""
    line = _shifted(ground, piece.shape, _across(piece, rng), rng)
    street = _inside(piece.shape, line)
    if street is None:
        return []
    split = shapely.ops.split(piece.shape, shapely.LineString(_longer(street)))
    parts = [part for part in shapely.get_parts(split) if part.area > 1]
    if len(parts) == 1 or min(part.area for part in parts) < SLIVER_M2:
        return []
    drawn = rounded(street)
    ground.ends += [drawn[0], drawn[-1]]
    ground.streets.append(Street(drawn, _highway(piece)))
    return sorted(parts, key=lambda part: tuple(np.round(part.centroid.coords[0], 1)))


def _across(piece: Piece, rng: np.random.Generator) -> Points:
    """Return a bent line across the longer side of a piece, and well beyond it."""
    low, high = piece.low, piece.high
    across = int(np.argmax(piece.blocks))
    count = max(round(float(piece.blocks[across])), 2)
    share = (count // 2 + rng.uniform(-0.16, 0.16)) / count
    reach = 0.25 * (high - low) + 20.0
    ends = np.stack([low - reach, high + reach])
    ends[:, across] = (low + share * (high - low))[across]
    a, b = turned(ends, piece.angle + rng.normal(0.0, 0.03))
    sag = float(rng.normal(0.0, BOW[piece.use]) * np.hypot(*(b - a)))
    return bowed(a, b, sag_m=sag, step_m=60.0)


def _shifted(
    ground: Ground, shape: shapely.Polygon, line: Points, rng: np.random.Generator
) -> Points:
    """Move a cutting street sideways to where another one ends on the shape's edge, sometimes."""
    if rng.random() > MEETING or not ground.ends:  # the rest stays an offset T
        return line
    ends = np.array(ground.ends)
    low, high = np.array(shape.bounds[:2]), np.array(shape.bounds[2:])
    ends = ends[((ends > low - 1) & (ends < high + 1)).all(axis=1)]
    cutter, points = shapely.LineString(line), shapely.points(ends)
    away = np.round(shapely.distance(points, cutter), CM)
    away[shapely.distance(points, shape.exterior) > 1.0] = np.inf
    if not (away < SHIFT_M).any():
        return line
    end = ends[int(np.argmin(away))]
    foot = cutter.interpolate(cutter.project(shapely.Point(end)))
    return rounded(line + (end - (foot.x, foot.y)))


def _inside(shape: shapely.Polygon, line: Points) -> Points | None:
    """Return the longest part of a line inside a shape; None if it only touches it."""
    parts = shapely.get_parts(shapely.intersection(shapely.LineString(line), shape))
    best = max(parts, key=lambda part: round(part.length, 1), default=None)
    return None if best is None or best.length < 10.0 else np.asarray(best.coords)


def _longer(line: Points) -> Points:
    """Return a line with a little more at both ends."""
    first, last = line[0] - line[1], line[-1] - line[-2]
    return np.stack([
        line[0] + OVER_M * first / np.hypot(*first),
        *line,
        line[-1] + OVER_M * last / np.hypot(*last),
    ])  # fmt: skip


def _highway(piece: Piece) -> str:
    if piece.use == "farm":
        return "track"
    area = piece.shape.area
    if piece.use == "old":
        return "residential" if area > LANE_M2 else "living_street"
    return next(name for least, name in CLASSES if area > least)
