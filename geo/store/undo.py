"""Undoing in the store: a whole act upon many stations, or one change of one station.

An undo is an act itself: it stands in the history beside what it took back, and can be undone.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from geo.errors import StoreConflictError, UnknownChangeError
from geo.store.batches import UNDO, read_batch, write_batch
from geo.store.engine import reading, writing
from geo.store.records import Record, Stamp, to_moment
from geo.store.reversal import Ground, Kept, Past, plan_reversal
from geo.store.stations import stored_rows, write_edits
from geo.store.tables import BATCHES, HISTORY, REMOVED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Select

    from geo.store.batches import Batch
    from geo.store.engine import Writing
    from geo.store.reversal import Reversal
    from geo.store.stations import Edit

_PAST: Final = tuple(HISTORY.c[name] for name in Past._fields)
_CHUNK: Final = 5_000  # codes in one statement
_ORIGIN: Final = "undo"
_MOST_LEFT: Final = 200  # cells left as they are that the act's row names


@dataclass(frozen=True, slots=True)
class Restored:
    """One station that an undo changes."""

    code: str
    name: str
    action: str  # create (it comes back) | update | remove (it goes)
    before: Record  # as in the history
    after: Record
    row: Record  # the whole of it as it becomes; as it was, if it goes


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What an undo did, or would do."""

    batch: str  # id of the undo, itself an act; "" if nothing was written
    restored: tuple[str, ...]  # codes that have earlier cells, or are back
    removed: tuple[str, ...]  # codes of stations that the act had created
    kept: tuple[Kept, ...]  # left as they are, since others changed them
    changes: tuple[Restored, ...]  # by code


class UndoBook:
    """The part of a ``Store`` that takes changes of stations back."""

    engine: Engine

    def undo_batch(
        self,
        id: str,  # noqa: A002 - the column's name
        *,
        actor: str,
        now: datetime,
        note: str = "",
        overwrite: bool = False,
        unchanged_since: int | None = None,
        dry_run: bool = False,
    ) -> UndoReport:
        """Take an act upon many stations back, in one transaction.

        Cells go back to what they held before the act; stations it created go out, with all they
        held kept in the history; stations it removed come back. What somebody changed since stays
        and is named. An undo can be undone: then the act stands again.

        Parameters
        ----------
        id : str
            The act.
        actor : str
            Account name.
        now : datetime, aware
            The moment to record.
        note : str
            Why, in the words of the actor.
        overwrite : bool
            True: what was changed since goes back as well.
        unchanged_since : int, optional
            The change number at which the caller looked at these stations.
        dry_run : bool
            True: report only, write nothing.

        Returns
        -------
        UndoReport
            Its ``batch`` is "" if nothing could be taken back: then the act still stands.

        Raises
        ------
        UnknownBatchError
            There is no such act.
        StoreConflictError
            The act is undone already; or one of its stations changed after ``unchanged_since``.
        InvalidOptionError
            ``now`` has no zone.
        """
        stamp = Stamp(actor, _ORIGIN, to_moment(now), str(uuid.uuid4()))
        if dry_run:
            with reading(self.engine) as connection:
                _, found = _plan_batch(connection, id, unchanged_since, overwrite=overwrite)
            return _report(found, "")
        with writing(self.engine) as work:
            batch, found = _plan_batch(work.connection, id, unchanged_since, overwrite=overwrite)
            details = {"undoes": id, "undoes_kind": batch.kind}
            if _write(work, found, stamp, source=batch.source, note=note, details=details):
                _mark(work, batch, stamp.batch)
        return _report(found, stamp.batch)

    def undo_change(
        self,
        seq: int,
        *,
        actor: str,
        now: datetime,
        note: str = "",
        fields: Collection[str] | None = None,
        overwrite: bool = False,
        unchanged_since: int | None = None,
        dry_run: bool = False,
    ) -> UndoReport:
        """Take one change of one station back, as an act of its own.

        Parameters
        ----------
        seq : int
            Its number in the history.
        fields : collection of str, optional
            Only these, and what means one thing with them; of an update alone. All if None.
        actor, now, note, overwrite, unchanged_since, dry_run
            As in `undo_batch`.

        Returns
        -------
        UndoReport
            Of at most one station.

        Raises
        ------
        UnknownChangeError
            The history has no such number.
        StoreConflictError
            The station changed after ``unchanged_since``.
        InvalidOptionError
            ``now`` has no zone.
        """
        stamp = Stamp(actor, _ORIGIN, to_moment(now), str(uuid.uuid4()))
        choice: dict[str, Any] = {"overwrite": overwrite, "fields": fields}
        if dry_run:
            with reading(self.engine) as connection:
                row = _read_change(connection, seq)
                return _report(_plan(connection, [row], unchanged_since, **choice), "")
        with writing(self.engine) as work:
            row = _read_change(work.connection, seq)
            found = _plan(work.connection, [row], unchanged_since, **choice)
            details = {"change": seq, "is_whole": fields is None and not found.kept}
            _write(work, found, stamp, source=row.code, note=note, details=details)
        return _report(found, stamp.batch)

    def find_change(self, seq: int) -> Past:
        """Return one row of the history by its number.

        Raises
        ------
        UnknownChangeError
            The history has no such number.
        """
        with reading(self.engine) as connection:
            return _read_change(connection, seq)

    def removed_since(self, seq: int) -> list[str]:
        """Return the codes of stations that went out after a change number and are not back."""
        query = select(REMOVED.c.code).where(REMOVED.c.changed_seq > seq).order_by(REMOVED.c.code)
        with reading(self.engine) as connection:
            return list(connection.execute(query).scalars())


