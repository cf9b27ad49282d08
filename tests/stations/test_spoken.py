"""Hours in words beside or in the place of OSM text: what each of the three fields becomes."""

from __future__ import annotations

import pytest

from geo.stations.spoken import Settled, is_meant_as_osm, is_same_hours, settle_hours

READ, PART, LOST = "每天8:00-20:00", "每天8:30-17:30，春节期间不打烊", "随商场营业时间"


def _settle(hours: str = "", words: str = "", own: str = "") -> Settled:
    return settle_hours({"hours": hours, "hours_text": words, "self_hours": own})


def _told(settled: Settled) -> list[tuple[str, str, str]]:
    return [(one.field, one.code, one.severity) for one in settled.remarks]


@pytest.mark.parametrize(
    ("hours", "words", "kept", "filled", "told"),
    [
        ("", "", ("", ""), (), []),
        ("Mo-Fr 08:00-17:00", "", ("Mo-Fr 08:00-17:00", ""), (), []),
        ("08:00-05:00", "", ("08:00-05:00", ""), (), []),  # the night, as OSM has it
        ("Mo-Fr 08:00-17:00", LOST, ("Mo-Fr 08:00-17:00", LOST), (), []),
        (READ, "", ("08:00-20:00", READ), ("hours_text",), [("hours", "read_hours", "warning")]),
        (READ, READ, ("08:00-20:00", READ), (), [("hours", "read_hours", "warning")]),
        (READ, LOST, ("08:00-20:00", LOST), (), [("hours", "read_hours", "warning")]),
        (
            PART,
            "",
            ("08:30-17:30; PH unknown", PART),
            ("hours_text",),
            [("hours", "read_hours_partly", "warning")],
        ),
        (LOST, "", ("", LOST), ("hours_text",), [("hours", "not_hours", "warning")]),
        (PART, LOST, ("", LOST), (), [("hours", "not_hours", "error")]),
        (LOST, READ, ("", READ), (), [("hours", "not_hours", "error")]),
        ("", READ, ("08:00-20:00", READ), ("hours",), []),
        (
            "",
            PART,
            ("08:30-17:30; PH unknown", PART),
            ("hours",),
            [("hours_text", "read_hours_partly", "warning")],
        ),
        ("", LOST, ("", LOST), (), [("hours_text", "not_hours", "warning")]),
        (
            "8:30-17:30",
            "",
            ("08:30-17:30", "8:30-17:30"),
            ("hours_text",),
            [("hours", "read_hours", "warning")],
        ),
        ("9:00-5:00", "", ("", "9:00-5:00"), ("hours_text",), [("hours", "not_hours", "warning")]),
        ("Mo-Fr 08:00-17：00", "", ("", ""), (), [("hours", "not_hours", "error")]),
        ("Mo-Fr 25:99", LOST, ("", LOST), (), [("hours", "not_hours", "error")]),
        ("x" * 2001, "", ("", ""), (), [("hours", "too_long", "error")]),
        ("是" * 501, "", ("", ""), (), [("hours_text", "too_long", "error")]),
    ],
)
def test_each_pair_of_hours_and_words_becomes(
    hours: str,
    words: str,
    kept: tuple[str, str],
    filled: tuple[str, ...],
    told: list[tuple[str, str, str]],
) -> None:
    settled = _settle(hours, words)
    assert (settled.cells["hours"], settled.cells["hours_text"]) == kept
    assert settled.filled == filled
    assert _told(settled) == told


def test_a_warning_shows_the_reading_and_what_was_not_understood() -> None:
    (remark,) = _settle(PART).remarks
    assert "08:30-17:30; PH unknown" in remark.what
    assert "not understood: 春节期间不打烊" in remark.what


def test_osm_text_with_chinese_punctuation_is_refused_with_place_and_suggestion() -> None:
    (remark,) = _settle("Mo-Fr 08:00-17：00").remarks
    assert "character" in remark.what
    assert "did you mean Mo-Fr 08:00-17:00?" in remark.what


@pytest.mark.parametrize(
    ("own", "kept", "told"),
    [
        ("22:00-06:00", "22:00-06:00", []),
        ("晚上10点到早上6点", "22:00-06:00", [("self_hours", "read_hours", "warning")]),
        ("夜间", "", [("self_hours", "not_hours", "error")]),
        (PART, "", [("self_hours", "not_hours", "error")]),
        ("Mo-Fr 22-6点", "", [("self_hours", "not_hours", "error")]),
    ],
)
def test_hours_without_staff_are_read_in_full_or_refused(
    own: str, kept: str, told: list[tuple[str, str, str]]
) -> None:
    settled = _settle(own=own)
    assert settled.cells["self_hours"] == kept
    assert _told(settled) == told


def test_a_refusal_says_what_was_understood() -> None:
    (remark,) = _settle(own=PART).remarks
    assert "read in part, as 08:30-17:30; PH unknown" in remark.what


def test_words_are_refused_where_nothing_is_to_be_read() -> None:
    cells = {"hours": READ, "hours_text": LOST, "self_hours": "晚上10点到早上6点"}
    settled = settle_hours(cells, read=False)
    assert settled.cells == {"hours": "", "hours_text": LOST, "self_hours": ""}
    assert {one.severity for one in settled.remarks} == {"error"}
    assert settle_hours({"hours_text": READ}, read=False).cells["hours"] == ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Mo-Fr 8-17：00", True),
        ("Mon-Fri 9:00-17:00", True),
        ("PH of", True),
        ("周一到周五", False),
        ("Mo-Fr 上午", False),
        ("9：:00--17:00", False),
        ("n/a", False),
        ("?", False),
    ],
)
def test_osm_text_that_went_wrong_is_told_from_words(text: str, *, meant: bool) -> None:
    assert is_meant_as_osm(text) is meant


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("08:00-20:00", "Mo-Su 08:00-20:00", True),
        ("Mo-Su,PH 08:00-20:00", "08:00-20:00", True),
        ("Mo-Fr 08:00-20:00", "Mo-Fr 08:00-20:00; PH off", False),
        ("24/7", "00:00-24:00", True),
        ("", "", True),
        ("", "24/7", False),
    ],
)
def test_hours_are_the_same_by_what_they_mean(one: str, other: str, *, same: bool) -> None:
    assert is_same_hours(one, other, 2026) is same
