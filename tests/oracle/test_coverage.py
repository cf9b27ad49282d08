"""The oracle's classes and sums on the grid: a bank shut at night, a toilet, one of no hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracle import network
from tests.oracle.coverage import (
    CLASSES,
    Judged,
    Measure,
    Sight,
    add_up,
    effective_class,
    group_by,
    judge,
    look_around,
    nominal_class,
    whole,
)
from tests.oracle.figures import Run, by_limit_min
from tests.oracle.grid import GRID, at, fix
from tests.oracle.lines import find_gap_lines, in_order
from tests.oracle.stations import CELLS, Station
from tests.oracle.tracks import Fix, make_trips
from tests.oracle.ways import ways_by_graph, ways_by_station

if TYPE_CHECKING:
    from collections.abc import Sequence

BANK = "Mo-Fr 09:00-17:00; Sa,Su 09:30-15:30"
EVENING = 5 * 3600 - 10  # seconds after 12:00: 16:59:50


def station(code: str, place: tuple[float, float], hours: str, status: str = "open") -> Station:
    return Station(code, at(*place), dict.fromkeys(CELLS, "") | {"hours": hours, "status": status})


STATIONS = [
    station("bank", (0, 300), BANK),
    station("toilet", (1400, 0), "24/7"),
    station("nameless", (1200, -1000), ""),
    station("gone", (0, 0), "24/7", status="closed"),
]


@pytest.fixture(scope="module")
def grid() -> network.Network:
    return network.read_network(GRID)


def measured(
    grid: network.Network,
    fixes: Sequence[Fix],
    limit_m: float,
    stations: Sequence[Station] = STATIONS,
) -> list[Judged]:
    """Return the steps of hand-made fixes, judged at one limit."""
    steps = make_trips(fixes).steps()
    ways = ways_by_station(grid, stations, [step.first for step in steps])
    measure = Measure(limit_m)
    return judge(look_around(steps, ways, stations, measure), measure)


@pytest.mark.parametrize(
    ("place", "second", "expected"),
    [
        ((0, 200), 0, "covered"),  # 100 m to the bank
        ((0, 200), EVENING, "covered"),
        ((0, 200), EVENING + 10, "closed"),  # 17:00:00
        ((1300, 20), EVENING + 10, "covered"),  # 120 m to the toilet
        ((400, 0), 0, "no_station"),  # 700 m to the bank, 1000 m to the toilet
        ((1100, -1000), 0, "unknown"),
        ((0, -1000), 0, "no_station"),  # 1200 m
        ((-80, 200), 0, "covered"),  # off the network, 1.3 x 128 m
        ((-80, 200), EVENING + 10, "closed"),  # ... and 1 to 4 go before off_network
        ((800, 200), 0, "off_network"),
        ((190, 400), 0, "covered"),  # 290 m to the bank
        ((210, 400), 0, "no_station"),  # behind the gate: 190 + 600 + 100
    ],
)
def test_class_of_a_step(
    grid: network.Network, place: tuple[float, float], second: float, expected: str
) -> None:
    [found] = measured(grid, [fix(second, *place), fix(second + 10, *place)], 300)
    assert (found.nominal, found.effective) == (expected, expected)


def test_straight_distance_goes_through_the_gate(grid: network.Network) -> None:
    [found] = measured(grid, [fix(0, 210, 400), fix(10, 210, 400)], 300)
    assert found.straight == "covered"  # hypot(210, 100) = 233 m


def test_ways_by_station_are_those_by_graph(grid: network.Network) -> None:
    fixes = [fix(0, *place) for place in [(0, 200), (1300, 20), (-80, 200), (210, 400), (1, -999)]]
    both = zip(
        ways_by_station(grid, STATIONS, fixes), ways_by_graph(grid, STATIONS, fixes), strict=True
    )
    for one, other in both:
        assert one.off_network == other.off_network
        assert one.walk_m == pytest.approx(other.walk_m, abs=1e-6)


def seen(*of: tuple[str, bool | None]) -> list[Sight]:
    return [Sight(100.0, 100.0, state, usable) for state, usable in of]


@pytest.mark.parametrize(
    ("within", "nominal", "effective"),
    [
        ([("open", True), ("open", False)], "covered", "covered"),
        ([("open", None), ("open", False)], "covered", "unknown"),
        ([("open", False), ("unknown", True)], "covered", "unknown"),
        ([("open", False), ("closed", True)], "covered", "unusable"),
        ([("unknown", None)], "unknown", "unknown"),
        ([("unknown", False), ("closed", None)], "unknown", "unusable"),
        ([("closed", True), ("closed", False), ("closed", None)], "closed", "closed"),
        ([], "no_station", "no_station"),
    ],
)
def test_classes(within: list[tuple[str, bool | None]], nominal: str, effective: str) -> None:
    assert nominal_class(seen(*within), off_network=False) == nominal
    assert effective_class(seen(*within), off_network=False) == effective


def test_off_network_is_said_only_where_there_is_nothing() -> None:
    for classify in (nominal_class, effective_class):
        assert classify([], off_network=True) == "off_network"
        assert classify(seen(("closed", True)), off_network=True) == "closed"


def test_sums_gap_lines_and_hours_of_a_walk_to_the_long_edge(grid: network.Network) -> None:
    # 2 m/s from the corner at (0, 0) to (1400, 0), a fix every 50 s and 100 m; bank at 300 m,
    # toilet at 1400 m: covered up to x = 100 (400 m to the bank) and from x = 1000 (400 m)
    fixes = [fix(EVENING - 600 + x / 2, x) for x in range(0, 1401, 100)]
    found = measured(grid, fixes, 400.5)
    assert [one.nominal for one in found] == (
        ["covered"] * 2 + ["no_station"] * 8 + ["covered"] * 4
    )
    sums = add_up(found, "nominal")
    assert sums["covered"].ms == 6 * 50_000
    assert sums["no_station"].ms == 8 * 50_000
    assert sums["no_station"].mm == pytest.approx(800_000, abs=100)
    assert whole(sums).ms == 14 * 50_000
    [line] = find_gap_lines(found)
    assert (line.ms, line.start, line.end) == (8 * 50_000, fixes[2].time, fixes[10].time)
    # 16:49:50 + 600 s = 16:59:50; of the 14 steps, 13 start before 17:00 on the Wednesday
    hours = group_by(found, lambda one: one.hour)
    assert {hour: len(part) for hour, part in hours.items()} == {2 * 24 + 16: 13, 2 * 24 + 17: 1}


def test_gap_line_is_cut_where_the_cause_changes(grid: network.Network) -> None:
    # the bank shuts at 17:00: covered, then closed; then 500 m away no station; 4.6 m/s
    places = [(EVENING, 200), (EVENING + 10, 210), (EVENING + 70, 0), (EVENING + 180, 0)]
    fixes = [fix(second, 0, north) for second, north in places]
    fixes.append(fix(EVENING + 200, 0, 210))
    fixes.append(fix(EVENING + 260, 0, 210))
    found = measured(grid, fixes, 200)
    assert [one.effective for one in found] == [
        *("covered", "closed", "no_station", "no_station", "closed")
    ]
    lines = find_gap_lines(found)
    assert [(line.cause, len(line.steps)) for line in lines] == [
        ("closed", 1),
        ("no_station", 2),
        ("closed", 1),
    ]
    assert in_order(lines)[0] == lines[1]


def test_by_limit_min_is_cumulative(grid: network.Network) -> None:
    # walks to the toilet at (1400, 0): 300 m, 600 m, 900 m, 1200 m, 1500 m, 10 s at each;
    # the limits are 333.3 m, 666.7 m, 1000 m and 1333.3 m
    places = [(1100, 0), (800, 0), (500, 0), (400, 200), (200, 300), (200, 300)]
    fixes = [fix(10 * n, *place) for n, place in enumerate(places)]
    found = measured(grid, fixes, 1000, [STATIONS[1]])
    shares = by_limit_min(Run(found, Measure(), [STATIONS[1]], {("w", ""): 1}))
    assert shares == {"5": 0.2, "10": 0.4, "15": 0.6, "20": 0.8, "over": 0.2}


def test_every_class_has_a_sum() -> None:
    assert set(add_up([], "effective")) == set(CLASSES)
