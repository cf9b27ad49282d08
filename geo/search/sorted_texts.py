"""Texts in which any run of signs is found at once: their places in order of what follows.

A suffix array to a fixed depth: the first signs after each place are packed into one 64-bit number,
the places are sorted by it, and all places that begin with a word stand side by side. The signs of
a longer word beyond that depth are compared one by one.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from geo.search.fold import END

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Signs = NDArray[np.uint8] | NDArray[np.uint16]
    Numbers = NDArray[np.uint64]
    Places = NDArray[np.int32]

INSIDE: Final = 0  # where in its text a place is
WORD: Final = 1  # a word begins here
BEGIN: Final = 2  # the text begins here, or its core
WHERES: Final = 3
_KEY_BITS: Final = 64
_STRIDE: Final = 64  # every so many places the key is kept: a search begins between two of them


@dataclass(frozen=True)
class Sources:
    """What the texts of a set are, n texts."""

    row: NDArray[np.int32]  # (n,) of the thing
    of: NDArray[np.uint8]  # (n,) which of its texts
    head: NDArray[np.int32]  # (n,) signs at the begin that are a word for a station
    tail: NDArray[np.int32]  # (n,) and at the end

    def take(self, texts: NDArray[np.integer]) -> Sources:
        """Return some of them, in this order."""
        return Sources(self.row[texts], self.of[texts], self.head[texts], self.tail[texts])


class Hits(NamedTuple):
    """Where a word was found, m places."""

    row: NDArray[np.int32]  # (m,) of the thing
    tag: NDArray[np.uint8]  # (m,) WHERES * which text + INSIDE, WORD or BEGIN
    place: Places  # (m,) of the first sign

    def take(self, some: NDArray[np.bool_] | NDArray[np.intp]) -> Hits:
        """Return some of them."""
        return Hits(self.row[some], self.tag[some], self.place[some])


class SortedTexts:
    """Texts that do not change, and the places in them at which a word may begin.

    Parameters
    ----------
    signs : array, shape (m,), uint8 or uint16
        All texts, each ended by `END`.
    begins : array of bool, shape (m,)
        Where a word begins.
    entries : array of int, shape (k,)
        Places at which a search may begin.
    sources : Sources
        What the texts are.
    core : pair of arrays of int, shape (number of texts,)
        Places at which the core of each text, without words for a station, begins and ends.
    bits : int
        Of one sign; every sign is less than ``2 ** bits``.
    """

    def __init__(
        self,
        signs: Signs,
        begins: NDArray[np.bool_],
        entries: Places,
        sources: Sources,
        *,
        core: tuple[Places, Places],
        bits: int,
    ) -> None:
        self.depth = _KEY_BITS // bits
        self._bits = bits
        self._sources, (self._core_starts, core_ends) = sources, core
        self._ends = np.flatnonzero(signs == END).astype(np.int32)
        self._starts = starts_of(self._ends)
        self.signs = np.append(signs, np.zeros(self.depth + 1, dtype=signs.dtype))
        self.last = len(self.signs) - 1
        is_end = self.signs == END
        is_end[core_ends] = True
        self._is_end = np.packbits(is_end)  # of a text or its core
        keys = self._keys(entries)
        order = np.argsort(keys)
        self._places = entries[order]
        self._marks = keys[order[::_STRIDE]]
        del keys, order  # of 8 bytes a place
        signs_in = self._ends - self._starts + 1
        self._row = np.repeat(sources.row, signs_in)[self._places]
        tag = np.where(begins, np.uint8(WORD), np.uint8(INSIDE))
        tag[self._starts] = BEGIN
        tag[self._core_starts] = BEGIN
        tag += np.repeat(sources.of * np.uint8(WHERES), signs_in)
        self._tag = tag[self._places]

    def find(self, word: Signs) -> Hits:
        """Return where a word stands, in no order; nothing for an empty word."""
        return self.going_on(self.at(*self.range_of(word)), word, self.depth)

    def range_of(self, word: Signs) -> tuple[int, int]:
        """Return which of the sorted places begin with the first signs of a word."""
        if not len(word):
            return 0, 0
        head = word[: self.depth].tolist()
        view, length = memoryview(self.signs), len(head)  # type: ignore[arg-type]  # an array is one

        def signs_at(place: int) -> list[int]:
            found: list[int] = view[place : place + length].tolist()
            return found

        places = memoryview(self._places)  # type: ignore[arg-type]
        key = 0
        for sign in head:
            key = key << self._bits | sign
        rest = self._bits * (self.depth - length)
        low, high = np.uint64(key << rest), np.uint64(((key + 1) << rest) - 1)
        first = self._between(int(self._marks.searchsorted(low, side="left")))
        last = self._between(int(self._marks.searchsorted(high, side="right")))
        lo = bisect.bisect_left(places, head, *first, key=signs_at)
        return lo, bisect.bisect_right(places, head, *last, key=signs_at)

    def ranges(self, words: Sequence[bytes]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the same for many words of letters at once."""
        heads = b"".join(word[: self.depth].ljust(self.depth, b"\0") for word in words)
        signs = np.frombuffer(heads, dtype=np.uint8).reshape(-1, self.depth).astype(np.uint64)
        low = np.zeros(len(words), dtype=np.uint64)
        for nth in range(self.depth):
            low = low << np.uint64(self._bits) | signs[:, nth]
        rest = np.array([max(self.depth - len(word), 0) for word in words], dtype=np.uint64)
        high = low + ((np.uint64(1) << rest * np.uint64(self._bits)) - np.uint64(1))
        first = self._bisect(low, is_after=False)
        last = first.copy()
        there = np.flatnonzero(first < len(self._places))
        there = there[self._keys(self._places[first[there]]) <= high[there]]
        last[there] = self._bisect(high[there], is_after=True)
        return first, last

    def at(self, first: int, last: int) -> Hits:
        """Return a range of the sorted places."""
        part = slice(first, last)
        return Hits(self._row[part], self._tag[part], self._places[part])

    def going_on(self, hits: Hits, word: Signs, known: int) -> Hits:
        """Return the hits at which the signs of a word from number ``known`` on stand as well."""
        for nth in range(known, len(word)):
            same = self._sign(hits.place, nth) == word[nth]
            hits = hits.take(same)
        return hits

    def hits_at(self, places: Places) -> Hits:
        """Return hits for places that are known already."""
        text = np.searchsorted(self._ends, places)
        begins = (places == self._starts[text]) | (places == self._core_starts[text])
        where = np.where(begins, np.uint8(BEGIN), np.uint8(INSIDE))
        tag = self._sources.of[text] * np.uint8(WHERES) + where
        return Hits(self._sources.row[text], tag, places)

    def wholes(self, hits: Hits, length: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return which hits of ``length`` signs are a whole text or core, and which the text."""
        first = np.flatnonzero(hits.tag % WHERES == BEGIN)
        end = hits.place[first] + length
        ends = self._is_end[end >> 3] >> (7 - (end & 7)).astype(np.uint8) & 1
        whole = first[ends == 1]
        place = hits.place[whole]
        starts = self._starts[np.searchsorted(self._ends, place)]
        return whole, (place == starts) & (self.signs[place + length] == END)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        parts = (
            self.signs,
            self._places,
            self._row,
            self._tag,
            self._marks,
            self._ends,
            self._is_end,
        )
        return sum(part.nbytes for part in parts)

    def _sign(self, places: Places, nth: int) -> Signs:
        found: Signs = self.signs[np.minimum(places + nth, self.last)]
        return found

    def _keys(self, places: NDArray[np.integer]) -> Numbers:
        keys = np.zeros(len(places), dtype=np.uint64)
        bits = np.uint64(self._bits)
        for nth in range(self.depth):
            keys <<= bits
            keys |= self.signs[places + nth]
        return keys

    def _between(self, mark: int) -> tuple[int, int]:
        """Return the places between a mark and the one before."""
        return max((mark - 1) * _STRIDE, 0), min(mark * _STRIDE, len(self._places))

    def _bisect(self, keys: Numbers, *, is_after: bool) -> NDArray[np.int64]:
        """Return how many of the sorted places have a key below each (or equal to it)."""
        side: Literal["left", "right"] = "right" if is_after else "left"
        mark = np.searchsorted(self._marks, keys, side=side)
        low = np.maximum((mark - 1) * _STRIDE, 0)
        high = np.minimum(mark * _STRIDE, len(self._places))
        while (open_ := np.flatnonzero(low < high)).size:
            middle = (low[open_] + high[open_]) // 2
            found = self._keys(self._places[middle])
            below = found <= keys[open_] if is_after else found < keys[open_]
            low[open_[below]] = middle[below] + 1
            high[open_[~below]] = middle[~below]
        return low


def starts_of(ends: Places) -> Places:
    """Return where the texts begin that end at some places, one after the other."""
    return np.append(np.int32(0), ends[:-1] + 1).astype(np.int32)[: len(ends)]
