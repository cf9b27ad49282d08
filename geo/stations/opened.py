"""A file of stations opened once, whatever its format: heads, and rows under any mapping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.errors import SourceFormatError
from geo.stations.files import TABLES, extension_of
from geo.stations.raw import RawTable, Rows, read_raw
from geo.stations.tables import FIRST_ROW
from geo.stations.vector import FIRST_FEATURE, read_vector

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class OpenedFile:
    """A table that was read, or a vector file that is read at need."""

    source: str  # its name
    table: RawTable | None = None
    path: Path | None = None  # of a vector file

    @property
    def first_row(self) -> int:
        """The number of the first row of data: 2 below a header, 1 of features."""
        return FIRST_FEATURE if self.table is None else FIRST_ROW

    @property
    def is_table(self) -> bool:
        """Whether positions are in columns, not in geometries."""
        return self.table is not None

    def rows(self, *, columns: Mapping[str, str], datum: str) -> Rows:
        """Return the rows under field names, as ``RawTable.rows`` does.

        Raises
        ------
        SourceFormatError
            A column that is needed is not there, or the file cannot be read.
        MissingCrsError, CrsMismatchError
            Of a vector file, as `read_vector`.
        """
        if self.table is not None:
            return self.table.rows(columns=columns, datum=datum)
        if self.path is None:
            msg = f"{self.source} was not opened"
            raise SourceFormatError(msg)
        frame, problems = read_vector(self.path, columns=columns, datum=datum)
        return Rows(frame, problems, {})


def open_file(path: Path, sheet: str = "") -> OpenedFile:
    """Open a file of stations; ``sheet`` as in `read_raw`.

    Raises
    ------
    SourceFormatError
        It is of no known format, or a table that cannot be read.
    """
    if extension_of(path) in TABLES:
        return OpenedFile(path.name, read_raw(path, sheet))
    return OpenedFile(path.name, path=path)
