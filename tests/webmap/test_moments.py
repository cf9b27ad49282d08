"""Times and ages as people say them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from webmap.moments import now, say_age, say_moment

if TYPE_CHECKING:
    from flask import Flask

ZONE = ZoneInfo("Asia/Shanghai")
AT = dt.datetime(2026, 3, 2, 19, 30, tzinfo=ZONE)  # a Monday


def local(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        (local(2, 20), "今天 20:00", "today 20:00"),
        (local(3, 0), "今晚 12 点", "midnight"),
        (local(3, 0, 30), "明天凌晨 0:30", "tomorrow 0:30"),
        (local(3, 8, 30), "明早 8:30", "tomorrow 8:30"),
        (local(3, 14), "明天 14:00", "tomorrow 14:00"),
        (local(4, 8, 30), "周三 8:30", "Wed 8:30"),
        (local(9, 8, 30), "3 月 9 日 8:30", "9 Mar 8:30"),
    ],
)
def test_a_moment_is_said_as_people_say_it(
    app: Flask, moment: dt.datetime, zh: str, en: str
) -> None:
    for lang, words in (("zh", zh), ("en", en)):
        with app.test_request_context(f"/?lang={lang}"):
            assert say_moment(moment.astimezone(dt.UTC), AT.astimezone(dt.UTC)) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "今天"),
        (0, "今天"),
        (3, "3 天前"),
        (31, "31 天前"),
        (65, "2 个月前"),
        (400, "一年多以前"),
    ],
)
def test_an_age_is_said_in_days_then_months(app: Flask, days: int, words: str) -> None:
    with app.test_request_context("/"):
        assert say_age(AT.date() - dt.timedelta(days=days), AT.date()) == words


def test_now_is_the_minute_of_the_applications_clock(app: Flask) -> None:
    app.extensions["clock"] = lambda: dt.datetime(2026, 3, 2, 11, 30, 59, tzinfo=dt.UTC)
    with app.test_request_context("/"):
        assert now() == AT
        assert now().utcoffset() == dt.timedelta(hours=8)
