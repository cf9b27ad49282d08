"""Snapping fixes to the nearest edge beside shapely's STRtree, on the same network.

Both get degrees and answer edge and distance; STRtree gets the edges, and the fixes, in the same
metric projection (its own part of the time is shown without that). ``python benchmarks/snap.py
[--quick]``
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from machine import machine_line, print_table, timed
from synthetic import beside_streets, city_network, fixes_of_workers

from geo.coords import project
from geo.network.snap import OFF_NETWORK_M, Snapped, Snapper

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SIZES: Final = (20_000, 400_000)  # nodes
FIXES: Final = 1_000_000
PEER_FIXES: Final = 100_000  # of them, for the slower peer
NOISE_M: Final = 8.0  # of a phone among buildings
EXACT_M: Final = 2e-6  # half a step of the grid that lengths lie on
SCALE: Final = 1e-4  # what the projection may stretch, undone in our distances alone


def main() -> int:
    """Run the sizes asked for; return 1 if the answers differ."""
    parser = argparse.ArgumentParser(description="Snapping beside shapely's STRtree.")
    parser.add_argument("--quick", action="store_true", help="the small network, a tenth the fixes")
    quick = parser.parse_args().quick
    print(machine_line())
    sizes, fixes = (SIZES[:1], FIXES // 10) if quick else (SIZES, FIXES)
    return max(compare(nodes, fixes) for nodes in sizes)


def compare(nodes: int, count: int) -> int:
    """Snap the same fixes with both on one network, check, print the table."""
    network = city_network(nodes)
    index_s, snapper = timed(lambda: Snapper(network))
    peer_index_s, tree = timed(lambda: edge_tree(network))
    print(f"\n{len(network.lon)} nodes, {len(network.u)} edges; {count} fixes")
    print(f"index: Nuanyi {index_s:.2f} s, STRtree {peer_index_s:.2f} s")
    rows, agreed = [], True
    for order, lon, lat in (
        ("fixes in the workers' order", *fixes_of_workers(network, count, noise_m=NOISE_M)),
        ("positions strewn at random", *beside_streets(network, count, noise_m=NOISE_M)),
    ):
        some = slice(0, PEER_FIXES)
        seconds, snapped = timed(lambda x=lon, y=lat: snapper.snap(x, y), repeat=5)
        x, y = project(network.crs, lon[some], lat[some])
        peer_s, nearest = timed(lambda x=x, y=y: nearest_edges(tree, x, y), repeat=3)
        agreed &= agrees(order, snapped, nearest, x)
        ours, peer = count / seconds, len(x) / peer_s
        rows.append((order, f"{ours / 1e6:.2f}", f"{peer / 1e6:.3f}", f"{ours / peer:.1f}"))
    print_table(("", "Nuanyi M/s", "STRtree M/s", "time: peer / ours"), rows)
    return 0 if agreed else 1


def edge_tree(network: Network) -> shapely.STRtree:
    """Return shapely's tree over the edges in metres."""
    x, y = project(network.crs, network.lon, network.lat)
    xy = np.column_stack([x, y])
    return shapely.STRtree(shapely.linestrings(np.stack([xy[network.u], xy[network.v]], axis=1)))


def nearest_edges(tree: shapely.STRtree, x: Floats, y: Floats) -> tuple[Ints, Floats]:
    """Return the nearest edge of each position and the metres to it, -1 and inf beyond 50 m."""
    (row, found), metres = tree.query_nearest(
        shapely.points(x, y),
        max_distance=OFF_NETWORK_M * (1.0 + SCALE),
        return_distance=True,
        all_matches=False,
    )
    edge, away = np.full(len(x), -1), np.full(len(x), np.inf)
    edge[row], away[row] = found, metres
    return edge, away


def agrees(what: str, ours: Snapped, peer: tuple[Ints, Floats], x: Floats) -> bool:
    """Say whether the distances agree (ours without the projection's stretch), and the edges."""
    edge, metres = peer
    turn = x / 6_371_000.0
    both = (edge >= 0) & ours.on_network[: len(edge)]
    connector = ours.connector_m[: len(edge)] * (1.0 + turn**2 / 2.0 + turn**4 / 24.0)
    off = np.abs(connector[both] - metres[both])
    one_only = int(np.count_nonzero((edge >= 0) & ~both & (metres < OFF_NETWORK_M)))
    agreed = bool(off.max() <= EXACT_M) and not one_only
    same = float(np.mean(ours.edge[: len(edge)][both] == edge[both]))
    print(
        f"{what}: distances {'agree' if agreed else 'DIFFER'} for {len(off)} on the network "
        f"(largest difference {off.max():.1g} m), same edge for {same:.4%} (a corner has two)"
    )
    return agreed


if __name__ == "__main__":
    sys.exit(main())
