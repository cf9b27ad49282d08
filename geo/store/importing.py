"""Bringing a file of stations into the store: read, match, save; all rows or none.

The command line and the staff pages share this; both show its report.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from geo.coords import AUTO, DATUMS, SHOWN, describe_datum
from geo.errors import AmbiguousDatumError, InvalidOptionError
from geo.stations import Problem
from geo.stations.opened import open_file
from geo.store.batches import IMPORT
from geo.store.import_plan import CHANGED, NEW, REFUSED, SAME, ImportPlan, plan_import, summary_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from pathlib import Path

    from geo.store.import_datum import Distance, ReadRows
    from geo.store.records import SaveReport
    from geo.store.store import Store

logger = logging.getLogger(__name__)

_TOLD: Final = {
    "said": "as the names of file or columns say",
    "measured": "as the positions themselves show",
}
_MOST_ROWS: Final = 10  # named of those whose hours stood in words


class Rows(NamedTuple):
    """How many rows, and the first of them."""

    total: int
    first: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do: counts of rows, and every problem."""

    source: str
    datum: str
    datum_note: str  # a sentence: how the positions were read, and why
    evidence: tuple[str, ...]  # sentences: what names and positions tell of the datum
    rows: int
    new: int
    changed: int
    unchanged: int
    refused: int  # rows with an error
    alike: int  # new rows that may be a stored station
    defaulted: dict[str, int]  # rows per field that took its default, or its area by position
    emptied: int  # stations whose stored hours were emptied, as new words may contradict them
    words: dict[str, Rows]  # hours in words, by what was read: ok, partial, unknown
    problems: tuple[Problem, ...]  # errors and warnings, in the order of rows
    dry_run: bool
    written: bool  # whether the rows without an error are in the store now
    batch: str  # id of the act, by which it can be undone; "" if nothing changed

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON takes it."""
        names = [name for name in self.__slots__ if name not in {"problems", "words"}]
        content = {name: getattr(self, name) for name in names}
        words = {
            status: {"count": rows.total, "rows": rows.first} for status, rows in self.words.items()
        }
        problems = [{name: getattr(p, name) for name in Problem.__slots__} for p in self.problems]
        return {**content, "words": words, "problems": problems}


def import_stations(
    store: Store,
    path: Path,
    *,
    datum: str,
    columns: Mapping[str, str],
    actor: str,
    now: datetime,
    sheet: str = "",
    distance_m: Distance | None = None,
    leave_refused: bool = False,
    dry_run: bool = False,
) -> tuple[ImportReport, ImportPlan]:
    """Bring the stations of a file into the store, in one transaction.

    Parameters
    ----------
    store : Store
        Not a demo.
    path : Path
        A file of stations in any format ``geo.stations`` reads.
    datum : {"auto", "wgs84", "gcj02", "bd09"}
        Of the positions; ``auto`` infers it, see ``geo.datum_guess``.
    columns : mapping of str to str
        FIELD to COLUMN.
    actor : str
        Who, for the history.
    now : datetime, aware
        The moment to record.
    sheet : str
        Of a workbook; "" = the one whose heads name most fields.
    distance_m : callable, optional
        As ``geo.datum_guess.guess_datum`` takes it.
    leave_refused : bool
        Bring the good rows in although others are refused.
    dry_run : bool
        Report only.

    Returns
    -------
    ImportReport
        With ``refused`` > 0 nothing was written unless ``leave_refused``. Rows that were matched
        keep the stored code.
    ImportPlan
        Row by row.

    Raises
    ------
    InvalidOptionError
        The store holds the demo.
    AmbiguousDatumError
        ``datum`` is auto, and it is not clear; the text holds the hints and what to say.
    SourceFormatError, MissingCrsError, CrsMismatchError
        The file as a whole cannot be read.
    """
    if store.is_demo:
        msg = "this database holds the demo; import into one of your own with --db FILE"
        raise InvalidOptionError(msg)
    began = time.perf_counter()
    file = open_file(path, sheet)
    plan = plan_import(store, file, datum=datum, columns=columns, distance_m=distance_m)
    if not isinstance(plan, ImportPlan):
        raise AmbiguousDatumError(_ask_datum(path.name, plan))
    refused = plan.counts[REFUSED]
    writes = not dry_run and (leave_refused or not refused)
    rows = [one.row for one in plan.rows if one.outcome in {NEW, CHANGED, SAME}]
    batch, _ = save_plan(store, plan, rows, actor=actor, now=now, dry_run=not writes)
    report = report_of(plan, asked=datum, dry_run=dry_run)
    logger.info("import of %d stations, %.2f s", len(rows), time.perf_counter() - began)
    return replace(report, written=writes, batch=batch), plan


def save_plan(
    store: Store,
    plan: ImportPlan,
    rows: Collection[int],
    *,
    actor: str,
    now: datetime,
    note: str = "",
    dry_run: bool = False,
) -> tuple[str, SaveReport]:
    """Write some rows of a plan as one act, as they were planned.

    Returns
    -------
    str
        Id of the act; "" if nothing changed.
    SaveReport
        How many stations were created, updated, unchanged.

    Raises
    ------
    StoreConflictError
        A station of these rows changed since the plan was made; nothing was written.
    """
    stations = plan.fitted.stations
    source = plan.checked.source
    return store.save_batch(
        stations[stations.index.isin(rows)],
        kind=IMPORT,
        actor=actor,
        origin=f"import:{source}",
        now=now,
        source=source,
        note=note,
        details=summary_of(plan),
        blank=dict.fromkeys(plan.fitted.emptied, ("hours",)),
        unchanged_since=plan.seq,
        dry_run=dry_run,
    )


def report_of(plan: ImportPlan, *, asked: str, dry_run: bool) -> ImportReport:
    """Return the report of a plan that was not written yet."""
    counts, read = plan.counts, plan.read
    known = read.datum or ""
    _, *evidence = read.guess.describe()
    note = describe_datum(known, asked=asked)
    if asked == AUTO and read.guess.basis in _TOLD:
        note = f"Positions read as {SHOWN[known]}, {_TOLD[read.guess.basis]}."
    if read.is_doubtful:
        note += " But what the file shows speaks against it; look at the evidence."
    return ImportReport(
        source=plan.checked.source,
        datum=known,
        datum_note=note,
        evidence=tuple(evidence),
        rows=len(plan.rows),
        new=counts[NEW],
        changed=counts[CHANGED],
        unchanged=counts[SAME],
        refused=counts[REFUSED],
        alike=sum(bool(one.alike) for one in plan.rows),
        defaulted=dict(plan.defaulted),
        emptied=len(plan.fitted.emptied),
        words=_count_words(plan),
        problems=plan.problems,
        dry_run=dry_run,
        written=False,
        batch="",
    )


def _ask_datum(source: str, read: ReadRows) -> str:
    """Return the question which datum it is, with the hints."""
    head, *hints = read.guess.describe()
    flags = ", ".join(f"--datum {name}" for name in DATUMS)
    lines = [f"{source}: {head}", *(f"  {hint}" for hint in hints)]
    lines.append(
        f"Say which it is with one of {flags}: GPS receivers and surveys give wgs84, Amap and "
        "Tencent gcj02, Baidu bd09. Nothing was written."
    )
    return "\n".join(lines)


def _count_words(plan: ImportPlan) -> dict[str, Rows]:
    """Count the rows whose hours stood in words by what was read of them."""
    rows: dict[str, list[int]] = {"ok": [], "partial": [], "unknown": []}
    for one in plan.checked.spoken:
        if one.field == "hours" and one.row not in plan.fitted.settled:
            rows[one.reading.status].append(one.row)
    return {status: Rows(len(found), tuple(found[:_MOST_ROWS])) for status, found in rows.items()}
