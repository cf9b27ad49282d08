"""How alike two texts are, for many pairs at once: by signs, by sound, by what tells them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.search.fold import to_units
from geo.search.spelling import sounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64]

MOST_SIGNS: Final = 40  # of a text that are compared
SOUND: Final = 0.95  # a text that sounds the same and is written otherwise
CONTAINED: Final = 0.85  # a text that stands whole in a longer one
CONTRARY: Final = 0.5  # both have a telling sign, or a number, that the other lacks
_LEAST_CONTAINED: Final = 3  # signs; two may stand anywhere
_CHUNK: Final = 50_000  # pairs at a time, so that memory stays small
# signs by which neighbours differ: 第一 and 第二, 东门 and 西门, A座 and B座
_TELLING: Final = "一二三四五六七八九十东西南北中上下左右前后内外新旧老大小甲乙丙丁男女abcdefgh"


class Texts:
    """Folded texts as rows of UTF-16 units, ready to be compared."""

    def __init__(self, words: Sequence[str], numbers: Sequence[str]) -> None:
        self.signs = np.zeros((len(words), MOST_SIGNS), dtype=np.uint16)
        for row, word in enumerate(words):
            units = to_units(word)[:MOST_SIGNS]
            self.signs[row, : len(units)] = units
        self.length = np.count_nonzero(self.signs, axis=1)
        telling = to_units(_TELLING)
        self.telling = np.stack(
            [np.count_nonzero(self.signs == sign, axis=1) for sign in telling], axis=1
        ).astype(np.uint8)
        self.numbers = np.array(numbers, dtype=object)


def compare(texts: Texts, left: Rows, right: Rows) -> Floats:
    """Return how alike pairs of texts are, shape (n,), in [0, 1].

    1 for equal texts, 0.95 for homophones; else twice the longest common subsequence of signs or
    sounds over the sum of lengths, at least 0.85 where a text of 3 signs or more stands whole in
    the other; half of that where each has a number or a telling sign (第一 and 第二, 东门 and
    西门) that the other lacks. An empty text is like none.

    Parameters
    ----------
    texts : Texts
        All texts.
    left, right : ndarray of int, shape (n,)
        Rows of ``texts``: the pairs.
    """
    alike = np.empty(len(left), dtype=np.float64)
    for start in range(0, len(left), _CHUNK):
        part = slice(start, start + _CHUNK)
        alike[part] = _compare(texts, left[part], right[part])
    return alike


def _compare(texts: Texts, left: Rows, right: Rows) -> Floats:
    lengths = texts.length[left], texts.length[right]
    width = max(int(lengths[0].max(initial=0)), int(lengths[1].max(initial=0)))
    signs = texts.signs[left, :width], texts.signs[right, :width]
    heard = sounds()[signs[0]], sounds()[signs[1]]
    total = np.maximum(lengths[0] + lengths[1], 1)
    written = 2 * common_signs(*signs) / total
    alike = np.maximum(written, SOUND * 2 * common_signs(*heard) / total)
    least = np.minimum(*lengths)
    contained = (least >= _LEAST_CONTAINED) & (longest_run(*signs) == least)
    alike = np.where(contained, np.maximum(alike, CONTAINED), alike)
    alike[_is_contrary(texts, left, right)] *= CONTRARY
    return np.asarray(alike, dtype=np.float64)


def _is_contrary(texts: Texts, left: Rows, right: Rows) -> NDArray[np.bool_]:
    mine, theirs = texts.telling[left], texts.telling[right]
    signs = (mine > theirs).any(axis=1) & (theirs > mine).any(axis=1)
    return signs | numbers_differ(texts, left, right)


def numbers_differ(texts: Texts, left: Rows, right: Rows) -> NDArray[np.bool_]:
    """Return for pairs of texts whether both have a number, and not the same."""
    mine, theirs = texts.numbers[left], texts.numbers[right]
    return np.asarray((mine != "") & (theirs != "") & (mine != theirs), dtype=np.bool_)


def common_signs(left: NDArray[np.uint16], right: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return the length of the longest common subsequence of pairs of rows ended by 0.

    Parameters
    ----------
    left, right : ndarray of uint16, shape (n, width)
        Signs; 0 after the last.

    Returns
    -------
    ndarray, shape (n,)
        Signs, by the table of Wagner and Fischer (1974, doi:10.1145/321796.321811), all pairs at
        once.
    """
    width = left.shape[1]
    above = np.zeros((width + 1, len(left)), dtype=np.uint8)
    for i in range(width):
        row = np.zeros_like(above)
        for j in range(width):
            same = (left[:, i] == right[:, j]) & (left[:, i] != 0)
            row[j + 1] = np.maximum(np.maximum(above[j + 1], row[j]), above[j] + same)
        above = row
    return np.asarray(above[-1], dtype=np.int64)


def longest_run(left: NDArray[np.uint16], right: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return the length of the longest run of signs that stands in both, as `common_signs`."""
    width = left.shape[1]
    above = np.zeros((width + 1, len(left)), dtype=np.uint8)
    longest = np.zeros(len(left), dtype=np.uint8)
    for i in range(width):
        row = np.zeros_like(above)
        for j in range(width):
            same = (left[:, i] == right[:, j]) & (left[:, i] != 0)
            row[j + 1] = np.where(same, above[j] + 1, 0)
            np.maximum(longest, row[j + 1], out=longest)
        above = row
    return np.asarray(longest, dtype=np.int64)
