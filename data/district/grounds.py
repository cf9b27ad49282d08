"""Blocks with a purpose: parks, a college, hospitals, a stadium, malls, the fields beyond."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from district.compounds import SHORTEST_M, compound, courtyards, inner_ways, works
from district.houses import Plot, Shape, Site, grain, inset, ring_of
from district.plane import blob, dice, rounded, smooth, turned
from district.streets import Street

if TYPE_CHECKING:
    from collections.abc import Callable

    from district.blocks import Block
    from district.houses import Filling
    from district.plane import Points

LAKE_M2: Final = 60_000.0  # a park as large as this has a lake
LOOP_M: Final = 250.0  # and one as wide as this a path round the inside
HALL_M2: Final = 22_000.0  # no market hall is larger
HAMLET_M2: Final = 400_000.0  # nor is a block of fields with a hamlet
COUNTRY: Final = ("farmland", "farmland", "farmland", "orchard", "meadow", "hamlet")


def fill(block: Block, free: shapely.Polygon, name: str, filling: Filling) -> None:
    """Fill one block by its use.

    Parameters
    ----------
    block : Block
        Its use says what is built.
    free : Polygon
        Its ground less the streets' own width; not empty.
    name : str
        A name for the compound, if it becomes one.
    filling : Filling
        Grows.
    """
    middle = block.shape.representative_point()
    rng = dice(f"fill {middle.x:.0f} {middle.y:.0f}")
    _BY_USE[block.use](Site(block, free, name, filling, rng))


def park(site: Site) -> None:
    """Lay out a park: a lake or a round place, a path about it, ways to the streets, woods."""
    free, rng = site.free, site.rng
    site.cover(free, {"leisure": "park", **site.name_tags})
    middle = rounded(free.centroid.coords[0])
    reach = float(np.sqrt(free.area))
    if free.area > LAKE_M2:
        lake = shapely.Polygon(rounded(blob(middle, 0.24 * reach, rng)))
        site.cover(lake, {"natural": "water", "water": "lake"})
        shore = ring_of(shapely.buffer(lake, 12.0).simplify(1.0))
    else:
        angle = np.arange(13) % 12 / 12 * 2 * np.pi
        circle = np.column_stack([np.cos(angle), np.sin(angle)])
        shore = rounded(middle + 0.1 * reach * circle)
    site.filling.ways.append(Street(shore, "footway"))
    _park_ways(site, middle, shore, reach)
    _woods(site, shapely.buffer(shapely.Polygon(shore), 10.0))


def _park_ways(site: Site, middle: Points, shore: Points, reach: float) -> None:
    """Draw bent ways from the shore to the streets, and a loop if the park is wide."""
    rng, inner = site.rng, shapely.Polygon(shore)
    count = int(np.clip(reach / 70, 4, 8))
    ground = shapely.difference(site.block.shape, inner)
    for nth in range(count):
        angle = (nth + rng.uniform(-0.25, 0.25)) / count * 2 * np.pi + 0.4
        ray = np.stack([middle, middle + 3 * reach * np.array([np.cos(angle), np.sin(angle)])])
        whole = shapely.intersection(shapely.LineString(ray), ground)
        parts = [part for part in shapely.get_parts(whole) if part.length > SHORTEST_M]
        if parts:
            a, b = np.asarray(parts[0].coords)[[0, -1]]
            side = np.array([a[1] - b[1], b[0] - a[0]]) * rng.uniform(-0.12, 0.12)
            bent = smooth([tuple(a), tuple((a + b) / 2 + side), tuple(b)], step_m=25.0)
            site.filling.ways.append(Street(bent, "path" if nth % 3 else "footway"))
    if reach > LOOP_M:
        loop = shapely.buffer(shapely.buffer(inset(site.free, reach * 0.09), -20.0), 20.0)
        site.filling.ways.append(Street(ring_of(loop.simplify(4.0)), "footway"))


def _woods(site: Site, open_ground: shapely.Polygon) -> None:
    """Plant some woods on what is left of a park or a field."""
    rng, inner = site.rng, inset(site.free, 6.0)
    low, high = np.array(site.free.bounds[:2]), np.array(site.free.bounds[2:])
    widest = 0.1 * float(np.sqrt(site.free.area))
    for _ in range(min(int(site.free.area / 14_000), 14)):
        middle = low + rng.random(2) * (high - low)
        ring = blob(middle, rng.uniform(0.45, 1.0) * widest, rng, step_m=widest / 2)
        wood = shapely.Polygon(ring)
        if inner.contains(wood) and not open_ground.intersects(wood):
            site.cover(wood, {"natural": "wood"})


def college(site: Site) -> None:
    """Lay out a college: wall, gates, halls, a running track."""
    walled = inset(site.free, 2.0)
    inner = inner_ways(site, walled, {"amenity": "college", **site.name_tags})
    side = float(np.sqrt(walled.area))
    middle = np.array([walled.centroid.x + 0.22 * side, walled.centroid.y + 0.14 * side])
    track = _oval(middle, grain(site.block.shape), (92.0, 46.0))
    site.cover(track, {"leisure": "track", "sport": "running"})
    plot = Plot(inset(walled, 8.0).difference(track.buffer(8.0)), inner, keep_m=7.0)
    plot.grid(grain(site.block.shape), (58, 22), (78, 48), 0.4)
    plot.into(site.filling, {"building": "university"})


def hospital(site: Site) -> None:
    """Lay out a hospital: wings inside a wall."""
    walled = inset(site.free, 2.0)
    inner = inner_ways(site, walled, {"amenity": "hospital", **site.name_tags})
    plot = Plot(inset(walled, 6.0), inner, keep_m=7.0)
    plot.grid(grain(site.block.shape), (64, 24), (84, 46), 0.0)
    plot.into(site.filling, {"building": "hospital"})


def stadium(site: Site) -> None:
    """Lay out a stadium on open ground with a footway round it."""
    site.cover(site.free, {"leisure": "sports_centre", **site.name_tags})
    bowl = _oval(np.array(site.free.centroid.coords[0]), grain(site.block.shape), (96.0, 58.0))
    site.filling.houses.append(Shape(ring_of(bowl), {"building": "stadium"}))
    _walk_round(site, bowl.buffer(12.0, quad_segs=2).simplify(2.0), "footway")


def mall(site: Site) -> None:
    """Build a mall or market hall with a walk about it."""
    site.cover(site.free, {"landuse": "retail"})
    hall = inset(site.free, 26.0)
    while hall.area > HALL_M2:
        hall = inset(hall, 12.0)
    if hall.is_empty:
        return
    market = "市场" in site.name_tags["name"]
    tags = {"amenity": "marketplace"} if market else {"shop": "mall"}
    house = Shape(ring_of(hall), {"building": "retail", **tags, **site.name_tags})
    site.filling.houses.append(house)
    _walk_round(site, shapely.buffer(hall, 8.0, join_style="mitre"), "pedestrian")


def fields(site: Site) -> None:
    """Leave the country beyond the district to fields, orchards, now and then a hamlet."""
    ring, rng = inset(site.free, 4.0), site.rng
    if ring.is_empty:
        return
    kind = COUNTRY[int(rng.integers(len(COUNTRY)))]
    if kind == "hamlet" and site.block.shape.area < HAMLET_M2:
        plot = Plot(site.free, [])
        plot.row(ring, rng, wide=(14, 24), deep=(9, 13), gap=(4, 22), keep=0.55)
        plot.into(site.filling, {"building": "house"})
    site.cover(ring, {"landuse": "farmland" if kind == "hamlet" else kind})
    _woods(site, shapely.Polygon())


def _oval(middle: Points, angle: float, half: tuple[float, float]) -> shapely.Polygon:
    """Return a running track's shape, ``half`` as long and as wide as it is."""
    turn = np.arange(20) / 20 * 2 * np.pi
    x = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.55 * half[0]
    return shapely.Polygon(turned(np.column_stack([x, np.sin(turn) * half[1]]), angle) + middle)


def _walk_round(site: Site, shape: shapely.Geometry, highway: str) -> None:
    """Draw a way round something, joined to the streets at four places."""
    walk, edge = ring_of(shape), site.block.shape.exterior
    site.filling.ways.append(Street(walk, highway))
    for share in (np.arange(4) + site.rng.uniform(0.2, 0.8)) / 4:
        start = shapely.LineString(walk).interpolate(float(share), normalized=True)
        end = edge.interpolate(edge.project(start))
        link = rounded([[start.x, start.y], [end.x, end.y]])
        site.filling.ways.append(Street(link, "footway"))


_BY_USE: Final[dict[str, Callable[[Site], None]]] = {
    "old": courtyards, "mid": compound, "new": compound, "industrial": works, "park": park,
    "campus": college, "hospital": hospital, "stadium": stadium, "mall": mall, "farm": fields,
}  # fmt: skip
