"""The 55 real stations of Zhengzhou from their GCJ-02 columns, and the stand-ins of Haidian."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geo.coords import geodesic_m
from geo.stations import Validated, load_stations, read_stations, write_stations
from tests.shared_data import SHARED, needs_shared_data
from tests.stations.compare import assert_same_stations
from tests.strategies import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_shared_data
ZHENGZHOU = SHARED / "zhengzhou" / "stations.csv"


@pytest.fixture(scope="module")
def zhengzhou() -> Validated:
    return load_stations(ZHENGZHOU, datum="gcj02", columns={"hours": "open_hours_listed"})


def test_all_55_load_within_a_metre_of_the_positions_the_file_gives(zhengzhou: Validated) -> None:
    with ZHENGZHOU.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    stations = zhengzhou.stations
    assert stations["code"].tolist() == [row["station_id"] for row in rows]
    given = np.array([[row["lng_wgs84"], row["lat_wgs84"]] for row in rows], dtype=float)
    away_m = geodesic_m(stations["lon"], stations["lat"], given[:, 0], given[:, 1])
    assert len(stations) == 55
    assert away_m.max() < 1.0
    assert set(stations["source_datum"]) == {"gcj02"}


def test_hours_in_words_are_kept_read_and_warned_of(zhengzhou: Validated) -> None:
    words = zhengzhou.stations["hours_text"]
    assert {problem.severity for problem in zhengzhou.problems} == {"warning"}
    assert (words != "").sum() == zhengzhou.defaulted["hours_text"] == 10
    assert {"24小时", "工作日开放"} <= set(words)
    read = [one for one in zhengzhou.spoken if one.reading.status == "ok"]
    assert len(zhengzhou.spoken) == 10
    assert (zhengzhou.stations["hours"] != "").sum() == 9 + len(read)


@pytest.mark.parametrize("extension", FORMATS)
def test_export_then_import_is_the_identity(
    tmp_path: Path, zhengzhou: Validated, extension: str
) -> None:
    path = tmp_path / f"stations.{extension}"
    write_stations(zhengzhou.stations, path)
    assert_same_stations(read_stations(path), zhengzhou.stations)


def test_the_stand_ins_of_haidian_load_without_error() -> None:
    stations = read_stations(SHARED / "beijing-haidian" / "stations_standin.csv")
    assert set(stations["host"]) == {"bank", "post_office", "toilets", "library"}
