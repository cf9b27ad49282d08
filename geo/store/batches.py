"""Acts upon many stations in the store: each saved in one transaction, found and undone as a whole.

An act is an import of a file, a bulk edit of a list, or the undoing of another act. Its id stands
beside each change it made in the history.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select

from geo.errors import InvalidOptionError, UnknownBatchError
from geo.store import stations as station_rows
from geo.store.engine import reading, writing
from geo.store.records import SaveReport, Stamp, to_moment
from geo.store.tables import BATCHES, HISTORY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd
    from sqlalchemy import Connection, Engine, Row

    from geo.store.engine import Writing

IMPORT, BULK, UNDO = "import", "bulk", "undo"
KINDS: Final = (IMPORT, BULK, UNDO)


@dataclass(frozen=True, slots=True)
class Batch:
    """An act upon many stations."""

    id: str
    kind: str  # one of KINDS
    actor: str  # account name
    at: datetime  # aware, in UTC
    source: str  # a file's name, what a list was filtered by, what was undone
    note: str  # of its owner
    details: dict[str, Any]  # counts (created, updated, unchanged, removed) and options
    undone_by: str  # id of the act that undid it; "" while it stands
    last_seq: int  # of its rows in the history


class BatchBook:
    """The part of a ``Store`` that saves many stations in one act and keeps the list of acts."""

    engine: Engine

    def save_batch(
        self,
        stations: pd.DataFrame,
        *,
        kind: str,
        actor: str,
        origin: str,
        now: datetime,
        source: str,
        note: str = "",
        details: Mapping[str, Any] | None = None,
        blank: bool | Mapping[str, Collection[str]] = False,
        unchanged_since: int | None = None,
        dry_run: bool = False,
    ) -> tuple[str, SaveReport]:
        """Create or update stations as one act, in one transaction with the act's own row.

        Parameters
        ----------
        stations : DataFrame, n rows
            As in ``Store.save_stations``.
        kind : {"import", "bulk"}
            What was done; an undo is ``undo_batch``.
        actor, origin, now, blank, unchanged_since, dry_run
            As in ``Store.save_stations``.
        source : str
            A file's name, or what a list was filtered by.
        note : str
            Why, in the words of its owner.
        details : mapping of str, optional
            Options, as JSON takes them; ``created``, ``updated`` and ``unchanged`` are added.

        Returns
        -------
        str
            Id of the act; "" if nothing changed or was to be written: then there is no act.
        SaveReport
            A station whose cells all agree is ``unchanged`` and does not belong to the act.

        Raises
        ------
        InvalidOptionError
            Another kind, or ``now`` has no zone.
        InvalidStationError, StoreConflictError
            As in ``Store.save_stations``; nothing was saved.
        """
        if kind not in {IMPORT, BULK}:
            msg = f"unknown kind {kind!r} of an act; use {IMPORT} or {BULK}"
            raise InvalidOptionError(msg)
        stamp = Stamp(actor, origin, to_moment(now), str(uuid.uuid4()))
        with writing(self.engine) as work:
            work.discard = dry_run
            saved = station_rows.save_stations(
                work, stations, stamp, blank=blank, unchanged_since=unchanged_since
            )
            counts = {name: getattr(saved, name) for name in ("created", "updated", "unchanged")}
            if saved.codes:
                told = {**(details or {}), **counts}
                write_batch(work, stamp, kind=kind, source=source, note=note, details=told)
        return stamp.batch if saved.codes and not dry_run else "", saved

    def list_batches(self) -> list[Batch]:
        """Return all acts upon many stations, the last first."""
        query = select(BATCHES).order_by(BATCHES.c.last_seq.desc())
        with reading(self.engine) as connection:
            return [to_batch(row) for row in connection.execute(query)]

    def find_batch(self, id: str) -> Batch:  # noqa: A002 - the column's name
        """Return an act upon many stations.

        Raises
        ------
        UnknownBatchError
            There is none of this id.
        """
        with reading(self.engine) as connection:
            return read_batch(connection, id)


def read_batch(connection: Connection, id: str) -> Batch:  # noqa: A002 - the column's name
    """Return an act; see ``BatchBook.find_batch``.

    Raises
    ------
    UnknownBatchError
        There is none of this id.
    """
    row = connection.execute(select(BATCHES).where(BATCHES.c.id == id)).first()
    if row is None:
        msg = f"there is no act {id!r}; take one from the list of acts"
        raise UnknownBatchError(msg)
    return to_batch(row)


def write_batch(
    work: Writing, stamp: Stamp, *, kind: str, source: str, note: str, details: Mapping[str, Any]
) -> None:
    """Write the row of an act after its changes, which carry ``stamp``."""
    rows = select(func.max(HISTORY.c.seq)).where(HISTORY.c.batch == stamp.batch)
    row = {
        "id": stamp.batch,
        "kind": kind,
        "actor": stamp.actor,
        "at": stamp.at,
        "source": source,
        "note": note,
        "details": dict(details),
        "undone_by": "",
        "last_seq": work.connection.execute(rows).scalar_one(),
    }
    work.connection.execute(insert(BATCHES), [row])


def to_batch(row: Row[Any]) -> Batch:
    """Return the act of a row with all columns of its table."""
    cells = row._asdict()
    return Batch(**{**cells, "at": datetime.fromisoformat(cells["at"])})
