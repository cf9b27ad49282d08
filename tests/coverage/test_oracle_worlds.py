"""Coverage of small made-up worlds equals an independent brute force in every integer and row."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import assume, example, given, reject
from hypothesis import strategies as st

from geo.coverage import Drawing, coverage
from geo.tracks import read_beats, read_tracks
from tests.coverage.agree import (
    assert_same_gap_lines,
    assert_same_stations,
    assert_same_stretches,
    assert_same_summary,
    assert_same_tally,
    route_numbers,
)
from tests.coverage.worlds import (
    SHIFTS,
    answer,
    fixes_of,
    random_beats,
    random_world,
    walks_in,
    with_shifts,
    write_beats,
)
from tests.effort import HEAVY
from tests.oracle import tracks as oracle_tracks
from tests.oracle.beats import walk
from tests.walks import write_walks

if TYPE_CHECKING:
    from geo.coverage import Coverage
    from tests.oracle.figures import Run

MONDAY = dt.date(2026, 3, 2)
seeds = st.integers(0, 100_000)


def drawing_of(seed: int) -> Drawing | None:
    """Return how to draw, or every other time not to: then walks of gaps alone are looked for."""
    return Drawing() if seed % 2 else None


def assert_same(result: Coverage, run: Run) -> None:
    assert_same_tally(result, run)
    assert_same_summary(result, run)
    assert_same_gap_lines(result, run)
    assert_same_stations(result.station_table(), run)


@HEAVY
@given(seeds)
@example(21)  # most were never verified, but a worker has been in
def test_walks_equal_the_brute_force(seed: int) -> None:
    world = random_world(seed)
    world = with_shifts(world, SHIFTS[: seed % 4])
    table = walks_in(world, seed)
    steps = oracle_tracks.make_trips(fixes_of(table)).steps()
    assume(steps)
    with tempfile.TemporaryDirectory() as directory:
        path = write_walks(table, Path(directory) / "walks.csv")
        with read_tracks([path]) as tracks:
            run = answer(world, steps, route_numbers(tracks.parts(), steps)) or reject()
            options = world.options | {"shifts": world.measure.shifts, "drawing": drawing_of(seed)}
            result = coverage(tracks, world.stations, world.network, **options)
    assert_same(result, run)
    if result.stretches:
        assert_same_stretches(result, run, are_all=False)


@HEAVY
@given(seeds)
@example(315)  # two pieces of a joined gap take equally long
def test_beats_equal_the_brute_force(seed: int) -> None:
    world = random_world(seed)
    beats = random_beats(world, seed)
    steps = [step for step in walk(beats, MONDAY) if step.workers]
    assume(steps)
    walked = [beat.name for beat in beats if beat.workers]  # the others count nothing
    numbers = {(name, ""): number for number, name in enumerate(walked, start=1)}
    run = answer(world, steps, numbers) or reject()
    with tempfile.TemporaryDirectory() as directory:
        path = write_beats(beats, Path(directory) / "beats.geojson")
        with read_beats([path]).planned(MONDAY) as planned:
            options = world.options | {"drawing": drawing_of(seed)}
            result = coverage(planned, world.stations, world.network, **options)
    assert_same(result, run)
    if result.stretches:
        assert_same_stretches(result, run, are_all=True)
    summary = result.summary()
    assert summary["workers"] == sum(beat.workers for beat in beats)
    assert summary["routes"] == len(walked)


def test_worlds_bring_every_class_about() -> None:
    found: set[str] = set()
    for seed in range(4):
        world = random_world(seed)
        steps = oracle_tracks.make_trips(fixes_of(walks_in(world, seed))).steps()
        run = answer(world, steps, {})
        found |= {one.effective for one in run.judged} if run else set()
    assert found == {"covered", "unknown", "unusable", "closed", "no_station", "off_network"}
