"""Lived-in and worked-in blocks: old courtyards, walled compounds with gates, works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from district.houses import Plot, Shape, grain, inset, ring_of
from district.plane import lengths, rounded, turned
from district.streets import Street

if TYPE_CHECKING:
    from district.houses import Site
    from district.plane import Points

SHOP_ROW_M: Final = 14.0  # depth kept for shops between street and wall
SMALLEST_M2: Final = 13_000.0  # of a block, and
SMALLEST_INNER_M2: Final = 3500.0  # of what its wall would leave, for a compound
ALLEY_M2: Final = 7000.0  # an old block as large as this may have a blind alley
TOWERS: Final = 0.45  # of the new compounds have towers, the others slabs
SHOPS: Final = {"mid": 0.8, "new": 0.6}  # compounds with shops outside their wall
SHUT: Final = 0.22  # of the gates at the far end of a way are for residents only
GATES: Final = {"south": 0.75, "both": 0.5, "side": 0.4}  # houses and gates look south
BEYOND_M: Final = 200.0  # inner ways are drawn so far out before they are cut
SHORTEST_M: Final = 8.0  # no way is shorter


def courtyards(site: Site) -> None:
    """Fill an old block: houses shoulder to shoulder, more behind, some blind alleys."""
    rng, free = site.rng, site.free
    alley = (
        _alley(site) if site.block.shape.area > ALLEY_M2 and rng.random() < GATES["both"] else []
    )
    site.filling.ways += [Street(line, "footway") for line in alley]
    plot = Plot(free, alley, keep_m=3.0)
    plot.row(free, rng, wide=(13, 27), deep=(10, 14), gap=(0.9, 2.5), keep=0.96)
    for depth in (16.0, 30.0, 46.0):
        plot.row(inset(free, depth), rng, wide=(14, 26), deep=(8, 11), gap=(2, 6), keep=0.75)
    plot.into(site.filling, {"building": "house"})
    site.cover(free, {"landuse": "residential"})


def _alley(site: Site) -> list[Points]:
    """Return a blind alley from a point of the longest side inward, if there is room."""
    ring, rng = ring_of(site.block.shape), site.rng
    nth = int(np.argmax(np.round(np.hypot(*np.diff(ring, axis=0).T), 1)))
    a, b = ring[nth], ring[nth + 1]
    start = a + (b - a) * rng.uniform(0.3, 0.7)
    inward = np.array([a[1] - b[1], b[0] - a[0]]) / np.hypot(*(b - a))
    bend = start + inward * rng.uniform(18, 30)
    end = bend + turned((inward * rng.uniform(10, 22))[None], rng.uniform(-0.9, 0.9))[0]
    line = rounded([start, bend, end])
    room = shapely.buffer(site.block.shape, -9.0)
    return [line] if room.contains(shapely.LineString(line[1:])) else []


def compound(site: Site) -> None:
    """Fill a block with a walled compound of slabs or towers, shops along the streets outside."""
    rng, use = site.rng, site.block.use
    small = inset(site.free, SHOP_ROW_M + 20).area < SMALLEST_INNER_M2
    if small or site.block.shape.area < SMALLEST_M2:
        _open_block(site)
        return
    shops = rng.random() < SHOPS[use]
    walled = inset(site.free, SHOP_ROW_M if shops else 1.5)
    inner = inner_ways(site, walled, {"landuse": "residential", "name": site.name})
    if shops:
        row = Plot(site.free, inner)
        row.row(site.free, rng, wide=(18, 46), deep=(9, 11.5), gap=(1.5, 9), keep=0.85)
        row.into(site.filling, {"building": "retail"})
    homes = Plot(inset(walled, 6.0), inner)
    if use == "new" and rng.random() < TOWERS:
        side = rng.uniform(22, 27)
        pitch = (side + rng.uniform(20, 30), side + rng.uniform(26, 36))
        homes.grid(grain(site.block.shape), (side, side * 0.8), pitch, 0.5)
    else:
        _slabs(homes, site)
    homes.into(site.filling, {"building": "apartments"})
    site.filling.compounds.append((walled, site.name))


def _slabs(plot: Plot, site: Site) -> None:
    """Build rows of slabs that look south."""
    rng = site.rng
    long, deep = rng.uniform(44, 66), rng.uniform(11.5, 14)
    pitch = (long + rng.uniform(8, 15), deep + rng.uniform(15, 23))
    plot.grid(grain(site.block.shape), (long, deep), pitch, 0.0)


def _open_block(site: Site) -> None:
    """Fill a small block without walls: houses along its edges, slabs in the yard."""
    plot = Plot(site.free, [])
    plot.row(site.free, site.rng, wide=(16, 40), deep=(10, 13.5), gap=(1.5, 8), keep=0.9)
    plot.into(site.filling, {"building": "yes"})
    yard = Plot(inset(site.free, 22.0), [])
    _slabs(yard, site)
    yard.into(site.filling, {"building": "apartments"})
    site.cover(site.free, {"landuse": "residential"})


def works(site: Site) -> None:
    """Fill a block with a works: sheds inside a wall with a gate or two."""
    rng, walled = site.rng, inset(site.free, 2.0)
    if walled.is_empty:
        return
    tags = {"landuse": "industrial", "name": site.name}
    inner = inner_ways(site, walled, tags, apart_m=(130.0, 190.0))
    plot = Plot(inset(walled, 10.0), inner, keep_m=7.0)
    size = (rng.uniform(50, 110), rng.uniform(26, 48))
    pitch = (size[0] + rng.uniform(14, 34), size[1] + rng.uniform(16, 34))
    plot.grid(grain(site.block.shape), size, pitch, 0.0)
    plot.houses = [house for house in plot.houses if rng.random() > SHUT]
    plot.into(site.filling, {"building": "industrial"})


def inner_ways(
    site: Site,
    walled: shapely.Polygon,
    tags: dict[str, str],
    *,
    apart_m: tuple[float, float] = (58.0, 84.0),
) -> list[Points]:
    """Draw a wall, a spine and lanes across it, and one to three gates.

    Parameters
    ----------
    site : Site
        The block.
    walled : Polygon
        What the wall goes round.
    tags : dict of str to str
        What it is; the wall is drawn with them.
    apart_m : tuple of float
        Least and greatest distance of lanes.

    Returns
    -------
    list of ndarray
        The ways drawn.
    """
    rng, angle = site.rng, grain(site.block.shape)
    local = turned(ring_of(walled), -angle)
    low, high = local.min(axis=0), local.max(axis=0)
    x = low[0] + (high - low)[0] * rng.uniform(0.38, 0.62)
    count = max(int((high - low)[1] / rng.uniform(*apart_m)), 1)
    levels = low[1] + (high - low)[1] * (np.arange(count) + rng.uniform(0.4, 0.6)) / count
    south = rng.random() < GATES["south"]
    north = not south or rng.random() < GATES["both"]
    west = rng.random() < GATES["side"]
    east = not west and rng.random() < GATES["side"]
    first_gate = len(site.filling.gates)
    spine = turned(np.array([[x, low[1] - BEYOND_M], [x, high[1] + BEYOND_M]]), angle)
    found = _passing(site, walled, spine, (south, north), "service")
    gated = int(rng.integers(count))
    for nth, y in enumerate(levels):
        ends = np.array([[low[0] - BEYOND_M, y], [high[0] + BEYOND_M, y]])
        sides = (west, east) if nth == gated else (False, False)
        ground = walled if any(sides) else shapely.buffer(walled, -rng.uniform(9, 16))
        found += _passing(site, ground, turned(ends, angle), sides, "footway")
    gates = [at for at, _ in site.filling.gates[first_gate:]]
    site.filling.shapes.append(Shape(_with_gates(walled, gates), {**tags, "barrier": "wall"}))
    return found


def _with_gates(walled: shapely.Polygon, gates: list[Points]) -> Points:
    """Return the outline with a vertex at every gate."""
    ring = ring_of(walled)
    line = shapely.LineString(ring)
    points = np.array([*ring[:-1], *gates])
    at = [*lengths(ring)[:-1], *(line.project(shapely.Point(gate)) for gate in gates)]
    order = np.argsort(at, kind="stable")
    return points[[*order, order[0]]]


def _passing(
    site: Site, ground: shapely.Polygon, line: Points, open_ends: tuple[bool, bool], highway: str
) -> list[Points]:
    """Draw a straight inner way that goes out to the street at its open ends, through gates."""
    inside = _longest(line, shapely.buffer(ground, -5.0))
    whole = _longest(line, site.block.shape)
    if inside is None or whole is None:
        return []
    points = [inside]
    for end in (0, -1):
        gate = shapely.LineString([inside[end], whole[end]]).intersection(ground.exterior)
        if not open_ends[end] or gate.geom_type != "Point":
            continue
        at = rounded(shapely.get_coordinates(gate))
        shut = end == -1 and open_ends[0] and site.rng.random() < SHUT
        tags = {"barrier": "gate", **({"access": "private"} if shut else {})}
        site.filling.gates.append((at[0], tags))
        outer = np.concatenate([whole[:1], at]) if end == 0 else np.concatenate([at, whole[-1:]])
        points = [outer, *points] if end == 0 else [*points, outer]
    drawn = rounded(np.concatenate(points))
    site.filling.ways.append(Street(drawn, highway))
    return [drawn]


def _longest(line: Points, ground: shapely.Polygon) -> Points | None:
    """Return the ends of the longest part of a straight line on some ground, in its direction."""
    whole = shapely.intersection(shapely.LineString(line), ground)
    parts = [part for part in shapely.get_parts(whole) if part.length > SHORTEST_M]
    if not parts:
        return None
    ends = np.asarray(max(parts, key=lambda part: round(part.length, 1)).coords)[[0, -1]]
    return ends if np.dot(ends[1] - ends[0], line[-1] - line[0]) > 0 else ends[::-1]
