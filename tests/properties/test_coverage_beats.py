"""Properties of beats: the timed walk of a line in each slot, as often as it has workers."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely
from hypothesis import given
from shapely.ops import substring

from geo.coords import GEOD
from geo.coverage import coverage
from geo.tracks import read_beats, read_tracks
from tests.effort import HEAVY
from tests.networks import to_degrees
from tests.properties.coverage_worlds import (
    SUMS,
    bits_of,
    gap_table,
    groups_of,
    make_world,
    seeds,
    whole_of,
)
from tests.walks import write_walks

if TYPE_CHECKING:
    from geo.coverage import Coverage
    from geo.tracks import Beats, Steps
    from tests.properties.coverage_worlds import World

MONDAY: Final = dt.date(2026, 3, 2)
SHIFTS: Final = ("Mo 04:30-05:15", "Fr 23:30-00:15", "Sa,Su 12:10-13:00")
SLOTS: Final = {SHIFTS[0]: 3, SHIFTS[1]: 3, SHIFTS[2]: 6}  # those that start in the shift
SLOT_MS: Final = 900_000


def make_lines(seed: int) -> list[dict[str, Any]]:
    """Return lines of about half a kilometre with corners, as cells and shape of a feature.

    No corner is sharper than 90 degrees and the last step is 9 m long, so that nobody who walks a
    line in a quarter of an hour is slower than 0.3 m/s.
    """
    rng = np.random.default_rng([seed, 11])
    found = []
    for nth, shift in enumerate(SHIFTS):
        strides = np.column_stack([rng.uniform(60, 110, 9), rng.uniform(-60, 60, 9)])
        corners = np.cumsum(strides, axis=0) + np.array([-60.0, rng.uniform(100, 600)])
        line = shapely.LineString(corners[:, :: int(rng.choice([-1, 1]))])
        metres = 9.0 + 10 * int(rng.integers(45, 48))
        lon, lat = to_degrees(*np.array(substring(line, 0.0, metres).coords).T)
        cells = {"route": f"R{nth}", "shift": shift, "workers": int(rng.integers(1, 4))}
        found.append(cells | {"line": np.column_stack([lon, lat]).tolist()})
    return found


def planned(lines: list[dict[str, Any]], directory: Path) -> Beats:
    features = [
        {
            "type": "Feature",
            "properties": {name: cell for name, cell in line.items() if name != "line"},
            "geometry": {"type": "LineString", "coordinates": line["line"]},
        }
        for line in lines
    ]
    path = directory / "beats.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return read_beats([path]).planned(MONDAY)


def measured_beats(world: World, lines: list[dict[str, Any]]) -> Coverage:
    with tempfile.TemporaryDirectory() as directory:
        options = world.options | {"shifts": ()}
        return coverage(planned(lines, Path(directory)), world.stations, world.network, **options)


def timed_walks(steps: Steps) -> pd.DataFrame:
    """Return the fixes of all slots, each that of one worker."""
    moments = pd.to_datetime(steps.t_ms, unit="ms", utc=True)
    return pd.DataFrame(
        {
            "worker": [f"w{trip}" for trip in steps.trip.tolist()],
            "time": [moment.isoformat(timespec="milliseconds") for moment in moments],
            "lon": steps.lon,
            "lat": steps.lat,
        }
    )


def gap_rows(result: Coverage) -> list[tuple[Any, ...]]:
    """Return the gap lines as rows, sorted, each as often as people walk it."""
    gaps = gap_table(result)
    rows = gaps.loc[gaps.index.repeat(gaps["workers"])].drop(columns="workers")
    return sorted(rows.itertuples(index=False, name=None))


@HEAVY
@given(seeds)
def test_a_beat_is_the_timed_walk_of_each_slot(seed: int) -> None:
    world, lines = make_world(seed), [line | {"workers": 1} for line in make_lines(seed)]
    beat = measured_beats(world, lines)
    with tempfile.TemporaryDirectory() as directory:
        walks = pd.concat([timed_walks(part) for part in planned(lines, Path(directory)).parts()])
        path = write_walks(walks, Path(directory) / "walks.csv")
        with read_tracks([path]) as tracks:
            options = world.options | {"shifts": SHIFTS}
            walked = coverage(tracks, world.stations, world.network, **options)
    assert whole_of(beat) == whole_of(walked)
    tallies = beat.tally, walked.tally
    for name in SUMS:
        assert (
            getattr(beat.tally.by_hour, name).tolist()
            == getattr(walked.tally.by_hour, name).tolist()
        )
        for mine, theirs in zip(*(tally.by_area for tally in tallies), strict=True):
            assert getattr(mine, name).tolist() == getattr(theirs, name).tolist()
    assert gap_rows(beat) == gap_rows(walked)
    pd.testing.assert_frame_equal(beat.station_table(), walked.station_table())
    one, two = beat.summary(), walked.summary()
    for name in (
        "nominal",
        "effective",
        "straight",
        "by_cause",
        "by_limit_min",
        "off_network_share",
    ):
        assert one[name] == two[name], name
    by_shift = {row["shift"]: row for row in two["by_shift"]}
    assert {row["shift"] for row in one["by_shift"]} == set(SHIFTS)
    for row in one["by_shift"]:
        assert row == by_shift[row["shift"]]


@HEAVY
@given(seeds)
def test_so_many_workers_are_so_many_beats(seed: int) -> None:
    world, lines = make_world(seed), make_lines(seed)
    as_one = measured_beats(world, lines)
    as_many = measured_beats(
        world, [line | {"workers": 1} for line in lines for _ in range(line["workers"])]
    )
    assert whole_of(as_one) == whole_of(as_many)
    one, many = as_one.summary(), as_many.summary()
    assert one["workers"] == many["workers"] == sum(line["workers"] for line in lines)
    assert (one["routes"], many["routes"]) == (len(lines), one["workers"])
    for name in ("nominal", "effective", "straight", "by_cause", "by_limit_min", "by_shift",
                 "by_area", "by_hour_of_week", "duration_min", "length_m"):  # fmt: skip
        assert one[name] == many[name], name
    pd.testing.assert_frame_equal(as_one.station_table(), as_many.station_table())
    assert gap_rows(as_one) == gap_rows(as_many)


@HEAVY
@given(seeds)
def test_a_beat_lasts_a_quarter_of_an_hour_in_each_slot_for_each_worker(seed: int) -> None:
    lines = make_lines(seed)
    result = measured_beats(make_world(seed), lines)
    whole = whole_of(result)
    walks = [SLOTS[line["shift"]] * line["workers"] for line in lines]
    assert sum(whole["ms"]) == SLOT_MS * sum(walks)
    metres = [GEOD.line_length(*np.transpose(line["line"])) for line in lines]
    share = sum(whole["mm"]) / (1000 * np.dot(walks, metres))
    assert 0.9 < share < 1.0 + 1e-6  # corners between two points are cut
    for table in groups_of(result):
        for name in SUMS:
            assert getattr(table, name).sum(axis=0).tolist() == whole[name]
    gaps = gap_table(result)
    assert gaps["duration_ms"] @ gaps["workers"] == sum(whole["effective_ms"][2:])
    assert gaps["length_mm"] @ gaps["workers"] == sum(whole["effective_mm"][2:])


@HEAVY
@given(seeds)
def test_the_order_of_lines_changes_nothing(seed: int) -> None:
    world, lines = make_world(seed), make_lines(seed)
    assert bits_of(measured_beats(world, lines[::-1])) == bits_of(measured_beats(world, lines))
