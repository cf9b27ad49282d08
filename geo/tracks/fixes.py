"""Fixes as columns: who was where, when; and who is which number."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int32]

RECORD: Final = np.dtype(
    [("worker", "<i4"), ("route", "<i4"), ("t_ms", "<i8"), ("lon", "<f8"), ("lat", "<f8")]
)


@dataclass(frozen=True, slots=True)
class Fixes:
    """n fixes in the order of the input; worker and route are codes of one `Roster`."""

    worker: Ints
    route: Ints
    t_ms: NDArray[np.int64]  # epoch
    lon: NDArray[np.float64]  # degrees, in the datum of the files until they are cleaned
    lat: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.t_ms)

    def take(self, where: NDArray[np.intp] | NDArray[np.bool_]) -> Fixes:
        """Return the fixes at these positions, or where the mask is True."""
        return Fixes(*(getattr(self, field.name)[where] for field in fields(self)))

    def to_records(self) -> NDArray[np.void]:
        """Return the same as one array of ``RECORD``, 32 bytes per fix."""
        records = np.empty(len(self), dtype=RECORD)
        for name in RECORD.names or ():
            records[name] = getattr(self, name)
        return records

    @classmethod
    def from_records(cls, records: NDArray[np.void]) -> Fixes:
        """Return the columns of an array of ``RECORD``."""
        return cls(*(np.ascontiguousarray(records[name]) for name in RECORD.names or ()))


def join_fixes(blocks: Sequence[Fixes]) -> Fixes:
    """Return all fixes of one or more blocks, in their order."""
    if len(blocks) == 1:
        return blocks[0]
    columns = ([getattr(block, field.name) for block in blocks] for field in fields(Fixes))
    return Fixes(*(np.concatenate(column) for column in columns))


class Roster:
    """Gives workers and routes codes as they come, and numbers once all are known.

    Codes follow the input; numbers follow the texts, so they do not depend on the input's order.
    The texts stay in here: nothing that leaves geo.tracks names a worker.
    """

    def __init__(self) -> None:
        self._workers: dict[str, int] = {}
        self._routes: dict[tuple[int, str], int] = {}

    @property
    def workers(self) -> int:
        """Number of workers so far."""
        return len(self._workers)

    @property
    def routes(self) -> int:
        """Number of routes so far; the same name under two workers is two routes."""
        return len(self._routes)

    def worker_codes(self, names: Sequence[str], name_at: Ints) -> Ints:
        """Return codes of workers, shape (n,); ``name_at`` says which of ``names`` each row has.

        Names that no row has are no workers.
        """
        codes = np.zeros(len(names), dtype=np.int32)
        for at in np.flatnonzero(np.bincount(name_at, minlength=len(names))).tolist():
            codes[at] = self._workers.setdefault(names[at], len(self._workers))
        return codes[name_at]

    def route_codes(self, worker: Ints, names: Sequence[str], name_at: Ints) -> Ints:
        """Return codes of routes, shape (n,), of rows with these worker codes and route names.

        ``name_at`` says for each row which of ``names`` is its route.
        """
        pairs = pc.dictionary_encode(pa.array(worker.astype(np.int64) * len(names) + name_at))
        keys = (divmod(pair, len(names)) for pair in pairs.dictionary.to_pylist())
        codes = [
            self._routes.setdefault((who, names[name]), len(self._routes)) for who, name in keys
        ]
        of_pair = np.array(codes, dtype=np.int32)
        return of_pair[np.asarray(pairs.indices, dtype=np.intp)]

    def worker_numbers(self) -> Ints:
        """Return code -> number: 1, 2, ... in the order of the workers' texts."""
        return _ranks([code for _, code in sorted(self._workers.items())])

    def route_numbers(self) -> Ints:
        """Return code -> number: 1, 2, ... in the order of worker text, then route text."""
        texts = list(self._workers)
        ordered = sorted((texts[who], name, code) for (who, name), code in self._routes.items())
        return _ranks([code for _, _, code in ordered])


def _ranks(ordered: Sequence[int]) -> Ints:
    ranks = np.empty(len(ordered), dtype=np.int32)
    ranks[np.array(ordered, dtype=np.intp)] = np.arange(1, len(ordered) + 1)
    return ranks
