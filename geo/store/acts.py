"""All that was ever done to stations, as a list of acts and as rows for an audit.

An act is one change of one station, or one act upon many. The list is read a page at a time, the
last first, by the numbers of the history: what is written meanwhile moves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from geo.errors import InvalidOptionError
from geo.store.batches import KINDS, to_batch
from geo.store.engine import reading
from geo.store.records import to_moment
from geo.store.reversal import Past
from geo.store.tables import BATCHES, HISTORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Select

    from geo.store.batches import Batch
    from geo.store.records import Record

ONE: Final = "one"  # kind of an act upon one station
ACT_KINDS: Final = (ONE, *KINDS)
_CHUNK: Final = 5_000  # rows read at a time
_PAST: Final = tuple(HISTORY.c[name] for name in Past._fields)
_ENTRY: Final = (HISTORY, BATCHES.c.kind.label("kind"), BATCHES.c.note.label("batch_note"))


@dataclass(frozen=True, slots=True)
class ActWish:
    """Which acts are asked for; what is empty asks for nothing."""

    actor: str = ""  # account name
    kind: str = ""  # one of ACT_KINDS
    since: datetime | None = None  # aware; this moment and later
    before: datetime | None = None  # aware; earlier than this

    def __post_init__(self) -> None:
        if self.kind and self.kind not in ACT_KINDS:
            msg = f"unknown kind {self.kind!r} of an act; use one of {', '.join(ACT_KINDS)}"
            raise InvalidOptionError(msg)

    def of(self, table: Any) -> list[Any]:  # noqa: ANN401 - HISTORY or BATCHES
        """Return the conditions on the columns actor and at of a table."""
        conditions = [table.c.actor == self.actor] if self.actor else []
        if self.since is not None:
            conditions.append(table.c.at >= to_moment(self.since))
        if self.before is not None:
            conditions.append(table.c.at < to_moment(self.before))
        return conditions


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the row of history of a change of one station, or the act upon many."""

    seq: int  # the last of its rows in the history
    what: Past | Batch
    origin: str  # through what, of one station; "" of many
    note: str  # why, in the words of its actor


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the audit: a change of one station, and the act it belongs to."""

    seq: int
    at: str  # ISO 8601, UTC
    actor: str
    origin: str
    code: str
    action: str  # create | update | remove
    before: Record
    after: Record
    batch: str  # id of the act upon many; "" for one alone
    kind: str  # of the act: one of ACT_KINDS
    note: str


class ActBook:
    """The part of a ``Store`` that tells everything that was done to stations."""

    engine: Engine

    def list_acts(
        self, wish: ActWish | None = None, *, below: int | None = None, limit: int = 50
    ) -> list[Act]:
        """Return acts, the last first.

        Parameters
        ----------
        wish : ActWish, optional
            Only these; all without.
        below : int, optional
            Only acts whose ``seq`` is smaller: that of the last one of the page before.
        limit : int
            The most to return.
        """
        wish = wish or ActWish()
        found: list[Act] = []
        with reading(self.engine) as connection:
            if wish.kind in {"", ONE}:
                found += _changes(connection, wish, below, limit)
            if wish.kind != ONE:
                found += _batches(connection, wish, below, limit)
        return sorted(found, key=lambda act: act.seq, reverse=True)[:limit]

    def list_actors(self) -> list[str]:
        """Return everybody who ever changed a station, in the order of their names."""
        with reading(self.engine) as connection:
            return sorted(connection.execute(select(HISTORY.c.actor).distinct()).scalars())

    def batch_changes(self, batch: str, *, after: str = "", limit: int | None = None) -> list[Past]:
        """Return the changes that belong to an act upon many stations, by code.

        Parameters
        ----------
        batch : str
            Its id; of an unknown one there are none.
        after : str
            Only codes greater than this one.
        limit : int, optional
            The most to return; all if None.
        """
        query = select(*_PAST).where(HISTORY.c.batch == batch, HISTORY.c.code > after)
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(HISTORY.c.code, HISTORY.c.seq).limit(limit))
            return [Past(*row) for row in rows]

    def read_audit(self, wish: ActWish | None = None, *, code: str = "") -> Iterator[Entry]:
        """Tell every change of the history, oldest first; any number costs the same memory.

        Parameters
        ----------
        wish : ActWish, optional
            Only of these acts.
        code : str
            Only of this station; "" of all.

        Yields
        ------
        Entry
            One row of the history.
        """
        wish = wish or ActWish()
        query = select(*_ENTRY).outerjoin(BATCHES, BATCHES.c.id == HISTORY.c.batch)
        query = query.where(*wish.of(HISTORY)).order_by(HISTORY.c.seq).limit(_CHUNK)
        if code:
            query = query.where(HISTORY.c.code == code)
        if wish.kind:
            is_of_kind = HISTORY.c.batch == "" if wish.kind == ONE else BATCHES.c.kind == wish.kind
            query = query.where(is_of_kind)
        seq = 0
        while rows := self._read_part(query.where(HISTORY.c.seq > seq)):
            for row in rows:
                seq = row.seq
                yield _entry(row._asdict())

    def _read_part(self, query: Select[Any]) -> Sequence[Any]:
        with reading(self.engine) as connection:
            return connection.execute(query).all()


def _changes(connection: Connection, wish: ActWish, below: int | None, limit: int) -> list[Act]:
    query = select(*_PAST, HISTORY.c.origin, HISTORY.c.note)
    query = query.where(HISTORY.c.batch == "", *wish.of(HISTORY)).limit(limit)
    if below is not None:
        query = query.where(HISTORY.c.seq < below)
    rows = connection.execute(query.order_by(HISTORY.c.seq.desc()))
    return [Act(row.seq, Past(*row[: len(_PAST)]), row.origin, row.note) for row in rows]


def _batches(connection: Connection, wish: ActWish, below: int | None, limit: int) -> list[Act]:
    query = select(BATCHES).where(*wish.of(BATCHES)).limit(limit)
    if wish.kind:
        query = query.where(BATCHES.c.kind == wish.kind)
    if below is not None:
        query = query.where(BATCHES.c.last_seq < below)
    rows = connection.execute(query.order_by(BATCHES.c.last_seq.desc()))
    return [Act(row.last_seq, to_batch(row), "", row.note) for row in rows]


def _entry(cells: dict[str, Any]) -> Entry:
    batch_note = cells.pop("batch_note") or ""
    kind = cells.pop("kind") or ONE
    return Entry(**{**cells, "note": cells["note"] or batch_note, "kind": kind})
