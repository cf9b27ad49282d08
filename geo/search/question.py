"""What somebody typed, read as words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo.search.fold import fold_words
from geo.search.station_words import split_off

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_SIGNS: Final = 80
MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Question:
    """Words that are all to be found, as they stand and without the words for a station."""

    words: tuple[str, ...]
    core: tuple[str, ...]  # () where nothing is left: every station is meant
    single: tuple[str, ...]  # of ``core``, words of letters as they were parted by spaces

    @property
    def means_all(self) -> bool:
        """Whether nothing is asked for but a station."""
        return not self.core


def read_question(text: str) -> Question:
    """Read what somebody typed; words of letters beside each other are one: ``long fu si``."""
    words = fold_words(text[:MOST_SIGNS])[:MOST_WORDS]
    joined = tuple(word[:MOST_SIGNS] for word in _joined(words))  # one sign may fold into several
    stripped = [(word, split_off(word)) for word in joined]
    core = tuple(part for _, parts in stripped for part in parts)
    single = tuple(part for word in words for part in split_off(word))
    return Question(tuple(word for word, parts in stripped if parts), core, single)


def _joined(words: Iterable[str]) -> Iterable[str]:
    """Join words of letters that follow each other.

    Yields
    ------
    str
        The words.
    """
    run = ""
    for word in words:
        if word.isascii():
            run += word
            continue
        if run:
            yield run
        run = ""
        yield word
    if run:
        yield run
