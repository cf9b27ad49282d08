"""One cell: the spellings people use are read, faults are named."""

from __future__ import annotations

import pytest

from geo.errors import InvalidCellError
from geo.stations import FIELD_BY_NAME
from geo.stations.cells import canonical_cell, parse_cell


@pytest.mark.parametrize(
    ("field", "text", "canonical"),
    [
        ("name", " \u3000暖心\n驿站\t ", "暖心 驿站"),
        ("note", "one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("note", "<b>1 < 2 & 3</b>", "<b>1 < 2 & 3</b>"),
        ("aliases", "甲； 乙;;甲", "甲;乙"),
        ("kind", "工会驿站", "rest_station"),
        ("status", "Temporarily closed", "temporarily_closed"),
        ("host", "post_office", "post_office"),
        ("entry_mode", "扫码、刷脸", "qr;face"),
        ("needs_phone", "是", "yes"),
        ("needs_phone", "FALSE", "no"),
        (
            "amenities",
            "toilet:no; microwave：broken,饮水",
            "drinking_water;microwave:broken;toilet:no",
        ),
        ("amenities", "wifi:unknown;toilet:yes", "toilet"),
        (
            "amenity_hours",
            "厕所： 08:00-20:00 | drinking_water: 24/7",
            "drinking_water: 24/7 | toilet: 08:00-20:00",
        ),
        (
            "amenity_hours",
            "toilet: Mo-Fr 08:00-20:00; PH off\n",
            "toilet: Mo-Fr 08:00-20:00; PH off",
        ),
        ("amenity_hours", 'toilet: 08:00-20:00 || "ask"', 'toilet: 08:00-20:00 || "ask"'),
        ("lon", "\uff11\uff11\uff16.41", "116.41"),
        ("lat", "-0.0", "0"),
        ("area_m2", "12.50", "12.5"),
        ("capacity", "12.0", "12"),
        ("opened_on", "2026年3月5日", "2026-03-05"),
        ("opened_on", "2026/3/5", "2026-03-05"),
        ("status_until", "2026-10-01 18:00", "2026-10-01T18:00:00+08:00"),
        ("status_until", "2026-10-01T10:00Z", "2026-10-01T10:00:00+00:00"),
        ("hours", " Mo-Fr 08:30-11:00, 13:30-17:00 ", "Mo-Fr 08:30-11:00, 13:30-17:00"),
    ],
)
def test_reads_what_people_write(field: str, text: str, canonical: str) -> None:
    assert canonical_cell(FIELD_BY_NAME[field], text) == canonical


@pytest.mark.parametrize(
    ("field", "text", "code", "remedy"),
    [
        ("name", "a\x00b", "control_character", "U\\+0000 at position 2"),
        ("name", "a\ud800", "control_character", "U\\+D800"),
        ("name", "暖" * 121, "too_long", "at most 120"),
        ("kind", "rest_staton", "unknown_word", "did you mean rest_station"),
        ("amenities", "toilet:maybe", "unknown_word", "toilet:no"),
        ("amenities", "toilet;toilet:no", "contradiction", "two things about toilet"),
        ("amenity_hours", "toilet", "not_hours", "names no hours"),
        ("amenity_hours", "toilet: 9:00-5:00", "not_hours", "is not sure"),
        ("amenity_hours", "toilet: always", "not_hours", "cannot be read"),
        ("amenity_hours", "spa: 08:00-20:00", "unknown_word", "no word of the list"),
        ("amenity_hours", "wifi: 24/7 | wifi: off", "contradiction", "wifi twice"),
        ("needs_phone", "maybe", "not_a_flag", "leave it empty"),
        ("lon", "116,41", "not_a_number", "such as 116.41"),
        ("lon", "nan", "not_a_number", "such as 116.41"),
        ("lon", "-inf", "not_a_number", "such as 116.41"),
        ("lon", "1e999", "not_a_number", "such as 116.41"),
        ("lon", "1_0", "not_a_number", "such as 116.41"),
        ("lon", "=A1*2", "not_a_number", "formula"),
        ("lon", "180.1", "out_of_range", r"outside \[-180, 180\]"),
        ("capacity", "2.5", "not_a_number", "whole number"),
        ("capacity", "9" * 5000, "out_of_range", "outside"),
        ("opened_on", "2026-02-30", "not_a_date", "like 2026-03-05"),
        ("status_until", "2026-10-01", "not_a_moment", r"\+08:00"),
        ("hours", "8:30-20：30", "not_hours", "did you mean 08:30-20:30"),
        ("hours", "Mo-Fr 25-99", "not_hours", "character 7"),
    ],
)
def test_names_the_fault_and_the_remedy(field: str, text: str, code: str, remedy: str) -> None:
    with pytest.raises(InvalidCellError, match=remedy) as caught:
        parse_cell(FIELD_BY_NAME[field], text)
    assert caught.value.code == code
    assert str(caught.value).startswith(field)


def test_an_empty_cell_is_not_known() -> None:
    empty = [parse_cell(field, "  ") for field in FIELD_BY_NAME.values()]
    assert all(value in ("", (), {}, None) for value in empty)
