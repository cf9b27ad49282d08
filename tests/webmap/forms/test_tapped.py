"""Which hours can be tapped, and what the buttons then show."""

from __future__ import annotations

import pytest

from webmap.forms.tapped import Row, Tapped, tap_osm, tap_text

WEEK = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
HALVES = [["08:30", "12:00"], ["13:30", "17:30"]]


@pytest.mark.parametrize(
    ("osm", "rows", "is_off"),
    [
        ("", [], False),
        ("24/7", [(WEEK, [["00:00", "24:00"]])], False),
        ("08:00-20:00", [(WEEK, [["08:00", "20:00"]])], False),
        ("Mo-Su 22:00-06:00", [(WEEK, [["22:00", "06:00"]])], False),
        ("Mo-Su 22:00-30:00", [(WEEK, [["22:00", "06:00"]])], False),
        ("Mo-Fr 08:30-12:00,13:30-17:30; PH off", [(WEEK[:5], HALVES)], True),
        (
            "Mo-Fr 08:30-12:00,13:30-17:30; Sa,Su,PH 10:00-16:00",
            [(WEEK[:5], HALVES), (["Sa", "Su", "PH"], [["10:00", "16:00"]])],
            False,
        ),
        ("Tu-Su 09:00-17:00; Mo off", [(WEEK[1:], [["09:00", "17:00"]])], False),
    ],
)
def test_plain_hours_are_shown_as_rows(
    osm: str, rows: list[tuple[list[str], list[list[str]]]], *, is_off: bool
) -> None:
    expected = [Row(days=days, spans=spans) for days, spans in rows]
    assert tap_osm(osm) == Tapped(rows=expected, is_off=is_off)


@pytest.mark.parametrize(
    "osm",
    [
        "Jun-Aug 08:00-20:00; Sep-May 08:00-18:00",
        "Mo-Fr 08:00-20:00; 2026 Oct 01-2026 Oct 07 off",
        "Mo-Fr 08:00-20:00 unknown",
        "Mo-Fr 08:00-20:00; Fr 08:00-18:00",
        "Mo-Fr 08:00-20:00; We off",
        "Mo-Fr sunrise-sunset",
        "what",
    ],
)
def test_hours_that_say_more_are_not_shown_as_less(osm: str) -> None:
    assert tap_osm(osm) is None


def test_words_are_shown_once_they_are_read_in_full() -> None:
    assert tap_text("周一到周五 8:30-12:00, 13:30-17:30") == tap_osm(
        "Mo-Fr 08:30-12:00,13:30-17:30"
    )
    assert tap_text("每天8:30-17:30，春节期间不打烊") is None
    assert tap_text("看情况") is None
    assert tap_text("Mo-Fr 08:30-12:00") == tap_osm("Mo-Fr 08:30-12:00")
