"""Properties of coverage: order, chunks, limits, stations; totals that add up."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage import Coverage, coverage
from geo.tracks import read_tracks
from tests.effort import HEAVY
from tests.networks import random_network, random_positions, stations_at
from tests.walks import random_walks, write_walks

if TYPE_CHECKING:
    import pandas as pd

    from geo.network import Network

HOURS = ("24/7", "", "Mo-Fr 08:30-11:00,13:30-17:00", "06:00-22:00", "22:00-06:00")
seeds = st.integers(0, 10_000)


def stations_of(seed: int, count: int) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(seed)
    lon, lat = random_positions(seed, count)
    return stations_at(lon, lat, hours=[HOURS[i] for i in rng.integers(0, len(HOURS), count)])


def measured(
    walks: pd.DataFrame,
    stations: gpd.GeoDataFrame,
    network: Network,
    **options: float | list[gpd.GeoDataFrame],
) -> Coverage:
    with tempfile.TemporaryDirectory() as directory:
        path = write_walks(walks, Path(directory) / "walks.csv")
        with read_tracks([path]) as tracks:
            return coverage(tracks, stations, network, **options)


def all_sums(result: Coverage) -> list[Any]:
    tally = result.tally
    tables = [tally.total, tally.straight, tally.by_hour, tally.by_route, *tally.by_area]
    gaps = result.gaps
    return [
        [table.ms.tolist() for table in tables],
        [table.mm.tolist() for table in tables],
        [tally.within_ms.tolist(), tally.over_ms, tally.off_network_ms, tally.outside_fixes],
        [getattr(gaps, name).tolist() for name in type(gaps).__dataclass_fields__],
    ]


@HEAVY
@given(seeds)
def test_any_order_and_any_block_size_gives_the_same_bits(seed: int) -> None:
    network = random_network(seed % 50)
    walks, stations = random_walks(network, seed), stations_of(seed, 8)
    whole = all_sums(measured(walks, stations, network))
    shuffled = walks.sample(frac=1.0, random_state=seed)
    assert all_sums(measured(shuffled, stations, network, block_fixes=1 + seed % 70)) == whole


@HEAVY
@given(seeds)
def test_a_longer_limit_never_covers_less(seed: int) -> None:
    network = random_network(seed % 50)
    walks, stations = random_walks(network, seed), stations_of(seed, 6)
    covered = [
        measured(walks, stations, network, limit_m=limit).tally.total.ms[0, 0]
        for limit in (100.0, 250.0, 600.0, 2000.0)
    ]
    assert covered == sorted(covered)


@HEAVY
@given(seeds)
def test_one_more_station_never_lowers_coverage(seed: int) -> None:
    network = random_network(seed % 50)
    walks, stations = random_walks(network, seed), stations_of(seed, 6)
    fewer = measured(walks, stations.iloc[:-1], network, limit_m=300.0)
    more = measured(walks, stations, network, limit_m=300.0)
    assert (more.tally.by_hour.ms[:, 0] >= fewer.tally.by_hour.ms[:, 0]).all()


@HEAVY
@given(seeds)
def test_longer_hours_never_lower_coverage_and_leave_no_cause_closed(seed: int) -> None:
    network = random_network(seed % 50)
    walks, stations = random_walks(network, seed), stations_of(seed, 6)
    some = measured(walks, stations, network, limit_m=300.0).tally.total
    always = measured(walks, stations.assign(hours="24/7"), network, limit_m=300.0).tally.total
    assert always.ms[0, 0] >= some.ms[0, 0]
    assert always.ms[0, 3] == 0
    assert always.ms[0, 4:].tolist() == some.ms[0, 4:].tolist()


@HEAVY
@given(seeds)
def test_hours_areas_routes_and_gap_lines_add_up_to_the_whole(seed: int) -> None:
    network = random_network(seed % 50)
    west, south, east, north = network.bounds
    middle = (west + east) / 2
    boxes = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    areas = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=boxes, crs=4326)
    result = measured(
        random_walks(network, seed), stations_of(seed, 6), network, limit_m=300.0, areas=[areas]
    )
    tally = result.tally
    for table in (tally.by_hour, tally.by_route, *tally.by_area):
        np.testing.assert_array_equal(table.ms.sum(axis=0), tally.total.ms[0])
        np.testing.assert_array_equal(table.mm.sum(axis=0), tally.total.mm[0])
    assert result.gaps.duration_ms.sum() == tally.total.ms[0, 2:].sum()
    assert result.gaps.length_mm.sum() == tally.total.mm[0, 2:].sum()


@HEAVY
@given(seeds)
def test_a_walk_never_covers_more_than_the_straight_line(seed: int) -> None:
    network = random_network(seed % 50)
    result = measured(random_walks(network, seed), stations_of(seed, 6), network, limit_m=300.0)
    assert result.tally.total.ms[0, 0] <= result.tally.straight.ms[0, 0]
