"""Rows of text become stations, or every fault of every row is said."""

from __future__ import annotations

import pytest
from pandas import DataFrame

from geo.coords import from_wgs84
from geo.errors import InvalidStationError
from geo.stations import FIELD_NAMES, Validated, validate_stations

GOOD = {"name": "甲", "lon": "116.41", "lat": "39.9"}


def _validate(*rows: dict[str, str], datum: str = "wgs84") -> Validated:
    frame = DataFrame([GOOD | row for row in rows], dtype=str).fillna("")
    return validate_stations(frame, source="s.csv", datum=datum, first_row=2)


def _faults(checked: Validated) -> list[tuple[int, str, str]]:
    return [(p.row, p.field, p.code) for p in checked.problems if p.severity == "error"]


def test_fills_in_kind_status_and_code_and_counts_them() -> None:
    checked = _validate({}, {"code": "A", "kind": "union_hub"})
    assert checked.defaulted == {"kind": 1, "status": 2, "code": 1}
    assert set(checked.filled) == {(2, "kind"), (2, "status"), (3, "status"), (2, "code")}
    assert checked.stations["kind"].tolist() == ["rest_station", "union_hub"]
    assert checked.stations["code"].str.startswith("NY-").tolist() == [True, False]


def test_stations_have_the_form_the_store_expects() -> None:
    stations = _validate({"area_m2": "5", "capacity": ""}).stations
    assert list(stations.columns) == [*FIELD_NAMES, "geometry"]
    assert stations.crs.to_epsg() == 4326
    types = stations.dtypes.astype(str)
    assert [types[name] for name in ("lon", "lat", "area_m2")] == ["float64"] * 3
    assert types["capacity"] == "Int64"
    assert stations["note"].tolist() == [""]
    assert stations["source_datum"].tolist() == ["wgs84"]


def test_reports_three_faults_of_one_row_and_those_of_others() -> None:
    checked = _validate({"name": "", "kind": "castle", "capacity": "many"}, {}, {"lat": "x"})
    assert _faults(checked) == [
        (2, "name", "required"),
        (2, "kind", "unknown_word"),
        (2, "capacity", "not_a_number"),
        (4, "lat", "not_a_number"),
    ]
    assert checked.rows == (3,)
    assert all("of s.csv" in problem.message for problem in checked.problems)


@pytest.mark.parametrize(("lon", "lat"), [("39.9", "116.41"), ("45.8", "85.1")])
def test_asks_whether_lon_and_lat_are_swapped(lon: str, lat: str) -> None:
    checked = _validate({"lon": lon, "lat": lat})
    assert _faults(checked) == [(2, "lat", "swapped")]
    assert "are lon and lat swapped?" in checked.problems[0].message


def test_refuses_a_position_of_zero() -> None:
    assert _faults(_validate({"lon": "0", "lat": "0.0"})) == [(2, "lat", "no_position")]


def test_refuses_a_code_used_twice_naming_the_first_row() -> None:
    checked = _validate({"code": "A"}, {"code": "A", "name": "乙"})
    assert _faults(checked) == [(3, "code", "duplicate_code")]
    assert "also in row 2" in checked.problems[0].message


def test_refuses_the_same_name_and_place_twice() -> None:
    checked = _validate({}, {})
    assert _faults(checked) == [(3, "code", "duplicate_code")]
    assert "those of row 2" in checked.problems[0].message


def test_hours_in_words_are_kept_as_words_with_a_warning() -> None:
    checked = _validate({"hours": "工作日开放"})
    assert _faults(checked) == []
    assert checked.defaulted["hours_text"] == 1
    row = checked.stations.iloc[0]
    assert (row["hours"], row["hours_text"]) == ("", "工作日开放")
    assert checked.problems[0].severity == "warning"


def test_hours_in_words_beside_other_words_are_an_error() -> None:
    checked = _validate({"hours": "工作日开放", "hours_text": "工作日"})
    assert _faults(checked) == [(2, "hours", "not_hours")]


def test_self_service_hours_in_words_are_an_error() -> None:
    assert _faults(_validate({"self_hours": "夜间"})) == [(2, "self_hours", "not_hours")]


def test_names_columns_that_are_no_fields_once() -> None:
    checked = _validate({"colour": "red"}, {"code": "B", "colour": "blue"})
    assert [(p.row, p.code, p.severity) for p in checked.problems] == [
        (0, "extra_columns", "warning")
    ]
    assert "colour" in checked.problems[0].message


def test_converts_positions_and_keeps_their_datum() -> None:
    lon, lat = from_wgs84([116.41], [39.9], "bd09")
    stations = _validate(
        {"lon": repr(float(lon[0])), "lat": repr(float(lat[0]))}, datum="bd09"
    ).stations
    assert abs(stations["lon"][0] - 116.41) < 1e-9
    assert abs(stations["lat"][0] - 39.9) < 1e-9
    assert stations["source_datum"][0] == "bd09"


def test_one_position_without_inverse_refuses_its_row_only() -> None:
    edge = {"lon": "137.8347", "lat": "40"}  # the east edge of the box of the shift
    checked = _validate(edge, {}, datum="gcj02")
    assert {row for row, _, _ in _faults(checked)} <= {2}
    assert checked.rows[-1] == 3


def test_refuses_a_frame_without_positions() -> None:
    with pytest.raises(InvalidStationError, match="no column lon, lat"):
        validate_stations(DataFrame({"name": ["甲"]}), source="s.csv")
