"""Which stations are in use at a moment: open ones, and closures whose end has come."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

OPEN: Final = "open"
PAUSED: Final = "temporarily_closed"


def reopens_at(status: str, until: str) -> dt.datetime | None:
    """Return when a temporary closure ends; None if it is none, or nobody said until when.

    Parameters
    ----------
    status, until : str
        Canonical cells ``status`` and ``status_until``.
    """
    return dt.datetime.fromisoformat(until) if status == PAUSED and until else None


def is_in_use(station: Mapping[str, str], at: dt.datetime) -> bool:
    """Return whether a station's hours count at an aware moment."""
    if station["status"] == OPEN:
        return True
    end = reopens_at(station["status"], station["status_until"])
    return end is not None and end <= at


def in_use(stations: pd.DataFrame, at: dt.datetime) -> NDArray[np.bool_]:
    """Return which stations' hours count at an aware moment, shape (n,).

    Parameters
    ----------
    stations : DataFrame, n rows
        Canonical cells ``status`` and ``status_until``.
    at : datetime
        Aware.
    """
    status, until = stations["status"], stations["status_until"]
    is_paused = ((status == PAUSED) & (until != "")).to_numpy(dtype=bool)
    found = (status == OPEN).to_numpy(dtype=bool, copy=True)
    ends = until[is_paused]
    is_over = {end: dt.datetime.fromisoformat(end) <= at for end in ends.unique()}
    found[is_paused] = ends.map(is_over).to_numpy(dtype=bool)
    return found
