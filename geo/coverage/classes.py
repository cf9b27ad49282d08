"""The class of a step: the first that holds, as definitions.md orders them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

COVERED: Final = 0
UNKNOWN: Final = 1
UNUSABLE: Final = 2
CLOSED: Final = 3
NO_STATION: Final = 4
OFF_NETWORK: Final = 5
CLASS_NAMES: Final = ("covered", "unknown", "unusable", "closed", "no_station", "off_network")
CAUSES: Final = CLASS_NAMES[UNUSABLE:]


@dataclass(frozen=True)
class Distances:
    """Metres from fixes to the nearest station in each respect, arrays of shape (n,); inf: none."""

    to_open: NDArray[np.float64]  # known open
    to_unknown: NDArray[np.float64]  # hours unknown
    to_any: NDArray[np.float64]  # whatever its hours


def classify(
    distances: Distances, on_network: NDArray[np.bool_], limit_m: float
) -> NDArray[np.uint8]:
    """Return the nominal class of each fix, shape (n,).

    Parameters
    ----------
    distances : Distances
        By walk, or geodesic for the straight figures.
    on_network : ndarray of bool, shape (n,)
        False where the fix is more than 50 m from the network.
    limit_m : float
        Covered means distance <= limit.
    """
    none = np.where(on_network, NO_STATION, OFF_NETWORK)
    found = np.where(distances.to_any <= limit_m, CLOSED, none)
    found = np.where(distances.to_unknown <= limit_m, UNKNOWN, found)
    return np.where(distances.to_open <= limit_m, COVERED, found).astype(np.uint8)
