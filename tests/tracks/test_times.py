"""Times as people and devices write them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from geo.tracks.decimals import parse_decimals
from geo.tracks.times import parse_times

MOMENT = 1_224_758_448_000  # 2008-10-23 10:40:48 UTC
NAIVE = ("2008-10-23 10:40:48", "2008-10-23T10:40:48", "2008/10/23 10:40:48", "20081023104048")
ZONED = (
    "2008-10-23T10:40:48Z",
    "2008-10-23 18:40:48+08:00",
    "2008-10-23 18:40:48 +0800",
    "2008-10-23 18:40:48+08",
    "2008-10-23 05:40:48-05:00",
    "2008-10-23 10:40:48 UTC",
    "20081023T104048Z",
    "1224758448",
    "1224758448000",
    "1224758448.0",
)
NO_TIMES = (
    "05-01 09:46:00",
    "2008-10-23",
    "10:40:48",
    "2008-02-30 10:40:48",
    "2008-10-23 24:00:00",
    "2008-10-23 10:60:00",
    "2008-13-01 10:00:00",
    "2008-10-23 10:40:48 CST",
    "soon",
    "",
    "nan",
    "inf",
    "1e300",
)


def read(*texts: str, zone: str = "UTC") -> list[int | None]:
    times = parse_times(pa.array(texts, pa.string()), zone=zone)
    return [int(t) if ok else None for t, ok in zip(times.t_ms, times.ok, strict=True)]


@pytest.mark.parametrize("text", [*NAIVE, *ZONED])
def test_reads_alone_what_it_reads_in_company(text: str) -> None:
    assert read(text) == [MOMENT]
    assert read("?", text, "") == [None, MOMENT, None]
    assert read(f" {text} ") == [MOMENT]


@pytest.mark.parametrize("text", NO_TIMES)
def test_refuses_alone_and_in_company(text: str) -> None:
    assert read(text) == [None]
    assert read(text, NAIVE[0], ZONED[0]) == [None, MOMENT, MOMENT]


def test_naive_times_are_read_in_the_zone_and_offsets_win() -> None:
    mixed = read(NAIVE[0], ZONED[1], zone="Asia/Shanghai")
    assert mixed == [MOMENT - 8 * 3_600_000, MOMENT]


@pytest.mark.parametrize(("text", "naive"), [(NAIVE[0], True), (NAIVE[3], True), (ZONED[0], False)])
def test_says_whether_a_time_was_naive(text: str, naive: bool) -> None:  # noqa: FBT001 - a table
    assert parse_times(pa.array([text]), zone="UTC").naive is naive


@pytest.mark.parametrize("text", ["2008-10-23 10:40:48.1239", "2008-10-23 10:40:48,1239"])
def test_cuts_off_below_the_millisecond(text: str) -> None:
    assert read(text) == [MOMENT + 123]
    assert read(text, "?")[0] == MOMENT + 123


@pytest.mark.parametrize(
    ("text", "number"),
    [("116.3", 116.3), (" +1. ", 1.0), (".5", 0.5), ("1e2", 100.0), ("-0", 0.0), ("116,3", None)]
    + [(text, None) for text in ("", "nan", "inf", "-inf", "1e999", "0x10", "1_0", "\uff11")],
)
def test_decimals_alone_and_in_company(text: str, number: float | None) -> None:
    for texts in ([text], [text, "x", "2"]):
        first = parse_decimals(pa.array(texts))[0]
        assert np.isnan(first) if number is None else first == number
