"""The index: from what was typed to the rank of every thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.search.levels import MISS, PARTS, Of
from geo.search.shelf import Pile, Shelf
from geo.search.spelling import spell, spell_cells
from geo.search.station_words import trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from geo.search.question import Question

    Ranks = NDArray[np.uint16]

_LEAST_PART: Final = 2  # signs of each part of a word that is found in two


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of n things, in their order; all sequences are of length n."""

    names: Sequence[str]
    aliases: Sequence[str]  # several in a cell, parted by ;
    areas: Sequence[str]
    addresses: Sequence[str]
    spelled: Sequence[str]  # as `spell_cells` makes them; one that is none is made anew


class Index:
    """Things to be found by their names, aliases, areas and addresses.

    It does not change, and any number of threads may ask it.
    """

    def __init__(self, texts: Texts) -> None:
        self.size = len(texts.names)
        areas = {name: number for number, name in enumerate(dict.fromkeys(texts.areas))}
        self._area = np.array([areas[name] for name in texts.areas], dtype=np.int32)
        pile = _pile(texts)
        for name, number in areas.items():
            pile.add(name, spell(name), self.size + number, Of.AREA)
        self._shelf = Shelf(pile, self.size + len(areas))  # things, and behind them areas

    def ranks(self, question: Question) -> Ranks:
        """Return how well each thing answers: less is better, `MISS` is not at all.

        Parameters
        ----------
        question : Question
            One that means all stations is answered by every thing with 0.

        Returns
        -------
        array of uint16, shape (n,)
            Ranks, see ``geo.search.levels``.
        """
        if question.means_all:
            return np.zeros(self.size, dtype=np.uint16)
        best = self._all_of(question.core, self._find)
        if question.words != question.core:
            best = _better(best, self._all_of(question.words, self._find))
        if best is None:
            for words in _in_parts(question):
                best = _better(best, self._all_of(words, self._find, more=PARTS))
        return self._misses() if best is None else best

    def guesses(self, question: Question) -> Ranks:
        """Return the same with one slip forgiven in each word; to be asked when all missed."""
        best = self._all_of(question.core, self._find_or_guess)
        return self._misses() if best is None else best

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self._shelf.nbytes + self._area.nbytes

    def _misses(self) -> Ranks:
        return np.full(self.size, MISS, dtype=np.uint16)

    def _find(self, word: str) -> Ranks | None:
        return self._of_things(self._shelf.find(word))

    def _find_or_guess(self, word: str) -> Ranks | None:
        return _better(self._find(word), self._of_things(self._shelf.guess(word)))

    def _of_things(self, ranks: Ranks | None) -> Ranks | None:
        """Give what was found of areas to the things in them."""
        if ranks is None:
            return None
        things, areas = ranks[: self.size], ranks[self.size :]
        return np.minimum(things, areas[self._area]) if (areas < MISS).any() else things

    def _all_of(
        self, words: Sequence[str], ranks_of: Callable[[str], Ranks | None], *, more: int = 0
    ) -> Ranks | None:
        """Return the sums of the words' ranks where every word is found; None if nowhere."""
        total = None
        for word in words:
            ranks = ranks_of(word)
            if ranks is None:
                return None
            if total is None:
                total = np.where(ranks < MISS, ranks + np.uint16(more), ranks)
                continue
            is_found = (ranks < MISS) & (total < MISS)
            if not is_found.any():
                return None
            total = np.where(is_found, total + ranks, np.uint16(MISS))
        return total


def _better(one: Ranks | None, other: Ranks | None) -> Ranks | None:
    """Return the better ranks of two; None if both are."""
    if one is None or other is None:
        return other if one is None else one
    return np.minimum(one, other)


def _pile(texts: Texts) -> Pile:
    """Return names, aliases and addresses, each with its line of pinyin."""
    pile = Pile()
    cells = zip(texts.names, texts.aliases, texts.addresses, texts.spelled, strict=True)
    for row, (name, alias_cell, address, spelled) in enumerate(cells):
        aliases = [alias for alias in alias_cell.split(";") if alias.strip()] if alias_cell else []
        lines = spelled.split("\n")
        if len(lines) != len(aliases) + 2 or not spelled.isascii():
            lines = spell_cells(name, alias_cell, address).split("\n")
        pile.add(name, lines[0], row, Of.NAME)
        for alias, line in zip(aliases, lines[1:-1], strict=True):
            pile.add(alias, line, row, Of.ALIAS)
        if address:
            pile.add(address, lines[-1], row, Of.ADDRESS)
    return pile


def _in_parts(question: Question) -> Iterator[tuple[str, ...]]:
    """Read the words otherwise: letters as they were parted, then a word as two.

    Yields
    ------
    tuple of str
        Words that are all to be found.
    """
    if question.single != question.core:
        yield question.single
    begun = tuple(trimmed(word) for word in question.core)
    if begun != question.core:
        yield begun
    for place, word in enumerate(question.core):
        for cut in range(1, len(word)):
            head, tail = word[:cut], word[cut:]
            is_mixed = head.isascii() != tail.isascii()
            is_long = min(cut, len(tail)) >= _LEAST_PART and not word.isascii()
            if is_mixed or is_long:
                yield (*question.core[:place], head, tail, *question.core[place + 1 :])
