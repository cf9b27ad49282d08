"""Words typed with one slip: a sign too many, too few, a wrong one, or two that changed places.

One slip leaves one half of a word whole, so that half is looked up and what is beside it compared.
Texts of letters are looked into only where a syllable begins: there a first half with a slip is
looked up in every form it may have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.search.fold import END

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.search.sorted_texts import Hits, Places, Signs, SortedTexts

_LEAST_LETTERS: Final = 4  # of what is looked up: fewer stand everywhere
_LEAST_SIGNS: Final = 3  # shorter words are tried with a sign put in or changed places only
_LETTERS: Final = [bytes([number]) for number in range(1, 27)]


def slips_in_signs(texts: SortedTexts, word: Signs) -> Iterator[tuple[Hits, int]]:
    """Find a word with one slip.

    Yields
    ------
    Hits
        Where it stands.
    int
        How many signs it has there.
    """
    for swapped in _swapped(word):
        yield texts.find(swapped), len(word)
    if len(word) < _LEAST_SIGNS:
        yield from _one_between(texts, word)
        return
    yield from _alike(texts, _starts(texts, word), word)


def slips_in_letters(texts: SortedTexts, word: Signs) -> Iterator[tuple[Hits, int]]:
    """Find a word of letters with one slip; not for words of fewer than four.

    Yields
    ------
    Hits
        Where it stands.
    int
        How many letters it has there.
    """
    if len(word) < _LEAST_LETTERS:
        return
    typed, half = word.tobytes(), max(len(word) // 2, min(len(word), _LEAST_LETTERS))
    slipped = [
        one + typed[half:]
        for one in _one_slip(typed[:half])
        if len(one) + len(typed) - half >= _LEAST_LETTERS
    ]
    firsts, lasts = texts.ranges(slipped)
    for number in np.flatnonzero(firsts < lasts).tolist():
        hits = texts.at(int(firsts[number]), int(lasts[number]))
        whole = np.frombuffer(slipped[number], dtype=np.uint8)
        yield texts.going_on(hits, whole, texts.depth), len(whole)
    if half < len(word):
        yield from _alike(texts, texts.find(word[:half]).place, word)
        for swapped in _swapped(word[half - 1 :]):
            hits = texts.find(np.append(word[: half - 1], swapped).astype(np.uint8))
            yield hits, len(word)


def _one_slip(word: bytes) -> list[bytes]:
    """Return every word of letters that is one slip away."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    swapped = {a + b[1:2] + b[:1] + b[2:] for a, b in cuts if len(b) > 1}
    fewer = {a + b[1:] for a, b in cuts if b}
    more = {a + letter + b for a, b in cuts for letter in _LETTERS}
    other = {a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS}
    return sorted((swapped | fewer | more | other) - {word})


def _swapped(word: Signs) -> Iterator[Signs]:
    """Make the words in which two neighbours changed places.

    Yields
    ------
    array
        The words.
    """
    for place in range(len(word) - 1):
        if word[place] != word[place + 1]:
            other = word.copy()
            other[place], other[place + 1] = word[place + 1], word[place]
            yield other


def _one_between(texts: SortedTexts, word: Signs) -> Iterator[tuple[Hits, int]]:
    """Find two signs with another one between them.

    Yields
    ------
    Hits
        Where they stand.
    int
        3.
    """
    if len(word) != _LEAST_SIGNS - 1:
        return
    hits = texts.find(word[:1])
    between, then = texts.signs[hits.place + 1], texts.signs[np.minimum(hits.place + 2, texts.last)]
    yield hits.take((between != END) & (then == word[1])), _LEAST_SIGNS


def _starts(texts: SortedTexts, word: Signs) -> Places:
    """Return places at which the word may begin: one of its halves stands there as it should.

    Some stand twice, which does no harm.
    """
    half = len(word) // 2
    left, right = _rarest(texts, word[:half]), _rarest(texts, word[half:]) - half
    found = []
    for starts in (left, right - 1, right, right + 1):
        ours = starts[starts >= 0]
        one, two = texts.signs[ours], texts.signs[ours + 1]
        found.append(ours[(one == word[0]) | (two == word[1]) | (one == word[1])])
    return np.concatenate(found)


def _rarest(texts: SortedTexts, part: Signs) -> Places:
    """Return where a part begins, by those of its signs that stand together most seldom."""
    ranges = [
        (*texts.range_of(part[place : place + texts.depth]), place)
        for place in range(max(len(part) - texts.depth, 0) + 1)
    ]
    first, last, place = min(ranges, key=lambda found: found[1] - found[0])
    return texts.at(first, last).place - np.int32(place)


def _alike(texts: SortedTexts, starts: Places, word: Signs) -> Iterator[tuple[Hits, int]]:
    """Find the starts at which as many signs as the word has, or one more or less, are like it.

    One slip is all where what agrees from the begin and what agrees from the end make up the whole
    of the shorter one; of two of the same length, all but one sign.

    Yields
    ------
    Hits
        Where they are.
    int
        How many signs.
    """
    size = len(word)
    starts = np.sort(starts[starts + size < texts.last])  # neighbours are read faster in turn
    signs = [texts.signs[starts + nth] for nth in range(size + 1)]
    from_begin = [signs[nth] == word[nth] for nth in range(size)]
    for length, least in ((size, size - 1), (size + 1, size), (size - 1, size - 1)):
        ends = [signs[length - nth] == word[-nth] for nth in range(1, min(length, size) + 1)]
        agree = _run(from_begin[:length]) + _run(ends)
        found = np.flatnonzero(agree >= least)
        for nth in range(length):
            found = found[signs[nth][found] != END]
        yield texts.hits_at(starts[found]), length


def _run(columns: Sequence[NDArray[np.bool_]]) -> NDArray[np.int16]:
    """Return how many of the columns hold, one after the other from the first, shape (n,)."""
    total = np.zeros(len(columns[0]), dtype=np.int16)
    so_far = np.ones(len(columns[0]), dtype=np.bool_)
    for column in columns:
        so_far &= column
        total += so_far
    return total
