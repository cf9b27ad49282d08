"""The town as an OpenStreetMap extract (.osm.pbf), tagged as mappers do.

Nothing in the file depends on the run or on the machine: no times, no users, no compression.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import osmium
import shapely

from district import skeleton
from district.houses import Shape
from district.meeting import key_of, point_of
from district.plane import along, lengths, to_degrees

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from district.meeting import Key
    from district.places import Spot
    from district.plane import Points
    from district.town import Town

FORMAT: Final = "pbf,pbf_compression=none,add_metadata=false"
CHUNK: Final = 40  # vertices of river bank in one polygon


class Drawing:
    """Nodes and ways with their ids, in the order in which they were added."""

    def __init__(self) -> None:
        self._number: dict[Key, int] = {}
        self._places: list[tuple[float, float]] = []
        self._tags: dict[int, dict[str, str]] = {}
        self._ways: list[tuple[list[int], dict[str, str]]] = []

    def node(self, place: tuple[float, float], tags: dict[str, str]) -> int:
        """Add a node of its own."""
        self._places.append(place)
        number = len(self._places)
        if tags:
            self._tags[number] = tags
        return number

    def shared(self, key: Key, tags: dict[str, str] | None = None) -> int:
        """Return the one node at a place, with tags if there are any."""
        if key not in self._number:
            self._number[key] = self.node(point_of(key), {})
        if tags:
            self._tags[self._number[key]] = tags
        return self._number[key]

    def way(self, nodes: list[int], tags: dict[str, str]) -> None:
        """Add a way."""
        self._ways.append((nodes, tags))

    def shape(self, shape: Shape) -> None:
        """Add a ring or line with nodes of its own, but those it shares with streets."""
        line = shape.line
        round_about = bool(np.array_equal(line[0], line[-1]))
        nodes = [self._corner(point) for point in (line[:-1] if round_about else line)]
        self.way([*nodes, nodes[0]] if round_about else nodes, shape.tags)

    def _corner(self, point: Points) -> int:
        key = key_of(point)
        return self._number[key] if key in self._number else self.node(point_of(key), {})

    def write(self, path: Path) -> None:
        """Write the extract; an earlier file is replaced."""
        header = osmium.io.Header()
        header.set("generator", "Nuanyi demo district, synthetic")
        degrees = to_degrees(np.array(self._places))
        with osmium.SimpleWriter(
            osmium.io.File(str(path), FORMAT), header=header, overwrite=True
        ) as writer:
            for number, (lon, lat) in enumerate(degrees.tolist(), start=1):
                tags = self._tags.get(number, {})
                writer.add_node(osmium.osm.mutable.Node(id=number, location=(lon, lat), tags=tags))
            for number, (nodes, tags) in enumerate(self._ways, start=1):
                writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags))


def draw(town: Town, spots: Iterable[Spot]) -> Drawing:
    """Put the whole town on one drawing."""
    drawing = Drawing()
    for way in town.ways:
        drawing.way([drawing.shared(key) for key in way.keys], way.tags)
    for key, tags in town.node_tags.items():
        drawing.shared(key, tags)
    for shape in [*_water(town), *_railway(town), *town.filling.shapes, *town.filling.houses]:
        drawing.shape(shape)
    for spot in spots:
        drawing.node((spot.x, spot.y), spot.tags)
    return drawing


def _water(town: Town) -> list[Shape]:
    corridors = town.ground.corridors
    name = {"name": "澄江", "name:en": "Cheng River"}
    found = [Shape(corridors.river, {"waterway": "river", **name})]
    west, east = corridors.river_side(0.0, -1), corridors.river_side(0.0, 1)
    found += _bands(west, east, {"natural": "water", "water": "river"})
    green = skeleton.BANK_M - 9.0
    for side, bank in ((1, east), (-1, west)):
        found += _bands(bank, corridors.river_side(green, side), {"landuse": "grass"})
    return found


def _bands(one: Points, two: Points, tags: dict[str, str]) -> list[Shape]:
    """Return the land between two lines of equal number of vertices, cut into closed ways."""
    found = []
    for start in range(0, len(one) - 1, CHUNK):
        part = slice(start, start + CHUNK + 1)
        ring = np.concatenate([one[part], two[part][::-1], one[start : start + 1]])
        found.append(Shape(ring, dict(tags)))
    return found


def _railway(town: Town) -> list[Shape]:
    corridors = town.ground.corridors
    found = _bands(corridors.rail_side(1), corridors.rail_side(-1), {"landuse": "railway"})
    for line, kind in corridors.tracks():
        service = {} if kind == "main" else {"service": kind}
        found += _over_river(town, line, {"railway": "rail", **service})
    middle = corridors.railway
    at = float(np.interp(-235.0, middle[:, 0], lengths(middle)))
    for side in (-27.0, 27.0):
        centre = along(middle, [at])[0] + (0.0, side)
        box = np.array([(-150, -4), (150, -4), (150, 4), (-150, 4), (-150, -4)]) + centre
        found.append(Shape(box, {"railway": "platform"}))
    hall = np.array(skeleton.STATION_HALL, dtype=float)
    found.append(Shape(hall, {"building": "train_station", "name": "澄江站"}))
    return found


def _over_river(town: Town, line: Points, tags: dict[str, str]) -> list[Shape]:
    """Cut a track where it is on the bridge."""
    water = town.ground.corridors.river_strip(8.0)
    whole = shapely.LineString(line)
    wet = shapely.intersection(whole, water)
    if wet.is_empty:
        return [Shape(line, tags)]
    dry = shapely.get_parts(whole.difference(water))
    bridge = {**tags, "bridge": "yes", "layer": "2"}
    return [
        *(Shape(np.asarray(part.coords), tags) for part in dry),
        *(Shape(np.asarray(part.coords), bridge) for part in shapely.get_parts(wet)),
    ]
