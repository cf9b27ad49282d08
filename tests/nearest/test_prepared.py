"""Stations off the network: never missed where near, never looked for where none can be."""

from __future__ import annotations

import numpy as np
import pytest

from geo.coords import GeodesicIndex
from geo.nearest.prepared import PreparedWays
from tests.networks import network_of, to_degrees


def _ways(y: float) -> PreparedWays:
    """Return the ways to one station on a street of 4 km, and one ``y`` metres north of it."""
    street = network_of([(200 * k, 0) for k in range(21)], [(k, k + 1) for k in range(20)])
    lon, lat = to_degrees([400, 2000], [0, y])
    return PreparedWays(np.asarray(lon), np.asarray(lat), street)


@pytest.mark.parametrize("x", [100.0, 950.0, 1990.0, 3900.0])
def test_one_off_the_network_is_found_from_the_street(x: float) -> None:
    ((lon,), (lat,)) = to_degrees([x], [0])
    found = next(_ways(300).around(float(lon), float(lat)))
    at = found.row.tolist().index(1)
    assert found.off_network[at]
    assert found.metres[at] == pytest.approx(1.3 * np.hypot(x - 2000, 300), rel=1e-4)


def test_far_ones_off_the_network_are_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = _ways(60_000)
    monkeypatch.setattr(GeodesicIndex, "first", None)
    ((lon,), (lat,)) = to_degrees([100], [0])
    found = next(ways.around(float(lon), float(lat)))
    assert found.row.tolist() == [0]
    assert found.bound_m < np.inf
