"""What the demo must show of coverage: shut doors at five; locked and unverified ones, by name."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import geopandas as gpd
import pytest

from geo.areas import read_areas
from geo.coverage import Coverage, coverage
from geo.hours import Timetable, state_at
from geo.network import Network, build_network
from geo.stations import load_stations
from geo.stations.evidence import Report, find_locked
from geo.tracks import read_beats, read_tracks
from geo.zones import LOCAL_ZONE

if TYPE_CHECKING:
    import pandas as pd

DEMO: Final = Path(__file__).resolve().parents[2] / "data" / "demo"
ZONE: Final = ZoneInfo(LOCAL_ZONE)
MADE_AT: Final = dt.datetime(2026, 11, 1, 8, tzinfo=ZONE)
FIVE, FOURTEEN = 5, 14  # hours of the day
WORKDAYS: Final = range(5)
COVERED: Final = 0


@cache
def network() -> Network:
    return build_network([DEMO / "district.osm.pbf"])


@cache
def stations() -> gpd.GeoDataFrame:
    return load_stations(DEMO / "stations.csv").stations


@cache
def subdistricts() -> gpd.GeoDataFrame:
    return read_areas(DEMO / "areas_subdistrict.geojson", level="subdistrict").frame


@cache
def locked() -> frozenset[str]:
    """Return the stations that are reported locked as of the day of the demo."""
    tables = {str(row["code"]): Timetable.of(row) for row in stations().to_dict("records")}

    def hours_of(code: str, at: dt.datetime) -> int:
        return state_at(tables[code], at.astimezone(ZONE).replace(tzinfo=None))

    with (DEMO / "reports.csv").open(encoding="utf-8", newline="") as file:
        reports = [
            Report(row["code"], row["device"], row["state"], dt.datetime.fromisoformat(row["at"]))
            for row in csv.DictReader(file)
        ]
    return find_locked(reports, at=MADE_AT, hours_of=hours_of)


def measured(path: Path, **options: Any) -> Coverage:  # noqa: ANN401 - as they come
    asked = {"as_of": MADE_AT, "locked": locked()} | options
    with read_tracks([path]) as tracks:
        return coverage(tracks, stations(), network(), **asked)


@cache
def week() -> dict[str, Any]:
    return measured(DEMO / "tracks.csv.gz", areas=[subdistricts()]).summary()


def part_of_tracks(directory: Path, hours: range) -> Path:
    """Write the fixes of some hours of the day to a file."""
    marks = tuple(f"T{hour:02d}:" for hour in hours)
    with gzip.open(DEMO / "tracks.csv.gz", "rt", encoding="utf-8") as file:
        header, *lines = file
    kept = [line for line in lines if line.split(",")[2][10:14] in marks]
    path = directory / "part.csv"
    path.write_text("".join([header, *kept]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def morning_tracks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tracks before seven, when few doors are open."""
    return part_of_tracks(tmp_path_factory.mktemp("morning"), range(4, 7))


@pytest.fixture(scope="module")
def morning(morning_tracks: Path) -> Coverage:
    """Return the coverage of the hours before seven."""
    return measured(morning_tracks)


@pytest.fixture(scope="module")
def table(morning: Coverage) -> pd.DataFrame:
    """Return the station rows of these hours, by code."""
    return morning.station_table().set_index("code")


def hour_share(hour: int, figure: str) -> float:
    """Return a share over one hour of all workdays."""
    rows = [week()["by_hour_of_week"][24 * day + hour] for day in WORKDAYS]
    minutes = sum(row["demand_min"] for row in rows)
    return sum(row[figure] * row["demand_min"] for row in rows) / minutes


def losers(table: pd.DataFrame) -> set[str]:
    return set(table.index[(table["lost_min"] > 0) | (table["lost_m"] > 0)])


def left_over(result: Coverage) -> list[float]:
    """Return what is covered nominally and not effectively, in minutes and metres."""
    total = result.tally.total
    ms = total.ms[0, COVERED] - total.effective_ms[0, COVERED]
    mm = total.mm[0, COVERED] - total.effective_mm[0, COVERED]
    return [ms / 60_000, mm / 1000]


def evidence_with(mended: set[str]) -> dict[str, dt.datetime]:
    """Return the dates of the file, but of some stations that day's."""
    dates = stations().set_index("code")["verified_on"]
    known = {
        str(code): dt.datetime.fromisoformat(day).replace(tzinfo=ZONE)
        for code, day in dates.items()
        if day
    }
    return known | dict.fromkeys(mended, MADE_AT)


