"""The texts of many things, to be found by signs, by pinyin, by initials, and with a slip."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.search.fold import fold_texts
from geo.search.levels import GUESS, INITIALS, MISS, PINYIN, SIGNS, Of
from geo.search.slips import slips_in_letters, slips_in_signs
from geo.search.sorted_texts import Sources
from geo.search.spelling import spell, variants
from geo.search.station_words import ends_of
from geo.search.text_set import in_letters, in_signs, letters_of, signs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from geo.search.fold import Folded
    from geo.search.sorted_texts import Hits
    from geo.search.text_set import TextSet

    Ranks = NDArray[np.uint16]
    Found = tuple[TextSet, Hits, int]  # hits of so many signs each

_MOST_SOUNDS: Final = 4  # readings of a typed word that are tried


@dataclass(slots=True)
class Pile:
    """Texts to be shelved, one after the other."""

    texts: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # their pinyin
    rows: list[int] = field(default_factory=list)  # whose they are
    of: list[int] = field(default_factory=list)

    def add(self, text: str, line: str, row: int, of: Of) -> None:
        """Add one text of a thing."""
        self.texts.append(text)
        self.lines.append(line)
        self.rows.append(row)
        self.of.append(of)


class Shelf:
    """The texts of ``size`` things; it does not change."""

    def __init__(self, pile: Pile, size: int) -> None:
        self.size = size
        folded = fold_texts(pile.texts)
        of = np.array(pile.of, dtype=np.uint8)
        sources = Sources(np.array(pile.rows, dtype=np.int32), of, *_station_words(folded, of))
        self._signs = in_signs(folded, sources, SIGNS)
        self._pinyin, self._initials = in_letters(pile.lines, sources, PINYIN, INITIALS)

    def find(self, word: str) -> Ranks | None:
        """Return the rank of each thing for a folded word, shape (size,); None if all missed."""
        signs, letters = signs_of(word), letters_of(word)
        return self._ranked([
            (self._signs, self._signs.texts.find(signs), len(signs)),
            (self._pinyin, self._pinyin.texts.find(letters), len(letters)),
            (self._initials, self._initials.texts.find(letters), len(letters)),
        ])  # fmt: skip

    def guess(self, word: str) -> Ranks | None:
        """Return the same for a word with one slip, or one that sounds alike."""
        return self._ranked(self._alike(word), more=GUESS)

    def _alike(self, word: str) -> Iterator[Found]:
        """Find what is like a word.

        Yields
        ------
        Found
            Hits, and where they are.
        """
        if len(letters := letters_of(word)):
            for hits, length in slips_in_letters(self._pinyin.texts, letters):
                yield self._pinyin, hits, length
        else:
            for line in variants(spell(word))[:_MOST_SOUNDS]:
                letters = letters_of(line.replace(" ", ""))
                yield self._pinyin, self._pinyin.texts.find(letters), len(letters)
        for hits, length in slips_in_signs(self._signs.texts, signs_of(word)):
            yield self._signs, hits, length

    def _ranked(self, found: Iterable[Found], *, more: int = 0) -> Ranks | None:
        """Turn hits into the best rank of each thing."""
        best = None
        for texts, hits, length in found:
            if len(hits.row):
                if best is None:
                    best = np.full(self.size, MISS, dtype=np.uint16)
                texts.mark(best, hits, length, more=more)
        return best

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(part.texts.nbytes for part in (self._signs, self._pinyin, self._initials))


def _station_words(
    folded: Folded, of: NDArray[np.uint8]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return how many signs of each name or alias are words for a station, at begin and end."""
    head, tail = np.zeros(len(of), np.int32), np.zeros(len(of), np.int32)
    texts = folded.units.astype("<u2").tobytes().decode("utf-16-le", errors="replace").split("\0")
    for number in np.flatnonzero(of <= Of.ALIAS).tolist():
        head[number], tail[number] = ends_of(texts[number])
    return head, tail
