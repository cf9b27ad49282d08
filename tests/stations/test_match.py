"""Which stored station a row is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pandas import DataFrame

from geo.stations import match_rows, stable_code, to_stations, validate_stations

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

HERE = {"name": "暖心驿站", "lon": "116.41", "lat": "39.9"}
NORTH_25_M = {**HERE, "lat": "39.900225"}
NORTH_35_M = {**HERE, "lat": "39.900315"}


def _stations(*rows: dict[str, str]) -> GeoDataFrame:
    frame = DataFrame(rows, dtype=str).fillna("")
    return validate_stations(frame, source="s.csv").stations


@pytest.mark.parametrize(
    ("incoming", "existing", "code", "how"),
    [
        ({**HERE, "code": "A"}, {**NORTH_35_M, "code": "A", "name": "乙"}, "A", "code"),
        (
            {**HERE, "source": "union", "source_id": "7"},
            {**NORTH_35_M, "code": "A", "name": "乙", "source": "union", "source_id": "7"},
            "A",
            "source",
        ),
        ({**HERE, "source": "union"}, {**NORTH_35_M, "code": "A", "source": "union"}, "", "new"),
        (HERE, {**NORTH_25_M, "code": "A"}, "A", "name"),
        ({**HERE, "name": "暖心 驿站"}, {**NORTH_25_M, "code": "A"}, "A", "name"),
        (HERE, {**NORTH_35_M, "code": "A"}, "", "new"),
        ({**HERE, "name": "乙"}, {**NORTH_25_M, "code": "A"}, "", "new"),
        ({**HERE, "code": "B"}, {**NORTH_25_M, "code": "A"}, "", "new"),
    ],
)
def test_matches_by_code_then_source_then_name_within_30_m(
    incoming: dict[str, str], existing: dict[str, str], code: str, how: str
) -> None:
    matches = match_rows(_stations(incoming), _stations(existing))
    assert matches.to_dict("records") == [{"code": code, "how": how}]


def test_a_stored_station_is_given_to_its_nearest_row_only() -> None:
    rows = _stations(NORTH_25_M, HERE)
    matches = match_rows(rows, _stations({**HERE, "code": "A"}))
    assert matches["code"].tolist() == ["", "A"]


def test_the_second_nearest_row_takes_the_second_nearest_station() -> None:
    rows = _stations(HERE, {**HERE, "lat": "39.9001"})
    existing = _stations({**HERE, "code": "A"}, {**HERE, "lat": "39.9003", "code": "B"})
    assert match_rows(rows, existing)["code"].tolist() == ["A", "B"]


def test_nothing_matches_an_empty_store() -> None:
    rows = _stations(HERE)
    empty = to_stations(DataFrame(columns=rows.columns[:-1], dtype=str))
    assert match_rows(rows, empty)["how"].tolist() == ["new"]
    assert match_rows(empty, rows).empty


def test_the_same_row_gives_the_same_code_in_every_run() -> None:
    assert stable_code("东城区", "暖心驿站", 116.41, 39.9) == "NY-MW6D25YY37"


def test_a_code_does_not_depend_on_spaces_or_a_millimetre() -> None:
    first = stable_code("", "暖心驿站", 116.41, 39.9)
    assert stable_code("", " 暖心 驿站", 116.410_000_01, 39.9) == first
    assert stable_code("", "暖心驿站", 116.4102, 39.9) != first