def test_coverage_at_5_is_far_below_that_at_14() -> None:
    assert hour_share(FOURTEEN, "nominal_share") > 0.9
    for figure in ("nominal_share", "effective_share"):
        assert hour_share(FIVE, figure) < hour_share(FOURTEEN, figure) - 0.3


def test_at_5_most_gaps_are_stations_that_are_shut(tmp_path: Path) -> None:
    at_five = measured(part_of_tracks(tmp_path, range(5, 6))).summary()
    for part in (at_five["nominal"], at_five["effective"]):
        minutes = {cause: figure["min"] for cause, figure in part["by_cause"].items()}
        assert minutes["closed"] > sum(minutes.values()) - minutes["closed"]


def test_some_quarters_have_no_station_within_reach() -> None:
    assert week()["by_cause"]["no_station"]["min"] > 500


def test_effective_is_below_nominal_most_of_all_at_5() -> None:
    summary = week()
    assert summary["effective_meaningful"]
    for share in ("share_time", "share_length"):
        assert summary["effective"][share] < summary["nominal"][share] - 0.004
    five, fourteen = (
        hour_share(hour, "nominal_share") - hour_share(hour, "effective_share")
        for hour in (FIVE, FOURTEEN)
    )
    assert five > 0.03
    assert fourteen < 0.01


def test_ten_stations_are_reported_locked(table: pd.DataFrame) -> None:
    assert len(locked()) == 10
    assert set(table.index[table["is_locked"]]) == locked()


def test_each_station_that_loses_is_locked_or_unverified(table: pd.DataFrame) -> None:
    rows = table.loc[sorted(losers(table))]
    assert len(rows) > 5
    assert (rows["is_locked"] | rows["is_unverified"]).all()
    assert rows["is_locked"].any()
    assert (rows["evidence_on"][rows["is_unverified"]] < "2026-05-06").all()


def test_the_difference_is_that_of_the_station_rows(morning: Coverage, table: pd.DataFrame) -> None:
    for unit, left in zip(("min", "m"), left_over(morning), strict=True):
        lost = table[f"lost_{unit}"]
        assert 0 < lost.max() <= left + 1e-6
        assert left <= lost.sum() + 1e-6


def test_mending_exactly_the_stations_that_lose_makes_effective_nominal(
    morning: Coverage, table: pd.DataFrame, morning_tracks: Path
) -> None:
    lost = losers(table)
    mended = measured(morning_tracks, locked=locked() - lost, evidence=evidence_with(lost))
    assert mended.tally.total.ms.tolist() == morning.tally.total.ms.tolist()
    assert left_over(mended) == [0.0, 0.0]


def test_mending_all_but_one_of_them_leaves_what_it_alone_serves(
    table: pd.DataFrame, morning_tracks: Path
) -> None:
    worst = str(table["lost_min"].idxmax())
    rest = losers(table) - {worst}
    mended = measured(morning_tracks, locked=locked() - rest, evidence=evidence_with(rest))
    minutes, metres = left_over(mended)
    alone = table.loc[worst]
    assert minutes == pytest.approx(alone["nominal_alone_min"], abs=1e-9)
    assert metres == pytest.approx(alone["nominal_alone_m"], abs=1e-6)


def test_sweepers_beats_show_it_too(tmp_path: Path) -> None:
    lines = gpd.read_file(DEMO / "beats.geojson", engine="pyogrio")
    lines = lines[lines["trade"] == "sanitation"].assign(shift="Mo-Fr 05:00-05:30")
    lines.to_file(tmp_path / "beats.geojson", engine="pyogrio")
    beats = read_beats([tmp_path / "beats.geojson"]).planned(dt.date(2026, 10, 26))
    result = coverage(beats, stations(), network(), as_of=MADE_AT, locked=locked()).summary()
    assert (result["workers"], result["routes"]) == (12, 12)
    assert result["duration_min"] == 12 * 5 * 30
    for kind in ("nominal", "effective"):
        share = result[kind]["share_time"]
        assert share == pytest.approx(hour_share(FIVE, f"{kind}_share"), abs=0.15)
    assert result["effective"]["share_time"] < result["nominal"]["share_time"] - 0.015
