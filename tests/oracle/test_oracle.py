"""The oracle against a 3 x 3 grid of 200 m blocks whose distances a reader can add up."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from chinese_calendar import is_holiday, is_in_lieu
from pyproj import Geod
from shapely import Point

from tests.oracle import coverage, hours, network, tracks
from tests.shared_data import SHARED, needs_shared_data

if TYPE_CHECKING:
    from collections.abc import Sequence

GRID = Path(__file__).parents[1] / "data" / "grid3x3.osm"
HAIDIAN = SHARED / "beijing-haidian"
CM_10 = 0.1  # node positions are rounded to 1e-7 degrees, and meridians converge a little
GEOD = Geod(ellps="WGS84")
WEDNESDAY_NOON = datetime(2008, 11, 5, 4, 0, tzinfo=UTC)  # 12:00 in Beijing


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """Return (lon, lat) of a place given in metres from node 1 of the grid."""
    lon, lat, _ = GEOD.fwd(116.3, 40.0, 0 if north_m >= 0 else 180, abs(north_m))
    lon, lat, _ = GEOD.fwd(lon, lat, 90 if east_m >= 0 else 270, abs(east_m))
    return float(lon), float(lat)


@pytest.fixture(scope="module")
def grid() -> network.Network:
    """Return the hand-made network."""
    return network.read_network(GRID)


def walk_m(grid: network.Network, here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the walk between two places given in metres from node 1."""
    from_here = network.WalksFrom(grid, grid.snap(at(*here)))
    return from_here.walk_m(grid.snap(at(*there)))


# The network


def test_components_of_the_grid_add_up(grid: network.Network) -> None:
    blocks, long_edge, square = 12 * 200, 1000, 4 * 100
    expected = [blocks + long_edge + square, 1200, 300]
    assert grid.component_m == pytest.approx(expected, abs=CM_10)


def test_component_under_1_km_is_removed(grid: network.Network) -> None:
    assert grid.length_m == pytest.approx(3800 + 1200, abs=CM_10)
    assert (30, 0) not in grid.graph


def test_street_drawn_twice_counts_once(grid: network.Network) -> None:
    assert grid.repeats == 1
    assert len(grid.segments) == 12 + 1 + 4 + 1


def test_closed_gate_ends_each_street_in_its_own_dead_end(grid: network.Network) -> None:
    ends = {node for node in grid.graph if node[0] == 8}
    assert ends == {(8, 7), (8, 9), (8, 5)}
    assert all(grid.graph.degree(end) == 1 for end in ends)


def test_bollard_and_gate_with_foot_yes_let_a_walker_pass(grid: network.Network) -> None:
    assert grid.graph.degree((2, 0)) == 3
    assert grid.graph.degree((6, 0)) == 3


@pytest.mark.parametrize(
    ("tags", "walkable"),
    [
        ({"highway": "platform"}, True),
        ({"highway": "steps", "access": "customers"}, True),
        ({"highway": "primary", "motorroad": "yes"}, True),
        ({"highway": "path", "foot": "use_sidepath"}, True),
        ({"highway": "path", "foot": "use_sidepath", "access": "no"}, False),
        ({"highway": "path", "foot": "designated", "access": "private"}, True),
        ({"highway": "path", "foot": "private", "access": "yes"}, False),
        ({"highway": "motorway_link", "foot": "yes"}, False),
        ({"railway": "platform"}, False),
    ],
)
def test_walkable_by_tags(tags: dict[str, str], walkable: bool) -> None:  # noqa: FBT001 - a table
    assert network.is_walkable(tags) is walkable


