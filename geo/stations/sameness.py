"""What speaks for two records being one station: names, addresses, telephones, place; a score.

The score adds up the evidence as if each piece were independent (one minus the product of the
doubts), and takes off for the distance. Coordinate twins are far apart by their nature: there the
offset speaks for it, and something else must too.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.stations.likeness import Texts, compare
from geo.stations.proper import proper_addresses, proper_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from geo.stations.proper import Proper

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64]

WITHIN_M: Final = 300.0  # stations that may be one
ASK: Final = 0.5  # the least score at which somebody is asked
SAME_M: Final = 30.0  # up to here distance says nothing against it
REASONS: Final = (
    "same_name", "similar_name", "no_own_name", "same_address", "similar_address", "same_phone",
    "same_place", "twin",
)  # fmt: skip

_HALF: Final = 0.5  # a likeness of texts up to which it says nothing
_FAR: Final = 0.6  # of the score is left at 300 m and beyond
_BY_NAME: Final = 0.9  # the score of equal names alone; of names less than half alike it is 0
_BY_NO_NAME: Final = 0.5  # of two names of which nothing is their own, as 爱心驿站, at one place
_BY_ADDRESS: Final = 0.75  # of equal addresses alone
_BY_PHONE: Final = 0.6  # of the same telephone number alone
_OTHER_NAME: Final = 0.5  # names less alike than this are of two things, perhaps in one house
_AT_OTHER_NAME: Final = 0.7  # of what their address counts
_AT_OTHER_ADDRESS: Final = 0.65  # of what their name counts, where both have a house number
_SIMILAR: Final = 0.75  # from here a name or an address is called similar
_SAME: Final = 0.9  # from here the same: a sign in twenty, or one that sounds alike
_TWIN_NAME: Final = 0.7  # of twins
_TWIN_BARE_M: Final = 5.0  # off, of twins whose names have nothing of their own
_MOST_SHARED: Final = 3  # stations that one number may belong to; of more it is an office's
_NUMBERS: Final = re.compile("[0-9](?:[ ()-]{0,2}[0-9]){6,}")  # 7 digits: 12351 is of all
_COUNTRY: Final = re.compile("^(?:00)?86(?=[0-9]{9})")
_AREA_CODE: Final = re.compile("^0?(?:10|2[0-9]|[3-9][0-9]{2})(?=[0-9]{7})")  # no mobile number


@dataclass(frozen=True)
class Evidence:
    """What speaks for each of n pairs; arrays of shape (n,)."""

    name: Floats  # alike, [0, 1]
    is_bare: Bools  # neither name has anything of its own
    is_named: Bools  # both have
    address: Floats  # alike, [0, 1]
    is_elsewhere: Bools  # both have a house number, and their addresses are not alike
    phone: Bools  # a number in common

    def together(self) -> Floats:
        """Return the score of what speaks for it, before the distance, [0, 1]."""
        name = np.where(self.is_bare, _BY_NO_NAME, _BY_NAME * _over(_HALF, self.name))
        name *= np.where(self.is_elsewhere, _AT_OTHER_ADDRESS, 1.0)
        is_other = self.is_named & (self.name < _OTHER_NAME)
        address = _BY_ADDRESS * _over(_HALF, self.address) * np.where(is_other, _AT_OTHER_NAME, 1.0)
        return np.asarray(1.0 - (1.0 - name) * (1.0 - address) * (1.0 - _BY_PHONE * self.phone))

    def is_twin(self, off_m: Floats) -> Bools:
        """Return which pairs are coordinate twins, by how far off the shift they are; NaN: no."""
        similar = (self.name >= _TWIN_NAME) | (self.is_bare & (off_m <= _TWIN_BARE_M))
        return np.asarray(~np.isnan(off_m) & (similar | self.phone), dtype=np.bool_)

    def reasons(self, distance_m: Floats, is_twin: Bools) -> list[tuple[str, ...]]:
        """Return the words of `REASONS` that hold for each pair."""
        held = {
            "same_name": self.name >= _SAME,
            "similar_name": (self.name >= _SIMILAR) & (self.name < _SAME),
            "no_own_name": self.is_bare,
            "same_address": self.address >= _SAME,
            "similar_address": (self.address >= _SIMILAR) & (self.address < _SAME),
            "same_phone": self.phone,
            "same_place": distance_m <= SAME_M,
            "twin": is_twin,
        }
        rows = np.column_stack([held[reason] for reason in REASONS]).tolist()
        return [tuple(np.array(REASONS)[row].tolist()) for row in rows]


def gather(stations: pd.DataFrame, left: Rows, right: Rows, *, phones: Sequence[str]) -> Evidence:
    """Return what speaks for pairs of stations being one.

    Parameters
    ----------
    stations : DataFrame, n rows
        ``name``, ``address``, ``district``, ``subdistrict``, ``phone_public`` as text.
    left, right : ndarray of int, shape (m,)
        Positions of the rows of each pair.
    phones : sequence of str
        Of the whole layer: a number of more than 3 stations is an office's, and says nothing.
    """
    names, name_of = _texts(stations, "name", proper_names)
    addresses, address_of = _texts(stations, "address", proper_addresses)
    pair, place = (name_of[left], name_of[right]), (address_of[left], address_of[right])
    alike = compare(addresses, *place)
    numbered = [(addresses.numbers[rows] != "").astype(bool) for rows in place]
    bare = [names.length[rows] == 0 for rows in pair]
    return Evidence(
        name=compare(names, *pair),
        is_bare=bare[0] & bare[1],
        is_named=~bare[0] & ~bare[1],
        address=alike,
        is_elsewhere=numbered[0] & numbered[1] & (alike < _SIMILAR),
        phone=_share_phone(stations["phone_public"].tolist(), left, right, phones),
    )


def score(together: Floats, distance_m: Floats, is_twin: Bools) -> Floats:
    """Return the score of pairs, [0, 1]: distance counts against it, but not of twins."""
    left = np.interp(distance_m, (SAME_M, WITHIN_M), (1.0, _FAR))
    return np.where(is_twin, np.maximum(together, ASK), together * left)


def _over(least: float, alike: Floats) -> Floats:
    """Return the likeness above ``least``, stretched to [0, 1]."""
    return np.clip((alike - least) / (1.0 - least), 0.0, 1.0)


def _texts(
    stations: pd.DataFrame,
    field: str,
    proper: Callable[[Sequence[str], Sequence[tuple[str, ...]]], Proper],
) -> tuple[Texts, Rows]:
    """Return the distinct texts of a field, and for each station which is its."""
    columns = [stations[name].tolist() for name in (field, "district", "subdistrict")]
    keys = list(zip(*columns, strict=True))
    row_of = {key: row for row, key in enumerate(dict.fromkeys(keys))}
    words = proper([key[0] for key in row_of], [key[1:] for key in row_of])
    return Texts(*words), np.array([row_of[key] for key in keys], dtype=np.int64)


def _share_phone(phones: Sequence[str], left: Rows, right: Rows, known: Sequence[str]) -> Bools:
    """Return which pairs have a number in common that is not an office's for many stations."""
    own = [_numbers_of(cell) if cell else frozenset() for cell in phones]
    has = np.array([bool(numbers) for numbers in own], dtype=np.bool_)
    where = np.flatnonzero(has[left] & has[right])
    ends = zip(left[where].tolist(), right[where].tolist(), strict=True)
    common = {row: own[a] & own[b] for row, (a, b) in zip(where.tolist(), ends, strict=True)}
    common = {row: numbers for row, numbers in common.items() if numbers}
    shared = np.zeros(len(left), dtype=np.bool_)
    if common:
        count = Counter(number for cell in known if cell for number in _numbers_of(cell))
        rows = [n for n, some in common.items() if min(count[one] for one in some) <= _MOST_SHARED]
        shared[rows] = True
    return shared


def _numbers_of(cell: str) -> frozenset[str]:
    """Return the numbers in a cell, without the codes of country and area."""
    plain = cell if cell.isascii() else unicodedata.normalize("NFKC", cell)
    found = _NUMBERS.findall(plain)
    digits = (_COUNTRY.sub("", re.sub("[^0-9]", "", number)) for number in found)
    return frozenset(_AREA_CODE.sub("", number) for number in digits)
