"""Properties of datums: there and back, identity elsewhere, any shape; the straight-line index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pyproj import Geod

from geo.coords import DATUMS, GeodesicIndex, from_wgs84, geodesic_m, in_china_box, to_wgs84
from geo.errors import ConvergenceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

datums = st.sampled_from(DATUMS)
shifted = st.sampled_from([name for name in DATUMS if name != "wgs84"])
shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
seeds = st.integers(0, 2**32 - 1)
world = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def in_china(shape: tuple[int, ...], seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return positions well inside the box of the shift."""
    rng = np.random.default_rng(seed)
    return rng.uniform(73.0, 137.0, shape), rng.uniform(2.0, 55.0, shape)


@given(datums, shapes, seeds)
def test_there_and_back_is_the_same_position(datum: str, shape: tuple[int, ...], seed: int) -> None:
    lon, lat = in_china(shape, seed)
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    np.testing.assert_allclose(back, (lon, lat), rtol=0, atol=1e-9)


@given(datums, shapes, seeds)
def test_back_and_there_is_the_same_position(datum: str, shape: tuple[int, ...], seed: int) -> None:
    lon, lat = in_china(shape, seed)
    again = from_wgs84(*to_wgs84(lon, lat, datum), datum)
    np.testing.assert_allclose(again, (lon, lat), rtol=0, atol=1e-9)


@given(datums, shapes, seeds)
def test_shapes_are_kept(datum: str, shape: tuple[int, ...], seed: int) -> None:
    lon, lat = in_china(shape, seed)
    found = [*to_wgs84(lon, lat, datum), *from_wgs84(lon, lat, datum)]
    assert [np.shape(values) for values in found] == [shape] * 4


@given(shifted, world.filter(lambda p: not in_china_box(*p)))
def test_outside_the_box_nothing_moves(datum: str, position: tuple[float, float]) -> None:
    assert from_wgs84(*position, datum) == position


@given(shifted, world)
def test_a_position_has_a_true_inverse_or_none(datum: str, position: tuple[float, float]) -> None:
    try:
        inverse = to_wgs84(*position, datum)
    except ConvergenceError:
        assert in_china_box(*position)
        return
    np.testing.assert_allclose(from_wgs84(*inverse, datum), position, rtol=0, atol=1e-9)


@given(datums, seeds, st.integers(0, 4), st.booleans())
def test_nan_stays_nan_and_spoils_no_other(
    datum: str,
    seed: int,
    place: int,
    whole: bool,  # noqa: FBT001  # drawn by hypothesis
) -> None:
    lon, lat = in_china((5,), seed)
    plain = to_wgs84(lon, lat, datum)
    lon[place] = np.nan
    if whole:
        lat[place] = np.nan
    spoilt = to_wgs84(lon, lat, datum)
    assert np.isnan(spoilt[0][place])
    others = np.arange(5) != place
    np.testing.assert_allclose(
        np.array(spoilt)[:, others], np.array(plain)[:, others], rtol=0, atol=1e-9
    )


@given(shifted, seeds, st.integers(1, 20))
def test_a_position_does_not_depend_on_its_neighbours(datum: str, seed: int, count: int) -> None:
    lon, lat = in_china((count,), seed)
    together = to_wgs84(lon, lat, datum)
    alone = [to_wgs84(x, y, datum) for x, y in zip(lon, lat, strict=True)]
    np.testing.assert_allclose(np.array(together).T, alone, rtol=0, atol=1e-9)


@given(seeds, st.integers(1, 40), st.floats(1e-4, 20.0))
def test_index_equals_a_full_scan(seed: int, places: int, spread_deg: float) -> None:
    rng = np.random.default_rng(seed)
    lon, lat = 110 + rng.normal(0, spread_deg, 60), 35 + rng.normal(0, spread_deg, 60).clip(-50, 50)
    metres, row = GeodesicIndex(lon[:places], lat[:places]).nearest(lon[places:], lat[places:])
    geod = Geod(ellps="WGS84")
    for here, found_m, found in zip(range(places, 60), metres, row, strict=True):
        every = [geod.inv(lon[here], lat[here], lon[k], lat[k])[2] for k in range(places)]
        assert found_m == pytest.approx(every[found], rel=1e-12)
        assert found_m == pytest.approx(min(every), rel=1e-6)


@given(world, world)
def test_geodesic_is_the_same_in_both_directions(
    a: tuple[float, float], b: tuple[float, float]
) -> None:
    assert geodesic_m(*a, *b) == pytest.approx(float(geodesic_m(*b, *a)), abs=1e-6)