# Walks


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        ((0, 0), (400, 0), 400),  # past the bollard
        ((400, 0), (0, 0), 400),
        ((0, 400), (400, 400), 200 + 400 + 200),  # round the gate by the middle street
        ((190, 400), (210, 400), 190 + 800 + 190),  # the two sides of the gate
        ((200, 390), (190, 400), 190 + 200 + 200 + 190),  # from the dead end of the south street
        ((0, 400), (-100, 500), 200),  # the square along its outline, not across
        ((0, 450), (-100, 450), 50 + 100 + 50),
        ((100, 10), (200, 130), 10 + 100 + 130),  # a connector of 10 m
        ((100, 10), (300, -20), 10 + 200 + 20),
        ((600, 10), (1100, -20), 10 + 500 + 20),  # both on the edge of 1,000 m
        ((600, 10), (600, -10), 20),
        ((600, 10), (400, 100), 10 + 200 + 100),
        ((0, -1000), (700, -1000), 700),  # the second component
    ],
)
def test_walk_adds_up(
    grid: network.Network, here: tuple[float, float], there: tuple[float, float], metres: float
) -> None:
    assert walk_m(grid, here, there) == pytest.approx(metres, abs=CM_10)


def test_no_way_between_two_components(grid: network.Network) -> None:
    assert math.isinf(walk_m(grid, (0, 0), (0, -1000)))


def test_walk_off_the_network_is_geodesic_and_30_percent(grid: network.Network) -> None:
    assert walk_m(grid, (-80, 200), (0, 200)) == pytest.approx(1.3 * 80, abs=CM_10)
    assert walk_m(grid, (0, 200), (-80, 200)) == pytest.approx(1.3 * 80, abs=CM_10)


def test_off_network_reaches_across_components(grid: network.Network) -> None:
    assert walk_m(grid, (0, -80), (0, -1000)) == pytest.approx(1.3 * 920, abs=CM_10)


def test_removed_component_does_not_catch_a_place(grid: network.Network) -> None:
    snap = grid.snap(at(150, -500))
    assert snap.off_network
    assert snap.connector_m == pytest.approx(500, abs=CM_10)


@pytest.mark.parametrize(("west_m", "off"), [(49.9, False), (50.1, True)])
def test_off_network_begins_beyond_50_m(
    grid: network.Network,
    west_m: float,
    off: bool,  # noqa: FBT001 - a table
) -> None:
    assert grid.snap(at(-west_m, 200)).off_network is off


# Tracks


def fix(second: float, east_m: float, north_m: float = 0, worker: str = "w") -> tracks.Fix:
    """Return a fix on the grid, seconds after noon of a Wednesday."""
    return tracks.Fix(worker, WEDNESDAY_NOON + timedelta(seconds=second), at(east_m, north_m))


def trip_times(trips: tracks.Trips) -> list[list[float]]:
    """Return the seconds of each fix of each trip."""
    return [[(f.time - WEDNESDAY_NOON).total_seconds() for f in trip] for trip in trips.trips]


def test_hole_of_20_min_stays_and_longer_ends_a_trip() -> None:
    trips = tracks.make_trips([fix(0, 0), fix(1200, 0), fix(2400, 0), fix(3601, 0)])
    assert trip_times(trips) == [[0, 1200, 2400], [3601]]


def test_fix_faster_than_120_kmh_is_dropped_and_measured_from_the_last_good() -> None:
    # 120 km/h is 33.3 m/s: 340 m in 10 s is too fast, the next (600 m in 20 s) is not
    trips = tracks.make_trips([fix(0, 0), fix(10, 340), fix(20, 600)])
    assert trip_times(trips) == [[0, 20]]
    assert trips.impossible_speed == 1


def test_hole_is_measured_between_good_fixes() -> None:
    # the fix at 1190 s is 50 km away: dropped, so the hole is 1210 s
    trips = tracks.make_trips([fix(0, 0), fix(1190, 50_000), fix(1210, 0)])
    assert trip_times(trips) == [[0], [1210]]


def test_impossible_speed_counts_across_a_hole() -> None:
    trips = tracks.make_trips([fix(0, 0), fix(1500, 60_000), fix(1510, 0)])
    assert trip_times(trips) == [[0], [1510]]


