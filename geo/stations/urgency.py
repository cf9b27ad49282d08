"""In which order staff look into checks: what workers say first, then by waiting and by use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.stations.doubts import GRADES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import ArrayLike, NDArray

_GRADE: Final = {reason: grade for grade, reasons in enumerate(GRADES) for reason in reasons}


def grade_of(reason: str) -> int:
    """Return the place of a reason's grade in ``GRADES``; 0 is the most urgent."""
    return _GRADE[reason]


def typical_min(served_min: Collection[float]) -> float:
    """Return the median worker-minutes of the stations that serve any; 1 where none does."""
    found = [minutes for minutes in served_min if minutes > 0]
    return float(np.median(found)) if found else 1.0


def order_checks(
    reasons: Sequence[str], waited_days: ArrayLike, served_min: ArrayLike, *, usual_min: float
) -> NDArray[np.intp]:
    """Return checks in the order in which to look into them.

    Grade goes first. Within one it is the waiting, weighed by the workers who rely on the station:
    ``waited_days * (served_min + usual_min)``. A check of a station that serves twice the usual
    weighs three times one that serves nobody, and any check comes first if it only waits long
    enough. Of equal weight the longer waiting goes first, then the order given.

    Parameters
    ----------
    reasons : sequence of str, length n
        Words of ``geo.stations.doubts.REASONS``.
    waited_days : array_like of float, shape (n,)
        Since the check was opened; below 0 counts as 0.
    served_min : array_like of float, shape (n,)
        Worker-minutes within the walking limit of the station while it is open, in one coverage
        run; 0 where the run does not name it.
    usual_min : float
        Those of a usual station in the same run, see `typical_min`; more than 0.

    Returns
    -------
    ndarray of int, shape (n,)
        Places, the most urgent first.
    """
    waited = np.maximum(np.asarray(waited_days, dtype=float), 0.0)
    weight = waited * (np.asarray(served_min, dtype=float) + usual_min)
    grades = np.array([_GRADE[reason] for reason in reasons], dtype=int)
    return np.lexsort((np.arange(len(grades)), -waited, -weight, grades))
