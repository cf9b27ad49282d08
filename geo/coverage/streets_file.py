"""The streets of a run as files: a row per street stretch, and how many people were where.

They are for publishing and for whoever keeps the run; a cell of few people may stand in them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from geo.coverage.tally import HOURS_OF_WEEK
from geo.errors import InvalidOptionError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from geo.coverage.result import Coverage
    from geo.network import Network

    Ints = NDArray[np.int64]

STREETS: Final = "streets.parquet"
PEOPLE: Final = "streets.json"
PER_DEGREE: Final = 1_000_000  # coordinates are whole millionths of a degree: 0.1 m
_CELLS: Final = 200_000  # in a group of rows
SCHEMA: Final = pa.schema(
    [
        ("link", pa.int32()),  # of the network's chains
        ("lon", pa.list_(pa.int32())),
        ("lat", pa.list_(pa.int32())),
        ("hour", pa.list_(pa.uint8())),  # of the week
        ("workers", pa.list_(pa.int32())),  # parallel to hour
        ("nominal_ms", pa.list_(pa.int64())),  # six for each hour, in the order of the classes
        ("effective_ms", pa.list_(pa.int64())),
    ]
)


def write_streets(result: Coverage, directory: Path) -> tuple[Path, Path]:
    """Write streets.parquet and streets.json, the same result as the same bytes.

    Parameters
    ----------
    result : Coverage
        Measured with ``streets``.
    directory : Path
        Existing; files of these names in it are replaced. `geo.coverage.publish` wants the
        summary.json of the same result beside them.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    InvalidOptionError
        The result holds no streets.
    """
    streets = result.streets
    if streets is None:
        msg = "this coverage was measured without streets; ask for them"
        raise InvalidOptionError(msg)
    with pq.ParquetWriter(directory / STREETS, SCHEMA, compression="zstd") as writer:
        for cells, nominal, effective in streets.parts(_CELLS):
            first = np.flatnonzero(np.diff(cells["link"], prepend=-1))
            stops = np.append(first, len(cells))
            link = cells["link"][first]
            lon, lat, points = link_lines(streets.network, link)
            columns = [
                pa.array(link),
                _lists(points, lon),
                _lists(points, lat),
                _lists(stops, cells["hour"]),
                _lists(stops, cells["people"]),
                _lists(stops * nominal.shape[1], nominal.ravel()),
                _lists(stops * effective.shape[1], effective.ravel()),
            ]
            writer.write_table(pa.table(columns, schema=SCHEMA))
    text = json.dumps(_people(result), ensure_ascii=False, indent=1, allow_nan=False)
    (directory / PEOPLE).write_text(text + "\n", encoding="utf-8")
    return directory / STREETS, directory / PEOPLE


def link_lines(network: Network, link: NDArray[np.integer[Any]]) -> tuple[Ints, Ints, Ints]:
    """Return the course of some links of the network's chains, in millionths of a degree.

    Parameters
    ----------
    network : Network
        Whose chains they are.
    link : ndarray of int, shape (l,)
        Rising.

    Returns
    -------
    tuple of ndarray
        Longitudes and latitudes of all points, (p,), and where the points of each link begin in
        them, (l + 1,).
    """
    chains = network.chains
    edges = np.flatnonzero(np.isin(chains.link, link))
    ahead = chains.sign[edges] > 0
    start_m = chains.at_u_m[edges] - np.where(ahead, 0.0, network.length_m[edges])
    stop_m = start_m + network.length_m[edges]
    order = np.lexsort((stop_m, start_m, chains.link[edges]))
    edges, ahead = edges[order], ahead[order]
    begin = np.where(ahead, network.u[edges], network.v[edges])
    end = np.where(ahead, network.v[edges], network.u[edges])
    is_last = np.diff(chains.link[edges], append=-1) != 0
    point = np.cumsum(1 + is_last) - is_last  # behind the one that an edge begins with
    node = np.empty(len(edges) + int(is_last.sum()), dtype=np.int64)
    node[point - 1] = begin
    node[point[is_last]] = end[is_last]
    lon, lat = (
        np.rint(values[node] * PER_DEGREE).astype(np.int64) for values in (network.lon, network.lat)
    )
    return lon, lat, np.append(0, point[is_last] + 1)


def _people(result: Coverage) -> dict[str, Any]:
    """Return how many people were in the run, its hours and its areas, those walked in."""
    streets = result.streets
    if streets is None:
        return {}
    areas = [
        {"layer": layer + 1, "area": name, "workers": int(streets.by_area[layer][row])}
        for layer, (table, names) in enumerate(zip(result.tally.by_area, result.areas, strict=True))
        for row, name in enumerate((*names, None))
        if table.ms[row].any()
    ]
    return {
        "kind": result.facts["kind"],
        "workers": streets.people,
        "by_hour_of_week": [int(streets.by_hour[hour]) for hour in range(HOURS_OF_WEEK)],
        "by_area": areas,  # in the order of the summary's
        "off_ms": streets.off_ms,
        "ms": int(result.tally.total.ms.sum()),
    }


def _lists(offsets: Ints, values: NDArray[Any]) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(values))
