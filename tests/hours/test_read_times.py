"""Times of day in words: twelve hours, twenty-four, past midnight, and what is not certain."""

from __future__ import annotations

import pytest

from geo.hours import read_hours


@pytest.mark.parametrize(
    ("words", "osm"),
    [
        ("早上6点至晚上23点", "06:00-23:00"),
        ("下午2点半至6点", "14:30-18:00"),  # the word carries over
        ("晚8点到早6点", "20:00-06:00"),
        ("晚上8点到6点", "20:00-06:00"),
        ("晚上18:00-8:00", "18:00-08:00"),  # no carrying over: the start counts to 24
        ("18:00-次日凌晨2点", "18:00-02:00"),
        ("10:00-凌晨1:00", "10:00-01:00"),
        ("中午12点到2点", "12:00-14:00"),
        ("晚上7点-12点", "19:00-24:00"),
        ("八点半至十二点一刻", "08:30-12:15"),
        ("上午9-11:30", "09:00-11:30"),
        ("9AM-5PM", "09:00-17:00"),
        ("AM 9:00-12:00 PM 1:00-5:00", "09:00-12:00,13:00-17:00"),
        ("8:00开门，21:00关门", "08:00-21:00"),
        ("08:00-12:00,12:00-18:00", "08:00-18:00"),
        ("凌晨2:00-06:00", "02:00-06:00"),
        ("4:30-8:30", "04:30-08:30"),  # sweepers
    ],
)
def test_times_are_read(words: str, osm: str) -> None:
    assert read_hours(words).osm == osm


@pytest.mark.parametrize(
    "words",
    [
        "8:00-5:00",  # a slip for 17:00?
        "9点到5点",
        "2:00-5:30",  # at night?
        "02:00-06:00",
        "2:00-18:00",
        "6点到9点",  # in the evening?
        "8:00-12:00，2:30-5:30",
        "上午14:00-16:00",
        "上午12:00-14:00",
        "早上8点到6点",
        "2:00-下午5:00",
        "8:60-17:00",
        "8:00-25:00",
        "9:00-17:00，16:00-20:00",
        "17:00后",
        "10:00前",
        "至深夜",
        "约8:00-20:00",
        "8:00-17:00/18:00",
        "早晚各一次",
        "8.30-11.30",  # dates?
    ],
)
def test_times_that_may_mean_two_things_are_unknown(words: str) -> None:
    assert read_hours(words).status == "unknown"


@pytest.mark.parametrize(
    ("words", "osm"),
    [
        ("9:00-17:00（16:30停止入馆）", "16:30-17:00 unknown, 09:00-16:30"),
        ("9:00-17:00，闭馆前半小时停止入场", "16:30-17:00 unknown, 09:00-16:30"),
        ("9:00-17:00（8:00-9:00不详）", "08:00-09:00 unknown, 09:00-17:00"),
    ],
)
def test_a_time_in_which_one_may_not_get_in_is_unknown(words: str, osm: str) -> None:
    assert (read_hours(words).osm, read_hours(words).status) == (osm, "partial")


@pytest.mark.parametrize(
    ("words", "osm"),
    [
        ("9:00-17:00（12:00-13:00休息）", "09:00-12:00,13:00-17:00"),
        ("9:00-17:00，午休12:00-13:30", "09:00-12:00,13:30-17:00"),
        ("9:00-12:00，中午休息，14:00-17:00", "09:00-12:00,14:00-17:00"),
        ("9:00-17:00 中午不休息", "09:00-17:00"),
        ("周一至周五9:00-17:00（12:00-13:00休息），周六9:00-16:00",
         "Mo-Fr 09:00-12:00,13:00-17:00; Sa 09:00-16:00"),
        ("9:00-17:00 午休", ""),  # when?
        ("9:00-12:00 14:00-17:00 中午不休息", ""),
        ("周一至周五9-17点，周六9-16点，12:00-13:00休息", ""),  # of Saturday too?
        ("周一至周五12:00-13:00休息 9:00-17:00", ""),
        ("9:00-17:00（8:00-10:00休息）", ""),
    ],
)  # fmt: skip
def test_breaks_are_taken_out_where_it_is_clear_of_what(words: str, osm: str) -> None:
    assert read_hours(words).osm == osm
