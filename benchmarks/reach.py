"""The reach field beside pandana and networkx: every node's nearest station and the walk to it.

One network, stations on its nodes (pandana knows no other place for them), one run. Preparation is
what a tool does, once the network is in memory, before it can be asked: ours joins edges to chains
and places the stations (the snapping index included), pandana builds its contraction hierarchy,
networkx its graph.

``python benchmarks/reach.py [--quick]``; pandana prepares the large network for a minute or more.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from machine import machine_line, print_table, timed
from synthetic import city_network

from geo.network import place_stations
from geo.reach import reach_field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network, Placement

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SIZES: Final = ((20_000, 500), (400_000, 10_000))  # nodes, stations
EXACT_M: Final = 1e-6
PANDANA_EDGE_M: Final = 0.001  # pandana cuts the length of each edge to whole millimetres


@dataclass(frozen=True)
class Run:
    """One tool's times and answer; arrays of shape (n,)."""

    tool: str
    prepare_s: float
    query_s: float
    metres: Floats  # inf: no way
    station: Ints  # -1: none


def main() -> int:
    """Run the sizes asked for; return 1 if a peer's answer differs."""
    parser = argparse.ArgumentParser(description="The reach field beside pandana and networkx.")
    parser.add_argument("--quick", action="store_true", help="the small network only")
    sizes = SIZES[:1] if parser.parse_args().quick else SIZES
    print(machine_line("pandana", "networkx"))
    return max(compare(nodes, stations) for nodes, stations in sizes)


def compare(nodes: int, stations: int) -> int:
    """Run all tools on one network, check their answers, print the table."""
    network = city_network(nodes)
    at = np.random.default_rng(4).choice(len(network.lon), stations, replace=False)
    print(f"\n{len(network.lon)} nodes, {len(network.u)} edges, {stations} stations")
    ours = run_nuanyi(network, at)
    reach_m = float(np.ceil(ours.metres[np.isfinite(ours.metres)].max() / 100) * 100)
    peers = [run_pandana(network, at, reach_m), run_networkx(network, at)]
    agreed = [agrees(ours, peer) for peer in peers]
    print_table(
        ("", "prepare s", "query s", "query: peer / ours", "both: peer / ours"),
        [
            (
                run.tool,
                f"{run.prepare_s:.2f}",
                f"{run.query_s:.3f}",
                f"{run.query_s / ours.query_s:.1f}",
                f"{(run.prepare_s + run.query_s) / (ours.prepare_s + ours.query_s):.1f}",
            )
            for run in (ours, *peers)
        ],
    )
    return 0 if all(agreed) else 1


def run_nuanyi(network: Network, at: Ints) -> Run:
    """Join chains, place the stations (the index for snapping included), then search."""

    def prepare() -> Placement:
        for cached in ("snapper", "chains"):  # by an earlier repetition
            vars(network).pop(cached, None)
        placement = place_stations(network, network.lon[at], network.lat[at], links=network.chains)
        placement.node_ends  # noqa: B018  # cached: where the nodes lie on chains
        return placement

    prepare_s, placement = timed(prepare)
    usable = np.ones(len(at), dtype=bool)
    query_s, walks = timed(lambda: reach_field(placement, usable).nodes(), repeat=7)
    return Run("Nuanyi", prepare_s, query_s, walks.metres, walks.station)


def run_pandana(network: Network, at: Ints, reach_m: float) -> Run:
    """Let pandana build its hierarchy and hold the stations, then ask for the nearest of all."""
    import pandana  # noqa: PLC0415  # heavy, and only this function needs it
    import pandas as pd  # noqa: PLC0415

    def prepare() -> pandana.Network:
        made = pandana.Network(
            pd.Series(network.lon),
            pd.Series(network.lat),
            pd.Series(network.u),
            pd.Series(network.v),
            pd.DataFrame({"metres": network.length_m}),
            twoway=True,
        )
        made.set_pois("station", reach_m, 1, pd.Series(network.lon[at]), pd.Series(network.lat[at]))
        return made

    prepare_s, made = timed(prepare)
    query_s, found = timed(
        lambda: made.nearest_pois(reach_m, "station", num_pois=1, include_poi_ids=True), repeat=3
    )
    station = found["poi1"].fillna(-1).to_numpy().astype(int)
    metres = np.where(station < 0, np.inf, found[1].to_numpy())
    return Run("pandana", prepare_s, query_s, metres, station)


def run_networkx(network: Network, at: Ints) -> Run:
    """Search with networkx once; the first node of each path is the station."""
    import networkx as nx  # noqa: PLC0415

    def prepare() -> nx.Graph:
        graph = nx.Graph()
        graph.add_weighted_edges_from(
            zip(network.u.tolist(), network.v.tolist(), network.length_m.tolist(), strict=True)
        )
        return graph

    prepare_s, graph = timed(prepare)
    sources = dict(zip(at.tolist(), range(len(at)), strict=True))
    query_s, (length, path) = timed(lambda: nx.multi_source_dijkstra(graph, set(sources)))
    nodes = range(len(network.lon))
    metres = np.array([length.get(node, np.inf) for node in nodes])
    station = np.array([sources[path[node][0]] if node in path else -1 for node in nodes])
    return Run("networkx", prepare_s, query_s, metres, station)


def agrees(ours: Run, peer: Run) -> bool:
    """Say how far a peer's walks differ from ours, and how many nodes have another station."""
    reached = np.isfinite(ours.metres) & np.isfinite(peer.metres)
    off = np.where(np.isinf(ours.metres) & np.isinf(peer.metres), 0.0, np.inf)
    off[reached] = np.abs(ours.metres[reached] - peer.metres[reached])
    edges = ours.metres / 50.0 + 1.0  # no more edges on a way than that, as streets are 50 m and up
    allowed = EXACT_M + (PANDANA_EDGE_M * edges if peer.tool == "pandana" else 0.0)
    same = float(np.mean(ours.station == peer.station))
    agreed = bool(np.all(off <= allowed))
    print(
        f"{peer.tool}: walks {'agree' if agreed else 'DIFFER'} at all {len(off)} nodes "
        f"(largest difference {off.max():.2g} m), same station at {same:.4%}"
    )
    return agreed


if __name__ == "__main__":
    sys.exit(main())
