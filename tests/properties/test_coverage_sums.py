"""Properties of coverage: parts add up to the whole, in integers; effective is within nominal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from geo.errors import InvalidOptionError
from tests.effort import HEAVY
from tests.properties.coverage_worlds import (
    SUMS,
    World,
    cells_of,
    gap_table,
    groups_of,
    make_world,
    measured,
    measured_world,
    seeds,
    whole_of,
)

CLASSES = ("covered", "unknown", "unusable", "closed", "no_station", "off_network")
COVERED, UNKNOWN, UNUSABLE, CLOSED, NO_STATION = range(5)


@HEAVY
@given(seeds)
def test_hours_areas_routes_and_shifts_add_up_to_the_whole_by_class(seed: int) -> None:
    result = measured_world(seed)
    whole = whole_of(result)
    for table in groups_of(result):
        for name in SUMS:
            assert getattr(table, name).sum(axis=0).tolist() == whole[name]


@HEAVY
@given(seeds)
def test_nominal_effective_and_straight_classes_share_out_the_same_time_and_way(seed: int) -> None:
    result = measured_world(seed)
    whole, straight = whole_of(result), result.tally.straight
    assert sum(whole["ms"]) == sum(whole["effective_ms"]) == straight.ms.sum()
    assert sum(whole["mm"]) == sum(whole["effective_mm"]) == straight.mm.sum()
    summary = result.summary()
    for figure, unit, total in (("time", "min", "duration_min"), ("length", "m", "length_m")):
        for name in ("nominal", "effective", "straight"):
            part = summary[name]
            gap = sum(cause[unit] for cause in part["by_cause"].values()) / summary[total]
            shares = part[f"share_{figure}"] + part[f"unknown_share_{figure}"] + gap
            assert shares == pytest.approx(1.0, abs=1e-9)


@HEAVY
@given(seeds)
def test_gap_lines_hold_the_effective_gap_by_cause(seed: int) -> None:
    result = measured_world(seed)
    gaps, total = gap_table(result), result.tally.total
    assert set(gaps["cause"]) <= set(CLASSES[UNUSABLE:])
    for nth, cause in enumerate(CLASSES[UNUSABLE:], start=UNUSABLE):
        rows = gaps[gaps["cause"] == cause]
        assert rows["duration_ms"] @ rows["workers"] == total.effective_ms[0, nth]
        assert rows["length_mm"] @ rows["workers"] == total.effective_mm[0, nth]


@HEAVY
@given(seeds)
def test_effective_is_within_nominal_in_every_group(seed: int) -> None:
    result = measured_world(seed)
    for table in (result.tally.total, *groups_of(result)):
        for nominal, effective in (
            (table.ms, table.effective_ms),
            (table.mm, table.effective_mm),
        ):
            assert (effective[:, COVERED] <= nominal[:, COVERED]).all()
            known = nominal[:, COVERED] + nominal[:, UNKNOWN]
            assert (effective[:, :CLOSED].sum(axis=1) == known).all()
            assert (effective[:, CLOSED:] == nominal[:, CLOSED:]).all()
            assert not nominal[:, UNUSABLE].any()


@HEAVY
@given(seeds)
def test_without_locks_ages_and_needs_effective_is_nominal(seed: int) -> None:
    world = make_world(seed).where(
        locked=(), evidence={}, needs=(), no_phone=False, max_age_days=100_000
    )
    whole = whole_of(measured(world))
    assert whole["effective_ms"] == whole["ms"]
    assert whole["effective_mm"] == whole["mm"]


@HEAVY
@given(seeds)
def test_a_walk_never_covers_more_than_the_straight_line(seed: int) -> None:
    tally = measured_world(seed).tally
    assert tally.total.ms[0, COVERED] <= tally.straight.ms[0, COVERED]
    assert tally.total.mm[0, COVERED] <= tally.straight.mm[0, COVERED]


@HEAVY
@given(seeds)
def test_the_table_of_stations_shares_out_what_is_covered(seed: int) -> None:
    result = measured_world(seed)
    table, whole = result.station_table(), whole_of(result)
    for unit, sums in (("min", "ms"), ("m", "mm")):
        for kind, prefix in (("nominal", ""), ("effective", "effective_")):
            alone, shared = cells_of(table, f"{kind}_alone_{unit}", f"{kind}_shared_{unit}")
            by_many = whole[prefix + sums][COVERED] - alone.sum()
            assert 0 <= 2 * by_many <= shared.sum()
            assert (shared <= by_many).all()
        nominal, effective = (
            sum(cells_of(table, f"{kind}_alone_{unit}", f"{kind}_shared_{unit}"))
            for kind in ("nominal", "effective")
        )
        lost, reach = cells_of(table, f"lost_{unit}", f"reach_{unit}")
        difference = whole[sums][COVERED] - whole[f"effective_{sums}"][COVERED]
        assert (effective <= nominal).all()
        assert (nominal <= reach).all()
        assert (effective + lost <= nominal).all()
        assert (lost <= difference).all()
        assert difference <= lost.sum()


@HEAVY
@given(seeds)
def test_only_stations_that_cannot_be_used_for_sure_lose(seed: int) -> None:
    world = make_world(seed).where(needs=(), no_phone=False)
    table = measured(world).station_table()
    lost = table[(table["lost_min"] > 0) | (table["lost_m"] > 0)]
    assert (lost["is_locked"] | lost["is_unverified"]).all()
    assert set(table["code"][table["is_locked"].to_numpy(bool)]) <= set(world.options["locked"])
    useless = table[(table["is_locked"] | table["is_unverified"]).to_numpy(bool)]
    assert not useless[["effective_alone_min", "effective_shared_min"]].to_numpy().any()


@HEAVY
@given(seeds)
def test_a_station_that_is_the_only_one_serves_alone(seed: int) -> None:
    result = measured(make_world(seed, stations=1))
    table, whole = result.station_table(), whole_of(result)
    for unit, sums in (("min", "ms"), ("m", "mm")):
        for kind, prefix in (("nominal", ""), ("effective", "effective_")):
            alone, shared = cells_of(table, f"{kind}_alone_{unit}", f"{kind}_shared_{unit}")
            assert alone.sum() == whole[prefix + sums][COVERED]
            assert not shared.any()


@HEAVY
@given(seeds)
def test_stations_that_never_shut_leave_no_cause_closed(seed: int) -> None:
    world = make_world(seed)
    some = whole_of(measured_world(seed))
    stations = world.stations.assign(hours="24/7", self_hours="", self_entry_mode="")
    always = whole_of(measured(World(world.network, world.walks, stations, world.options)))
    for name in SUMS:
        assert always[name][CLOSED] == 0
        assert always[name][NO_STATION:] == some[name][NO_STATION:]


@HEAVY
@given(seeds)
def test_stations_that_are_shut_all_week_cover_nothing(seed: int) -> None:
    world = make_world(seed)
    stations = world.stations.assign(hours="Dec 24 10:00-11:00", self_hours="", self_entry_mode="")
    result = measured(World(world.network, world.walks, stations, world.options))
    whole = whole_of(result)
    for name in SUMS:
        assert whole[name][:CLOSED] == [0, 0, 0]
    table = result.station_table()
    served = table.drop(columns=["reach_min", "reach_m"]).filter(regex="_min$|_m$")
    assert not served.to_numpy().any()


@HEAVY
@given(seeds)
def test_without_stations_nothing_is_left_but_no_station_and_off_network(seed: int) -> None:
    world = make_world(seed)
    empty = World(world.network, world.walks, world.stations.iloc[:0], world.options)
    result = measured(empty)
    for sums in whole_of(result).values():
        assert sums[:NO_STATION] == [0] * NO_STATION
        assert sum(sums) > 0
    assert len(result.station_table()) == 0


@HEAVY
@given(seeds)
def test_tracks_away_from_all_streets_are_off_network_or_served_by_the_straight_line(
    seed: int,
) -> None:
    world = make_world(seed)
    _, south, east, north = world.network.bounds
    rng = np.random.default_rng(seed)
    spread = rng.uniform(0, 1e-4, (2, len(world.walks)))
    walks = world.walks.assign(lon=east - spread[0], lat=(south + north) / 2 + spread[1])
    result = measured(World(world.network, walks, world.stations, world.options))
    for sums in whole_of(result).values():
        assert sums[NO_STATION] == 0
    assert result.summary()["off_network_share"] == 1.0


@pytest.mark.parametrize("limit_m", [0.0, -1.0, float("nan"), float("inf"), float("-inf")])
def test_a_limit_that_is_no_distance_is_refused(limit_m: float) -> None:
    with pytest.raises(InvalidOptionError, match="limit_m"):
        measured(make_world(1), limit_m=limit_m)
