"""Points gathered one by one, by readers that do not read columns, into blocks of rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from geo.tracks.rows import Example, Fault, Rows
from geo.tracks.wording import join_dates

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK_POINTS: Final = 100_000
_EXAMPLES: Final = 3


@dataclass(slots=True)
class Points:
    """Takes points as text and gives them out as `Rows` when there are enough."""

    source: str
    done: int = 0
    refused: int = 0
    refused_as: Fault = Fault.GEOMETRY
    refusals: list[Example] = field(default_factory=list)
    cells: tuple[list[str], ...] = field(default_factory=lambda: tuple([] for _ in range(6)))

    def add(
        self, lon: str, lat: str, time: str, worker: str, route: str = "", *, date: str = ""
    ) -> None:
        """Put one point behind the others; the date is for a time that has none."""
        for column, cell in zip(self.cells, (lon, lat, time, worker, route, date), strict=True):
            column.append(cell)

    def refuse(self, place: str, why: str) -> None:
        """Count something that is no track."""
        self.refused += 1
        if len(self.refusals) < _EXAMPLES:
            self.refusals.append(Example(self.source, place, why))

    def blocks(self, *, last: bool = False) -> Iterator[Rows]:
        """Yield the points as one block if there are enough, or at the end all that are left.

        Yields
        ------
        Rows
            At most one block; it may be empty at the end.
        """
        size = len(self.cells[0])
        if size < _BLOCK_POINTS and not last:
            return
        first = self.done + 1
        lon, lat, time, worker, route, date = (
            pa.array(column, pa.string()) for column in self.cells
        )
        if any(self.cells[-1]):
            time = join_dates(date, time)
        yield Rows(
            self.source,
            lambda index: f"point {first + index}",
            lon,
            lat,
            time,
            pc.dictionary_encode(worker),
            pc.dictionary_encode(route),
            {},
            self.refused,
            tuple(self.refusals),
            self.refused_as,
        )
        self.done += size
        self.refused = 0
        self.refusals.clear()
        for column in self.cells:
            column.clear()
