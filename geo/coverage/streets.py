"""What is walked where and when, and by how many: what may be published of tracks.

A street stretch is a chain of edges between two junctions (`Network.chains`). A step belongs to the
stretch and the hour of the week of its first fix. Records go to disk once they are many, so memory
does not grow with the number of fixes.
"""

from __future__ import annotations

from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np

from geo.coverage.classes import CLASS_NAMES
from geo.coverage.distinct import Distinct
from geo.coverage.tally import HOURS_OF_WEEK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.coverage.lines import Judged
    from geo.network import Network
    from geo.tracks import Steps

    Ints = NDArray[np.int64]
    Records = NDArray[np.void]

_CLASSES: Final = len(CLASS_NAMES)
_PAIRS: Final = _CLASSES * _CLASSES  # nominal and effective class of a step
_STEP: Final = np.dtype([("key", "<i8"), ("ms", "<i8"), ("worker", "<i4"), ("people", "<i4")])
_CELL: Final = np.dtype([("link", "<i4"), ("people", "<i4"), ("hour", "u1"), ("sums", "u1")])
_SUM: Final = np.dtype([("ms", "<i8"), ("pair", "u1")])
MOST_RECORDS: Final = 2_000_000  # in memory, 24 bytes each
_BUCKETS: Final = 64


@dataclass(frozen=True)
class Streets:
    """Cells of a street stretch and an hour of the week, in this order; perhaps on disk.

    Cell i has ``sums`` rows of ``sums``, one for each pair of classes.
    """

    network: Network
    cells: Records  # (c,) link of network.chains, people, hour, sums
    sums: Records  # ms of all people, pair: nominal x 6 + effective class
    people: int  # of the run
    by_hour: Ints  # (168,) people in each hour of the week
    by_area: tuple[Ints, ...]  # per layer, (areas + 1,); the last: on none
    off_ms: int  # in no stretch: more than 50 m from every one

    def __len__(self) -> int:
        return len(self.cells)

    def parts(self, most: int = MOST_RECORDS) -> Iterator[tuple[Records, Ints, Ints]]:
        """Yield about so many cells at a time, those of one stretch together.

        Yields
        ------
        tuple of ndarray
            Cells, shape (k,); milliseconds by nominal and by effective class, shape (k, 6).
        """
        start = sums = 0
        while start < len(self.cells):
            stop = min(start + most, len(self.cells))
            last = self.cells["link"][stop - 1]
            stop += int(
                np.searchsorted(self.cells["link"][stop : stop + HOURS_OF_WEEK], last, "right")
            )
            cells = np.asarray(self.cells[start:stop])
            count = int(cells["sums"].sum())
            yield cells, *_by_class(cells, np.asarray(self.sums[sums : sums + count]))
            start, sums = stop, sums + count


class StreetStore:
    """Gathers the streets of a run; no order and no cut of the steps changes a bit.

    The steps of each worker must come one behind the other.
    """

    def __init__(
        self, network: Network, areas: Sequence[int], *, most_records: int = MOST_RECORDS
    ) -> None:
        self._network, self._most = network, most_records
        self._parts: list[Records] = []
        self._count = 0  # records in the parts
        self._file: IO[bytes] | None = None
        self._spans: list[list[tuple[int, int]]] = [[] for _ in range(_BUCKETS)]  # in the file
        self._written = 0
        self._all, self._by_hour = Distinct(1), Distinct(HOURS_OF_WEEK)
        self._by_area = tuple(Distinct(count + 1) for count in areas)
        self._off_ms = 0

    def add(
        self, steps: Steps, judged: Judged, areas: Sequence[Ints], edge: NDArray[np.int32]
    ) -> None:
        """Take some steps, with the row of their area per layer and their edge, -1 for none."""
        rows = np.flatnonzero(steps.duration_ms > 0)
        people = steps.workers[rows].astype(np.int64)
        ms, worker = steps.duration_ms[rows] * people, steps.worker[rows]
        self._all.add(worker, np.zeros(len(rows), dtype=np.int64), people)
        self._by_hour.add(worker, judged.hour[rows], people)
        for count, area in zip(self._by_area, areas, strict=True):
            count.add(worker, area[rows], people)
        on = edge[rows] >= 0
        self._off_ms += int(ms[~on].sum())
        rows, people, ms, worker = rows[on], people[on], ms[on], worker[on]
        pair = judged.nominal[rows].astype(np.int64) * _CLASSES + judged.found[rows]
        cell = self._network.chains.link[edge[rows]] * HOURS_OF_WEEK + judged.hour[rows]
        self._keep(_gathered(cell * _PAIRS + pair, ms, worker, people))

    def finish(self) -> Streets:
        """Return all cells."""
        cells, sums = _Output(_CELL, self._file), _Output(_SUM, self._file)
        for records in self._buckets():
            some, their_sums = _cells_of(records)
            cells.add(some)
            sums.add(their_sums)
        return Streets(
            network=self._network,
            cells=cells.finish(),
            sums=sums.finish(),
            people=int(self._all.count[0]),
            by_hour=self._by_hour.count,
            by_area=tuple(one.count for one in self._by_area),
            off_ms=self._off_ms,
        )

    def close(self) -> None:
        """Give the file back; what was given out stays readable."""
        if self._file is not None:
            self._file.close()

    def _keep(self, records: Records) -> None:
        self._parts.append(records)
        self._count += len(records)
        if self._count > self._most:
            self._file = self._file or TemporaryFile(prefix="nuanyi-streets-")  # noqa: SIM115
            self._spill(self._file)

    def _spill(self, file: IO[bytes]) -> None:
        """Write the records in memory to the file, those of one part of the network together."""
        records = np.concatenate([np.empty(0, dtype=_STEP), *self._parts])
        links = len(self._network.chains.u)
        bucket = records["key"] // (_PAIRS * HOURS_OF_WEEK) * _BUCKETS // links
        records = records[np.argsort(bucket, kind="stable")]
        records.tofile(file)
        for number, count in enumerate(np.bincount(bucket, minlength=_BUCKETS).tolist()):
            self._spans[number].append((self._written, count))
            self._written += count
        self._parts, self._count = [], 0

    def _buckets(self) -> Iterator[Records]:
        """Yield the records of one part of the network after the other.

        Yields
        ------
        ndarray
            Records, in no order.
        """
        if self._file is None:
            yield np.concatenate([np.empty(0, dtype=_STEP), *self._parts])
            return
        self._spill(self._file)
        for spans in self._spans:
            parts = []
            for start, count in spans:
                self._file.seek(start * _STEP.itemsize)
                parts.append(np.fromfile(self._file, dtype=_STEP, count=count))
            yield np.concatenate(parts)


