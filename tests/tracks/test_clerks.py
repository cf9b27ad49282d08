"""Files as clerks make them in a spreadsheet: date numbers, two columns, words, no header."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import from_excel, to_excel

from geo.errors import EmptyTracksError, GeoError, SourceFormatError
from geo.tracks import read_tracks
from geo.tracks.preview import preview_tracks
from geo.tracks.serials import are_serials, to_wall_ms
from geo.tracks.times import parse_times
from tests.tracks.build import same_bits, steps_of, write_csv

if TYPE_CHECKING:
    from pathlib import Path

    from geo.tracks import Steps

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = dt.datetime(2025, 11, 26, 6, 5, 30)  # noqa: DTZ001 - a clock on the wall
CLOCKS = [FIRST + dt.timedelta(seconds=10 * n) for n in range(6)]
PLAIN = [f"{clock:%Y-%m-%d %H:%M:%S}" for clock in CLOCKS]


def serial(clock: dt.datetime) -> float:
    return float(to_excel(clock))  # type: ignore[no-untyped-call]  # openpyxl


def written(folder: Path, times: list[str], head: str = "时间", name: str = "t.csv") -> Path:
    rows = [f"甲,{116.3 + n / 10_000:.4f},39.9,{time}" for n, time in enumerate(times)]
    return write_csv(folder / name, rows, header=f"工号,经度,纬度,{head}")


def wanted(folder: Path) -> Steps:
    return steps_of(written(folder, PLAIN, name="plain.csv"))


def refusal(path: Path) -> GeoError:
    with pytest.raises((SourceFormatError, EmptyTracksError)) as caught:
        read_tracks([path])
    return caught.value


def moment(text: str) -> dt.datetime | None:
    times = parse_times(pa.array([text]), zone="Asia/Shanghai")
    return dt.datetime.fromtimestamp(times.t_ms[0] / 1000, SHANGHAI) if times.ok[0] else None


@given(
    st.datetimes(dt.datetime(1980, 1, 7), dt.datetime(2099, 1, 1)).map(  # noqa: DTZ001 - as above
        lambda clock: clock.replace(microsecond=clock.microsecond // 1000 * 1000)
    )
)
def test_a_date_number_is_the_clock_that_a_spreadsheet_shows(clock: dt.datetime) -> None:
    zero = np.datetime64("1970-01-01T00:00:00", "ms")
    whole = clock.replace(microsecond=0)
    exact = serial(whole)
    five = round(exact, 5)  # as much as a cell without a format shows
    found = zero + to_wall_ms(np.array([exact, five]))
    assert found.tolist() == [from_excel(exact), whole]
    fine = serial(clock)
    off = (zero + to_wall_ms(np.array([fine])))[0].tolist() - from_excel(fine)
    assert abs(off) <= dt.timedelta(milliseconds=500 if round(fine, 5) == fine else 1)


@pytest.mark.parametrize("digits", [5, 9, 12])
def test_a_column_of_date_numbers_is_read_and_the_preview_says_so(
    tmp_path: Path, digits: int
) -> None:
    path = written(tmp_path, [f"{serial(clock):.{digits}f}" for clock in CLOCKS])
    with read_tracks([path]) as tracks:
        assert (tracks.serials, tracks.zone_assumed, tracks.dropped["out_of_range"]) == (
            True,
            True,
            0,
        )
    assert same_bits(steps_of(path), wanted(tmp_path))
    seen = preview_tracks([path])
    [file] = seen.files
    assert (file.taken["time"].why, seen.used, seen.is_usable) == ("serials", 6, True)
    assert file.rows[0].at_ms == seen.first_ms == FIRST.replace(tzinfo=SHANGHAI).timestamp() * 1000


def test_midnight_in_a_column_of_date_numbers_is_read_too(tmp_path: Path) -> None:
    path = written(tmp_path, ["45986.99999", "45987", "45987.00012"])
    with read_tracks([path]) as tracks:
        assert (tracks.fixes, tracks.dropped["out_of_range"]) == (3, 0)


@pytest.mark.parametrize(
    "cells",
    [
        ["45987", "45988", "45989"],  # days without a time
        [str(second) for second in range(21_600, 64_800, 60)],  # seconds of a day
        ["19999.5", "3.25", "45987.25"],
        ["1764108330", "1764108340"],
        ["2025-11-26 06:05", "soon", ""],
        [],
    ],
)
def test_other_numbers_are_no_date_numbers(cells: list[str]) -> None:
    assert not are_serials(cells)


def test_days_without_a_time_are_refused_with_a_remedy(tmp_path: Path) -> None:
    error = refusal(written(tmp_path, ["45987", "45988"]))
    assert "Excel date number" in str(error)
    assert "yyyy-mm-dd hh:mm:ss" in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "2025年11月26日 6时05分30秒",
        "2025年11月26日06时5分30秒",
        "2025年11月26日 6:05:30",
        "2025/11/26 上午6:05:30",
        "2025/11/26 上午 6:05:30",
        "2025/11/26上午6:05:30",
        "2025/11/26 6:05:30 AM",
        "2025-11-26 6：05：30",
        " 2025年11月26日 6点05分30秒 ",
    ],
)
def test_times_in_words_are_read(text: str) -> None:
    assert moment(text) == FIRST.replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("2025年11月26日06:05", 6, 5),
        ("2025年11月26日 6时", 6, 0),
        ("2025/11/26 上午12:05", 0, 5),
        ("2025/11/26 下午12:05", 12, 5),
        ("2025/11/26 下午6:05", 18, 5),
        ("2025/11/26 6:05 pm", 18, 5),
        ("2025/11/26 下午18:05", 18, 5),
    ],
)
def test_hours_in_words_are_of_the_right_half_of_the_day(text: str, hour: int, minute: int) -> None:
    assert moment(text) == dt.datetime(2025, 11, 26, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "text",
    [
        "2025/11/26 上午13:05",
        "2025/11/26 上午6:05 PM",
        "2025年11月26日",
        "2025年11月31日 6时05分",
        "2025年11月26日 6时60分",
        "2025年11月26日 24时05分",
        "11月26日 6时05分",
        "2025/11/26 6:05:",
    ],
)
def test_words_that_are_no_time_stay_unread(text: str) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("%Y-%m-%d", "%H:%M:%S"),
        ("%Y/%m/%d 0:00:00", "%H:%M:%S"),
        ("%Y/%m/%d", "1900/1/0 %H:%M:%S"),
        ("%Y%m%d", "%H%M%S"),
        ("%Y年%m月%d日", "%H时%M分%S秒"),
        ("%Y/%m/%d", "上午%H:%M:%S"),
        ("%Y/%m/%d", "%Y/%m/%d %H:%M:%S"),  # a whole time needs no date
        ("1999-01-01", "%Y/%m/%d %H:%M:%S"),
    ],
)
def test_a_date_and_a_time_in_two_columns_are_one(tmp_path: Path, date: str, time: str) -> None:
    times = [f"{clock.strftime(time)},{clock.strftime(date)}" for clock in CLOCKS]
    path = written(tmp_path, times, "时间,日期")
    assert same_bits(steps_of(path), wanted(tmp_path))
    seen = preview_tracks([path])
    assert (seen.files[0].taken["date"].column, seen.used) == ("日期", 6)
    assert [row.fault for row in seen.files[0].rows] == [""] * 6


def test_two_columns_of_date_numbers_are_one(tmp_path: Path) -> None:
    times = [f"{serial(clock) % 1:.9f},45987" for clock in CLOCKS]
    assert same_bits(steps_of(written(tmp_path, times, "time,date")), wanted(tmp_path))


def test_two_columns_can_be_named(tmp_path: Path) -> None:
    times = [f"{clock:%H:%M:%S},{clock:%Y-%m-%d}" for clock in CLOCKS]
    path = written(tmp_path, times, "几点,哪天")
    found = steps_of(path, columns={"time": "几点", "date": "哪天"})
    assert same_bits(found, wanted(tmp_path))


def test_a_column_of_days_that_is_named_as_the_time_is_no_date_besides(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN, "日期")
    assert same_bits(steps_of(path, columns={"time": "日期"}), wanted(tmp_path))


def test_geojson_points_may_have_their_date_apart(tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"date": "2025-11-26", "time": f"{clock:%H:%M:%S}", "worker": "甲"},
            "geometry": {"type": "Point", "coordinates": [round(116.3 + n / 10_000, 4), 39.9]},
        }
        for n, clock in enumerate(CLOCKS)
    ]
    path = tmp_path / "t.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    plain = written(tmp_path, [f"{time},甲" for time in PLAIN], "时间,线路")
    assert steps_of(path).t_ms.tolist() == steps_of(plain).t_ms.tolist()


@pytest.mark.parametrize(
    "row",
    [
        "2026-03-02 09:46,116.397,39.913,甲",
        "甲,116.397,39.913",
        "1772413200,116397000,39913000",
        "2026年3月2日 9时46分,116°23\u2032E,39°54\u2032N",
    ],
)
def test_a_file_without_a_header_says_so_and_numbers_its_columns(tmp_path: Path, row: str) -> None:
    path = write_csv(tmp_path / "t.csv", [row], header=row)
    error = refusal(path)
    assert (getattr(error, "code", ""), "first line looks like a row" in str(error)) == (
        "headerless",
        True,
    )
    assert not any(cell in str(error) for cell in row.split(","))
    [file] = preview_tracks([path]).files
    assert file.error is not None
    assert (file.error.code, file.columns, file.missing) == ("headerless", (), ())
    assert file.heads == tuple(str(nth) for nth in range(1, len(row.split(",")) + 1))
    assert [shown.place for shown in file.rows] == ["row 1", "row 2"]


def test_columns_called_by_numbers_are_a_header(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [f"{PLAIN[0]},116.3,39.9"], header="0,1,2")
    assert getattr(refusal(path), "code", "") == "columns"
    with read_tracks([path], columns={"time": "0", "lon": "1", "lat": "2"}) as tracks:
        assert tracks.fixes == 1


@pytest.mark.parametrize(
    ("name", "text", "code", "says"),
    [
        (
            "t.geojson",
            '{"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": []}}',
            "geometry",
            "MultiPolygon is no track, which is points or lines",
        ),
        ("t.gpx", '<gpx><wpt lon="116" lat="40"/></gpx>', "waypoints", "1 way points, no track"),
        ("t.gpx.gz", '<gpx><rte><rtept lon="1" lat="2"/></rte></gpx>', "planned", "--shift"),
        ("t.csv", "time,lon,lat\n", "no_rows", "only a header"),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_name(
    tmp_path: Path, name: str, text: str, code: str, says: str
) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    error = refusal(path)
    assert (getattr(error, "code", ""), says in str(error)) == (code, True)
    assert [error.code for error in preview_tracks([path]).errors] == [code]


def test_way_points_beside_a_track_are_passed_over(tmp_path: Path) -> None:
    point = '<trkpt lon="116" lat="40"><time>2025-11-26T06:00:00Z</time></trkpt>'
    path = tmp_path / "t.gpx"
    path.write_text(f'<gpx><wpt lon="1" lat="2"/><trk><trkseg>{point}</trkseg></trk></gpx>')
    with read_tracks([path]) as tracks:
        assert (tracks.fixes, tracks.dropped["unreadable"]) == (1, 0)
