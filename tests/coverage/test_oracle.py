"""Coverage on real tracks equals an independent, slower computation, fix by fix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from geo.coverage import Coverage, coverage
from geo.network import build_network
from geo.stations import read_stations
from geo.tracks import read_tracks
from tests.oracle import coverage as oracle
from tests.oracle import network as oracle_network
from tests.oracle import tracks as oracle_tracks
from tests.shared_data import SHARED, needs_shared_data

if TYPE_CHECKING:
    from datetime import datetime

HAIDIAN = SHARED / "beijing-haidian"
LIMITS_M = (300.0, 500.0, 1000.0)
CLASSES = ("covered", "unknown", "unusable", "closed", "no_station", "off_network")

pytestmark = [needs_shared_data, pytest.mark.xdist_group("haidian")]


@dataclass(frozen=True)
class Both:
    """The same run by both: the oracle's answer, and ours by limit."""

    theirs: oracle.Coverage
    ours: dict[float, Coverage]


@pytest.fixture(scope="module")
def both() -> Both:
    trips = oracle_tracks.make_trips(oracle_tracks.read_fixes(HAIDIAN / "tracks.csv.gz"))
    stations = HAIDIAN / "stations_standin.csv"
    theirs = oracle.measure(
        oracle_network.read_network(HAIDIAN / "walk.osm.pbf"),
        oracle.read_stations(stations),
        trips.steps(),
        list(LIMITS_M),
    )
    network = build_network([HAIDIAN / "walk.osm.pbf"])
    frame = read_stations(stations)
    with read_tracks([HAIDIAN / "tracks.csv.gz"], tz="UTC") as tracks:
        ours = {limit: coverage(tracks, frame, network, limit_m=limit) for limit in LIMITS_M}
        assert tracks.dropped["impossible_speed"] == trips.impossible_speed
        assert tracks.dropped["duplicate_time"] == trips.duplicate_time
    return Both(theirs, ours)


def as_sums(table: object) -> dict[str, tuple[int, int]]:
    """Return ms and mm by class of the one group of a table."""
    ms, mm = table.ms[0].tolist(), table.mm[0].tolist()  # type: ignore[attr-defined]  # Table
    return {name: (ms[place], mm[place]) for place, name in enumerate(CLASSES) if ms[place]}


def oracle_sums(by_class: dict[str, oracle.Sum]) -> dict[str, tuple[int, int]]:
    return {name: (part.ms, part.mm) for name, part in by_class.items() if part.ms}


@pytest.mark.parametrize("limit_m", LIMITS_M)
def test_every_class_has_the_same_milliseconds_and_millimetres(both: Both, limit_m: float) -> None:
    expected = oracle_sums(both.theirs.walk[limit_m].by_class)
    assert as_sums(both.ours[limit_m].tally.total) == expected


@pytest.mark.parametrize("limit_m", LIMITS_M)
def test_straight_figures_are_the_same(both: Both, limit_m: float) -> None:
    expected = oracle_sums(both.theirs.straight[limit_m].by_class)
    assert as_sums(both.ours[limit_m].tally.straight) == expected


@pytest.mark.parametrize("limit_m", LIMITS_M)
def test_shares_agree_to_1e_9(both: Both, limit_m: float) -> None:
    by_class, total = both.theirs.walk[limit_m].by_class, both.theirs.total
    nominal = both.ours[limit_m].summary()["nominal"]
    assert nominal["share_time"] == pytest.approx(by_class["covered"].ms / total.ms, abs=1e-9)
    assert nominal["share_length"] == pytest.approx(by_class["covered"].mm / total.mm, abs=1e-9)


@pytest.mark.parametrize("limit_m", LIMITS_M)
def test_every_hour_of_the_week_is_the_same(both: Both, limit_m: float) -> None:
    expected = both.theirs.walk[limit_m].by_hour
    ours = both.ours[limit_m].summary()["by_hour_of_week"]
    assert {hour for hour, figures in enumerate(ours) if figures} == set(expected)
    for hour, by_class in expected.items():
        total = sum(part.ms for part in by_class.values())
        covered = by_class.get("covered", oracle.Sum()).ms
        assert ours[hour]["demand_min"] == pytest.approx(total / 60_000, abs=1e-9)
        assert ours[hour]["nominal_share"] == pytest.approx(covered / total, abs=1e-9)


def test_limits_in_minutes_are_the_same(both: Both) -> None:
    expected = both.theirs.by_limit_min_ms
    ours = both.ours[1000.0].summary()["by_limit_min"]
    total = both.theirs.total.ms
    for name, share in ours.items():
        assert share == pytest.approx(expected[name] / total, abs=1e-9)


@pytest.mark.parametrize("limit_m", LIMITS_M)
def test_gap_lines_are_the_same(both: Both, limit_m: float) -> None:
    theirs = both.theirs.walk[limit_m].gap_lines
    gaps = both.ours[limit_m].gaps
    expected = sorted((epoch_ms(line.start), line.ms, line.mm, line.cause) for line in theirs)
    ours = sorted(
        (int(start), int(ms), int(mm), CLASSES[cause])
        for start, ms, mm, cause in zip(
            gaps.start_ms, gaps.duration_ms, gaps.length_mm, gaps.found, strict=True
        )
    )
    assert ours == expected


@pytest.mark.parametrize("limit_m", LIMITS_M)
def test_the_longest_gap_is_the_same(both: Both, limit_m: float) -> None:
    theirs = both.theirs.walk[limit_m].longest_gap
    ours = both.ours[limit_m].summary()["longest_gap"]
    assert theirs is not None
    assert ours["min"] == pytest.approx(theirs.ms / 60_000, abs=1e-9)
    assert ours["m"] == pytest.approx(theirs.mm / 1000, abs=1e-9)


def epoch_ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
