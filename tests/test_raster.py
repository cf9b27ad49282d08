"""Cells near segments: none is missed, whatever the size of the pieces and the way they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

import geo.raster
from geo.raster import Raster

if TYPE_CHECKING:
    import pytest


def random_lines(seed: int, count: int = 30) -> np.ndarray:
    """Return segments on and off the cells: long, short, upright, level and of no length."""
    rng = np.random.default_rng(seed)
    lines = np.column_stack([rng.uniform(-3, 13, (count, 2)), rng.normal(0, 3, (count, 2))])
    lines[:5, 2] = 0.0
    lines[3:8, 3] = 0.0
    lines[::4] = np.rint(lines[::4])  # along the sides of cells
    return lines


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.3, 2.5]))
def test_every_cell_within_reach_is_named_with_a_gap_no_wider_than_the_distance(
    seed: int, reach: float
) -> None:
    raster = Raster(-1.0, 2.0, 1.0, 9, 7)
    lines = random_lines(seed)
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(9), np.arange(7)))
    cells = shapely.box(column - 1.0, row + 2.0, column, row + 3.0)
    starts = lines[:, :2]
    ways = np.asarray(shapely.linestrings(np.stack([starts, starts + lines[:, 2:]], axis=1)))
    away = np.asarray(shapely.distance(ways[:, np.newaxis], cells)).reshape(len(lines), 7, 9)
    gaps = np.full((len(lines), 7, 9), np.inf)
    for segment, columns, rows, gap in raster.near(lines, reach):
        assert np.isinf(gaps[segment, rows, columns]).all()  # each pair once
        gaps[segment, rows, columns] = gap
    assert np.isfinite(gaps[away <= reach - 1e-9]).all()
    named = np.isfinite(gaps)
    assert (gaps[named] <= away[named] + 1e-9).all()
    assert (away[named] <= reach * 2**0.5 + 1e-9).all()


def test_the_size_of_the_pieces_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    raster, lines = Raster(0.0, 0.0, 1.0, 10, 10), random_lines(1)

    def named() -> list[np.ndarray]:
        return [np.concatenate(part) for part in zip(*raster.near(lines, 0.5), strict=True)]

    whole = named()
    for piece in (1, 100, 1000):
        monkeypatch.setattr(geo.raster, "_PIECE", piece)
        for one, other in zip(named(), whole, strict=True):
            np.testing.assert_array_equal(one, other)


def test_no_segments_are_near_no_cells() -> None:
    assert list(Raster(0.0, 0.0, 1.0, 10, 10).near(np.empty((0, 4)), 1.0)) == []


def test_a_box_too_wide_for_its_cells_gets_larger_ones() -> None:
    assert Raster.over((-0.5, 0.5, 7.5, 3.5), 1.0, 36) == Raster(-1.0, 0.0, 1.0, 9, 4)
    assert Raster.over((-0.5, 0.5, 7.5, 3.5), 1.0, 35) == Raster(-2.0, 0.0, 2.0, 5, 2)


def test_positions_are_on_their_cells_or_on_none() -> None:
    raster = Raster.over((0.0, 0.0, 4.0, 2.0), 1.0, 100)
    x, y = [0.0, 4.0, 3.5, 9.0, np.nan, np.inf], [0.0, 2.0, 1.5, 1.0, 1.0, 1.0]
    on, column, row = raster.locate(np.array(x), np.array(y))
    assert on.tolist() == [0, 1, 2]  # the sides of the box too
    east, north = raster.middle(column, row)
    assert np.abs(east - x[:3]).max() <= 0.5
    assert np.abs(north - y[:3]).max() <= 0.5
