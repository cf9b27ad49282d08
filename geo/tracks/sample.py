"""A sample of fixes that does not depend on their order: each fix is in it or not by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geo.tracks.fixes import Fixes

    Floats = NDArray[np.float64]
    Hashes = NDArray[np.uint64]

_ODD: Final = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)  # of splitmix64
_ALL: Final = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Sample:
    """Positions of m fixes, degrees in the datum of their files."""

    lon: Floats  # shape (m,)
    lat: Floats

    def __len__(self) -> int:
        return len(self.lon)


def sample_fixes(groups: Iterable[Fixes], *, total: int, about: int) -> Sample:
    """Return positions of about so many of all fixes.

    Parameters
    ----------
    groups : iterable of Fixes
        Altogether ``total`` fixes, in any order.
    total : int
        How many there are.
    about : int
        How many are wanted; all, if there are not more. Fixes that are equal in time and position
        come together or not at all.

    Returns
    -------
    Sample
        Ordered by longitude, then latitude: the same from any order of the fixes.
    """
    least = _ALL if total <= about else int(_ALL / total * about)
    lon: list[Floats] = [np.empty(0)]
    lat: list[Floats] = [np.empty(0)]
    for fixes in groups:
        chosen = _hashes(fixes) <= np.uint64(least)
        lon.append(fixes.lon[chosen])
        lat.append(fixes.lat[chosen])
    x, y = np.concatenate(lon), np.concatenate(lat)
    order = np.lexsort((y, x))
    return Sample(x[order], y[order])


def _hashes(fixes: Fixes) -> Hashes:
    """Return a number of each fix, evenly spread over 64 bits, from its time and position."""
    words = [fixes.t_ms.view(np.uint64), fixes.lon.view(np.uint64), fixes.lat.view(np.uint64)]
    mixed = np.zeros(len(fixes), dtype=np.uint64)
    for word, odd in zip(words, _ODD, strict=True):
        mixed = (mixed ^ word) * np.uint64(odd)
        mixed ^= mixed >> np.uint64(31)
    return mixed
