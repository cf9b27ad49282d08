"""Coverage on real tracks equals an independent, slower computation, fix by fix."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pytest
import shapely

from geo.coverage import Coverage, coverage
from geo.network import build_network
from geo.stations import read_stations
from geo.tracks import read_tracks
from tests.coverage.agree import (
    assert_same_gap_lines,
    assert_same_stations,
    assert_same_summary,
    assert_same_tally,
    route_numbers,
)
from tests.oracle import tracks as oracle_tracks
from tests.oracle.coverage import Layer, Measure, Seen, judge, look_around
from tests.oracle.figures import Run, days_of, station_table
from tests.oracle.network import read_network
from tests.oracle.stations import LOCAL, Conditions, stations_of
from tests.oracle.ways import Ways, ways_by_station
from tests.shared_data import SHARED, needs_shared_data

if TYPE_CHECKING:
    from pathlib import Path

    from geo.network import Network

HAIDIAN = SHARED / "beijing-haidian"
LIMITS_M = (300.0, 500.0, 1000.0)
SHIFTS = ("Mo-Fr 04:00-11:00", "Sa-Su 00:00-24:00")
AS_OF = dt.datetime(2008, 12, 1, 12, tzinfo=LOCAL)
CONDITIONS: Final = Conditions(
    AS_OF, locked=frozenset({"HD-n1757557685"}), needs=("toilet",), no_phone=True
)
OPTIONS: Final[dict[str, Any]] = {
    "as_of": AS_OF,
    "locked": CONDITIONS.locked,
    "needs": CONDITIONS.needs,
    "no_phone": True,
}

pytestmark = [needs_shared_data, pytest.mark.xdist_group("haidian")]


@dataclass(frozen=True)
class Walks:
    """A file of fixes, the oracle's steps of it, and their ways to the stations."""

    path: Path
    trips: oracle_tracks.Trips
    steps: list[oracle_tracks.Step]
    ways: list[Ways]


@dataclass(frozen=True)
class Both:
    """The same run by both."""

    theirs: Run
    ours: Coverage


@pytest.fixture(scope="module")
def network() -> Network:
    return build_network([HAIDIAN / "walk.osm.pbf"])


@pytest.fixture(scope="module")
def stations() -> gpd.GeoDataFrame:
    return read_stations(HAIDIAN / "stations_standin.csv")


@pytest.fixture(scope="module")
def walks(stations: gpd.GeoDataFrame) -> Walks:
    """Return the tracks as they are."""
    path = HAIDIAN / "tracks.csv.gz"
    return walks_of(path, oracle_tracks.read_fixes(path), stations)


@pytest.fixture(scope="module")
def shared_out(walks: Walks, tmp_path_factory: pytest.TempPathFactory) -> Walks:
    """Return the fixes of Thursday to Sunday, those of each weekday as another worker's."""
    stations = read_stations(HAIDIAN / "stations_standin.csv")
    fixes = [
        replace(fix, worker=f"{fix.time.astimezone(LOCAL):%a}")
        for fix in oracle_tracks.read_fixes(walks.path)
        if fix.time.astimezone(LOCAL).weekday() >= 3
    ]
    path = tmp_path_factory.mktemp("haidian") / "tracks.csv"
    rows = [f"{f.lonlat[1]!r},{f.lonlat[0]!r},{f.time:%Y-%m-%d %H:%M:%S},{f.worker}" for f in fixes]
    path.write_text("\n".join(["lat,lng,datetime,uid", *rows]), encoding="utf-8")
    return walks_of(path, fixes, stations)


def walks_of(path: Path, fixes: list[oracle_tracks.Fix], stations: gpd.GeoDataFrame) -> Walks:
    trips = oracle_tracks.make_trips(fixes)
    steps = trips.steps()
    network = read_network(HAIDIAN / "walk.osm.pbf")
    ways = ways_by_station(network, stations_of(stations), [step.first for step in steps])
    return Walks(path, trips, steps, ways)


def two_layers(network: Network) -> tuple[Layer, Layer]:
    """Return four quarters of the district, and two that overlap and leave much out."""
    west, south, east, north = network.bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    quarters = [
        ("西南", shapely.box(west - 1, south - 1, lon, lat)),
        ("东南", shapely.box(lon, south - 1, east + 1, lat)),
        ("西北", shapely.box(west - 1, lat, lon, north + 1)),
        ("东北", shapely.box(lon, lat, east + 1, north + 1)),
    ]
    round_ = [
        ("圆", shapely.Point(lon, lat).buffer((east - west) / 5)),
        ("角", shapely.Polygon([(west, south), (east, south), (lon, north)])),
    ]
    return quarters, round_


def frames(layers: tuple[Layer, ...]) -> list[gpd.GeoDataFrame]:
    return [
        gpd.GeoDataFrame(
            {"name": [name for name, _ in layer]},
            geometry=[shape for _, shape in layer],
            crs=4326,
        )
        for layer in layers
    ]


@pytest.fixture(scope="module")
def seen(walks: Walks, network: Network, stations: gpd.GeoDataFrame) -> list[Seen]:
    measure = Measure(layers=two_layers(network))
    return look_around(walks.steps, walks.ways, stations_of(stations), measure)


@pytest.fixture(scope="module", params=LIMITS_M)
def plain(
    request: pytest.FixtureRequest,
    walks: Walks,
    seen: list[Seen],
    network: Network,
    stations: gpd.GeoDataFrame,
) -> Both:
    """Return a run of the stations as they are at one limit."""
    measure = Measure(request.param, layers=two_layers(network), shifts=SHIFTS)
    judged = judge(seen, measure)
    ours, number = measured(walks, stations, network, measure)
    return Both(Run(judged, measure, stations_of(stations), number), ours)