class _Output:
    """Records that are put one behind the other, on disk if there is a file beside them."""

    def __init__(self, dtype: np.dtype[Any], beside: IO[bytes] | None) -> None:
        self._dtype = dtype
        self._file = TemporaryFile(prefix="nuanyi-streets-") if beside else None  # noqa: SIM115
        self._parts: list[Records] = []

    def add(self, records: Records) -> None:
        if self._file is None:
            self._parts.append(records)
        else:
            records.tofile(self._file)

    def finish(self) -> Records:
        if self._file is None:
            return np.concatenate([np.empty(0, dtype=self._dtype), *self._parts])
        with self._file:
            if not self._file.tell():
                return np.empty(0, dtype=self._dtype)
            self._file.flush()
            return np.memmap(self._file, dtype=self._dtype, mode="r")


def _gathered(key: Ints, ms: Ints, worker: NDArray[np.int32], people: Ints) -> Records:
    """Return one record for each worker and key of some steps."""
    new = np.ones(len(key), dtype=np.bool_)
    new[1:] = (np.diff(key) != 0) | (np.diff(worker) != 0)
    starts = np.flatnonzero(new)  # neighbours first: they are most
    records = np.empty(len(starts), dtype=_STEP)
    records["key"], records["worker"] = key[starts], worker[starts]
    records["people"] = people[starts]
    records["ms"] = np.add.reduceat(ms, starts) if len(starts) else 0
    return _merged(records)


def _merged(records: Records) -> Records:
    """Return records sorted by key and worker, the times of equal ones added up."""
    records = records[np.lexsort((records["worker"], records["key"]))]
    new = np.ones(len(records), dtype=np.bool_)
    new[1:] = (np.diff(records["key"]) != 0) | (np.diff(records["worker"]) != 0)
    starts = np.flatnonzero(new)
    merged = records[starts]
    if len(starts):
        merged["ms"] = np.add.reduceat(records["ms"], starts)
    return merged


def _cells_of(records: Records) -> tuple[Records, Records]:
    """Return the cells of records, and the sums of their pairs of classes."""
    records = _merged(records)
    key, cell = records["key"], records["key"] // _PAIRS
    of_key = np.flatnonzero(np.diff(key, prepend=-1))
    sums = np.empty(len(of_key), dtype=_SUM)
    sums["pair"] = key[of_key] % _PAIRS
    of_cell = np.flatnonzero(np.diff(cell, prepend=-1))
    cells = np.empty(len(of_cell), dtype=_CELL)
    cells["link"], cells["hour"] = (
        cell[of_cell] // HOURS_OF_WEEK, cell[of_cell] % HOURS_OF_WEEK,
    )  # fmt: skip
    if len(records):
        sums["ms"] = np.add.reduceat(records["ms"], of_key)
        number = np.cumsum(np.diff(cell, prepend=-1) != 0) - 1
        order = np.lexsort((records["worker"], number))
        number, worker = number[order], records["worker"][order]
        once = np.ones(len(order), dtype=np.bool_)
        once[1:] = (np.diff(number) != 0) | (np.diff(worker) != 0)
        people = records["people"][order][once].astype(np.int64)
        cells["people"] = np.bincount(number[once], weights=people, minlength=len(of_cell))
        cells["sums"] = np.diff(np.append(np.searchsorted(of_key, of_cell), len(of_key)))
    return cells, sums


def _by_class(cells: Records, sums: Records) -> tuple[Ints, Ints]:
    """Return milliseconds by nominal and by effective class, shape (k, 6) each."""
    cube = np.zeros((len(cells), _CLASSES, _CLASSES), dtype=np.int64)
    pair = sums["pair"].astype(np.int64)
    row = np.repeat(np.arange(len(cells)), cells["sums"])
    cube[row, pair // _CLASSES, pair % _CLASSES] = sums["ms"]
    return cube.sum(axis=2), cube.sum(axis=1)
