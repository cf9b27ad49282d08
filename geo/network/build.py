"""OSM extracts -> walking network: cut ways into edges, end edges at shut barriers."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import numpy as np

from geo.network.extract import Extract, read_extract
from geo.network.graph import Network, make_network, unique_edges
from geo.network.names import NAMELESS, number_streets
from geo.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from geo.network.names import Street

    Ints = NDArray[np.int64]

log = logging.getLogger(__name__)


def build_network(extracts: Sequence[Path], *, progress: Progress = silent) -> Network:
    """Build the walking network of one or more OSM extracts by the rules of definitions.md.

    Parameters
    ----------
    extracts : sequence of Path
        ``.osm`` or ``.osm.pbf`` files, WGS-84; where they overlap, ways count once.
    progress : Progress
        Told after each extract.

    Returns
    -------
    Network
        Lengths geodesic, components below 1 km removed and reported in its summary.

    Raises
    ------
    SourceFormatError
        A file cannot be read as an OSM extract.
    EmptyNetworkError
        No connected 1 km of walkable ways in all of them.
    """
    started = time.perf_counter()
    content = Extract()
    for done, path in enumerate(extracts, start=1):
        read_extract(path, content)
        progress("reading the map", done, len(extracts))
    node_ids, ends, street, streets = _edges(content)
    ends, street = unique_edges(ends, street)  # a doubled way must not make two copies of a barrier
    osm_id, ends = _cut_at_barriers(node_ids, ends, content.shut_barriers)
    degrees = np.array([content.lon_lat[node] for node in osm_id.tolist()]).reshape(-1, 2)
    network = make_network(
        degrees[:, 0].copy(),
        degrees[:, 1].copy(),
        osm_id,
        ends,
        street=street,
        streets=streets,
        barriers=int(np.isin(node_ids, list(content.shut_barriers)).sum()),
        sources=tuple(path.name for path in extracts),
    )
    log.info(
        "network: %d ways, %d nodes, %d edges, %.1f km kept in %.1f s",
        len(content.ways),
        network.facts.nodes,
        network.facts.edges,
        network.facts.kept_length_m / 1000,
        time.perf_counter() - started,
    )
    return network


def _edges(content: Extract) -> tuple[Ints, Ints, Ints, list[Street]]:
    """Return the OSM ids of the nodes in use and, shape (m, 2), the edges as indices into them.

    Then the street of each edge as a row of a list of streets, and that list.
    """
    ways = [(number, way) for number, way in content.ways.items() if len(way) > 1]
    of_way, streets = number_streets([content.names.get(number, NAMELESS) for number, _ in ways])
    pairs = [np.column_stack([way[:-1], way[1:]]) for _, way in ways]
    ends = np.concatenate(pairs) if pairs else np.empty((0, 2), dtype=np.int64)
    street = np.repeat(of_way, [len(pair) for pair in pairs])
    known = np.fromiter(content.lon_lat, dtype=np.int64, count=len(content.lon_lat))
    has_place = np.isin(ends, known).all(axis=1)
    node_ids, index = np.unique(ends[has_place], return_inverse=True)
    return node_ids, index.reshape(-1, 2).astype(np.int64), street[has_place], streets


def _cut_at_barriers(node_ids: Ints, ends: Ints, shut: set[int]) -> tuple[Ints, Ints]:
    """Give each edge that touches a shut barrier its own copy of that node: all end there."""
    flat = ends.ravel().copy()
    at_barrier = np.isin(node_ids, np.fromiter(shut, dtype=np.int64, count=len(shut)))[flat]
    copies = flat[at_barrier]
    flat[at_barrier] = len(node_ids) + np.arange(len(copies))
    return np.concatenate([node_ids, node_ids[copies]]), flat.reshape(-1, 2)
