"""Cells of the map equal those counted by hand, at every zoom."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest

from geo.errors import InvalidOptionError
from webmap.grid import LAST_CLUSTERED_ZOOM, MAX_CELLS, MAX_ZOOM, Grid, Window

rng = np.random.default_rng(7)
LON = np.concatenate([rng.normal(116.4, 0.05, 300), rng.uniform(-180, 180, 60), [116.4] * 5])
LAT = np.concatenate([rng.normal(39.9, 0.05, 300), rng.uniform(-88, 88, 60), [39.9] * 5])
GRID = Grid(LON, LAT)


def cell_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Return the 64-pixel cell of a position, by the formula of slippy maps."""
    tiles = 2 ** (zoom + 2)
    phi = math.radians(max(-85.0511287798066, min(85.0511287798066, lat)))
    x = (lon + 180) / 360 * tiles
    y = (1 - math.asinh(math.tan(phi)) / math.pi) / 2 * tiles
    return min(max(int(x), 0), tiles - 1), min(max(int(y), 0), tiles - 1)


def window_around(zoom: int, size: int = 20) -> Window:
    x, y = cell_of(116.4, 39.9, zoom)
    last = 2 ** (zoom + 2) - 1
    east, south = min(x + size, last), min(y + size, last)
    return Window(zoom, max(x - size, 0), max(y - size, 0), east, south)


@pytest.mark.parametrize("zoom", range(LAST_CLUSTERED_ZOOM + 1))
def test_cells_equal_a_count_by_hand(zoom: int) -> None:
    window = window_around(zoom)
    members = defaultdict(list)
    for row, (lon, lat) in enumerate(zip(LON, LAT, strict=True)):
        x, y = cell_of(lon, lat, zoom)
        if window.x0 <= x <= window.x1 and window.y0 <= y <= window.y1:
            members[x, y].append(row)
    cells = GRID.cells(window)
    found = [sorted(GRID.order[a:b].tolist()) for a, b in zip(cells.first, cells.stop, strict=True)]
    assert sorted(found) == sorted(members.values())
    for rows, lon, lat in zip(found, cells.lon, cells.lat, strict=True):
        assert (lon, lat) == pytest.approx((LON[rows].mean(), LAT[rows].mean()), abs=1e-9)


def test_the_whole_world_holds_every_station_once() -> None:
    cells = GRID.cells(Window(0, 0, 0, 3, 3))
    assert cells.count.sum() == len(LON)


@pytest.mark.parametrize("zoom", range(LAST_CLUSTERED_ZOOM + 1, MAX_ZOOM + 1))
def test_beyond_the_last_clusters_only_one_place_keeps_stations_together(zoom: int) -> None:
    x, y = cell_of(116.4, 39.9, zoom)
    cells = GRID.cells(Window(zoom, x - 30, y - 30, x + 30, y + 30))
    at_one_place = cells.count == 5
    assert at_one_place.sum() == 1
    assert (cells.count[~at_one_place] == 1).all()


def test_one_place_is_told_from_neighbours_at_every_zoom() -> None:
    far = Grid(np.array([116.4, 116.4, 117.0, 117.00001]), np.array([39.9, 39.9, 40.0, 40.0]))
    x, y = cell_of(116.4, 39.9, 8)
    one, two = (far.cells(Window(8, x - 9, y - 9, x + 9, y + 9)).is_one_place).tolist()
    assert (one, two) in {(True, False), (False, True)}


def test_flags_are_counted_per_cell() -> None:
    flags = rng.random(len(LON)) < 0.4
    cells = GRID.cells(window_around(11))
    expected = [
        int(flags[GRID.order[a:b]].sum()) for a, b in zip(cells.first, cells.stop, strict=True)
    ]
    assert cells.count_of(GRID.running(flags)).tolist() == expected


def test_no_stations_no_cells() -> None:
    empty = Grid(np.empty(0), np.empty(0))
    assert len(empty.cells(Window(3, 0, 0, 31, 31)).count) == 0
    assert len(empty.cells(Window(18, 0, 0, 31, 31)).count) == 0


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ((-1, 0, 0, 1, 1), "zoom -1"),
        ((MAX_ZOOM + 1, 0, 0, 1, 1), f"not in 0-{MAX_ZOOM}"),
        ((5, 3, 0, 2, 1), "lower number"),
        ((12, 0, 0, MAX_CELLS, 0), "ask for less"),
        ((2, 0, 0, 16, 15), "out of the world; at zoom 2 give cells of 0-15"),
        ((2, 0, -1, 15, 15), "out of the world"),
        ((3, 10**22, 0, 10**22, 0), "out of the world"),
    ],
)
def test_refuses_what_is_no_window(window: tuple[int, int, int, int, int], said: str) -> None:
    with pytest.raises(InvalidOptionError, match=said):
        Window(*window)
