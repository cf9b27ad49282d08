"""Hours and vocabulary in the visitor's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from webmap.words import Hours, say_hours, say_word

if TYPE_CHECKING:
    from flask import Flask

SEASON = "Jul 01-Sep 30 09:00-18:00"
WEEKS = "week 1-10 Mo 09:00-18:00"  # beyond words
OWN = "工作日 9:00—17:00"


@pytest.mark.parametrize(
    ("hours", "own", "zh", "en"),
    [
        ("24/7", "", ("每天 24 小时", "zh"), ("24 hours, every day", "en")),
        ("Mo-Su 00:00-24:00", "", ("每天 24 小时", "zh"), ("24 hours, every day", "en")),
        ("09:00-18:00", "", ("每天 9:00–18:00", "zh"), ("Every day 9:00–18:00", "en")),
        (
            "Mo-Fr 08:30-11:00,13:30-17:00; PH off",
            "",
            ("周一至周五 8:30–11:00、13:30–17:00；节假日休息", "zh"),
            ("Mon–Fri 8:30–11:00, 13:30–17:00; closed on public holidays", "en"),
        ),
        (
            "Mo-Sa 09:00-20:00;Su,PH 10:00-18:00",
            "",
            ("周一至周六 9:00–20:00；周日、节假日 10:00–18:00", "zh"),
            ("Mon–Sat 9:00–20:00; Sun, public holidays 10:00–18:00", "en"),
        ),
        ("Mo-Fr 09:00-17:00", OWN, (OWN, "zh"), ("Mon–Fri 9:00–17:00", "en")),
        ("", OWN, (OWN, "zh"), (OWN, "zh")),
        (SEASON, "", ("7月1日至9月30日 9:00–18:00", "zh"), ("1 Jul–30 Sep: 9:00–18:00", "en")),
        (WEEKS, "", (WEEKS, ""), (WEEKS, "")),
        (WEEKS, OWN, (OWN, "zh"), (OWN, "zh")),
        ("", "", ("开放时间不详", "zh"), ("Hours not known", "en")),
    ],
)
def test_hours_are_said_in_both_languages(
    app: Flask, hours: str, own: str, zh: tuple[str, str], en: tuple[str, str]
) -> None:
    row = {"hours": hours, "hours_text": own}
    with app.test_request_context("/"):
        assert say_hours(row) == Hours(*zh)
    with app.test_request_context("/?lang=en"):
        assert say_hours(row) == Hours(*en)


def test_words_of_a_vocabulary_follow_the_language(app: Flask) -> None:
    with app.test_request_context("/"):
        assert say_word("kind", "service_point") == "服务点"
        assert say_word("kind", "no such kind") == ""
    with app.test_request_context("/?lang=en"):
        assert say_word("kind", "service_point") == "service point"
