"""Snapping through cells against every edge of the network, in every bit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo.network.cells
import geo.network.snap
from geo.network.snap import OFF_NETWORK_M, Snapper
from tests.networks import network_of, random_network, random_positions, to_degrees

if TYPE_CHECKING:
    from geo.network import Network

PER_M = 2.0**24


def every_edge(network: Network, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest edge of each position, -1 off the network, and its distance.

    The projection of the snapper, its binary grid, all edges, and no index.
    """
    transform = network.snapper._transform  # noqa: SLF001  # the same bits
    x, y = (np.rint(side * PER_M) / PER_M for side in transform.transform(lon, lat))
    u, v = (np.rint(side * PER_M) / PER_M for side in transform.transform(network.lon, network.lat))
    dx, dy = u[network.v] - u[network.u], v[network.v] - v[network.u]
    px, py = x[:, np.newaxis] - u[network.u], y[:, np.newaxis] - v[network.u]
    share = np.clip((px * dx + py * dy) / (dx * dx + dy * dy), 0.0, 1.0)
    rx, ry = px - share * dx, py - share * dy
    square = rx * rx + ry * ry
    nearest = square.argmin(axis=1)  # of equals the first
    turn = (x / 6_371_000.0) ** 2
    metres = np.sqrt(square.min(axis=1)) / (1.0 + turn / 2.0 + turn * turn / 24.0)
    off = metres > OFF_NETWORK_M
    metres = np.rint(metres * 2.0**18) / 2.0**18
    return np.where(off, -1, nearest), np.where(off, np.inf, metres)


def assert_exact(network: Network, snapper: Snapper, lon: np.ndarray, lat: np.ndarray) -> None:
    edge, metres = every_edge(network, lon, lat)
    snapped = snapper.snap(lon, lat)
    np.testing.assert_array_equal(snapped.edge, edge)
    np.testing.assert_array_equal(snapped.connector_m, metres)
    for row in range(0, len(lon), 10):
        one = snapper.snap_one(float(lon[row]), float(lat[row]))
        expected = edge[row], snapped.along_m[row], metres[row]
        assert one == (expected if edge[row] >= 0 else None)


@given(st.integers(0, 2**32 - 1), st.sampled_from([9.0, 30.0, 90.0, 400.0]))
def test_the_nearest_of_all_edges_is_found_in_every_bit(seed: int, spacing_m: float) -> None:
    network = random_network(seed % 1000, spacing_m=spacing_m, side=12)
    side_m = 12 * spacing_m
    lon, lat = random_positions(seed, 300, side_m=side_m, margin_m=90.0)
    assert_exact(network, network.snapper, lon, lat)


def test_at_nodes_and_midway_between_streets_the_lowest_edge_is_taken() -> None:
    column, row = np.meshgrid(np.arange(12), np.arange(12))
    node = np.arange(144).reshape(12, 12)
    ends = [*zip(node[:, :-1].ravel().tolist(), node[:, 1:].ravel().tolist(), strict=True)]
    ends += [*zip(node[:-1].ravel().tolist(), node[1:].ravel().tolist(), strict=True)]
    network = network_of([*zip(column.ravel() * 48.0, row.ravel() * 48.0, strict=True)], ends)
    x, y = (axis.ravel() * 24.0 for axis in np.meshgrid(np.arange(-3, 27), np.arange(-3, 27)))
    assert_exact(network, network.snapper, *to_degrees(x, y))
    assert_exact(network, network.snapper, network.lon, network.lat)


def test_streets_of_many_kilometres_are_found_along_all_their_way() -> None:
    network = network_of([(-9000, -7000), (8000, 5000), (8000, -7000)], [(0, 1), (1, 2), (0, 2)])
    rng = np.random.default_rng(1)
    share, off = rng.random(2000), rng.uniform(-70, 70, (2, 2000))
    position = to_degrees(-9000 + share * 17_000 + off[0], -7000 + share * 12_000 + off[1])
    assert_exact(network, network.snapper, *position)


@pytest.mark.parametrize("most", [4, 20, 300])
def test_a_box_that_needs_larger_cells_changes_nothing(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geo.network.cells, "_MOST", most)
    network = random_network(7)
    assert_exact(network, Snapper(network), *random_positions(7, 500))


@pytest.mark.parametrize("bits", [8, 9, 31])
def test_so_many_edges_that_their_numbers_need_the_bits_change_nothing(
    bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geo.network.cells, "_ENTRY_BITS", bits)
    network = random_network(5)
    assert len(network.u).bit_length() == 7
    assert_exact(network, Snapper(network), *random_positions(5, 500))


def test_blocks_of_positions_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geo.network.snap, "_BLOCK", 64)
    network = random_network(6)
    assert_exact(network, network.snapper, *random_positions(6, 500))


def test_many_threads_are_answered_as_one() -> None:
    network = random_network(8)
    snapper = network.snapper
    lon, lat = random_positions(8, 4000)
    expected = snapper.snap(lon, lat)
    with ThreadPoolExecutor(8) as pool:
        parts = [slice(begin, begin + 50) for begin in range(0, 4000, 50)]
        found = list(pool.map(lambda part: snapper.snap(lon[part], lat[part]), parts))
    np.testing.assert_array_equal(np.concatenate([part.edge for part in found]), expected.edge)
    np.testing.assert_array_equal(
        np.concatenate([part.along_m for part in found]), expected.along_m
    )
