"""Bringing a file of stations into the store: read, match, save; all rows or none.

The command line and the staff pages share this; both show its report.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.coords import DATUMS
from geo.errors import CrsMismatchError, InvalidOptionError, SourceFormatError
from geo.stations import FIELD_BY_NAME, Problem, load_stations, match_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from geopandas import GeoDataFrame

    from geo.stations import Validated
    from geo.store.store import Store

logger = logging.getLogger(__name__)

AUTO: Final = "auto"
_SAME_DEG: Final = 1e-7  # about 1 cm
_SHOWN_DATUMS: Final = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do: counts of rows, and every problem."""

    source: str
    datum: str
    datum_note: str  # a sentence: how the positions were read, and why
    rows: int
    new: int
    changed: int
    unchanged: int
    refused: int  # rows with an error
    defaulted: dict[str, int]  # rows per field that took its default
    problems: tuple[Problem, ...]  # errors and warnings, in the order of rows
    dry_run: bool

    @property
    def written(self) -> bool:
        """Whether the rows are in the store now."""
        return not self.refused and not self.dry_run

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON takes it."""
        names = [name for name in self.__slots__ if name != "problems"]
        content = {name: getattr(self, name) for name in names}
        problems = [{name: getattr(p, name) for name in Problem.__slots__} for p in self.problems]
        return {**content, "written": self.written, "problems": problems}


def import_stations(
    store: Store,
    path: Path,
    *,
    datum: str,
    columns: Mapping[str, str],
    actor: str,
    now: datetime,
    dry_run: bool = False,
) -> ImportReport:
    """Bring the stations of a file into the store, in one transaction.

    Parameters
    ----------
    store : Store
        Not a demo.
    path : Path
        A file of stations in any format ``geo.stations`` reads.
    datum : {"auto", "wgs84", "gcj02", "bd09"}
        Of the positions; ``auto`` looks at the names of file and columns, else takes WGS-84.
    columns : mapping of str to str
        FIELD to COLUMN.
    actor : str
        Who, for the history.
    now : datetime, aware
        The moment to record.
    dry_run : bool
        Report only.

    Returns
    -------
    ImportReport
        With ``refused`` > 0 nothing was written. Rows that were matched keep the stored code.

    Raises
    ------
    InvalidOptionError
        The store holds the demo.
    """
    if store.is_demo:
        msg = "this database holds the demo; import into one of your own with --db FILE"
        raise InvalidOptionError(msg)
    began = time.perf_counter()
    read, known = _load(path, datum, columns)
    stations, defaulted = _fit_to_stored(read, store.read_stations())
    refused = {problem.row for problem in read.problems if problem.severity == "error"}
    saved = store.save_stations(
        stations,
        actor=actor,
        origin=f"import:{path.name}",
        now=now,
        dry_run=dry_run or bool(refused),
    )
    logger.info("import of %d stations, %.2f s", len(stations), time.perf_counter() - began)
    return ImportReport(
        source=path.name,
        datum=known,
        datum_note=_datum_note(datum, known),
        rows=len(stations) + len(refused),
        new=saved.created,
        changed=saved.updated,
        unchanged=saved.unchanged,
        refused=len(refused),
        defaulted=defaulted,
        problems=read.problems,
        dry_run=dry_run,
    )


def _load(path: Path, datum: str, columns: Mapping[str, str]) -> tuple[Validated, str]:
    """Read the file in the datum said; with ``auto``, in the first whose columns it has.

    Raises
    ------
    SourceFormatError
        The file cannot be read in any; the message is that of the first.
    CrsMismatchError
        As before, and its layer says a datum.
    """
    if datum != AUTO:
        return load_stations(path, datum=datum, columns=columns), datum
    named = [name for name in DATUMS if path.stem.lower().endswith(f"_{name}")]
    first, *others = named or DATUMS
    try:
        return load_stations(path, datum=first, columns=columns), first
    except (SourceFormatError, CrsMismatchError):  # no column for lon, or a layer called _gcj02
        for other in others:
            with suppress(SourceFormatError, CrsMismatchError):
                return load_stations(path, datum=other, columns=columns), other
        raise


def _datum_note(asked: str, known: str) -> str:
    """Say how the positions were read."""
    shown = _SHOWN_DATUMS[known]
    if asked != AUTO:
        return f"Positions read as {shown}, as --datum says."
    if known != DATUMS[0]:
        return f"Positions read as {shown}, as the names of file or columns say."
    return (
        f"Positions read as {shown}, as no --datum was given; positions from Amap or Tencent "
        "need --datum gcj02, from Baidu --datum bd09."
    )


def _fit_to_stored(read: Validated, existing: GeoDataFrame) -> tuple[GeoDataFrame, dict[str, int]]:
    """Give rows that are stored stations their code, and take back what the file does not say.

    A file without kinds must not turn a stored union hub into a rest station, and a position that
    went through another datum and back, 1e-9 degrees off, is no change.

    Returns
    -------
    tuple of GeoDataFrame, dict
        The rows to save, and per field how many cells of them were filled in.
    """
    stations = read.stations.copy()
    codes = match_rows(stations, existing)["code"]
    known = codes != ""
    stations["code"] = codes.where(known, stations["code"])
    _keep_positions(stations, existing)
    place = {row: index for index, row in zip(stations.index, read.rows, strict=True)}
    kept: Counter[str] = Counter()
    for row, name in read.filled:
        if not known[place[row]]:
            kept[name] += 1
        elif FIELD_BY_NAME[name].default:
            stations.loc[place[row], name] = ""
    return stations, dict(kept)


def _keep_positions(stations: GeoDataFrame, existing: GeoDataFrame) -> None:
    """Set positions within `_SAME_DEG` of the stored ones to these, in place."""
    axes = ["lon", "lat"]
    stored = existing.set_index("code")[axes].reindex(stations["code"]).to_numpy()
    read = stations[axes].to_numpy()
    same = (np.abs(read - stored) <= _SAME_DEG).all(axis=1)  # NaN, not stored: not the same
    stations[axes] = np.where(same[:, np.newaxis], stored, read)
