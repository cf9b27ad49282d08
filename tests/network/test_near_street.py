"""The nearest street with a name, on a crossing whose distances can be read off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from geo.network.names import Street, StreetNames, number_streets
from geo.network.near_street import nearest_street
from tests.networks import network_of, random_network, to_degrees

if TYPE_CHECKING:
    from geo.network import Network

EAST, NORTH = Street("东西大街", "East West Street"), Street("南北大街", "")


def crossing() -> Network:
    """Return a lane of 2 km from west to east without a name at y = 20, streets at y = 0, x = 0."""
    xy = [
        (-1000.0, 0.0),
        (1000.0, 0.0),
        (0.0, -1000.0),
        (0.0, 1000.0),
        (-1000.0, 20.0),
        (1000.0, 20.0),
    ]
    network = network_of(xy, [(0, 1), (2, 3), (4, 5)])
    rows, streets = number_streets([EAST, NORTH, Street("", "")])
    return replace(network, names=StreetNames.of_rows(rows, streets))


@pytest.mark.parametrize(
    ("x", "y", "street", "away_m"),
    [
        (200.0, 19.0, EAST, 19.0),  # the lane is nearer, but has no name
        (30.0, 300.0, NORTH, 30.0),
        (1030.0, 40.0, EAST, 50.0),  # beyond the end
    ],
)
def test_nearest_named_street_is_found(x: float, y: float, street: Street, away_m: float) -> None:
    lon, lat = to_degrees(x, y)
    found = nearest_street(crossing(), float(lon), float(lat), within_m=60.0)
    assert found is not None
    assert found.street == street
    assert found.away_m == pytest.approx(away_m, rel=0.01)


def test_farther_than_asked_is_none() -> None:
    lon, lat = to_degrees(200.0, -70.0)
    assert nearest_street(crossing(), float(lon), float(lat), within_m=60.0) is None
    assert nearest_street(crossing(), float(lon), float(lat), within_m=80.0) is not None


def test_network_of_an_older_version_knows_no_street() -> None:
    network = random_network(1)
    assert nearest_street(network, network.lon[0], network.lat[0], within_m=100.0) is None


def test_nearest_street_equals_a_look_at_every_edge() -> None:
    """A slower way: shapely's distance to each line in metres."""
    network = random_network(7)
    rng = np.random.default_rng(7)
    names = [Street(f"第{n % 9}街", "") if n % 3 else Street("", "") for n in range(len(network.u))]
    rows, streets = number_streets(names)
    network = replace(network, names=StreetNames.of_rows(rows, streets))
    x, y = rng.uniform(-50, 800, (2, 200))
    lons, lats = to_degrees(x, y)
    for lon, lat in zip(lons, lats, strict=True):
        scale = (111_320.0 * np.cos(np.radians(lat)), 111_320.0)
        nodes = (np.column_stack([network.lon, network.lat]) - (lon, lat)) * scale
        lines = shapely.linestrings(np.stack([nodes[network.u], nodes[network.v]], axis=1))
        away = shapely.distance(lines, shapely.Point(0, 0))
        away[[not name.name for name in names]] = np.inf
        found = nearest_street(network, float(lon), float(lat), within_m=50.0)
        if away.min() > 50.0:
            assert found is None
        else:
            assert found is not None
            assert found.away_m == pytest.approx(away.min(), abs=1e-6)
