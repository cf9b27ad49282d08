"""The class of a step: the first that holds, as definitions.md orders them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

COVERED: Final = 0
UNKNOWN: Final = 1
UNUSABLE: Final = 2
CLOSED: Final = 3
NO_STATION: Final = 4
OFF_NETWORK: Final = 5
CLASS_NAMES: Final = ("covered", "unknown", "unusable", "closed", "no_station", "off_network")
CAUSES: Final = CLASS_NAMES[UNUSABLE:]


@dataclass(frozen=True)
class Reached:
    """Whether stations of each kind are within the limit of fixes, arrays of shape (n,)."""

    usable: Flags  # known open and, for effective classes, known usable
    perhaps: Flags  # that would do if what is not known of them were so
    ruled_out: (
        Flags | None
    )  # not known shut, but locked, unverified, or failing a need; nominal: None
    any: Flags  # whatever they are


def classify(reached: Reached, on_network: Flags) -> NDArray[np.uint8]:
    """Return the class of each fix, shape (n,).

    Parameters
    ----------
    reached : Reached
        By walk, or by the geodesic for the straight figures.
    on_network : ndarray of bool, shape (n,)
        False where the fix is more than 50 m from the network.
    """
    found = np.where(on_network, np.uint8(NO_STATION), np.uint8(OFF_NETWORK))
    found[reached.any] = CLOSED
    if reached.ruled_out is not None:
        found[reached.ruled_out] = UNUSABLE
    found[reached.perhaps] = UNKNOWN
    found[reached.usable] = COVERED
    return found
