"""Hits and slips against a plain look at every place of every text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geo.search import MISS, read_question
from geo.search.slips import slips_in_letters, slips_in_signs
from geo.search.text_set import letters_of, signs_of
from tests.search.shelves import names_index

WORDS = st.text("甲乙丙丁", min_size=1, max_size=9)
NAMES = st.lists(st.text("甲乙丙丁", min_size=1, max_size=12), min_size=1, max_size=12)


def one_slip_away(word: str, letters: str) -> set[str]:
    """Return the words with one sign less, one more, another, or two changed places."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    fewer = {a + b[1:] for a, b in cuts if b}
    more = {a + letter + b for a, b in cuts for letter in letters}
    other = {a + letter + b[1:] for a, b in cuts if b for letter in letters}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    return (fewer | more | other | swapped) - {""}


@given(NAMES, WORDS)
def test_a_word_is_found_where_it_stands_and_nowhere_else(names: list[str], word: str) -> None:
    ranks = names_index(*names)._find(word)  # noqa: SLF001 - one word, not read as a question
    hits = [False] * len(names) if ranks is None else (ranks < MISS).tolist()
    assert hits == [word in name for name in names]


@given(NAMES, st.text("甲乙丙丁", min_size=3, max_size=9))
def test_a_word_with_one_slip_is_found_and_nothing_that_is_further_off(
    names: list[str], word: str
) -> None:
    texts = names_index(*names)._shelf._signs.texts  # noqa: SLF001
    found = {row for hits, _ in slips_in_signs(texts, signs_of(word)) for row in hits.row.tolist()}
    near = one_slip_away(word, "甲乙丙丁") | {word}
    assert found | rows_with({word}, names) == rows_with(near, names)


@given(
    st.lists(st.text("abcd", min_size=1, max_size=16), min_size=1, max_size=8),
    st.text("abcd", min_size=5, max_size=14),
)
def test_letters_with_one_slip_are_found(names: list[str], word: str) -> None:
    texts = names_index(*names)._shelf._pinyin.texts  # noqa: SLF001  # each letter is a syllable
    found = {
        row for hits, _ in slips_in_letters(texts, letters_of(word)) for row in hits.row.tolist()
    }
    near = one_slip_away(word, "abcd") | {word}
    assert found | rows_with({word}, names) == rows_with(near, names)


def rows_with(words: set[str], names: list[str]) -> set[int]:
    """Return the numbers of the names that hold one of some words."""
    return {row for row, name in enumerate(names) if any(word in name for word in words)}


@given(st.lists(st.sampled_from(["dong si", "xi an", "long fu si", "da xing"]), max_size=4))
def test_pinyin_begins_where_a_syllable_does(lines: list[str]) -> None:
    signs = {"dong si": "东四", "xi an": "西安", "long fu si": "隆福寺", "da xing": "大兴"}
    index = names_index(*(signs[line] for line in lines))
    for word in ("ongsi", "gfus", "axing"):
        assert (index.ranks(read_question(word)) == MISS).all()
    hits = index.ranks(read_question("longf")) < MISS
    assert hits.tolist() == [line == "long fu si" for line in lines]
