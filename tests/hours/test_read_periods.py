"""Days, holidays, seasons and dates in words, and which hours belong to which."""

# ruff: noqa: RUF001 - full-width letters are what is read
from __future__ import annotations

import pytest

from geo.hours import read_hours

SUMMER_AND_WINTER = (
    "5月1日-9月30日：周一至周五 8:30-12:00；周六 9:00-11:00。10月1日-4月30日：周一至周六 9:00-12:00"
)
SUMMER_AND_WINTER_OSM = (
    "May 01-Sep 30 Mo-Fr 08:30-12:00; May 01-Sep 30 Sa 09:00-11:00; Oct 01-Apr 30 Mo-Sa 09:00-12:00"
)


@pytest.mark.parametrize(
    ("words", "osm"),
    [
        ("周一一周五 9:00-17:00", "Mo-Fr 09:00-17:00"),
        ("周1-5 9:00-17:00", "Mo-Fr 09:00-17:00"),
        ("周一、三、五 9:00-12:00", "Mo,We,Fr 09:00-12:00"),
        ("周五六点到九点", ""),  # in the morning?
        ("周五下午六点到九点", "Fr 18:00-21:00"),
        ("每周六天 9:00-17:00", ""),
        ("周一到周末 8:30-21:00", ""),
        ("週一至週五 09:00－18:00，週六日休息", "Mo-Fr 09:00-18:00; Sa-Su off"),
        ("周一 8:00-12:00\n周二 8:00-12:00\n周三 休息", "Mo-Tu 08:00-12:00; We off"),
        ("周一至周日 9:00-17:00（含节假日）", "09:00-17:00"),
        ("单号9:00-17:00 双号休息", ""),
    ],
)
def test_days_are_read(words: str, osm: str) -> None:
    assert read_hours(words).osm == osm


@pytest.mark.parametrize(
    ("words", "osm"),
    [
        ("8:30-17:30(周一至周五)9:00-17:00(周末)", "Mo-Fr 08:30-17:30; Sa-Su 09:00-17:00"),
        ("9:00-17:00 周一至周五 9:00-12:00 周六", "Mo-Fr 09:00-17:00; Sa 09:00-12:00"),
        ("9:00-17:00，周六9:00-12:00", "09:00-17:00; Sa 09:00-12:00; Su unknown"),
        ("周一至周五，周六 9:00-17:00", "Mo-Sa 09:00-17:00"),
        ("9:00-17:00，周一至周五，周六9:00-12:00", ""),
        ("8:30-17:30 周三 8:30-12:00", ""),
        ("9:00-17:00；周一", ""),
        ("8:30-17:30，周末开放", ""),  # at the weekend only, or too?
        ("周一至周五 9:00-17:00 周一 10:00-12:00", ""),
        ("对公：周一至周五9:00-17:00 对私：周一至周日9:00-17:00", ""),
    ],
)
def test_hours_go_with_their_period_in_one_clear_order_only(words: str, osm: str) -> None:
    assert read_hours(words).osm == osm


@pytest.mark.parametrize(
    ("words", "osm", "status"),
    [
        ("工作日9:00-17:00，周末休息", "Mo-Fr 09:00-17:00; Sa-Su off; PH off", "ok"),
        ("工作日9:00-17:00，周末10:00-16:00", "Mo-Fr 09:00-17:00; Sa-Su 10:00-16:00", "ok"),
        ("周一至周五 9:00-17:00（节假日照常）", "Mo-Fr 09:00-17:00", "partial"),
        ("9:00-17:00（节假日照常）", "09:00-17:00", "ok"),
        ("9:00-17:00，周一闭馆（节假日除外）", "09:00-17:00; Mo off; PH unknown", "partial"),
        ("周一至周五（法定节假日除外）9:00-17:00", "Mo-Fr 09:00-17:00; PH off", "ok"),
        ("8:00-20:00，春节闭馆", "08:00-20:00; PH unknown", "partial"),
        ("周一至周五 8:00-20:00，春节闭馆", "Mo-Fr 08:00-20:00", "partial"),
        ("节假日 9:00-17:00", "", "unknown"),
        ("春节期间9:00-16:00", "", "unknown"),
        ("节假日正常开放，9:00-17:00", "09:00-17:00", "ok"),
        ("节假日正常开放 9:00-17:00", "", "unknown"),
    ],
)
def test_holidays_are_what_the_words_say_of_them(words: str, osm: str, status: str) -> None:
    found = read_hours(words)
    assert (found.osm, found.status) == (osm, status)


