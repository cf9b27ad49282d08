"""OSM extracts -> walking network: cut ways into edges, end edges at shut barriers."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import numpy as np

from geo.network.extract import Extract, read_extract
from geo.network.graph import Network, make_network
from geo.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

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
    node_ids, ends = _edges(content)
    osm_id, ends = _cut_at_barriers(node_ids, ends, content.shut_barriers)
    degrees = np.array([content.lon_lat[node] for node in osm_id.tolist()]).reshape(-1, 2)
    network = make_network(
        degrees[:, 0].copy(),
        degrees[:, 1].copy(),
        osm_id,
        ends,
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


def _edges(content: Extract) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the OSM ids of the nodes in use and, shape (m, 2), the edges as indices into them."""
    lists = [way for way in content.ways.values() if len(way) > 1]
    pairs = [np.column_stack([way[:-1], way[1:]]) for way in lists]
    ends = np.concatenate(pairs) if pairs else np.empty((0, 2), dtype=np.int64)
    known = np.fromiter(content.lon_lat, dtype=np.int64, count=len(content.lon_lat))
    ends = ends[np.isin(ends, known).all(axis=1)]
    node_ids, index = np.unique(ends, return_inverse=True)
    return node_ids, index.reshape(-1, 2).astype(np.int64)


def _cut_at_barriers(
    node_ids: NDArray[np.int64], ends: NDArray[np.int64], shut: set[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each edge that touches a shut barrier its own copy of that node: all end there."""
    unique = np.unique(np.sort(ends, axis=1), axis=0)  # a doubled way must not make two copies
    flat = unique.ravel()
    at_barrier = np.isin(node_ids, np.fromiter(shut, dtype=np.int64, count=len(shut)))[flat]
    copies = flat[at_barrier]
    flat[at_barrier] = len(node_ids) + np.arange(len(copies))
    return np.concatenate([node_ids, node_ids[copies]]), flat.reshape(-1, 2)
