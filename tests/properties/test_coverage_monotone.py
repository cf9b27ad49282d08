"""Properties of coverage: more of anything never covers less; a twin of a station adds nothing."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given

from tests.effort import HEAVY
from tests.properties.coverage_worlds import (
    AS_OF,
    FRESH,
    bits_of,
    covered_of,
    make_world,
    measured,
    measured_world,
    seeds,
    summary_of,
)

if TYPE_CHECKING:
    from geo.coverage import Coverage
    from tests.properties.coverage_worlds import World


def require_no_less(worse: World, *better: World) -> None:
    """Check that each world covers at least as much as the one before, in every hour and area."""
    before = covered_of(measured(worse))
    for world in better:
        after = covered_of(measured(world))
        assert (after >= before).all()
        before = after


@HEAVY
@given(seeds)
def test_a_longer_limit_never_covers_less(seed: int) -> None:
    world = make_world(seed)
    require_no_less(*(world.where(limit_m=limit) for limit in (80.0, 300.0, 2000.0)))


@HEAVY
@given(seeds)
def test_one_more_station_never_covers_less(seed: int) -> None:
    world = make_world(seed)
    require_no_less(
        replace(world, stations=world.stations.iloc[:-1]),
        world,
    )


@HEAVY
@given(seeds)
def test_longer_hours_never_cover_less(seed: int) -> None:
    world = make_world(seed).where(no_phone=False)  # the way in hangs on whose hours they are
    longer = world.stations.copy()
    longer.loc[longer.index[::2], "hours"] = "24/7"
    require_no_less(
        world,
        replace(world, stations=longer),
        replace(world, stations=world.stations.assign(hours="24/7")),
    )


@HEAVY
@given(seeds)
def test_unlocking_never_covers_less(seed: int) -> None:
    world = make_world(seed)
    locked = world.options["locked"]
    worse = world.where(locked=tuple(world.stations["code"]))
    require_no_less(worse, world, world.where(locked=locked[1:]))


@HEAVY
@given(seeds)
def test_newer_evidence_never_covers_less(seed: int) -> None:
    world = make_world(seed)
    if "evidence" in world.options:
        old = world.options["evidence"]
        newer = world.where(evidence={code: at + dt.timedelta(days=60) for code, at in old.items()})
        all_of_them = world.where(evidence=dict.fromkeys(world.stations["code"], AS_OF))
        require_no_less(world, newer, all_of_them)
    else:
        require_no_less(world, replace(world, stations=world.stations.assign(verified_on=FRESH)))
    require_no_less(world, world.where(max_age_days=300))


@HEAVY
@given(seeds)
def test_fewer_needs_never_cover_less(seed: int) -> None:
    world = make_world(seed)
    require_no_less(
        world.where(needs=("toilet", "hot_water"), no_phone=True),
        world.where(needs=("toilet",), no_phone=False),
        world.where(needs=(), no_phone=False),
    )


@HEAVY
@given(seeds)
def test_a_station_that_is_there_twice_changes_nothing_but_the_table_of_stations(seed: int) -> None:
    world = make_world(seed)
    twice = with_twins(world)
    one, two = measured_world(seed), measured(twice)
    one_bits, two_bits = bits_of(one), bits_of(two)
    assert two_bits["sums"] == one_bits["sums"]
    but = ("never_verified_share", "effective_meaningful", "outside_stations", "longer_hours")
    assert without_twins(summary_of(two, *but)) == summary_of(one, *but)
    require_shared(one, two)


@HEAVY
@given(seeds)
def test_a_station_that_nobody_can_reach_changes_nothing(seed: int) -> None:
    world = make_world(seed)
    west, *_ = world.network.bounds
    far = world.stations.iloc[:1].assign(code="FAR", lon=west - 0.04, status="open")
    far = far.set_geometry(gpd.points_from_xy(far["lon"], far["lat"], crs=4326))
    stations = pd.concat([world.stations, far], ignore_index=True).set_crs(4326)
    one, two = measured_world(seed), measured(replace(world, stations=stations))
    but = ("never_verified_share", "effective_meaningful", "outside_stations", "worst_gaps")
    assert json.loads(summary_of(one, *but)) == json.loads(summary_of(two, *but))
    row = two.station_table().set_index("code").loc["FAR"]
    assert not row.filter(regex="_min$|_m$").to_numpy(dtype=float).any()


def with_twins(world: World) -> World:
    """Return the world with each station there twice, the other with another code."""
    twins = world.stations.assign(code=world.stations["code"] + "-twin")
    both = pd.concat([world.stations, twins], ignore_index=True).set_crs(4326)
    options = {
        "locked": [*world.options["locked"], *(c + "-twin" for c in world.options["locked"])]
    }
    if "evidence" in world.options:
        old = world.options["evidence"]
        options["evidence"] = old | {code + "-twin": at for code, at in old.items()}
    return replace(world, stations=both).where(**options)


def without_twins(summary: str) -> str:
    return summary.replace("-twin", "")


def require_shared(one: Coverage, two: Coverage) -> None:
    """Check that what a station served alone it now shares with its twin."""
    before = one.station_table().set_index("code")
    after = two.station_table().set_index("code")
    for codes in (before.index, before.index + "-twin"):
        rows = after.loc[codes]
        for kind in ("nominal", "effective"):
            for unit in ("min", "m"):
                alone, shared = f"{kind}_alone_{unit}", f"{kind}_shared_{unit}"
                assert not rows[alone].to_numpy().any()
                together = (before[alone] + before[shared]).to_numpy()
                np.testing.assert_allclose(rows[shared].to_numpy(), together, rtol=1e-12)
        for name in ("lost_min", "lost_m", "reach_min", "reach_m"):
            assert rows[name].tolist() == before[name].tolist()
