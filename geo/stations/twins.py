"""Coordinate twins: two positions that are one, once read in the wrong datum.

A position in GCJ-02 or BD-09 that is stored as if it were WGS-84 stands 500 to 1,500 m from where
it belongs, by an offset known for each place. Two records that differ by just that are suspect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from pandas import DataFrame, concat

from geo.coords import from_wgs84, gcj02_to_bd09, in_china_box
from geo.stations.near import near_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TWIN_M: Final = 15.0  # at most so far from the place the shift leads to
REACH_DEG: Final = 0.03  # no shift is longer, in longitude or latitude
SHIFTS: Final = (("wgs84", "gcj02"), ("wgs84", "bd09"), ("gcj02", "bd09"))  # from, to
NEW, EXISTING = "new", "existing"  # which of a pair stands where the shift leads
_NEAREST: Final = 16  # positions around that place that are looked at


def find_twins(new: Floats, existing: Floats) -> DataFrame:
    """Return the pairs of positions whose offset is that between two datums there.

    Parameters
    ----------
    new, existing : ndarray, shape (n, 2) and (m, 2)
        Longitude and latitude, degrees, as they are stored: WGS-84, or taken for it.

    Returns
    -------
    DataFrame
        ``left`` and ``right``, rows of ``new`` and ``existing``, each pair once;
        ``twin_from`` and ``twin_datum``, the two datums; ``shifted``, which of the two stands
        where the shift leads: ``new`` or ``existing``; ``off_m``, how far from there, at most 15.
        Nothing outside the box in which the datums differ.
    """
    found = []
    for known, wanted in SHIFTS:
        for shifted in (NEW, EXISTING):
            source, target = (existing, new) if shifted == NEW else (new, existing)
            places, rows = _shift(source, known, wanted)
            place, landed, off_m = near_pairs(places, target, TWIN_M, most=_NEAREST)
            left, right = (landed, rows[place]) if shifted == NEW else (rows[place], landed)
            marks = {"twin_from": known, "twin_datum": wanted, "shifted": shifted}
            found.append(DataFrame({"left": left, "right": right, **marks, "off_m": off_m}))
    pairs = concat(found).sort_values(["left", "right", "off_m"], kind="stable")
    return pairs.drop_duplicates(["left", "right"]).reset_index(drop=True)


def _shift(source: Floats, known: str, wanted: str) -> tuple[Floats, NDArray[np.int64]]:
    """Return where the shift leads, and which rows of ``source`` it moves."""
    rows = np.flatnonzero(in_china_box(*source.T))
    lon, lat = source[rows].T
    moved = from_wgs84(lon, lat, wanted) if known == "wgs84" else gcj02_to_bd09(lon, lat)
    return np.column_stack(moved), rows
