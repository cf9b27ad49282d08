"""The walking network of an OSM extract as a networkx graph, one edge per pair of way nodes.

A graph node is ``(osm id, 0)``; at a node that lets no walker pass it is ``(osm id, id at the other
end)``, so that every segment touching it ends in a dead end of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
import osmium
from pyproj import CRS, Geod, Transformer
from shapely import LineString, Point, STRtree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

NodeKey = tuple[int, int]
LonLat = tuple[float, float]
Tags = dict[str, str]

WGS84_GEOD = Geod(ellps="WGS84")
NOT_WALKABLE = {"motorway", "motorway_link", "construction", "proposed", "planned"}
FOOT_YES = {"yes", "designated", "permissive"}
NO = {"no", "private"}
SMALL_COMPONENT_M = 1000.0
OFF_NETWORK_M = 50.0
OFF_NETWORK_FACTOR = 1.3


def geodesic_m(a: LonLat, b: LonLat) -> float:
    """Return the WGS-84 geodesic between two (lon, lat) in metres."""
    return float(WGS84_GEOD.inv(a[0], a[1], b[0], b[1])[2])


def foot_may_pass(tags: Mapping[str, str]) -> bool:
    """Return what the access tags say, alike for a way and for a barrier node."""
    foot = tags.get("foot")
    if foot in NO:
        return False
    if foot in FOOT_YES:
        return True
    return tags.get("access") not in NO


def is_walkable(tags: Mapping[str, str]) -> bool:
    """Return True if a way with these tags is part of the walking network."""
    if "highway" not in tags or tags["highway"] in NOT_WALKABLE:
        return False
    return foot_may_pass(tags)


@dataclass(frozen=True)
class Segment:
    """A straight edge between two neighbouring nodes of a way."""

    a: NodeKey
    b: NodeKey
    a_lonlat: LonLat
    b_lonlat: LonLat
    length_m: float


@dataclass(frozen=True)
class Snap:
    """A position on its nearest segment; ``fraction`` runs from end a (0) to end b (1)."""

    lonlat: LonLat
    segment: int
    fraction: float
    connector_m: float

    @property
    def off_network(self) -> bool:
        """More than 50 m from the network."""
        return self.connector_m > OFF_NETWORK_M


@dataclass(frozen=True)
class Extract:
    """What was read from an extract: walkable ways as node ids, positions, blocked node ids."""

    ways: list[list[int]]
    lonlat: dict[int, LonLat]
    blocked: set[int]


def read_extract(path: Path) -> Extract:
    """Read walkable ways, their nodes' positions, and the barrier nodes that stop a walker."""
    ways: list[list[int]] = []
    lonlat: dict[int, LonLat] = {}
    blocked: set[int] = set()
    for thing in osmium.FileProcessor(str(path)):
        tags: Tags = {tag.k: tag.v for tag in thing.tags}
        if isinstance(thing, osmium.osm.Node):
            lonlat[thing.id] = (thing.location.lon, thing.location.lat)
            if "barrier" in tags and not foot_may_pass(tags):
                blocked.add(thing.id)
        elif isinstance(thing, osmium.osm.Way) and is_walkable(tags):
            ways.append([node.ref for node in thing.nodes])
    return Extract(ways, lonlat, blocked)


def make_segments(extract: Extract) -> tuple[list[Segment], int]:
    """Return every segment once, and how many times a way repeated one already there."""
    found: dict[tuple[int, int], Segment] = {}
    repeats = 0
    for way in extract.ways:
        for u, v in pairwise(way):
            if u == v or u not in extract.lonlat or v not in extract.lonlat:
                continue  # a node written twice in a row, or one the extract does not hold
            pair = (min(u, v), max(u, v))
            if pair in found:
                repeats += 1
                continue
            first, second = pair
            a_lonlat, b_lonlat = extract.lonlat[first], extract.lonlat[second]
            found[pair] = Segment(
                a=(first, second) if first in extract.blocked else (first, 0),
                b=(second, first) if second in extract.blocked else (second, 0),
                a_lonlat=a_lonlat,
                b_lonlat=b_lonlat,
                length_m=geodesic_m(a_lonlat, b_lonlat),
            )
    return list(found.values()), repeats


