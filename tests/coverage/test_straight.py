"""Straight-line reach: cells and all, it says what the geodesic to every station says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coords import geodesic_m
from geo.coverage.straight import StraightReach
from tests.networks import to_degrees


def brute(
    lon: np.ndarray, lat: np.ndarray, x: np.ndarray, y: np.ndarray, limit_m: float
) -> np.ndarray:
    """Return whether any station is within the limit, by all geodesics."""
    if not len(lon):
        return np.zeros(len(x), dtype=bool)
    metres = [geodesic_m(x, y, a, b) for a, b in zip(lon, lat, strict=True)]
    return np.min(metres, axis=0) <= limit_m


@given(st.integers(0, 10_000), st.sampled_from([3.0, 80.0, 1000.0, 20_000.0]))
def test_it_says_what_every_geodesic_says(seed: int, limit_m: float) -> None:
    rng = np.random.default_rng(seed)
    side = 4 * limit_m
    stations = to_degrees(*rng.uniform(0, side, (2, 9)))
    places = to_degrees(*np.cumsum(rng.normal(0, limit_m / 20, (2, 400)), axis=1) + side / 2)
    some = rng.random(9) < 0.6
    reach = StraightReach(*stations, limit_m)
    expected = brute(stations[0][some], stations[1][some], *places, limit_m)
    np.testing.assert_array_equal(reach.reached(some, *places), expected)


@pytest.mark.parametrize("lat", [-89.9, 0.0, 60.0, 89.0])
def test_it_holds_at_any_latitude(lat: float) -> None:
    rng = np.random.default_rng(3)
    lon, at = rng.uniform(-0.2, 0.2, 40), lat + rng.uniform(-0.05, 0.05, 40)
    x, y = rng.uniform(-0.2, 0.2, 500), lat + rng.uniform(-0.05, 0.05, 500)
    found = StraightReach(lon, at, 900.0).reached(np.ones(40, dtype=bool), x, y)
    np.testing.assert_array_equal(found, brute(lon, at, x, y, 900.0))


def test_exactly_at_the_limit_is_within_it() -> None:
    lon, lat = to_degrees([0], [0])
    x, y = to_degrees([700], [300])
    limit_m = float(geodesic_m(lon, lat, x, y)[0])
    every = np.ones(1, dtype=bool)
    assert StraightReach(lon, lat, limit_m).reached(every, x, y).all()
    assert not StraightReach(lon, lat, np.nextafter(limit_m, 0)).reached(every, x, y).any()


def test_without_stations_nothing_is_reached() -> None:
    none = np.empty(0)
    reach = StraightReach(none, none, 100.0)
    assert not reach.reached(np.empty(0, dtype=bool), np.zeros(3), np.zeros(3)).any()
