"""The syntax of hours: what is read, where a fault lies, and comments that stand alone."""

from __future__ import annotations

import pytest

from geo.errors import InvalidHoursError
from geo.hours import check_hours


@pytest.mark.parametrize(
    "text",
    ["24/7", "Mo-Fr 08:00-12:00,13:00-17:00; PH off", "Mo-Su 22:00-06:00", "2026 Mar 04 off"],
)
def test_valid_text_is_read(text: str) -> None:
    check_hours(text)


@pytest.mark.parametrize(
    ("text", "character", "rest"),
    [
        ("周一至周五8:00", 1, "周一至周五8:00"),
        ("Mo-Fr 8-17", 7, "8-17"),
        ("Mo-Fr 08:00-17:00 Sa 09:00-12:00", 19, "Sa 09:00"),
        ("Mo-Fr 08:00-12:00;", 19, ""),
    ],
)
def test_invalid_text_is_refused_where_the_fault_lies(text: str, character: int, rest: str) -> None:
    with pytest.raises(InvalidHoursError, match=rf"character {character} \('{rest}") as caught:
        check_hours(text)
    assert caught.value.position == character


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Mo-Fr 8-17", "Mo-Fr 08:00-17:00"),
        ("Mo - Fr 08:00 - 18:00", "Mo-Fr 08:00-18:00"),
        ("08:00–18:00", "08:00-18:00"),
        ("Mo-Fr 08:00-12:00;", "Mo-Fr 08:00-12:00"),
        ("Monday-Friday 9:00 to 17:00", "Mo-Fr 09:00-17:00"),
        ("Mo-Fr: 08:30~17:30", "Mo-Fr 08:30-17:30"),
        ("周一", ""),
    ],
)
def test_a_refusal_says_what_was_probably_meant(text: str, meant: str) -> None:
    with pytest.raises(InvalidHoursError) as caught:
        check_hours(text)
    assert caught.value.suggestion == meant


def test_a_loose_list_of_days_is_one_list() -> None:
    assert str(check_hours("Mo, We 08:00-12:00")) == "Mo,We 08:00-12:00"


def test_the_message_shows_how_to_write_hours() -> None:
    with pytest.raises(InvalidHoursError, match="write them like Mo-Fr 08:30-12:00"):
        check_hours("every day")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"ring"', '24/7 unknown "ring"'),
        ('Mo-Fr "ring"', 'Mo-Fr unknown "ring"'),
        ('Mo-Fr 09:00-17:00; Sa "ring; twice"', 'Mo-Fr 09:00-17:00; Sa unknown "ring; twice"'),
        ('Mo-Fr 09:00-17:00, Sa "ring"', 'Mo-Fr 09:00-17:00, Sa unknown "ring"'),
        ('Mo-Fr 09:00-17:00 || "ring"', 'Mo-Fr 09:00-17:00 || 24/7 unknown "ring"'),
        ('Su CLOSED "x"; Sa "ring"', 'Su closed "x"; Sa unknown "ring"'),
    ],
)
def test_a_rule_that_is_only_a_comment_becomes_unknown(text: str, expected: str) -> None:
    assert str(check_hours(text)) == expected


@pytest.mark.parametrize(
    "text",
    ['Mo-Fr 09:00-17:00 "ring"', '24/7 "ring"', 'Sa closed "moving"', 'sunrise-sunset "garden"'],
)
def test_a_rule_that_says_when_keeps_its_comment(text: str) -> None:
    assert str(check_hours(text)) == text
