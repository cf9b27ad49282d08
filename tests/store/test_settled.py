"""Answered questions in the store: asked once, kept once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.store.settled import Question
from tests.store.frames import NOON

if TYPE_CHECKING:
    from geo.store import Store


def test_an_answer_is_kept_once_whichever_way_round_the_pair_stands(store: Store) -> None:
    pair = Question.of_pair("B", "A")
    assert store.settle([pair, pair], actor="lin", now=NOON) == 1
    assert store.settle([Question.of_pair("A", "B")], actor="wu", now=NOON) == 0
    assert store.settled_questions() == {pair}
    assert store.settle([], actor="lin", now=NOON) == 0


def test_a_position_that_moved_is_asked_about_again(store: Store) -> None:
    here = Question.of_position("water", "A", 116.4, 39.9)
    store.settle([here], actor="lin", now=NOON)
    assert here in store.settled_questions()
    assert Question.of_position("water", "A", 116.4, 39.90001) not in store.settled_questions()
    assert Question.of_position("water", "A", 116.4, 39.900000001) in store.settled_questions()


def test_an_answer_changes_no_station(store: Store) -> None:
    before = store.change_seq()
    store.settle([Question.of_pair("A", "B")], actor="lin", now=NOON)
    assert store.change_seq() == before
