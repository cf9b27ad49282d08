"""Many texts over many days at once: slots of time in which no station changes its state."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from geo import zones
from geo.hours.judge import UNKNOWN, intervals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001  # naive local wall-clock time, as in geo.zones
_MS = dt.timedelta(milliseconds=1)


@dataclass(frozen=True)
class Timeline:
    """The states of k texts over m slots; slot j lasts from ``start_ms[j]`` to the next start."""

    start_ms: NDArray[np.int64]  # (m,) epoch ms, rising
    state: NDArray[np.uint8]  # (k, m) CLOSED, OPEN or UNKNOWN

    def slot(self, t_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the slot of each moment, shape (n,); moments must lie on the timeline's days."""
        return np.searchsorted(self.start_ms, t_ms, side="right") - 1


def make_timeline(texts: Sequence[str], days: NDArray[np.int64]) -> Timeline:
    """Evaluate texts over local days.

    Parameters
    ----------
    texts : sequence of str, k
        OSM ``opening_hours`` texts; "" is unknown.
    days : ndarray, shape (d,)
        Local days since 1970-01-01 (`geo.zones.local_day`), sorted, unique.

    Returns
    -------
    Timeline
        Slots cover the days given; between them the states are UNKNOWN.

    Raises
    ------
    InvalidHoursError
        A text is not valid syntax.
    """
    spans = list(_spans(days))
    changes = [[change for a, b in spans for change in _changes(text, a, b)] for text in texts]
    edges = {_local_ms(moment) for span in spans for moment in span}
    start = np.array(sorted(edges.union(t for row in changes for t, _ in row)), dtype=np.int64)
    state = np.full((len(texts), len(start)), UNKNOWN, dtype=np.uint8)
    for row, change in zip(state, changes, strict=True):
        if change:
            when, what = np.array(change, dtype=np.int64).T
            row[:] = what[np.maximum(np.searchsorted(when, start, side="right") - 1, 0)]
    return Timeline(zones.from_local_ms(start), state)


def _changes(text: str, start: dt.datetime, end: dt.datetime) -> Iterator[tuple[int, int]]:
    """Return when a text takes which state in a span; after it nothing is known."""
    inside = ((_local_ms(part.start), part.state) for part in intervals(text, start, end))
    return chain(inside, [(_local_ms(end), UNKNOWN)])


def _spans(days: NDArray[np.int64]) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Return runs of neighbouring days as naive local spans."""
    runs = np.split(days, np.flatnonzero(np.diff(days) > 1) + 1)
    return (
        (_EPOCH + dt.timedelta(days=int(run[0])), _EPOCH + dt.timedelta(days=int(run[-1]) + 1))
        for run in runs
        if len(run)
    )


def _local_ms(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // _MS
