"""The streets below the report's map: chains of the walking network near the routes, cut short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Box = tuple[float, float, float, float]  # west, south, east, north, degrees

UNIT: Final = 1e-5  # of a degree: about a metre
MARGIN_M: Final = 300.0
MOST_BYTES: Final = 1_500_000
_TOLERANCES_M: Final = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
_M_PER_DEG: Final = 111_195.0  # of latitude, on the mean sphere: near enough for drawing


def widened(box: Box, by_m: float = MARGIN_M) -> Box:
    """Return a box of degrees, wider by some metres on every side."""
    west, south, east, north = box
    narrow = max(0.01, float(np.cos(np.radians((south + north) / 2))))
    up, aside = by_m / _M_PER_DEG, by_m / _M_PER_DEG / narrow
    return west - aside, south - up, east + aside, north + up


def streets_ground(network: Network, box: Box, *, most_bytes: int = MOST_BYTES) -> list[list[int]]:
    """Return the streets inside a box as lines of whole numbers (see `encode_lines`).

    Parameters
    ----------
    network : Network
        All of its chains with a node inside the box are taken whole.
    box : tuple
        West, south, east, north in degrees; its corner is the origin of the lines.
    most_bytes : int
        Of JSON. Lines are drawn more coarsely, from 2 m to 64 m, until they fit; if they never
        do, the shortest are left out.
    """
    lon, lat, first = _chains_inside(network, box)
    if not len(first):
        return []
    narrow = float(np.cos(np.radians((box[1] + box[3]) / 2)))
    index = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(lon))))
    drawn = shapely.linestrings(lon * narrow, lat, indices=index)
    found: list[list[int]] = []
    for tolerance_m in _TOLERANCES_M:
        simple = shapely.simplify(drawn, tolerance_m / _M_PER_DEG, preserve_topology=False)
        points = shapely.get_coordinates(simple)
        sizes = np.asarray(shapely.get_num_coordinates(simple), dtype=np.int64)
        found = encode_lines(points[:, 0] / narrow, points[:, 1], sizes, box)
        if _bytes(found) <= most_bytes:
            return found
    longest = np.argsort(-shapely.length(drawn), kind="stable")
    room = np.cumsum([_bytes([found[line]]) for line in longest.tolist()])
    return [found[line] for line in np.sort(longest[room <= most_bytes]).tolist()]


def encode_lines(lon: Floats, lat: Floats, sizes: Ints, box: Box) -> list[list[int]]:
    """Return lines as whole numbers: x, y of the first point, then steps to the next ones.

    Parameters
    ----------
    lon, lat : ndarray, shape (points,)
        Of all lines, one after the other.
    sizes : ndarray, shape (g,)
        Points per line.
    box : tuple
        Its south-west corner is 0, 0; one is 1e-5 degree.
    """
    x = np.rint((lon - box[0]) / UNIT).astype(np.int64)
    y = np.rint((lat - box[1]) / UNIT).astype(np.int64)
    steps = np.empty((len(x), 2), dtype=np.int64)
    steps[:, 0], steps[:, 1] = np.diff(x, prepend=0), np.diff(y, prepend=0)
    starts = np.cumsum(sizes) - sizes
    steps[starts[sizes > 0], 0], steps[starts[sizes > 0], 1] = x[starts], y[starts]
    flat = steps.reshape(-1).tolist()
    stops = (2 * np.cumsum(sizes)).tolist()
    return [flat[2 * start : stop] for start, stop in zip(starts.tolist(), stops, strict=True)]


def _chains_inside(network: Network, box: Box) -> tuple[Floats, Floats, Ints]:
    """Return the points of the chains with a node inside, and where each chain begins in them."""
    links = network.chains
    is_back = links.sign < 0
    begin = np.where(is_back, network.v, network.u)
    end = np.where(is_back, network.u, network.v)
    along_m = links.at_u_m - np.where(is_back, network.length_m, 0.0)
    west, south, east, north = box
    inside = (network.lon >= west) & (network.lon <= east)
    inside &= (network.lat >= south) & (network.lat <= north)
    wanted = np.zeros(len(links.u), dtype=np.bool_)
    wanted[links.link[inside[begin] | inside[end]]] = True
    edges = np.flatnonzero(wanted[links.link])
    edges = edges[np.lexsort((along_m[edges], links.link[edges]))]
    is_new = np.diff(links.link[edges], prepend=-1) != 0
    place = np.arange(len(edges)) + np.cumsum(is_new)  # of each edge's end
    nodes = np.empty(len(edges) + int(is_new.sum()), dtype=np.int64)
    nodes[place] = end[edges]
    nodes[place[is_new] - 1] = begin[edges[is_new]]
    return network.lon[nodes], network.lat[nodes], place[is_new] - 1


def _bytes(lines: list[list[int]]) -> int:
    """Return the length of lines as compact JSON."""
    return sum(len(str(line).replace(" ", "")) + 1 for line in lines)
