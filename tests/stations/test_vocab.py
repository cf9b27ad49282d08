"""The vocabularies are complete, unambiguous, and agree with the schema."""

from __future__ import annotations

import pytest

from geo.coords import DATUMS
from geo.errors import InvalidOptionError
from geo.stations import FIELDS
from geo.vocab import load_spellings, load_vocab

NAMES = sorted({field.vocab for field in FIELDS if field.vocab} | {"amenity_group"})


@pytest.mark.parametrize("name", NAMES)
def test_no_two_words_share_a_spelling(name: str) -> None:
    words = load_vocab(name).values()
    spelled = [
        {w.code, w.zh.casefold(), w.en.casefold(), *map(str.casefold, w.also)} for w in words
    ]
    assert sum(map(len, spelled)) == len(load_spellings(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_word_has_a_chinese_and_an_english_name(name: str) -> None:
    assert all(word.zh and word.en for word in load_vocab(name).values())


def test_every_amenity_is_in_a_group_and_no_group_is_empty() -> None:
    assert {word.group for word in load_vocab("amenity").values()} == set(
        load_vocab("amenity_group")
    )


def test_datum_words_are_those_coords_converts() -> None:
    assert tuple(load_vocab("datum")) == DATUMS


def test_defaults_are_words_of_their_vocabulary() -> None:
    assert all(field.default in load_vocab(field.vocab) for field in FIELDS if field.default)


@pytest.mark.parametrize("name", ["nothing", "../errors", ""])
def test_refuses_an_unknown_vocabulary(name: str) -> None:
    with pytest.raises(InvalidOptionError, match="no vocabulary is called"):
        load_vocab(name)
