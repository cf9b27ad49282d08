"""Properties of coverage: any order, partition or repetition gives the same bits of everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage import Drawing
from tests.effort import HEAVY
from tests.properties.coverage_worlds import (
    bits_of,
    drawn_of,
    files_of,
    make_world,
    measured,
    measured_world,
    seeds,
    summary_of,
    whole_of,
)


@HEAVY
@given(seeds)
def test_any_order_split_and_block_size_gives_the_same_bits(seed: int) -> None:
    world = make_world(seed)
    whole = measured_world(seed)
    shuffled = replace(world, walks=world.walks.sample(frac=1.0, random_state=seed))
    cut = measured(shuffled, files=3, block_fixes=1 + seed % 70, max_rows_in_memory=40)
    assert bits_of(cut) == bits_of(whole)


@HEAVY
@given(seeds, st.sampled_from([60, 60_000]))
def test_what_is_drawn_and_walked_is_the_same_in_any_order_and_split(seed: int, most: int) -> None:
    world = make_world(seed).where(drawing=Drawing(max_points=most), streets=True)
    shuffled = replace(world, walks=world.walks.sample(frac=1.0, random_state=seed))
    cut = measured(shuffled, files=2, block_fixes=1 + seed % 70, max_rows_in_memory=40)
    assert drawn_of(cut) == drawn_of(measured(world))


@HEAVY
@given(seeds)
def test_the_files_written_are_the_same_bytes(seed: int) -> None:
    world = make_world(seed)
    whole = measured_world(seed)
    written = files_of(whole)
    assert files_of(whole) == written
    backwards = replace(world, walks=world.walks.iloc[::-1])
    assert files_of(measured(backwards, block_fixes=25)) == written


@HEAVY
@given(seeds)
def test_the_order_of_stations_changes_only_the_order_of_their_table(seed: int) -> None:
    world = make_world(seed)
    order = np.random.default_rng(seed).permutation(len(world.stations))
    moved = replace(world, stations=world.stations.iloc[order].reset_index(drop=True))
    given_, mixed = measured_world(seed), measured(moved)
    assert summary_of(mixed) == summary_of(given_)
    assert whole_of(mixed) == whole_of(given_)
    tables = [result.station_table().set_index("code") for result in (given_, mixed)]
    pd.testing.assert_frame_equal(tables[0], tables[1].loc[tables[0].index])
    counted = set(tables[0].index)
    assert tables[1].index.tolist() == [code for code in moved.stations["code"] if code in counted]


@HEAVY
@given(seeds)
def test_the_order_of_areas_locks_and_needs_changes_nothing(seed: int) -> None:
    world = make_world(seed)
    options = world.options
    turned = world.where(locked=list(reversed(options["locked"])), needs=options["needs"][::-1])
    whole, other = measured_world(seed), measured(turned)
    assert summary_of(other, "needs") == summary_of(whole, "needs")
    swapped = measured(world.where(areas=options["areas"][::-1]))
    for nth in range(2):
        assert (
            swapped.tally.by_area[1 - nth].effective_ms.tolist()
            == whole.tally.by_area[nth].effective_ms.tolist()
        )
    assert whole_of(swapped) == whole_of(whole)


@HEAVY
@given(seeds)
def test_rows_that_are_there_twice_change_only_how_many_were_dropped(seed: int) -> None:
    world = make_world(seed)
    rows = np.sort(np.random.default_rng(seed).integers(0, len(world.walks), 200))
    twice = pd.concat([world.walks, world.walks.iloc[np.unique(rows)]], ignore_index=True)
    once, doubled = measured_world(seed), measured(replace(world, walks=twice))
    but = ("fixes", "dropped")
    assert summary_of(doubled, *but) == summary_of(once, *but)
    more, less = (result.summary()["dropped"]["duplicate_time"] for result in (doubled, once))
    assert more - less == len(np.unique(rows))


@HEAVY
@given(seeds)
def test_of_equal_times_the_first_counts(seed: int) -> None:
    world = make_world(seed)
    elsewhere = world.walks.sample(40, random_state=seed)
    elsewhere = elsewhere.assign(lon=elsewhere["lon"] + 0.001)
    walks = pd.concat([world.walks, elsewhere], ignore_index=True)
    assert whole_of(measured(replace(world, walks=walks))) == whole_of(measured_world(seed))
