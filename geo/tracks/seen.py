"""What is seen of files of tracks before they are read: columns, rows and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo.tracks.clean import HOLE_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class FileError(NamedTuple):
    """Why a file cannot be read: a word, the file, and the error's own text."""

    code: str
    file: str
    text: str


class Taken(NamedTuple):
    """The column of a field, and why it is that one: chosen | datum | route | serials | usual."""

    column: str
    why: str


class ShownRow(NamedTuple):
    """A row as it stands, and as it is understood; None where it is not."""

    place: str  # "row 2"
    cells: tuple[str, ...]
    at_ms: int | None
    lon: float | None  # degrees as they stand
    lat: float | None
    fault: str  # a `Fault` in lower case; "" for a good row


class BadRow(NamedTuple):
    """A row that cannot be used."""

    place: str
    fault: str
    cells: dict[str, str]  # field -> text; none where the row cannot be cut into cells


@dataclass(frozen=True, slots=True)
class FileLook:
    """What was seen of one file, or member of an archive."""

    name: str
    kind: str = ""  # csv | gpx | geojson
    encoding: str = ""  # of CSV: utf-8 | gb18030 | utf-16
    columns: tuple[str, ...] = ()  # from which fields can be chosen
    taken: dict[str, Taken] = field(default_factory=dict)  # by field
    missing: tuple[str, ...] = ()  # fields that must be there and are not
    heads: tuple[str, ...] = ()  # of the shown rows' cells
    rows: tuple[ShownRow, ...] = ()
    read: int = 0  # rows
    used: int = 0
    faults: dict[str, int] = field(default_factory=dict)  # rows by fault
    bad: tuple[BadRow, ...] = ()
    is_whole: bool = True
    is_planned: bool = False
    datum_named: str = ""
    error: FileError | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The good rows of a source."""

    lon: Floats  # degrees as they stand, shape (m,)
    lat: Floats
    t_ms: NDArray[np.int64]
    worker: NDArray[np.object_]  # whose each is, by name
    naive: bool

    @classmethod
    def joined(cls, parts: Iterable[Found]) -> Found:
        """Return the rows of none or more parts, in their order."""
        every = [cls.none(), *parts]
        lon, lat, t_ms = (
            np.concatenate([getattr(one, name) for one in every]) for name in ("lon", "lat", "t_ms")
        )
        worker = np.concatenate([one.worker for one in every])
        return cls(lon, lat, t_ms, worker, naive=any(one.naive for one in every))

    @classmethod
    def none(cls) -> Found:
        """Return no rows."""
        none = np.empty(0)
        return cls(none, none, none.astype(np.int64), none.astype(object), naive=False)

    @property
    def workers(self) -> int:
        """How many different ones there are."""
        return len(pd.unique(self.worker))

    @property
    def has_steps(self) -> bool:
        """Whether somebody has two fixes of different times, no more than a hole apart."""
        who = pd.factorize(self.worker)[0]
        order = np.lexsort((self.t_ms, who))
        wait = np.diff(self.t_ms[order])
        return bool(((np.diff(who[order]) == 0) & (wait > 0) & (wait <= HOLE_MS)).any())


@dataclass(frozen=True, slots=True)
class Asked:
    """How sources are looked at; as `preview_tracks` has it."""

    columns: Mapping[str, str]
    zone: str
    datum: str
    rows: int
