"""Columns of many stations kept small: few texts numbered, many texts packed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

K = TypeVar("K")
V = TypeVar("V")

MOST_KEPT: Final = 16  # answers about all stations, for quarters of an hour and for needs


def keep(kept: dict[K, V], key: K, make: Callable[[], V]) -> V:
    """Return what is kept under a key, made if it is not there; the oldest gives way."""
    found = kept.get(key)
    if found is None:
        found = make()
        while len(kept) >= MOST_KEPT:
            kept.pop(next(iter(list(kept))), None)
        kept[key] = found
    return found


@dataclass(frozen=True, slots=True)
class Words(Generic[V]):
    """Columns in which few texts come again and again."""

    number: NDArray[np.int32]  # (s,) place in `words`
    words: list[V]

    def __getitem__(self, row: int) -> V:
        return self.words[int(self.number[row])]

    def mask(self, holds: Callable[[V], bool]) -> NDArray[np.bool_]:
        """Return where something holds, asked once for each of the words, shape (s,)."""
        return np.array([holds(word) for word in self.words], dtype=bool)[self.number]

    @staticmethod
    def of(columns: Sequence[pd.Series[str]], rows: NDArray[np.int64]) -> Words[tuple[str, ...]]:
        """Return some columns together, row by row."""
        parts = [pd.factorize(column) for column in columns]
        number = np.zeros(len(rows), dtype=np.int64)
        for numbers, words in parts:
            number = number * len(words) + numbers[rows]
        found, first, of_row = np.unique(number, return_index=True, return_inverse=True)
        at = rows[first]
        texts = [[str(words[place]) for place in numbers[at]] for numbers, words in parts]
        words_of = list(zip(*texts, strict=True)) if len(found) else []
        return Words(of_row.astype(np.int32), words_of)


def pack_texts(column: pd.Series[str], rows: NDArray[np.int64]) -> pa.Array:
    """Return a column's texts packed by Arrow: a fifth of what Python's own would take."""
    return pa.array(column.take(rows).tolist(), pa.large_string())
