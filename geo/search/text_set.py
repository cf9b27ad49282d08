"""The texts of many things as they are searched: in signs, in pinyin, or by initials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.search.fold import END, Folded, to_units
from geo.search.levels import Levels, Of
from geo.search.sorted_texts import WHERES, SortedTexts, starts_of
from geo.search.spelling import variants

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geo.search.sorted_texts import Hits, Signs, Sources

    Ranks = NDArray[np.uint16]

_UNIT_BITS: Final = 16
_LETTER_BITS: Final = 6
_LETTERS: Final = b"abcdefghijklmnopqrstuvwxyz0123456789"
_OTHER: Final = 63  # what is no letter
_SPACE, _BREAK = ord(" "), ord("\n")


@dataclass(frozen=True)
class TextSet:
    """Texts, and what a hit in them is worth."""

    texts: SortedTexts
    levels: NDArray[np.uint16]  # (kinds of text, 5), see `Levels`

    def mark(self, best: Ranks, hits: Hits, length: int, *, more: int = 0) -> None:
        """Lower the ranks of the rows that were hit by ``length`` signs, in place."""
        level = self.levels[:, :WHERES].ravel()[hits.tag]
        whole, is_text = self.texts.wholes(hits, length)
        column = np.where(is_text, Levels._fields.index("whole"), Levels._fields.index("core"))
        level[whole] = self.levels[hits.tag[whole] // WHERES, column]
        np.minimum.at(best, hits.row, level + np.uint16(more))


def signs_of(word: str) -> Signs:
    """Return a folded word as texts in signs hold it."""
    return to_units(word)


def letters_of(word: str) -> Signs:
    """Return a word of a-z and digits as texts in letters hold it; empty for any other word."""
    numbers = _numbers()[np.frombuffer(word.encode("utf-8"), dtype=np.uint8)]
    return numbers[:0] if (numbers == _OTHER).any() else numbers


def in_signs(folded: Folded, sources: Sources, levels: Mapping[Of, Levels]) -> TextSet:
    """Return texts to be found by any run of their signs."""
    ends = np.flatnonzero(folded.units == END).astype(np.int32)
    texts = SortedTexts(
        folded.units,
        folded.begins,
        np.flatnonzero(folded.units != END).astype(np.int32),
        sources,
        core=(starts_of(ends) + sources.head, ends - sources.tail),
        bits=_UNIT_BITS,
    )
    return TextSet(texts, _table(levels))


def in_letters(
    lines: Sequence[str],
    sources: Sources,
    pinyin: Mapping[Of, Levels],
    initials: Mapping[Of, Levels],
) -> tuple[TextSet, TextSet]:
    """Return spelled texts to be found by their pinyin, and by their initials.

    A search begins where a syllable does; it may end inside one.
    """
    read, which = _read_all(lines)
    sources = sources.take(which)
    signs, begins = _syllables("\n".join([*read, ""]))
    del read, which
    texts = _lettered(signs, begins, sources)
    short = begins | (signs == END)
    heads = signs[short]
    found = np.isin(sources.of, np.array(list(initials), dtype=np.uint8))
    few = np.repeat(found, np.diff(np.append(0, np.flatnonzero(heads == END) + 1)))
    some = sources.take(np.flatnonzero(found))
    firsts = _lettered(heads[few], heads[few] != END, some)
    return TextSet(texts, _table(pinyin)), TextSet(firsts, _table(initials))


def _syllables(lines: str) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return the letters of spelled lines, each line ended by END, and where syllables begin."""
    raw = np.frombuffer(lines.encode("ascii"), dtype=np.uint8)
    kept = raw != _SPACE
    begins = np.ones(len(raw), dtype=np.bool_)
    begins[1:] = (raw[:-1] == _SPACE) | (raw[:-1] == _BREAK)
    begins &= raw != _BREAK
    return _numbers()[raw[kept]], begins[kept]


def _read_all(lines: Sequence[str]) -> tuple[list[str], NDArray[np.intp]]:
    """Return every reading of every line, and the number of the line."""
    read: list[str] = []
    which: list[int] = []
    for number, line in enumerate(lines):
        if "/" in line:
            several = variants(line)
            read += several
            which += [number] * len(several)
        else:
            read.append(line)
            which.append(number)
    return read, np.array(which, dtype=np.intp)


def _lettered(signs: Signs, begins: NDArray[np.bool_], sources: Sources) -> SortedTexts:
    """Return texts of letters; ``begins`` are the syllables."""
    entries = np.flatnonzero(begins).astype(np.int32)
    ends = np.flatnonzero(signs == END).astype(np.int32)
    first = np.searchsorted(entries, starts_of(ends))
    count = np.searchsorted(entries, ends) - first
    is_cut = sources.head + sources.tail < count
    last = first + count - sources.tail
    padded = np.append(entries, len(signs))
    core_starts = padded[np.where(is_cut, first + sources.head, first)]
    core_ends = np.where(is_cut & (sources.tail > 0), padded[last], ends)
    core_starts = np.where(count > 0, core_starts, ends)
    return SortedTexts(
        signs,
        np.zeros(len(signs), dtype=np.bool_),
        entries,
        sources,
        core=(core_starts.astype(np.int32), core_ends.astype(np.int32)),
        bits=_LETTER_BITS,
    )


def _numbers() -> NDArray[np.uint8]:
    """Return the number of each byte."""
    table = np.full(256, _OTHER, dtype=np.uint8)
    table[_BREAK] = END
    table[np.frombuffer(_LETTERS, dtype=np.uint8)] = np.arange(1, len(_LETTERS) + 1)
    return table


def _table(levels: Mapping[Of, Levels]) -> NDArray[np.uint16]:
    table = np.zeros((len(Of), len(Levels._fields)), dtype=np.uint16)
    for of, row in levels.items():
        table[of] = row
    return table
