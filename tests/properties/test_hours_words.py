"""Hours in words: said and read again they are the same, and no words at all raise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geo.hours import check_hours, read_hours, say_hours
from geo.hours.chinese.period import say_days

SEASONS = st.sampled_from(
    [
        ("May 01-Sep 30", "Oct 01-Apr 30"),
        ("Oct-Apr", "May-Sep"),
        ("Mar-May", "Jun-Aug", "Sep-Feb"),
        ("Apr 16-Jun 14", "Jun 15-Oct 09", "Oct 10-Apr 15"),
    ]
)
PIECES = st.sampled_from(
    [
        *[
            "周一至周五",
            "周六日",
            "周末",
            "工作日",
            "每天",
            "节假日",
            "每月第一个",
            "2月30日",
            "全年",
        ],
        *[
            "夏季",
            "冬季",
            "暑期",
            "7月-9月",
            "10月1日-次年4月30日",
            "其他时间",
            "2026年10月1日至7日",
        ],
        *["春节", "平时", "9:00-17:00", "8:30-12:00", "14:00-17:30", "上午9-11点", "22:00-6:00"],
        *[
            "24小时",
            "全天",
            "25:00",
            "次日",
            "早",
            "晚",
            "9",
            "点",
            "半",
            "十",
            "零",
            "①",
            "：",
            "-",
            "一",
        ],
        *[
            "闭馆",
            "休息",
            "除外",
            "照常开放",
            "不详",
            "下午休息",
            "延长至20:00",
            "开放",
            "除",
            "含",
            "仅",
        ],
        *["其他时间休息", "遇节假日顺延", "夜间刷身份证", "夜里12点到凌晨5点", "10月", "周六"],
        *["18:00-6:00", "6:00-18:00", "0:00-24:00", "13:00-20:00", "1:30-17:30", "周五，周六"],
        *["16:30停止入馆", "午休", "（", "）", "，", "；", "、", "", " "],
    ]
)


def say_minute(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


@st.composite
def times(draw: st.DrawFn) -> str:
    """Draw one to three spans, the last of them past midnight at times."""
    count = draw(st.integers(1, 3))
    marks = draw(
        st.lists(st.integers(0, 24 * 12), min_size=2 * count, max_size=2 * count, unique=True).map(
            sorted
        )
    )
    spans = [(marks[i] * 5, marks[i + 1] * 5) for i in range(0, 2 * count, 2)]
    start, _ = spans[-1]
    if start >= 960 and (spans[0][0] >= 60 or count == 1) and draw(st.booleans()):
        spans[-1] = (start, draw(st.integers(1, min(spans[0][0], 720) // 5)) * 5)
    return ",".join(f"{say_minute(start)}-{say_minute(end)}" for start, end in spans)


@st.composite
def weeks(draw: st.DrawFn) -> list[str]:
    """Draw rules for one to three groups of days that share none, some of them closed."""
    days = draw(st.permutations(range(7)))
    cuts = sorted(draw(st.sets(st.integers(1, 7), min_size=1, max_size=3)))
    groups = [days[start:end] for start, end in zip([0, *cuts], cuts, strict=False)]
    hours = draw(st.lists(times(), min_size=len(groups), max_size=len(groups), unique=True))
    closed = draw(st.sets(st.integers(1, 2)))
    rules = [
        (i in closed and len(groups) > 1, f"{say_days(frozenset(group))} ", text)
        for i, (group, text) in enumerate(zip(groups, hours, strict=True))
    ]
    opened = [f"{day}{text}".strip() for is_off, day, text in rules if not is_off]
    return opened + [f"{day}off" for is_off, day, _ in rules if is_off]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw weekly hours, for two or three seasons at times, with something said of holidays."""
    holidays = draw(st.sampled_from(["", "PH off", "PH 10:00-16:00"]))
    if draw(st.booleans()):
        rules = draw(weeks())
        is_every_day = rules[0][0].isdigit()
        if holidays.startswith("PH 1") and not (is_every_day or says_weekend(rules)):
            holidays = "PH off"  # beside hours of holidays a weekend not spoken of is unknown
    else:
        seasons = draw(SEASONS)
        hours = draw(st.lists(times(), min_size=len(seasons), max_size=len(seasons), unique=True))
        days = draw(st.sampled_from(["", "Mo-Fr ", "Tu-Su ", "Mo,We,Fr "]))
        rules = [f"{season} {days}{text}" for season, text in zip(seasons, hours, strict=True)]
        holidays = holidays if holidays != "PH 10:00-16:00" else ""
    return "; ".join(rules + [holidays] * bool(holidays))


def says_weekend(rules: list[str]) -> bool:
    said = [day for rule in rules for day in rule.split(" ")[0].replace("-", ",").split(",")]
    return "Sa" in said or "Su" in said


@given(osm=texts())
def test_hours_said_in_words_are_read_as_the_same_text(osm: str) -> None:
    check_hours(osm)
    expected = "24/7" if osm == "00:00-24:00" else osm
    assert read_hours(say_hours(osm)).osm == expected


@given(words=st.one_of(st.text(), st.lists(PIECES, max_size=9).map("".join)))
def test_any_words_are_read_and_what_is_certain_is_valid(words: str) -> None:
    found = read_hours(words)
    if found.status == "unknown":
        assert (found.osm, found.rest) == ("", words.strip())
    else:
        check_hours(found.osm)
        assert (found.rest == "") == (found.status == "ok")
        assert say_hours(found.osm)
        assert say_hours(found.osm, "en")


@given(osm=st.one_of(st.text(), st.text("MoTuSaPH Jul012459:-,;unkwoff/", max_size=40)))
def test_any_text_is_said_or_left(osm: str) -> None:
    assert isinstance(say_hours(osm), str)
    assert isinstance(say_hours(osm, "en"), str)