class Network:
    """The walking network without its small components, ready for snapping and walking.

    ``component_m`` holds the metres of every component of the extract, longest first, the removed
    ones (less than ``least_m``) included.
    """

    def __init__(
        self,
        segments: Iterable[Segment],
        *,
        repeats: int = 0,
        least_m: float = SMALL_COMPONENT_M,
    ) -> None:
        whole = list(segments)
        graph = nx.Graph()
        for segment in whole:
            graph.add_edge(segment.a, segment.b, metres=segment.length_m)
        component_of: dict[NodeKey, int] = {}
        for number, nodes in enumerate(nx.connected_components(graph)):
            component_of.update(dict.fromkeys(nodes, number))
        metres = dict.fromkeys(component_of.values(), 0.0)
        for segment in whole:
            metres[component_of[segment.a]] += segment.length_m
        small = {number for number, length in metres.items() if length < least_m}
        graph.remove_nodes_from([n for n, number in component_of.items() if number in small])
        self.graph = graph
        self.segments = [s for s in whole if component_of[s.a] not in small]
        self.component_m = sorted(metres.values(), reverse=True)
        self.repeats = repeats
        self._build_tree()

    def _build_tree(self) -> None:
        """Lay all segments out in a transverse Mercator plane around the middle of the data."""
        ends = [end for s in self.segments for end in (s.a_lonlat, s.b_lonlat)]
        lon = (min(e[0] for e in ends) + max(e[0] for e in ends)) / 2
        lat = (min(e[1] for e in ends) + max(e[1] for e in ends)) / 2
        plane = CRS.from_proj4(f"+proj=tmerc +lat_0={lat} +lon_0={lon} +k=1 +ellps=WGS84 +units=m")
        self._to_plane = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
        self.lines = [
            LineString([self.to_xy(s.a_lonlat), self.to_xy(s.b_lonlat)]) for s in self.segments
        ]
        self._tree = STRtree(self.lines)

    def to_xy(self, lonlat: LonLat) -> tuple[float, float]:
        """Return (x, y) in metres of the local plane."""
        x, y = self._to_plane.transform(*lonlat)
        return float(x), float(y)

    def to_lonlat(self, x: float, y: float) -> LonLat:
        """Return (lon, lat) of a place in the local plane."""
        lon, lat = self._to_plane.transform(x, y, direction="INVERSE")
        return float(lon), float(lat)

    @property
    def length_m(self) -> float:
        """Metres of the network that is kept."""
        return sum(s.length_m for s in self.segments)

    def snap(self, lonlat: LonLat) -> Snap:
        """Return the nearest place on the nearest segment (of equally near ones, the first)."""
        x, y = self.to_xy(lonlat)
        number = int(min(self._tree.query_nearest(Point(x, y))))
        (ax, ay), (bx, by) = self.lines[number].coords
        squared = (bx - ax) ** 2 + (by - ay) ** 2
        along = 0.0 if squared == 0 else ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / squared
        fraction = min(1.0, max(0.0, along))
        foot = self.to_lonlat(ax + fraction * (bx - ax), ay + fraction * (by - ay))
        return Snap(lonlat, number, fraction, geodesic_m(lonlat, foot))

    def metres_to_nodes(self, snap: Snap) -> dict[NodeKey, float]:
        """Return metres along the network from a snapped place to every node it can reach."""
        segment = self.segments[snap.segment]
        to_a = snap.fraction * segment.length_m
        to_b = (1 - snap.fraction) * segment.length_m
        by_a = nx.single_source_dijkstra_path_length(self.graph, segment.a, weight="metres")
        by_b = nx.single_source_dijkstra_path_length(self.graph, segment.b, weight="metres")
        return {node: min(to_a + by_a[node], to_b + by_b[node]) for node in by_a}


class WalksFrom:
    """All walks from one place (a station, say), after two searches from the ends of its edge."""

    def __init__(self, network: Network, place: Snap) -> None:
        self.network = network
        self.place = place
        self._metres = network.metres_to_nodes(place)

    def walk_m(self, other: Snap) -> float:
        """Return connector + way + connector in metres; infinite between two components."""
        if self.place.off_network or other.off_network:
            return OFF_NETWORK_FACTOR * geodesic_m(self.place.lonlat, other.lonlat)
        segment = self.network.segments[other.segment]
        way_m = min(
            self._metres.get(segment.a, math.inf) + other.fraction * segment.length_m,
            self._metres.get(segment.b, math.inf) + (1 - other.fraction) * segment.length_m,
        )
        if other.segment == self.place.segment:
            way_m = min(way_m, abs(other.fraction - self.place.fraction) * segment.length_m)
        return self.place.connector_m + way_m + other.connector_m


def read_network(path: Path) -> Network:
    """Read an OSM extract (.osm, .osm.pbf) into the walking network."""
    segments, repeats = make_segments(read_extract(path))
    return Network(segments, repeats=repeats)
