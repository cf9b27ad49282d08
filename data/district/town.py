"""The town put together: named streets, filled blocks, ways that share nodes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from district import skeleton
from district.blocks import make_ground
from district.grounds import fill
from district.houses import Filling, largest
from district.meeting import joined, key_of, point_of
from district.names import HOMES, WORKS, NameGiver
from district.net import Net, Way, connected
from district.plane import along, dice, lengths
from district.riverside import crossings, promenades
from district.streets import Street

if TYPE_CHECKING:
    from district.blocks import Block, Ground
    from district.meeting import Key
    from district.plane import Points

ABUTMENT_M: Final = 6.0  # a bridge begins so far from the water
FENCE_M: Final = 8.0  # nothing is built so near to the railway's land
SETBACK_M: Final = {  # from the middle of a street to the houses along it
    "primary": 21.0, "secondary": 18.0, "tertiary": 14.0, "unclassified": 10.5,
    "residential": 8.5, "living_street": 4.5, "pedestrian": 8.0, "track": 6.0,
}  # fmt: skip
NAMED: Final = frozenset({"tertiary", "unclassified", "residential", "living_street"})
WITH_ENGLISH: Final = frozenset({"primary", "secondary", "tertiary", "footway", "pedestrian"})


@dataclass
class Town:
    """Everything that is drawn, in metres."""

    ground: Ground
    filling: Filling
    ways: list[Way]
    node_tags: dict[Key, dict[str, str]]

    @cached_property
    def net(self) -> Net:
        """The walking graph of its ways; shut gates are no way."""
        shut = {key for key, tags in self.node_tags.items() if tags.get("access")}
        return Net.of(self.ways, shut)


def build_town() -> Town:
    """Grow the town from the seed."""
    ground = make_ground()
    square = np.array(skeleton.SQUARE, dtype=float)
    ground.streets += [
        *crossings(ground),
        *promenades(ground),
        Street(square, "pedestrian", "站前广场", "Station Square"),
    ]
    names = NameGiver()
    for street in ground.streets:
        if street.highway in NAMED and not street.name:
            old = street.highway == "living_street"
            street.name, street.en = names.street(street.highway, old=old)
    filling = Filling()
    for block, free in zip(ground.blocks, _free(ground), strict=True):
        if not free.is_empty:
            fill(block, free, _block_name(block, names), filling)
    hall = shapely.Polygon(skeleton.STATION_HALL)
    filling.houses = [
        house for house in filling.houses if not shapely.Polygon(house.line).intersects(hall)
    ]
    ways = connected(_ways(ground, filling))
    used = {key for way in ways for key in way.keys}
    gates = {key_of(at): tags for at, tags in filling.gates}
    return Town(ground, filling, ways, {key: gates[key] for key in gates if key in used})


def _block_name(block: Block, names: NameGiver) -> str:
    root, _ = names.root()
    endings = WORKS if block.use == "industrial" else HOMES
    return root + endings[int(dice(f"suffix {root}").integers(len(endings)))]


def _free(ground: Ground) -> list[shapely.Polygon]:
    """Return the ground of each block less the width of the streets around, its largest piece."""
    lines = np.array([shapely.LineString(street.line) for street in ground.streets])
    wide = np.array([SETBACK_M.get(street.highway, 3.0) for street in ground.streets])
    strips = shapely.buffer(lines, wide, cap_style="flat", quad_segs=2)
    tree = shapely.STRtree(strips)
    fences = shapely.buffer(ground.corridors.rail_land, FENCE_M)
    found = []
    for block in ground.blocks:
        near = shapely.union_all(strips[np.sort(tree.query(block.shape))])
        rest = block.shape.difference(near).difference(fences)
        found.append(largest(rest.simplify(1.0)))
    return found


def _ways(ground: Ground, filling: Filling) -> list[Way]:
    """Join all walkable lines, and cut out their bridges and tunnels as ways of their own."""
    corridors = ground.corridors
    streets = [*ground.streets, *filling.ways]
    edges = [
        *(corridors.river_side(ABUTMENT_M, side) for side in (1, -1)),
        *(corridors.rail_side(side) for side in (1, -1)),
    ]
    keys = joined([*(street.line for street in streets), *edges])
    cuts = {key for line in keys[-len(edges) :] for key in line}
    water, rails = corridors.river_strip(ABUTMENT_M), corridors.rail_land
    found = []
    for street, line in zip(streets, keys, strict=False):
        for piece in _pieces(line, cuts):
            middle = shapely.Point(_middle(piece))
            tags = _tags(street)
            if water.contains(middle):
                tags |= {"bridge": "yes", "layer": "1"}
            elif rails.contains(middle):
                tags |= {"tunnel": "yes", "layer": "-1"}
            found.append(Way(piece, tags))
    return found


def _middle(keys: list[Key]) -> Points:
    line = np.array([point_of(key) for key in keys])
    return along(line, [lengths(line)[-1] / 2]).ravel()


def _pieces(line: list[Key], cuts: set[Key]) -> list[list[Key]]:
    inner = [nth for nth in range(1, len(line) - 1) if line[nth] in cuts]
    return [line[a : b + 1] for a, b in pairwise([0, *inner, len(line) - 1]) if b > a]


def _tags(street: Street) -> dict[str, str]:
    tags = {"highway": street.highway}
    if street.name:
        tags["name"] = street.name
        if street.highway in WITH_ENGLISH:
            tags["name:en"] = street.en
    return tags
