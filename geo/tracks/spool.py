"""Where fixes wait for cleaning: in memory while they are few, else in a temporary folder.

On disk they are cut by worker, so that all fixes of a worker come back together and memory is
bounded by one bucket. What is written are numbers only: no worker's name reaches the disk.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.tracks.fixes import RECORD, Fixes, join_fixes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BUCKETS: Final = 256  # 10^9 fixes are 4 million a bucket
_GROUP_ROWS: Final = 1_000_000  # fixes worked on at a time, unless one worker has more
_MERGED_ROWS: Final = 500_000  # of several buckets: what follows works best on many at once


class Spool:
    """Takes blocks of fixes in any order and gives them back as groups of whole workers."""

    def __init__(self, max_rows_in_memory: int) -> None:
        self.rows = 0
        self._max_rows = max_rows_in_memory
        self._blocks: list[Fixes] = []
        self._folder: TemporaryDirectory[str] | None = None
        self._closed = False

    @property
    def spilled(self) -> bool:
        """Whether fixes were put on disk."""
        return self._folder is not None

    def add(self, fixes: Fixes) -> None:
        """Put a block behind those already here."""
        self.rows += len(fixes)
        if self._folder is not None:
            _spill(fixes, Path(self._folder.name))
            return
        self._blocks.append(fixes)
        if self.rows > self._max_rows:
            self._folder = TemporaryDirectory(prefix="nuanyi-tracks-")
            for block in self._blocks:
                _spill(block, Path(self._folder.name))
            self._blocks = []

    def groups(self) -> Iterator[Fixes]:
        """Yield all fixes as groups of whole workers; a worker's fixes are in input order.

        Yields
        ------
        Fixes
            About a million, or all of one worker if that is more.

        Raises
        ------
        ValueError
            The spool was closed.
        """
        if self._closed:
            msg = "these tracks are closed; read them inside their with block"
            raise ValueError(msg)
        if self._folder is None:
            yield from _by_worker(self._blocks)
            return
        blocks: list[Fixes] = []
        for path in sorted(Path(self._folder.name).iterdir()):
            block = Fixes.from_records(np.fromfile(path, dtype=RECORD))
            if blocks and sum(map(len, blocks)) + len(block) > _MERGED_ROWS:
                yield from _by_worker(blocks)
                blocks = []
            blocks.append(block)
        if blocks:
            yield from _by_worker(blocks)

    def close(self) -> None:
        """Forget all fixes and remove the temporary folder."""
        self._closed = True
        self._blocks = []
        if self._folder is not None:
            self._folder.cleanup()


def _spill(fixes: Fixes, folder: Path) -> None:
    """Append fixes to the bucket files of their workers, keeping their order."""
    bucket = fixes.worker % _BUCKETS
    order = np.argsort(bucket, kind="stable")
    records = fixes.to_records()[order]
    ends = np.cumsum(np.bincount(bucket, minlength=_BUCKETS))
    for number, part in enumerate(np.split(records, ends[:-1])):
        if len(part):
            with (folder / f"{number:03d}").open("ab") as file:
                part.tofile(file)


def _by_worker(blocks: Sequence[Fixes]) -> Iterator[Fixes]:
    """Cut blocks into groups of whole workers of about ``_GROUP_ROWS`` fixes.

    Yields
    ------
    Fixes
        One group.
    """
    size = 1 + max((int(block.worker.max(initial=-1)) for block in blocks), default=-1)
    counts = np.zeros(size, dtype=np.int64)
    for block in blocks:
        counts += np.bincount(block.worker, minlength=size)
    group_of = (np.cumsum(counts) - 1) // _GROUP_ROWS
    groups = np.unique(group_of[counts > 0])
    if len(groups) == 1:
        yield join_fixes(blocks)
        return
    for group in groups:
        yield join_fixes([block.take(group_of[block.worker] == group) for block in blocks])
