"""Stations in the store: read, save with their history, and the history itself.

Every function works in a connection or writing transaction that its caller opened.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from sqlalchemy import bindparam, delete, insert, select, update

from geo.errors import InvalidOptionError, StoreConflictError, UnknownStationError
from geo.search import spell_cells
from geo.stations.schema import FIELD_NAMES
from geo.store.records import (
    EMPTY,
    Record,
    SaveReport,
    Stamp,
    Value,
    require_complete,
    require_station_columns,
    to_frame,
    to_records,
)
from geo.store.tables import HISTORY, REMOVED, STATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import geopandas as gpd
    from sqlalchemy import Connection, Row, Select

    from geo.store.engine import Writing

Blank = bool | Mapping[str, Collection[str]]  # empty cells count: all, none, or these of a code

_CHUNK: Final = 5_000  # rows per statement: SQLite takes 32,766 parameters, memory stays small


@dataclass(frozen=True, slots=True)
class Edit:
    """One station to write: its whole row, and the fields that change."""

    row: Record  # as it becomes; of one to remove, as it was
    before: Record
    after: Record
    action: str  # create | update | remove


def read_stations(
    connection: Connection,
    codes: Iterable[str] | None,
    changed_since: int | None,
    columns: Iterable[str] | None,
) -> gpd.GeoDataFrame:
    """Return stations as a frame; see ``Store.read_stations``."""
    names = _read_names(columns)
    query = select(*(STATIONS.c[name] for name in names))
    if changed_since is not None:
        query = query.where(STATIONS.c.changed_seq > changed_since)
    if codes is None:
        return to_frame(connection.execute(query).partitions(_CHUNK), names)
    return to_frame(_parts_of(connection, query, sorted(set(codes))), names)


def read_pinyin(connection: Connection) -> dict[str, str]:
    """Return the stored pinyin of each station by code; see ``Store.read_pinyin``."""
    query = select(STATIONS.c.code, STATIONS.c.pinyin)
    return {row.code: row.pinyin for row in connection.execute(query)}


def save_stations(
    work: Writing, frame: pd.DataFrame, stamp: Stamp, *, blank: Blank, unchanged_since: int | None
) -> SaveReport:
    """Write the rows that differ from the stored ones; see ``Store.save_stations``."""
    require_station_columns(frame)
    codes: list[str] = []
    actions: Counter[str] = Counter()
    for records in to_records(frame, _CHUNK):
        wanted = [str(record["code"]) for record in records]
        stored = stored_rows(work.connection, wanted, unchanged_since)
        edits = [_edit(record, stored.get(record["code"]), blank) for record in records]
        changing = [edit for edit in edits if edit.after]
        require_complete([edit.row for edit in changing])
        write_edits(work, changing, stamp)
        actions.update(edit.action for edit in changing)
        codes.extend(str(edit.row["code"]) for edit in changing)
    unchanged = len(frame) - len(codes)
    return SaveReport(actions["create"], actions["update"], unchanged, tuple(codes))


def read_history(connection: Connection, code: str) -> pd.DataFrame:
    """Return the changes of one station, oldest first; see ``Store.history``.

    Raises
    ------
    UnknownStationError
        No station ever had this code.
    """
    query = select(HISTORY).where(HISTORY.c.code == code).order_by(HISTORY.c.seq)
    rows = connection.execute(query).all()
    if not rows:
        msg = f"no station has the code {code}"
        raise UnknownStationError(msg)
    return pd.DataFrame([tuple(row) for row in rows], columns=list(HISTORY.c.keys()))


def require_station(connection: Connection, code: str) -> None:
    """Check that a station exists.

    Raises
    ------
    UnknownStationError
        No station has this code.
    """
    query = select(STATIONS.c.code).where(STATIONS.c.code == code)
    if connection.execute(query).first() is None:
        msg = f"no station has the code {code}"
        raise UnknownStationError(msg)


def _read_names(columns: Iterable[str] | None) -> tuple[str, ...]:
    """Return the fields to read, in the order of the schema.

    Raises
    ------
    InvalidOptionError
        One of them is no field.
    """
    if columns is None:
        return FIELD_NAMES
    wanted = {*columns, "code", "lon", "lat"}
    if unknown := wanted.difference(FIELD_NAMES):
        msg = f"stations have no fields {', '.join(sorted(unknown))}"
        raise InvalidOptionError(msg)
    return tuple(name for name in FIELD_NAMES if name in wanted)


def _parts_of(
    connection: Connection, query: Select[Any], codes: Sequence[str]
) -> Iterator[Sequence[Row[Any]]]:
    for start in range(0, len(codes), _CHUNK):
        part = codes[start : start + _CHUNK]
        yield connection.execute(query.where(STATIONS.c.code.in_(part))).all()


def stored_rows(
    connection: Connection, codes: Sequence[str], unchanged_since: int | None
) -> dict[Any, Record]:
    """Return the stored rows of codes by code; a code that no station has is left out.

    Raises
    ------
    StoreConflictError
        One of them changed, or was removed, after ``unchanged_since``.
    """
    if unchanged_since is not None and (gone := _removed(connection, codes, unchanged_since)):
        msg = f"station {gone[0]} was removed meanwhile; nothing was saved"
        raise StoreConflictError(msg)
    query = select(STATIONS.c.changed_seq, *(STATIONS.c[name] for name in FIELD_NAMES))
    stored: dict[Any, Record] = {}
    for found in itertools.chain.from_iterable(_parts_of(connection, query, codes)):
        row: Record = dict(zip(FIELD_NAMES, found[1:], strict=True))
        if unchanged_since is not None and found.changed_seq > unchanged_since:
            msg = f"station {row['code']} was changed meanwhile; load it again, then repeat"
            raise StoreConflictError(msg)
        stored[row["code"]] = row
    return stored


def _removed(connection: Connection, codes: Sequence[str], since: int) -> list[str]:
    """Return those of the codes whose stations were removed after a change number."""
    query = select(REMOVED.c.code).where(REMOVED.c.changed_seq > since)
    return sorted(set(connection.execute(query).scalars()).intersection(codes))


def _edit(record: Record, stored: Record | None, blank: Blank) -> Edit:
    """Compare one record with its stored row: empty cells change nothing unless ``blank``."""
    if isinstance(blank, bool):
        emptied: Collection[str] = FIELD_NAMES if blank else ()
    else:
        emptied = blank.get(str(record["code"]), ())
    old = EMPTY if stored is None else stored
    after = {
        name: value
        for name, value in record.items()
        if value != old[name] and (name in emptied or value != EMPTY[name])
    }
    before = {} if stored is None else {name: old[name] for name in after}
    return Edit({**old, **after}, before, after, "create" if stored is None else "update")


def write_edits(work: Writing, edits: Sequence[Edit], stamp: Stamp) -> None:
    """Write rows and history; a station to remove leaves its code to those who keep copies."""
    for start in range(0, len(edits), _CHUNK):
        part = edits[start : start + _CHUNK]
        work.changed = True
        _insert(work, [edit.row for edit in part if edit.action == "create"], stamp)
        _update(work, [edit.row for edit in part if edit.action == "update"], stamp)
        _remove(work, [edit.row["code"] for edit in part if edit.action == "remove"])
        work.connection.execute(insert(HISTORY), [_history_row(edit, stamp) for edit in part])


def _insert(work: Writing, rows: Sequence[Record], stamp: Stamp) -> None:
    if not rows:
        return
    marks = {"changed_seq": work.seq, "updated_at": stamp.at, "created_at": stamp.at}
    work.connection.execute(insert(STATIONS), [{**_written(row), **marks} for row in rows])
    codes = [row["code"] for row in rows]
    work.connection.execute(delete(REMOVED).where(REMOVED.c.code.in_(codes)))


def _update(work: Writing, rows: Sequence[Record], stamp: Stamp) -> None:
    if not rows:
        return
    marks = {"changed_seq": work.seq, "updated_at": stamp.at}
    names = (*FIELD_NAMES[1:], "pinyin", *marks)
    by_code = update(STATIONS).where(STATIONS.c.code == bindparam("stored_code"))
    work.connection.execute(
        by_code.values({STATIONS.c[name]: bindparam(name) for name in names}),
        [{**_written(row), **marks, "stored_code": row["code"]} for row in rows],
    )


def _remove(work: Writing, codes: Sequence[Value]) -> None:
    if not codes:
        return
    work.connection.execute(delete(STATIONS).where(STATIONS.c.code.in_(codes)))
    tombs = [{"code": code, "changed_seq": work.seq} for code in codes]
    work.connection.execute(insert(REMOVED), tombs)


def _written(row: Record) -> Record:
    """Return a row with what is made of its fields."""
    return {**row, "pinyin": spell_cells(row["name"], row["aliases"], row["address"])}


def _history_row(edit: Edit, stamp: Stamp) -> dict[str, Any]:
    return {
        "at": stamp.at,
        "actor": stamp.actor,
        "origin": stamp.origin,
        "code": edit.row["code"],
        "action": edit.action,
        "before": edit.before,
        "after": edit.after,
        "batch": stamp.batch,
        "note": stamp.note,
    }
