"""The names of streets: which of them each edge of a network is part of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


class Street(NamedTuple):
    """A street as its signs name it; both "" for a way without a name."""

    name: str
    name_en: str  # OSM's name:en; "" where there is none


NAMELESS: Final = Street("", "")


@dataclass(frozen=True)
class StreetNames:
    """The streets of a network of m edges."""

    of: NDArray[np.unsignedinteger]  # (m,) the row of `streets`, in as few bytes as hold it
    streets: tuple[Street, ...]  # the first is `NAMELESS`

    @classmethod
    def of_rows(cls, rows: Ints, streets: Sequence[Street]) -> StreetNames:
        """Return the names of edges that are rows of ``streets``, shape (m,); -1 = no name."""
        smallest = np.min_scalar_type(len(streets))
        return cls((rows + 1).astype(smallest), (NAMELESS, *streets))

    def name_of(self, edge: int) -> Street:
        """Return the street of an edge."""
        return self.streets[int(self.of[edge])]


def number_streets(names: Sequence[Street]) -> tuple[Ints, list[Street]]:
    """Return the row of each name in the list of different ones, -1 for `NAMELESS`; and the list.

    The list is in the order of the names, whatever the order they come in.
    """
    known = sorted(set(names) - {NAMELESS})
    row = {street: number for number, street in enumerate(known)} | {NAMELESS: -1}
    return np.array([row[name] for name in names], dtype=np.int64), known
