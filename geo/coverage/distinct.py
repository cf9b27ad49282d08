"""How many people were in each group of steps: everybody counts once in a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


class Distinct:
    """Counts the people of each group, as the steps of one worker after the other come.

    All steps of a worker must come one behind the other, in however many blocks; nothing is kept
    of those who are through.
    """

    def __init__(self, groups: int) -> None:
        self.count = np.zeros(groups, dtype=np.int64)
        self._last: int | None = None
        self._met = np.zeros(groups, dtype=np.bool_)  # by the last worker

    def add(self, worker: NDArray[np.integer[Any]], group: Ints, people: Ints) -> None:
        """Count n steps.

        Parameters
        ----------
        worker : ndarray of int, shape (n,)
            The number of whose they are; those of one stand together.
        group : ndarray of int, shape (n,)
            0 and more; -1 for the last.
        people : ndarray of int, shape (n,)
            How many a worker stands for: 1 of tracks, of a beat those who walk it.
        """
        if not len(worker):
            return
        groups = len(self.count)
        turn = np.cumsum(np.diff(worker, prepend=worker[0]) != 0)  # 0 for the first one's
        group = np.where(group < 0, groups - 1, group)
        pair, first = np.unique(turn * groups + group, return_index=True)
        is_new = np.ones(len(pair), dtype=np.bool_)
        if int(worker[0]) == self._last:
            is_new[pair < groups] = ~self._met[pair[pair < groups]]
        else:
            self._met[:] = False
        np.add.at(self.count, pair[is_new] % groups, people[first[is_new]])
        if turn[-1]:
            self._met[:] = False
        self._met[pair[pair // groups == turn[-1]] % groups] = True
        self._last = int(worker[-1])