def _read_past(connection: Connection, query: Select[Any]) -> list[Past]:
    return [Past(*row) for row in connection.execute(query.order_by(HISTORY.c.seq))]


def _read_change(connection: Connection, seq: int) -> Past:
    """Return one row of the history.

    Raises
    ------
    UnknownChangeError
        There is none of this number.
    """
    rows = _read_past(connection, select(*_PAST).where(HISTORY.c.seq == seq))
    if not rows:
        msg = f"the history has no change {seq}; take one from the history of a station"
        raise UnknownChangeError(msg)
    return rows[0]


def _plan_batch(
    connection: Connection,
    id: str,  # noqa: A002 - the column's name
    unchanged_since: int | None,
    *,
    overwrite: bool,
) -> tuple[Batch, Reversal]:
    """Return an act that stands, and what undoing it comes to.

    Raises
    ------
    StoreConflictError
        It is undone already.
    """
    batch = read_batch(connection, id)
    if batch.undone_by:
        msg = f"the act {id} was undone already, by the act {batch.undone_by}"
        raise StoreConflictError(msg)
    rows = _read_past(connection, select(*_PAST).where(HISTORY.c.batch == id))
    return batch, _plan(connection, rows, unchanged_since, overwrite=overwrite)


def _plan(
    connection: Connection,
    rows: Sequence[Past],
    unchanged_since: int | None,
    *,
    overwrite: bool,
    fields: Collection[str] | None = None,
) -> Reversal:
    """Judge rows of history by the stored stations and what was done to them since."""
    codes = sorted({row.code for row in rows})
    taken = {row.seq for row in rows}
    current: dict[str, Record] = {}
    later: defaultdict[str, list[Past]] = defaultdict(list)
    stands = _standing(connection)
    for part in _chunks(codes):
        current |= stored_rows(connection, part, unchanged_since)
        query = select(*_PAST).where(HISTORY.c.code.in_(part), HISTORY.c.seq > min(taken))
        for row in _read_past(connection, query):
            if row.seq not in taken and stands(row):
                later[row.code].append(row)
    return plan_reversal(rows, Ground(current, later, overwrite, fields))


def _write(
    work: Writing, found: Reversal, stamp: Stamp, *, source: str, note: str, details: dict[str, Any]
) -> bool:
    """Write what is to be taken back, and the undo as an act; return whether there was any."""
    if not found.edits:
        return False
    write_edits(work, found.edits, stamp)
    actions = [edit.action for edit in found.edits]
    words = {"create": "created", "update": "updated", "remove": "removed"}
    counts = {word: actions.count(action) for action, word in words.items()}
    counts["kept"] = len({kept.code for kept in found.kept})
    left = [(kept.code, kept.field) for kept in found.kept[:_MOST_LEFT]]
    told = {**details, **counts, "left": left}
    write_batch(work, stamp, kind=UNDO, source=source, note=note, details=told)
    return True


def _mark(work: Writing, batch: Batch, undo: str) -> None:
    """Mark an act as undone; an act that it had undone itself stands again."""
    by_id = update(BATCHES).where(BATCHES.c.id == batch.id)
    work.connection.execute(by_id.values(undone_by=undo))
    if batch.kind == UNDO and "undoes" in batch.details:
        theirs = BATCHES.c.id == batch.details["undoes"], BATCHES.c.undone_by == batch.id
        work.connection.execute(update(BATCHES).where(*theirs).values(undone_by=""))


class _Standing:
    """Tells rows of history that stand from those that were undone, and those that undid them."""

    def __init__(self, undos: Sequence[Any]) -> None:
        """Take the acts that undid something or are undone: id, undone_by, details."""
        self._batches, self._changes = set[str](), set[int]()
        for row in undos:
            if row.undone_by:
                self._batches |= {row.id, row.undone_by}
            elif row.details.get("is_whole"):
                self._batches.add(row.id)
                self._changes.add(row.details["change"])

    def __call__(self, row: Past) -> bool:
        """Return whether a row stands."""
        return row.batch not in self._batches and row.seq not in self._changes


def _standing(connection: Connection) -> _Standing:
    query = select(BATCHES.c.id, BATCHES.c.undone_by, BATCHES.c.details)
    query = query.where((BATCHES.c.undone_by != "") | (BATCHES.c.kind == UNDO))
    return _Standing(connection.execute(query).all())


def _report(found: Reversal, batch: str) -> UndoReport:
    edits = found.edits
    return UndoReport(
        batch=batch if edits else "",
        restored=tuple(str(edit.row["code"]) for edit in edits if edit.action != "remove"),
        removed=tuple(str(edit.row["code"]) for edit in edits if edit.action == "remove"),
        kept=tuple(found.kept),
        changes=tuple(_restored(edit) for edit in edits),
    )


def _restored(edit: Edit) -> Restored:
    code, name = str(edit.row["code"]), str(edit.row["name"])
    return Restored(code, name, edit.action, edit.before, edit.after, edit.row)


def _chunks(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    return (codes[start : start + _CHUNK] for start in range(0, len(codes), _CHUNK))