def test_first_of_equal_times_counts_per_worker() -> None:
    fixes = [fix(5, 1), fix(0, 0), fix(5, 2), fix(5, 3, worker="x")]
    trips = tracks.make_trips(fixes)
    assert trips.duplicate_time == 1
    assert [[f.lonlat for f in trip] for trip in trips.trips] == [[at(0, 0), at(1, 0)], [at(3, 0)]]


@pytest.mark.parametrize(("metres", "length_mm"), [(2.9, 0), (3.1, 3100)])
def test_step_slower_than_30_cm_a_second_has_no_length(metres: float, length_mm: int) -> None:
    (step,) = tracks.make_trips([fix(0, 0), fix(10, metres)]).steps()
    assert (step.duration_ms, step.length_mm) == (10_000, length_mm)


def test_csv_is_read_as_utc(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("lat,lng,datetime,uid\n40.0,116.3,2008-11-05 04:00:00,w\n", encoding="utf-8")
    assert tracks.read_fixes(file) == [tracks.Fix("w", WEDNESDAY_NOON, (116.3, 40.0))]


# Hours

BANK = "Mo-Fr 09:00-17:00; Sa,Su 09:30-15:30"
POST = "Mo-Fr 08:30-17:30; Sa 09:00-16:00; PH off"
LIBRARY = "Mo-Su 08:00-22:00"


@pytest.mark.parametrize(
    ("text", "local", "expected"),
    [
        ("24/7", "2008-11-05 03:00", "open"),
        ("", "2008-11-05 12:00", "unknown"),
        (BANK, "2008-11-07 08:59:59", "closed"),
        (BANK, "2008-11-07 09:00", "open"),
        (BANK, "2008-11-07 17:00", "closed"),
        (BANK, "2008-11-08 09:29:59", "closed"),
        (BANK, "2008-11-09 15:29:59", "open"),
        (BANK, "2008-11-09 15:30", "closed"),
        (POST, "2008-11-07 08:30", "open"),
        (POST, "2008-11-08 08:30", "closed"),
        (POST, "2008-11-08 15:59", "open"),
        (POST, "2008-11-09 12:00", "closed"),
        (LIBRARY, "2008-11-09 21:59", "open"),
        (LIBRARY, "2008-11-09 22:00", "closed"),
    ],
)
def test_state_on_the_stations_clock(text: str, local: str, expected: str) -> None:
    moment = datetime.fromisoformat(local).replace(tzinfo=hours.LOCAL)
    assert hours.state(text, moment.astimezone(UTC)) == expected


def test_hour_of_week_is_local() -> None:
    assert hours.hour_of_week(datetime(2008, 11, 2, 16, 0, tzinfo=UTC)) == 0  # Monday 00:00
    assert hours.hour_of_week(datetime(2008, 11, 2, 15, 59, tzinfo=UTC)) == 167


def test_plain_periods_hold_no_holiday_and_no_worked_weekend() -> None:
    for first, last in hours.PLAIN_PERIODS:
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            assert is_holiday(day) == (day.weekday() >= hours.SATURDAY), day
            assert not is_in_lieu(day), day


def test_refuses_days_outside_the_plain_periods() -> None:
    assert not any(a <= date(2008, 10, 1) <= b for a, b in hours.PLAIN_PERIODS)
    with pytest.raises(ValueError, match="outside the plain periods"):
        hours.state(BANK, datetime(2008, 10, 1, 4, tzinfo=UTC))


@needs_shared_data
def test_oracle_knows_all_hours_of_the_stand_ins() -> None:
    for station in coverage.read_stations(HAIDIAN / "stations_standin.csv"):
        assert hours.state(station.hours, WEDNESDAY_NOON) in {"open", "closed"}


# Coverage: bank 300 m up the first column, shut at night; the rest open or not known

STATIONS = [
    coverage.Station("bank", at(0, 300), BANK),
    coverage.Station("toilet", at(1400, 0), "24/7"),
    coverage.Station("nameless", at(1200, -1000), ""),
    coverage.Station("gone", at(0, 0), "24/7", status="closed"),
]
EVENING = 5 * 3600 - 10  # seconds after 12:00: 16:59:50


def measure_grid(
    grid: network.Network,
    fixes: Sequence[tracks.Fix],
    limit_m: float,
    stations: Sequence[coverage.Station] = STATIONS,
) -> coverage.Coverage:
    """Return coverage of hand-made fixes at one limit."""
    return coverage.measure(grid, stations, tracks.make_trips(fixes).steps(), [limit_m])


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
    answer = measure_grid(grid, [fix(second, *place), fix(second + 10, *place)], 300)
    assert answer.walk[300].classes == [expected]


def test_straight_distance_goes_through_the_gate(grid: network.Network) -> None:
    answer = measure_grid(grid, [fix(0, 210, 400), fix(10, 210, 400)], 300)
    assert answer.straight[300].classes == ["covered"]  # hypot(210, 100) = 233 m


def test_walk_of_exactly_the_limit_is_covered() -> None:
    steps = tracks.make_trips([fix(0, 0), fix(10, 0)]).steps()
    sights = [coverage.Sight(off_network=False, walk_m={"toilet": 300.0}, straight_m={})]
    classes = coverage.classify(steps, [sights[0].walk_m], sights, STATIONS, 300.0)
    assert classes == ["covered"]


def test_sums_gap_lines_and_hours_of_a_walk_to_the_long_edge(grid: network.Network) -> None:
    # 2 m/s from the corner at (0, 0) to (1400, 0), a fix every 50 s and 100 m; bank at 300 m,
    # toilet at 1400 m: covered up to x = 100 (400 m to the bank) and from x = 1000 (400 m)
    fixes = [fix(EVENING - 600 + x / 2, x) for x in range(0, 1401, 100)]
    answer = measure_grid(grid, fixes, 400.5)
    found = answer.walk[400.5]
    assert found.classes == ["covered"] * 2 + ["no_station"] * 8 + ["covered"] * 4
    assert found.by_class["covered"].ms == 6 * 50_000
    assert found.by_class["no_station"].ms == 8 * 50_000
    assert found.by_class["no_station"].mm == pytest.approx(800_000, abs=100)
    assert answer.total.ms == 14 * 50_000
    (line,) = found.gap_lines
    assert (line.ms, line.start) == (8 * 50_000, fixes[2].time)
    assert found.longest_gap == line
    # 16:49:50 + 600 s = 16:59:50; of the 14 steps, 13 start before 17:00 on the Wednesday
    in_hours = {hour: sum(s.ms for s in sums.values()) for hour, sums in found.by_hour.items()}
    assert in_hours == {2 * 24 + 16: 13 * 50_000, 2 * 24 + 17: 50_000}


def test_gap_line_is_cut_where_the_cause_changes(grid: network.Network) -> None:
    # the bank shuts at 17:00: covered, then closed; then 500 m away no station; 4.6 m/s
    places = [(EVENING, 200), (EVENING + 10, 210), (EVENING + 70, 0), (EVENING + 180, 0)]
    fixes = [fix(second, 0, north) for second, north in places]
    fixes.append(fix(EVENING + 200, 0, 210))
    fixes.append(fix(EVENING + 260, 0, 210))
    answer = measure_grid(grid, fixes, 200).walk[200]
    assert answer.classes == ["covered", "closed", "no_station", "no_station", "closed"]
    assert [(g.cause, len(g.steps)) for g in answer.gap_lines] == [
        ("closed", 1),
        ("no_station", 2),
        ("closed", 1),
    ]
    assert answer.longest_gap == answer.gap_lines[1]


def test_by_limit_min_is_cumulative(grid: network.Network) -> None:
    # walks to the toilet at (1400, 0): 300 m, 600 m, 900 m, 1200 m, 1500 m, 10 s at each;
    # the limits are 333.3 m, 666.7 m, 1000 m and 1333.3 m
    places = [(1100, 0), (800, 0), (500, 0), (400, 200), (200, 300), (200, 300)]
    fixes = [fix(10 * n, *place) for n, place in enumerate(places)]
    toilet = [STATIONS[1]]
    answer = measure_grid(grid, fixes, 1000, toilet)
    assert answer.by_limit_min_ms == {
        "5": 10_000,
        "10": 20_000,
        "15": 30_000,
        "20": 40_000,
        "over": 10_000,
    }


# The real district: the shortcuts taken against the long way round


@pytest.fixture(scope="module")
def haidian() -> network.Network:
    """Return the real network."""
    return network.read_network(HAIDIAN / "walk.osm.pbf")


@pytest.fixture(scope="module")
def some_fixes() -> list[tracks.Fix]:
    """Return every 300th real fix."""
    return tracks.read_fixes(HAIDIAN / "tracks.csv.gz")[::300]


def walk_by_splitting_m(net: network.Network, here: network.Snap, there: network.Snap) -> float:
    """Return the way alone after literally putting both places into the graph as nodes."""
    graph = net.graph.copy()
    on_segment: dict[int, list[tuple[float, str]]] = {}
    for name, snap in (("here", here), ("there", there)):
        on_segment.setdefault(snap.segment, []).append((snap.fraction, name))
    for number, places in on_segment.items():
        segment = net.segments[number]
        graph.remove_edge(segment.a, segment.b)
        stops = [(0.0, segment.a), *sorted(places), (1.0, segment.b)]
        for (f, a), (g, b) in pairwise(stops):
            graph.add_edge(a, b, metres=(g - f) * segment.length_m)
    return float(nx.dijkstra_path_length(graph, "here", "there", weight="metres"))


@needs_shared_data
def test_walks_equal_dijkstra_on_the_split_graph(
    haidian: network.Network, some_fixes: list[tracks.Fix]
) -> None:
    stations = coverage.read_stations(HAIDIAN / "stations_standin.csv")
    for station in map(haidian.snap, [s.lonlat for s in stations[::4]]):
        walks = network.WalksFrom(haidian, station)
        for here in map(haidian.snap, [f.lonlat for f in some_fixes[::4]]):
            if here.off_network:
                continue
            way_m = walks.walk_m(here) - station.connector_m - here.connector_m
            assert way_m == pytest.approx(walk_by_splitting_m(haidian, station, here), abs=1e-6)


@needs_shared_data
def test_snap_is_the_least_of_all_segments(
    haidian: network.Network, some_fixes: list[tracks.Fix]
) -> None:
    for one in some_fixes[::5]:
        place = Point(haidian.to_xy(one.lonlat))
        least = min(place.distance(line) for line in haidian.lines)
        assert haidian.snap(one.lonlat).connector_m == pytest.approx(least, abs=1e-3)


@needs_shared_data
def test_walk_is_never_shorter_than_the_geodesic_and_classes_add_up(
    haidian: network.Network,
) -> None:
    fixes = tracks.read_fixes(HAIDIAN / "tracks.csv.gz")[:1500]
    stations = coverage.read_stations(HAIDIAN / "stations_standin.csv")
    steps = tracks.make_trips(fixes).steps()
    answer = coverage.measure(haidian, stations, steps, [300.0, 1000.0])
    for sight in answer.sights:
        for code, metres in sight.walk_m.items():
            assert metres >= sight.straight_m[code] - 0.01
    for found in (*answer.walk.values(), *answer.straight.values()):
        assert sum(s.ms for s in found.by_class.values()) == answer.total.ms
        assert sum(s.mm for s in found.by_class.values()) == answer.total.mm
        gap_ms = sum(found.by_class[cause].ms for cause in coverage.GAPS)
        assert sum(line.ms for line in found.gap_lines) == gap_ms
