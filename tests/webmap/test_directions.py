"""A way in plain words, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

import pytest

from geo.nearest.directions import Turn
from geo.network.names import NAMELESS, Street
from tests.nearest.test_directions import way_of
from webmap.directions import say_length, say_lines

if TYPE_CHECKING:
    from flask import Flask

    from geo.nearest import Way

NAMED: Final = Street("澄江大街", "Chengjiang Avenue")
CHINESE: Final = Street("钱粮胡同", "")


def texts(app: Flask, way: Way, lang: str = "zh") -> list[str]:
    with app.test_request_context(f"/?lang={lang}"):
        return [line.text.replace("\u00a0", " ") for line in say_lines(way)]


def test_a_way_is_told_as_one_would(app: Flask) -> None:
    way = way_of([(0, 0), (204, 0), (204, 300), (190, 300)], [NAMELESS, NAMED, None])
    assert texts(app, way) == [
        "往东走 200 米",
        "左转，沿澄江大街走 320 米",
        "到了，在左手边",
    ]


def test_the_metres_of_the_lines_sum_to_the_way_as_it_is_said(app: Flask) -> None:
    way = way_of([(0, 0), (104, 0), (104, 104), (208, 104), (208, 208)])  # 416 m
    said = [int(text.split("走 ")[1].removesuffix(" 米")) for text in texts(app, way)[:-1]]
    assert sum(said) == 420


def test_a_street_without_an_english_name_is_marked_as_chinese(app: Flask) -> None:
    way = way_of([(0, 0), (400, 0), (400, 400)], [CHINESE, NAMED])
    with app.test_request_context("/?lang=en"):
        first, second, arrived = say_lines(way)
    assert (first.street, first.is_local) == ("钱粮胡同", True)
    assert (second.street, second.is_local) == ("Chengjiang Avenue", False)
    assert first.street in first.text
    assert not arrived.street


@pytest.mark.parametrize("street", [NAMELESS, NAMED])
def test_every_turn_has_words(app: Flask, street: Street) -> None:
    ends = {
        "slight_left": (540, 140), "left": (400, 200), "sharp_left": (230, 160), "back": (200, 10),
        "slight_right": (540, -140), "right": (400, -200), "sharp_right": (230, -160),
    }  # fmt: skip
    said = {
        turn: texts(app, way_of([(0, 0), (400, 0), end], [NAMELESS, street]))[1]
        for turn, end in ends.items()
    }
    straight = way_of([(0, 0), (400, 0), (800, 0)], [CHINESE, NAMED])
    said["straight"] = texts(app, straight)[1]
    assert {"start", *said} == set(get_args(Turn))
    assert len(set(said.values())) == len(said)
    assert all("米" in text for text in said.values())
    if street.name:
        assert all(street.name in text for text in said.values())


@pytest.mark.parametrize(
    ("metres", "mode", "said"),
    [
        (620, "walk", "步行 9 分钟，620 米"),
        (620, "ride", "骑车 3 分钟，620 米"),
        (1234, "walk", "步行 19 分钟，1.2 公里"),
        (3, "walk", "步行 1 分钟，10 米"),
        (30000, "ride", "骑车 2.5 小时，30.0 公里"),
    ],
)
def test_a_length_is_minutes_first(app: Flask, metres: float, mode: str, said: str) -> None:
    with app.test_request_context("/"):
        assert say_length(metres, mode) == said  # type: ignore[arg-type]  # one of the two
