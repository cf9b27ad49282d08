"""The one-line answer: every state, as it is said now and for another time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from geo.hours import Timetable
from geo.nearest.arrival import judge_arrival
from webmap.answers import say_answer

if TYPE_CHECKING:
    from flask import Flask

DAY = "Mo-Su 08:30-20:00"


def moment(text: str) -> dt.datetime:
    """Return a local moment; without a date it is on Monday 2 March 2026."""
    return dt.datetime.fromisoformat(f"{text if '-' in text else f'2026-03-02T{text}'}+08:00")


def said(
    app: Flask,
    hours: str,
    at: str,
    *,
    way_min: int = 9,
    is_now: bool = True,
    locked: int | None = None,
    lang: str = "zh",
) -> str:
    """Return the line for a worker who sets out at a moment; locked: so many minutes before."""
    start = moment(at)
    locked_at = None if locked is None else start - dt.timedelta(minutes=locked)
    found = judge_arrival(
        hours, start, start + dt.timedelta(minutes=way_min), is_locked=locked is not None
    )
    with app.test_request_context(f"/?lang={lang}"):
        return say_answer(found, Timetable(hours), start, is_now=is_now, locked_at=locked_at)


@pytest.mark.parametrize(
    ("hours", "at", "line"),
    [
        ("24/7", "10:00", "开着，24 小时都能进"),
        (DAY, "10:00", "现在开着，今天 20:00 关门"),
        (DAY, "19:35", "现在开着，你 9 分钟后到，25 分钟后关门"),
        (DAY, "08:18", "12 分钟后开门"),
        (DAY, "19:55", "你到之前就关了，明早 8:30 再开"),
        (DAY, "22:10", "关着，明早 8:30 开门"),
        ("off", "10:00", "关着"),
        ("", "10:00", "时间不详"),
        ("Mo-Fr 09:00-17:00", "2026-10-02T10:00", "时间不详：国庆节放假，开不开没说"),
        ("Mo-Fr 09:00-17:00", "2026-10-10T10:00", "时间不详：国庆节调休上班，开不开没说"),
        ("Mo-Fr 09:00-17:00", "2027-01-01T10:00", "时间不详：这天放不放假还没公布"),
    ],
)
def test_line_of_each_state(app: Flask, hours: str, at: str, line: str) -> None:
    assert said(app, hours, at) == line


def test_one_before_the_door_is_not_told_when_he_will_be_there(app: Flask) -> None:
    assert said(app, DAY, "19:35", way_min=0) == "现在开着，25 分钟后关门"


@pytest.mark.parametrize(
    ("at", "line"),
    [
        ("10:00", "开着，今天 20:00 关门"),
        ("19:35", "开着，今天 20:00 关门"),
        ("08:18", "快开了，今天 8:30 开门"),
    ],
)
def test_another_time_is_said_by_the_clock(app: Flask, at: str, line: str) -> None:
    assert said(app, DAY, at, is_now=False) == line


@pytest.mark.parametrize(
    ("minutes", "line"),
    [
        (20, "刚才有人报锁门"),
        (125, "2 小时前有人报锁门"),
        (60 * 49, "2 天前有人报锁门"),
        (-5, "有人报锁门"),
    ],
)
def test_a_locked_door_is_told_with_its_age(app: Flask, minutes: int, line: str) -> None:
    assert said(app, DAY, "10:00", locked=minutes) == line


def test_lines_are_said_in_english_as_well(app: Flask) -> None:
    lines = [said(app, DAY, at, lang="en") for at in ("10:00", "19:35", "08:18", "19:55", "22:10")]
    assert all(line.isascii() for line in lines)
    assert len(set(lines)) == len(lines)
