"""What people type and what they mean by it: nearly 300 questions with the expected first hit.

``standin.csv`` is hand-made; the others ask for stations of the demo.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.search.shelves import DEMO, HERE, Shelved

TABLES = {"questions.tsv": HERE / "standin.csv", "questions_demo.tsv": DEMO}


@cache
def shelved(name: str) -> Shelved:
    return Shelved(TABLES[name])


def questions() -> list[tuple[str, str, str]]:
    """Return file, words and expected code of each question; no code: nothing is found."""
    found = []
    for name in TABLES:
        for line in (HERE / name).read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                words, code = line.split("\t")
                found.append((name, words, code))
    return found


def test_there_are_two_hundred_questions() -> None:
    assert len(questions()) >= 200


@pytest.mark.parametrize(("table", "words", "code"), questions())
def test_the_first_hit_is_what_was_meant(table: str, words: str, code: str) -> None:
    found, _ = shelved(table).ask(words)
    assert found[:1] == ([code] if code else [])


@pytest.mark.parametrize(
    ("words", "is_guess"),
    [
        ("隆福寺", False),
        ("longfusi", False),
        ("lfs", False),
        ("东城区隆福寺", False),
        ("龙福寺", True),
        ("longfisi", True),
    ],
)
def test_a_slip_is_said_to_be_a_guess(words: str, *, is_guess: bool) -> None:
    assert shelved("questions.tsv").ask(words)[1] is is_guess


@pytest.mark.parametrize(
    "words", ["", "驿站", "爱心驿站", "工会户外劳动者服务站点", "附近的驿站", "yizhan"]
)
def test_a_word_for_a_station_alone_finds_all_in_their_order(words: str) -> None:
    stations = shelved("questions.tsv")
    assert stations.ask(words) == (stations.codes, False)
