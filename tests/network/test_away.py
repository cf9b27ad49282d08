"""The distance to the nearest walkway, far ones too."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.coords import project
from geo.network.away import metres_to_walkway
from tests.networks import network_of, random_network, to_degrees


def test_measures_beside_beyond_and_off_the_end_of_a_street() -> None:
    network = network_of([(0, 0), (1000, 0), (0, 1000)], [(0, 1), (0, 2)])
    lon, lat = to_degrees([500, 500, 1080, 500, -60], [10, -90, 60, 110, -80])
    found = metres_to_walkway(network, lon, lat, within_m=105)
    assert found == pytest.approx([10, 90, 100, np.inf, 100], abs=0.05)


@pytest.mark.parametrize("count", [10, 400])  # by a look, by an index
def test_agrees_with_every_edge_measured(count: int) -> None:
    network = random_network(3)
    draw = np.random.default_rng(7)
    lon, lat = to_degrees(draw.uniform(-600, 1500, count), draw.uniform(-600, 1300, count))
    ends = [
        np.column_stack(project(network.crs, network.lon[node], network.lat[node]))
        for node in (network.u, network.v)
    ]
    streets = shapely.union_all(shapely.linestrings(np.stack(ends, axis=1)))
    wanted = shapely.distance(streets, shapely.points(*project(network.crs, lon, lat)))
    wanted[wanted > 300] = np.inf
    assert np.isinf(wanted).any()
    assert metres_to_walkway(network, lon, lat, within_m=300) == pytest.approx(wanted, abs=0.05)


def test_of_nothing_there_is_nothing() -> None:
    assert metres_to_walkway(random_network(1), [], [], within_m=100).tolist() == []
