"""Read the walkable ways of an OpenStreetMap extract (.osm, .osm.pbf) with osmium."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import osmium

from geo.errors import SourceFormatError
from geo.network.names import Street
from geo.network.walkable import is_shut_barrier, is_walkable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_NO_STREETS: Final = frozenset({"platform", "bus_stop", "rest_area", "services"})  # highway=...


@dataclass
class Extract:
    """What the walking graph needs of one or more extracts; a way of several counts once."""

    ways: dict[int, NDArray[np.int64]] = field(default_factory=dict)  # way id -> node ids
    names: dict[int, Street] = field(default_factory=dict)  # way id -> its name, of those with one
    lon_lat: dict[int, tuple[float, float]] = field(default_factory=dict)  # node id -> degrees
    shut_barriers: set[int] = field(default_factory=set)  # node ids


def read_extract(path: Path, into: Extract) -> None:
    """Add the walkable ways, their nodes and the shut barriers of one extract to ``into``.

    Ways are read whole; a node that the extract does not hold has no position, and the graph is
    cut there. Areas (closed ways, and multipolygon relations tagged ``highway``) are their
    outlines.

    Parameters
    ----------
    path : Path
        A ``.osm``, ``.osm.gz``, ``.osm.bz2`` or ``.osm.pbf`` file, WGS-84.
    into : Extract
        Grows; a way cut by the edge of one extract gains the positions that the next one knows.

    Raises
    ------
    SourceFormatError
        The file is missing, empty, cut short, or not an OSM file.
    """
    if not path.is_file() or path.stat().st_size == 0:
        msg = f"{path}: no such file, or it is empty; give an OSM extract (.osm or .osm.pbf)"
        raise SourceFormatError(msg)
    try:
        outlines = _area_outlines(path)
        for way in _entities(path, osmium.osm.WAY, "highway", outlines):
            if way.id in outlines or is_walkable(way.tags):
                into.ways.setdefault(way.id, _node_ids(way, into.lon_lat))
                if "name" in way.tags and way.tags.get("highway") not in _NO_STREETS:
                    into.names[way.id] = Street(way.tags["name"], way.tags.get("name:en", ""))
        for node in _entities(path, osmium.osm.NODE, "barrier"):
            if is_shut_barrier(node.tags):
                into.shut_barriers.add(node.id)
    except (RuntimeError, ValueError, UnicodeDecodeError) as error:
        msg = f"{path}: not a readable OSM extract ({error}); it may be cut short or misnamed"
        raise SourceFormatError(msg) from error


def _area_outlines(path: Path) -> frozenset[int]:
    """Return the ids of the ways that outline walkable multipolygon areas."""
    return frozenset(
        member.ref
        for relation in _entities(path, osmium.osm.RELATION, "highway")
        if relation.tags.get("type") == "multipolygon" and is_walkable(relation.tags)
        for member in relation.members
        if member.type == "w"
    )


def _entities(
    path: Path, kind: osmium.osm.osm_entity_bits, key: str, also: frozenset[int] = frozenset()
) -> Iterator[Any]:
    """Iterate over the entities of one kind that carry ``key`` or are named in ``also``."""
    wanted = kind | osmium.osm.NODE if kind == osmium.osm.WAY else kind
    reader = osmium.FileProcessor(str(path), wanted)
    if kind == osmium.osm.WAY:
        reader = reader.with_locations().with_filter(osmium.filter.EntityFilter(kind))
    if not also:
        reader = reader.with_filter(osmium.filter.KeyFilter(key))
    return (entity for entity in reader if key in entity.tags or entity.id in also)


def _node_ids(way: osmium.osm.Way, lon_lat: dict[int, tuple[float, float]]) -> NDArray[np.int64]:
    """Return the way's node ids, remembering where the nodes with a position lie."""
    for node in way.nodes:
        if node.ref not in lon_lat and node.location.valid():
            lon_lat[node.ref] = (node.location.lon, node.location.lat)
    return np.fromiter((node.ref for node in way.nodes), dtype=np.int64, count=len(way.nodes))
