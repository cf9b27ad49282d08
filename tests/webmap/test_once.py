"""A request that reads asks the store once; one that writes, and what has no request, each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from webmap.once import once

if TYPE_CHECKING:
    from flask import Flask


def _ask_twice() -> list[int]:
    asked: list[int] = []

    def ask() -> int:
        asked.append(1)
        return len(asked)

    return [once("what", ask), once("what", ask)]


@pytest.mark.parametrize(
    ("method", "answers"), [("GET", [1, 1]), ("HEAD", [1, 1]), ("POST", [1, 2])]
)
def test_a_request_that_reads_asks_once(app: Flask, method: str, answers: list[int]) -> None:
    with app.test_request_context("/", method=method):
        assert _ask_twice() == answers


def test_without_a_request_it_is_asked_each_time() -> None:
    assert _ask_twice() == [1, 2]


def test_the_next_request_asks_anew(app: Flask) -> None:
    asked: list[int] = []

    def ask() -> int:
        asked.append(1)
        return len(asked)

    for nth in (1, 2):
        with app.test_request_context("/"):
            assert once("what", ask) == nth
