"""Snapping: exactly the nearest edge, as shapely's STRtree finds it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.coords import geodesic_m, project
from geo.network import Network, build_network
from tests.networks import network_of, random_network, random_positions, to_degrees
from tests.shared_data import SHARED, needs_shared_data


def strtree_distances(network: Network, lon: object, lat: object) -> np.ndarray:
    """Return metres to the nearest edge, by shapely in the projection."""
    x, y = project(network.crs, network.lon, network.lat)
    u, v = network.u, network.v
    ends = np.stack([np.column_stack([x[u], y[u]]), np.column_stack([x[v], y[v]])], axis=1)
    tree = shapely.STRtree(shapely.linestrings(ends))
    points = shapely.points(*project(network.crs, lon, lat))
    return tree.query_nearest(points, return_distance=True, all_matches=False)[1]


@given(st.integers(0, 2**32 - 1))
def test_snapping_equals_strtree(seed: int) -> None:
    network = random_network(seed % 1000)
    lon, lat = random_positions(seed, 200)
    snapped = network.snapper.snap(lon, lat)
    metres = strtree_distances(network, lon, lat)
    np.testing.assert_array_equal(snapped.on_network, metres <= 50.0)
    on = snapped.on_network
    np.testing.assert_allclose(snapped.connector_m[on], metres[on], atol=1e-5)


@given(st.integers(0, 2**32 - 1))
def test_one_position_is_snapped_as_many_are_in_every_bit(seed: int) -> None:
    network = random_network(seed % 1000)
    lon, lat = random_positions(seed, 40)
    many = network.snapper.snap(lon, lat)
    for row, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        one = network.snapper.snap_one(x, y)
        expected = int(many.edge[row]), float(many.along_m[row]), float(many.connector_m[row])
        assert one == (expected if many.on_network[row] else None)


def test_a_position_that_is_no_number_is_off_the_network() -> None:
    assert random_network(1).snapper.snap_one(float("nan"), 40.0) is None


@needs_shared_data
def test_snapping_real_fixes_equals_strtree() -> None:
    network = build_network([SHARED / "beijing-haidian" / "walk.osm.pbf"])
    fixes = pd.read_csv(SHARED / "beijing-haidian" / "tracks.csv.gz")
    snapped = network.snapper.snap(fixes["lng"], fixes["lat"])
    metres = strtree_distances(network, fixes["lng"].to_numpy(), fixes["lat"].to_numpy())
    on = snapped.on_network
    assert np.abs(snapped.connector_m[on] - metres[on]).max() < 1e-4
    assert metres[~on].min() > 50.0


def test_the_way_along_the_edge_is_measured_from_its_first_node() -> None:
    network = network_of([(0, 0), (1000, 0), (1000, 300)], [(0, 1), (1, 2)])
    lon, lat = to_degrees([250.0], [30.0])
    snapped = network.snapper.snap(lon, lat)
    first = network.u[snapped.edge[0]]
    assert network.osm_id[first] == 0
    assert snapped.along_m[0] == pytest.approx(250.0, abs=1e-3)
    assert snapped.connector_m[0] == pytest.approx(30.0, abs=1e-3)


@pytest.mark.parametrize(("away_m", "on"), [(49.99, True), (50.01, False), (5000.0, False)])
def test_more_than_50_m_is_off_the_network(away_m: float, *, on: bool) -> None:
    network = network_of([(0, 0), (1000, 0), (2000, 0)], [(0, 1), (1, 2)])
    snapped = network.snapper.snap(*to_degrees([700.0], [away_m]))
    assert bool(snapped.on_network[0]) is on


def test_the_connector_is_geodesic_far_from_the_middle_of_a_wide_network() -> None:
    network = network_of([(-90_000, 0), (-88_000, 0), (90_000, 0)], [(0, 1), (1, 2)])
    lon, lat = to_degrees([-89_000.0], [40.0])
    on_edge = to_degrees([-89_000.0], [0.0])
    snapped = network.snapper.snap(lon, lat)
    geodesic = geodesic_m(lon, lat, *on_edge)[0]
    assert snapped.connector_m[0] == pytest.approx(geodesic, abs=0.01)


@given(st.integers(0, 2**32 - 1), st.integers(1, 97))
def test_snapping_does_not_depend_on_how_positions_are_split(seed: int, size: int) -> None:
    network = random_network(3)
    lon, lat = random_positions(seed, 100)
    whole = network.snapper.snap(lon, lat)
    for begin in range(0, 100, size):
        part = network.snapper.snap(lon[begin : begin + size], lat[begin : begin + size])
        for name in ("edge", "along_m", "connector_m"):
            expected = getattr(whole, name)[begin : begin + size]
            np.testing.assert_array_equal(getattr(part, name), expected)


def test_of_equally_near_edges_the_lowest_is_taken() -> None:
    network = network_of([(0, 0), (600, 0), (600, 600)], [(0, 1), (1, 2)])
    snapped = network.snapper.snap(network.lon[1:2], network.lat[1:2])  # where both edges meet
    assert snapped.edge[0] == 0


def test_positions_that_are_not_numbers_are_off_the_network() -> None:
    network = random_network(1)
    snapped = network.snapper.snap([np.nan, np.inf], [40.0, 40.0])
    assert not snapped.on_network.any()


def test_no_positions_give_no_answer() -> None:
    assert len(random_network(1).snapper.snap([], []).edge) == 0
