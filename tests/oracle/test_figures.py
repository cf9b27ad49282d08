"""The oracle's figures of a walk along a street of 2 km that a reader can add up.

A fix every 100 m and 50 s from south to north, 20 steps; 08:00 is reached at 1000 m. Within 300 m
are: the shed at 500 m (always open, locked) from 200 to 800 m, the bank at 1000 m (08:00-20:00, no
toilet) from 700 to 1300 m, the shop at 1500 m (hours not known) from 1200 to 1800 m.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import shapely

from tests.oracle.coverage import Measure, Sum, judge, look_around
from tests.oracle.figures import Run, days_of, gap_row, station_table, summary
from tests.oracle.grid import at
from tests.oracle.lines import find_gap_lines
from tests.oracle.network import Network, Segment, geodesic_m
from tests.oracle.stations import CELLS, LOCAL, Conditions, Station
from tests.oracle.tracks import Fix, make_trips
from tests.oracle.ways import ways_by_graph

STEP_MS = 50_000
EIGHT = datetime(2026, 3, 4, 8, tzinfo=LOCAL)  # a Wednesday
ENDS = at(0, 0), at(0, 2000)
STREET = Network([Segment((1, 0), (2, 0), *ENDS, geodesic_m(*ENDS))])
FIXES = [
    Fix("w", EIGHT + timedelta(milliseconds=STEP_MS * n), at(0, 1000 + 100 * n))
    for n in range(-10, 11)
]
AREAS = (
    [("south", shapely.box(116.2, 39.9, 116.4, at(0, 950)[1]))],
    [
        ("all", shapely.box(116.2, 39.9, 116.4, 40.1)),
        ("never", shapely.box(116.2, 39.9, 116.4, 40.1)),
    ],
)
SHIFTS = ("We 08:00-12:00", "Mo-Su 07:00-08:05")


def station(code: str, north_m: float, **cells: str) -> Station:
    return Station(code, at(0, north_m), dict.fromkeys(CELLS, "") | {"status": "open"} | cells)


STATIONS = [
    station("shed", 500, hours="24/7", amenities="toilet"),
    station("bank", 1000, hours="08:00-20:00", amenities="toilet:no", verified_on="2026-01-01"),
    station("shop", 1500),
]
CONDITIONS = Conditions(locked=frozenset({"shed"}), needs=("toilet",))


@pytest.fixture(scope="module")
def run() -> Run:
    steps = make_trips(FIXES).steps()
    ways = ways_by_graph(STREET, STATIONS, [step.first for step in steps])
    measure = Measure(300.5, CONDITIONS, AREAS, SHIFTS)
    judged = judge(look_around(steps, ways, STATIONS, measure), measure)
    return Run(judged, measure, STATIONS, {("w", ""): 7})


def steps_of(figures: dict[str, dict[str, float]]) -> dict[str, float]:
    """Return causes with their steps instead of minutes; each step has 100 m."""
    for part in figures.values():
        assert part["m"] == pytest.approx(part["min"] * 120, abs=0.01)
    return {name: round(part["min"] * 60_000 / STEP_MS, 9) for name, part in figures.items()}


def test_classes_along_the_street(run: Run) -> None:
    nominal = ["no_station"] * 2 + ["covered"] * 7 + ["closed"] + ["covered"] * 4
    nominal += ["unknown"] * 5 + ["no_station"]
    effective = ["no_station"] * 2 + ["unusable"] * 7 + ["closed"] + ["unusable"] * 2
    effective += ["unknown"] * 7 + ["no_station"]
    assert [one.nominal for one in run.judged] == nominal
    assert [one.straight for one in run.judged] == nominal
    assert [one.effective for one in run.judged] == effective


def test_the_whole(run: Run) -> None:
    found = summary(run)
    assert found["duration_min"] == 20 * STEP_MS / 60_000
    assert found["length_m"] == pytest.approx(2000, abs=0.01)
    assert found["nominal"]["share_time"] == 11 / 20
    assert found["nominal"]["unknown_share_time"] == 5 / 20
    assert found["effective"]["share_time"] == 0
    assert found["effective"]["unknown_share_length"] == pytest.approx(7 / 20, abs=1e-5)
    assert found["never_verified_share"] == 2 / 3
    assert not found["effective_meaningful"]
    assert found["off_network_share"] == 0
    assert steps_of(found["nominal"]["by_cause"]) == {
        "unusable": 0,
        "closed": 1,
        "no_station": 3,
        "off_network": 0,
    }
    assert steps_of(found["by_cause"]) == {
        "unusable": 9,
        "closed": 1,
        "no_station": 3,
        "off_network": 0,
    }
    assert days_of(run.judged) == 1


def test_limits_in_minutes(run: Run) -> None:
    # 333 m: as 300 m; 667 m: the shed to 1100 m, the bank from 1000 m (when it opens) to 1600 m
    expected = {"5": 11 / 20, "10": 17 / 20, "15": 1.0, "20": 1.0, "over": 0.0}
    assert summary(run)["by_limit_min"] == expected


def test_hours_areas_routes_and_shifts(run: Run) -> None:
    found = summary(run)
    hours = {hour: row for hour, row in enumerate(found["by_hour_of_week"]) if row}
    assert set(hours) == {2 * 24 + 7, 2 * 24 + 8}
    assert hours[2 * 24 + 7]["nominal_share"] == 7 / 10
    assert hours[2 * 24 + 8]["effective_unknown_share"] == 7 / 10
    areas = [(row["layer"], row["area"], row["nominal_share"]) for row in found["by_area"]]
    assert areas == [(1, "south", 7 / 10), (1, None, 4 / 10), (2, "all", 11 / 20)]
    assert [(row["route"], row["unknown_share"]) for row in found["by_route"]] == [(7, 5 / 20)]
    # the second shift ends at 08:05, but from 08:00 on the first one counts
    shifts = [(row["shift"], row["nominal_share"]) for row in found["by_shift"]]
    assert shifts == [(SHIFTS[0], 4 / 10), (SHIFTS[1], 7 / 10)]


def test_gap_lines(run: Run) -> None:
    rows = [gap_row(run, line) for line in find_gap_lines(run.judged)]
    steps = [round(row["duration_min"] * 60_000 / STEP_MS) for row in rows]
    # cut at 1000 m: by cause, and by the area that ends at 950 m
    assert [(row["cause"], row["area"], n) for row, n in zip(rows, steps, strict=True)] == [
        ("no_station", "south", 2),
        ("unusable", "south", 7),
        ("closed", "south", 1),
        ("unusable", None, 2),
        ("no_station", None, 1),
    ]
    assert rows[2]["nearest"] == {"bank": ("08:00-20:00", [STEP_MS / 60_000])}  # a step too early
    assert rows[0]["nearest"] == {"shed": ("24/7", [None])}
    assert rows[0]["worst_walk_m"] == float("inf")  # nothing is known open and usable
    assert rows[1]["start"] == EIGHT - timedelta(milliseconds=8 * STEP_MS)
    assert rows[1]["end"] == EIGHT - timedelta(milliseconds=STEP_MS)


def test_worst_gaps_join_what_is_near(run: Run) -> None:
    first, second = summary(run)["worst_gaps"]
    assert (first["pieces"], first["cause"], first["area"]) == (4, "unusable", "south")
    assert first["duration_min"] == 12 * STEP_MS / 60_000
    assert first["end"] == EIGHT + timedelta(milliseconds=2 * STEP_MS)
    assert (second["pieces"], second["cause"]) == (1, "no_station")
    longest = summary(run)["longest_gap"]
    assert (longest["route"], longest["min"]) == (7, 7 * STEP_MS / 60_000)


def test_station_table(run: Run) -> None:
    found = station_table(run)
    served = {
        code: {name: part.ms // STEP_MS for name, part in row.items() if part != Sum()}
        for code, row in found.items()
    }
    assert served == {
        "shed": {"nominal_alone": 7, "lost": 7, "reach": 7},
        "bank": {"nominal_alone": 4, "lost": 4, "reach": 7},
        "shop": {"reach": 7},
    }
    assert found["shed"]["reach"].mm == pytest.approx(700_000, abs=10)