@pytest.mark.parametrize(
    ("words", "osm"),
    [
        ("夏季（5月-9月）8:00-20:00，冬季（10月-4月）8:30-18:00",
         "May-Sep 08:00-20:00; Oct-Apr 08:30-18:00"),
        ("7-9月 8:00-22:00，其他时间8:00-20:00", "Jul-Sep 08:00-22:00; Oct-Jun 08:00-20:00"),
        (SUMMER_AND_WINTER, SUMMER_AND_WINTER_OSM),
        ("6月1日-10月1日 8:00-20:00 10月1日-6月1日 8:00-18:00",
         "Jun 01-Oct 01 08:00-20:00; Oct 01-Jun 01 08:00-18:00; Jun 01,Oct 01 unknown"),
        ("夏季（6-8月）9:00-21:00", "Jun-Aug 09:00-21:00; Sep-May unknown"),
        ("夏季9:00-19:00", ""),
        ("夏季9:00-12:00 冬季14:00-17:00", ""),  # nothing in common
        ("周一至周五9:00-17:00，7-9月8:00-20:00", ""),  # Monday to Friday then?
        ("2月30日-5月1日 9:00-17:00", ""),
        ("自2026年5月1日起 9:00-17:00", ""),
        ("9:00-17:00，10月1日至7日休息", "09:00-17:00; Oct 01-Oct 07 unknown"),  # this year's?
        ("9:00-17:00，每年10月1日至7日休息", "09:00-17:00; Oct 01-Oct 07 off"),
        ("8:00-20:00 (2026.10.1-10.7 休息)", "08:00-20:00; 2026 Oct 01-2026 Oct 07 off"),
        ("2026年12月25日至2027年1月3日闭馆，9:00-17:00",
         "09:00-17:00; 2026 Dec 25-2027 Jan 03 off"),
    ],
)  # fmt: skip
def test_seasons_and_dates_are_read(words: str, osm: str) -> None:
    assert read_hours(words).osm == osm


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        ("24小时响应", "24小时响应"),
        ("  工作日开放 ", "工作日开放"),
        ("", ""),
        ("冬春8:30-20:30 夏秋9:00-21:00", "冬春8:30-20:30；夏秋9:00-21:00"),
        ("8:00-18:00（夏季），8:30-17:30（冬季）", "8:00-18:00（夏季）；8:30-17:30（冬季）"),
        ("9:00-17:00（正常开放 暂无法借还）", "暂无法借还"),
        ("８：００－２０：００，春节休息", "春节休息"),
        (
            "9:00-17:00（16:30停止入馆），周六9:00-12:00",
            "9:00-17:00（16:30停止入馆），周六9:00-12:00",
        ),
    ],
)
def test_what_is_not_certain_is_quoted_word_for_word(words: str, rest: str) -> None:
    assert read_hours(words).rest == rest


@pytest.mark.parametrize(
    "words",
    [
        "8:00-20:00，以公告为准",
        "一楼9:00-17:00 二楼8:00-20:00",
        "24小时热水",
        "24小时服务热线12351",
        "8:00-20:00（搬迁中）",
        "热水供应7:00-9:00",
        "周一闭馆时间9:00-17:00",
        "仅对职工开放 9:00-17:00",
        "Mon-Fri 9:00-17:00",
        "①1楼9:00-17:00",
    ],
)
def test_words_that_may_change_the_hours_leave_nothing_certain(words: str) -> None:
    assert read_hours(words).status == "unknown"


def test_an_essay_is_not_read() -> None:
    assert read_hours("9:00-17:00" + " " * 990).status == "ok"
    assert read_hours("9:00-17:00" + " " * 991).status == "unknown"
