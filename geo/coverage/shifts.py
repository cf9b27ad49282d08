"""Which shift a step belongs to: that of its beat, or the first one that is on at its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo import zones
from geo.errors import InvalidOptionError
from geo.hours import OPEN, Timetable, check_hours, make_timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.tracks import Beats, Steps, Tracks

    Ints = NDArray[np.int64]


class Shifts:
    """The shifts of a run."""

    def __init__(self, tracks: Tracks | Beats, asked: Sequence[str]) -> None:
        """Take the beats' own shifts, or those asked for of tracks.

        Raises
        ------
        InvalidOptionError
            Shifts were asked for of beats.
        InvalidHoursError
            A text is not OSM hours.
        """
        self._are_given = bool(tracks.shifts)
        if self._are_given and asked:
            msg = "beats have shifts of their own; other shifts are for tracks"
            raise InvalidOptionError(msg)
        for text in asked:
            check_hours(text)
        self.texts = tracks.shifts or tuple(dict.fromkeys(asked))

    def of(self, steps: Steps) -> Ints:
        """Return the row of each step's shift, -1: in none, shape (n,)."""
        if self._are_given or not self.texts:
            return steps.shift.astype(np.int64)
        days = np.unique(zones.local_day(zones.to_local_ms(steps.t_ms)))
        line = make_timeline([Timetable(text) for text in self.texts], days)
        is_on = line.state == OPEN
        first = np.where(is_on.any(axis=0), is_on.argmax(axis=0), -1)
        return np.asarray(first[line.slot(steps.t_ms)], dtype=np.int64)