@pytest.fixture(scope="module")
def strict(shared_out: Walks, network: Network, stations: gpd.GeoDataFrame) -> Both:
    """Return a run with locks, old dates, a need and no phone, on made-up cells."""
    frame = furnished(stations)
    measure = Measure(500.0, CONDITIONS, two_layers(network), SHIFTS)
    seen = look_around(shared_out.steps, shared_out.ways, stations_of(frame), measure)
    ours, number = measured(shared_out, frame, network, measure, **OPTIONS)
    return Both(Run(judge(seen, measure), measure, stations_of(frame), number), ours)


def measured(
    walks: Walks,
    stations: gpd.GeoDataFrame,
    network: Network,
    measure: Measure,
    **options: Any,  # noqa: ANN401 - passed on
) -> tuple[Coverage, dict[tuple[str, str], int]]:
    """Return the engine's answer, and what it calls the routes."""
    with read_tracks([walks.path], tz="UTC") as tracks:
        found = coverage(
            tracks,
            stations,
            network,
            limit_m=measure.limit_m,
            areas=frames(measure.layers),
            shifts=measure.shifts,
            **options,
        )
        return found, route_numbers(tracks.parts(), walks.steps)


def furnished(stations: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the stations with made-up dates, toilets, entries, self-service and closures."""
    cells: dict[str, tuple[str, ...]] = {
        "verified_on": ("2008-11-20", "2008-03-01", "", "2008-06-04"),
        "amenities": ("toilet", "toilet;seat", "seat", "toilet:broken", "toilet", "toilet"),
        "amenity_hours": ("", "toilet: Mo-Fr 10:00-12:00"),
        "entry_mode": ("open_door", "qr", "", "guard;qr", "open_door"),
        "self_entry_mode": ("", "", "qr"),
        "self_hours": ("", "", "20:00-08:00"),
        "needs_phone": ("", "", "", "no", "", "", "yes"),
        "status": (*("open",) * 6, "temporarily_closed"),
        "status_until": ("2008-12-01T12:00:00+08:00", "2008-12-01T12:00:01+08:00"),
    }
    found = stations.copy()
    for name, values in cells.items():
        found[name] = [values[row % len(values)] for row in range(len(found))]
    found.loc[found.index % 10 == 3, "hours"] = ""
    return found


def test_the_plain_figures_of_the_run(walks: Walks, plain: Both) -> None:
    summary = plain.ours.summary()
    trips = walks.trips
    workers = len({step.first.worker for step in walks.steps})
    assert summary["fixes"] == trips.read
    assert summary["dropped"]["impossible_speed"] == trips.impossible_speed
    assert summary["dropped"]["duplicate_time"] == trips.duplicate_time
    assert (summary["workers"], summary["routes"]) == (workers, workers)
    assert summary["days"] == days_of(plain.theirs.judged)
    assert summary["representative"] == (workers >= 5 and summary["duration_min"] >= 1200)
    assert summary["as_of"] is None


def test_all_integers_are_the_same(plain: Both) -> None:
    assert_same_tally(plain.ours, plain.theirs)


def test_every_figure_of_the_summary_is_the_same(plain: Both) -> None:
    assert_same_summary(plain.ours, plain.theirs)


def test_every_gap_line_is_the_same(plain: Both) -> None:
    assert_same_gap_lines(plain.ours, plain.theirs)


def test_the_station_table_is_the_same(plain: Both) -> None:
    assert_same_stations(plain.ours.station_table(), plain.theirs)


def test_all_integers_are_the_same_under_conditions(strict: Both) -> None:
    assert_same_tally(strict.ours, strict.theirs)


def test_every_figure_of_the_summary_is_the_same_under_conditions(strict: Both) -> None:
    assert_same_summary(strict.ours, strict.theirs)
    summary = strict.ours.summary()
    assert summary["as_of"] == AS_OF.isoformat()
    assert (summary["max_age_days"], summary["no_phone"]) == (180, True)
    assert list(summary["needs"]) == ["toilet"]


def test_every_gap_line_is_the_same_under_conditions(strict: Both) -> None:
    assert_same_gap_lines(strict.ours, strict.theirs)


def test_the_station_table_is_the_same_under_conditions(strict: Both) -> None:
    assert_same_stations(strict.ours.station_table(), strict.theirs)


def test_the_made_up_cells_bring_every_class_about(strict: Both) -> None:
    found = {one.effective for one in strict.theirs.judged}
    assert found == {"covered", "unknown", "unusable", "closed", "no_station", "off_network"}
    assert any(row["lost"].ms for row in station_table(strict.theirs).values())


def summary_of(walks: Walks, stations: gpd.GeoDataFrame, network: Network) -> dict[str, Any]:
    found, _ = measured(walks, stations, network, Measure(500.0))
    return found.summary()


def test_nothing_is_closed_where_all_are_always_open(
    walks: Walks, stations: gpd.GeoDataFrame, network: Network
) -> None:
    summary = summary_of(walks, stations.assign(hours="24/7"), network)
    for part in (summary, summary["nominal"], summary["effective"], summary["straight"]):
        assert part["by_cause"]["closed"] == {"min": 0, "m": 0}
        assert part["by_cause"]["no_station"]["min"] > 0


def test_without_stations_all_is_no_station_or_off_network(
    walks: Walks, stations: gpd.GeoDataFrame, network: Network
) -> None:
    summary = summary_of(walks, stations.iloc[:0], network)
    gaps = {name: part["min"] for name, part in summary["by_cause"].items() if part["min"]}
    assert set(gaps) == {"no_station", "off_network"}
    assert sum(gaps.values()) == pytest.approx(summary["duration_min"], abs=1e-9)
    assert summary["nominal"]["share_time"] == 0
