"""The week on the page of a station: bars, words, holidays, closures."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from geo.hours import Timetable, state_at
from webmap.week import Day, Week, make_week

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.webmap.conftest import Save

moment = dt.datetime.fromisoformat

SUNDAY = moment("2026-11-22T14:50")
OFFICE = "Mo-Fr 08:30-12:00,13:30-17:30; PH off"
KINDS = {"staff": 1, "self": 1, "unknown": 2}


@pytest.fixture(autouse=True)
def request_in_chinese(app: Flask) -> Iterator[None]:
    """Let texts be said as to a visitor.

    Yields
    ------
    None
        While the request lasts.
    """
    with app.test_request_context("/?lang=zh"):
        yield


def week(
    hours: str, now: dt.datetime = SUNDAY, *, by_itself: str = "", until: dt.datetime | None = None
) -> Week:
    return make_week(Timetable(hours, by_itself), now, closed_until=until)


def kinds(day: Day) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.kind) for span in day.spans]


def test_seven_days_from_today_on_and_now_is_on_todays_bar_alone() -> None:
    days = week(OFFICE).days
    assert [day.date for day in days] == [SUNDAY.date() + dt.timedelta(days=n) for n in range(7)]
    assert [day.name for day in days] == ["今天", "明天", "", "", "", "", ""]
    assert (days[0].weekday, days[0].said) == ("周日", "11 月 22 日")
    assert [day.now_min for day in days] == [14 * 60 + 50, *[None] * 6]


def test_each_day_has_its_times_in_words() -> None:
    days = week(OFFICE).days
    assert days[0].words == ("休息",)
    assert days[1].words == ("8:30–12:00、13:30–17:30",)
    assert week("24/7").days[3].words == ("24 小时",)
    assert week("Mo-Su 10:00-18:00").days[0].words == ("10:00–18:00",)


def test_a_night_stands_on_the_days_on_which_it_falls() -> None:
    day = week("Sa 22:00-06:00").days
    assert kinds(day[0]) == [(0, 360, "staff")]  # the night of the Saturday before
    assert day[0].words == ("0:00–6:00",)
    assert kinds(day[6]) == [(1320, 1440, "staff")]


def test_self_service_is_told_from_staff_and_staff_goes_first() -> None:
    day = week("Mo-Su 08:00-20:00", by_itself="Mo-Su 18:00-06:00").days[1]
    assert kinds(day) == [(0, 360, "self"), (480, 1200, "staff"), (1200, 1440, "self")]
    assert day.words == ("8:00–20:00", "自助 0:00–6:00、20:00–24:00")
    assert week("Mo-Su 08:00-20:00", by_itself="24/7").days[1].words[1].startswith("自助")
    assert week("Mo-Su off", by_itself="24/7").days[1].words == ("自助 24 小时",)


def test_hours_that_are_not_sure_are_said_so() -> None:
    text = "Mo-Su 09:00-20:00, Mo-Su 08:00-09:00 unknown"
    day = week(text).days[1]
    assert kinds(day) == [(480, 540, "unknown"), (540, 1200, "staff")]
    assert day.words == ("9:00–20:00", "8:00–9:00 不一定开")
    assert week("").is_unknown
    assert not week(text).is_unknown
    assert week("", by_itself="Mo-Su 20:00-24:00").days[0].words == (
        "自助 20:00–24:00",
        "0:00–20:00 不一定开",
    )


@pytest.mark.parametrize("hours", [OFFICE, "22:00-06:00", "Mo-Fr 09:00-17:00", "Sa 20:00-04:00"])
@pytest.mark.parametrize("by_itself", ["", "Mo-Su 17:30-08:30", "Fr 22:00-02:00"])
def test_the_bars_say_what_the_engine_says(hours: str, by_itself: str) -> None:
    for now in (SUNDAY, moment("2026-09-29T00:00"), moment("2026-12-29T00:00")):
        for day in week(hours, now, by_itself=by_itself).days:
            midnight = dt.datetime.combine(day.date, dt.time())
            for minute in range(0, 1440, 15):
                said = [KINDS[kind] for start, end, kind in day.spans if start <= minute < end]
                at = midnight + dt.timedelta(minutes=minute)
                state = state_at(Timetable(hours, by_itself), at)
                assert said == ([state] if state else [])


def test_special_days_are_named_in_the_row() -> None:
    days = week(OFFICE, moment("2026-10-05T09:00")).days
    special = {day.date.day: day.special for day in days}
    assert special[7] == "国庆节放假"
    assert special[8] == ""
    assert special[10] == "国庆节调休上班"
    words = {day.date.day: day.words for day in days}
    assert words[7] == ("休息",)
    assert words[10] == ("8:30–12:00、13:30–17:30",)


def test_holidays_of_six_weeks_are_named_with_what_is_known_of_them() -> None:
    ahead = week("Mo-Fr 09:00-17:00", moment("2026-09-01T09:00")).ahead
    assert [(days.name, days.days) for days in ahead] == [
        ("国庆节调休上班", "9 月 20 日"),
        ("中秋节放假", "9 月 25 日–27 日"),
        ("国庆节放假", "10 月 1 日–7 日"),
        ("国庆节调休上班", "10 月 10 日"),
    ]
    assert {days.words for days in ahead} == {("时间不详，先打电话问问",)}
    daily = week("09:00-17:00", moment("2026-09-01T09:00"))
    assert {days.words for days in daily.ahead} == {("9:00–17:00",)}
    assert daily.unpublished is None


def test_holidays_with_different_hours_are_said_stretch_by_stretch() -> None:
    text = "09:00-17:00; 2026 Oct 01-2026 Oct 03 off"
    ahead = week(text, moment("2026-09-20T09:00")).ahead
    assert ahead[2].words == ("10 月 1 日–3 日 休息", "10 月 4 日–7 日 9:00–17:00")


def test_a_year_without_a_published_calendar_is_named() -> None:
    shown = week(OFFICE)
    (days,) = shown.ahead
    assert (days.name, days.days) == ("可能放假", "1 月 1 日–3 日")
    assert days.words == ("时间不详，先打电话问问",)
    assert shown.unpublished == 2027


def test_days_before_the_end_of_a_closure_are_shut() -> None:
    days = week("Mo-Su 09:00-17:00", until=moment("2026-11-24T12:00")).days
    assert [day.words for day in days[:4]] == [
        ("暂停开放",),
        ("暂停开放",),
        ("12:00 以前暂停开放", "12:00–17:00"),
        ("9:00–17:00",),
    ]
    assert [kinds(day) for day in days[:3]] == [[], [], [(720, 1020, "staff")]]


def page_of(client: FlaskClient, save: Save, **cells: str) -> str:
    save({"code": "A1", "name": "甲"} | cells)
    return client.get("/s/A1").text


def test_the_page_has_the_week_as_a_table_and_the_owners_words(
    client: FlaskClient, save: Save
) -> None:
    page = page_of(client, save, hours=OFFICE, hours_text="工作日上午下午都开")
    table = re.search(r'<table class="week".*?</table>', page, re.DOTALL)
    assert table
    assert table[0].count('<th role="rowheader" scope="row">') == 7
    assert "8:30–12:00、</span>" in table[0]
    assert "店里写的：<q>工作日上午下午都开</q>" in page
    assert not re.search(r"\sstyle=|\son\w+=", page)


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"hours": "24/7", "status": "planned"},
        {"hours": "24/7", "status": "temporarily_closed"},
        {"hours": "08:00+"},
    ],
)
def test_without_anything_known_there_is_no_week(
    client: FlaskClient, save: Save, cells: dict[str, str]
) -> None:
    assert '<table class="week"' not in page_of(client, save, **cells)


def test_a_closure_with_an_end_has_a_week_and_one_that_is_over_is_not_spoken_of(
    client: FlaskClient, save: Save, app: Flask
) -> None:
    app.extensions["clock"] = lambda: dt.datetime(2026, 11, 22, 6, tzinfo=dt.UTC)
    closure = {"hours": "24/7", "status": "temporarily_closed"}
    shut = page_of(client, save, **closure, status_until="2026-11-25T08:00+08:00")
    assert "，到 11 月 25 日" in shut
    assert "8:00 以前暂停开放" in shut
    over = page_of(client, save, **closure, status_until="2026-11-22T08:00+08:00")
    assert "暂停开放" not in over
    assert "24 小时" in over
